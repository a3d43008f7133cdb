//! Keeps each value once.

use std::collections::HashSet;

use super::{Function, example, required};
use crate::expression::{
    evaluate::{Arguments, Outcome},
    value::{Scalar, Value},
};

pub(super) static FUNCTION: Function = Function::new(
    "RemoveDuplicates",
    "The values without repetitions, in their order. Case matters: SMTP: marks the primary address.",
    evaluate,
)
.parameters(&[required("attribute", "An attribute with several values.")])
.examples(&[example(
    r#"RemoveDuplicates(Split("a,b,a,A", ","))"#,
    "a · b · A",
)]);

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    let scalars = arguments.value(0)?.into_scalars();
    let mut seen = HashSet::with_capacity(scalars.len());
    let is_first = |scalar: &Scalar| seen.insert(scalar.clone());
    Ok(Value::of(scalars.into_iter().filter(is_first).collect()))
}
