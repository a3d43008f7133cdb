//! Removes blanks.

use super::{Function, example, required};
use crate::expression::evaluate::{Arguments, Outcome};

pub(super) static FUNCTION: Function = Function::new(
    "StripSpaces",
    "The text without blanks. Tabs and other white space stay.",
    evaluate,
)
.parameters(&[required("source", "The text; of several values each.")])
.examples(&[example("StripSpaces([displayName])", "ZoëBergmann")]);

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    arguments.each_text(0, |_, text| Ok(Some(text.replace(' ', ""))))
}
