//! Removes accents.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::{Function, example, required};
use crate::expression::evaluate::{Arguments, Outcome};

pub(super) static FUNCTION: Function = Function::new(
    "NormalizeDiacritics",
    "The text with plain Latin letters in place of accented ones: ë becomes e, ø becomes oe, ß \
     becomes ss. Other scripts stay as they are.",
    evaluate,
)
.parameters(&[required("source", "The text; of several values each.")])
.examples(&[
    example("NormalizeDiacritics([givenName])", "Zoe"),
    example(
        r#"NormalizeDiacritics("Søren Łukasz Groß")"#,
        "Soeren Lukasz Gross",
    ),
]);

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    arguments.each_text(0, |_, text| Ok(Some(normalize(&text))))
}

fn normalize(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let mut plain = String::with_capacity(text.len());
    let mut behind_latin = false;
    for character in text.nfd() {
        if is_combining_mark(character) {
            if !behind_latin {
                plain.push(character);
            }
            continue;
        }
        behind_latin = is_latin(character);
        match special(character) {
            Some(letters) => plain.push_str(letters),
            None => plain.push(character),
        }
    }
    plain.nfc().collect()
}

/// Letters of the published table that are not a plain letter with marks.
fn special(letter: char) -> Option<&'static str> {
    match letter {
        'æ' => Some("ae"),
        'Æ' => Some("AE"),
        'ø' | 'œ' => Some("oe"),
        'Ø' | 'Œ' => Some("OE"),
        'ß' => Some("ss"),
        'ı' => Some("i"),
        'ł' => Some("l"),
        'Ł' => Some("L"),
        _ => None,
    }
}

/// Whether marks behind the letter are accents of the Latin script, and so can go.
fn is_latin(letter: char) -> bool {
    matches!(letter,
        'A'..='Z' | 'a'..='z' | 'ª' | 'º' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}'
        | '\u{F8}'..='\u{2AF}' | '\u{1D00}'..='\u{1D25}' | '\u{1E00}'..='\u{1EFF}'
        | '\u{2C60}'..='\u{2C7F}' | '\u{A722}'..='\u{A7FF}' | '\u{AB30}'..='\u{AB64}'
        | '\u{FB00}'..='\u{FB06}' | '\u{FF21}'..='\u{FF3A}' | '\u{FF41}'..='\u{FF5A}')
}
