//! Tabs. Each is a link, so that the open tab is in the address and works without a script; with
//! one, arrows move between tabs and open them.

use leptos::{ev, html, prelude::*};

use crate::browser::{self, Axis};

/// One tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tab {
    pub label: String,
    pub href: String,
    pub is_selected: bool,
}

/// The row of tabs. The panel is the caller's: `role="tabpanel"` with the id in `panel`.
#[component]
pub fn Tabs(
    #[prop(into)] label: String,
    #[prop(into)] tabs: Signal<Vec<Tab>>,
    panel: &'static str,
) -> impl IntoView {
    let list = NodeRef::<html::Div>::new();
    let pressed = move |event: ev::KeyboardEvent| {
        if let Some(list) = list.get()
            && browser::move_focus(&event, &list, "[role=tab]", Axis::Horizontal)
        {
            browser::click_focused();
        }
    };
    let tab = move |Tab {
                        label,
                        href,
                        is_selected,
                    }: Tab| {
        view! {
            <a
                role="tab"
                href=href
                aria-selected=if is_selected { "true" } else { "false" }
                aria-controls=panel
                tabindex=if is_selected { "0" } else { "-1" }
            >
                {label}
            </a>
        }
    };
    view! {
        <div class="tabs" role="tablist" aria-label=label node_ref=list on:keydown=pressed>
            {move || tabs.get().into_iter().map(tab).collect_view()}
        </div>
    }
}
