//! Fields of a form: a label above, the control, what is wrong with it, what helps.
//!
//! Each has a `name`, so that its form can be sent without a script, and an `id` made from the
//! last part of it: `draft[settings][notification_email]` has the id `notification_email`.

use leptos::{ev, prelude::*};

use super::icon::{Glyph, Icon, IconSize};

/// Label, error and hint around a control. The control refers to them through
/// [`description_of`].
#[component]
pub fn Field(
    /// The control's id.
    id: &'static str,
    #[prop(into)] label: String,
    #[prop(into, optional)] hint: Signal<String>,
    #[prop(into, optional)] error: Signal<Option<String>>,
    /// What is allowed, and probably not meant.
    #[prop(into, optional)]
    warning: Signal<Option<String>>,
    #[prop(optional)] required: bool,
    #[prop(optional)] class: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <div class=format!("field {class}")>
            <label for=id>
                {label}
                {required.then(|| view! { <span class="required-mark" aria-hidden="true">"*"</span> })}
            </label>
            {children()}
            <FieldError id=format!("{id}-error") error/>
            <FieldWarning id=format!("{id}-warning") warning/>
            <span class="hint" id=format!("{id}-hint")>{move || hint.get()}</span>
        </div>
    }
}

/// What is wrong, under the control that it concerns.
#[component]
pub fn FieldError(
    #[prop(into)] id: String,
    #[prop(into)] error: Signal<Option<String>>,
) -> impl IntoView {
    let is_fine = move || error.with(Option::is_none);
    view! {
        <span class="field-error" id=id hidden=is_fine>
            <Icon glyph=Glyph::ErrorCircleFilled size=IconSize::Sixteen/>
            <span>{move || error.get()}</span>
        </span>
    }
}

/// What may be wrong, under the control that it concerns.
#[component]
pub fn FieldWarning(
    #[prop(into)] id: String,
    #[prop(into)] warning: Signal<Option<String>>,
) -> impl IntoView {
    let is_fine = move || warning.with(Option::is_none);
    view! {
        <span class="field-warning" id=id hidden=is_fine>
            <Icon glyph=Glyph::WarningFilled size=IconSize::Sixteen/>
            <span role="status">{move || warning.get()}</span>
        </span>
    }
}

/// The id of the control with this name.
pub fn id_of(name: &'static str) -> &'static str {
    let name = name.trim_end_matches(']');
    name.rsplit('[').next().unwrap_or(name)
}

/// The value of `aria-describedby` for the control with this id.
pub fn description_of(id: &str) -> String {
    format!("{id}-error {id}-warning {id}-hint")
}

/// What a text field is for; decides about keyboard, type face and what the browser offers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TextKind {
    #[default]
    Plain,
    Email,
    /// Several addresses, separated.
    Emails,
    Password,
    NewPassword,
    UserName,
    /// A whole number, without the arrows that change it by accident.
    WholeNumber,
    /// A distinguished name or an expression.
    Technical,
    Address,
}

impl TextKind {
    fn input_type(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Password | Self::NewPassword => "password",
            Self::WholeNumber => "number",
            Self::Address => "url",
            Self::Plain | Self::Emails | Self::UserName | Self::Technical => "text",
        }
    }

    fn autocomplete(self) -> &'static str {
        match self {
            Self::Email | Self::Emails => "email",
            Self::Password => "current-password",
            Self::NewPassword => "new-password",
            Self::UserName => "username",
            Self::Plain | Self::WholeNumber | Self::Technical | Self::Address => "off",
        }
    }

    fn class(self) -> &'static str {
        match self {
            Self::Technical => "input monospace",
            _ => "input",
        }
    }
}

/// A line of text. `value` follows what is typed; `on_leave` runs when the field is left.
#[component]
pub fn TextField(
    name: &'static str,
    #[prop(into)] label: String,
    value: RwSignal<String>,
    #[prop(optional)] kind: TextKind,
    #[prop(into, optional)] hint: Signal<String>,
    #[prop(into, optional)] error: Signal<Option<String>>,
    #[prop(into, optional)] warning: Signal<Option<String>>,
    #[prop(optional)] required: bool,
    #[prop(into, optional)] disabled: Signal<bool>,
    #[prop(optional)] placeholder: &'static str,
    #[prop(optional)] class: &'static str,
    #[prop(optional)] autofocus: bool,
    /// The id of a `datalist` with what is likely.
    #[prop(optional)]
    suggestions: Option<&'static str>,
    #[prop(into, optional)] on_leave: Option<Callback<()>>,
) -> impl IntoView {
    let control = view! {
        <TextInput name value kind error required disabled placeholder autofocus suggestions on_leave/>
    };
    view! {
        <Field id=id_of(name) label hint error warning required class>{control}</Field>
    }
}

