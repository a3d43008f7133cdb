//! From text to a tree, by the grammar of .NET.
//!
//! <https://learn.microsoft.com/dotnet/standard/base-types/regular-expression-language-quick-reference>

mod escape;

use std::rc::Rc;

use super::{
    PatternError,
    tree::{Assertion, Case, Class, Direction, Greed, GroupName, Groups, Look, Repetition, Tree},
};

/// How deep groups may nest; reading, compiling and dropping a pattern recurse.
const MAX_DEPTH: usize = 100;

const MAX_CHARACTERS: usize = 10_000;

pub(super) fn parse(text: &str) -> Result<(Tree, Groups), PatternError> {
    let characters: Vec<char> = text.chars().collect();
    // What `\12` and `(?(name)…)` mean depends on groups that may come later: read twice.
    let (_, groups) = Parser::new(&characters, Groups::default()).whole()?;
    Parser::new(&characters, groups).whole()
}

/// The inline options `(?imnsx)`.
#[derive(Clone, Copy, Default)]
struct Options {
    ignore_case: bool,
    multiline: bool,
    explicit_capture: bool,
    single_line: bool,
    ignore_white_space: bool,
}

impl Options {
    fn set(&mut self, letter: char, on: bool) -> Option<()> {
        match letter {
            'i' => self.ignore_case = on,
            'm' => self.multiline = on,
            'n' => self.explicit_capture = on,
            's' => self.single_line = on,
            'x' => self.ignore_white_space = on,
            _ => return None,
        }
        Some(())
    }

    fn case(self) -> Case {
        if self.ignore_case {
            Case::Ignored
        } else {
            Case::Sensitive
        }
    }
}

struct Parser<'a> {
    characters: &'a [char],
    index: usize,
    depth: usize,
    options: Options,
    /// As far as they were read.
    groups: Groups,
    /// Those of the whole pattern, when it was read before.
    all_groups: Groups,
}

type Parsed<T> = Result<T, PatternError>;

impl<'a> Parser<'a> {
    fn new(characters: &'a [char], all_groups: Groups) -> Self {
        Self {
            characters,
            index: 0,
            depth: 0,
            options: Options::default(),
            groups: Groups::default(),
            all_groups,
        }
    }

    fn whole(mut self) -> Parsed<(Tree, Groups)> {
        if self.characters.len() > MAX_CHARACTERS {
            return self.fail(format!(
                "The pattern has more than {MAX_CHARACTERS} characters."
            ));
        }
        let tree = self.alternatives()?;
        if self.peek().is_some() {
            return self.fail("This parenthesis closes nothing.");
        }
        Ok((tree, self.groups))
    }

