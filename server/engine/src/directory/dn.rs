//! Distinguished names (RFC 4514): parsing, comparison without case, containment.

use std::{
    fmt,
    hash::{Hash, Hasher},
};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A distinguished name. Compares by meaning, prints as it was written.
///
/// Two spellings are one name when their attribute types are equal without case and their values
/// are equal without case after undoing escapes and folding inner white space (the
/// `caseIgnoreMatch` rule that all naming attributes here follow, RFC 4517, 4.2.11).
#[derive(Clone, Debug)]
pub struct Dn {
    text: String,
    key: String,
}

/// Why a text is not a distinguished name. Positions count characters from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DnError {
    #[error("Enter a distinguished name, for example OU=Sales,DC=contoso,DC=test.")]
    Empty,
    #[error(
        "\"{part}\" at character {position} has no equals sign. A distinguished name is a list of \
         name=value pairs, for example OU=Sales,DC=contoso,DC=test."
    )]
    NoEqualsSign { part: String, position: usize },
    #[error("\"{name}\" at character {position} is not an attribute type such as CN, OU or DC.")]
    BadType { name: String, position: usize },
    #[error("\"{name}\" at character {position} has no value.")]
    NoValue { name: String, position: usize },
    #[error(
        "The character {character:?} at position {position} must be written with a backslash \
         before it."
    )]
    Unescaped { character: char, position: usize },
    #[error("The escape at character {position} is not complete or not valid UTF-8.")]
    BadEscape { position: usize },
}

impl Dn {
    pub fn parse(text: &str) -> Result<Self, DnError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(DnError::Empty);
        }
        let mut key = String::with_capacity(text.len());
        for (index, rdn) in split_unescaped(text, &[',', ';']).into_iter().enumerate() {
            if index > 0 {
                key.push(',');
            }
            push_rdn_key(&mut key, &rdn)?;
        }
        Ok(Self {
            text: text.to_owned(),
            key,
        })
    }

    /// The name of a domain: `contoso.test` → `DC=contoso,DC=test`.
    pub fn of_domain(domain: &str) -> Result<Self, DnError> {
        let parts: Vec<_> = domain
            .split('.')
            .map(|label| format!("DC={label}"))
            .collect();
        Self::parse(&parts.join(","))
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The form in which equal names are equal text; for look-ups and indexes.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Whether this is `ancestor` itself or lies anywhere below it.
    pub fn is_under(&self, ancestor: &Dn) -> bool {
        self.key == ancestor.key
            || self
                .key
                .strip_suffix(&ancestor.key)
                .is_some_and(|rest| rest.ends_with(','))
    }

    /// The name without its first part; nothing above a single part.
    pub fn parent(&self) -> Option<Dn> {
        let first = split_unescaped(&self.text, &[',', ';']).first()?.text.len();
        Dn::parse(self.text.get(first + 1..)?).ok()
    }

    /// The first part as written, for example `CN=Anna Bergmann`.
    pub fn rdn(&self) -> &str {
        split_unescaped(&self.text, &[',', ';'])
            .first()
            .map_or("", |rdn| trim_value(rdn.text))
    }

    /// The value of the first part with its escapes undone, for example `Anna Bergmann`.
    pub fn name(&self) -> String {
        let value = self.rdn().split_once('=').map_or("", |(_, value)| value);
        unescape(trim_value(value), 0).unwrap_or_else(|_| value.to_owned())
    }

    /// `parent` with a first part `type=value` before it, escaped as RFC 4514, 2.4 asks.
    pub fn child(&self, attribute_type: &str, value: &str) -> Result<Dn, DnError> {
        Dn::parse(&format!("{attribute_type}={},{}", escape(value), self.text))
    }
}

/// A piece of the text and the character position where it begins.
struct Piece<'a> {
    text: &'a str,
    position: usize,
}

fn split_unescaped<'a>(text: &'a str, separators: &[char]) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    let (mut start, mut start_position) = (0, 1);
    let (mut escaped, mut quoted) = (false, false);
    for (position, (offset, character)) in text.char_indices().enumerate() {
        if escaped {
            escaped = false;
        } else if character == '\\' {
            escaped = true;
        } else if character == '"' {
            quoted = !quoted;
        } else if !quoted && separators.contains(&character) {
            pieces.push(Piece {
                text: &text[start..offset],
                position: start_position,
            });
            start = offset + character.len_utf8();
            start_position = position + 2;
        }
    }
    pieces.push(Piece {
        text: &text[start..],
        position: start_position,
    });
    pieces
}

