//! From text to a tree, by the grammar of .NET.
//!
//! <https://learn.microsoft.com/dotnet/standard/base-types/regular-expression-language-quick-reference>

use unicode_properties::{GeneralCategory, GeneralCategoryGroup};

use super::{
    PatternError,
    tree::{
        Assertion, Case, Class, Direction, Greed, GroupName, Groups, Item, Look, Property,
        Repetition, Tree,
    },
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
        Ok(Tree::Look(look, Box::new(self.closed()?)))
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
        let when = |wanted, branch| {
            let direction = Direction::Forward;
            let look = Tree::Look(Look { direction, wanted }, Box::new(condition.clone()));
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

    /// Behind a backslash.
    fn escape(&mut self) -> Parsed<Tree> {
        let Some(letter) = self.peek() else {
            return self.fail("The pattern ends with a backslash.");
        };
        let assertion = match letter {
            'A' => Some(Assertion::TextStart),
            'Z' => Some(Assertion::TextEnd),
            'z' => Some(Assertion::VeryEnd),
            'b' => Some(Assertion::WordBoundary),
            'B' => Some(Assertion::NoWordBoundary),
            'G' => Some(Assertion::EndOfLast),
            _ => None,
        };
        if let Some(assertion) = assertion {
            self.index += 1;
            return Ok(Tree::Assertion(assertion));
        }
        match letter {
            '1'..='9' => self.numbered_backreference(),
            'k' => {
                let end = match self.peek_at(1) {
                    Some('<') => '>',
                    Some('\'') => '\'',
                    _ => return self.fail("Write \\k<name> to repeat a group."),
                };
                let name = self.skip(2).name(end)?;
                self.backreference(name)
            }
            '<' | '\'' => self.short_backreference(letter),
            _ => match self.property()? {
                Some(item) => Ok(Tree::Character(Class::of(vec![item]))),
                None => {
                    let character = self.escaped_character()?;
                    Ok(self.literal(character))
                }
            },
        }
    }

    /// `\<name>` repeats a group too; without the closing bracket it is the character.
    fn short_backreference(&mut self, opening: char) -> Parsed<Tree> {
        let start = self.index;
        let closing = if opening == '<' { '>' } else { opening };
        if let Ok(name) = self.skip(1).name(closing) {
            return self.backreference(name);
        }
        self.index = start + 1;
        Ok(self.literal(opening))
    }

    /// Two digits that name no group are the code of a character.
    fn numbered_backreference(&mut self) -> Parsed<Tree> {
        let start = self.index;
        let name = GroupName::Number(self.digits());
        if self.index == start + 1 || self.all_groups.resolve(&name).is_some() {
            return self.backreference(name);
        }
        self.index = start;
        let character = self.escaped_character()?;
        Ok(self.literal(character))
    }

    fn backreference(&self, name: GroupName) -> Parsed<Tree> {
        Ok(Tree::Backreference(name, self.options.case()))
    }

    fn digits(&mut self) -> usize {
        let mut number: usize = 0;
        while let Some(digit) = self.peek().and_then(|character| character.to_digit(10)) {
            number = number.saturating_mul(10).saturating_add(digit as usize);
            self.index += 1;
        }
        number
    }

    /// `\w`, `\p{Lu}` and the like, behind the backslash.
    fn property(&mut self) -> Parsed<Option<Item>> {
        let Some(letter) = self.peek() else {
            return Ok(None);
        };
        let property = match letter.to_ascii_lowercase() {
            'w' => Property::Word,
            'd' => Property::Digit,
            's' => Property::Space,
            'p' => {
                self.index += 1;
                let property = self.category()?;
                return Ok(Some(Item::Property {
                    property,
                    is_negated: letter == 'P',
                }));
            }
            _ => return Ok(None),
        };
        self.index += 1;
        Ok(Some(Item::Property {
            property,
            is_negated: letter.is_ascii_uppercase(),
        }))
    }

    fn category(&mut self) -> Parsed<Property> {
        let rest = &self.characters[self.index..];
        let end = rest.iter().position(|character| *character == '}');
        let name: String = match end {
            Some(end) if rest[0] == '{' => rest[1..end].iter().collect(),
            _ => return self.fail("Write \\p{Lu} for a category of characters."),
        };
        match category_named(&name) {
            Some(property) => {
                self.index += end.unwrap_or(0) + 1;
                Ok(property)
            }
            None => self.fail(format!("There is no category {name} of characters.")),
        }
    }

    /// One character behind a backslash. Letters without a meaning are refused, so that a pattern
    /// means the same everywhere.
    fn escaped_character(&mut self) -> Parsed<char> {
        let Some(letter) = self.next() else {
            return self.fail("The pattern ends with a backslash.");
        };
        Ok(match letter {
            'a' => '\u{7}',
            'e' => '\u{1B}',
            'f' => '\u{C}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{B}',
            'x' => self.code(2, 16)?,
            'u' => self.code(4, 16)?,
            'c' => match self.next() {
                Some(control @ ('@'..='_' | 'a'..='z')) => {
                    char::from(control.to_ascii_uppercase() as u8 - b'@')
                }
                _ => return self.fail("Write \\cA to \\cZ for a control character."),
            },
            '0'..='7' => {
                let octal = |c: &&char| ('0'..='7').contains(*c);
                let digits = self.characters[self.index - 1..].iter().take(3);
                let count = digits.take_while(octal).count();
                self.index -= 1;
                self.code(count, 8)?
            }
            _ if letter.is_alphanumeric() || letter == '_' => {
                self.index -= 1;
                return self.fail(format!("The escape \\{letter} has no meaning."));
            }
            literal => literal,
        })
    }

    fn code(&mut self, width: usize, radix: u32) -> Parsed<char> {
        let digits: String = self.characters[self.index..].iter().take(width).collect();
        let number = u32::from_str_radix(&digits, radix).ok();
        let is_whole = digits.chars().count() == width && !digits.starts_with('+');
        match number.filter(|_| is_whole).and_then(char::from_u32) {
            Some(character) => {
                self.index += width;
                Ok(character)
            }
            None => self.fail("This is not the code of a character."),
        }
    }

    /// Behind an opening bracket.
    fn class(&mut self, depth: usize) -> Parsed<Class> {
        let opening = self.index;
        if depth > MAX_DEPTH {
            return self.fail("The class nests too deep.");
        }
        let mut class = Class {
            is_negated: self.take('^'),
            case: self.options.case(),
            ..Class::of(Vec::new())
        };
        let first = self.index;
        loop {
            match (self.peek(), self.peek_at(1)) {
                (None, _) => {
                    self.index = opening.saturating_sub(1);
                    return self.fail("This class of characters is not closed.");
                }
                (Some(']'), _) if self.index > first => {
                    self.index += 1;
                    return Ok(class);
                }
                (Some('-'), Some('[')) if self.index > first => {
                    class.without = Some(Box::new(self.skip(2).class(depth + 1)?));
                    if self.peek() != Some(']') {
                        return self.fail("What is taken out of a class stands at its end.");
                    }
                }
                _ => self.class_item(&mut class.items)?,
            }
        }
    }

    /// A property, a character or a range.
    fn class_item(&mut self, items: &mut Vec<Item>) -> Parsed<()> {
        if self.peek() == Some('\\') {
            self.index += 1;
            if let Some(item) = self.property()? {
                items.push(item);
                return Ok(());
            }
            self.index -= 1;
        }
        if self.take_escaped_hyphens(items) {
            return Ok(());
        }
        let start = self.class_character()?;
        if self.peek() != Some('-') || matches!(self.peek_at(1), None | Some(']' | '[')) {
            items.push(Item::Range(start, start));
            return Ok(());
        }
        self.index += 1;
        if self.take_escaped_hyphens(items) && self.peek() == Some(']') {
            return Ok(());
        }
        let end = self.class_character()?;
        if end < start {
            return self.fail("This range of characters is in reverse order.");
        }
        items.push(Item::Range(start, end));
        Ok(())
    }

    /// An escaped hyphen is itself wherever it stands, never an end of a range. What begins as a
    /// range before it takes the next character as its end, or none.
    fn take_escaped_hyphens(&mut self, items: &mut Vec<Item>) -> bool {
        let before = self.index;
        while self.characters[self.index..].starts_with(&['\\', '-']) {
            items.push(Item::Range('-', '-'));
            self.index += 2;
        }
        self.index > before
    }

    fn class_character(&mut self) -> Parsed<char> {
        match self.next() {
            Some('\\') if self.peek() == Some('b') => {
                self.index += 1;
                Ok('\u{8}')
            }
            Some('\\') => self.escaped_character(),
            Some(character) => Ok(character),
            None => self.fail("This class of characters is not closed."),
        }
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

fn category_named(name: &str) -> Option<Property> {
    use GeneralCategory as One;
    use GeneralCategoryGroup as Several;
    let category = |category| Some(Property::Category(category));
    let group = |group| Some(Property::Group(group));
    match name {
        "L" => group(Several::Letter),
        "M" => group(Several::Mark),
        "N" => group(Several::Number),
        "P" => group(Several::Punctuation),
        "S" => group(Several::Symbol),
        "Z" => group(Several::Separator),
        "C" => group(Several::Other),
        "Lu" => category(One::UppercaseLetter),
        "Ll" => category(One::LowercaseLetter),
        "Lt" => category(One::TitlecaseLetter),
        "Lm" => category(One::ModifierLetter),
        "Lo" => category(One::OtherLetter),
        "Mn" => category(One::NonspacingMark),
        "Mc" => category(One::SpacingMark),
        "Me" => category(One::EnclosingMark),
        "Nd" => category(One::DecimalNumber),
        "Nl" => category(One::LetterNumber),
        "No" => category(One::OtherNumber),
        "Pc" => category(One::ConnectorPunctuation),
        "Pd" => category(One::DashPunctuation),
        "Ps" => category(One::OpenPunctuation),
        "Pe" => category(One::ClosePunctuation),
        "Pi" => category(One::InitialPunctuation),
        "Pf" => category(One::FinalPunctuation),
        "Po" => category(One::OtherPunctuation),
        "Sm" => category(One::MathSymbol),
        "Sc" => category(One::CurrencySymbol),
        "Sk" => category(One::ModifierSymbol),
        "So" => category(One::OtherSymbol),
        "Zs" => category(One::SpaceSeparator),
        "Zl" => category(One::LineSeparator),
        "Zp" => category(One::ParagraphSeparator),
        "Cc" => category(One::Control),
        "Cf" => category(One::Format),
        "Cs" => category(One::Surrogate),
        "Co" => category(One::PrivateUse),
        "Cn" => category(One::Unassigned),
        _ => None,
    }
}
