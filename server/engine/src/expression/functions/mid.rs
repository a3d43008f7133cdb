//! Takes a part out of a text.

use super::{Function, example, optional, required};
use crate::expression::{
    evaluate::{Arguments, Outcome},
    text,
};

pub(super) static FUNCTION: Function = Function::new(
    "Mid",
    "The characters from a position on. A length that runs over the end is cut. A start before the \
     first or behind the last character, or a negative length, gives the whole text.",
    evaluate,
)
.parameters(&[
    required(
        "source",
        "The text; of several values each. An absent one gives empty text.",
    ),
    required(
        "start",
        "The position of the first character, counted from 1.",
    ),
    optional(
        "length",
        "How many characters; all that follow when left off.",
    ),
])
.examples(&[
    example(r#"Mid("John Doe", 6, 999)"#, "Doe"),
    example("Mid([sn], 1, 1)", "B"),
]);

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    let start = arguments.required_integer(1)?;
    let length = arguments.integer(2)?.unwrap_or(i64::MAX);
    arguments.each_text_or_empty(0, |_, source| {
        let part = mid(&source, start, length).unwrap_or(&source);
        Ok(Some(part.to_owned()))
    })
}

/// None when there is no such part, which returns the whole text (the rule of Azure AD Connect;
/// Visual Basic would give empty text for a start behind the end).
fn mid(source: &str, start: i64, length: i64) -> Option<&str> {
    if length == 0 {
        return Some("");
    }
    if length < 0 {
        return None;
    }
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    let before = usize::try_from(start).ok()?.checked_sub(1)?;
    let exists = before < text::count_units(source);
    exists.then(|| text::units(source, before, length))
}
