//! Tells the time.

use super::{Function, example};
use crate::expression::{
    date::Date,
    evaluate::{Arguments, Outcome},
};

pub(super) static FUNCTION: Function = Function::new(
    "Now",
    "The current time in UTC, the same wherever it stands in the mappings of an object.",
    evaluate,
)
.examples(&[example("Now()", "3/14/2026 9:26:53 AM")]);

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    match Date::new(arguments.context().now) {
        Some(now) => Ok(now.into()),
        None => arguments.fail("The clock is outside the years 1 to 9999."),
    }
}
