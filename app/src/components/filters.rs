//! A filter of a list: a pill that says what is chosen, and the choices behind it. The choices are
//! a form that the page's address takes over, so a filter works without a script and can be sent
//! to somebody.

use leptos::prelude::*;

use super::button::{Button, Weight};

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

/// A pill "Status : All" with radio buttons behind it. It stands inside the list's form of method
/// `get`; its choice is sent as `name`. The first choice means no filter.
#[component]
pub fn FilterPill(
    name: &'static str,
    label: &'static str,
    /// What the address says now.
    #[prop(into)]
    current: String,
    choices: Vec<FilterChoice>,
) -> impl IntoView {
    let chosen = choices
        .iter()
        .position(move |choice| choice.value == current)
        .unwrap_or(0);
    let word = choices.get(chosen).map(|choice| choice.label.clone());
    let id = format!("filter-{name}");
    let radio = |(position, FilterChoice { value, label }): (usize, FilterChoice)| {
        let id = format!("filter-{name}-{position}");
        view! {
            <div class="choice">
                <input id=id.clone() type="radio" name=name value=value checked=position == chosen/>
                <label for=id>{label}</label>
            </div>
        }
    };
    view! {
        <button
            type="button"
            class=if chosen == 0 { "filter-pill" } else { "filter-pill changed" }
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
            <Button label="Apply" weight=Weight::Primary small=true/>
        </div>
    }
}
