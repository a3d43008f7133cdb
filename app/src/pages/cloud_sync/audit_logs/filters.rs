//! What the audit log can be narrowed to, and how the address says it. Files of the log read their
//! address with the same words.

use engine::records::{AuditFilter, AuditValues};
use leptos::prelude::*;

use crate::{
    api::{
        self, ApiError,
        resource::{Resource, resource},
    },
    components::{
        field::SearchBox,
        filters::{FilterChoice, FilterForm, FilterPill, search_text},
    },
    list_address::ListAddress,
};

const TARGET: &str = "target";
const RANGE: &str = "range";
const STATUS: &str = "status";
const ACTIVITY: &str = "activity";
const INITIATOR: &str = "by";
const FILTERS: [&str; 5] = [TARGET, RANGE, STATUS, ACTIVITY, INITIATOR];
const SUCCESS: &str = "success";
const FAILURE: &str = "failure";

/// How far back the list reaches: the word in the address, the hours, the words of the pill. The
/// first one holds when the address says nothing.
const RANGES: [(&str, Option<u32>, &str); 4] = [
    ("", None, "All"),
    ("24h", Some(24), "Last 24 hours"),
    ("7d", Some(7 * 24), "Last 7 days"),
    ("30d", Some(30 * 24), "Last 30 days"),
];

pub fn filter(address: &ListAddress) -> AuditFilter {
    let text = |name| address.get(name).map(str::to_owned);
    AuditFilter {
        activity: text(ACTIVITY),
        initiated_by: text(INITIATOR),
        succeeded: match address.get(STATUS) {
            Some(SUCCESS) => Some(true),
            Some(FAILURE) => Some(false),
            _ => None,
        },
        target: text(TARGET),
        since: None,
    }
}

/// How many hours the list reaches back; all of them when nothing is said.
pub fn hours(address: &ListAddress) -> Option<u32> {
    let said = address.get(RANGE)?;
    let range = RANGES.iter().find(|(word, ..)| *word == said);
    range.and_then(|(_, hours, _)| *hours)
}

pub fn is_narrowed(address: &ListAddress) -> bool {
    FILTERS.iter().any(|name| address.get(name).is_some())
}

/// The search box and the pills. Activities and people that never occurred are not offered.
#[component]
pub fn Filters(address: Memo<ListAddress>) -> impl IntoView {
    let target = search_text(said(address, TARGET));
    let occurring = resource(|| (), |()| api::audit_logs::filter_values());
    let said = move |name| said(address, name);
    view! {
        <FilterForm path=address.with_untracked(|address| address.path().to_owned())>
            <SearchBox name=TARGET label="Search by target" placeholder="How its name begins, case counts" value=target/>
            <FilterPill name=RANGE label="Date" current=said(RANGE) choices=ranges()/>
            <FilterPill name=STATUS label="Status" current=said(STATUS) choices=statuses()/>
            <Suspense>{Suspend::new(occurring_pills(occurring, address))}</Suspense>
            {move || reset(&address.read())}
        </FilterForm>
    }
}

/// What the address says by `name`.
fn said(address: Memo<ListAddress>, name: &'static str) -> Signal<String> {
    Signal::derive(move || address.with(|address| address.text(name)))
}

async fn occurring_pills(
    occurring: Resource<Result<AuditValues, ApiError>>,
    address: Memo<ListAddress>,
) -> impl IntoView {
    let AuditValues {
        activities,
        initiators,
    } = occurring.await.unwrap_or_default();
    let choices = |words: Vec<String>| -> Vec<FilterChoice> {
        let words = words.into_iter();
        std::iter::once(FilterChoice::new("", "All"))
            .chain(words.map(|word| FilterChoice::new(word.clone(), word)))
            .collect()
    };
    let (activity, initiator) = (said(address, ACTIVITY), said(address, INITIATOR));
    view! {
        <FilterPill name=ACTIVITY label="Activity" current=activity choices=choices(activities)/>
        <FilterPill name=INITIATOR label="Initiated by" current=initiator choices=choices(initiators)/>
    }
}

fn ranges() -> Vec<FilterChoice> {
    RANGES
        .iter()
        .map(|(word, _, label)| FilterChoice::new(*word, *label))
        .collect()
}

fn statuses() -> Vec<FilterChoice> {
    vec![
        FilterChoice::new("", "All"),
        FilterChoice::new(SUCCESS, "Success"),
        FilterChoice::new(FAILURE, "Failure"),
    ]
}

fn reset(address: &ListAddress) -> Option<AnyView> {
    let href = address.first_page().without(&FILTERS).to_string();
    is_narrowed(address).then(|| {
        view! { <a class="button subtle" href=href data-noscroll="">"Reset filters"</a> }.into_any()
    })
}
