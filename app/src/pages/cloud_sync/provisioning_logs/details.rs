//! The details of one entry of the log, in four tabs.

use engine::records::{
    ModifiedProperty, ProvisioningEntry, ProvisioningEntrySummary, ProvisioningError,
    ProvisioningResult, ProvisioningStep, StepType,
};
use leptos::prelude::*;
use uuid::Uuid;

use super::{ENTRY, TAB, badge, entry_address, named};
use crate::{
    api::{ApiError, resource::Resource},
    browser,
    components::{
        button::{Button, ButtonLink},
        copy_button::CopyButton,
        data_grid::{Cell, Column, DataGrid, Row, RowHeader},
        detail_pane::{DetailPane, PaneAddresses},
        empty_state::EmptyState,
        essentials::Fact,
        icon::Glyph,
        message_bar::{MessageBar, Severity},
        moment::{Moment, MomentForm},
        status_badge::StatusBadge,
        tabs::{Tab, Tabs},
    },
    list_address::ListAddress,
    pages::{
        paged_list::Rows,
        tenant_objects::{page_of, words},
    },
    routes::Route,
};

const PANEL: &str = "row-details";

const STEPS: &str = "steps";
const TROUBLESHOOTING: &str = "troubleshooting";
const MODIFIED: &str = "modified";
const SUMMARY: &str = "summary";

const TABS: [(&str, &str); 4] = [
    (STEPS, "Steps"),
    (TROUBLESHOOTING, "Troubleshooting & recommendations"),
    (MODIFIED, "Modified properties"),
    (SUMMARY, "Summary"),
];

/// What is selected, as far as anything is.
pub type EntryResource = Resource<Option<Result<ProvisioningEntry, ApiError>>>;

/// The pane of the selected entry. It stays the same element from one row to the next.
#[component]
pub fn EntryDetails(
    entry: EntryResource,
    selected: Memo<Option<Uuid>>,
    rows: Rows<ProvisioningEntrySummary>,
    address: Memo<ListAddress>,
) -> impl IntoView {
    view! {
        <Transition>
            {Suspend::new(async move {
                entry.await;
                view! { <Pane entry selected rows address/> }
            })}
        </Transition>
    }
}

#[component]
fn Pane(
    entry: EntryResource,
    selected: Memo<Option<Uuid>>,
    rows: Rows<ProvisioningEntrySummary>,
    address: Memo<ListAddress>,
) -> impl IntoView {
    let loaded = Memo::new(move |_| entry.get().flatten());
    let title = Signal::derive(move || match loaded.get() {
        Some(Ok(entry)) => named(&entry.summary.display_name, &entry.summary.source_id),
        Some(Err(_)) => "Row".to_owned(),
        None => String::new(),
    });
    let subtitle = move || {
        (move || match loaded.get() {
            Some(Ok(ProvisioningEntry { summary, .. })) => view! {
                {summary.action.label()}" · "<Moment at=summary.at form=MomentForm::Exact/>
            }
            .into_any(),
            _ => ().into_any(),
        })
        .into_any()
    };
    let addresses = Signal::derive(move || {
        let address = address.get();
        let (previous, next) = neighbours(rows, selected.get());
        let other = |id: Option<Uuid>| id.map(|id| entry_address(&address, id));
        PaneAddresses {
            close: address.without(&[ENTRY, TAB]).to_string(),
            previous: other(previous),
            next: other(next),
        }
    });
    let body = move || match loaded.get() {
        Some(Ok(entry)) => view! { <Parts entry address/> }.into_any(),
        Some(Err(error)) => view! { <p class="muted">{error.to_string()}</p> }.into_any(),
        None => ().into_any(),
    };
    view! { <DetailPane title subtitle addresses steps=true>{body}</DetailPane> }
}

/// The rows before and after the selected one, on the page that is shown.
fn neighbours(
    rows: Rows<ProvisioningEntrySummary>,
    selected: Option<Uuid>,
) -> (Option<Uuid>, Option<Uuid>) {
    let page = rows.get().and_then(Result::ok);
    let ids: Vec<Uuid> = page.map_or_else(Vec::new, |page| {
        page.items.iter().map(|entry| entry.id).collect()
    });
    let Some(position) = ids.iter().position(|id| Some(*id) == selected) else {
        return (None, ids.first().copied());
    };
    let previous = position.checked_sub(1).map(|before| ids[before]);
    (previous, ids.get(position + 1).copied())
}

