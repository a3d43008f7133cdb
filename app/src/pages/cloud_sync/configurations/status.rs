//! `…/:id/status`: the pane that tells how a configuration is, why, and what can be done. Deletions
//! that are held back are listed and allowed here.

use engine::{
    configuration::ConfigurationId,
    directory::ObjectKind,
    health::{Health, Trouble},
    records::{ConfigurationState, CycleSummary, HeldDeletion, HeldDeletions, PageKey, Status},
};
use leptos::{ev, prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_query_map;
use uuid::Uuid;

use super::{asked, close_pane, editor::Editor, go_to, summary::Progress};
use crate::{
    api::{self, configurations::AllowDeletes},
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
    pages::cloud_sync::status,
    routes::Route,
    wording::{count, number},
};

/// The pane over the configuration page.
#[component]
pub fn SyncStatus(editor: Editor) -> impl IntoView {
    let close = close_pane(editor);
    let holds = Memo::new(move |_| editor.state.read().status == Status::DeleteThresholdExceeded);
    let footer = move || {
        view! {
            {move || holds.get().then(|| view! {
                <GoButton
                    label="Allow deletes"
                    weight=Weight::Primary
                    href=Route::SyncStatus(editor.id()).with("ask", "allow")
                />
            })}
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
    let next = Memo::new(move |_| editor.state.read().next_run);
    let trouble = Memo::new(move |_| trouble_of(&editor.state.read()));
    let job = format!("AD2AADProvisioning.{}", editor.id().0.simple());
    view! {
        {move || trouble.get().map(|trouble| view! { <WhatIsWrong trouble/> })}
        <dl class="facts">
            <Fact name="Status"><span role="status"><StatusBadge badge/></span></Fact>
            <Fact name="Next run">
                {move || match next.get() {
                    Some(at) => view! { <Moment at due=true/> }.into_any(),
                    None => "None".into_any(),
                }}
            </Fact>
            <Fact name="Failures">{move || number(editor.state.read().failures)}</Fact>
            <Fact name="Job ID">
                <span class="monospace">{job.clone()}</span>
                <CopyButton what="job ID" text=job/>
            </Fact>
        </dl>
    }
}

fn trouble_of(state: &ConfigurationState) -> Option<Trouble> {
    match &state.health {
        Health::Failing(trouble) | Health::Quarantined(trouble) => Some(trouble.clone()),
        Health::NotYetRun | Health::Healthy | Health::DeletionsHeld { .. } => None,
    }
}

#[component]
fn WhatIsWrong(trouble: Trouble) -> impl IntoView {
    view! {
        <Callout id="trouble-title" title="The last cycle could not be finished" glyph=Glyph::ErrorCircleFilled>
            <p>{trouble.message}</p>
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
    let held = Resource::new_blocking(
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
    let explanation = format!(
        "The last cycle would have deleted {}; this configuration stops at {}. Nothing was deleted. \
         Synchronization is on hold until you decide.",
        count(total, "object"),
        number(u64::from(held.threshold)),
    );
    let columns = vec![
        Column::new("Object"),
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
                {held.page.items.into_iter().map(held_row).collect_view()}
            </DataGrid>
            <Pager summary=count(total, "deletion") previous=None next/>
        </section>
        {move || match (is_asked.get(), cycle) {
            (true, Some(cycle)) => view! { <Question editor cycle total/> }.into_any(),
            _ => ().into_any(),
        }}
    }
}

fn held_row(held: HeldDeletion) -> impl IntoView {
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
            <Cell>{kind}</Cell>
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
