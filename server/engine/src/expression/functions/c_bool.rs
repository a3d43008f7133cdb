//! Reads a value as True or False.

use super::{Function, example, required};
use crate::expression::evaluate::{Arguments, Outcome};

pub(super) static FUNCTION: Function = Function::new(
    "CBool",
    "True for a comparison that holds, for a number other than 0 and for the text True. False for \
     an absent or empty value. Other texts are an error.",
    evaluate,
)
.parameters(&[required("expression", "A comparison or a value.")])
.examples(&[
    example(r#"CBool([department] = "Sales")"#, "True"),
    example("CBool(0)", "False"),
]);

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    Ok(arguments.condition(0)?.into())
}
