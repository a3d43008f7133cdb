//! A list that is paged by key: its rows, the way to the other pages, and what stands there
//! instead while it is empty or could not be loaded.

use std::fmt::Debug;

use engine::records::Page;
use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    api::{ApiError, resource::Resource},
    components::{
        button::{Button, ButtonLink},
        data_grid::{Column, DataGrid},
        empty_state::EmptyState,
        icon::Glyph,
        message_bar::{MessageBar, Severity},
        pager::Pager,
    },
    list_address::ListAddress,
    pages::signed_out::SignInLink,
};

/// What a list is loaded from.
pub type Rows<T> = Resource<Result<Page<T>, ApiError>>;

/// What a list is called and how it looks.
#[derive(Clone)]
pub struct Looks {
    /// Names the table.
    pub label: String,
    /// What one row is called, and several: "user", "users".
    pub noun: [&'static str; 2],
    pub columns: Vec<Column>,
}

/// The list. While other rows are on their way, the old ones stay.
#[component]
pub fn PagedList<T>(
    looks: Looks,
    rows: Rows<T>,
    /// The list's address, which says what page is shown.
    #[prop(into)]
    address: Signal<ListAddress>,
    #[prop(into)] row: Callback<T, AnyView>,
    /// What stands there when no row is found.
    #[prop(into)]
    empty: ViewFn,
) -> impl IntoView
where
    T: Clone + Debug + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    let busy = RwSignal::new(false);
    // Waits once; afterwards the parts of the list follow the rows by themselves.
    view! {
        <Transition set_pending=busy>
            {Suspend::new(async move {
                rows.await.ok();
                view! { <Loaded looks rows address row empty busy/> }
            })}
        </Transition>
    }
}

/// Which of its looks a list has now.
#[derive(Clone, PartialEq)]
enum Shape {
    Loading,
    Failed(ApiError),
    Empty,
    Rows,
}

/// Inside the boundary that waits for the rows. What stays the same on the page stays the same
/// element, so that the focus stays where it was.
#[component]
fn Loaded<T>(
    looks: Looks,
    rows: Rows<T>,
    address: Signal<ListAddress>,
    row: Callback<T, AnyView>,
    empty: ViewFn,
    busy: RwSignal<bool>,
) -> impl IntoView
where
    T: Clone + Debug + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    let shape = Memo::new(move |_| match rows.get() {
        None => Shape::Loading,
        Some(Err(error)) => Shape::Failed(error),
        Some(Ok(page)) if page.items.is_empty() => Shape::Empty,
        Some(Ok(_)) => Shape::Rows,
    });
    move || match shape.get() {
        Shape::Loading => ().into_any(),
        Shape::Failed(error) => {
            view! { <NotLoaded error retry=move |()| rows.refetch()/> }.into_any()
        }
        Shape::Empty => empty.run(),
        Shape::Rows => filled(looks.clone(), rows, address, row, busy),
    }
}

fn filled<T>(
    looks: Looks,
    rows: Rows<T>,
    address: Signal<ListAddress>,
    row: Callback<T, AnyView>,
    busy: RwSignal<bool>,
) -> AnyView
where
    T: Clone + Debug + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    let Looks {
        label,
        noun,
        columns,
    } = looks;
    let page = move || rows.get().and_then(Result::ok);
    let items = move || page().map(|page| page.items).unwrap_or_default();
    let summary = Signal::derive(move || {
        page().map_or_else(String::new, |page| {
            address.with(|address| address.summary(&page, noun))
        })
    });
    let previous = Signal::derive(move || {
        let previous = address.with(ListAddress::previous);
        previous.map(|address| address.to_string())
    });
    let next = Signal::derive(move || {
        let next = page().and_then(|page| page.next)?;
        Some(address.with(|address| address.next(&next)).to_string())
    });
    view! {
        <DataGrid label columns busy>
            <For each=items key=|item| format!("{item:?}") children=move |item| row.run(item)/>
        </DataGrid>
        <Pager summary previous next/>
    }
    .into_any()
}

/// Says why something could not be loaded, and offers to try again, or to sign in again.
#[component]
pub fn NotLoaded(error: ApiError, #[prop(into)] retry: Callback<()>) -> impl IntoView {
    let way_out = match &error {
        ApiError::SignInRequired => view! { <SignInLink/> }.into_any(),
        _ => view! { <Button label="Try again" small=true on_click=retry/> }.into_any(),
    };
    let text = move || error.to_string();
    view! {
        <MessageBar
            id="not-loaded"
            severity=Severity::Error
            start="The list could not be loaded."
            text
        >
            {way_out}
        </MessageBar>
    }
}

/// What a log shows whose filters fit no row.
pub fn no_row_fits(address: &ListAddress) -> AnyView {
    let path = address.path().to_owned();
    view! {
        <EmptyState
            glyph=Glyph::FilterDismiss
            title="No row fits the filters"
            text="Try a longer date range or fewer filters."
        >
            <ButtonLink label="Reset filters" href=path/>
        </EmptyState>
    }
    .into_any()
}
