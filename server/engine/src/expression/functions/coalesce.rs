//! Takes the first value there is.

use super::{Function, example, repeating};
use crate::expression::{
    evaluate::{Arguments, Outcome},
    value::Value,
};

pub(super) static FUNCTION: Function = Function::new(
    "Coalesce",
    "The first argument that is not absent; empty text counts as a value. The last argument may be \
     the default.",
    evaluate,
)
.parameters(&[repeating(
    "source",
    "A value, or all values of an attribute.",
)])
.examples(&[
    example(
        "Coalesce([employeeId], [mail])",
        "zoe.bergmann@contoso.test",
    ),
    example(r#"Coalesce([employeeId], "none")"#, "none"),
]);

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    for slot in 0..arguments.count() {
        let value = arguments.value(slot)?;
        if value != Value::Null {
            return Ok(value);
        }
    }
    Ok(Value::Null)
}
