//! Tests bits.

use super::{Function, example, required};
use crate::expression::{
    evaluate::{Arguments, Outcome},
    value::Value,
};

pub(super) static FUNCTION: Function =
    Function::new("BitAnd", "The bits that are set in both numbers.", evaluate)
        .parameters(&[
            required(
                "value1",
                "A whole number, also as text or in the form &HFF.",
            ),
            required("value2", "The bits to look at."),
        ])
        .examples(&[
            example("BitAnd(&HF, &HF7)", "7"),
            example("BitAnd([userAccountControl], 2)", "2"),
        ]);

/// On 64 bits, because numbers of the directory are signed: a group type is often negative.
fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    let (left, right) = (arguments.integer(0)?, arguments.integer(1)?);
    Ok(Value::from(
        left.zip(right).map(|(left, right)| left & right),
    ))
}