    /// Up to a closing parenthesis or the end. Options that are set inside end with it.
    fn alternatives(&mut self) -> Parsed<Tree> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return self.fail(format!(
                "The pattern nests more than {MAX_DEPTH} groups deep."
            ));
        }
        let options = self.options;
        let mut alternatives = vec![self.sequence()?];
        while self.take('|') {
            alternatives.push(self.sequence()?);
        }
        self.options = options;
        self.depth -= 1;
        Ok(match alternatives.len() {
            1 => alternatives.remove(0),
            _ => Tree::Alternatives(alternatives),
        })
    }

    fn sequence(&mut self) -> Parsed<Tree> {
        let mut sequence = Vec::new();
        loop {
            self.skip_ignored()?;
            match self.peek() {
                None | Some('|' | ')') => return Ok(Tree::Sequence(sequence)),
                Some(_) => {
                    if let Some(atom) = self.atom()? {
                        sequence.push(self.quantified(atom)?);
                    }
                }
            }
        }
    }

    /// One thing that a quantifier may follow; None where only options were set.
    fn atom(&mut self) -> Parsed<Option<Tree>> {
        let start = self.index;
        let Some(character) = self.next() else {
            return Ok(None);
        };
        Ok(Some(match character {
            '(' => return self.group(),
            '[' => Tree::Character(self.class(0)?),
            '\\' => self.escape()?,
            '.' => Tree::Character(Class::any(self.options.single_line)),
            '^' if self.options.multiline => Tree::Assertion(Assertion::LineStart),
            '^' => Tree::Assertion(Assertion::TextStart),
            '$' if self.options.multiline => Tree::Assertion(Assertion::LineEnd),
            '$' => Tree::Assertion(Assertion::TextEnd),
            '*' | '+' | '?' => {
                self.index = start;
                return self.fail("There is nothing before this quantifier to repeat.");
            }
            '{' if self.counts(start).is_some() => {
                self.index = start;
                return self.fail("There is nothing before this quantifier to repeat.");
            }
            literal => self.literal(literal),
        }))
    }

    fn literal(&self, character: char) -> Tree {
        Tree::Character(Class::of_character(character, self.options.case()))
    }

    fn quantified(&mut self, tree: Tree) -> Parsed<Tree> {
        self.skip_ignored()?;
        let Some((least, most, behind)) = self.counts(self.index) else {
            return Ok(tree);
        };
        if most.is_some_and(|most| most < least) {
            return self.fail("The quantifier's upper bound is less than its lower bound.");
        }
        self.index = behind;
        self.skip_ignored()?;
        let greed = if self.take('?') {
            Greed::Lazy
        } else {
            Greed::Greedy
        };
        self.skip_ignored()?;
        if self.counts(self.index).is_some() {
            return self.fail("A quantifier cannot follow a quantifier.");
        }
        Ok(Tree::Repetition(Box::new(Repetition {
            tree,
            least,
            most,
            greed,
        })))
    }

    /// The bounds of a quantifier that stands here, and the index behind it. A brace that is not
    /// a quantifier is a literal.
    fn counts(&self, index: usize) -> Option<(usize, Option<usize>, usize)> {
        match self.characters.get(index)? {
            '*' => return Some((0, None, index + 1)),
            '+' => return Some((1, None, index + 1)),
            '?' => return Some((0, Some(1), index + 1)),
            '{' => {}
            _ => return None,
        }
        let inside = &self.characters[index + 1..];
        let length = inside.iter().position(|character| *character == '}')?;
        let inside: String = inside[..length].iter().collect();
        let number = |digits: &str| {
            let all_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
            all_digits.then(|| digits.parse().ok()).flatten()
        };
        let (least, most) = match inside.split_once(',') {
            None => (number(&inside)?, Some(number(&inside)?)),
            Some((least, "")) => (number(least)?, None),
            Some((least, most)) => (number(least)?, Some(number(most)?)),
        };
        Some((least, most, index + 1 + length + 1))
    }

    /// Behind an opening parenthesis.
    fn group(&mut self) -> Parsed<Option<Tree>> {
        if !self.take('?') {
            if self.options.explicit_capture {
                return self.closed().map(Some);
            }
            let group = self.groups.add_unnamed();
            return Ok(Some(Tree::Group(group, Box::new(self.closed()?))));
        }
        let look = |direction, wanted| Look { direction, wanted };
        let kind = (self.peek(), self.peek_at(1));
        let tree = match kind {
            (Some(':'), _) => self.skip(1).closed()?,
            (Some('>'), _) => Tree::Atomic(Box::new(self.skip(1).closed()?)),
            (Some('='), _) => self.skip(1).look(look(Direction::Forward, true))?,
            (Some('!'), _) => self.skip(1).look(look(Direction::Forward, false))?,
            (Some('<'), Some('=')) => self.skip(2).look(look(Direction::Backward, true))?,
            (Some('<'), Some('!')) => self.skip(2).look(look(Direction::Backward, false))?,
            (Some('<'), _) => self.skip(1).named('>')?,
            (Some('\''), _) => self.skip(1).named('\'')?,
            (Some('('), _) => self.skip(1).conditional()?,
            _ => return self.options(),
        };
        Ok(Some(tree))
    }

    fn look(&mut self, look: Look) -> Parsed<Tree> {
        Ok(Tree::Look(look, Rc::new(self.closed()?)))
    }

    fn named(&mut self, end: char) -> Parsed<Tree> {
        let name = self.name(end)?;
        let group = self.groups.add(name);
        Ok(Tree::Group(group, Box::new(self.closed()?)))
    }

    /// A name or a number and the character that ends it.
    fn name(&mut self, end: char) -> Parsed<GroupName> {
        let start = self.index;
        while self.peek().is_some_and(|c| c.is_alphanumeric() || c == '_') {
            self.index += 1;
        }
        let name: String = self.characters[start..self.index].iter().collect();
        if self.peek() == Some('-') {
            return self.fail("Balancing groups are not supported.");
        }
        if name.is_empty() || !self.take(end) {
            return self.fail("The name of a group is letters, digits and underscores.");
        }
        if !name.starts_with(|c: char| c.is_ascii_digit()) {
            return Ok(GroupName::Name(name));
        }
        match name.parse() {
            Ok(number) if number > 0 => Ok(GroupName::Number(number)),
            _ => self.fail("The number of a group begins at 1."),
        }
    }

    /// `(?(group)yes|no)`; when there is no such group, what stands there is looked for ahead.
    fn conditional(&mut self) -> Parsed<Tree> {
        let start = self.index;
        if let Ok(group) = self.name(')')
            && self.may_be_group(&group)
        {
            return Ok(Tree::Conditional(group, Box::new(self.branches()?)));
        }
        self.index = start;
        let condition = if self.peek() == Some('?') {
            self.group()?.unwrap_or(Tree::Empty)
        } else {
            self.closed()?
        };
        let condition = Rc::new(condition);
        let when = |wanted, branch| {
            let direction = Direction::Forward;
            let look = Tree::Look(Look { direction, wanted }, Rc::clone(&condition));
            Tree::Sequence(vec![look, branch])
        };
        let [matched, unmatched] = self.branches()?;
        Ok(Tree::Alternatives(vec![
            when(true, matched),
            when(false, unmatched),
        ]))
    }

    /// Numbers always mean groups, names only when there is such a group.
    fn may_be_group(&self, name: &GroupName) -> bool {
        match name {
            GroupName::Number(_) => true,
            GroupName::Name(_) => self.all_groups.resolve(name).is_some(),
        }
    }

    fn branches(&mut self) -> Parsed<[Tree; 2]> {
        match self.closed()? {
            Tree::Alternatives(trees) => match <[Tree; 2]>::try_from(trees) {
                Ok(branches) => Ok(branches),
                Err(_) => self.fail("A condition has at most two branches."),
            },
            only => Ok([only, Tree::Empty]),
        }
    }

    /// `(?i)` for the rest of the group, `(?i:…)`, or a comment `(?#…)`.
    fn options(&mut self) -> Parsed<Option<Tree>> {
        let before = self.options;
        let mut on = true;
        loop {
            match self.next() {
                Some('-') => on = false,
                Some(')') => return Ok(None),
                Some(':') => {
                    let inner = self.closed()?;
                    self.options = before;
                    return Ok(Some(inner));
                }
                Some(letter) if self.options.set(letter, on).is_some() => {}
                _ => {
                    self.index = self.index.saturating_sub(1);
                    return self.fail("This is not a kind of group.");
                }
            }
        }
    }

    /// The inside of a group and its closing parenthesis.
    fn closed(&mut self) -> Parsed<Tree> {
        let start = self.index;
        let tree = self.alternatives()?;
        if !self.take(')') {
            self.index = start.saturating_sub(1);
            return self.fail("This group is not closed.");
        }
        Ok(tree)
    }

    /// Comments, and white space where the options say so.
    fn skip_ignored(&mut self) -> Parsed<()> {
        loop {
            if self.characters[self.index..].starts_with(&['(', '?', '#']) {
                let rest = self.characters[self.index..].iter();
                match rest.clone().position(|character| *character == ')') {
                    Some(length) => self.index += length + 1,
                    None => return self.fail("This comment is not closed."),
                }
                continue;
            }
            match self.peek() {
                Some(c) if self.options.ignore_white_space && c.is_whitespace() => self.index += 1,
                Some('#') if self.options.ignore_white_space => {
                    while self.next().is_some_and(|character| character != '\n') {}
                }
                _ => return Ok(()),
            }
        }
    }

    fn skip(&mut self, count: usize) -> &mut Self {
        self.index += count;
        self
    }

    fn next(&mut self) -> Option<char> {
        let character = self.peek()?;
        self.index += 1;
        Some(character)
    }

    fn take(&mut self, character: char) -> bool {
        let is_here = self.peek() == Some(character);
        self.index += usize::from(is_here);
        is_here
    }

    fn peek(&self) -> Option<char> {
        self.peek_at(0)
    }

    fn peek_at(&self, distance: usize) -> Option<char> {
        self.characters.get(self.index + distance).copied()
    }

    fn fail<T>(&self, message: impl Into<String>) -> Parsed<T> {
        Err(PatternError {
            position: self.index + 1,
            message: message.into(),
        })
    }
}
