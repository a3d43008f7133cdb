//! `/deleted-users`: the recycle bin of the tenant.

use engine::records::TenantObjectSummary;
use leptos::prelude::*;

use super::{
    frame::{self, label},
    paged_list::{Looks, PagedList},
    tenant_objects::{link, name},
};
use crate::{
    api::{self, ApiError, resource::resource, tenant::Restore},
    components::{
        command_bar::Command,
        data_grid::{Cell, Column, ColumnRoom, Row, RowHeader},
        empty_state::EmptyState,
        icon::Glyph,
        moment::Moment,
        page::Page,
        toast::{Toast, Toasts},
    },
    list_address::ListAddress,
    live,
    routes::Route,
    skin::word,
};

#[component]
pub fn DeletedUsers() -> impl IntoView {
    let address = ListAddress::of(Route::DeletedUsers);
    let after = Memo::new(move |_| address.with(ListAddress::after));
    let rows = resource(move || after.get(), api::tenant::deleted_users);
    live::reload_on_change(rows);
    let restore = ServerAction::<Restore>::new();
    tell(restore, move || rows.refetch());
    let commands = vec![Command::run(
        "Refresh",
        Glyph::ArrowClockwise,
        live::refresh(),
    )];
    let looks = Looks {
        label: label::DELETED_USERS.to_owned(),
        noun: ["deleted user", "deleted users"],
        columns: vec![
            Column::new("Name"),
            Column::new("User principal name").hidden_when_narrow(),
            Column::new("Deleted"),
            Column::new("Removed for good"),
            Column::actions(),
        ],
    };
    let empty = || {
        view! {
            <EmptyState
                glyph=Glyph::BinRecycle
                title="The recycle bin is empty"
                text="Deleted users stay here for 30 days."
            />
        }
    };
    view! {
        <Page
            title=label::DELETED_USERS
            subtitle=word("Azure Active Directory")
            glyph=Glyph::BinRecycle
            above=frame::azure_active_directory()
            menu=frame::tenant_menu(label::DELETED_USERS)
            commands
        >
            <PagedList looks rows address row=move |user: TenantObjectSummary| row(&user, restore) empty/>
        </Page>
    }
}

/// Says how a restoration ended.
fn tell(restore: ServerAction<Restore>, restored: impl Fn() + 'static) {
    let toasts = Toasts::here();
    Effect::new(move || match restore.value().get() {
        Some(Ok(())) => {
            toasts.show(Toast::success(
                "User restored",
                "It is among the users again.",
            ));
            restored();
        }
        Some(Err(error)) => toasts.show(not_restored(&error)),
        None => (),
    });
}

fn not_restored(error: &ApiError) -> Toast {
    Toast::error("Not restored", error.to_string())
}

fn row(user: &TenantObjectSummary, restore: ServerAction<Restore>) -> AnyView {
    let moment = |at| view! { <Moment at/> };
    let (link, id, address) = (
        link(user),
        user.id.to_string(),
        user.user_principal_name.clone(),
    );
    let (deleted, purged) = (user.deleted_at.map(moment), user.purge_at.map(moment));
    let label = format!("Restore {}", name(user));
    view! {
        <Row>
            <RowHeader>{link}</RowHeader>
            <Cell room=ColumnRoom::HiddenWhenNarrow>{address}</Cell>
            <Cell label="deleted">{deleted}</Cell>
            <Cell label="kept until">{purged}</Cell>
            <Cell actions=true>
                <ActionForm action=restore>
                    <input type="hidden" name="id" value=id/>
                    <button type="submit" class="button small-button" aria-label=label>
                        "Restore"
                    </button>
                </ActionForm>
            </Cell>
        </Row>
    }
    .into_any()
}
