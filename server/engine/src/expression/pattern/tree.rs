//! What a pattern is made of.

use std::rc::Rc;

use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

use crate::expression::text::Casing;

#[derive(Clone, Debug)]
pub(super) enum Tree {
    Empty,
    Character(Class),
    Assertion(Assertion),
    Sequence(Vec<Tree>),
    Alternatives(Vec<Tree>),
    Repetition(Box<Repetition>),
    /// A capturing group, by its slot.
    Group(usize, Box<Tree>),
    Atomic(Box<Tree>),
    /// Shared, because a condition is looked for twice: a copy at every level of nested conditions
    /// would fill the memory.
    Look(Look, Rc<Tree>),
    Backreference(GroupName, Case),
    /// One of two, by whether a group has matched.
    Conditional(GroupName, Box<[Tree; 2]>),
}

#[derive(Clone, Debug)]
pub(super) struct Repetition {
    pub(super) tree: Tree,
    pub(super) least: usize,
    /// Without bound when None.
    pub(super) most: Option<usize>,
    pub(super) greed: Greed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Greed {
    Greedy,
    Lazy,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    Sensitive,
    Ignored,
}

/// What stands around the position, without becoming part of the match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) direction: Direction,
    pub(super) wanted: bool,
}

/// The way in which characters are read. A look-behind reads backwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Forward,
    Backward,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Assertion {
    TextStart,
    LineStart,
    /// The end, or before a line feed at the end.
    TextEnd,
    LineEnd,
    VeryEnd,
    WordBoundary,
    NoWordBoundary,
    /// Where the match before ended, or the start of the text.
    EndOfLast,
}

/// How a reference names a group; resolved when the whole pattern is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum GroupName {
    Number(usize),
    Name(String),
}

/// The capturing groups of a pattern. Slot 0 is the whole match.
#[derive(Clone, Debug, Default)]
pub(super) struct Groups {
    /// In the order of their first appearance; slot 1 comes first. Two groups of one name or
    /// number share a slot.
    slots: Vec<GroupName>,
    unnamed: usize,
}

impl Groups {
    pub(super) fn add_unnamed(&mut self) -> usize {
        self.unnamed += 1;
        self.add(GroupName::Number(self.unnamed))
    }

    pub(super) fn add(&mut self, name: GroupName) -> usize {
        let known = self.slots.iter().position(|slot| *slot == name);
        known.unwrap_or_else(|| {
            self.slots.push(name);
            self.slots.len() - 1
        }) + 1
    }

    /// How many slots there are, with that of the whole match.
    pub(super) fn count(&self) -> usize {
        self.slots.len() + 1
    }

    pub(super) fn resolve(&self, name: &GroupName) -> Option<usize> {
        if *name == GroupName::Number(0) {
            return Some(0);
        }
        let known = self.slots.iter().position(|slot| slot == name);
        let slot = known.or_else(|| match name {
            GroupName::Number(number) => self.named_by_number(*number),
            GroupName::Name(_) => None,
        })?;
        Some(slot + 1)
    }

    /// By a name or the digits of a number.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        match name.parse() {
            Ok(number) => self.resolve(&GroupName::Number(number)),
            Err(_) => self.resolve(&GroupName::Name(name.to_owned())),
        }
    }

    /// The slot with the highest number; the whole match when there are no groups.
    pub(super) fn last(&self) -> usize {
        let numbered = self
            .slots
            .iter()
            .enumerate()
            .filter_map(|(index, name)| match name {
                GroupName::Number(number) => Some((*number, index)),
                GroupName::Name(_) => None,
            });
        let last = numbered.chain(self.numbers_of_named()).max();
        last.map_or(0, |(_, index)| index + 1)
    }

    fn named_by_number(&self, wanted: usize) -> Option<usize> {
        let mut named = self.numbers_of_named();
        named.find_map(|(number, index)| (number == wanted).then_some(index))
    }

    /// Named groups take the numbers that are free behind the unnamed ones.
    fn numbers_of_named(&self) -> impl Iterator<Item = (usize, usize)> {
        let is_named = |name: &GroupName| matches!(name, GroupName::Name(_));
        let named = self
            .slots
            .iter()
            .enumerate()
            .filter(move |(_, name)| is_named(name));
        let free = (self.unnamed + 1..).filter(|n| !self.slots.contains(&GroupName::Number(*n)));
        free.zip(named.map(|(index, _)| index))
    }
}

