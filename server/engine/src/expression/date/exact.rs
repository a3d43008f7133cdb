//! Reading a date exactly as a format says.
//!
//! <https://learn.microsoft.com/dotnet/api/system.datetime.parseexact>

use time::{Duration, Month, PrimitiveDateTime, Time};

use super::{
    Reader, format,
    format::{Format, Kind, Token, WallClock},
    offset_of,
    styles::Styles,
    twenty_four_hours,
};

impl Format {
    /// None when the text is not of this format or not a date.
    pub(in crate::expression) fn read(&self, text: &str, styles: Styles) -> Option<WallClock> {
        let (text, tokens) = self.trimmed(text, styles);
        let mut reading = Reading {
            reader: Reader { rest: text },
            found: Found::default(),
        };
        let mut tokens = tokens.iter().peekable();
        while let Some(token) = tokens.next() {
            if styles.inner_white {
                reading.reader.rest = reading.reader.rest.trim_start();
            }
            match *token {
                Token::Literal(' ') if styles.inner_white => {}
                Token::Literal('.') if !reading.reader.rest.starts_with('.') => {
                    // A point is optional before an optional fraction.
                    tokens.next_if(|next| matches!(next, Token::Specifier('F', _)))?;
                }
                Token::Literal(character) => reading.reader.expect(character)?,
                Token::Specifier(letter, count) => reading.specifier(letter, count)?,
            }
        }
        if !reading.reader.rest.is_empty() {
            return None;
        }
        reading.found.wall_clock(styles)
    }

    /// White space at the ends of text and format does not count where the styles allow it.
    fn trimmed<'a>(&'a self, text: &'a str, styles: Styles) -> (&'a str, &'a [Token]) {
        let is_white =
            |token: &Token| matches!(token, Token::Literal(literal) if literal.is_whitespace());
        let (mut text, mut tokens) = (text, self.tokens.as_slice());
        if styles.leading_white {
            text = text.trim_start();
            while let Some((first, rest)) = tokens.split_first()
                && is_white(first)
            {
                tokens = rest;
            }
        }
        if styles.trailing_white {
            text = text.trim_end();
            while let Some((last, rest)) = tokens.split_last()
                && is_white(last)
            {
                tokens = rest;
            }
        }
        (text, tokens)
    }
}

/// What the text said. A part that is said twice has to be the same.
#[derive(Default)]
struct Found {
    year: Option<u32>,
    month: Option<u32>,
    day: Option<u32>,
    weekday: Option<u32>,
    hour: Option<u32>,
    hour_on_the_clock: Option<u32>,
    is_afternoon: Option<bool>,
    minute: Option<u32>,
    second: Option<u32>,
    nanosecond: Option<u32>,
    zone: Option<Zone>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Zone {
    Utc,
    Offset(Duration),
}

struct Reading<'a> {
    reader: Reader<'a>,
    found: Found,
}

impl Reading<'_> {
    fn specifier(&mut self, letter: char, count: usize) -> Option<()> {
        match letter {
            'y' => {
                let year = self.year(count)?;
                set(&mut self.found.year, year)
            }
            'M' if count >= 3 => {
                let month = self.name(&format::MONTHS, count)? + 1;
                set(&mut self.found.month, month)
            }
            'd' if count >= 3 => {
                let weekday = self.name(&format::DAYS, count)?;
                set(&mut self.found.weekday, weekday)
            }
            'M' | 'd' | 'H' | 'h' | 'm' | 's' => self.number(letter, count),
            't' => {
                let is_afternoon = self.half_of_day(count)?;
                set(&mut self.found.is_afternoon, is_afternoon)
            }
            'f' => self.fraction(count, count),
            'F' => self.fraction(0, count),
            'z' => {
                let zone = Zone::Offset(self.offset(count)?);
                set(&mut self.found.zone, zone)
            }
            'Z' => {
                if !self.reader.take('Z') {
                    self.reader.expect('z')?;
                }
                set(&mut self.found.zone, Zone::Utc)
            }
            'K' => self.zone(),
            _ => None,
        }
    }

    /// One letter reads one or two digits, two letters exactly two.
    fn number(&mut self, letter: char, count: usize) -> Option<()> {
        let least = count.min(2);
        let number = self.reader.digits(least, 2)?.number;
        let part = match letter {
            'M' => &mut self.found.month,
            'd' => &mut self.found.day,
            'H' => &mut self.found.hour,
            'h' => &mut self.found.hour_on_the_clock,
            'm' => &mut self.found.minute,
            _ => &mut self.found.second,
        };
        set(part, number)
    }

    /// Two digits are of the years 1950 to 2049.
    fn year(&mut self, count: usize) -> Option<u32> {
        const LAST_OF_THIS_CENTURY: u32 = 49;
        if count > 2 {
            return Some(self.reader.digits(count, count)?.number);
        }
        let year = self.reader.digits(count, 2)?.number;
        let century = if year <= LAST_OF_THIS_CENTURY {
            2000
        } else {
            1900
        };
        Some(century + year)
    }

    /// The place of a name in a list; three letters stand for the beginning of the name.
    fn name(&mut self, names: &[&str], count: usize) -> Option<u32> {
        let letters = |name: &str| if count == 3 { 3 } else { name.len() };
        let rest = self.reader.rest;
        let place = names.iter().position(|name| {
            let wanted = &name[..letters(name)];
            let here = rest.get(..wanted.len());
            here.is_some_and(|here| here.eq_ignore_ascii_case(wanted))
        })?;
        self.reader.rest = &rest[letters(names[place])..];
        u32::try_from(place).ok()
    }

    fn half_of_day(&mut self, count: usize) -> Option<bool> {
        let letters = count.min(2);
        let here = self.reader.rest.get(..letters)?.to_ascii_uppercase();
        self.reader.rest = &self.reader.rest[letters..];
        match here.as_str() {
            "A" | "AM" => Some(false),
            "P" | "PM" => Some(true),
            _ => None,
        }
    }

    fn fraction(&mut self, least: usize, most: usize) -> Option<()> {
        let digits = self.reader.digits(least, most)?;
        let missing = 9 - u32::try_from(digits.width).ok()?;
        let nanosecond = digits.number * 10_u32.pow(missing);
        set(&mut self.found.nanosecond, nanosecond)
    }

    /// `z` and `zz` are hours, `zzz` has minutes, with or without a colon.
    fn offset(&mut self, count: usize) -> Option<Duration> {
        let is_ahead = self.reader.take('+');
        if !is_ahead {
            self.reader.expect('-')?;
        }
        let least = if count == 2 { 2 } else { 1 };
        let hours = self.reader.digits(least, 2)?.number;
        let minutes = if count < 3 {
            0
        } else {
            self.reader.take(':');
            self.reader.digits(2, 2)?.number
        };
        offset_of(is_ahead, hours, minutes)
    }

    /// `Z`, an offset with minutes, or nothing.
    fn zone(&mut self) -> Option<()> {
        if self.reader.take('Z') {
            return set(&mut self.found.zone, Zone::Utc);
        }
        if !self.reader.rest.starts_with(['+', '-']) {
            return Some(());
        }
        let zone = Zone::Offset(self.offset(3)?);
        set(&mut self.found.zone, zone)
    }
}

