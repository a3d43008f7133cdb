//! A filter of a list: a pill that says what is chosen, and the choices behind it. The choices are
//! a form that the page's address takes over, so a filter works without a script and can be sent
//! to somebody.

use leptos::{ev, html, prelude::*};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};

use super::button::{Button, Weight};
use crate::{browser, list_address::with_query};

/// How long somebody who types into the search box pauses before the list follows.
const PAUSE_MILLISECONDS: u32 = 350;

/// The text of a list's search box: what the address `said`, until somebody types. It follows that
/// word of the address alone: a pane that opens must not take away what is being typed.
pub fn search_text(said: Signal<String>) -> RwSignal<String> {
    let said = Memo::new(move |_| said.get());
    let text = RwSignal::new(said.get_untracked());
    Effect::new(move || text.set(said.get()));
    text
}

/// The form around a list's search box and pills. What it says becomes the query of `path`; fields
/// that say nothing are left out of the address.
#[component]
pub fn FilterForm(
    #[prop(into)] path: String,
    /// Parts of the query that the form does not show and must not lose, as the address is now: a
    /// pane may open between a key and the moment at which the list follows it.
    #[prop(into, optional)]
    kept: Signal<Vec<(String, String)>>,
    /// How much the list holds, in words.
    #[prop(into, optional)]
    count: Signal<String>,
    children: Children,
) -> impl IntoView {
    let form = NodeRef::<html::Form>::new();
    let navigate = use_navigate();
    let action = path.clone();
    let is_left = leaves(path.clone());
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let Some(form) = form.get() else { return };
        browser::hide_popovers_in(&form);
        let stay = NavigateOptions {
            scroll: false,
            ..NavigateOptions::default()
        };
        let mut said = browser::form_entries(&form);
        said.retain(|(_, value)| !value.trim().is_empty());
        navigate(&with_query(&path, &said), stay);
    };
    let keystrokes = StoredValue::new(0_u32);
    let typed = move |event: ev::Event| {
        if !browser::is_from_search_box(&event) {
            return;
        }
        let keystroke = keystrokes.get_value() + 1;
        keystrokes.set_value(keystroke);
        browser::after_milliseconds(PAUSE_MILLISECONDS, move || {
            let is_last = keystrokes.try_get_value() == Some(keystroke);
            if let (true, Some(Some(form))) = (is_last, form.try_get_untracked())
                && is_left.try_get_untracked() == Some(false)
            {
                browser::submit(&form);
            }
        });
    };
    let hidden = move |(name, value)| view! { <input type="hidden" name=name value=value/> };
    view! {
        <div class="filters" role="group" aria-label="Filters">
            <form method="get" action=action node_ref=form on:submit=submit on:input=typed>
                {move || kept.get().into_iter().map(hidden).collect_view()}
                {children()}
            </form>
            <span class="result-count" role="status">{move || count.get()}</span>
        </div>
    }
}

/// Whether the browser is on its way to another page than the one at `path`, which stays in sight
/// until that one has come. A list that followed a key now would lead back.
fn leaves(path: String) -> Signal<bool> {
    let location = use_location();
    Signal::derive(move || location.pathname.with(|open| *open != path))
}

/// One choice of a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterChoice {
    pub value: String,
    pub label: String,
}

impl FilterChoice {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
        }
    }
}

/// A pill "Status : All" with radio buttons behind it. It stands inside a [`FilterForm`]; its
/// choice is sent as `name`. The first choice means no filter.
#[component]
pub fn FilterPill(
    name: &'static str,
    label: &'static str,
    /// What the address says now.
    #[prop(into)]
    current: Signal<String>,
    choices: Vec<FilterChoice>,
) -> impl IntoView {
    let id = format!("filter-{name}");
    let offered = choices.clone();
    let chosen = Memo::new(move |_| {
        let current = current.get();
        let is_current = |choice: &FilterChoice| choice.value == current;
        offered.iter().position(is_current).unwrap_or(0)
    });
    let words: Vec<String> = choices.iter().map(|choice| choice.label.clone()).collect();
    let word = move || words.get(chosen.get()).cloned();
    let radio = move |(position, FilterChoice { value, label }): (usize, FilterChoice)| {
        let id = format!("filter-{name}-{position}");
        view! {
            <div class="choice">
                <input
                    id=id.clone()
                    type="radio"
                    name=name
                    value=value
                    checked=chosen.get_untracked() == position
                    prop:checked=move || chosen.get() == position
                />
                <label for=id>{label}</label>
            </div>
        }
    };
    view! {
        <button
            type="button"
            class="filter-pill"
            class:changed=move || chosen.get() != 0
            aria-haspopup="dialog"
            popovertarget=id.clone()
        >
            <span>{label}" : "<b>{word}</b></span>
        </button>
        <div id=id class="menu-items filter-choices" role="dialog" aria-label=format!("Filter {label}") popover="auto">
            <fieldset class="choice-group">
                <legend>{label}</legend>
                {choices.into_iter().enumerate().map(radio).collect_view()}
            </fieldset>
            <Button label="Apply" weight=Weight::Primary small=true for_readers=true/>
        </div>
    }
}
