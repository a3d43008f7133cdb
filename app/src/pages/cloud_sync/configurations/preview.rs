//! `…/:id/preview`: what a cycle would do, seen before it does exactly that.

use engine::{
    configuration::ConfigurationId,
    cycle::plan::Change,
    directory::ObjectKind,
    preview::{PlanCounts, PreviewLine, PreviewSummary},
    records::{ConfigurationDetails, ManagedCounts, ModifiedProperty},
};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use uuid::Uuid;

use crate::{
    api::{
        self,
        previews::{Make, Run},
        resource::resource,
    },
    components::{
        breadcrumb::Crumb,
        button::{Button, Weight},
        card::Card,
        command_bar::Command,
        data_grid::{Cell, Column, DataGrid, Row, RowHeader},
        empty_state::EmptyState,
        filters::{FilterChoice, FilterForm, FilterPill},
        icon::Glyph,
        message_bar::{MessageBar, Severity},
        moment::Moment,
        page::Page,
        toast::{Toast, Toasts},
    },
    list_address::ListAddress,
    pages::{
        cloud_sync::status::{counts_in_words, failures_in_words},
        forms::{CommandForm, WholeFormRefusal, after, refusal},
        frame::{self, label},
        loading::{configuration_details, id_in_address, page_for},
        paged_list::{Looks, PagedList},
    },
    routes::Route,
    skin::word,
    wording::{count, number},
};

const MAKE_FORM: &str = "make-preview-form";
const RUN_FORM: &str = "run-preview-form";
/// Names a preview, and the lines that are shown of it, in the address.
const PREVIEW: &str = "preview";
const ACTION: &str = "action";

#[component]
pub fn Preview() -> impl IntoView {
    page_for(id_in_address(), configuration_details, |details| {
        page(&details)
    })
}

fn page(details: &ConfigurationDetails) -> impl IntoView + use<> {
    let id = details.configuration.id;
    let domain = details.configuration.domain.to_string();
    let address = ListAddress::of(Route::Preview(id));
    let wanted = Memo::new(move |_| address.with(|address| address.read::<Uuid>(PREVIEW)));
    let previews = resource(move || wanted.get(), move |_| api::previews::list(id));
    let mut above = frame::cloud_sync();
    above.push(Crumb::new(domain.clone(), Route::Configuration(id)));
    view! {
        <Page
            title="Preview"
            subtitle=format!("{domain} · {}", word("Active Directory to Azure AD"))
            glyph=Glyph::DocumentBulletList
            above
            menu=frame::configuration_menu(id, label::PREVIEW)
            commands=commands(id)
        >
            <div class="stack">
                <MakeForm id/>
                <Transition>
                    {move || Suspend::new(async move {
                        match previews.await {
                            Ok(previews) => {
                                let all = StoredValue::new(previews);
                                let shown = Memo::new(move |_| {
                                    let wanted = wanted.get();
                                    all.with_value(|all| {
                                        let named = all.iter().find(|one| Some(one.id) == wanted);
                                        named.or(all.first()).cloned()
                                    })
                                });
                                view! { <Shown id shown address/> }.into_any()
                            }
                            Err(error) => view! { <p class="muted">{error.to_string()}</p> }.into_any(),
                        }
                    })}
                </Transition>
            </div>
        </Page>
    }
}

fn commands(id: ConfigurationId) -> Vec<Command> {
    vec![
        Command::submit("New preview", Glyph::Beaker, MAKE_FORM).primary(),
        Command::go("Sync status", Glyph::HeartPulse, Route::SyncStatus(id))
            .after_line()
            .optional(),
    ]
}

/// Asks for a plan. The answer leads to its address.
#[component]
fn MakeForm(id: ConfigurationId) -> impl IntoView {
    let make = ServerAction::<Make>::new();
    view! {
        <WholeFormRefusal refusal=refusal(make) start="No preview."/>
        <CommandForm id=MAKE_FORM action=make>
            <input type="hidden" name="id" value=id.to_string()/>
            <p class="muted" role="status">
                {move || if make.pending().get() {
                    "The directory is being read and compared with the tenant."
                } else {
                    "A preview reads the directory and plans; it writes nothing to the tenant."
                }}
            </p>
        </CommandForm>
    }
}

#[component]
fn Shown(
    id: ConfigurationId,
    shown: Memo<Option<PreviewSummary>>,
    address: Memo<ListAddress>,
) -> impl IntoView {
    move || {
        match shown.get() {
        Some(summary) => view! { <Plan id summary address/> }.into_any(),
        None => view! {
            <EmptyState
                glyph=Glyph::Beaker
                title="No preview yet"
                text="Choose New preview to see what the next cycle would create, change and delete."
            />
        }
        .into_any(),
    }
    }
}

