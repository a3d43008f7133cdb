//! Writes a text in capital letters.

use super::{
    Function, example, optional, required,
    to_lower::{casing, check_culture},
};
use crate::expression::evaluate::{Arguments, Outcome};

pub(super) static FUNCTION: Function = Function::new(
    "ToUpper",
    "The text in capital letters. The number of characters stays the same, so ß stays ß.",
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
    example("ToUpper([department])", "SALES"),
    example(r#"ToUpper("straße")"#, "STRAßE"),
]);

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    let casing = casing(arguments)?;
    arguments.each_text(0, |_, text| Ok(Some(casing.upper(&text))))
}