fn set<T: PartialEq>(part: &mut Option<T>, found: T) -> Option<()> {
    let agrees = part.as_ref().is_none_or(|known| *known == found);
    *part = Some(found);
    agrees.then_some(())
}

impl Found {
    fn wall_clock(&self, styles: Styles) -> Option<WallClock> {
        let read = PrimitiveDateTime::new(self.date()?, self.time()?);
        let (time, kind) = match self.zone {
            Some(Zone::Utc) if styles.roundtrip_kind => (read, Kind::Utc),
            Some(zone) => (self.in_utc(read, zone)?, styles.adjusted()),
            None if styles.assume_local || styles.assume_universal => (read, styles.adjusted()),
            None => (read, Kind::Unspecified),
        };
        (1..=9999)
            .contains(&time.year())
            .then_some(WallClock { time, kind })
    }

    /// A time alone stays within its day, wherever the offset moves it.
    fn in_utc(&self, read: PrimitiveDateTime, zone: Zone) -> Option<PrimitiveDateTime> {
        let moved = read.checked_sub(zone.ahead())?;
        let has_date = self.year.or(self.month).or(self.day).is_some();
        if has_date || moved.year() >= 1 {
            Some(moved)
        } else {
            moved.checked_add(Duration::DAY)
        }
    }

    /// Parts that were not said are 1.
    fn date(&self) -> Option<time::Date> {
        let year = self.year.map_or(Some(1), |year| i32::try_from(year).ok())?;
        let month = u8::try_from(self.month.unwrap_or(1)).ok()?;
        let day = u8::try_from(self.day.unwrap_or(1)).ok()?;
        if !(1..=9999).contains(&year) {
            return None;
        }
        let date = time::Date::from_calendar_date(year, Month::try_from(month).ok()?, day).ok()?;
        let weekday = u32::from(date.weekday().number_days_from_sunday());
        self.weekday
            .is_none_or(|said| said == weekday)
            .then_some(date)
    }

    /// Parts that were not said are 0.
    fn time(&self) -> Option<Time> {
        let part = |part: Option<u32>| u8::try_from(part.unwrap_or(0)).ok();
        Time::from_hms_nano(
            self.hour()?,
            part(self.minute)?,
            part(self.second)?,
            self.nanosecond.unwrap_or(0),
        )
        .ok()
    }

    fn hour(&self) -> Option<u8> {
        let hour = u8::try_from(self.hour.unwrap_or(0)).ok()?;
        if let Some(on_the_clock) = self.hour_on_the_clock {
            let is_afternoon = self.is_afternoon.unwrap_or(false);
            let read = twenty_four_hours(u8::try_from(on_the_clock).ok()?, is_afternoon)?;
            return self.hour.is_none_or(|_| read == hour).then_some(read);
        }
        let half_agrees = self
            .is_afternoon
            .is_none_or(|is_afternoon| is_afternoon == (hour >= 12));
        half_agrees.then_some(hour)
    }
}

