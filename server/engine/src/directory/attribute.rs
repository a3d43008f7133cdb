//! Attribute names, values, and the set of them that an object carries.

use std::{
    cmp::Ordering,
    collections::BTreeMap,
    fmt,
    hash::{Hash, Hasher},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// An attribute's name. `mail` and `Mail` are the same attribute (RFC 4512, 2.5); the spelling
/// that was given first is kept for display.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AttributeName(String);

impl AttributeName {
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn folded(&self) -> impl Iterator<Item = u8> + '_ {
        self.0.bytes().map(|byte| byte.to_ascii_lowercase())
    }
}

impl From<&str> for AttributeName {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl fmt::Display for AttributeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl PartialEq for AttributeName {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for AttributeName {}

impl PartialOrd for AttributeName {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for AttributeName {
    fn cmp(&self, other: &Self) -> Ordering {
        self.folded().cmp(other.folded())
    }
}

impl Hash for AttributeName {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.folded().for_each(|byte| state.write_u8(byte));
    }
}

/// One value of an attribute.
///
/// As JSON: text, number, `true`/`false`, and `{"$bin": "<base64>"}` for bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AttributeValue {
    Text(String),
    Integer(i64),
    Boolean(bool),
    Binary(Vec<u8>),
}

impl AttributeValue {
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Integer(_) | Self::Boolean(_) | Self::Binary(_) => None,
        }
    }
}

impl From<&str> for AttributeValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for AttributeValue {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for AttributeValue {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<i64> for AttributeValue {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

/// As people read it; bytes as base64.
impl fmt::Display for AttributeValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Integer(number) => number.fmt(f),
            Self::Boolean(true) => f.write_str("True"),
            Self::Boolean(false) => f.write_str("False"),
            Self::Binary(bytes) => f.write_str(&BASE64_STANDARD.encode(bytes)),
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Binary {
    #[serde(rename = "$bin")]
    base64: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum ValueForm {
    Text(String),
    Integer(i64),
    Boolean(bool),
    Binary(Binary),
}

impl Serialize for AttributeValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Integer(number) => serializer.serialize_i64(*number),
            Self::Boolean(value) => serializer.serialize_bool(*value),
            Self::Binary(bytes) => Binary {
                base64: BASE64_STANDARD.encode(bytes),
            }
            .serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for AttributeValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match ValueForm::deserialize(deserializer)? {
            ValueForm::Text(text) => Self::Text(text),
            ValueForm::Integer(number) => Self::Integer(number),
            ValueForm::Boolean(value) => Self::Boolean(value),
            ValueForm::Binary(binary) => Self::Binary(
                BASE64_STANDARD
                    .decode(&binary.base64)
                    .map_err(de::Error::custom)?,
            ),
        })
    }
}

/// The values of one attribute, in the directory's order. An attribute without values is absent,
/// and so is never stored in [`Attributes`]. As JSON a single value stands bare.
pub type Values = Vec<AttributeValue>;

/// All attributes of an object, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attributes(BTreeMap<AttributeName, Values>);

impl Attributes {
    pub fn new() -> Self {
        Self::default()
    }

    /// Replaces the attribute's values; no values removes the attribute.
    pub fn set(&mut self, name: impl Into<AttributeName>, values: Values) {
        let name = name.into();
        if values.is_empty() {
            self.0.remove(&name);
        } else {
            self.0.insert(name, values);
        }
    }

    /// Chains for tests and seeds: `Attributes::new().with("mail", "a@b.test")`.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<AttributeValue>) -> Self {
        self.set(name, vec![value.into()]);
        self
    }

    pub fn remove(&mut self, name: &AttributeName) -> Option<Values> {
        self.0.remove(name)
    }

    /// All values; empty when the attribute is absent.
    pub fn get(&self, name: &AttributeName) -> &[AttributeValue] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// All values, by a literal name.
    pub fn values(&self, name: &str) -> &[AttributeValue] {
        self.get(&AttributeName::from(name))
    }

    /// The first value where it is text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.values(name).first().and_then(AttributeValue::as_text)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&AttributeName, &Values)> {
        self.0.iter()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }
}

impl FromIterator<(AttributeName, Values)> for Attributes {
    fn from_iter<I: IntoIterator<Item = (AttributeName, Values)>>(pairs: I) -> Self {
        let mut attributes = Self::new();
        for (name, values) in pairs {
            attributes.set(name, values);
        }
        attributes
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum ValuesForm {
    One(AttributeValue),
    Many(Values),
    Null(()),
}

#[derive(Serialize)]
#[serde(untagged)]
enum ValuesOut<'a> {
    One(&'a AttributeValue),
    Many(&'a [AttributeValue]),
}

impl Serialize for Attributes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, values)| match values.as_slice() {
            [one] => (name, ValuesOut::One(one)),
            many => (name, ValuesOut::Many(many)),
        }))
    }
}

impl<'de> Deserialize<'de> for Attributes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored = BTreeMap::<AttributeName, ValuesForm>::deserialize(deserializer)?;
        Ok(stored
            .into_iter()
            .map(|(name, form)| match form {
                ValuesForm::One(value) => (name, vec![value]),
                ValuesForm::Many(values) => (name, values),
                ValuesForm::Null(()) => (name, Vec::new()),
            })
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_ignore_case_and_keep_their_spelling() {
        let attributes = Attributes::new().with("displayName", "Anna");
        assert_eq!(attributes.text("DISPLAYNAME"), Some("Anna"));
        assert_eq!(attributes.iter().next().unwrap().0.as_str(), "displayName");
    }

    #[test]
    fn attributes_survive_their_json() {
        let mut attributes = Attributes::new()
            .with("a", "x")
            .with("b", true)
            .with("n", -5);
        attributes.set("many", vec!["1".into(), "2".into()]);
        attributes.set("bytes", vec![AttributeValue::Binary(vec![0, 255])]);
        let json = serde_json::to_string(&attributes).unwrap();
        assert_eq!(
            json,
            r#"{"a":"x","b":true,"bytes":{"$bin":"AP8="},"many":["1","2"],"n":-5}"#
        );
        assert_eq!(
            serde_json::from_str::<Attributes>(&json).unwrap(),
            attributes
        );
    }
}
