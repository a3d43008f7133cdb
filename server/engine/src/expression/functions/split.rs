//! Cuts a text into several values.

use super::{Function, example, required};
use crate::expression::{
    evaluate::{Arguments, Outcome},
    value::{Scalar, Value},
};

pub(super) static FUNCTION: Function = Function::new(
    "Split",
    "The pieces between the delimiters, without white space around them. Empty pieces keep their \
     place; an absent or empty text gives no value.",
    evaluate,
)
.parameters(&[
    required("source", "The text to cut."),
    required("delimiter", "What stands between the pieces."),
])
.examples(&[
    example(r#"Split("one, two", ",")"#, "one · two"),
    example(
        r#"Item(Split([userPrincipalName], "@"), 2)"#,
        "contoso.test",
    ),
]);

/// What a piece weighs besides its text.
const PIECE: usize = size_of::<Scalar>();

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    let source = arguments.text_or_empty(0)?;
    if source.is_empty() {
        return Ok(Value::Null);
    }
    let delimiter = arguments.text_or_empty(1)?;
    if delimiter.is_empty() {
        return arguments.fail("The argument delimiter is empty.");
    }
    let pieces = source.matches(&delimiter).count() + 1;
    arguments.allow((pieces * PIECE) as u64)?;
    let pieces = source.split(&delimiter);
    Ok(Value::of(pieces.map(|piece| piece.trim().into()).collect()))
}
