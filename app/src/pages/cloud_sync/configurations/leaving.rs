//! The question before somebody leaves the page with changes that are not stored.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use super::editor::Editor;
use crate::{
    browser,
    components::{
        button::{Button, Weight},
        dialog::Dialog,
    },
    routes::Route,
    wording::count,
};

#[component]
pub fn LeaveDialog(editor: Editor) -> impl IntoView {
    let leads_to = RwSignal::new(None::<String>);
    let own = Route::Configuration(editor.id()).to_string();
    Effect::new(move || {
        let own = own.clone();
        browser::guard_leaving(move |address| {
            let leaves = !address.starts_with(&own) && !address.starts_with('#');
            let is_held = leaves && editor.has_changes_untracked();
            if is_held {
                leads_to.set(Some(address.to_owned()));
            }
            is_held
        });
        browser::warn_before_unload(move || editor.has_changes_untracked());
    });
    move || {
        leads_to
            .get()
            .map(|address| view! { <Question editor leads_to address/> })
    }
}

#[component]
fn Question(editor: Editor, leads_to: RwSignal<Option<String>>, address: String) -> impl IntoView {
    let navigate = use_navigate();
    let changes = editor.changes_untracked().len() as u64;
    let are = if changes == 1 { "is" } else { "are" };
    let text = format!(
        "{} of {} {are} not stored.",
        count(changes, "change"),
        editor.domain()
    );
    let stay = move |()| leads_to.set(None);
    let leave = Callback::new(move |()| {
        editor.discard();
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
