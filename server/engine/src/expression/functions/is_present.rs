//! Asks whether there is a value.

use super::{Function, example, required};
use crate::expression::evaluate::{Arguments, Outcome};

pub(super) static FUNCTION: Function = Function::new(
    "IsPresent",
    "True when the value is neither absent nor empty text; the opposite of IsNullOrEmpty.",
    evaluate,
)
.parameters(&[required("expression", "The value in question.")])
.examples(&[
    example("IsPresent([mail])", "True"),
    example("IsPresent([employeeId])", "False"),
]);

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    let is_missing = arguments.value(0)?.is_null_or_empty();
    Ok((!is_missing).into())
}
