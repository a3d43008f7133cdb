//! Texts as .NET sees them: positions count UTF-16 code units, and a letter has one counterpart
//! in the other case.

/// At most `count` code units from the unit `start`, counted from 0. A pair of units that makes
/// one character is never cut: it is left out when only half of it is asked for.
pub(super) fn units(text: &str, start: usize, count: usize) -> &str {
    let from = offset_of_unit(text, start, Rounding::Up);
    let to = offset_of_unit(text, start.saturating_add(count), Rounding::Down);
    text.get(from..to).unwrap_or_default()
}

pub(super) fn count_units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

#[derive(Clone, Copy)]
enum Rounding {
    Up,
    Down,
}

/// The byte where a code unit begins; the end of the text beyond it.
fn offset_of_unit(text: &str, unit: usize, rounding: Rounding) -> usize {
    let mut units = 0;
    for (offset, character) in text.char_indices() {
        let behind = units + character.len_utf16();
        let is_here = match rounding {
            Rounding::Up => unit <= units,
            Rounding::Down => unit < behind,
        };
        if is_here {
            return offset;
        }
        units = behind;
    }
    text.len()
}

/// Where the search starts and what it finds, in code units from 0.
pub(super) fn find_unit(text: &str, wanted: &str, start: usize) -> Option<usize> {
    let from = offset_of_unit(text, start, Rounding::Up);
    let found = from + text.get(from..)?.find(wanted)?;
    Some(count_units(&text[..found]))
}

/// Which letters i and I belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Casing {
    Invariant,
    /// Turkish and Azerbaijani keep the dot: i and İ, ı and I.
    Dotted,
}

impl Casing {
    /// By the name of a culture such as `tr-TR`; empty is invariant, None is not a name.
    pub(super) fn of_culture(name: &str) -> Option<Self> {
        if name.is_empty() {
            return Some(Self::Invariant);
        }
        let mut parts = name.split('-');
        let language = parts.next()?.to_ascii_lowercase();
        let is_language = (2..=8).contains(&language.len())
            && language.bytes().all(|byte| byte.is_ascii_lowercase());
        let is_tag = |part: &str| {
            (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        if !is_language || !parts.all(is_tag) {
            return None;
        }
        let is_dotted = language == "tr" || language == "az";
        Some(if is_dotted {
            Self::Dotted
        } else {
            Self::Invariant
        })
    }

    pub(super) fn lower(self, text: &str) -> String {
        text.chars()
            .map(|character| self.lower_char(character))
            .collect()
    }

    pub(super) fn upper(self, text: &str) -> String {
        text.chars()
            .map(|character| self.upper_char(character))
            .collect()
    }

    pub(super) fn lower_char(self, character: char) -> char {
        match (self, character) {
            (Self::Dotted, 'I') => 'ı',
            (Self::Dotted, 'İ') => 'i',
            _ => only(character, character.to_lowercase()),
        }
    }

    pub(super) fn upper_char(self, character: char) -> char {
        match (self, character) {
            (Self::Dotted, 'i') => 'İ',
            (Self::Dotted, 'ı') => 'I',
            (Self::Invariant, 'ı') | (_, 'ſ') => character,
            _ => only(character, character.to_uppercase()),
        }
    }
}

/// The counterpart where it is one character; ß and its like stay.
fn only(character: char, mut mapped: impl Iterator<Item = char>) -> char {
    match (mapped.next(), mapped.next()) {
        (Some(one), None) => one,
        _ => character,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_of_code_units_are_never_cut() {
        assert_eq!(units("😀abc", 0, 3), "😀a");
        assert_eq!(units("😀abc", 0, 1), "");
        assert_eq!(units("😀abc", 1, 2), "a");
        assert_eq!(units("a😀b", 1, 1), "");
        assert_eq!(units("abc", 1, 99), "bc");
        assert_eq!(units("abc", 9, 9), "");
        assert_eq!(find_unit("😀abc", "c", 0), Some(4));
        assert_eq!(find_unit("abcabc", "a", 1), Some(3));
    }

    #[test]
    fn case_mapping_keeps_the_length() {
        let invariant = Casing::Invariant;
        assert_eq!(invariant.upper("straße ıſ"), "STRAßE ıſ");
        assert_eq!(invariant.lower("ΟΔΟΣ İ"), "οδοσ İ");
        let turkish = Casing::of_culture("TR-tr").unwrap();
        assert_eq!(turkish.upper("izmır"), "İZMIR");
        assert_eq!(turkish.lower("IZMİR"), "ızmir");
        assert_eq!(Casing::of_culture("not a culture"), None);
        assert_eq!(Casing::of_culture("en-"), None);
        assert_eq!(Casing::of_culture("zh-Hant-TW"), Some(Casing::Invariant));
    }
}
