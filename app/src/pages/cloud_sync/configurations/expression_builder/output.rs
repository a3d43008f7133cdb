//! What a test came to: the value, what it was made of, and the value of every part.

use engine::expression_builder::{Input, Outcome, Part, Remark, TestResult};
use leptos::prelude::*;

use super::Answer;
use crate::components::icon::{Glyph, Icon};

#[component]
pub fn Output(
    answer: Signal<Option<Answer>>,
    /// With the value of every part.
    #[prop(optional)]
    is_detailed: bool,
) -> impl IntoView {
    let outcome = move || {
        let answer = answer.get()?;
        Some(match &answer.result {
            Ok(result) => shown(&result.outcome).into_any(),
            Err(error) => failure(error.to_string()).into_any(),
        })
    };
    let rest = move || {
        let result = answer.get()?.result.ok()?;
        Some(details(result, is_detailed))
    };
    view! {
        <div class="expression-output">
            <h3>"Expression output"</h3>
            <div role="status" aria-label="View expression output">
                {move || match answer.with(Option::is_some) {
                    true => outcome().into_any(),
                    false => view! { <p class="muted">"Not tested yet."</p> }.into_any(),
                }}
            </div>
            {rest}
        </div>
    }
}

fn shown(outcome: &Outcome) -> AnyView {
    match outcome {
        Outcome::Values(values) if values.is_empty() => success(
            "Nothing (null). The default value is used, where there is one.",
            vec![],
        )
        .into_any(),
        Outcome::Values(values) if values.iter().all(String::is_empty) => {
            success("An empty text: the target is cleared.", vec![]).into_any()
        }
        Outcome::Values(values) => success("", values.clone()).into_any(),
        Outcome::Skip => success("Left out: the target stays as it is.", vec![]).into_any(),
        Outcome::Accepted => success("The expression can be used.", vec![]).into_any(),
        Outcome::Failed(remark) => failure(remark.to_string()).into_any(),
        Outcome::Refused(remark) => failure(remark.to_string()).into_any(),
    }
}

fn success(note: &'static str, values: Vec<String>) -> impl IntoView {
    let value = |value: String| view! { <li class="monospace break-anywhere">{value}</li> };
    view! {
        <div class="outcome">
            <Icon glyph=Glyph::CheckmarkCircleFilled/>
            {match values.is_empty() {
                true => view! { <p>{note}</p> }.into_any(),
                false => view! { <ul>{values.into_iter().map(value).collect_view()}</ul> }.into_any(),
            }}
        </div>
    }
}

fn failure(message: String) -> impl IntoView {
    view! {
        <div class="outcome failed">
            <Icon glyph=Glyph::ErrorCircleFilled/>
            <p class="break-anywhere">{message}</p>
        </div>
    }
}

fn details(result: TestResult, is_detailed: bool) -> impl IntoView {
    let TestResult {
        object,
        inputs,
        parts,
        warnings,
        ..
    } = result;
    let object = object.map(|object| fact("Object", &[object]));
    let inputs: Vec<_> = inputs
        .into_iter()
        .map(|Input { name, values }| fact(name, &values))
        .collect();
    let has_facts = object.is_some() || !inputs.is_empty();
    let warning = |warning: Remark| view! { <li><Icon glyph=Glyph::WarningFilled/><span>{warning.to_string()}</span></li> };
    let has_parts = is_detailed && parts.len() > 1;
    view! {
        {has_facts.then(|| view! { <dl class="facts">{object}{inputs}</dl> })}
        {(!warnings.is_empty()).then(|| view! {
            <ul class="points">{warnings.into_iter().map(warning).collect_view()}</ul>
        })}
        {has_parts.then(|| view! { <Parts parts/> })}
    }
}

fn fact(name: impl Into<String>, values: &[String]) -> AnyView {
    let text = match values.is_empty() {
        true => "(empty)".to_owned(),
        false => values.join(" · "),
    };
    view! { <div><dt>{name.into()}</dt><dd class="monospace break-anywhere">{text}</dd></div> }
        .into_any()
}

#[component]
fn Parts(parts: Vec<Part>) -> impl IntoView {
    let row = |part: Part| {
        let depth = format!("depth-{}", part.depth.min(6));
        let result = match part.is_error {
            true => "break-anywhere error-text",
            false => "break-anywhere",
        };
        view! {
            <tr>
                <th scope="row"><code class=depth>{part.text}</code></th>
                <td><span class=result>{part.result}</span></td>
            </tr>
        }
    };
    // Two short columns stay beside each other where a data grid would make cards of its rows.
    view! {
        <table class="parts" aria-label="Value of each part">
            <thead><tr><th scope="col">"Part"</th><th scope="col">"Value"</th></tr></thead>
            <tbody>{parts.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}
