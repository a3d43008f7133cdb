//! Writes a text in small letters.

use super::{Function, Mistake, check_literal, example, optional, required};
use crate::expression::{
    evaluate::{Arguments, Outcome},
    syntax::Node,
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
.literal_rule(check_culture)
.examples(&[
    example("ToLower([userPrincipalName])", "zoe.bergmann@contoso.test"),
    example(r#"ToLower("IZMIR", "tr-TR")"#, "ızmır"),
]);

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    let casing = casing(arguments)?;
    arguments.each_text(0, |_, text| Ok(Some(casing.lower(&text))))
}

/// Looks at the culture in the second slot.
pub(super) fn check_culture(slots: &[Option<Node>]) -> Result<(), Mistake> {
    check_literal(slots, 1, |name| casing_of(name).map(|_| ()))
}

/// Reads the culture in the second slot; the invariant one when there is none.
pub(super) fn casing(arguments: &mut Arguments<'_, '_, '_>) -> Outcome<Casing> {
    let culture = arguments.text_or_empty(1)?;
    casing_of(&culture).or_else(|message| arguments.fail(message))
}

fn casing_of(culture: &str) -> Result<Casing, String> {
    let casing = Casing::of_culture(culture);
    casing.ok_or_else(|| format!("{} is not the name of a culture.", quoted(culture)))
}
