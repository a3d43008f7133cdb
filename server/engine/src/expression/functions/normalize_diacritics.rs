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

#[cfg(test)]
mod tests {
    use super::*;

    /// <https://learn.microsoft.com/entra/identity/app-provisioning/functions-for-customizing-application-data#normalizediacritics>
    #[test]
    fn every_letter_of_the_published_table_is_normalized() {
        for (plain, letters) in [
            ("a", "ä à â ã å á ą ă ā ā́ ā̀ ā̂ ā̃ ǟ ā̈ ǡ a̱ å̄"),
            ("A", "Ä À Â Ã Å Á Ą Ă Ā Ā́ Ā̀ Ā̂ Ā̃ Ǟ Ā̈ Ǡ A̱ Å̄"),
            ("ae", "æ ǣ"),
            ("AE", "Æ Ǣ"),
            ("c", "ç č ć c̄ c̱"),
            ("C", "Ç Č Ć C̄ C̱"),
            ("d", "ď d̄ ḏ"),
            ("D", "Ď D̄ Ḏ"),
            ("e", "ë è é ê ę ě ė ē ḗ ḕ ē̂ ē̃ ê̄ e̱ ë̄ e̊̄"),
            ("E", "Ë È É Ê Ę Ě Ė Ē Ḗ Ḕ Ē̂ Ē̃ Ê̄ E̱ Ë̄ E̊̄"),
            ("g", "ğ ḡ g̱"),
            ("G", "Ğ Ḡ G̱"),
            ("i", "ï î ì í ı ī ī́ ī̀ ī̂ ī̃ i̱"),
            ("I", "Ï Î Ì Í İ Ī Ī́ Ī̀ Ī̂ Ī̃ I̱"),
            ("l", "ľ ł l̄ ḹ ḻ"),
            ("L", "Ł Ľ L̄ Ḹ Ḻ"),
            ("n", "ñ ń ň n̄ ṉ"),
            ("N", "Ñ Ń Ň N̄ Ṉ"),
            ("o", "ö ò ő õ ô ó ō ṓ ṑ ō̂ ō̃ ȫ ō̈ ǭ ȭ ȱ o̱"),
            ("O", "Ö Ò Ő Õ Ô Ó Ō Ṓ Ṑ Ō̂ Ō̃ Ȫ Ō̈ Ǭ Ȭ Ȱ O̱"),
            ("oe", "ø ø̄ œ̄"),
            ("OE", "Ø Ø̄ Œ̄"),
            ("r", "ř r̄ ṟ ṝ"),
            ("R", "Ř R̄ Ṟ Ṝ"),
            ("ss", "ß"),
            ("s", "š ś ș ş s̄ s̱"),
            ("S", "Š Ś Ș Ş S̄ S̱"),
            ("t", "ť ț t̄ ṯ"),
            ("T", "Ť Ț T̄ Ṯ"),
            ("u", "ü ù û ú ů ű ū ū́ ū̀ ū̂ ū̃ u̇̄ ǖ ṻ ṳ̄ u̱"),
            ("U", "Ü Ù Û Ú Ů Ű Ū Ū́ Ū̀ Ū̂ Ū̃ U̇̄ Ǖ Ṻ Ṳ̄ U̱"),
            ("y", "ÿ ý ȳ ȳ́ ȳ̀ ȳ̃ y̱"),
            ("Y", "Ÿ Ý Ȳ Ȳ́ Ȳ̀ Ȳ̃ Y̱"),
            ("z", "ź ž ż z̄ ẕ"),
            ("Z", "Ź Ž Ż Z̄ Ẕ"),
        ] {
            for letter in letters.split(' ') {
                assert_eq!(normalize(letter), plain, "{letter}");
                let decomposed: String = letter.nfd().collect();
                assert_eq!(normalize(&decomposed), plain, "{letter}");
            }
        }
    }

    #[test]
    fn other_scripts_and_letters_stay() {
        for text in [
            "が й",
            "Đorđe",
            "ẞ",
            "한국어",
            "हिन्दी",
            "Plain-ASCII_09",
            "ħŧðþ",
        ] {
            assert_eq!(normalize(text), text);
        }
    }
}
