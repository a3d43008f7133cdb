//! Deletions that are held back, in the status pane: listed, allowed by selection or all at once,
//! and told as allowed until a cycle has carried them out.

use engine::{
    configuration::ConfigurationId,
    cycle::deletion_guard::{Limit, PAUSED},
    directory::ObjectKind,
    health::Health,
    records::{HeldDeletion, HeldDeletions, PageKey},
};
use leptos::{ev, form::FromFormData, prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_query_map;
use uuid::Uuid;

use super::super::{asked, editor::Editor};
use crate::{
    api::{
        self, ApiError,
        configurations::{AllowDeletes, AllowSelected},
        resource::{Resource, resource},
    },
    components::{
        button::{Button, GoButton, Weight},
        card::Callout,
        data_grid::{Cell, Column, ColumnRoom, DataGrid, Row, RowHeader},
        dialog::Dialog,
        icon::Glyph,
        message_bar::{MessageBar, Severity},
        pager::Pager,
        toast::{Toast, Toasts},
    },
    live,
    pages::forms::{after, complain, go_to},
    routes::Route,
    wording::{count, number},
};

/// What holds the deletions, and what can be done. It says only what the state says, so that it can
/// go together with the list when a cycle ends.
#[component]
pub fn WhyHeld(editor: Editor) -> impl IntoView {
    let limit = move || match &editor.state.read().health {
        Health::DeletionsHeld {
            limit: Some(limit), ..
        } => *limit,
        _ => {
            let protection = editor.saved.read().configuration.deletion_protection;
            let threshold = protection.threshold.get();
            Limit::Threshold { threshold }
        }
    };
    let explanation = move || {
        format!(
            "The last cycle held back {}: {}. {PAUSED}",
            count(editor.state.read().held_deletions, "change"),
            limit(),
        )
    };
    view! {
        <Callout id="held-title" title="Delete threshold exceeded" glyph=Glyph::ShieldErrorFilled>
            <p>{explanation}</p>
            <p class="muted">
                "Meant? Choose Allow deletes. A mistake? Undo the cause, then choose Restart provisioning."
            </p>
        </Callout>
    }
}

/// The held deletions, and the question whether they may pass. The list follows whatever is allowed
/// here or elsewhere, and what cycles make of it.
#[component]
pub fn Held(editor: Editor) -> impl IntoView {
    let id = editor.id();
    let query = use_query_map();
    let after = Memo::new(move |_| query.read().get("after").map(PageKey));
    let held = resource(
        move || after.get(),
        move |after| api::configurations::held(id, after),
    );
    live::reload_on_change(held);
    // Waits once; afterwards the list follows by itself, and keeps the boxes that were chosen.
    view! {
        <Transition>
            {Suspend::new(async move {
                held.await.ok();
                view! { <HeldList editor held/> }
            })}
        </Transition>
    }
}

type HeldResource = Resource<Result<HeldDeletions, ApiError>>;

/// Inside the boundary that waits for the list. What could not be loaded again stays as it was.
#[component]
fn HeldList(editor: Editor, held: HeldResource) -> impl IntoView {
    let list = Memo::new(move |earlier: Option<&HeldDeletions>| match held.get() {
        Some(Ok(list)) => list,
        Some(Err(_)) | None => earlier.cloned().unwrap_or_default(),
    });
    let error = move || held.get().and_then(Result::err);
    let total = Memo::new(move |_| {
        let page = &list.read().page;
        page.total.unwrap_or(page.items.len() as u64)
    });
    let is_waiting = Memo::new(move |_| total.get() > 0);
    let cycle = Memo::new(move |_| list.read().cycle);
    let is_asked = asked("allow");
    view! {
        {move || error().map(|error| view! { <p class="muted">{error.to_string()}</p> })}
        <AllowedBar list/>
        {move || is_waiting.get().then(|| view! { <Waiting editor list total held/> })}
        {move || match (is_asked.get(), cycle.get()) {
            (true, Some(cycle)) => {
                view! { <Question editor cycle total=total.get_untracked()/> }.into_any()
            }
            _ => ().into_any(),
        }}
    }
}

/// What somebody allowed and no cycle has carried out yet. It left the list, so it is told here.
#[component]
fn AllowedBar(list: Memo<HeldDeletions>) -> impl IntoView {
    let allowed = Memo::new(move |_| list.read().allowed);
    move || {
        (allowed.get() > 0).then(|| {
            let start = format!("{} allowed.", count(allowed.get(), "deletion"));
            view! {
                <MessageBar
                    id="allowed-deletions"
                    severity=Severity::Running
                    start
                    text="Waiting for the next cycle."
                    announced=true
                />
            }
        })
    }
}

/// The deletions that wait for somebody's word.
#[component]
fn Waiting(
    editor: Editor,
    list: Memo<HeldDeletions>,
    total: Memo<u64>,
    held: HeldResource,
) -> impl IntoView {
    let next = Signal::derive(move || {
        let next = list.read().page.next.clone()?;
        Some(Route::SyncStatus(editor.id()).with("after", next.0))
    });
    let columns = vec![
        Column::new("Object"),
        Column::new("Allow"),
        Column::new("Type"),
        Column::new("Cause").hidden_when_narrow(),
    ];
    view! {
        <section aria-labelledby="held-list-title">
            <h3 id="held-list-title">{move || format!("Held deletions ({})", number(total.get()))}</h3>
            <DataGrid label="Held deletions" columns>
                <For
                    each=move || list.get().page.items
                    key=|held| held.anchor.clone()
                    children=held_row
                />
            </DataGrid>
            <Pager
                summary=Signal::derive(move || count(total.get(), "deletion"))
                previous=None
                next
            />
            <AllowSelected editor list held/>
        </section>
    }
}

/// The form of the boxes in the list.
const SELECTION_FORM: &str = "allow-selected-form";

#[component]
fn AllowSelected(editor: Editor, list: Memo<HeldDeletions>, held: HeldResource) -> impl IntoView {
    let id = editor.id();
    let cycle = Memo::new(move |_| list.read().cycle.unwrap_or_default());
    let allow = ServerAction::<AllowSelected>::new();
    let toasts = Toasts::here();
    after(allow, move |allowed| {
        held.refetch();
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
            cycle: cycle.get_untracked(),
            selected: Vec::new(),
        }));
    };
    view! {
        <form id=SELECTION_FORM class="button-form" method="post" action=AllowSelected::url() on:submit=submit>
            <input type="hidden" name="id" value=id.to_string()/>
            <input type="hidden" name="cycle" value=move || cycle.get().to_string()/>
            <Button label="Allow selected" weight=Weight::Danger unavailable=allow.pending()/>
        </form>
    }
}

fn held_row(held: HeldDeletion) -> impl IntoView {
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
                    name="selected[]"
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
