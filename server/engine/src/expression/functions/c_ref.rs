//! Marks a text as a reference.

use super::{Function, example, required};
use crate::expression::{
    evaluate::{Arguments, Outcome},
    value::{Scalar, Value},
};

pub(super) static FUNCTION: Function = Function::new(
    "CRef",
    "The text as a reference, a distinguished name. The text is not checked.",
    evaluate,
)
.parameters(&[required("value", "The distinguished name.")])
.examples(&[example(
    r#"DNComponent(CRef("CN=Joe,OU=Sales,DC=contoso"), 2)"#,
    "Sales",
)]);

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    Ok(Value::from(arguments.text(0)?.map(Scalar::Reference)))
}
