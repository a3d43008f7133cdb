//! What the log can be narrowed to, and how the address says it. Files of the log read their
//! address with the same words.

use engine::{
    configuration::ConfigurationId,
    directory::ObjectKind,
    records::{ProvisioningAction, ProvisioningFilter, ProvisioningResult, SyncType},
    timestamp::Timestamp,
};
use leptos::prelude::*;

use crate::{
    api::{
        self, ApiError,
        resource::{Resource, resource},
    },
    components::{
        field::SearchBox,
        filters::{FilterChoice, FilterForm, FilterPill, search_text},
        icon::{Glyph, Icon, IconSize},
    },
    list_address::ListAddress,
    pages::tenant_objects::words,
    routes::Route,
};

pub const IDENTITY: &str = "identity";
pub const RANGE: &str = "range";
pub const STATUS: &str = "status";
pub const ACTION: &str = "action";
pub const TYPE: &str = "type";
pub const CYCLE: &str = "cycle";
pub const CODE: &str = "code";
pub const SYNC: &str = "sync";
/// A day or an hour; and one from which on.
pub const DURING: &str = "during";
pub const FROM: &str = "from";
const FILTERS: [&str; 10] = [
    IDENTITY, RANGE, STATUS, ACTION, TYPE, CYCLE, CODE, SYNC, DURING, FROM,
];
/// Those that one comes here with, and can only leave.
const REMOVABLE: [(&str, &str); 5] = [
    (CYCLE, "Cycle"),
    (CODE, "Error code"),
    (SYNC, "Sync type"),
    (DURING, "During"),
    (FROM, "From"),
];

/// How far back the list reaches: the word in the address, the hours, the words of the pill. The
/// first one holds when the address says nothing.
const RANGES: [(&str, u32, &str); 4] = [
    ("", 24, "Last 24 hours"),
    ("7d", 7 * 24, "Last 7 days"),
    ("14d", 14 * 24, "Last 14 days"),
    ("30d", 30 * 24, "Last 30 days"),
];

/// What the address narrows the log to; what it does not spell well it does not narrow.
pub fn filter(address: &ListAddress, configuration: Option<ConfigurationId>) -> ProvisioningFilter {
    let time = |name| address.get(name).and_then(Timestamp::parse_day_or_hour);
    let (during, from) = (time(DURING), time(FROM));
    ProvisioningFilter {
        configuration,
        cycle: address.read(CYCLE),
        action: address.get(ACTION).and_then(ProvisioningAction::parse),
        result: address.get(STATUS).and_then(ProvisioningResult::parse),
        kind: address.get(TYPE).and_then(ObjectKind::parse),
        identity: address.get(IDENTITY).map(str::to_owned),
        error_code: address.get(CODE).map(str::to_owned),
        sync_type: address.get(SYNC).and_then(SyncType::parse),
        since: during.or(from).map(|(start, _)| start),
        until: during.map(|(start, lasts)| start.plus(lasts)),
    }
}

/// Where a configuration's failures are told, as far back as the log reaches: an object may have
/// failed last long ago.
pub fn failures_of(id: ConfigurationId) -> String {
    let (longest, ..) = RANGES[RANGES.len() - 1];
    ListAddress::plain(Route::ProvisioningLogsOf(id))
        .with(RANGE, longest)
        .with(STATUS, ProvisioningResult::Failure.as_str())
        .to_string()
}

/// How many hours the list reaches back where it is not narrowed to a day.
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
    let identity = search_text(said(address, IDENTITY));
    let occurring = resource(move || configuration, api::provisioning_logs::filter_values);
    let said = move |name| said(address, name);
    // Details stay open while somebody narrows the list.
    let shown = [IDENTITY, RANGE, STATUS, ACTION, TYPE];
    let kept = Signal::derive(move || address.with(|address| address.beside(&shown)));
    view! {
        <FilterForm path=address.with_untracked(|address| address.path().to_owned()) kept>
            <SearchBox
                name=IDENTITY
                label="Search by identity"
                placeholder="Name, UPN, DN or ID, either side"
                value=identity
            />
            <FilterPill name=RANGE label="Date" current=said(RANGE) choices=ranges()/>
            <Suspense>{Suspend::new(occurring_pills(occurring, address))}</Suspense>
            <FilterPill name=TYPE label="Object type" current=said(TYPE) choices=types()/>
            {move || removable_pills(&address.read())}
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

/// The choice that narrows nothing, and others.
pub fn all_and(choices: impl Iterator<Item = FilterChoice>) -> Vec<FilterChoice> {
    std::iter::once(FilterChoice::new("", "All"))
        .chain(choices)
        .collect()
}

fn removable_pills(address: &ListAddress) -> Vec<AnyView> {
    REMOVABLE
        .into_iter()
        .filter_map(|(name, label)| removable_pill(address, name, label))
        .collect()
}

fn removable_pill(
    address: &ListAddress,
    name: &'static str,
    label: &'static str,
) -> Option<AnyView> {
    let said = address.get(name)?;
    let value = match name {
        CYCLE => format!("{}…", said.chars().take(8).collect::<String>()),
        SYNC => SyncType::parse(said)?.label().to_owned(),
        _ => said.to_owned(),
    };
    let href = address.first_page().without(&[name]).to_string();
    let remove = format!("Remove filter {label}");
    let pill = view! {
        <a class="filter-pill changed" href=href data-noscroll="" aria-label=remove>
            <span>{label}" : "<b>{value}</b></span>
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
