//! Dates inside expressions: an instant in UTC, the texts it is read from and written as.
//!
//! Only the forms below are read; anything else is an error rather than a guess. Formats that an
//! author chooses are in [`format`] and [`exact`].

pub(super) mod exact;
pub(super) mod format;
pub(super) mod styles;

use std::fmt;

use time::{Duration, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

/// An instant between the years 1 and 9999, in steps of 100 nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Date(OffsetDateTime);

/// 1601-01-01, where the directory's file times begin.
const FILE_TIME_EPOCH: OffsetDateTime = time::macros::datetime!(1601-01-01 00:00 UTC);

/// Nanoseconds of one unit of file times and fractions.
const TICK: i64 = 100;

impl Date {
    /// None outside the years 1 to 9999.
    pub(super) fn new(instant: OffsetDateTime) -> Option<Self> {
        let instant = instant.checked_to_offset(UtcOffset::UTC)?;
        let ticks = instant.nanosecond() / 100 * 100;
        let instant = instant.replace_nanosecond(ticks).ok()?;
        (1..=9999)
            .contains(&instant.year())
            .then_some(Self(instant))
    }

    pub(super) fn instant(self) -> OffsetDateTime {
        self.0
    }

    /// Months since the year 0.
    pub(super) fn months(self) -> i64 {
        i64::from(self.0.year()) * 12 + i64::from(u8::from(self.0.month())) - 1
    }

    pub(super) fn checked_add(self, duration: Duration) -> Option<Self> {
        Self::new(self.0.checked_add(duration)?)
    }

    /// Moves by calendar months; a day that the month lacks becomes its last one.
    pub(super) fn checked_add_months(self, months: i64) -> Option<Self> {
        let total = self.months().checked_add(months)?;
        let year = i32::try_from(total.div_euclid(12)).ok()?;
        if !(1..=9999).contains(&year) {
            return None;
        }
        let month = Month::try_from(u8::try_from(total.rem_euclid(12)).ok()? + 1).ok()?;
        let day = self.0.day().min(month.length(year));
        let date = time::Date::from_calendar_date(year, month, day).ok()?;
        Self::new(self.0.replace_date(date))
    }

    /// Units of 100 nanoseconds since 1601; None before that.
    pub(super) fn to_file_time(self) -> Option<i64> {
        let nanoseconds = (self.0 - FILE_TIME_EPOCH).whole_nanoseconds();
        let ticks = i64::try_from(nanoseconds / i128::from(TICK)).ok()?;
        (nanoseconds >= 0).then_some(ticks)
    }

    pub(super) fn from_file_time(ticks: i64) -> Option<Self> {
        let ticks_per_second = 1_000_000_000 / TICK;
        let nanoseconds = i32::try_from(ticks % ticks_per_second * TICK).ok()?;
        let since = Duration::new(ticks / ticks_per_second, nanoseconds);
        let instant = FILE_TIME_EPOCH.checked_add(since)?;
        if ticks < 0 { None } else { Self::new(instant) }
    }

    /// Reads `yyyy-MM-dd` or `M/d/yyyy`, then perhaps a time, then perhaps an offset. Without an
    /// offset the text is in UTC.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut reader = Reader { rest: text };
        let date = reader.date()?;
        let time = reader.time()?;
        let offset = reader.offset()?;
        if !reader.rest.is_empty() {
            return None;
        }
        let instant = PrimitiveDateTime::new(date, time).assume_offset(UtcOffset::UTC);
        Self::new(instant.checked_sub(offset)?)
    }
}

impl Date {
    /// Reads `yyyyMMddHHmmss`, perhaps a fraction, and `Z`: the form in which directories write
    /// (RFC 4517, 3.3.13). Forms without seconds, or with an offset, are not met in practice.
    pub(super) fn read_generalized(text: &str) -> Option<Self> {
        let mut reader = Reader {
            rest: text.strip_suffix('Z')?,
        };
        let year = i32::try_from(reader.digits(4, 4)?.number).ok()?;
        let mut two = || u8::try_from(reader.digits(2, 2)?.number).ok();
        let month = Month::try_from(two()?).ok()?;
        let date = time::Date::from_calendar_date(year, month, two()?).ok()?;
        let time = Time::from_hms(two()?, two()?, two()?).ok()?;
        let fraction = reader.rest.strip_prefix(['.', ',']);
        let is_whole = reader.rest.is_empty()
            || fraction.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
        let instant = PrimitiveDateTime::new(date, time).assume_utc();
        is_whole.then(|| Self::new(instant)).flatten()
    }
}

