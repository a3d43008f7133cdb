//! `…/:id/status`: the pane that tells how a configuration is, why, and what can be done. Deletions
//! that are held back are listed and allowed here.

use engine::{
    configuration::ConfigurationId,
    cycle::deletion_guard::{Limit, PAUSED},
    directory::ObjectKind,
    health::{Health, Trouble},
    records::{
        ConfigurationState, CycleSummary, DeletionCheck, HeldDeletion, HeldDeletions, PageKey,
        Status,
    },
};
use leptos::{
    ev,
    form::FromFormData,
    prelude::*,
    server_fn::{ServerFn, error::FromServerFnError},
};
use leptos_router::hooks::use_query_map;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::{
    asked, close_pane,
    editor::Editor,
    quarantine::{
        callout::Quarantine,
        clear::{CLEAR, ClearDialog},
        trouble_in_quarantine,
    },
    summary::{Failures, Progress},
};
use crate::{
    api::{
        self,
        configurations::{AllowDeletes, AllowSelected, Pause, Start},
        resource::resource,
    },
    components::{
        button::{Button, GoButton, Weight},
        card::Callout,
        copy_button::CopyButton,
        data_grid::{Cell, Column, ColumnRoom, DataGrid, Row, RowHeader},
        dialog::Dialog,
        essentials::Fact,
        icon::Glyph,
        moment::Moment,
        pager::Pager,
        pane::Pane,
        status_badge::StatusBadge,
        toast::{Toast, Toasts},
    },
    pages::{
        cloud_sync::status,
        forms::{after, complain, go_to},
    },
    routes::Route,
    wording::{count, number},
};

