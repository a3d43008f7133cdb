//! Reads a text as a date.

use super::{Function, example, required};
use crate::expression::{
    evaluate::{Arguments, Outcome},
    value::Value,
};

pub(super) static FUNCTION: Function = Function::new(
    "CDate",
    "The instant that a text names, in UTC. It reads yyyy-MM-dd and M/d/yyyy, a time after a blank \
     or a T, and an offset such as Z, -7 or +02:00. Other texts are an error; use FormatDateTime.",
    evaluate,
)
.parameters(&[required("expression", "The text.")])
.examples(&[
    example(r#"CDate("2020-03-16-07:00")"#, "3/16/2020 7:00:00 AM"),
    example("CDate([hireDate])", "3/31/2026 10:00:00 PM"),
]);

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    Ok(Value::from(arguments.date(0)?))
}
