//! Turns True into False.

use super::{Function, example, required};
use crate::expression::{
    evaluate::{Arguments, Outcome},
    value::{Scalar, boolean_in},
};

pub(super) static FUNCTION: Function = Function::new(
    "Not",
    "False for True; True for anything else, also for an absent value.",
    evaluate,
)
.parameters(&[required("source", "True or False, also as text.")])
.examples(&[
    example("Not([accountDisabled])", "False"),
    example("Not([employeeId])", "True"),
]);

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    let is_true = match arguments.single(0)? {
        Some(Scalar::Boolean(value)) => value,
        Some(Scalar::Text(text)) => boolean_in(&text) == Some(true),
        Some(_) | None => false,
    };
    Ok((!is_true).into())
}
