//! Counts the time between two dates.

use super::{Function, Mistake, check_literal, example, required};
use crate::expression::{
    date::{Date, Interval},
    evaluate::{Arguments, Outcome},
    syntax::Node,
    value::{Value, quoted},
};

pub(super) static FUNCTION: Function = Function::new(
    "DateDiff",
    "How many intervals the second date lies after the first; negative when it lies before. Years \
     and months are differences of calendar numbers, weeks count the Sundays between, and the rest \
     is elapsed time, cut to whole intervals.",
    evaluate,
)
.parameters(&[
    required(
        "interval",
        "yyyy (years), m (months), ww (weeks), d (days), h, n (minutes) or s.",
    ),
    required("date1", "A date, or a text that CDate reads."),
    required("date2", "The other date."),
])
.literal_rule(check_interval)
.examples(&[
    example(r#"DateDiff("d", Now(), CDate([hireDate]))"#, "17"),
    example(
        r#"DateDiff("yyyy", CDate("2025-12-31"), CDate("2026-01-01"))"#,
        "1",
    ),
]);

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    let interval = interval(arguments)?;
    let (first, second) = (arguments.date(1)?, arguments.date(2)?);
    let difference = first
        .zip(second)
        .map(|(first, second)| difference(interval, first, second));
    Ok(Value::from(difference))
}

/// Looks at the interval in the first slot.
pub(super) fn check_interval(slots: &[Option<Node>]) -> Result<(), Mistake> {
    check_literal(slots, 0, |name| interval_named(name).map(|_| ()))
}

/// Reads the interval in the first slot.
pub(super) fn interval(arguments: &mut Arguments<'_, '_, '_>) -> Outcome<Interval> {
    let name = arguments.text_or_empty(0)?;
    interval_named(&name).or_else(|message| arguments.fail(message))
}

fn interval_named(name: &str) -> Result<Interval, String> {
    Interval::parse(name).ok_or_else(|| {
        let name = quoted(name);
        format!("{name} is not an interval; use yyyy, m, ww, d, h, n or s.")
    })
}

/// The rules of Visual Basic's `DateDiff`.
fn difference(interval: Interval, first: Date, second: Date) -> i64 {
    match interval {
        Interval::Years => i64::from(second.instant().year() - first.instant().year()),
        Interval::Months => second.months() - first.months(),
        Interval::Span(seconds) => (second.instant() - first.instant()).whole_seconds() / seconds,
        Interval::Weeks => {
            let days = (week_start(second) - week_start(first)).whole_days();
            days / 7
        }
    }
}

/// The Saturday before, at the same time of day: Sundays are where weeks change.
fn week_start(date: Date) -> time::OffsetDateTime {
    let weekday = date.instant().weekday().number_from_sunday();
    date.instant()
        .saturating_sub(time::Duration::days(weekday.into()))
}
