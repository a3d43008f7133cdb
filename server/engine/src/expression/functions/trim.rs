//! Removes white space around a text.

use super::{Function, example, required};
use crate::expression::evaluate::{Arguments, Outcome};

pub(super) static FUNCTION: Function = Function::new(
    "Trim",
    "The text without white space of any kind at its beginning and end.",
    evaluate,
)
.parameters(&[required("value", "The text; of several values each.")])
.examples(&[example("Trim([displayName])", "Zoë Bergmann")]);

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    arguments.each_text(0, |_, text| Ok(Some(text.trim().to_owned())))
}