#[component]
fn Parts(entry: ProvisioningEntry, address: Memo<ListAddress>) -> impl IntoView {
    let usual = match entry.detail.error {
        Some(_) => TROUBLESHOOTING,
        None => STEPS,
    };
    let open = Memo::new(move |_| {
        let said = address.with(|address| address.text(TAB));
        let known = TABS.iter().find(|(value, _)| *value == said);
        known.map_or(usual, |(value, _)| *value)
    });
    let tabs = Signal::derive(move || {
        let tab = |(value, label): (&str, &str)| Tab {
            label: label.to_owned(),
            href: address.with(|address| address.with(TAB, value)).to_string(),
            is_selected: value == open.get(),
        };
        TABS.map(tab).to_vec()
    });
    let on_paper = entry.clone();
    let panel = move || match open.get() {
        TROUBLESHOOTING => troubleshooting(&entry, &address.read()),
        MODIFIED => modified_properties(entry.detail.modified_properties.clone()),
        SUMMARY => summary(&entry, &address.read()),
        _ => steps(entry.detail.steps.clone()),
    };
    view! {
        <Tabs label="Row details" tabs panel=PANEL/>
        <div id=PANEL class="stack" role="tabpanel" aria-label="Row details">{panel}</div>
        <OnPaper entry=on_paper/>
        <div class="row not-on-paper">
            <Button label="Print" small=true on_click=Callback::new(|()| browser::print())/>
        </div>
    }
}

/// All tabs one under the other; seen by printers only.
#[component]
fn OnPaper(entry: ProvisioningEntry) -> impl IntoView {
    let error = entry.detail.error.clone().map(|error| {
        view! { <h3>{error.code}</h3><p>{error.reason}</p><p>{error.advice}</p> }
    });
    let summary = &entry.summary;
    let facts = [
        ("Identity", summary.display_name.clone()),
        ("Action", summary.action.label().to_owned()),
        ("Status", summary.result.label().to_owned()),
        ("Source ID", summary.source_id.clone()),
        ("Distinguished name", entry.source_dn.clone()),
        (
            "Target ID",
            summary
                .target_id
                .map(|id| id.to_string())
                .unwrap_or_default(),
        ),
        ("Source system", summary.source_system.clone()),
        ("Target system", summary.target_system.clone()),
        ("Change ID", summary.id.to_string()),
        ("Cycle ID", summary.cycle.to_string()),
    ];
    let facts = facts.map(|(name, value)| view! { <Fact name>{value}</Fact> });
    view! {
        <div class="on-paper">
            <dl class="facts">{facts.collect_view()}</dl>
            {error}
            <h3>"Steps"</h3>
            {steps(entry.detail.steps)}
            <h3>"Modified properties"</h3>
            {modified_properties(entry.detail.modified_properties)}
        </div>
    }
}

fn steps(steps: Vec<ProvisioningStep>) -> AnyView {
    if steps.is_empty() {
        return view! { <p class="muted">"The steps of this change were not kept."</p> }.into_any();
    }
    let step = |step: ProvisioningStep| {
        view! {
            <li>
                <div class="step-head">
                    <h3>{step_name(step.step_type)}</h3>
                    <StatusBadge badge=badge(step.result)/>
                </div>
                <p>{step.description}</p>
            </li>
        }
    };
    view! { <ol class="log-steps">{steps.into_iter().map(step).collect_view()}</ol> }.into_any()
}

fn step_name(step: StepType) -> &'static str {
    match step {
        StepType::Import => "Import",
        StepType::Scoping => "Determine scope",
        StepType::Matching => "Match",
        StepType::Processing => "Evaluate",
        StepType::ReferenceResolution => "Resolve references",
        StepType::Export => "Provision",
    }
}

fn troubleshooting(entry: &ProvisioningEntry, address: &ListAddress) -> AnyView {
    let ids = identifiers(entry, address);
    let rows = all_rows_of_object(entry, address);
    let problem = match entry.detail.error.clone() {
        Some(error) => view! { <Problem error result=entry.summary.result/> }.into_any(),
        None => view! {
            <EmptyState
                glyph=Glyph::Checkmark
                title="No problem"
                text="This row has no error to explain."
            />
        }
        .into_any(),
    };
    view! {
        {problem}
        <div class="row"><ButtonLink label="View all rows of this object" href=rows small=true/></div>
        {ids}
    }
    .into_any()
}

