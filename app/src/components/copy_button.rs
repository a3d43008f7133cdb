//! Copies an id or a code to the clipboard and says so.

use leptos::prelude::*;

use super::{button::IconButton, icon::Glyph};
use crate::browser;

/// `what` completes the name: "Copy {what}".
#[component]
pub fn CopyButton(what: &'static str, #[prop(into)] text: Signal<String>) -> impl IntoView {
    let is_copied = RwSignal::new(false);
    let copy = move |()| {
        browser::copy(&text.get_untracked());
        is_copied.set(true);
        browser::after_seconds(2, move || is_copied.set(false));
    };
    let glyph = Signal::derive(move || {
        if is_copied.get() {
            Glyph::Checkmark
        } else {
            Glyph::Copy
        }
    });
    view! {
        <IconButton label=format!("Copy {what}") glyph inline=true on_click=copy/>
        <span class="visually-hidden" role="status">{move || is_copied.get().then_some("Copied")}</span>
    }
}
