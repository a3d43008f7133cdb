//! The functions with their help, and a field for every argument.

use engine::{
    expression::functions::Presence,
    expression_builder::{ExampleHelp, FunctionHelp, ParameterHelp},
};
use leptos::{ev, prelude::*};

use super::{THEN_ADD, THEN_INSERT, draft::Draft};
use crate::components::{
    button::{Button, Weight},
    field::{Field, TextInput, TextKind},
    icon::Glyph,
};

#[component]
pub fn Functions(functions: StoredValue<Vec<FunctionHelp>>, draft: Draft) -> impl IntoView {
    let chosen = Memo::new(move |_| {
        let name = draft.function.get();
        functions.with_value(|functions| {
            let named = functions.iter().find(|function| function.name == name);
            named.or(functions.first()).cloned()
        })
    });
    view! {
        <div class="functions">
            <Choice functions draft/>
            <div class="only-without-script"><Button label="Show function" small=true name="then" value="show" for_readers=true/></div>
            {move || chosen.get().map(|function| view! { <Help function draft/> })}
            <AttributeToInsert draft/>
        </div>
    }
}

#[component]
fn Choice(functions: StoredValue<Vec<FunctionHelp>>, draft: Draft) -> impl IntoView {
    let current = draft.function.get_untracked();
    let names = functions.with_value(|functions| {
        let names = functions.iter().map(|function| function.name.clone());
        names.collect::<Vec<_>>()
    });
    let option = |name: String| {
        let is_chosen = name == current;
        view! { <option selected=is_chosen value=name.clone()>{name.clone()}</option> }
    };
    let options = names.into_iter().map(option).collect_view();
    let changed = move |event: ev::Event| draft.choose(functions, event_target_value(&event));
    view! {
        <Field id="function" label="Function" class="full-width">
            <select id="function" name="function" class="input" on:change=changed>
                {options}
            </select>
        </Field>
    }
}

#[component]
fn Help(function: FunctionHelp, draft: Draft) -> impl IntoView {
    let FunctionHelp {
        name,
        signature,
        summary,
        parameters,
        examples,
    } = function;
    let shown = parameters.clone();
    let arguments = move || {
        let arguments = draft.arguments.get().into_iter().enumerate();
        arguments
            .map(|(slot, value)| argument(&shown, slot, value))
            .collect_view()
    };
    view! {
        <section class="function-help" aria-label=format!("Signature of {name}")>
            <code class="break-anywhere">{signature}</code>
            <p>{summary}</p>
            <details>
                <summary>"Examples"</summary>
                <dl>{examples.into_iter().map(example).collect_view()}</dl>
            </details>
        </section>
        <div class="arguments">{arguments}</div>
        <div class="row">
            <Button label="Add expression" glyph=Glyph::Add name="then" value=THEN_ADD for_readers=true/>
            {another(parameters, draft)}
        </div>
    }
}

fn example(ExampleHelp { expression, result }: ExampleHelp) -> impl IntoView {
    view! {
        <dt><code class="break-anywhere">{expression}</code></dt>
        <dd class="monospace break-anywhere">{result}</dd>
    }
}

/// The field of one argument. Attributes are offered for each.
fn argument(
    parameters: &[ParameterHelp],
    slot: usize,
    value: RwSignal<String>,
) -> impl IntoView + use<> {
    let parameter = parameter_of(parameters, slot);
    let (name, description, presence) = match parameter {
        Some(parameter) => (
            parameter.name.clone(),
            parameter.description.clone(),
            parameter.presence,
        ),
        None => (String::new(), String::new(), Presence::Optional),
    };
    let id = format!("argument-{slot}");
    let hint = format!("{id}-hint");
    let optional = (presence == Presence::Optional).then_some("optional");
    let typed = move |event: ev::Event| value.set(event_target_value(&event));
    let initial = value.get_untracked();
    view! {
        <div class="field full-width">
            <label for=id.clone()>{name}</label>
            <input
                id=id
                name="argument"
                class="input monospace"
                type="text"
                autocomplete="off"
                spellcheck="false"
                list="builder-attributes"
                placeholder=optional
                value=initial
                prop:value=move || value.get()
                aria-describedby=hint.clone()
                on:input=typed
            />
            <span class="hint" id=hint>{description}</span>
        </div>
    }
}

/// The parameter of a slot: those that repeat come again and again.
fn parameter_of(parameters: &[ParameterHelp], slot: usize) -> Option<&ParameterHelp> {
    let is_repeating = |parameter: &ParameterHelp| parameter.presence == Presence::Repeating;
    match parameters.get(slot) {
        Some(parameter) => Some(parameter),
        None => {
            let start = parameters.iter().position(is_repeating)?;
            let repeating = parameters.get(start..)?;
            repeating.get((slot - parameters.len()) % repeating.len())
        }
    }
}

fn another(parameters: Vec<ParameterHelp>, draft: Draft) -> Option<impl IntoView> {
    let repeating = parameters
        .iter()
        .filter(|parameter| parameter.presence == Presence::Repeating);
    let names: Vec<&str> = repeating.map(|parameter| parameter.name.as_str()).collect();
    let label = format!("Add another {}", names.join(" and "));
    let add = Callback::new(move |()| draft.repeat(&parameters));
    (!label.ends_with(' ')).then(|| view! { <Button label weight=Weight::Subtle on_click=add/> })
}

#[component]
fn AttributeToInsert(draft: Draft) -> impl IntoView {
    view! {
        <Field id="attribute_to_insert" label="Source attribute" class="full-width">
            <div class="with-button">
                <TextInput
                    name="attribute_to_insert"
                    value=draft.attribute_to_insert
                    kind=TextKind::Technical
                    suggestions=Some("builder-attributes")
                />
                <Button label="Insert attribute" name="then" value=THEN_INSERT for_readers=true/>
            </div>
        </Field>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_that_repeat_come_again_and_again() {
        let parameter = |name: &str, presence| ParameterHelp {
            name: name.to_owned(),
            description: String::new(),
            presence,
        };
        let switch = [
            parameter("source", Presence::Required),
            parameter("key", Presence::Repeating),
            parameter("value", Presence::Repeating),
        ];
        let name = |slot| parameter_of(&switch, slot).map(|parameter| parameter.name.as_str());
        assert_eq!(name(0), Some("source"));
        assert_eq!(
            (name(3), name(4), name(5)),
            (Some("key"), Some("value"), Some("key"))
        );
        assert_eq!(parameter_of(&switch[..1], 1), None);
    }
}
