//! Asks whether a value is absent or empty.

use super::{Function, example, required};
use crate::expression::evaluate::{Arguments, Outcome};

pub(super) static FUNCTION: Function = Function::new(
    "IsNullOrEmpty",
    "True when the value is absent or empty text; the opposite of IsPresent.",
    evaluate,
)
.parameters(&[required("expression", "The value in question.")])
.examples(&[
    example("IsNullOrEmpty([employeeId])", "True"),
    example(r#"IsNullOrEmpty(" ")"#, "False"),
]);

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    Ok(arguments.value(0)?.is_null_or_empty().into())
}
