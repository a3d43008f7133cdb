//! A question that needs an answer before anything happens. The focus starts on the safe answer,
//! and Esc is the safe answer.

use leptos::{ev, html, prelude::*};

use super::pane::make_modal;

/// The question; open as long as it is rendered. `children` is the text; `actions` the buttons,
/// the acting one first and the safe one with `autofocus`.
#[component]
pub fn Dialog(
    /// Unique on the page.
    id: &'static str,
    #[prop(into)] title: String,
    /// Runs for Esc.
    #[prop(into)]
    on_cancel: Callback<()>,
    #[prop(into)] actions: ViewFnOnce,
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    make_modal(dialog);
    let cancelled = move |event: ev::Event| {
        event.prevent_default();
        on_cancel.run(());
    };
    view! {
        <dialog
            id=id
            class="dialog"
            role="alertdialog"
            aria-labelledby=format!("{id}-title")
            aria-describedby=format!("{id}-text")
            open
            node_ref=dialog
            on:cancel=cancelled
        >
            <h2 id=format!("{id}-title")>{title}</h2>
            <div id=format!("{id}-text") class="stack">{children()}</div>
            <div class="dialog-actions">{actions.run()}</div>
        </dialog>
    }
}
