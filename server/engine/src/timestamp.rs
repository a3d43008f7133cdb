//! An instant, as it is stored and sent: microseconds since 1970, UTC.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use time::{Date, Month, OffsetDateTime};

/// An instant in microseconds since 1970-01-01T00:00:00Z.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// As a calendar date and time of day; the last instant that can be one for absurd values.
    pub fn to_date_time(self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000)
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }

    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(micros(duration)))
    }

    #[must_use]
    pub fn minus(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(micros(duration)))
    }

    /// The first instant of its hour, UTC.
    #[must_use]
    pub fn start_of_hour(self) -> Self {
        self.start_of(3_600)
    }

    /// The first instant of its day, UTC.
    #[must_use]
    pub fn start_of_day(self) -> Self {
        self.start_of(24 * 3_600)
    }

    fn start_of(self, seconds: i64) -> Self {
        Self(self.0 - self.0.rem_euclid(seconds * 1_000_000))
    }

    /// Its day as addresses and machines write it, UTC: `2026-03-17`.
    pub fn day(self) -> String {
        let date = self.to_date_time().date();
        let (year, month, day) = date.to_calendar_date();
        format!("{year:04}-{:02}-{day:02}", u8::from(month))
    }

    /// Its hour as addresses write it, UTC: `2026-03-17T09`.
    pub fn hour(self) -> String {
        format!("{}T{:02}", self.day(), self.to_date_time().hour())
    }

    /// The first instant of a day or an hour that [`Self::day`] or [`Self::hour`] wrote, and how
    /// long it lasts.
    pub fn parse_day_or_hour(text: &str) -> Option<(Self, Duration)> {
        const HOUR: Duration = Duration::from_secs(3_600);
        let (day, hour) = match text.split_once('T') {
            Some((day, hour)) => (day, Some(hour.parse().ok()?)),
            None => (text, None),
        };
        let mut parts = day.split('-');
        let year = parts.next()?.parse().ok()?;
        let month = Month::try_from(parts.next()?.parse::<u8>().ok()?).ok()?;
        let date = Date::from_calendar_date(year, month, parts.next()?.parse().ok()?).ok()?;
        if parts.next().is_some() {
            return None;
        }
        let start = date.with_hms(hour.unwrap_or(0), 0, 0).ok()?;
        let lasts = hour.map_or(HOUR * 24, |_| HOUR);
        Some((start.assume_utc().into(), lasts))
    }

    /// How long ago `earlier` was; zero when it lies ahead.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

/// What the server's clock says. In a demo it can be far from the machine's, and stand still.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ClockReading {
    pub now: Timestamp,
    pub stands_still: bool,
}

impl From<OffsetDateTime> for Timestamp {
    fn from(instant: OffsetDateTime) -> Self {
        Self(i64::try_from(instant.unix_timestamp_nanos() / 1_000).unwrap_or(i64::MAX))
    }
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_hours_are_read_as_they_are_written() {
        let at = Timestamp(1_773_740_517_000_000);
        assert_eq!(
            (at.day(), at.hour()),
            ("2026-03-17".into(), "2026-03-17T09".into())
        );
        let (day, lasts) = Timestamp::parse_day_or_hour(&at.day()).unwrap();
        assert_eq!((day, lasts.as_secs()), (at.start_of_day(), 24 * 3_600));
        let (hour, lasts) = Timestamp::parse_day_or_hour(&at.hour()).unwrap();
        assert_eq!((hour, lasts.as_secs()), (at.start_of_hour(), 3_600));
        for none in [
            "",
            "2026-03",
            "2026-02-30",
            "2026-03-17-1",
            "2026-03-17T24",
            "today",
        ] {
            assert_eq!(Timestamp::parse_day_or_hour(none), None, "{none}");
        }
    }
}
