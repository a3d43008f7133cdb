//! Takes one of several values.

use super::{Function, example, required};
use crate::expression::{
    evaluate::{Arguments, Outcome},
    value::Value,
};

pub(super) static FUNCTION: Function = Function::new(
    "Item",
    "One of several values, by its place. A place that does not exist is an error; an absent \
     attribute gives no value.",
    evaluate,
)
.parameters(&[
    required("attribute", "An attribute with several values."),
    required("index", "The place of the value, counted from 1."),
])
.examples(&[
    example("Item([proxyAddresses], 1)", "smtp:zb@contoso.test"),
    example(
        r#"Item([proxyAddresses], Contains([proxyAddresses], "SMTP:"))"#,
        "SMTP:zoe.bergmann@contoso.test",
    ),
]);

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    let mut scalars = arguments.value(0)?.into_scalars();
    if scalars.is_empty() {
        return Ok(Value::Null);
    }
    let index = arguments.required_integer(1)?;
    let place = usize::try_from(index)
        .ok()
        .and_then(|index| index.checked_sub(1));
    match place {
        Some(place) if place < scalars.len() => Ok(Value::One(scalars.swap_remove(place))),
        _ => arguments.fail(format!(
            "There is no value {index}; the attribute has {}.",
            scalars.len()
        )),
    }
}