/// A unit of time, as `DateAdd` and `DateDiff` name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Interval {
    Years,
    Months,
    Weeks,
    /// A fixed number of seconds.
    Span(i64),
}

impl Interval {
    pub(super) const DAYS: Self = Self::Span(24 * 60 * 60);

    pub(super) fn parse(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "yyyy" => Some(Self::Years),
            "m" => Some(Self::Months),
            "ww" => Some(Self::Weeks),
            "d" => Some(Self::DAYS),
            "h" => Some(Self::Span(60 * 60)),
            "n" => Some(Self::Span(60)),
            "s" => Some(Self::Span(1)),
            _ => None,
        }
    }
}

/// `M/d/yyyy h:mm:ss tt`; fractions of a second are dropped.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.0;
        let (hour, half) = twelve_hours(at.hour());
        write!(
            f,
            "{}/{}/{:04} {hour}:{:02}:{:02} {half}",
            u8::from(at.month()),
            at.day(),
            at.year(),
            at.minute(),
            at.second()
        )
    }
}

/// 0 → (12, AM), 13 → (1, PM).
fn twelve_hours(hour: u8) -> (u8, &'static str) {
    let half = if hour < 12 { "AM" } else { "PM" };
    let on_the_clock = (hour + 11) % 12 + 1;
    (on_the_clock, half)
}

/// The other way: 12 in the morning is 0. None outside 1 to 12.
fn twenty_four_hours(hour: u8, is_afternoon: bool) -> Option<u8> {
    let afternoon = if is_afternoon { 12 } else { 0 };
    (1..=12).contains(&hour).then_some(hour % 12 + afternoon)
}

/// The largest offset from UTC, in hours, that .NET accepts.
const LARGEST_OFFSET_HOURS: i64 = 14;

/// How far a wall clock is ahead of UTC. None beyond fourteen hours.
fn offset_of(is_ahead: bool, hours: u32, minutes: u32) -> Option<Duration> {
    let offset = Duration::hours(hours.into()) + Duration::minutes(minutes.into());
    let good = minutes < 60 && offset <= Duration::hours(LARGEST_OFFSET_HOURS);
    let signed = if is_ahead { offset } else { -offset };
    good.then_some(signed)
}

