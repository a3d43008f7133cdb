//! Turns a value into text.

use super::{Function, example, required};
use crate::expression::evaluate::{Arguments, Outcome};

pub(super) static FUNCTION: Function = Function::new(
    "CStr",
    "The value as text: True or False, the digits of a number, a date as M/d/yyyy h:mm:ss tt. \
     Binary values have no text form and are an error.",
    evaluate,
)
.parameters(&[required("value", "The value; of several each.")])
.examples(&[
    example("CStr([userAccountControl])", "514"),
    example("CStr([accountDisabled])", "True"),
]);

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    arguments.each_text(0, |_, text| Ok(Some(text)))
}
