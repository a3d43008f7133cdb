//! What stands behind a backslash, and classes of characters.

use unicode_properties::{GeneralCategory, GeneralCategoryGroup};

use super::{
    super::tree::{Assertion, Class, GroupName, Item, Property, Tree},
    MAX_DEPTH, Parsed, Parser,
};

impl Parser<'_> {
    /// Behind a backslash.
    pub(super) fn escape(&mut self) -> Parsed<Tree> {
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
    pub(super) fn class(&mut self, depth: usize) -> Parsed<Class> {
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
