//! Leaves an attribute out of the request.

use super::{Function, example, required};
use crate::expression::evaluate::{Arguments, Interrupt, Outcome};

pub(super) static FUNCTION: Function = Function::new(
    "IgnoreFlowIfNullOrEmpty",
    "The value itself; but when it is absent or empty text, the target attribute is left as it is \
     and no default value takes its place.",
    evaluate,
)
.parameters(&[required("expression", "The value.")])
.examples(&[
    example("IgnoreFlowIfNullOrEmpty([department])", "Sales"),
    example(r#"IgnoreFlowIfNullOrEmpty(Trim("  "))"#, "(skip)"),
]);

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    let value = arguments.value(0)?;
    if value.is_null_or_empty() {
        return Err(Interrupt::Skip);
    }
    Ok(value)
}
