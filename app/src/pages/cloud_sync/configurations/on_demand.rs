//! `…/:id/provision-on-demand`: the configuration tested on one object, step by step.

use engine::{
    configuration::ConfigurationId,
    directory::ObjectKind,
    on_demand::{OnDemand, OnDemandStep, StepName},
    records::{ConfigurationDetails, ModifiedProperty, ProvisioningAction, ProvisioningResult},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use uuid::Uuid;

use crate::{
    api::{self, ApiError, on_demand::Provision, resource::resource},
    components::{
        breadcrumb::Crumb,
        button::{Button, Weight},
        card::Card,
        command_bar::Command,
        copy_button::CopyButton,
        data_grid::{Cell, Column, DataGrid, Row, RowHeader},
        empty_state::EmptyState,
        essentials::Fact,
        icon::{Glyph, Icon},
        message_bar::{MessageBar, Severity},
        moment::{Moment, MomentForm},
        page::Page,
        status_badge::StatusBadge,
    },
    pages::{
        cloud_sync::provisioning_logs::badge,
        forms::{CommandForm, DraftField, WholeFormRefusal, refusal},
        frame::{self, label},
        loading::{configuration_details, id_in_address, page_for},
    },
    routes::Route,
    skin::word,
};

/// What the form is for people who do not use a pointer, and for the commands.
const FORM: &str = "on-demand-form";
/// Names a test and one of its steps in the address.
const TEST: &str = "test";
const STEP: &str = "step";

#[component]
pub fn ProvisionOnDemand() -> impl IntoView {
    page_for(id_in_address(), configuration_details, |details| {
        page(&details)
    })
}

fn page(details: &ConfigurationDetails) -> impl IntoView + use<> {
    let id = details.configuration.id;
    let domain = details.configuration.domain.to_string();
    let query = use_query_map();
    let wanted = Memo::new(move |_| query.read().get(TEST)?.parse::<Uuid>().ok());
    let test = resource(
        move || wanted.get(),
        |id| async move {
            match id {
                Some(id) => api::on_demand::test(id).await.map(Some),
                None => Ok(None),
            }
        },
    );
    let provision = ServerAction::<Provision>::new();
    let mut above = frame::cloud_sync();
    above.push(Crumb::new(domain.clone(), Route::Configuration(id)));
    view! {
        <Page
            title="Provision on demand"
            subtitle=format!("{domain} · {}", word("Active Directory to Azure AD"))
            glyph=Glyph::Flash
            above
            menu=frame::configuration_menu(id, label::PROVISION_ON_DEMAND)
            commands=commands(id)
        >
            <div class="stack">
                <Transition>
                    {move || Suspend::new(async move {
                        let found = test.await;
                        let asked_for = match &found {
                            Ok(Some(test)) => test.asked_for.clone(),
                            _ => String::new(),
                        };
                        view! {
                            <Form id provision asked_for/>
                            <Answer id found/>
                        }
                    })}
                </Transition>
            </div>
        </Page>
    }
}

fn commands(id: ConfigurationId) -> Vec<Command> {
    vec![
        Command::submit("Retry", Glyph::ArrowSync, FORM),
        Command::go(
            "Provision another object",
            Glyph::PersonAdd,
            Route::ProvisionOnDemand(id),
        ),
        Command::go(
            "View in provisioning logs",
            Glyph::DocumentBulletList,
            Route::ProvisioningLogsOf(id),
        )
        .after_line()
        .optional(),
    ]
}

#[component]
fn Form(
    id: ConfigurationId,
    provision: ServerAction<Provision>,
    asked_for: String,
) -> impl IntoView {
    let refused = refusal(provision);
    view! {
        <Card id="object-to-provision" title="Object">
            <WholeFormRefusal refusal=refused start="Not provisioned."/>
            <CommandForm id=FORM action=provision>
                <input type="hidden" name="id" value=id.to_string()/>
                <DraftField
                    name="subject"
                    label="Distinguished name"
                    initial=asked_for
                    hint="One user, group or contact, by distinguished name, user principal name, mail address or object identifier. The saved configuration is applied at once, also while it is disabled or in quarantine."
                    required=true
                    refusal=refused
                />
                <div class="row">
                    <Button label="Provision" weight=Weight::Primary unavailable=provision.pending()/>
                    <span role="status" class="muted">
                        {move || provision.pending().get().then_some("Provisioning.")}
                    </span>
                </div>
            </CommandForm>
        </Card>
    }
}

#[component]
fn Answer(id: ConfigurationId, found: Result<Option<OnDemand>, ApiError>) -> impl IntoView {
    match found {
        Ok(Some(test)) => view! { <Found id test/> }.into_any(),
        Ok(None) => view! {
            <EmptyState
                glyph=Glyph::Flash
                title="Nothing was tested yet"
                text="Enter an object of the directory. It is read, judged, matched and written, and each step is explained."
            />
        }
        .into_any(),
        Err(error) => view! {
            <MessageBar id="no-test" severity=Severity::Warning start="This test is not kept any more." text=error.to_string()/>
        }
        .into_any(),
    }
}

#[component]
fn Found(id: ConfigurationId, test: OnDemand) -> impl IntoView {
    let query = use_query_map();
    let kind = test.kind.unwrap_or(ObjectKind::User);
    let at = test.at;
    let (severity, start, text) = in_words(&test);
    let test_id = test.id;
    let shown = StoredValue::new(test.clone());
    let open = Memo::new(move |_| {
        let said = query.read().get(STEP).unwrap_or_default();
        shown.with_value(|test| {
            let of_address = test.steps.iter().find(|step| step.name.as_str() == said);
            of_address.or(test.steps.last()).cloned()
        })
    });
    let steps = test
        .steps
        .into_iter()
        .map(move |step| view! { <Step id test=test_id step kind open/> })
        .collect_view();
    view! {
        <MessageBar id="on-demand-result" severity start text announced=true/>
        <div class="steps-and-details">
            <Card
                id="steps"
                title="Steps"
                aside=move || view! { <span class="muted"><Moment at form=MomentForm::Exact/></span> }.into_any()
            >
                <ol class="timeline">{steps}</ol>
            </Card>
            {move || open.get().map(|step| view! { <Details step kind target=test.target_id/> })}
        </div>
    }
}

/// The result in a sentence.
fn in_words(test: &OnDemand) -> (Severity, String, String) {
    let name = match test.display_name.is_empty() {
        true => test.asked_for.clone(),
        false => test.display_name.clone(),
    };
    let Some(last) = test.steps.last() else {
        return (Severity::Error, name, String::new());
    };
    if !test.succeeded() {
        let start = format!("{name} was not provisioned.");
        return (Severity::Error, start, last.explanation.clone());
    }
    if test.is_out_of_scope() {
        let start = format!("{name} is out of scope.");
        return (
            Severity::Warning,
            start,
            out_of_scope_in_words(test.written),
        );
    }
    let is_skipped = last.result == ProvisioningResult::Skipped;
    let start = match test.written {
        Some(_) => format!("{name} was provisioned."),
        None if is_skipped => format!("{name} was skipped."),
        None => format!("{name} is up to date."),
    };
    let mut steps = test.steps.iter();
    let is_warned = steps.any(|step| step.result == ProvisioningResult::Warning);
    let severity = match is_warned || is_skipped {
        true => Severity::Warning,
        false => Severity::Success,
    };
    (severity, start, last.explanation.clone())
}

/// Provisioning on demand judges the scope and does not stop there, so what it wrote to the tenant
/// has to be said.
fn out_of_scope_in_words(written: Option<ProvisioningAction>) -> String {
    match written {
        Some(ProvisioningAction::Create) => {
            "It was created in the tenant all the same; the next full evaluation deletes it again."
        }
        Some(ProvisioningAction::Delete) => "It was deleted from the tenant.",
        Some(_) => {
            "It was updated in the tenant all the same; the next full evaluation deletes it."
        }
        None => "Nothing was written.",
    }
    .to_owned()
}

#[component]
fn Step(
    id: ConfigurationId,
    test: Uuid,
    step: OnDemandStep,
    kind: ObjectKind,
    open: Memo<Option<OnDemandStep>>,
) -> impl IntoView {
    let (name, label) = (step.name, step.name.label(kind));
    let href = format!(
        "{}&{STEP}={}",
        Route::ProvisionOnDemand(id).with(TEST, test),
        name.as_str()
    );
    let is_open = move || open.with(|open| open.as_ref().is_some_and(|open| open.name == name));
    let badge = badge(step.result);
    let glyph = badge.glyph;
    view! {
        <li class:selected=is_open>
            <Icon glyph/>
            <div>
                <h3>{label.clone()}<span class="muted">{badge.word.clone()}</span></h3>
                <p class="break-anywhere">{step.explanation}</p>
                <a
                    href=href
                    aria-label=format!("View details: {label}")
                    aria-current=move || is_open().then_some("true")
                >
                    "View details"
                </a>
            </div>
        </li>
    }
}

#[component]
fn Details(step: OnDemandStep, kind: ObjectKind, target: Option<Uuid>) -> impl IntoView {
    let title = step.name.label(kind);
    let badge = badge(step.result);
    let changes = step.details.iter().any(|detail| detail.old_value.is_some());
    let target = target.filter(|_| matches!(step.name, StepName::Match | StepName::Action));
    let error = step.error.map(|error| {
        view! {
            <p><strong class="monospace">{error.code}</strong>" "{error.reason}</p>
            <p class="muted">{error.advice}</p>
        }
    });
    let is_empty = step.details.is_empty();
    let columns = match changes {
        true => vec!["Attribute", "Old value", "New value"],
        false => vec!["Attribute", "Value"],
    };
    let columns: Vec<Column> = columns.into_iter().map(Column::new).collect();
    let rows = step
        .details
        .into_iter()
        .map(move |detail| detail_row(detail, changes))
        .collect_view();
    let label = format!("Details: {title}");
    view! {
        <Card
            id="step-details"
            title=title
            aside=move || view! { <StatusBadge badge=badge.clone()/> }.into_any()
        >
            {error}
            {match is_empty {
                true => view! { <p class="muted">"There are no details."</p> }.into_any(),
                false => view! { <DataGrid label small=true columns>{rows}</DataGrid> }.into_any(),
            }}
            {target.map(|target| view! {
                <dl class="facts">
                    <Fact name="Target object ID">
                        <a class="monospace" href=object_page(kind, target)>{target.to_string()}</a>
                        <CopyButton what="target object ID" text=target.to_string()/>
                    </Fact>
                </dl>
            })}
        </Card>
    }
}

fn object_page(kind: ObjectKind, id: Uuid) -> String {
    match kind {
        ObjectKind::User => Route::User(id),
        ObjectKind::Group => Route::Group(id),
        ObjectKind::Contact => Route::Contact(id),
    }
    .to_string()
}

fn detail_row(detail: ModifiedProperty, changes: bool) -> impl IntoView {
    let value = |value: Option<String>| value.unwrap_or_else(|| "(empty)".to_owned());
    view! {
        <Row>
            <RowHeader>{detail.name}</RowHeader>
            {changes.then(|| view! {
                <Cell label="Old value"><span class="values break-anywhere">{value(detail.old_value)}</span></Cell>
            })}
            <Cell label="New value"><span class="values break-anywhere">{value(detail.new_value)}</span></Cell>
        </Row>
    }
}
