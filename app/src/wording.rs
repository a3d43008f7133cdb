//! Dates, durations, counts and sizes as people read them. Every text that depends on a number or
//! a moment is made here, so that it reads the same everywhere.

use engine::timestamp::Timestamp;
use time::{OffsetDateTime, UtcOffset};

/// `1284` → `1,284`
pub fn number(value: u64) -> String {
    let digits = value.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `1 deletion`, `27 deletions`; the plural is the singular with an s unless it is told.
pub fn count(value: u64, singular: &str) -> String {
    counted(value, singular, &format!("{singular}s"))
}

/// `1 entry`, `27 entries`
pub fn counted(value: u64, singular: &str, plural: &str) -> String {
    let noun = if value == 1 { singular } else { plural };
    format!("{} {noun}", number(value))
}

/// `10 minutes`, `90 seconds`: how often something happens.
pub fn interval(seconds: u64) -> String {
    match seconds % 60 {
        0 if seconds > 0 => count(seconds / 60, "minute"),
        _ => count(seconds, "second"),
    }
}

/// `62 %`; never 100 before the end.
pub fn percent(done: u64, total: u64) -> String {
    match done.saturating_mul(100).checked_div(total) {
        None => "0 %".to_owned(),
        Some(percent) if done < total => format!("{} %", percent.min(99)),
        Some(_) => "100 %".to_owned(),
    }
}

/// `340 ms`, `4.2 s`, `3 min 12 s`, `2 h 5 min`
pub fn duration(milliseconds: u64) -> String {
    let seconds = milliseconds / 1000;
    match seconds {
        0 => format!("{milliseconds} ms"),
        1..=9 => format!("{seconds}.{} s", milliseconds % 1000 / 100),
        10..=59 => format!("{seconds} s"),
        60..=3599 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

/// `17 Mar 2026, 09:41:57` on a clock that is so many minutes ahead of UTC.
pub fn exact_time(at: Timestamp, minutes_ahead_of_utc: i32) -> String {
    let local = on_clock(at, minutes_ahead_of_utc);
    format!(
        "{}, {:02}:{:02}:{:02}",
        date(local),
        local.hour(),
        local.minute(),
        local.second()
    )
}

/// `09:41:57` on a clock that is so many minutes ahead of UTC.
pub fn clock_time(at: Timestamp, minutes_ahead_of_utc: i32) -> String {
    let local = on_clock(at, minutes_ahead_of_utc);
    format!(
        "{:02}:{:02}:{:02}",
        local.hour(),
        local.minute(),
        local.second()
    )
}

/// `17 Mar 09:41:57`, for lists that reach back some weeks.
pub fn log_time(at: Timestamp, minutes_ahead_of_utc: i32) -> String {
    let exact = exact_time(at, minutes_ahead_of_utc);
    let year = format!(" {},", on_clock(at, minutes_ahead_of_utc).year());
    exact.replacen(&year, "", 1)
}

/// `UTC`, `UTC+1`, `UTC+5:30`
pub fn zone(minutes_ahead_of_utc: i32) -> String {
    let sign = if minutes_ahead_of_utc < 0 { '−' } else { '+' };
    let (hours, minutes) = (
        minutes_ahead_of_utc.abs() / 60,
        minutes_ahead_of_utc.abs() % 60,
    );
    match (hours, minutes) {
        (0, 0) => "UTC".to_owned(),
        (_, 0) => format!("UTC{sign}{hours}"),
        _ => format!("UTC{sign}{hours}:{minutes:02}"),
    }
}

/// `just now`, `22 min ago`, `in 2 min`, then the time of day, then the date.
pub fn relative_time(at: Timestamp, now: Timestamp, minutes_ahead_of_utc: i32) -> String {
    let seconds = (now.0 - at.0) / 1_000_000;
    let minutes = seconds.abs() / 60;
    match (seconds, minutes) {
        (0..=9, _) => "just now".to_owned(),
        (10..=59, _) => format!("{seconds} s ago"),
        (-59..=-1, _) => format!("in {} s", -seconds),
        (60.., 0..=60) => format!("{minutes} min ago"),
        (..=-60, 0..=60) => format!("in {minutes} min"),
        _ => clock_or_date(at, now, minutes_ahead_of_utc),
    }
}

fn clock_or_date(at: Timestamp, now: Timestamp, minutes_ahead_of_utc: i32) -> String {
    let (at, now) = (
        on_clock(at, minutes_ahead_of_utc),
        on_clock(now, minutes_ahead_of_utc),
    );
    let clock = format!("{:02}:{:02}", at.hour(), at.minute());
    if at.date() == now.date() {
        clock
    } else {
        format!("{}, {clock}", date(at))
    }
}

/// `17 Mar 2026` on a clock that is so many minutes ahead of UTC.
pub fn day_in_words(at: Timestamp, minutes_ahead_of_utc: i32) -> String {
    date(on_clock(at, minutes_ahead_of_utc))
}

/// `17 Mar`, of a day in UTC.
pub fn day_and_month(day: Timestamp) -> String {
    let date = date(day.to_date_time());
    date.rsplit_once(' ')
        .map_or(String::new(), |(day, _)| day.to_owned())
}

/// `09:00`, of an hour in UTC.
pub fn hour_of_day(hour: Timestamp) -> String {
    format!("{:02}:00", hour.to_date_time().hour())
}

/// `up 12 %`, `down 8 %`, `as many as`; nothing where there was nothing to compare with.
pub fn change(now: u64, before: u64) -> Option<String> {
    let difference = now
        .abs_diff(before)
        .saturating_mul(100)
        .checked_div(before)?;
    Some(match now.cmp(&before) {
        std::cmp::Ordering::Less => format!("down {} %", number(difference)),
        std::cmp::Ordering::Equal => "as many as".to_owned(),
        std::cmp::Ordering::Greater => format!("up {} %", number(difference)),
    })
}

fn date(local: OffsetDateTime) -> String {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let month = MONTHS[usize::from(u8::from(local.month())) - 1];
    format!("{} {month} {}", local.day(), local.year())
}

fn on_clock(at: Timestamp, minutes_ahead_of_utc: i32) -> OffsetDateTime {
    let at = at.to_date_time();
    UtcOffset::from_whole_seconds(minutes_ahead_of_utc * 60)
        .map_or(at, |offset| at.to_offset(offset))
}

#[cfg(test)]
mod tests {
    use time::{Duration, macros::datetime};

    use super::*;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        assert_eq!(number(0), "0");
        assert_eq!(number(999), "999");
        assert_eq!(number(1_284), "1,284");
        assert_eq!(number(10_846_000), "10,846,000");
    }

    #[test]
    fn counts_have_real_plurals() {
        assert_eq!(count(1, "deletion"), "1 deletion");
        assert_eq!(count(2_700, "deletion"), "2,700 deletions");
        assert_eq!(counted(0, "entry", "entries"), "0 entries");
    }

    #[test]
    fn progress_is_complete_only_at_the_end() {
        assert_eq!(percent(999, 1_000), "99 %");
        assert_eq!(percent(1_000, 1_000), "100 %");
        assert_eq!(percent(0, 0), "0 %");
    }

    #[test]
    fn durations_get_coarser_as_they_grow() {
        assert_eq!(duration(340), "340 ms");
        assert_eq!(duration(4_200), "4.2 s");
        assert_eq!(duration(192_000), "3 min 12 s");
        assert_eq!(duration(7_500_000), "2 h 5 min");
    }

    #[test]
    fn moments_are_relative_for_an_hour() {
        let now = datetime!(2026-03-17 09:42:06 UTC);
        let at = |before: Duration| relative_time((now - before).into(), now.into(), 60);
        assert_eq!(at(Duration::seconds(3)), "just now");
        assert_eq!(at(Duration::seconds(42)), "42 s ago");
        assert_eq!(at(Duration::minutes(22)), "22 min ago");
        assert_eq!(at(-Duration::seconds(90)), "in 1 min");
        assert_eq!(at(Duration::hours(3)), "07:42");
        assert_eq!(at(Duration::hours(20)), "16 Mar 2026, 14:42");
    }

    #[test]
    fn changes_are_told_in_percent_of_what_was_there() {
        assert_eq!(change(112, 100).as_deref(), Some("up 12 %"));
        assert_eq!(change(92, 100).as_deref(), Some("down 8 %"));
        assert_eq!(change(100, 100).as_deref(), Some("as many as"));
        assert_eq!(change(100, 0), None);
        let day = datetime!(2026-03-17 09:00 UTC).into();
        assert_eq!(
            (day_and_month(day), hour_of_day(day)),
            ("17 Mar".into(), "09:00".into())
        );
    }

    #[test]
    fn exact_times_are_on_the_readers_clock() {
        let at = datetime!(2026-03-17 23:41:57 UTC);
        assert_eq!(exact_time(at.into(), 60), "18 Mar 2026, 00:41:57");
        assert_eq!(log_time(at.into(), 60), "18 Mar 00:41:57");
        assert_eq!(
            (zone(0), zone(60), zone(330)),
            ("UTC".into(), "UTC+1".into(), "UTC+5:30".into())
        );
    }
}
