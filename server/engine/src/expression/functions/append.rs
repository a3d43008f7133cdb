//! Puts a text behind another.

use super::{Function, example, required};
use crate::expression::evaluate::{Arguments, Outcome};

pub(super) static FUNCTION: Function = Function::new(
    "Append",
    "The source followed by the suffix. An absent source stays absent.",
    evaluate,
)
.parameters(&[
    required("source", "The text; of several values each."),
    required("suffix", "What follows it; an absent one is empty."),
])
.examples(&[
    example(r#"Append([sn], ".test")"#, "Bergmann.test"),
    example(r#"Append([middleName], ".test")"#, "(null)"),
]);

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    let suffix = arguments.text_or_empty(1)?;
    arguments.each_text(0, |arguments, text| {
        arguments.allow(suffix.len() as u64)?;
        Ok(Some(text + &suffix))
    })
}
