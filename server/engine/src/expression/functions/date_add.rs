//! Moves a date.

use super::{
    Function,
    date_diff::{check_interval, interval},
    example, required,
};
use crate::expression::{
    date::{Date, Interval},
    evaluate::{Arguments, Outcome},
    value::Value,
};

pub(super) static FUNCTION: Function = Function::new(
    "DateAdd",
    "The date moved by a number of intervals, back when the number is negative. A day that the new \
     month lacks becomes its last day.",
    evaluate,
)
.parameters(&[
    required(
        "interval",
        "yyyy (years), m (months), ww (weeks), d (days), h, n (minutes) or s.",
    ),
    required("value", "How many intervals."),
    required("dateTime", "A date, or a text that CDate reads."),
])
.literal_rule(check_interval)
.examples(&[
    example(
        r#"DateAdd("d", -10, CDate([hireDate]))"#,
        "3/21/2026 10:00:00 PM",
    ),
    example(
        r#"DateAdd("m", 1, CDate("2026-01-31"))"#,
        "2/28/2026 12:00:00 AM",
    ),
]);

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    let interval = interval(arguments)?;
    let (count, date) = (arguments.integer(1)?, arguments.date(2)?);
    let Some((count, date)) = count.zip(date) else {
        return Ok(Value::Null);
    };
    match moved(date, interval, count) {
        Some(date) => Ok(date.into()),
        None => arguments.fail("The result is outside the years 1 to 9999."),
    }
}

fn moved(date: Date, interval: Interval, count: i64) -> Option<Date> {
    match interval {
        Interval::Years => date.checked_add_months(count.checked_mul(12)?),
        Interval::Months => date.checked_add_months(count),
        Interval::Span(seconds) => {
            let total = seconds.checked_mul(count)?;
            date.checked_add(time::Duration::seconds(total))
        }
        Interval::Weeks => moved(date, Interval::DAYS, count.checked_mul(7)?),
    }
}
