//! Capitalises words.

use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

use super::{Function, example, optional, required};
use crate::expression::{
    evaluate::{Arguments, Outcome},
    text::Casing,
};

pub(super) static FUNCTION: Function = Function::new(
    "PCase",
    "Each word with a capital first letter and small letters behind it.",
    evaluate,
)
.parameters(&[
    required("source", "The text; of several values each."),
    optional(
        "wordSeparators",
        "The characters behind which a word begins; blanks and punctuation when left off.",
    ),
])
.examples(&[
    example(
        r#"PCase("anna-maria LÓPEZ (second)")"#,
        "Anna-Maria López (Second)",
    ),
    example(r#"PCase("john-SMITH jones", "-")"#, "John-Smith jones"),
]);

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    let separators = if arguments.is_supplied(1) {
        Some(arguments.text_or_empty(1)?)
    } else {
        None
    };
    arguments.each_text(0, |_, text| {
        Ok(Some(match &separators {
            Some(separators) => behind_separators(&text, separators),
            None => title_case(&text),
        }))
    })
}

fn behind_separators(text: &str, separators: &str) -> String {
    let mut at_start = true;
    let change = |character: char| {
        let changed = if at_start {
            Casing::Invariant.upper_char(character)
        } else {
            Casing::Invariant.lower_char(character)
        };
        at_start = separators.contains(character);
        changed
    };
    text.chars().map(change).collect()
}

/// The title case of .NET, of a text in small letters: a word begins at a letter and goes on
/// until white space, punctuation other than the apostrophe, or a symbol.
fn title_case(text: &str) -> String {
    let mut in_word = false;
    let change = |character: char| {
        let lower = Casing::Invariant.lower_char(character);
        if in_word {
            in_word = character == '\'' || !ends_word(character);
            return lower;
        }
        in_word = character.general_category_group() == GeneralCategoryGroup::Letter;
        if in_word { title_char(lower) } else { lower }
    };
    text.chars().map(change).collect()
}

fn ends_word(character: char) -> bool {
    match character.general_category_group() {
        GeneralCategoryGroup::Separator
        | GeneralCategoryGroup::Punctuation
        | GeneralCategoryGroup::Symbol => true,
        GeneralCategoryGroup::Other => matches!(
            character.general_category(),
            GeneralCategory::Control | GeneralCategory::Format
        ),
        GeneralCategoryGroup::Letter
        | GeneralCategoryGroup::Mark
        | GeneralCategoryGroup::Number => false,
    }
}

/// Letters that are two in one have a form with only the first as a capital.
fn title_char(lower: char) -> char {
    match lower {
        'ǆ' => 'ǅ',
        'ǉ' => 'ǈ',
        'ǌ' => 'ǋ',
        'ǳ' => 'ǲ',
        _ => Casing::Invariant.upper_char(lower),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_begin_and_end_as_in_dotnet() {
        for (text, expected) in [
            ("o'BRIEN", "O'brien"),
            ("O’BRIEN", "O’Brien"),
            ("3rd a1b", "3Rd A1b"),
            ("mary_jane a/b a+b a^b", "Mary_Jane A/B A+B A^B"),
            ("ÉCOLE ǆungla ßen", "École ǅungla ßen"),
            ("'tis e\u{301}a", "'Tis E\u{301}a"),
        ] {
            assert_eq!(title_case(text), expected);
        }
    }

    #[test]
    fn only_the_given_separators_count() {
        assert_eq!(
            behind_separators("ann-MARIE o'neil", "-'"),
            "Ann-Marie o'Neil"
        );
        assert_eq!(behind_separators("ANN marie", ""), "Ann marie");
    }
}
