//! What the log can be narrowed to, and how the address says it.

use engine::{
    configuration::ConfigurationId,
    directory::ObjectKind,
    records::{ProvisioningAction, ProvisioningFilter, ProvisioningResult},
};
use leptos::prelude::*;

use crate::{
    api::{self, ApiError},
    components::{
        field::SearchBox,
        filters::{FilterChoice, FilterForm, FilterPill},
        icon::{Glyph, Icon, IconSize},
    },
    list_address::ListAddress,
    pages::tenant_objects::words,
};

const IDENTITY: &str = "identity";
const RANGE: &str = "range";
const STATUS: &str = "status";
const ACTION: &str = "action";
const TYPE: &str = "type";
const CYCLE: &str = "cycle";
const FILTERS: [&str; 6] = [IDENTITY, RANGE, STATUS, ACTION, TYPE, CYCLE];

/// How far back the list reaches: the word in the address, the hours, the words of the pill. The
/// first one holds when the address says nothing.
const RANGES: [(&str, u32, &str); 3] = [
    ("", 24, "Last 24 hours"),
    ("7d", 7 * 24, "Last 7 days"),
    ("30d", 30 * 24, "Last 30 days"),
];

/// What the address narrows the log to; what it does not spell well it does not narrow.
pub fn filter(address: &ListAddress, configuration: Option<ConfigurationId>) -> ProvisioningFilter {
    ProvisioningFilter {
        configuration,
        cycle: address.read(CYCLE),
        action: address.get(ACTION).and_then(ProvisioningAction::parse),
        result: address.get(STATUS).and_then(ProvisioningResult::parse),
        kind: address.get(TYPE).and_then(ObjectKind::parse),
        identity: address.get(IDENTITY).map(str::to_owned),
        since: None,
    }
}

pub fn hours(address: &ListAddress) -> u32 {
    let said = address.get(RANGE).unwrap_or_default();
    let range = RANGES.iter().find(|(word, ..)| *word == said);
    range.map_or(RANGES[0].1, |(_, hours, _)| *hours)
}

pub fn is_narrowed(address: &ListAddress) -> bool {
    FILTERS.iter().any(|name| address.get(name).is_some())
}

/// The search box and the pills. Actions and results that never occurred are not offered.
#[component]
pub fn Filters(
    configuration: Option<ConfigurationId>,
    address: Memo<ListAddress>,
) -> impl IntoView {
    let identity = RwSignal::new(address.with_untracked(|address| address.text(IDENTITY)));
    Effect::new(move || identity.set(address.with(|address| address.text(IDENTITY))));
    let occurring =
        Resource::new_blocking(move || configuration, api::provisioning_logs::filter_values);
    let said = move |name| said(address, name);
    // Details stay open while somebody narrows the list.
    let shown = [IDENTITY, RANGE, STATUS, ACTION, TYPE];
    let kept = Signal::derive(move || address.with(|address| address.beside(&shown)));
    view! {
        <FilterForm path=address.with_untracked(|address| address.path().to_owned()) kept>
            <SearchBox
                name=IDENTITY
                label="Search by identity"
                placeholder="Name or ID, either side"
                value=identity
            />
            <FilterPill name=RANGE label="Date" current=said(RANGE) choices=ranges()/>
            <Suspense>{Suspend::new(occurring_pills(occurring, address))}</Suspense>
            <FilterPill name=TYPE label="Object type" current=said(TYPE) choices=types()/>
            {move || cycle_pill(&address.read())}
            {move || reset(&address.read())}
        </FilterForm>
    }
}

/// What the address says by `name`.
fn said(address: Memo<ListAddress>, name: &'static str) -> Signal<String> {
    Signal::derive(move || address.with(|address| address.text(name)))
}

type Occurring = (Vec<ProvisioningAction>, Vec<ProvisioningResult>);

async fn occurring_pills(
    occurring: Resource<Result<Occurring, ApiError>>,
    address: Memo<ListAddress>,
) -> impl IntoView {
    let (actions, results) = occurring.await.unwrap_or_default();
    let (status, action) = (said(address, STATUS), said(address, ACTION));
    view! {
        <FilterPill name=STATUS label="Status" current=status choices=statuses(&results)/>
        <FilterPill name=ACTION label="Action" current=action choices=actions_of(&actions)/>
    }
}

fn ranges() -> Vec<FilterChoice> {
    RANGES
        .iter()
        .map(|(word, _, label)| FilterChoice::new(*word, *label))
        .collect()
}

fn statuses(occurring: &[ProvisioningResult]) -> Vec<FilterChoice> {
    let occurring = occurring.iter();
    all_and(occurring.map(|result| FilterChoice::new(result.as_str(), result.label())))
}

fn actions_of(occurring: &[ProvisioningAction]) -> Vec<FilterChoice> {
    let occurring = occurring.iter();
    all_and(occurring.map(|action| FilterChoice::new(action.as_str(), action.label())))
}

fn types() -> Vec<FilterChoice> {
    let kinds = ObjectKind::ALL.into_iter();
    all_and(kinds.map(|kind| FilterChoice::new(kind.as_str(), words(kind).title)))
}

fn all_and(choices: impl Iterator<Item = FilterChoice>) -> Vec<FilterChoice> {
    std::iter::once(FilterChoice::new("", "All"))
        .chain(choices)
        .collect()
}

/// One comes here with a cycle, and can only leave it.
fn cycle_pill(address: &ListAddress) -> Option<AnyView> {
    let cycle: String = address.get(CYCLE)?.chars().take(8).collect();
    let href = address.first_page().without(&[CYCLE]).to_string();
    let pill = view! {
        <a class="filter-pill changed" href=href data-noscroll="" aria-label="Remove filter Cycle">
            <span>"Cycle : "<b>{cycle}"…"</b></span>
            <Icon glyph=Glyph::Dismiss size=IconSize::Sixteen/>
        </a>
    };
    Some(pill.into_any())
}

fn reset(address: &ListAddress) -> Option<AnyView> {
    let href = address.first_page().without(&FILTERS).to_string();
    is_narrowed(address).then(|| {
        view! { <a class="button subtle" href=href data-noscroll="">"Reset filters"</a> }.into_any()
    })
}
