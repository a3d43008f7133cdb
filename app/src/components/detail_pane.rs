//! Details of one row beside its list. Not modal: the list stays in use. On screens without the
//! room it lies over the list.

use leptos::{ev, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::{
    button::{GoForm, IconButton},
    icon::Glyph,
};
use crate::browser;

/// Where the buttons of a pane lead; the list's other rows where there are any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaneAddresses {
    pub close: String,
    pub previous: Option<String>,
    pub next: Option<String>,
}

/// The pane; a landmark named by `title`. Esc closes it, Alt with the arrows steps through the
/// rows.
#[component]
pub fn DetailPane(
    #[prop(into)] title: Signal<String>,
    #[prop(into, optional)] subtitle: ViewFnOnce,
    /// The list that it belongs to may have no rows to step through.
    #[prop(optional)]
    steps: bool,
    #[prop(into)] addresses: Signal<PaneAddresses>,
    children: Children,
) -> impl IntoView {
    let navigate = use_navigate();
    let stay = || NavigateOptions {
        scroll: false,
        ..NavigateOptions::default()
    };
    Effect::new(move || {
        let navigate = navigate.clone();
        browser::on_key(move |event: ev::KeyboardEvent| {
            if event.default_prevented() || browser::is_dialog_open() {
                return;
            }
            let addresses = addresses.get_untracked();
            let address = match (event.key().as_str(), event.alt_key()) {
                ("Escape", false) => Some(addresses.close),
                ("ArrowUp", true) => addresses.previous,
                ("ArrowDown", true) => addresses.next,
                _ => return,
            };
            if let Some(address) = address {
                event.prevent_default();
                navigate(&address, stay());
            }
        });
    });
    let step = move |label: &'static str, glyph: Glyph, to: fn(PaneAddresses) -> Option<String>| {
        let href = Memo::new(move |_| to(addresses.get()));
        steps.then(|| view! { <StepButton label glyph href/> })
    };
    let close = Signal::derive(move || addresses.get().close);
    view! {
        <aside class="detail-pane" aria-labelledby="detail-title">
            <header>
                <div>
                    <h2 id="detail-title">{move || title.get()}</h2>
                    <p>{subtitle.run()}</p>
                </div>
                {step("Previous row", Glyph::ChevronUp, |addresses| addresses.previous)}
                {step("Next row", Glyph::ChevronDown, |addresses| addresses.next)}
                <GoForm href=close stays=true>
                    <IconButton label="Close details" glyph=Glyph::Dismiss/>
                </GoForm>
            </header>
            <div class="detail-body">{children()}</div>
        </aside>
    }
}

/// One row further; says so where there is none.
#[component]
fn StepButton(label: &'static str, glyph: Glyph, href: Memo<Option<String>>) -> impl IntoView {
    let target = Signal::derive(move || href.get().unwrap_or_default());
    let is_missing = Signal::derive(move || href.with(Option::is_none));
    view! {
        <GoForm href=target stays=true unavailable=is_missing>
            <IconButton label glyph unavailable=is_missing/>
        </GoForm>
    }
}
