//! Date formats of .NET in the invariant culture: what a format is made of, and printing by it.
//!
//! <https://learn.microsoft.com/dotnet/standard/base-types/custom-date-and-time-format-strings>

use time::PrimitiveDateTime;

use super::twelve_hours;

/// A custom format, read once. A single letter names a standard format.
pub(in crate::expression) struct Format {
    pub(super) tokens: Vec<Token>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A letter with a meaning, and how often it stands there.
    Specifier(char, usize),
    Literal(char),
}

/// A date as a format prints it: what a clock shows, and whose clock it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::expression) struct WallClock {
    pub(super) time: PrimitiveDateTime,
    pub(super) kind: Kind,
}

/// Whether the text that was read said anything about a time zone. The service's own zone is UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Unspecified,
    Utc,
    Local,
}

pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// From Sunday, as [`time::Weekday::number_days_from_sunday`] counts.
pub(super) const DAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];

/// The digits of a tick, the smallest step of time in .NET.
pub(super) const MOST_FRACTION_DIGITS: usize = 7;

impl Format {
    /// None when the format is malformed or not supported.
    pub(in crate::expression) fn parse(text: &str) -> Option<Self> {
        let mut characters = text.chars();
        let custom = match (characters.next(), characters.next()) {
            (None, _) => return None,
            (Some(letter), None) => standard(letter)?,
            _ => text,
        };
        tokens(custom).map(|tokens| Self { tokens })
    }

    pub(in crate::expression) fn print(&self, date: WallClock) -> String {
        let mut printed = String::new();
        for token in &self.tokens {
            match *token {
                Token::Literal(character) => printed.push(character),
                Token::Specifier('F', count) => push_trimmed_fraction(&mut printed, date, count),
                Token::Specifier(letter, count) => printed += &date.print(letter, count),
            }
        }
        printed
    }
}

/// The custom format behind a standard one.
fn standard(letter: char) -> Option<&'static str> {
    match letter {
        'd' => Some("MM/dd/yyyy"),
        'g' => Some("MM/dd/yyyy HH:mm"),
        'G' => Some("MM/dd/yyyy HH:mm:ss"),
        's' => Some("yyyy-MM-dd'T'HH:mm:ss"),
        'u' => Some("yyyy-MM-dd HH:mm:ss'Z'"),
        'o' | 'O' => Some("yyyy-MM-dd'T'HH:mm:ss.fffffffK"),
        _ => None,
    }
}

fn tokens(format: &str) -> Option<Vec<Token>> {
    let mut rest = format.chars().peekable();
    let mut tokens = Vec::new();
    while let Some(character) = rest.next() {
        match character {
            '\'' | '"' => loop {
                match rest.next()? {
                    '\\' => tokens.push(Token::Literal(rest.next()?)),
                    quote if quote == character => break,
                    literal => tokens.push(Token::Literal(literal)),
                }
            },
            '\\' => tokens.push(Token::Literal(rest.next()?)),
            '%' => match rest.next()? {
                '%' => return None,
                single => tokens.push(token(single, 1)?),
            },
            letter => {
                let mut count = 1;
                while is_counted(letter) && rest.next_if_eq(&letter).is_some() {
                    count += 1;
                }
                tokens.push(token(letter, count)?);
            }
        }
    }
    Some(tokens)
}

fn is_counted(letter: char) -> bool {
    matches!(
        letter,
        'd' | 'M' | 'y' | 'H' | 'h' | 'm' | 's' | 't' | 'f' | 'F' | 'z'
    )
}

fn token(letter: char, count: usize) -> Option<Token> {
    match letter {
        'f' | 'F' if count > MOST_FRACTION_DIGITS => None,
        'K' | 'Z' => Some(Token::Specifier(letter, 1)),
        _ if is_counted(letter) => Some(Token::Specifier(letter, count)),
        _ => Some(Token::Literal(letter)),
    }
}

impl WallClock {
    fn print(self, letter: char, count: usize) -> String {
        let (hour, half) = twelve_hours(self.time.hour());
        match letter {
            'd' => self.print_day(count),
            'M' => self.print_month(count),
            'y' if count <= 2 => padded(self.time.year().unsigned_abs() % 100, count),
            'y' => padded(self.time.year().unsigned_abs(), count),
            'H' => padded(self.time.hour().into(), count.min(2)),
            'h' => padded(hour.into(), count.min(2)),
            'm' => padded(self.time.minute().into(), count.min(2)),
            's' => padded(self.time.second().into(), count.min(2)),
            't' => half[..count.min(2)].to_owned(),
            'f' => self.fraction(count),
            'z' => ["+0", "+00", "+00:00"][count.min(3) - 1].to_owned(),
            'K' => match self.kind {
                Kind::Unspecified => String::new(),
                Kind::Utc => "Z".to_owned(),
                Kind::Local => "+00:00".to_owned(),
            },
            other => other.to_string(),
        }
    }

    fn print_day(self, count: usize) -> String {
        let name = DAYS[usize::from(self.time.weekday().number_days_from_sunday())];
        match count {
            1 | 2 => padded(self.time.day().into(), count),
            3 => name[..3].to_owned(),
            _ => name.to_owned(),
        }
    }

    fn print_month(self, count: usize) -> String {
        let number = u8::from(self.time.month());
        let name = MONTHS[usize::from(number) - 1];
        match count {
            1 | 2 => padded(number.into(), count),
            3 => name[..3].to_owned(),
            _ => name.to_owned(),
        }
    }

    /// So many digits of the second's fraction, cut rather than rounded.
    fn fraction(self, count: usize) -> String {
        let digits = format!("{:09}", self.time.nanosecond());
        digits[..count].to_owned()
    }
}

/// Padded with zeros to the width that the format asks for; a single letter asks for none.
fn padded(number: u32, width: usize) -> String {
    format!("{number:0width$}")
}

/// Without zeros at the end; a point before nothing goes too.
fn push_trimmed_fraction(printed: &mut String, date: WallClock, count: usize) {
    let fraction = date.fraction(count);
    let kept = fraction.trim_end_matches('0');
    if kept.is_empty() && printed.ends_with('.') {
        printed.pop();
    }
    printed.push_str(kept);
}
