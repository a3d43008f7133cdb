//! `…/:id/quarantine`: why synchronization is on hold: the rule and its limits, what was asked first
//! and last and what was answered, which objects fail, what happens next, and the way out.

pub mod callout;
pub mod clear;
pub mod requests;
pub mod rules;

use engine::{
    configuration::ConfigurationId,
    cycle::deletion_guard::PAUSED,
    health::{Health, Trouble},
    records::{ConfigurationDetails, ConfigurationState, ObjectFailure, Page as PageOf},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use self::{
    clear::{CLEAR, ClearDialog},
    requests::{FailingObjects, Requests},
    rules::{Failed, Rules, rule_in_words},
};
use super::status::trouble_of;
use crate::{
    api::{self, ApiError, resource::resource},
    components::{
        button::GoButton,
        card::{Callout, Card},
        command_bar::Command,
        copy_button::CopyButton,
        empty_state::EmptyState,
        essentials::Fact,
        icon::Glyph,
        message_bar::{MessageBar, Severity},
        moment::{Moment, MomentForm},
        page::Page,
        title_row::PageTitle,
    },
    live::{self, keep_fresh},
    pages::{
        cloud_sync::provisioning_logs::filters::failures_of,
        frame::{self, label},
        loading::{configuration_details, id_in_address, when_loaded},
    },
    routes::Route,
    skin::word,
    wording::number,
};

/// What the page shows.
#[derive(Clone, Serialize, Deserialize)]
struct Shown {
    details: ConfigurationDetails,
    failures: PageOf<ObjectFailure>,
}

async fn load(id: Option<Uuid>) -> Result<Shown, ApiError> {
    let details = configuration_details(id).await?;
    let failures = api::configurations::failures(details.configuration.id).await?;
    Ok(Shown { details, failures })
}

#[component]
pub fn Quarantine() -> impl IntoView {
    let id = id_in_address();
    let shown = resource(move || id.get(), load);
    when_loaded(shown, page)
}

fn page(shown: Shown) -> impl IntoView {
    let configuration = shown.details.configuration.clone();
    let (id, domain) = (configuration.id, configuration.domain.to_string());
    let shown = RwSignal::new(shown);
    keep_fresh(shown, move || load(Some(id.0)));
    let health = Memo::new(move |_| shown.read().details.state.health.clone());
    let trouble = Memo::new(move |_| trouble_in_quarantine(&shown.read().details.state));
    let failed = Signal::derive(move || Failed::of(&shown.read().details.state));
    let reason = Signal::derive(move || health.read().quarantine_reason());
    let limits = configuration.quarantine_limits;
    view! {
        <Page
            title=PageTitle::of(domain.clone(), "Quarantine")
            subtitle=word("Active Directory to Azure AD")
            glyph=Glyph::ShieldErrorFilled
            above=frame::configuration(id, &domain)
            here="Quarantine"
            menu=frame::configuration_menu(id, label::SYNC_STATUS)
            commands=commands(id, health)
            state=live::last_update_in_words()
        >
            {move || standing(id, shown, health.get())}
            {move || trouble_of(&shown.read().details.state).map(|trouble| view! {
                <div class="cards">
                    <Standing shown trouble=trouble.clone()/>
                    {trouble.requests.map(|requests| view! { <Requests requests/> })}
                </div>
            })}
            <FailingObjects id failures=Signal::derive(move || shown.read().failures.clone())/>
            <Rules failed limits reason/>
            <ClearDialog id here=Route::Quarantine(id) trouble/>
        </Page>
    }
}

/// Only while it is a quarantine that can be cleared.
pub fn trouble_in_quarantine(state: &ConfigurationState) -> Option<Trouble> {
    match &state.health {
        Health::Quarantined(trouble) => Some(trouble.clone()),
        Health::NotYetRun | Health::Healthy | Health::Failing(_) | Health::DeletionsHeld { .. } => {
            None
        }
    }
}

fn commands(id: ConfigurationId, health: Memo<Health>) -> Vec<Command> {
    let unavailable = Signal::derive(move || why_not_cleared(&health.read()).map(str::to_owned));
    vec![
        Command::go(
            "Clear quarantine",
            Glyph::ShieldCheckmark,
            Route::Quarantine(id).with("ask", CLEAR),
        )
        .changes()
        .primary()
        .unavailable_because(unavailable),
        Command::go(
            word("Restart provisioning"),
            Glyph::ArrowSync,
            Route::Configuration(id).with("ask", "restart"),
        )
        .changes(),
        Command::go("Edit configuration", Glyph::Edit, Route::Configuration(id)).optional(),
        Command::go(
            "Provisioning logs",
            Glyph::DocumentBulletList,
            failures_of(id),
        )
        .after_line()
        .optional(),
        Command::run("Refresh", Glyph::ArrowClockwise, live::refresh()).optional(),
    ]
}

/// Why **Clear quarantine** cannot be chosen; nothing when it can.
pub fn why_not_cleared(health: &Health) -> Option<&'static str> {
    match health {
        Health::Quarantined(_) => None,
        Health::DeletionsHeld { .. } => Some("Use Allow deletes, or repair and restart."),
        Health::NotYetRun | Health::Healthy | Health::Failing(_) => Some("Not in quarantine."),
    }
}

