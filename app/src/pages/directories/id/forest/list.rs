//! What lies in the open container, or what a search finds in the whole forest.

use engine::forest::{
    Forest,
    entry::{EntryFilter, EntrySummary},
};
use leptos::prelude::*;

use super::{Place, SEARCH, Shown, TreeResource, glyph, open_container};
use crate::{
    api::{self, resource::resource},
    components::{
        button::{Button, GoForm},
        data_grid::{Cell, Column, ColumnRoom, Row, RowHeader},
        empty_state::EmptyState,
        field::SearchBox,
        filters::{FilterForm, search_text},
        icon::{Glyph, Icon},
        status_badge::StatusBadge,
    },
    list_address::ListAddress,
    pages::{
        paged_list::{Looks, PagedList, Rows},
        tenant_objects::account_badge,
    },
};

/// A search looks everywhere, whatever container is open.
pub fn rows(
    forest: Forest,
    address: Memo<ListAddress>,
    tree: TreeResource,
    place: Memo<Place>,
) -> Rows<EntrySummary> {
    let wanted =
        Memo::new(move |_| address.with(|address| (address.text(SEARCH), address.after())));
    resource(
        move || (wanted.get(), place.get()),
        move |((search, after), place)| async move {
            let container = match search.as_str() {
                "" => open_container(forest, tree, place).await,
                _ => None,
            };
            let filter = EntryFilter {
                container,
                search,
                class: None,
            };
            api::forest::list(forest, filter, after).await
        },
    )
}

#[component]
pub fn EntryList(shown: Shown) -> impl IntoView {
    let address = shown.address;
    let said = Signal::derive(move || address.with(|address| address.text(SEARCH)));
    let search = search_text(said);
    let kept = Signal::derive(move || address.with(|address| address.beside(&[SEARCH])));
    let is_searching = move || address.with(|address| address.get(SEARCH).is_some());
    let looks = Looks {
        label: "Entries".to_owned(),
        noun: ["entry", "entries"],
        columns: vec![
            Column::new("Name"),
            Column::new("Type").hidden_when_narrow(),
            Column::new("Description").hidden_when_medium(),
            Column::new("Account"),
        ],
    };
    let empty = move || nothing(is_searching());
    view! {
        <section class="stack" aria-label="Entries">
            <FilterForm path=address.with_untracked(|address| address.path().to_owned()) kept>
                <SearchBox
                    name=SEARCH
                    label="Search the directory"
                    placeholder="Name, account or mail"
                    value=search
                />
            </FilterForm>
            <Suspense>{move || Suspend::new(open_place(shown))}</Suspense>
            <PagedList looks rows=shown.rows address row=move |entry: EntrySummary| row(&entry, shown) empty/>
        </section>
    }
}

/// Which container is open, and the way to what it is itself.
async fn open_place(shown: Shown) -> Option<AnyView> {
    let (container, tree) = (shown.container.await?, shown.tree.await.ok()?);
    let node = tree.into_iter().find(|node| node.id == container)?;
    let is_searching = move || shown.address.with(|address| address.get(SEARCH).is_some());
    let name = move || match is_searching() {
        true => format!("Found in {}", shown.forest),
        false => node.name.clone(),
    };
    let dn = node.dn.to_string();
    let view = view! {
        <div class="open-place">
            <div class="two-lines">
                <h2 class="page-heading">{name}</h2>
                <small class="monospace" hidden=is_searching>{dn}</small>
            </div>
            <GoForm href=shown.selecting(container) stays=true>
                <Button label="Properties" glyph=Glyph::Settings small=true for_readers=true/>
            </GoForm>
        </div>
    };
    Some(view.into_any())
}

fn row(entry: &EntrySummary, shown: Shown) -> AnyView {
    let id = entry.id;
    let is_selected = Signal::derive(move || shown.selected.get() == Some(id));
    let account = entry.account_enabled.map(account_badge);
    let (glyph, class) = (glyph(entry.class), entry.class.label());
    let about = entry.title.clone().or(entry.description.clone());
    let second = second_line(entry);
    let label = entry.label().to_owned();
    let name = if entry.class.is_container() {
        let href = shown.opening(id);
        view! { <a href=move || href.get()>{label}</a> }.into_any()
    } else {
        let expanded = move || is_selected.get().to_string();
        view! {
            <GoForm href=shown.selecting(id) stays=true>
                <button type="submit" class="link-button" aria-expanded=expanded>{label}</button>
            </GoForm>
        }
        .into_any()
    };
    view! {
        <Row selected=is_selected>
            <RowHeader>
                <span class="with-icon">
                    <Icon glyph/>
                    <span class="two-lines">{name}<small>{second}</small></span>
                </span>
            </RowHeader>
            <Cell room=ColumnRoom::HiddenWhenNarrow>{class}</Cell>
            <Cell room=ColumnRoom::HiddenWhenMedium>{about}</Cell>
            <Cell>{account.map(|badge| view! { <StatusBadge badge/> })}</Cell>
        </Row>
    }
    .into_any()
}

/// What tells entries of the same name apart.
fn second_line(entry: &EntrySummary) -> String {
    let address = entry.user_principal_name.clone().or(entry.mail.clone());
    address.unwrap_or_else(|| entry.dn.to_string())
}

fn nothing(is_searching: bool) -> AnyView {
    match is_searching {
        true => view! {
            <EmptyState
                glyph=Glyph::FilterDismiss
                title="No entry fits the search"
                text="Search finds a part of a name, account name, mail address or title."
            />
        }
        .into_any(),
        false => view! {
            <EmptyState
                glyph=Glyph::FolderPeople
                title="Nothing is in here"
                text="Choose another container, or add something with the commands above."
            />
        }
        .into_any(),
    }
}
