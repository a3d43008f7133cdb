//! The list of users, groups or contacts.

use engine::{directory::ObjectKind, records::TenantObjectSummary};
use leptos::prelude::*;

use super::{account_badge, link, words};
use crate::{
    api::{self, resource::resource},
    components::{
        button::ButtonLink,
        command_bar::Command,
        data_grid::{Cell, Column, ColumnRoom, Row, RowHeader},
        empty_state::EmptyState,
        field::SearchBox,
        filters::{FilterForm, search_text},
        icon::Glyph,
        page::Page,
        status_badge::StatusBadge,
    },
    list_address::ListAddress,
    live,
    pages::{
        frame,
        paged_list::{Looks, PagedList},
    },
    routes::Route,
    skin::word,
};

const SEARCH: &str = "search";

#[component]
pub fn ObjectsPage(kind: ObjectKind) -> impl IntoView {
    let words = words(kind);
    let address = ListAddress::of(words.list);
    let wanted =
        Memo::new(move |_| address.with(|address| (address.text(SEARCH), address.after())));
    let rows = resource(
        move || wanted.get(),
        move |(search, after)| api::tenant::list(kind, search, after),
    );
    live::reload_on_change(rows);
    let commands = vec![Command::run(
        "Refresh",
        Glyph::ArrowClockwise,
        live::refresh(),
    )];
    let looks = Looks {
        label: words.page.to_owned(),
        noun: words.noun,
        columns: columns(kind),
    };
    let empty = move || address.with(|address| nothing(kind, address.get(SEARCH)));
    view! {
        <Page
            title=words.page
            subtitle=word("Azure Active Directory")
            glyph=words.glyph
            above=frame::azure_active_directory()
            menu=frame::tenant_menu(words.page)
            commands
        >
            <Search words address/>
            <PagedList looks rows address row=move |object: TenantObjectSummary| row(kind, &object) empty/>
        </Page>
    }
}

#[component]
fn Search(words: super::KindWords, address: Memo<ListAddress>) -> impl IntoView {
    let said = Signal::derive(move || address.with(|address| address.text(SEARCH)));
    let search = search_text(said);
    view! {
        <FilterForm path=words.list>
            <SearchBox
                name=SEARCH
                label=format!("Search {}", words.page.to_lowercase())
                placeholder="Name, sign-in name or mail"
                value=search
            />
        </FilterForm>
    }
}

fn columns(kind: ObjectKind) -> Vec<Column> {
    let mut columns = vec![Column::new("Name")];
    if kind == ObjectKind::User {
        columns.push(Column::new("User principal name"));
        columns.push(Column::new("Account"));
    }
    columns.push(Column::new("Mail").hidden_when_medium());
    columns.push(Column::new("Source").hidden_when_narrow());
    columns
}

fn row(kind: ObjectKind, object: &TenantObjectSummary) -> AnyView {
    let (link, mail) = (link(object), object.mail.clone());
    let source = match object.is_synchronized {
        true => "On-premises",
        false => "Cloud",
    };
    let of_user = (kind == ObjectKind::User).then(|| {
        let address = object.user_principal_name.clone();
        let account = object.account_enabled.map(account_badge);
        view! {
            <Cell>{address}</Cell>
            <Cell>{account.map(|badge| view! { <StatusBadge badge/> })}</Cell>
        }
    });
    view! {
        <Row>
            <RowHeader>{link}</RowHeader>
            {of_user}
            <Cell room=ColumnRoom::HiddenWhenMedium>{mail}</Cell>
            <Cell room=ColumnRoom::HiddenWhenNarrow>{source}</Cell>
        </Row>
    }
    .into_any()
}

fn nothing(kind: ObjectKind, search: Option<&str>) -> AnyView {
    let words = words(kind);
    let nouns = words.page.to_lowercase();
    match search {
        Some(search) => view! {
            <EmptyState
                glyph=Glyph::FilterDismiss
                title=format!("No result for \"{search}\"")
                text=format!("Search finds {nouns} by a part of their name or address.")
            >
                <ButtonLink label="Reset filters" href=words.list/>
            </EmptyState>
        }
        .into_any(),
        None => view! {
            <EmptyState
                glyph=words.glyph
                title=format!("No {nouns} yet")
                text=format!("A configuration brings the {nouns} of a directory into this tenant.")
            >
                <ButtonLink label=word("Manage cloud sync") href=Route::CloudSync/>
            </EmptyState>
        }
        .into_any(),
    }
}
