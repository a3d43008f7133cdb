//! Puts a text before another.

use super::{Function, example, required};
use crate::expression::evaluate::{Arguments, Outcome};

pub(super) static FUNCTION: Function = Function::new(
    "Prepend",
    "The prefix followed by the source. An absent source stays absent.",
    evaluate,
)
.parameters(&[
    required("prefix", "What stands before it; an absent one is empty."),
    required("source", "The text; of several values each."),
])
.examples(&[example(r#"Prepend("x-", [department])"#, "x-Sales")]);

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    let prefix = arguments.text_or_empty(0)?;
    arguments.each_text(1, |arguments, text| {
        arguments.allow(prefix.len() as u64)?;
        Ok(Some(prefix.clone() + &text))
    })
}