impl Zone {
    fn ahead(self) -> Duration {
        match self {
            Self::Utc => Duration::ZERO,
            Self::Offset(ahead) => ahead,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn convert(text: &str, styles: &str, input: &str, output: &str) -> String {
        let styles = match styles {
            "" => Ok(Styles::DEFAULT),
            names => Styles::parse(names),
        };
        let read = |styles| Format::parse(input)?.read(text, styles);
        styles.map_or_else(
            |message| message,
            |styles| match read(styles) {
                Some(date) => Format::parse(output).unwrap().print(date),
                None => "(error)".to_owned(),
            },
        )
    }

    #[track_caller]
    fn check(text: &str, input: &str, output: &str, expected: &str) {
        assert_eq!(convert(text, "", input, output), expected, "{text} {input}");
    }

    #[test]
    fn formats_are_read_and_printed_as_dotnet_does() {
        check(
            "20150123105347.1Z",
            "yyyyMMddHHmmss.fZ",
            "yyyy-MM-dd",
            "2015-01-23",
        );
        check(
            "2020-12-31+08:00",
            "yyyy-MM-ddzzz",
            "yyyy-MM-dd",
            "2020-12-30",
        );
        check(
            "2021-07-04",
            "yyyy-MM-dd",
            "dddd, d MMMM yyyy",
            "Sunday, 4 July 2021",
        );
        check(
            "sunday 4 JULY 21",
            "dddd d MMMM yy",
            "u",
            "2021-07-04 00:00:00Z",
        );
        check("Monday 4 July 21", "dddd d MMMM yy", "u", "(error)");
        check("7/4/2021", "MM/dd/yyyy", "d", "(error)");
        check("12:05 AM", "h:mm tt", "HH:mm", "00:05");
        check("13:05 PM", "h:mm tt", "HH:mm", "(error)");
        check("17:15 AM", "HH:mm tt", "HH:mm", "(error)");
        check("0:15", "h:mm", "HH:mm", "(error)");
        check("1999", "yyyy", "s", "1999-01-01T00:00:00");
        check("50", "yy", "yyyy", "1950");
        check("49", "yy", "yyyy", "2049");
        check("2021-02-29", "yyyy-MM-dd", "s", "(error)");
        check(" 2021-07-04 ", "yyyy-MM-dd", "s", "2021-07-04T00:00:00");
        check("2021-07-04x", "yyyy-MM-dd", "s", "(error)");
    }

    #[test]
    fn fractions_are_cut_when_printed_and_optional_when_capital() {
        check("01.456", "ss.fff", "s.f|ss.FFFFFFF", "1.4|01.456");
        check("01.4", "ss.fff", "s", "(error)");
        check("01", "ss.FFF", "ss.FFF|s.ff", "01|1.00");
        check("01.", "ss.FFF", "%s", "1");
        check("01.25", "ss.FFF", "%F", "2");
    }

    #[test]
    fn literals_are_quoted_or_escaped() {
        check(
            "4h",
            "%d'h'",
            "'Day' d \"o''clock\" \\d %d",
            "Day 4 o''clock d 4",
        );
        assert!(Format::parse("'open").is_none());
        assert!(Format::parse("%%").is_none());
        assert!(Format::parse("dd%").is_none());
        assert!(Format::parse("dd\\").is_none());
        assert!(Format::parse("x").is_none());
        assert!(Format::parse("ffffffff").is_none());
    }

    #[test]
    fn zones_decide_the_kind_that_is_printed() {
        let check = |text, styles, expected| {
            assert_eq!(
                convert(text, styles, "HH:mmK", "HH:mmK zzz"),
                expected,
                "{text} {styles}"
            );
        };
        check("10:00Z", "", "10:00Z +00:00");
        check("10:00", "", "10:00 +00:00");
        check("10:00Z", "None", "10:00+00:00 +00:00");
        check("10:00", "AssumeUniversal", "10:00+00:00 +00:00");
        check(
            "10:00",
            "datetimestyles.assumelocal, AdjustToUniversal",
            "10:00Z +00:00",
        );
        check(
            "10:00",
            "AssumeLocal,AssumeUniversal",
            "These date styles exclude each other.",
        );
        check(
            "10:00",
            "RoundtripKind,AdjustToUniversal",
            "These date styles exclude each other.",
        );
        check("10:00", "Whatever", "\"Whatever\" is not a date style.");
    }

    #[test]
    fn white_space_counts_unless_a_style_allows_it() {
        let check = |text, styles, expected| {
            assert_eq!(
                convert(text, styles, "d M yyyy", "d"),
                expected,
                "{text} {styles}"
            );
        };
        check(" 4 7 2021", "None", "(error)");
        check(" 4 7 2021", "AllowLeadingWhite", "07/04/2021");
        check(" 4 7 2021 ", "AllowLeadingWhite", "(error)");
        check(" 4   7\t2021 ", "AllowWhiteSpaces", "07/04/2021");
        check("4   7 2021", "AllowInnerWhite", "07/04/2021");
    }
}
