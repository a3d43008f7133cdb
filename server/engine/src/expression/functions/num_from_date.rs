//! Writes a date as a file time.

use super::{Function, example, required};
use crate::expression::{
    evaluate::{Arguments, Outcome},
    value::Value,
};

pub(super) static FUNCTION: Function = Function::new(
    "NumFromDate",
    "The date as a number of the directory that counts 100 nanoseconds since 1601, as \
     accountExpires does.",
    evaluate,
)
.parameters(&[required("value", "A date, or a text that CDate reads.")])
.examples(&[example(
    r#"NumFromDate(CDate("2012-01-01 23:00:00"))"#,
    "129699324000000000",
)]);

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    let Some(date) = arguments.date(0)? else {
        return Ok(Value::Null);
    };
    match date.to_file_time() {
        Some(ticks) => Ok(ticks.into()),
        None => arguments.fail("The date is before 1601."),
    }
}
