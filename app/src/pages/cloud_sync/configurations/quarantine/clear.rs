//! The question before a quarantine is cleared, on the quarantine's page and in the status pane.

use engine::{configuration::ConfigurationId, health::Trouble};
use leptos::{ev, prelude::*, server_fn::ServerFn};

use super::super::asked;
use crate::{
    api::configurations::ClearQuarantine,
    components::{
        button::{Button, GoButton, Weight},
        dialog::Dialog,
        toast::Toasts,
    },
    pages::{
        cloud_sync::status,
        forms::{after, complain, go_to},
    },
    routes::Route,
};

/// What the address asks while the question is open.
pub const CLEAR: &str = "clear";

/// Open while the address asks `clear` and there is something to be cleared; `here` is the address
/// below it.
#[component]
pub fn ClearDialog(
    id: ConfigurationId,
    here: Route,
    #[prop(into)] trouble: Signal<Option<Trouble>>,
) -> impl IntoView {
    let clear = ServerAction::<ClearQuarantine>::new();
    let toasts = Toasts::here();
    after(clear, move |()| {
        toasts.show(status::quarantine_cleared());
    });
    complain(clear.value().into(), "Not cleared");
    let is_asked = asked(CLEAR);
    move || {
        let trouble = trouble.get().filter(|_| is_asked.get())?;
        Some(view! { <Question id here trouble clear/> })
    }
}

#[component]
fn Question(
    id: ConfigurationId,
    here: Route,
    trouble: Trouble,
    clear: ServerAction<ClearQuarantine>,
) -> impl IntoView {
    let close = go_to(here);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        clear.dispatch(ClearQuarantine { id });
        close.run(());
    };
    let actions = move || {
        view! {
            <form class="button-form" method="post" action=ClearQuarantine::url() on:submit=submit>
                <input type="hidden" name="id" value=id.to_string()/>
                <Button label="Clear quarantine" weight=Weight::Primary/>
            </form>
            <GoButton label="Cancel" href=here autofocus=true/>
        }
    };
    view! {
        <Dialog id="clear-dialog" title="Clear quarantine?" on_cancel=close actions>
            <p>
                "The last error still stands: "
                <span class="monospace break-anywhere">{trouble.reason.to_string()}</span>
                ". Without a repair the quarantine comes back."
            </p>
            <p class="muted">"A cycle begins at once and goes on where the last good one ended."</p>
        </Dialog>
    }
}
