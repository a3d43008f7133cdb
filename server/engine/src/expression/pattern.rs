//! Regular expressions as .NET reads them, because published mappings rely on its details: named
//! groups are numbered behind the others, an empty match counts right after another match, `$`
//! also matches before a last line feed, a look-behind may have any length, and `\<` is a plain
//! `<`.
//!
//! This is an engine of its own for three reasons. The linear ones refuse patterns that
//! Microsoft's default mappings contain (look-ahead). The general ones differ in the details
//! above. And this code runs in the browser as well: `fancy-regex` alone would more than double
//! the bundle (1.0 MB of wasm, 350 KB compressed), while this adds some forty kilobytes. It
//! backtracks, so its steps are weighed against the [`Allowance`] of the evaluation.
//!
//! In reading order: [`tree`] (what a pattern is made of), [`parse`], [`program`] (instructions),
//! [`machine`] (runs them), [`replacement`] (`$1` and `${name}`).
//!
//! 180,000 random patterns with texts and replacements were compared with .NET (Mono 6.8). What
//! still differs is defects there: lazy repetitions of nothing, and conditions without an else.
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
        Ok(self.find(text, allowance)?.is_some())
    }

    pub(crate) fn find(
        &self,
        text: &str,
        allowance: &Allowance,
    ) -> Result<Option<Match>, Unreadable> {
        self.find_at(text, 0, 0, allowance)
    }

    /// The first match that begins at the byte `start` or later. `\G` matches where the match
    /// before it ended.
    fn find_at(
        &self,
        text: &str,
        start: usize,
        end_of_last: usize,
        allowance: &Allowance,
    ) -> Result<Option<Match>, Unreadable> {
        let mut machine = Machine::new(&self.program, text, end_of_last, allowance);
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
        let (mut copied, mut start, mut end_of_last) = (0, 0, 0);
        while let Some(found) = self.find_at(text, start, end_of_last, allowance)? {
            let whole = found.range();
            end_of_last = whole.end;
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The text after replacing every match, or the error.
    fn replaced(pattern: &str, text: &str, replacement: &str) -> String {
        let pattern = match Pattern::parse(pattern) {
            Ok(pattern) => pattern,
            Err(error) => return error.to_string(),
        };
        let replacement = Replacement::parse(replacement, &pattern);
        let allowance = Allowance::new();
        pattern
            .replace_all(text, &replacement, &allowance)
            .unwrap_or_else(|error| error)
    }

    /// Puts every match between angle brackets.
    #[track_caller]
    fn check(pattern: &str, text: &str, expected: &str) {
        assert_eq!(replaced(pattern, text, "<$&>"), expected, "{pattern}");
    }

    #[test]
    fn matches_are_those_of_dotnet() {
        check("[a-zA-Z_]*", "john_doe72", "<john_doe><>7<>2<>");
        check("a|ab", "abab", "<a>b<a>b");
        check("a{2,3}?", "aaaaa", "<aa><aa>a");
        check("a{,2}|b{x", "a{,2} b{x", "<a{,2}> <b{x>");
        check(
            "^.*?,(?=(?:CN|OU|DC)=)",
            "CN=a\\,b,OU=c,DC=d",
            "<CN=a\\,b,>OU=c,DC=d",
        );
        check("x$", "x\nx\n", "x\n<x>\n");
        check("(?m)^x$", "x\nx\n", "<x>\n<x>\n");
        check("x\\z", "x\n", "x\n");
        check("a.c", "abc a\nc", "<abc> a\nc");
        check("(?s)a.c", "a\nc", "<a\nc>");
        check("(?i)straße|É", "STRAßE é", "<STRAßE> <é>");
        check("(?i:a)b", "Ab AB", "<Ab> AB");
        check("(?x) a b # comment\n c", "abc", "<abc>");
        check("a(?#comment)b", "ab", "<ab>");
        check("\\bcat\\b", "cat concat cat", "<cat> concat <cat>");
        check("\\w+", "Łódź_1 ٣", "<Łódź_1> <٣>");
        check("\\p{Lu}\\P{Lu}*", "AnnaBergmann", "<Anna><Bergmann>");
        check("[\\<\\>]", "a<b>", "a<<>b<>>");
        check("\\<", "a<", "a<<>");
        check("(?>a+)a", "aaa", "aaa");
        check("\\Ga", "aab a", "<a><a>b a");
        check("\\G", "ab", "<>ab");
        check("(?x)a+ ?b", "aab", "<aab>");
        check("\\11\\101", "\tA", "<\tA>");
        check("(?<n>a)\\<n>\\<x", "aa<x", "<aa<x>");
    }

    #[test]
    fn classes_have_ranges_properties_and_exceptions() {
        check("[]a]+", "a]b", "<a]>b");
        check("[^]a]+", "a]b", "a]<b>");
        check("[a-z-[aeiou]]+", "banana", "<b>a<n>a<n>a");
        check("[\\w-]+", "a-b c", "<a-b> <c>");
        check("[a-]+", "a-b", "<a->b");
        check("[\\d\\s]+", "1 2a", "<1 2>a");
        check("[a&&b~~c]+", "a&b~c", "<a&b~c>");
        check("[[]", "[", "<[>");
        check("(?i)[a-c]+", "ABCd", "<ABC>d");
        check("[+-\\-]", "+,-", "+,<->");
        check("[+-\\-z]+", "+,-az", "<+,-az>");
        check("[\\--a]+", "-.a", "<->.<a>");
        check("[\\x41-\\u0043\\t]+", "ABC\td", "<ABC\t>d");
    }

    #[test]
    fn what_stands_around_a_match_may_have_any_length() {
        check("(?<=a+)b", "aaab b", "aaa<b> b");
        check("(?<!a+)b", "aaab b", "aaab <b>");
        check("(?<=(\\d+)(\\d+))x", "1234x", "1234<x>");
        assert_eq!(
            replaced("(?<=(\\d+)(\\d+))x", "1234x", "$1|$2"),
            "12341|234"
        );
        check("(?=a)a|b(?!c)", "abcb", "<a>bc<b>");
    }

    #[test]
    fn groups_are_numbered_as_in_dotnet() {
        assert_eq!(replaced("(?<x>a)(b)", "ab", "$1$2${x}"), "baa");
        assert_eq!(
            replaced("(a)", "a", "$1_x $10 ${1} ${y} $$ $x $"),
            "a_x $10 a ${y} $ $x $"
        );
        assert_eq!(replaced("(a)(?<n>b)?", "ac", "[$n${n}$+]"), "[$n]c");
        assert_eq!(replaced("b", "abc", "[$`|$'|$_]"), "a[a|c|abc]c");
        assert_eq!(replaced("(?'q'a)|(?<q>b)", "ab", "${q}!"), "a!b!");
        assert_eq!(replaced("(?n)(a)(?<k>b)", "ab", "$1$2"), "b$2");
        check("(a)(b)?(?(2)c|d)", "abc ad ac", "<abc> <ad> ac");
        check("(?(\\d)\\d\\d|x)", "12 x 1", "<12> <x> 1");
        check("(?(?<=n)b|c)", "nb c b", "n<b> <c> b");
        check("(?(name)names|x)", "names x", "<names> <x>");
        check("(\\w)\\1", "aabbc", "<aa><bb>c");
        check("(?i)(?<l>\\w)\\k<l>", "aAbBc", "<aA><bB>c");
        check("(a*)*", "aab", "<aa><>b<>");
        check("(?:a|())+?b", "aab", "<aab>");
    }

    #[test]
    fn mistakes_are_named_with_their_place() {
        let check = |pattern, expected: &str| {
            assert_eq!(replaced(pattern, "", ""), expected);
        };
        check(
            "(",
            "This group is not closed. (character 1 of the pattern)",
        );
        check(
            "a)",
            "This parenthesis closes nothing. (character 2 of the pattern)",
        );
        check(
            "[a",
            "This class of characters is not closed. (character 1 of the pattern)",
        );
        check(
            "*a",
            "There is nothing before this quantifier to repeat. (character 1 of the pattern)",
        );
        check(
            "a**",
            "A quantifier cannot follow a quantifier. (character 3 of the pattern)",
        );
        check(
            "a{3,2}",
            "The quantifier's upper bound is less than its lower bound. (character 2 of the pattern)",
        );
        check(
            "[b-a]",
            "This range of characters is in reverse order. (character 5 of the pattern)",
        );
        check(
            "\\",
            "The pattern ends with a backslash. (character 2 of the pattern)",
        );
        check(
            "\\y",
            "The escape \\y has no meaning. (character 2 of the pattern)",
        );
        check(
            "\\2(a)",
            "There is no group 2. (character 1 of the pattern)",
        );
        check(
            "(?<a-b>x)",
            "Balancing groups are not supported. (character 5 of the pattern)",
        );
        check(
            "\\p{IsGreek}",
            "There is no category IsGreek of characters. (character 3 of the pattern)",
        );
        check(
            "(?j)",
            "This is not a kind of group. (character 3 of the pattern)",
        );
    }
}
