//! `…/:id/status`: the pane that tells how a configuration is, why, and what can be done.

pub mod held;

use engine::{
    configuration::ConfigurationId,
    health::{Health, Trouble},
    records::{ConfigurationState, CycleSummary, DeletionCheck, Status},
};
use leptos::{
    ev,
    form::FromFormData,
    prelude::*,
    server_fn::{ServerFn, error::FromServerFnError},
};
use serde::de::DeserializeOwned;

use self::held::{Held, WhyHeld};
use super::{
    close_pane,
    editor::Editor,
    quarantine::{
        callout::Quarantine,
        clear::{CLEAR, ClearDialog},
        trouble_in_quarantine,
    },
    summary::{Failures, Progress},
};
use crate::{
    api::configurations::{Pause, Start},
    components::{
        button::{Button, GoButton, Weight},
        card::Callout,
        copy_button::CopyButton,
        data_grid::{Cell, Column, DataGrid, Row, RowHeader},
        essentials::Fact,
        icon::Glyph,
        moment::Moment,
        pane::Pane,
        status_badge::StatusBadge,
        toast::{Toast, Toasts},
    },
    pages::{
        cloud_sync::status,
        forms::{after, complain},
    },
    routes::Route,
    wording::{count, number},
};

/// The pane over the configuration page.
#[component]
pub fn SyncStatus(editor: Editor) -> impl IntoView {
    let close = close_pane(editor);
    let holds = Memo::new(move |_| holds_deletions(&editor.state.read()));
    let is_exceeded =
        Memo::new(move |_| editor.state.read().status == Status::DeleteThresholdExceeded);
    let trouble = Memo::new(move |_| trouble_in_quarantine(&editor.state.read()));
    let footer = move || {
        view! {
            {move || holds.get().then(|| view! {
                <GoButton
                    label="Allow deletes"
                    weight=Weight::Primary
                    href=Route::SyncStatus(editor.id()).with("ask", "allow")
                />
            })}
            <Verbs editor/>
            <Button label="Cancel" on_click=close/>
        }
    };
    view! {
        <Pane id="status-pane" title="Sync status" subtitle=editor.domain() on_close=close footer>
            <Now editor/>
            <Progress editor/>
            {move || is_exceeded.get().then(|| view! { <WhyHeld editor/> })}
            {move || holds.get().then(|| view! { <Held editor/> })}
            <Counts editor/>
            <LastCycle editor/>
            <ClearDialog id=editor.id() here=Route::SyncStatus(editor.id()) trouble/>
            <p class="row">
                <a href=Route::ProvisioningLogsOf(editor.id()).to_string()>"View provisioning logs"</a>
                <a href=Route::Agents.to_string()>"View agents"</a>
            </p>
        </Pane>
    }
}

/// Whether deletions wait for somebody's word; they do so while cycles fail, too.
fn holds_deletions(state: &ConfigurationState) -> bool {
    match state.status {
        Status::DeleteThresholdExceeded => true,
        Status::Failing => state.held_deletions > 0,
        _ => false,
    }
}

#[component]
fn Now(editor: Editor) -> impl IntoView {
    let badge = Signal::derive(move || status::badge(editor.state.read().status));
    let trouble = Memo::new(move |_| trouble_of(&editor.state.read()));
    let is_quarantine = Memo::new(move |_| editor.state.read().status == Status::Quarantined);
    let deletion_check = Memo::new(move |_| editor.state.read().deletion_check);
    let job = editor.id().job_id();
    view! {
        {move || trouble.get().map(|trouble| match is_quarantine.get() {
            true => view! { <Quarantine editor trouble/> }.into_any(),
            false => view! { <WhatIsWrong trouble/> }.into_any(),
        })}
        <dl class="facts">
            <Fact name="Status"><span role="status"><StatusBadge badge/></span></Fact>
            <Fact name="Next run">{move || status::next_run(&editor.state.read())}</Fact>
            {move || deletion_check.get().map(deletions)}
            <Fact name="Failures"><Failures editor/></Fact>
            <Fact name="References without a target">
                {move || number(editor.state.read().unresolved_references)}
            </Fact>
            <Fact name="Job ID">
                <span class="monospace">{job.clone()}</span>
                <CopyButton what="job ID" text=job/>
            </Fact>
        </dl>
    }
}

/// Somebody who deleted an object in such a directory has to know how long it may take.
fn deletions(check: DeletionCheck) -> impl IntoView {
    let last = match check.last {
        Some(at) => view! { "Last checked "<Moment at/> }.into_any(),
        None => "Not checked yet".into_any(),
    };
    let next = check
        .next
        .map(|at| view! { ", next "<Moment at due=true/> });
    view! { <Fact name="Deletions"><span>{last}{next}</span></Fact> }
}

