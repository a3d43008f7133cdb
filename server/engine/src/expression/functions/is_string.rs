//! Asks whether a value can be text.

use super::{Function, example, required};
use crate::expression::{
    evaluate::{Arguments, Outcome},
    value::{Scalar, Value},
};

pub(super) static FUNCTION: Function = Function::new(
    "IsString",
    "True when CStr can turn the value into text: not for absent, binary or several values.",
    evaluate,
)
.parameters(&[required("expression", "The value in question.")])
.examples(&[
    example("IsString([mail])", "True"),
    example("IsString([objectSid])", "False"),
]);

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    let is_string = match arguments.value(0)? {
        Value::One(Scalar::Binary(_)) | Value::Null | Value::Many(_) => false,
        Value::One(_) => true,
    };
    Ok(is_string.into())
}
