//! Hides a value in logs.

use super::{Function, example, required};
use crate::expression::evaluate::{Arguments, Outcome};

pub(super) static FUNCTION: Function = Function::new(
    "Redact",
    "The value itself; logs and previews show [Redact] in its place.",
    evaluate,
)
.parameters(&[required("value", "The value.")])
.examples(&[example("Redact([department])", "Sales")]);

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    arguments.value(0)
}