#[component]
fn Plan(id: ConfigurationId, summary: PreviewSummary, address: Memo<ListAddress>) -> impl IntoView {
    let preview = summary.id;
    view! {
        <Verdict summary=summary.clone()/>
        <RunForm id summary=summary.clone()/>
        <Counts summary/>
        <Lines preview address/>
    }
}

/// What the plan as a whole comes to.
#[component]
fn Verdict(summary: PreviewSummary) -> impl IntoView {
    let (severity, start) = verdict(&summary);
    let start = match summary.is_draft {
        true => format!("With the changes that are not saved: {start}"),
        false => start,
    };
    let extent = match summary.covers_everything {
        true => "Every object was looked at, as after a restart.",
        false => "What changed since the last cycle was looked at.",
    };
    let nesting = match summary.added_by_nesting {
        0 => String::new(),
        added => format!(
            " {} in scope through nested groups only.",
            count(added, "object")
        ),
    };
    view! { <MessageBar id="verdict" severity start text=format!("{extent}{nesting}")/> }
}

/// Failures are part of it: a directory and a tenant that differ where nothing can be written do
/// not agree.
fn verdict(summary: &PreviewSummary) -> (Severity, String) {
    let (severity, start) = match (&summary.held_because, summary.counts.changes_nothing()) {
        (Some(why), _) => (
            Severity::Warning,
            format!("Deletions would be held: {why}. No other change would be written either."),
        ),
        (None, false) => (
            Severity::Info,
            "The next cycle would change the tenant.".to_owned(),
        ),
        (None, true) if summary.counts.failures.total() > 0 => {
            (Severity::Warning, "No changes.".to_owned())
        }
        (None, true) => (Severity::Success, "Directory and tenant agree.".to_owned()),
    };
    match failures_in_words(summary.counts.failures) {
        Some(failures) => (Severity::Warning, format!("{start} {failures}.")),
        None => (severity, start),
    }
}

/// Runs exactly what is shown.
#[component]
fn RunForm(id: ConfigurationId, summary: PreviewSummary) -> impl IntoView {
    let run = ServerAction::<Run>::new();
    let toasts = Toasts::here();
    let navigate = use_navigate();
    after(run, move |cycle| {
        let counts = counts_in_words(&cycle.counts);
        toasts.show(match cycle.counts.failed {
            0 => Toast::success("The plan was carried out", counts),
            _ => Toast::warning("The plan was carried out with failures", counts),
        });
        navigate(&Route::SyncStatus(id).to_string(), Default::default());
    });
    let may_run = !summary.is_draft && !summary.counts.changes_nothing();
    let made = summary.made_at;
    view! {
        <WholeFormRefusal refusal=refusal(run) start="Nothing was done."/>
        <CommandForm id=RUN_FORM action=run>
            <input type="hidden" name="id" value=id.to_string()/>
            <input type="hidden" name="preview" value=summary.id.to_string()/>
            <div class="row">
                {may_run.then(|| view! {
                    <Button label="Run exactly this plan" weight=Weight::Secondary unavailable=run.pending()/>
                })}
                <span class="muted">"Made "<Moment at=made/>" by "{summary.made_by}"."</span>
                <a href=format!("/cloud-sync/previews/{}.csv", summary.id) download>"Download CSV"</a>
                <a href=format!("/cloud-sync/previews/{}.json", summary.id) download>"Download JSON"</a>
            </div>
        </CommandForm>
    }
}

#[component]
fn Counts(summary: PreviewSummary) -> impl IntoView {
    let PlanCounts {
        creates,
        updates,
        take_overs,
        restores,
        deletes,
        failures,
        conflicts,
        skips,
        references_added,
        references_removed,
    } = summary.counts;
    let row = |name: &'static str, counts: ManagedCounts| {
        view! {
            <Row>
                <RowHeader>{name}</RowHeader>
                <Cell number=true label="Users">{number(counts.users)}</Cell>
                <Cell number=true label="Groups">{number(counts.groups)}</Cell>
                <Cell number=true label="Contacts">{number(counts.contacts)}</Cell>
            </Row>
        }
    };
    let columns = vec![
        Column::new("Change"),
        Column::new("Users").number(),
        Column::new("Groups").number(),
        Column::new("Contacts").number(),
    ];
    view! {
        <Card id="plan-counts" title="The plan in numbers">
            <DataGrid label="The plan in numbers" small=true columns>
                {row("Create", creates)}
                {row("Update", updates)}
                {row("Take over", take_overs)}
                {row("Restore", restores)}
                {row("Delete", deletes)}
                {row("Fail", failures)}
                {row("Value held back", conflicts)}
                {row("Leave as it is", skips)}
            </DataGrid>
            <p class="muted">
                {format!(
                    "References: {} added, {} removed.",
                    number(references_added),
                    number(references_removed)
                )}
            </p>
        </Card>
    }
}

