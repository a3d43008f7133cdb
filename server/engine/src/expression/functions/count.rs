//! Counts values.

use super::{Function, example, required};
use crate::expression::evaluate::{Arguments, Outcome};

pub(super) static FUNCTION: Function = Function::new(
    "Count",
    "How many values an attribute has; 0 when it is absent.",
    evaluate,
)
.parameters(&[required("attribute", "The attribute.")])
.examples(&[
    example("Count([proxyAddresses])", "2"),
    example("Count([mail])", "1"),
]);

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    let count = arguments.value(0)?.scalars().len();
    Ok(i64::try_from(count).unwrap_or(i64::MAX).into())
}