/// How the configuration stands, in the first block of the page.
fn standing(id: ConfigurationId, shown: RwSignal<Shown>, health: Health) -> AnyView {
    match health {
        Health::Quarantined(trouble) => view! { <Held shown trouble/> }.into_any(),
        Health::DeletionsHeld { .. } => view! {
            <MessageBar
                id="deletions-held"
                severity=Severity::Warning
                start="Delete threshold exceeded."
                text=PAUSED
            >
                <GoButton label="Review held deletions" href=Route::SyncStatus(id) small=true/>
            </MessageBar>
        }
        .into_any(),
        Health::Failing(trouble) => view! {
            <MessageBar
                id="failing"
                severity=Severity::Warning
                start="Not in quarantine yet."
                text=format!("The last cycle failed and is tried again: {}", trouble.message)
            />
        }
        .into_any(),
        Health::NotYetRun | Health::Healthy => view! {
            <div class="card">
                <EmptyState
                    glyph=Glyph::ShieldCheckmark
                    title="Not in quarantine"
                    text="Cycles run as usual. A quarantine begins when the directory or the tenant \
                          refuse us, or when too many objects fail."
                >
                    <GoButton label="View sync status" href=Route::SyncStatus(id)/>
                </EmptyState>
            </div>
        }
        .into_any(),
    }
}

/// Why, and what happens next.
#[component]
fn Held(shown: RwSignal<Shown>, trouble: Trouble) -> impl IntoView {
    let reason = trouble.reason;
    let rule = move || {
        let shown = shown.read();
        let limits = shown.details.configuration.quarantine_limits;
        rule_in_words(reason, Failed::of(&shown.details.state), &limits)
    };
    let given_up_at = trouble.since.plus(Trouble::GIVEN_UP_AFTER);
    view! {
        <Callout id="quarantine-title" title="Quarantined" glyph=Glyph::ErrorCircleFilled>
            <p class="strong">{rule}"."</p>
            <p>
                "Attempt "{number(trouble.attempts.into())}"; next "
                <Moment at=trouble.next_attempt due=true/>". Switched off by itself on "
                <Moment at=given_up_at form=MomentForm::Exact/>" if nothing changes. \
                Objects in the tenant stay as they are."
            </p>
        </Callout>
    }
}

/// The numbers of a series of failures.
#[component]
fn Standing(shown: RwSignal<Shown>, trouble: Trouble) -> impl IntoView {
    let failed = move |count: fn(Failed) -> u64| {
        move || number(count(Failed::of(&shown.read().details.state)))
    };
    let code = trouble.reason.to_string();
    view! {
        <Card id="standing-title" title="How it stands">
            <dl class="facts">
                <Fact name="Rule">
                    <span class="monospace break-anywhere">{code.clone()}</span>
                    <CopyButton what="error code" text=code/>
                </Fact>
                <Fact name="Since"><Moment at=trouble.current_since form=MomentForm::Exact/></Fact>
                <Fact name="Attempts">{number(trouble.attempts.into())}</Fact>
                <Fact name="Next attempt"><Moment at=trouble.next_attempt form=MomentForm::Exact/></Fact>
                <Fact name="Failed objects">{failed(|failed| failed.objects)}</Fact>
                <Fact name="References">{failed(|failed| failed.references)}" without a target"</Fact>
            </dl>
        </Card>
    }
}
