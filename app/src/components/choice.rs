//! Check box, radio buttons, switch, and the two-way selector. Hints are descriptions, not part of
//! the name; a label names the thing, never its state.

use leptos::{ev, prelude::*};

use super::{
    field::{FieldError, id_of},
    icon::{Glyph, Icon, IconSize},
};

/// A check box. An unchecked one sends nothing, so its server function takes `Option` or default.
#[component]
pub fn CheckBox(
    name: &'static str,
    #[prop(into)] label: String,
    checked: RwSignal<bool>,
    #[prop(into, optional)] hint: Signal<String>,
    #[prop(into, optional)] disabled: Signal<bool>,
) -> impl IntoView {
    let initial = checked.get_untracked();
    let changed = move |event: ev::Event| checked.set(event_target_checked(&event));
    view! {
        <div class="choice">
            <input
                id=id_of(name)
                name=name
                type="checkbox"
                value="true"
                checked=initial
                prop:checked=move || checked.get()
                disabled=move || disabled.get()
                aria-describedby=format!("{}-hint", id_of(name))
                on:change=changed
            />
            <span class="choice-text">
                <label for=id_of(name)>{label}</label>
                <span class="hint" id=format!("{}-hint", id_of(name))>{move || hint.get()}</span>
            </span>
        </div>
    }
}

/// On or off at once, with a word that says which. `labelled_by` names it by another element.
#[component]
pub fn Switch(
    name: &'static str,
    /// Its visible label; without one, `labelled_by`.
    #[prop(into, optional)]
    label: Option<String>,
    #[prop(optional)] labelled_by: Option<&'static str>,
    checked: RwSignal<bool>,
    #[prop(into, optional)] hint: Signal<String>,
    #[prop(into, optional)] disabled: Signal<bool>,
) -> impl IntoView {
    let initial = checked.get_untracked();
    let changed = move |event: ev::Event| checked.set(event_target_checked(&event));
    let text = match label {
        Some(label) => view! { <span class="strong">{label}</span> }.into_any(),
        None => view! {
            <span class="when-on" aria-hidden="true">"On"</span>
            <span class="when-off" aria-hidden="true">"Off"</span>
        }
        .into_any(),
    };
    view! {
        <label class="switch">
            <input
                id=id_of(name)
                name=name
                type="checkbox"
                role="switch"
                value="true"
                checked=initial
                prop:checked=move || checked.get()
                disabled=move || disabled.get()
                aria-labelledby=labelled_by
                aria-describedby=format!("{}-hint", id_of(name))
                on:change=changed
            />
            {text}
        </label>
        <span class="hint" id=format!("{}-hint", id_of(name))>{move || hint.get()}</span>
    }
}

/// One of the choices of a [`RadioGroup`] or [`Segments`].
#[derive(Clone, Debug)]
pub struct RadioChoice {
    pub value: &'static str,
    pub label: &'static str,
    pub hint: &'static str,
    pub glyph: Option<Glyph>,
}

impl RadioChoice {
    pub const fn new(value: &'static str, label: &'static str, hint: &'static str) -> Self {
        Self {
            value,
            label,
            hint,
            glyph: None,
        }
    }

    #[must_use]
    pub const fn with_glyph(self, glyph: Glyph) -> Self {
        Self {
            glyph: Some(glyph),
            ..self
        }
    }
}

/// Radio buttons one under the other, each with a hint.
#[component]
pub fn RadioGroup(
    name: &'static str,
    #[prop(into)] legend: String,
    value: RwSignal<String>,
    choices: Vec<RadioChoice>,
    #[prop(into, optional)] error: Signal<Option<String>>,
    /// Whether the chosen button gets the focus when its pane opens.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    let initial = value.get_untracked();
    let radio = move |RadioChoice {
                          value: own,
                          label,
                          hint,
                          ..
                      }: RadioChoice| {
        let id = format!("{}-{own}", id_of(name));
        view! {
            <div class="choice">
                <input
                    id=id.clone()
                    name=name
                    type="radio"
                    value=own
                    autofocus=autofocus && initial == own
                    checked=initial == own
                    prop:checked=move || value.with(|value| value == own)
                    aria-describedby=format!("{id}-hint")
                    on:change=move |_| value.set(own.to_owned())
                />
                <span class="choice-text">
                    <label for=id.clone()>{label}</label>
                    <span class="hint" id=format!("{id}-hint")>{hint}</span>
                </span>
            </div>
        }
    };
    view! {
        <fieldset class="choice-group" aria-describedby=format!("{}-error", id_of(name))>
            <legend>{legend}</legend>
            {choices.into_iter().map(radio).collect_view()}
            <FieldError id=format!("{}-error", id_of(name)) error/>
        </fieldset>
    }
}

/// Radio buttons as segments side by side: Enable, Disable.
#[component]
pub fn Segments(
    name: &'static str,
    #[prop(into)] legend: String,
    value: RwSignal<String>,
    choices: Vec<RadioChoice>,
) -> impl IntoView {
    let initial = value.get_untracked();
    let segment = move |RadioChoice {
                            value: own,
                            label,
                            glyph,
                            ..
                        }: RadioChoice| {
        view! {
            <label>
                <input
                    name=name
                    type="radio"
                    value=own
                    checked=initial == own
                    prop:checked=move || value.with(|value| value == own)
                    on:change=move |_| value.set(own.to_owned())
                />
                <span>
                    {glyph.map(|glyph| view! { <Icon glyph size=IconSize::Sixteen/> })}
                    {label}
                </span>
            </label>
        }
    };
    view! {
        <fieldset>
            <legend class="visually-hidden">{legend}</legend>
            <div class="segments">{choices.into_iter().map(segment).collect_view()}</div>
        </fieldset>
    }
}