/// The pane over the configuration page.
#[component]
pub fn SyncStatus(editor: Editor) -> impl IntoView {
    let close = close_pane(editor);
    let holds = Memo::new(move |_| editor.state.read().status == Status::DeleteThresholdExceeded);
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

/// The held deletions, and the question whether they may pass.
#[component]
fn Held(editor: Editor) -> impl IntoView {
    let id = editor.id();
    let query = use_query_map();
    let after = Memo::new(move |_| query.read().get("after").map(PageKey));
    let held = resource(
        move || after.get(),
        move |after| api::configurations::held(id, after),
    );
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match held.await {
                    Ok(held) => view! { <HeldList editor held/> }.into_any(),
                    Err(error) => view! { <p class="muted">{error.to_string()}</p> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn HeldList(editor: Editor, held: HeldDeletions) -> impl IntoView {
    let id = editor.id();
    let total = held.page.total.unwrap_or(held.page.items.len() as u64);
    let cycle = held.cycle;
    let next = held
        .page
        .next
        .map(|key| Route::SyncStatus(id).with("after", key.0));
    let is_asked = asked("allow");
    let threshold = Limit::Threshold {
        threshold: held.threshold,
    };
    let limit = match &editor.state.read_untracked().health {
        Health::DeletionsHeld {
            limit: Some(limit), ..
        } => *limit,
        _ => threshold,
    };
    let explanation = format!(
        "The last cycle held {}: {limit}. {PAUSED}",
        count(total, "deletion"),
    );
    let columns = vec![
        Column::new("Object"),
        Column::new("Allow"),
        Column::new("Type"),
        Column::new("Cause").hidden_when_narrow(),
    ];
    view! {
        <Callout id="held-title" title="Delete threshold exceeded" glyph=Glyph::ShieldErrorFilled>
            <p>{explanation}</p>
            <p class="muted">
                "Meant? Choose Allow deletes. A mistake? Undo the cause, then choose Restart provisioning."
            </p>
        </Callout>
        <section aria-labelledby="held-list-title">
            <h3 id="held-list-title">{format!("Held deletions ({})", number(total))}</h3>
            <DataGrid label="Held deletions" columns>
                {held.page.items.into_iter().enumerate().map(held_row).collect_view()}
            </DataGrid>
            <Pager summary=count(total, "deletion") previous=None next/>
            {cycle.map(|cycle| view! { <AllowSelected editor cycle/> })}
        </section>
        {move || match (is_asked.get(), cycle) {
            (true, Some(cycle)) => view! { <Question editor cycle total/> }.into_any(),
            _ => ().into_any(),
        }}
    }
}

/// The form of the boxes in the list.
const SELECTION_FORM: &str = "allow-selected-form";

#[component]
fn AllowSelected(editor: Editor, cycle: Uuid) -> impl IntoView {
    let id = editor.id();
    let allow = ServerAction::<AllowSelected>::new();
    let toasts = Toasts::here();
    after(allow, move |allowed| {
        let text = format!(
            "{} carried out with the next cycle of {}; the others wait.",
            count(allowed, "deletion"),
            editor.domain()
        );
        toasts.show(Toast::success("Deletes accepted", text));
    });
    complain(allow.value().into(), "Not allowed");
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let chosen = AllowSelected::from_event(&event);
        allow.dispatch(chosen.unwrap_or(AllowSelected {
            id,
            cycle,
            selected: Vec::new(),
        }));
    };
    view! {
        <form id=SELECTION_FORM class="button-form" method="post" action=AllowSelected::url() on:submit=submit>
            <input type="hidden" name="id" value=id.to_string()/>
            <input type="hidden" name="cycle" value=cycle.to_string()/>
            <Button label="Allow selected" weight=Weight::Danger unavailable=allow.pending()/>
        </form>
    }
}

fn held_row((position, held): (usize, HeldDeletion)) -> impl IntoView {
    let name = format!("selected[{position}]");
    let label = format!("Allow the deletion of {}", held.display_name);
    let kind = match held.kind {
        ObjectKind::User => "User",
        ObjectKind::Group => "Group",
        ObjectKind::Contact => "Contact",
    };
    view! {
        <Row>
            <RowHeader>
                <span class="two-lines">
                    <span>{held.display_name}</span>
                    <small class="break-anywhere">{held.dn}</small>
                </span>
            </RowHeader>
            <Cell label="Allow">
                <input
                    type="checkbox"
                    form=SELECTION_FORM
                    name=name
                    value=held.anchor.to_string()
                    aria-label=label
                />
            </Cell>
            <Cell label="Type">{kind}</Cell>
            <Cell room=ColumnRoom::HiddenWhenNarrow label="Cause">{held.reason}</Cell>
        </Row>
    }
}

#[component]
fn Question(editor: Editor, cycle: Uuid, total: u64) -> impl IntoView {
    let id = editor.id();
    let allow = allow_action(editor);
    let back = go_to(Route::SyncStatus(id).to_string());
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        allow.dispatch(AllowDeletes { id, cycle });
    };
    let actions = move || {
        view! {
            <AllowForm id cycle submit/>
            <GoButton label="No" href=Route::SyncStatus(id) autofocus=true/>
        }
    };
    let text = format!(
        "They are carried out with the next cycle of {}. Users move to the recycle bin of the tenant and \
         can be restored for 30 days; groups and contacts are deleted for good. The permission covers \
         these {} only; the following cycle counts again.",
        editor.domain(),
        count(total, "object"),
    );
    view! {
        <Dialog id="allow-dialog" title=format!("Allow {}?", count(total, "deletion")) on_cancel=back actions>
            <p>{text}</p>
        </Dialog>
    }
}

#[component]
fn AllowForm(
    id: ConfigurationId,
    cycle: Uuid,
    submit: impl Fn(ev::SubmitEvent) + Send + 'static,
) -> impl IntoView {
    view! {
        <form class="button-form" method="post" action=AllowDeletes::url() on:submit=submit>
            <input type="hidden" name="id" value=id.to_string()/>
            <input type="hidden" name="cycle" value=cycle.to_string()/>
            <Button label="Yes, allow deletes" weight=Weight::Danger/>
        </form>
    }
}

fn allow_action(editor: Editor) -> ServerAction<AllowDeletes> {
    let allow = ServerAction::<AllowDeletes>::new();
    let toasts = Toasts::here();
    let back = go_to(Route::SyncStatus(editor.id()).to_string());
    Effect::new(move || match allow.value().get() {
        Some(Ok(allowed)) => {
            let held = count(allowed, "held deletion");
            let text = format!(
                "{held} carried out with the next cycle of {}.",
                editor.domain()
            );
            toasts.show(Toast::success("Deletes accepted", text));
            back.run(());
        }
        Some(Err(error)) => toasts.show(Toast::error("Not allowed", error.to_string())),
        None => {}
    });
    allow
}