fn push_rdn_key(key: &mut String, rdn: &Piece<'_>) -> Result<(), DnError> {
    let parts = split_unescaped(rdn.text, &['+']);
    if let [_] = parts.as_slice() {
        return push_pair_key(key, rdn);
    }
    // The pairs of a multi-valued part have no order (RFC 4514, 2.2).
    let mut pairs = Vec::new();
    for part in parts {
        let mut pair = String::new();
        push_pair_key(
            &mut pair,
            &Piece {
                text: part.text,
                position: rdn.position + part.position - 1,
            },
        )?;
        pairs.push(pair);
    }
    pairs.sort();
    key.push_str(&pairs.join("+"));
    Ok(())
}

fn push_pair_key(key: &mut String, pair: &Piece<'_>) -> Result<(), DnError> {
    let position = pair.position;
    let Some((name, value)) = pair.text.split_once('=') else {
        return Err(DnError::NoEqualsSign {
            part: pair.text.trim().to_owned(),
            position,
        });
    };
    let value_position = position + name.chars().count() + 1;
    let (name, value) = (name.trim(), trim_value(value));
    if !is_attribute_type(name) {
        return Err(DnError::BadType {
            name: name.to_owned(),
            position,
        });
    }
    if value.is_empty() {
        return Err(DnError::NoValue {
            name: name.to_owned(),
            position,
        });
    }
    key.extend(name.chars().map(|character| character.to_ascii_lowercase()));
    key.push('=');
    push_value_key(key, &unescape(value, value_position)?);
    Ok(())
}

/// Outer white space does not belong to the value, unless a backslash says so.
fn trim_value(value: &str) -> &str {
    let value = value.trim_start_matches(' ');
    let trimmed = value.trim_end_matches(' ');
    let backslashes = trimmed
        .chars()
        .rev()
        .take_while(|&character| character == '\\')
        .count();
    if backslashes % 2 == 1 && trimmed.len() < value.len() {
        &value[..=trimmed.len()]
    } else {
        trimmed
    }
}

fn is_attribute_type(name: &str) -> bool {
    let name = name
        .strip_prefix("OID.")
        .or_else(|| name.strip_prefix("oid."))
        .unwrap_or(name);
    !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.')
}

/// Normalization form C, so that equal characters are equal numbers.
#[cfg(not(target_arch = "wasm32"))]
fn composed(value: &str) -> String {
    unicode_normalization::UnicodeNormalization::nfc(value).collect()
}

/// As above; every browser has the tables, which would be an eighth of a page's download.
#[cfg(target_arch = "wasm32")]
fn composed(value: &str) -> String {
    js_sys::JsString::from(value).normalize("NFC").into()
}

fn push_value_key(key: &mut String, value: &str) {
    let mut blank = false;
    for character in composed(value.trim()).chars().flat_map(char::to_lowercase) {
        if character.is_whitespace() {
            blank = true;
            continue;
        }
        if blank {
            key.push(' ');
            blank = false;
        }
        // Written as hex pairs, so that a comma in a key always separates two parts.
        match character {
            ',' => key.push_str("\\2c"),
            '+' => key.push_str("\\2b"),
            '\\' => key.push_str("\\5c"),
            _ => key.push(character),
        }
    }
}

fn unescape(value: &str, position: usize) -> Result<String, DnError> {
    if let Some(inner) = value
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
    {
        return Ok(inner.replace("\\\"", "\"").replace("\\\\", "\\"));
    }
    if !value.contains(['\\', '"', '<', '>', ';']) {
        return Ok(value.to_owned());
    }
    let mut bytes = Vec::with_capacity(value.len());
    let mut characters = value.chars().enumerate();
    while let Some((index, character)) = characters.next() {
        let position = position + index;
        match character {
            '\\' => bytes.extend(unescape_one(&mut characters, position)?),
            '"' | ';' | '<' | '>' => {
                return Err(DnError::Unescaped {
                    character,
                    position,
                });
            }
            _ => bytes.extend(character.encode_utf8(&mut [0; 4]).bytes()),
        }
    }
    String::from_utf8(bytes).map_err(|_| DnError::BadEscape { position })
}

