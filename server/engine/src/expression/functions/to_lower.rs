//! Writes a text in small letters.

use super::{Function, example, optional, required};
use crate::expression::{
    evaluate::{Arguments, Outcome},
    text::Casing,
    value::quoted,
};

pub(super) static FUNCTION: Function = Function::new(
    "ToLower",
    "The text in small letters. The number of characters stays the same.",
    evaluate,
)
.parameters(&[
    required("source", "The text; of several values each."),
    optional(
        "culture",
        "The name of a culture such as tr-TR, for its own pairs of letters.",
    ),
])
.examples(&[
    example("ToLower([userPrincipalName])", "zoe.bergmann@contoso.test"),
    example(r#"ToLower("IZMIR", "tr-TR")"#, "ızmır"),
]);

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    let casing = casing(arguments, 1)?;
    arguments.each_text(0, |_, text| Ok(Some(casing.lower(&text))))
}

/// Reads the culture in a slot; the invariant one when there is none.
pub(super) fn casing(arguments: &mut Arguments<'_, '_, '_>, slot: usize) -> Outcome<Casing> {
    let culture = arguments.text_or_empty(slot)?;
    match Casing::of_culture(&culture) {
        Some(casing) => Ok(casing),
        None => arguments.fail(format!(
            "{} is not the name of a culture.",
            quoted(&culture)
        )),
    }
}
