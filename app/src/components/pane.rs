//! A short form or details over the page, at the right. A pane has an address of its own; the
//! server renders it open, and the script makes it modal: the focus stays inside, Esc closes it.

use leptos::{ev, html, prelude::*};
use send_wrapper::SendWrapper;

use super::{button::IconButton, icon::Glyph};
use crate::browser;

/// How wide a pane is, in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PaneWidth {
    Narrow315,
    #[default]
    Normal585,
    Wide855,
}

impl PaneWidth {
    fn class(self) -> &'static str {
        match self {
            Self::Narrow315 => "pane width-315",
            Self::Normal585 => "pane",
            Self::Wide855 => "pane width-855",
        }
    }
}

/// The pane. It is open as long as it is rendered; `on_close` runs for Esc and the Close button and
/// should go to the page's own address. `footer` holds its buttons, the primary one first.
#[component]
pub fn Pane(
    /// Unique on the page.
    id: &'static str,
    #[prop(into)] title: String,
    #[prop(into, optional)] subtitle: String,
    #[prop(optional)] width: PaneWidth,
    #[prop(into)] on_close: Callback<()>,
    /// Whether one of its fields has `autofocus`; otherwise its title gets the focus.
    #[prop(optional)]
    focuses_field: bool,
    #[prop(into, optional)] footer: ViewFnOnce,
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    make_modal(dialog);
    let heading = format!("{id}-title");
    let cancelled = move |event: ev::Event| {
        event.prevent_default();
        on_close.run(());
    };
    view! {
        <dialog id=id class=width.class() aria-labelledby=heading open node_ref=dialog on:cancel=cancelled>
            <header>
                <div>
                    <h2 id=heading.clone() tabindex="-1" autofocus=!focuses_field>{title}</h2>
                    <p>{subtitle}</p>
                </div>
                <form method="dialog" on:submit=move |event| {
                    event.prevent_default();
                    on_close.run(());
                }>
                    <IconButton label="Close" glyph=Glyph::Dismiss/>
                </form>
            </header>
            <div class="pane-body">{children()}</div>
            <footer>{footer.run()}</footer>
        </dialog>
    }
}

/// Turns a dialog that the server rendered open into a modal one, once the script runs. When it
/// goes, the focus goes back to where it was before.
pub(super) fn make_modal(dialog: NodeRef<html::Dialog>) {
    Effect::new(move || {
        if let Some(dialog) = dialog.get() {
            browser::show_modal(&dialog);
            let dialog = SendWrapper::new(dialog);
            on_cleanup(move || dialog.close());
        }
    });
}
