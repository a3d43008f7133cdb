//! The question before somebody leaves a page with changes that are not stored.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use crate::{
    browser,
    components::{
        button::{Button, Weight},
        dialog::Dialog,
    },
    wording::count,
};

/// What a page would lose.
#[derive(Clone)]
pub struct Unsaved {
    /// The addresses that belong to the page.
    pub paths: Vec<String>,
    pub domain: String,
    pub changes: Signal<u64>,
    pub discard: Callback<()>,
}

impl Unsaved {
    fn is_left_for(&self, address: &str) -> bool {
        let path = address.split(['?', '#']).next().unwrap_or_default();
        !path.is_empty() && !self.paths.iter().any(|own| own == path)
    }
}

#[component]
pub fn LeaveDialog(unsaved: Unsaved) -> impl IntoView {
    let leads_to = RwSignal::new(None::<String>);
    let changes = unsaved.changes;
    let guarded = unsaved.clone();
    Effect::new(move || {
        let guarded = guarded.clone();
        browser::guard_leaving(move |address| {
            let is_held = guarded.is_left_for(address) && changes.get_untracked() > 0;
            if is_held {
                leads_to.set(Some(address.to_owned()));
            }
            is_held
        });
        browser::warn_before_unload(move || changes.get_untracked() > 0);
    });
    move || {
        let unsaved = unsaved.clone();
        leads_to
            .get()
            .map(|address| view! { <Question unsaved leads_to address/> })
    }
}

#[component]
fn Question(
    unsaved: Unsaved,
    leads_to: RwSignal<Option<String>>,
    address: String,
) -> impl IntoView {
    let navigate = use_navigate();
    let changes = unsaved.changes.get_untracked();
    let are = if changes == 1 { "is" } else { "are" };
    let text = format!(
        "{} of {} {are} not stored.",
        count(changes, "change"),
        unsaved.domain
    );
    let stay = move |()| leads_to.set(None);
    let leave = Callback::new(move |()| {
        unsaved.discard.run(());
        leads_to.set(None);
        navigate(&address, Default::default());
    });
    let actions = move || {
        view! {
            <Button label="Leave" weight=Weight::Primary on_click=leave/>
            <Button label="Stay" on_click=stay autofocus=true/>
        }
    };
    view! {
        <Dialog id="leave-dialog" title="Leave without saving?" on_cancel=stay actions>
            <p>{text}</p>
        </Dialog>
    }
}
