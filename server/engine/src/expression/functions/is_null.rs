//! Asks whether a value is absent.

use super::{Function, example, required};
use crate::expression::{
    evaluate::{Arguments, Outcome},
    value::Value,
};

pub(super) static FUNCTION: Function = Function::new(
    "IsNull",
    "True when the attribute is absent. Empty text is a value.",
    evaluate,
)
.parameters(&[required("expression", "The value in question.")])
.examples(&[
    example("IsNull([employeeId])", "True"),
    example(r#"IsNull("")"#, "False"),
]);

pub(super) fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    let value = arguments.value(0)?;
    Ok((value == Value::Null).into())
}