/// Reads from the front of a text.
struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn date(&mut self) -> Option<time::Date> {
        let first = self.digits(1, 4)?;
        let (year, month, day) = if first.width == 4 {
            self.expect('-')?;
            let month = self.digits(2, 2)?.number;
            self.expect('-')?;
            (first.number, month, self.digits(2, 2)?.number)
        } else {
            self.expect('/')?;
            let day = self.digits(1, 2)?.number;
            self.expect('/')?;
            (self.digits(4, 4)?.number, first.number, day)
        };
        let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
        let year = i32::try_from(year).ok().filter(|year| *year > 0)?;
        time::Date::from_calendar_date(year, month, u8::try_from(day).ok()?).ok()
    }

    /// After a blank or a T. Midnight when no time follows; None when it is malformed.
    fn time(&mut self) -> Option<Time> {
        let is_time = |rest: &str| {
            let behind = rest.strip_prefix(['T', ' ']);
            behind.is_some_and(|text| text.starts_with(|c: char| c.is_ascii_digit()))
        };
        if !is_time(self.rest) {
            return Some(Time::MIDNIGHT);
        }
        self.rest = &self.rest[1..];
        let hour = u8::try_from(self.digits(1, 2)?.number).ok()?;
        self.expect(':')?;
        let minute = u8::try_from(self.digits(2, 2)?.number).ok()?;
        let (second, nanosecond) = self.seconds()?;
        let hour = match self.half_of_day() {
            Some(is_afternoon) => twenty_four_hours(hour, is_afternoon)?,
            None => hour,
        };
        Time::from_hms_nano(hour, minute, second, nanosecond).ok()
    }

    fn seconds(&mut self) -> Option<(u8, u32)> {
        if !self.take(':') {
            return Some((0, 0));
        }
        let second = u8::try_from(self.digits(2, 2)?.number).ok()?;
        if !self.take('.') {
            return Some((second, 0));
        }
        let fraction = self.digits(1, 7)?;
        let missing = 9 - u32::try_from(fraction.width).ok()?;
        Some((second, fraction.number * 10_u32.pow(missing)))
    }

    /// AM (false) or PM (true), perhaps after a blank.
    fn half_of_day(&mut self) -> Option<bool> {
        let rest = self.rest.strip_prefix(' ').unwrap_or(self.rest);
        let word = rest.get(..2)?;
        let is_afternoon = word.eq_ignore_ascii_case("pm");
        if !is_afternoon && !word.eq_ignore_ascii_case("am") {
            return None;
        }
        self.rest = &rest[2..];
        Some(is_afternoon)
    }

    /// `Z`, `±h`, `±hh` or `±hh:mm`, perhaps after a blank. Zero when nothing follows.
    fn offset(&mut self) -> Option<Duration> {
        if self.rest.is_empty() {
            return Some(Duration::ZERO);
        }
        self.take(' ');
        if self.take('Z') {
            return Some(Duration::ZERO);
        }
        let is_ahead = self.take('+');
        if !is_ahead {
            self.expect('-')?;
        }
        let hours = self.digits(1, 2)?;
        let has_minutes = hours.width == 2 && self.take(':');
        let minutes = if has_minutes {
            self.digits(2, 2)?.number
        } else {
            0
        };
        offset_of(is_ahead, hours.number, minutes)
    }

    /// As many digits as there are, at most `most`; None when fewer than `least`.
    fn digits(&mut self, least: usize, most: usize) -> Option<Digits> {
        let is_digit = |byte: &u8| byte.is_ascii_digit();
        let width = self.rest.bytes().take(most).take_while(is_digit).count();
        if width < least {
            return None;
        }
        let number = match width {
            0 => 0,
            _ => self.rest[..width].parse().ok()?,
        };
        self.rest = &self.rest[width..];
        Some(Digits { width, number })
    }

    fn expect(&mut self, character: char) -> Option<()> {
        self.take(character).then_some(())
    }

    fn take(&mut self, character: char) -> bool {
        match self.rest.strip_prefix(character) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }
}

struct Digits {
    width: usize,
    number: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        Date::read(text).map_or_else(|| "(error)".to_owned(), |date| date.to_string())
    }

    #[test]
    fn dates_are_read_in_the_documented_forms_only() {
        for (text, expected) in [
            ("2020-03-16-07:00", "3/16/2020 7:00:00 AM"),
            ("2021-06-30+08:00", "6/29/2021 4:00:00 PM"),
            ("2009-06-15T01:45:30-07:00", "6/15/2009 8:45:30 AM"),
            ("2021-06-30", "6/30/2021 12:00:00 AM"),
            ("12/25/2007 12:05 AM", "12/25/2007 12:05:00 AM"),
            ("8/25/2021 5:41:18 PM", "8/25/2021 5:41:18 PM"),
            ("2008-12-25 5:41 PM -7", "12/26/2008 12:41:00 AM"),
            ("2008-12-25 17:41:10.5 +01", "12/25/2008 4:41:10 PM"),
            ("2008-12-25 Z", "12/25/2008 12:00:00 AM"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
        for bad in [
            "",
            "tomorrow",
            "2021-6-30",
            "25/12/2007",
            "2021-02-30",
            "2021-01-01 24:00",
            "2021-01-01 13:00 PM",
            "2021-01-01 0:30 AM",
            "2021-01-01T",
            "2021-01-01+15:00",
            "2021-01-01 10",
            "2021-01-01 10:00:00.",
            "2021-01-01x",
            "0000-01-01",
            "21-01-01",
            "0001-01-01+01:00",
            "9999-12-31T23:59:59-01:00",
            "2021-01-01 1000",
            "2021-01-01\u{e9}",
        ] {
            assert_eq!(read(bad), "(error)", "{bad}");
        }
    }

    #[test]
    fn file_times_survive_the_way_through_a_date() {
        for ticks in [0, 1, 129_699_324_000_000_000, 132_539_615_990_000_001] {
            let date = Date::from_file_time(ticks).unwrap();
            assert_eq!(date.to_file_time(), Some(ticks));
        }
        assert_eq!(Date::from_file_time(-1), None);
        assert_eq!(Date::from_file_time(i64::MAX), None);
        assert_eq!(Date::read("1600-12-31").unwrap().to_file_time(), None);
    }
}
