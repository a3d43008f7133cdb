//! What takes the place of a match: text with references to groups. A reference that names no
//! group is text.
//!
//! <https://learn.microsoft.com/dotnet/standard/base-types/substitutions-in-regular-expressions>

use super::{Group, Match, Pattern};
use crate::expression::{allowance::Allowance, value::Unreadable};

/// A replacement, read for one pattern.
pub(crate) struct Replacement {
    parts: Vec<Part>,
}

enum Part {
    Text(String),
    Group(Group),
    BeforeMatch,
    BehindMatch,
    WholeText,
}

impl Replacement {
    pub(crate) fn parse(text: &str, pattern: &Pattern) -> Self {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(dollar) = rest.find('$') {
            parts.push(Part::Text(rest[..dollar].to_owned()));
            let (part, length) = reference(&rest[dollar + 1..], pattern)
                .unwrap_or_else(|| (Part::Text("$".to_owned()), 0));
            parts.push(part);
            rest = &rest[dollar + 1 + length..];
        }
        parts.push(Part::Text(rest.to_owned()));
        Self { parts }
    }

    pub(super) fn write(
        &self,
        text: &str,
        found: &Match,
        allowance: &Allowance,
        replaced: &mut String,
    ) -> Result<(), Unreadable> {
        for part in &self.parts {
            let written = match part {
                Part::Text(literal) => literal,
                Part::Group(group) => &text[found.group(*group).unwrap_or_default()],
                Part::BeforeMatch => &text[..found.range().start],
                Part::BehindMatch => &text[found.range().end..],
                Part::WholeText => text,
            };
            allowance.take(written.len() as u64)?;
            replaced.push_str(written);
        }
        Ok(())
    }
}

/// What stands behind a dollar sign, and how many bytes of it belong to the reference.
fn reference(behind: &str, pattern: &Pattern) -> Option<(Part, usize)> {
    let part = match behind.chars().next()? {
        '$' => Part::Text("$".to_owned()),
        '&' => Part::Group(Group::WHOLE),
        '`' => Part::BeforeMatch,
        '\'' => Part::BehindMatch,
        '_' => Part::WholeText,
        '+' => Part::Group(Group(pattern.groups.last())),
        '{' => {
            let length = behind.find('}')?;
            let group = pattern.group(&behind[1..length])?;
            return Some((Part::Group(group), length + 1));
        }
        '0'..='9' => {
            let is_digit = |byte: &u8| byte.is_ascii_digit();
            let length = behind.bytes().take_while(is_digit).count();
            let group = pattern.group(&behind[..length])?;
            return Some((Part::Group(group), length));
        }
        _ => return None,
    };
    Some((part, 1))
}
