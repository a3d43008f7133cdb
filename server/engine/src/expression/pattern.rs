//! Regular expressions as .NET reads them, because published mappings rely on its details: named
//! groups are numbered behind the others, an empty match counts right after another match, `$`
//! also matches before a last line feed, a look-behind may have any length, and `\<` is a plain
//! `<`.
//!
//! This is an engine of its own for three reasons. The linear ones refuse patterns that
//! Microsoft's default mappings contain (look-ahead). The general ones differ in the details
//! above. And this code runs in the browser as well: `fancy-regex` alone would more than double
//! the bundle (1.0 MB of wasm, 350 KB compressed), while this adds a few kilobytes. It backtracks,
//! so its steps are weighed against the [`Allowance`] of the evaluation.
//!
//! In reading order: [`tree`] (what a pattern is made of), [`parse`], [`program`] (instructions),
//! [`machine`] (runs them), [`replacement`] (`$1` and `${name}`).
//!
//! Not supported, and refused: balancing groups, and Unicode blocks such as `\p{IsGreek}`.

mod machine;
mod parse;
mod program;
mod replacement;
mod tree;

use std::ops::Range;

use super::{allowance::Allowance, value::Unreadable};
use machine::Machine;
use program::Program;
pub(crate) use replacement::Replacement;

/// A pattern, ready to be matched.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    program: Program,
    groups: tree::Groups,
}

/// Why a text is not a pattern; positions count characters from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} (character {position} of the pattern)")]
pub(crate) struct PatternError {
    pub(crate) position: usize,
    pub(crate) message: String,
}

/// A group of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Group(usize);

impl Group {
    /// The whole match.
    const WHOLE: Self = Self(0);
}

/// Where one match and its groups lie, in bytes.
pub(crate) struct Match {
    captures: Vec<Option<Range<usize>>>,
}

impl Match {
    pub(crate) fn range(&self) -> Range<usize> {
        self.group(Group::WHOLE).unwrap_or_default()
    }

    pub(crate) fn group(&self, group: Group) -> Option<Range<usize>> {
        self.captures.get(group.0).cloned().flatten()
    }
}

impl Pattern {
    pub(crate) fn parse(text: &str) -> Result<Self, PatternError> {
        let (tree, groups) = parse::parse(text)?;
        let program = program::compile(&tree, &groups)?;
        Ok(Self { program, groups })
    }

    /// By its name, or by its number.
    pub(crate) fn group(&self, name: &str) -> Option<Group> {
        self.groups.find(name).map(Group)
    }

    pub(crate) fn is_match(&self, text: &str, allowance: &Allowance) -> Result<bool, Unreadable> {
        Ok(self.find_at(text, 0, allowance)?.is_some())
    }

    /// The first match that begins at the byte `start` or later.
    pub(crate) fn find_at(
        &self,
        text: &str,
        start: usize,
        allowance: &Allowance,
    ) -> Result<Option<Match>, Unreadable> {
        let mut machine = Machine::new(&self.program, text, start, allowance);
        let later = text[start..]
            .char_indices()
            .map(|(offset, _)| start + offset);
        for position in later.chain([text.len()]) {
            if let Some(captures) = machine.match_at(position)? {
                return Ok(Some(Match { captures }));
            }
        }
        Ok(None)
    }

    /// The text with the part of each match that `part` names replaced by what `write` appends.
    /// A match without that part stays.
    pub(crate) fn replace(
        &self,
        text: &str,
        allowance: &Allowance,
        part: Group,
        mut write: impl FnMut(&Match, &mut String) -> Result<(), Unreadable>,
    ) -> Result<String, Unreadable> {
        let mut replaced = String::new();
        let (mut copied, mut start) = (0, 0);
        while let Some(found) = self.find_at(text, start, allowance)? {
            let whole = found.range();
            let replaces = found.group(part).filter(|part| part.start >= copied);
            if let Some(part) = replaces {
                replaced.push_str(&text[copied..part.start]);
                write(&found, &mut replaced)?;
                copied = part.end;
            }
            match next_start(text, &whole) {
                Some(next) => start = next,
                None => break,
            }
        }
        replaced.push_str(&text[copied..]);
        Ok(replaced)
    }

    /// Every match replaced.
    pub(crate) fn replace_all(
        &self,
        text: &str,
        replacement: &Replacement,
        allowance: &Allowance,
    ) -> Result<String, Unreadable> {
        self.replace(text, allowance, Group::WHOLE, |found, replaced| {
            replacement.write(text, found, allowance, replaced)
        })
    }
}

/// Where to look on: behind the match, one character further when it was empty.
fn next_start(text: &str, found: &Range<usize>) -> Option<usize> {
    if !found.is_empty() {
        return Some(found.end);
    }
    let character = text[found.end..].chars().next()?;
    Some(found.end + character.len_utf8())
}