/// The control of a [`TextField`] alone, for fields with a button beside it.
#[component]
pub fn TextInput(
    name: &'static str,
    value: RwSignal<String>,
    #[prop(optional)] kind: TextKind,
    #[prop(into, optional)] error: Signal<Option<String>>,
    #[prop(optional)] required: bool,
    #[prop(into, optional)] disabled: Signal<bool>,
    #[prop(optional)] placeholder: &'static str,
    #[prop(optional)] autofocus: bool,
    #[prop(optional_no_strip)] suggestions: Option<&'static str>,
    #[prop(optional_no_strip)] on_leave: Option<Callback<()>>,
) -> impl IntoView {
    let initial = value.get_untracked();
    let typed = move |event: ev::Event| value.set(event_target_value(&event));
    let left = move |_| {
        if let Some(on_leave) = on_leave {
            on_leave.run(());
        }
    };
    view! {
        <input
            id=id_of(name)
            name=name
            class=kind.class()
            type=kind.input_type()
            autocomplete=kind.autocomplete()
            list=suggestions
            inputmode=(kind == TextKind::WholeNumber).then_some("numeric")
            min=(kind == TextKind::WholeNumber).then_some("1")
            spellcheck="false"
            placeholder=placeholder
            value=initial
            prop:value=move || value.get()
            required=required
            disabled=move || disabled.get()
            autofocus=autofocus
            aria-invalid=move || error.with(Option::is_some).then_some("true")
            aria-describedby=description_of(id_of(name))
            on:input=typed
            on:change=left
        />
    }
}

/// One choice of a [`SelectField`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectOption {
    pub value: String,
    pub label: String,
}

impl SelectOption {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
        }
    }
}

/// One of several; for fewer than about thirty.
#[component]
pub fn SelectField(
    name: &'static str,
    #[prop(into)] label: String,
    value: RwSignal<String>,
    #[prop(into)] options: Signal<Vec<SelectOption>>,
    #[prop(into, optional)] hint: Signal<String>,
    #[prop(into, optional)] error: Signal<Option<String>>,
    #[prop(optional)] required: bool,
    #[prop(into, optional)] disabled: Signal<bool>,
    #[prop(optional)] class: &'static str,
) -> impl IntoView {
    let chosen = move |event: ev::Event| value.set(event_target_value(&event));
    let choices = move || {
        let current = value.get_untracked();
        options
            .get()
            .into_iter()
            .map(|SelectOption { value, label }| {
                view! { <option selected=value == current value=value>{label}</option> }
            })
            .collect_view()
    };
    view! {
        <Field id=id_of(name) label hint error required class>
            <select
                id=id_of(name)
                name=name
                class="input"
                required=required
                disabled=move || disabled.get()
                prop:value=move || value.get()
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=description_of(id_of(name))
                on:change=chosen
            >
                {choices}
            </select>
        </Field>
    }
}

/// Several lines of text.
#[component]
pub fn TextArea(
    name: &'static str,
    #[prop(into)] label: String,
    value: RwSignal<String>,
    #[prop(into, optional)] hint: Signal<String>,
    #[prop(into, optional)] error: Signal<Option<String>>,
    #[prop(into, optional)] warning: Signal<Option<String>>,
    #[prop(optional)] technical: bool,
    #[prop(optional)] rows: Option<u32>,
    #[prop(optional)] class: &'static str,
) -> impl IntoView {
    let initial = value.get_untracked();
    let typed = move |event: ev::Event| value.set(event_target_value(&event));
    view! {
        <Field id=id_of(name) label hint error warning class>
            <textarea
                id=id_of(name)
                name=name
                class=if technical { "input monospace" } else { "input" }
                rows=rows.unwrap_or(4)
                spellcheck="false"
                prop:value=move || value.get()
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=description_of(id_of(name))
                on:input=typed
            >
                {initial}
            </textarea>
        </Field>
    }
}

/// A box that searches or filters; its form sends it as `name`.
#[component]
pub fn SearchBox(
    name: &'static str,
    /// Names the box.
    #[prop(into)]
    label: String,
    #[prop(optional)] placeholder: &'static str,
    value: RwSignal<String>,
) -> impl IntoView {
    let initial = value.get_untracked();
    let typed = move |event: ev::Event| value.set(event_target_value(&event));
    view! {
        <span class="search-box">
            <Icon glyph=Glyph::Search/>
            <input
                class="input"
                type="search"
                name=name
                aria-label=label
                placeholder=placeholder
                autocomplete="off"
                value=initial
                prop:value=move || value.get()
                on:input=typed
            />
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_the_last_part_of_a_name() {
        assert_eq!(
            id_of("draft[settings][notification_email]"),
            "notification_email"
        );
        assert_eq!(id_of("domain"), "domain");
    }
}
