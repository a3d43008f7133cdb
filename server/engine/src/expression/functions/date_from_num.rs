//! Reads a file time.

use super::{Function, example, required};
use crate::expression::{
    date::Date,
    evaluate::{Arguments, Outcome},
    value::Value,
};

pub(super) static FUNCTION: Function = Function::new(
    "DateFromNum",
    "The date behind a number of the directory that counts 100 nanoseconds since 1601, as \
     lastLogonTimestamp does. The number that means never gives no value.",
    evaluate,
)
.parameters(&[required("value", "The number.")])
.examples(&[example(
    "DateFromNum([lastLogonTimestamp])",
    "1/1/2012 11:00:00 PM",
)]);

/// `accountExpires` of an account that does not expire.
const NEVER: i64 = i64::MAX;

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    match arguments.integer(0)? {
        None | Some(NEVER) => Ok(Value::Null),
        Some(ticks) => match Date::from_file_time(ticks) {
            Some(date) => Ok(date.into()),
            None => arguments.fail(format!("{ticks} is not a date of the years 1601 to 9999.")),
        },
    }
}