#[component]
fn Lines(preview: Uuid, address: Memo<ListAddress>) -> impl IntoView {
    let wanted =
        Memo::new(move |_| address.with(|address| (address.text(ACTION), address.after())));
    let rows = resource(
        move || wanted.get(),
        move |(action, after)| api::previews::lines(Some(preview), action, after),
    );
    let current = Signal::derive(move || address.with(|address| address.text(ACTION)));
    let kept = Signal::derive(move || address.with(|address| address.beside(&[ACTION])));
    let looks = Looks {
        label: "Planned changes".to_owned(),
        noun: ["change", "changes"],
        columns: vec![
            Column::new("Object"),
            Column::new("Action"),
            Column::new("What"),
        ],
    };
    let empty = || {
        view! { <EmptyState glyph=Glyph::Checkmark title="Nothing planned" text="There is no such change in this plan."/> }
    };
    let path = address.with_untracked(|address| address.path().to_owned());
    view! {
        <FilterForm path kept>
            <FilterPill name=ACTION label="Action" current choices=choices()/>
        </FilterForm>
        <PagedList looks rows address row=|line: PreviewLine| row(line) empty/>
    }
}

fn choices() -> Vec<FilterChoice> {
    [
        ("", "All"),
        ("create", "Create"),
        ("update", "Update"),
        ("takeOver", "Take over"),
        ("restore", "Restore"),
        ("delete", "Delete"),
        ("fail", "Fail"),
        ("skip", "Leave as it is"),
        ("references", "References"),
    ]
    .into_iter()
    .map(|(value, label)| FilterChoice::new(value, label))
    .collect()
}

fn row(line: PreviewLine) -> AnyView {
    let (name, dn, kind) = match &line {
        PreviewLine::Object(planned) => (
            planned.display_name.clone(),
            planned.dn.to_string(),
            planned.kind,
        ),
        PreviewLine::References(references) => (
            references.display_name.clone(),
            references.dn.clone(),
            references.kind,
        ),
    };
    let action = choices()
        .into_iter()
        .find(|choice| choice.value == line.action());
    let action = action.map(|choice| choice.label).unwrap_or_default();
    view! {
        <Row>
            <RowHeader>
                <span class="two-lines">
                    <span>{name}</span>
                    <small class="break-anywhere">{dn}</small>
                </span>
            </RowHeader>
            <Cell label="Action">{action}" "{kind_word(kind)}</Cell>
            <Cell label="What">{what(line)}</Cell>
        </Row>
    }
    .into_any()
}

fn kind_word(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::User => "user",
        ObjectKind::Group => "group",
        ObjectKind::Contact => "contact",
    }
}

/// Old and new values of what changes, reasons of everything else.
fn what(line: PreviewLine) -> AnyView {
    match line {
        PreviewLine::References(references) => format!(
            "{}: {} added, {} removed",
            references.attribute,
            number(references.added),
            number(references.removed)
        )
        .into_any(),
        PreviewLine::Object(planned) => match &planned.change {
            Change::Create { .. } => {
                let values = planned.detail.modified_properties.len() as u64;
                count(values, "attribute").into_any()
            }
            Change::Update { .. } | Change::TakeOver { .. } | Change::Restore { .. } => {
                let properties = planned.detail.modified_properties.clone();
                view! { <ul class="plain">{properties.into_iter().map(property).collect_view()}</ul> }
                    .into_any()
            }
            Change::Delete { .. } | Change::Nothing => planned.reason().to_owned().into_any(),
            Change::Skip(problem) | Change::Fail(problem) => problem.reason.clone().into_any(),
        },
    }
}

fn property(property: ModifiedProperty) -> impl IntoView {
    let value = |value: Option<String>| value.unwrap_or_else(|| "(empty)".to_owned());
    view! {
        <li class="break-anywhere">
            {property.name}": "<del>{value(property.old_value)}</del>" "
            <ins>{value(property.new_value)}</ins>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(counts: PlanCounts) -> (Severity, String) {
        verdict(&PreviewSummary {
            id: Uuid::nil(),
            configuration: ConfigurationId(Uuid::nil()),
            made_at: Default::default(),
            made_by: String::new(),
            is_draft: false,
            covers_everything: true,
            counts,
            held_because: None,
            added_by_nesting: 0,
            digest: String::new(),
        })
    }

    #[test]
    fn a_plan_that_changes_nothing_is_no_agreement_while_objects_fail() {
        let failures = ManagedCounts {
            users: 5,
            ..ManagedCounts::default()
        };
        let nothing = PlanCounts::default();
        let agree = "Directory and tenant agree.".to_owned();
        assert_eq!(of(nothing), (Severity::Success, agree));
        let only_failures = PlanCounts {
            failures,
            ..nothing
        };
        let fail = "No changes. 5 users fail.".to_owned();
        assert_eq!(of(only_failures), (Severity::Warning, fail));
        let both = PlanCounts {
            creates: failures,
            ..only_failures
        };
        let changes = "The next cycle would change the tenant. 5 users fail.".to_owned();
        assert_eq!(of(both), (Severity::Warning, changes));
    }
}