#[component]
fn Problem(error: ProvisioningError, result: ProvisioningResult) -> impl IntoView {
    let ProvisioningError {
        code,
        reason,
        advice,
    } = error;
    let severity = match result {
        ProvisioningResult::Failure => Severity::Error,
        ProvisioningResult::Warning => Severity::Warning,
        ProvisioningResult::Skipped | ProvisioningResult::Success => Severity::Info,
    };
    view! {
        <MessageBar id="entry-error" severity start=reason/>
        <dl class="facts">
            <Fact name="Error code">
                <span class="monospace">{code.clone()}</span>
                " "
                <CopyButton what="error code" text=code/>
            </Fact>
        </dl>
        <section class="stack close" aria-labelledby="what-to-do">
            <h3 id="what-to-do">"What to do"</h3>
            <p>{advice}</p>
        </section>
    }
}

fn all_rows_of_object(entry: &ProvisioningEntry, address: &ListAddress) -> String {
    let list = address.path();
    format!("{list}?identity={}&range=30d", entry.summary.source_id)
}

fn modified_properties(properties: Vec<ModifiedProperty>) -> AnyView {
    if properties.is_empty() {
        return view! { <p class="muted">"No property was modified."</p> }.into_any();
    }
    let columns = vec![
        Column::new("Property"),
        Column::new("Old value"),
        Column::new("New value"),
    ];
    let row = |property: ModifiedProperty| {
        let ModifiedProperty {
            name,
            old_value,
            new_value,
        } = property;
        view! {
            <Row>
                <RowHeader>{name}</RowHeader>
                <Cell label="from">{value(old_value)}</Cell>
                <Cell label="to">{value(new_value)}</Cell>
            </Row>
        }
    };
    view! {
        <DataGrid label="Modified properties" columns>
            {properties.into_iter().map(row).collect_view()}
        </DataGrid>
    }
    .into_any()
}

fn value(value: Option<String>) -> AnyView {
    match value {
        Some(value) => {
            view! { <span class="values"><span class="value">{value}</span></span> }.into_any()
        }
        None => view! { <span class="muted">"(empty)"</span> }.into_any(),
    }
}

fn summary(entry: &ProvisioningEntry, address: &ListAddress) -> AnyView {
    let (ids, source_dn) = (identifiers(entry, address), entry.source_dn.clone());
    let ProvisioningEntrySummary {
        at,
        kind,
        action,
        result,
        display_name,
        source_id,
        target_id,
        source_system,
        target_system,
        configuration,
        ..
    } = entry.summary.clone();
    let target = target_id.map(|id| {
        let href = page_of(kind, id).to_string();
        view! { <Fact name="Target ID"><a class="monospace" href=href>{id.to_string()}</a></Fact> }
    });
    view! {
        <dl class="facts">
            <Fact name="Identity">{display_name}</Fact>
            <Fact name="Object type">{words(kind).title}</Fact>
            <Fact name="Action">{action.label()}</Fact>
            <Fact name="Status"><StatusBadge badge=badge(result)/></Fact>
            <Fact name="Date"><Moment at form=MomentForm::Exact/></Fact>
            <Fact name="Source system">{source_system}</Fact>
            <Fact name="Source ID"><span class="monospace">{source_id}</span></Fact>
            <Fact name="Distinguished name">
                <span class="monospace">{source_dn}</span>
            </Fact>
            <Fact name="Target system">{target_system}</Fact>
            {target}
            <Fact name="Configuration">
                <a href=Route::Configuration(configuration).to_string()>"Open configuration"</a>
            </Fact>
        </dl>
        {ids}
    }
    .into_any()
}

/// What support asks for.
fn identifiers(entry: &ProvisioningEntry, address: &ListAddress) -> AnyView {
    let (change, cycle) = (
        entry.summary.id.to_string(),
        entry.summary.cycle.to_string(),
    );
    let of_cycle = format!("{}?cycle={cycle}&range=30d", address.path());
    view! {
        <dl class="facts after-line">
            <Fact name="Change ID">
                <span class="monospace">{change.clone()}</span>
                " "
                <CopyButton what="change ID" text=change/>
            </Fact>
            <Fact name="Cycle ID"><a class="monospace" href=of_cycle>{cycle}</a></Fact>
        </dl>
    }
    .into_any()
}