/// What can be done in the state that the configuration is in.
#[component]
fn Verbs(editor: Editor) -> impl IntoView {
    let id = editor.id();
    let status = Memo::new(move |_| editor.state.read().status);
    let (pause, start) = (ServerAction::<Pause>::new(), ServerAction::<Start>::new());
    let toasts = Toasts::here();
    let tell = move |title: &'static str, text: &'static str| {
        move |()| toasts.show(Toast::success(title, text))
    };
    after(
        pause,
        tell("Paused", "Nothing runs until somebody starts it again."),
    );
    after(start, tell("Started", "It goes on where it stopped."));
    complain(pause.value().into(), "Not paused");
    complain(start.value().into(), "Not started");
    move || match status.get() {
        Status::Quarantined => {
            let ask = Route::SyncStatus(id).with("ask", CLEAR);
            view! { <GoButton label="Clear quarantine" weight=Weight::Primary href=ask/> }
                .into_any()
        }
        Status::Paused => {
            view! { <Verb id action=start label="Start" weight=Weight::Primary/> }.into_any()
        }
        Status::Disabled => ().into_any(),
        Status::Waiting
        | Status::InitialCycleRunning
        | Status::Healthy
        | Status::Failing
        | Status::DeleteThresholdExceeded => {
            view! { <Verb id action=pause label="Pause" weight=Weight::Secondary/> }.into_any()
        }
    }
}

/// A button that tells the configuration one thing, with or without a script.
#[component]
fn Verb<S>(
    id: ConfigurationId,
    action: ServerAction<S>,
    label: &'static str,
    weight: Weight,
) -> impl IntoView
where
    S: ServerFn + DeserializeOwned + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
    S::Error: FromServerFnError + Send + Sync + 'static,
{
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if let Ok(input) = S::from_event(&event) {
            action.dispatch(input);
        }
    };
    view! {
        <form class="button-form" method="post" action=S::url() on:submit=submit>
            <input type="hidden" name="id" value=id.to_string()/>
            <Button label weight unavailable=action.pending()/>
        </form>
    }
}

/// Why cycles fail, while they do.
pub fn trouble_of(state: &ConfigurationState) -> Option<Trouble> {
    match &state.health {
        Health::Failing(trouble) | Health::Quarantined(trouble) => Some(trouble.clone()),
        Health::NotYetRun | Health::Healthy | Health::DeletionsHeld { .. } => None,
    }
}

#[component]
fn WhatIsWrong(trouble: Trouble) -> impl IntoView {
    view! {
        <Callout id="trouble-title" title="The last cycle could not be finished" glyph=Glyph::ErrorCircleFilled>
            <p>{trouble.message.clone()}</p>
            {(trouble.first_message != trouble.message).then(|| view! {
                <p class="muted">"It began with: "{trouble.first_message.clone()}</p>
            })}
            <p class="muted">
                "Since "<Moment at=trouble.since/>", "{count(u64::from(trouble.attempts), "attempt")}
                ". Next attempt "<Moment at=trouble.next_attempt/>"."
            </p>
        </Callout>
    }
}

#[component]
fn Counts(editor: Editor) -> impl IntoView {
    let row = move |name: &'static str, value: fn(&ConfigurationState) -> u64| {
        view! {
            <Row>
                <RowHeader>{name}</RowHeader>
                <Cell number=true>{move || number(value(&editor.state.read()))}</Cell>
            </Row>
        }
    };
    view! {
        <section>
            <h3>"Objects by type"</h3>
            <DataGrid label="Objects by type" small=true columns=vec![Column::new("Type"), Column::new("Objects").number()]>
                {row("user to User", |state| state.managed.users)}
                {row("group to Group", |state| state.managed.groups)}
                {row("contact to Contact", |state| state.managed.contacts)}
            </DataGrid>
        </section>
    }
}

#[component]
fn LastCycle(editor: Editor) -> impl IntoView {
    let cycle = Memo::new(move |_| editor.state.read().last_cycle.clone());
    move || cycle.get().map(|cycle| view! { <Cycle cycle/> })
}

#[component]
fn Cycle(cycle: CycleSummary) -> impl IntoView {
    let columns = ["Began", "Kind", "Duration", "Result"]
        .into_iter()
        .map(Column::new)
        .collect::<Vec<_>>();
    let kind = status::kind_in_words(cycle.kind);
    let duration = status::duration_in_words(&cycle);
    let outcome = status::outcome_in_words(&cycle);
    let counts = status::counts_in_words(&cycle.counts);
    let summary = format!("{} read. {counts}.", number(cycle.counts.read));
    view! {
        <section>
            <h3>"Last cycle"</h3>
            <DataGrid label="Last cycles" small=true columns>
                <Row>
                    <RowHeader><Moment at=cycle.started_at/></RowHeader>
                    <Cell>{kind}</Cell>
                    <Cell>{duration}</Cell>
                    <Cell>{outcome}</Cell>
                </Row>
            </DataGrid>
            <p class="muted small">{summary}</p>
        </section>
    }
}