fn unescape_one(
    characters: &mut impl Iterator<Item = (usize, char)>,
    position: usize,
) -> Result<Vec<u8>, DnError> {
    let bad = || DnError::BadEscape { position };
    let (_, first) = characters.next().ok_or_else(bad)?;
    let Some(high) = first.to_digit(16) else {
        return Ok(first.to_string().into_bytes());
    };
    let (_, second) = characters.next().ok_or_else(bad)?;
    let low = second.to_digit(16).ok_or_else(bad)?;
    u8::try_from(high * 16 + low)
        .map(|byte| vec![byte])
        .map_err(|_| bad())
}

fn escape(value: &str) -> String {
    let last = value.chars().count().saturating_sub(1);
    let mut escaped = String::with_capacity(value.len());
    for (index, character) in value.chars().enumerate() {
        let outer_blank = character == ' ' && (index == 0 || index == last);
        let special = matches!(character, ',' | '+' | '"' | '\\' | '<' | '>' | ';' | '=');
        if outer_blank || special || (character == '#' && index == 0) {
            escaped.push('\\');
            escaped.push(character);
        } else if character.is_ascii_control() {
            escaped.push_str(&format!("\\{:02x}", u32::from(character)));
        } else {
            escaped.push(character);
        }
    }
    escaped
}

impl PartialEq for Dn {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Dn {}

impl PartialOrd for Dn {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Dn {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key.cmp(&other.key)
    }
}

impl Hash for Dn {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}

impl fmt::Display for Dn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for Dn {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Dn {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Dn::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dn(text: &str) -> Dn {
        Dn::parse(text).unwrap()
    }

    #[test]
    fn spellings_of_one_name_are_equal() {
        for (left, right) in [
            (
                "OU=Sales,DC=contoso,DC=test",
                "ou=sales, dc=Contoso ,dc=TEST",
            ),
            ("CN=Anna  Maria,DC=x", "cn=anna maria,dc=x"),
            (r"CN=a\2Cb,DC=x", r"CN=a\,b,DC=x"),
            ("CN=a+OU=b,DC=x", "ou=B+cn=A,DC=x"),
            (
                r#"OU=R&D\, \"quoted\" \+ more,DC=x"#,
                r"ou=r&d\2c \22quoted\22 \2b MORE,dc=x",
            ),
            (r"CN=S\c3\bcd", "CN=Süd"),
            (r#"CN="Bergmann, Anna",DC=x"#, r"CN=Bergmann\, Anna,DC=x"),
            ("CN=e\u{301}t\u{e9},DC=x", "CN=\u{e9}te\u{301},DC=x"),
        ] {
            assert_eq!(dn(left), dn(right), "{left} and {right}");
        }
    }

    #[test]
    fn a_name_is_under_its_ancestors_only() {
        let user = dn(r"CN=Bergmann\, Anna,OU=Sales,DC=contoso,DC=test");
        assert!(user.is_under(&dn("ou=sales,dc=contoso,dc=test")));
        assert!(user.is_under(&user));
        assert!(!user.is_under(&dn("OU=ales,DC=contoso,DC=test")));
        assert!(!dn(r"CN=x\,OU=Sales,DC=contoso").is_under(&dn("OU=Sales,DC=contoso")));
        assert_eq!(user.parent(), Some(dn("OU=Sales,DC=contoso,DC=test")));
        assert_eq!(user.name(), "Bergmann, Anna");
    }

    #[test]
    fn a_child_name_is_escaped() {
        let child = dn("DC=x").child("CN", " #a,b\\c ").unwrap();
        assert_eq!(child.as_str(), r"CN=\ #a\,b\\c\ ,DC=x");
        assert_eq!(child.name(), " #a,b\\c ");
    }

    #[test]
    fn mistakes_are_named_with_their_place() {
        for (text, message) in [
            ("", "Enter a distinguished name"),
            ("Sales", "\"Sales\" at character 1 has no equals sign"),
            (
                "OU=Sales,contoso",
                "\"contoso\" at character 10 has no equals sign",
            ),
            ("OU=,DC=x", "\"OU\" at character 1 has no value"),
            (
                "O U=a,DC=x",
                "\"O U\" at character 1 is not an attribute type",
            ),
            (r"OU=a\", "The escape at character 5"),
            (r"OU=a\2", "The escape at character 5"),
            ("OU=a<b,DC=x", "The character '<' at position 5"),
        ] {
            let error = Dn::parse(text).unwrap_err().to_string();
            assert!(error.starts_with(message), "{text}: {error}");
        }
    }
}
