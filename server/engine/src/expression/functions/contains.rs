//! Finds the value that holds a text.

use super::{Function, example, optional, required};
use crate::expression::{
    evaluate::{Arguments, Outcome},
    text::Casing,
    value::{Scalar, quoted},
};

pub(super) static FUNCTION: Function = Function::new(
    "Contains",
    "The place of the first value that holds the text, counted from 1; 0 when none does. A \
     reference has to be the text as a whole.",
    evaluate,
)
.parameters(&[
    required("attribute", "An attribute with several values."),
    required("search", "The text to find."),
    optional(
        "caseType",
        "CaseSensitive, the default, or CaseInsensitive.",
    ),
])
.examples(&[
    example(r#"Contains([proxyAddresses], "SMTP:")"#, "2"),
    example(
        r#"Contains([proxyAddresses], "SMTP:", CaseInsensitive)"#,
        "1",
    ),
]);

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    let scalars = arguments.value(0)?.into_scalars();
    let search = arguments.text_or_empty(1)?;
    let ignores_case = ignores_case(arguments)?;
    let folded = |text: String| match ignores_case {
        true => Casing::Invariant.lower(&text),
        false => text,
    };
    let search = folded(search);
    for (index, scalar) in scalars.into_iter().enumerate() {
        let is_reference = matches!(scalar, Scalar::Reference(_));
        let text = folded(arguments.readable(0, scalar.into_text())?);
        if text == search || !is_reference && text.contains(&search) {
            return Ok((index as i64 + 1).into());
        }
    }
    Ok(0.into())
}

fn ignores_case(arguments: &mut Arguments<'_, '_, '_>) -> Outcome<bool> {
    let choice = arguments.text_or_empty(2)?;
    match choice.to_ascii_lowercase().as_str() {
        "" | "casesensitive" => Ok(false),
        "caseinsensitive" => Ok(true),
        _ => arguments.fail(format!("{} is not a way to compare.", quoted(&choice))),
    }
}
