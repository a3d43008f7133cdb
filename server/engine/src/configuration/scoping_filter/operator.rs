//! The operators of clauses.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How a clause compares. Texts are compared with regard to case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operator {
    Equals,
    NotEquals,
    GreaterThan,
    GreaterThanOrEquals,
    IsTrue,
    IsFalse,
    IsNull,
    IsNotNull,
    /// The pattern is found anywhere in the value.
    RegexMatch,
    NotRegexMatch,
    Includes,
    EndsWith,
    /// `&`: read from older filters, not offered.
    BitsSet,
    /// `!&`: read from older filters, not offered.
    BitsNotSet,
}

/// The text names no operator that can be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not an operator of scoping filters.")]
pub struct UnknownOperator(pub String);

impl Operator {
    /// Those that the editor offers, in its order.
    pub const OFFERED: [Self; 12] = [
        Self::Equals,
        Self::NotEquals,
        Self::GreaterThan,
        Self::GreaterThanOrEquals,
        Self::IsTrue,
        Self::IsFalse,
        Self::IsNull,
        Self::IsNotNull,
        Self::RegexMatch,
        Self::NotRegexMatch,
        Self::Includes,
        Self::EndsWith,
    ];

    /// Those that are read, but not offered.
    const READ_ONLY: [Self; 2] = [Self::BitsSet, Self::BitsNotSet];

    /// The official name, which is also the stored one.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Equals => "EQUALS",
            Self::NotEquals => "NOT EQUALS",
            Self::GreaterThan => "GREATER_THAN",
            Self::GreaterThanOrEquals => "GREATER_THAN_OR_EQUALS",
            Self::IsTrue => "IS TRUE",
            Self::IsFalse => "IS FALSE",
            Self::IsNull => "IS NULL",
            Self::IsNotNull => "IS NOT NULL",
            Self::RegexMatch => "REGEX MATCH",
            Self::NotRegexMatch => "NOT REGEX MATCH",
            Self::Includes => "INCLUDES",
            Self::EndsWith => "ENDS_WITH",
            Self::BitsSet => "&",
            Self::BitsNotSet => "!&",
        }
    }

    /// Reads a name without regard to case; blanks and underscores are alike.
    pub fn parse(name: &str) -> Result<Self, UnknownOperator> {
        let folded = |name: &str| name.trim().to_ascii_uppercase().replace('_', " ");
        let wanted = folded(name);
        if wanted == "!&L" {
            return Ok(Self::BitsNotSet);
        }
        let mut all = Self::OFFERED.into_iter().chain(Self::READ_ONLY);
        all.find(|operator| folded(operator.as_str()) == wanted)
            .ok_or_else(|| UnknownOperator(name.to_owned()))
    }

    pub fn takes_value(self) -> bool {
        !matches!(
            self,
            Self::IsTrue | Self::IsFalse | Self::IsNull | Self::IsNotNull
        )
    }

    /// Whether its value is a whole number.
    pub fn takes_integer(self) -> bool {
        matches!(self, Self::GreaterThan | Self::GreaterThanOrEquals)
    }

    /// Whether its value is a regular expression.
    pub fn takes_pattern(self) -> bool {
        matches!(self, Self::RegexMatch | Self::NotRegexMatch)
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Operator {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Operator {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::parse(&name).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_in_every_published_spelling() {
        for (name, expected) in [
            ("Greater_Than", Operator::GreaterThan),
            ("GREATER THAN OR EQUALS", Operator::GreaterThanOrEquals),
            ("is_not_null", Operator::IsNotNull),
            ("ends with", Operator::EndsWith),
            ("!&L", Operator::BitsNotSet),
        ] {
            assert_eq!(Operator::parse(name), Ok(expected));
        }
    }

    #[test]
    fn operators_without_a_documented_meaning_are_refused() {
        for name in ["IS_MEMBER_OF", "PRESENT", "VALID CERT MATCH", ""] {
            assert!(Operator::parse(name).is_err(), "{name}");
        }
    }
}
