//! Takes a part of a distinguished name.

use super::{Function, example, required};
use crate::expression::{
    evaluate::{Arguments, Outcome},
    value::Value,
};

pub(super) static FUNCTION: Function = Function::new(
    "DNComponent",
    "The value of one part of a distinguished name, as it is written, counted from the left. No \
     value when there is no such part.",
    evaluate,
)
.parameters(&[
    required("dn", "The distinguished name."),
    required("number", "The place of the part, counted from 1."),
])
.examples(&[
    example("DNComponent([distinguishedName], 2)", "Sales"),
    example("DNComponent([distinguishedName], 1)", r"Bergmann\, Zoë"),
]);

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    let (dn, number) = (arguments.text(0)?, arguments.integer(1)?);
    let Some((dn, number)) = dn.zip(number) else {
        return Ok(Value::Null);
    };
    let place = usize::try_from(number)
        .ok()
        .and_then(|number| number.checked_sub(1));
    let part = place.and_then(|place| parts(&dn).into_iter().nth(place));
    Ok(Value::from(part.map(value_of)))
}

/// Cut at commas that no backslash escapes.
fn parts(dn: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut escaped) = (0, false);
    for (offset, character) in dn.char_indices() {
        if character == ',' && !escaped {
            parts.push(&dn[start..offset]);
            start = offset + 1;
        }
        escaped = character == '\\' && !escaped;
    }
    parts.push(&dn[start..]);
    parts
}

fn value_of(part: &str) -> &str {
    let value = part.split_once('=').map_or(part, |(_, value)| value);
    let value = value.trim_start();
    let trimmed = value.trim_end();
    if trimmed.ends_with('\\') {
        // The backslash may escape the blank behind it.
        value
    } else {
        trimmed
    }
}