/// A set of characters.
#[derive(Clone, Debug)]
pub(super) struct Class {
    pub(super) items: Vec<Item>,
    pub(super) is_negated: bool,
    pub(super) case: Case,
    /// What is taken out again: `[a-z-[aeiou]]`.
    pub(super) without: Option<Box<Class>>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Item {
    /// With both ends.
    Range(char, char),
    Property {
        property: Property,
        is_negated: bool,
    },
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Property {
    Word,
    Digit,
    Space,
    Category(GeneralCategory),
    Group(GeneralCategoryGroup),
}

impl Class {
    pub(super) fn of(items: Vec<Item>) -> Self {
        Self {
            items,
            is_negated: false,
            case: Case::Sensitive,
            without: None,
        }
    }

    pub(super) fn of_character(character: char, case: Case) -> Self {
        Self {
            case,
            ..Self::of(vec![Item::Range(character, character)])
        }
    }

    /// Everything, or everything but a line feed.
    pub(super) fn any(with_line_feed: bool) -> Self {
        let line_feed = if with_line_feed {
            vec![]
        } else {
            vec![Item::Range('\n', '\n')]
        };
        Self {
            is_negated: true,
            ..Self::of(line_feed)
        }
    }

    /// How many items are looked at for a character.
    pub(super) fn weight(&self) -> u64 {
        let taken_out = self.without.as_ref().map_or(0, |class| class.weight());
        self.items.len() as u64 + taken_out
    }

    pub(super) fn contains(&self, character: char) -> bool {
        let has = |character: char| self.items.iter().any(|item| item.contains(character));
        let listed = has(character)
            || self.case == Case::Ignored && other_case(character).into_iter().any(has);
        let taken_out = self.without.as_ref();
        listed != self.is_negated && !taken_out.is_some_and(|class| class.contains(character))
    }
}

impl Item {
    fn contains(self, character: char) -> bool {
        match self {
            Self::Range(first, last) => (first..=last).contains(&character),
            Self::Property {
                property,
                is_negated,
            } => property.holds(character) != is_negated,
        }
    }
}

impl Property {
    fn holds(self, character: char) -> bool {
        match self {
            Self::Word => is_word(character),
            Self::Digit if character.is_ascii() => character.is_ascii_digit(),
            Self::Digit => character.general_category() == GeneralCategory::DecimalNumber,
            Self::Space => character.is_whitespace(),
            Self::Category(category) => character.general_category() == category,
            Self::Group(group) => character.general_category_group() == group,
        }
    }
}

/// Letters, non-spacing marks, decimal digits and connectors such as the underscore.
pub(super) fn is_word(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_alphanumeric() || character == '_';
    }
    character.general_category_group() == GeneralCategoryGroup::Letter
        || matches!(
            character.general_category(),
            GeneralCategory::NonspacingMark
                | GeneralCategory::DecimalNumber
                | GeneralCategory::ConnectorPunctuation
        )
}

/// Whether two characters are the same small letter.
pub(super) fn same_letter(left: char, right: char) -> bool {
    let lower = |character| Casing::Invariant.lower_char(character);
    lower(left) == lower(right)
}

/// The same letter in small and as a capital.
fn other_case(character: char) -> [char; 2] {
    let lower = Casing::Invariant.lower_char(character);
    let upper = Casing::Invariant.upper_char(character);
    [
        lower,
        if same_letter(upper, lower) {
            upper
        } else {
            lower
        },
    ]
}
