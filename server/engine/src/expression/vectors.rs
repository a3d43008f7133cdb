//! Published and derived cases: one JSON object a line, each an expression with an object and
//! the value that is expected. The project's own copy is `tests/vectors/expressions.jsonl`; the
//! command line runs any other file through the same code.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value as Json;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::{
    Evaluated, EvaluationContext, Expression, allowance::Allowance, pattern::Pattern, value::quoted,
};
use crate::directory::{AttributeName, AttributeValue, Attributes};

/// How many cases hold, and what happened in the others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VectorReport {
    pub passed: usize,
    pub failed: Vec<Failure>,
}

/// A case that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Counts from 1, because ids may be missing or given twice.
    pub line: usize,
    pub id: String,
    pub expected: String,
    /// Not longer than [`Failure::LONGEST`] characters.
    pub got: String,
}

impl Failure {
    /// An expression may give megabytes; nobody reads them in a report.
    pub const LONGEST: usize = 2_000;
}

/// How a case went that does not hold, before its line is known.
pub(crate) struct Mismatch {
    pub(crate) id: String,
    pub(crate) expected: String,
    pub(crate) got: String,
}

impl VectorReport {
    /// Runs `check` on every line that is not blank.
    pub(crate) fn of<'a>(
        lines: impl Iterator<Item = &'a str>,
        check: impl Fn(&str) -> Result<(), Mismatch>,
    ) -> Self {
        let mut report = Self::default();
        for (line, text) in (1..).zip(lines) {
            // Some editors begin a file with a mark of its encoding.
            let text = text.trim_start_matches('\u{feff}').trim();
            if text.is_empty() {
                continue;
            }
            match check(text) {
                Ok(()) => report.passed += 1,
                Err(mismatch) => report.failed.push(mismatch.at(line)),
            }
        }
        report
    }
}

impl Mismatch {
    /// A line that is no case at all.
    pub(crate) fn unreadable(line: &str, error: &serde_json::Error) -> Self {
        let id = serde_json::from_str::<Json>(line)
            .ok()
            .and_then(|json| Some(json.get("id")?.as_str()?.to_owned()));
        Self {
            id: id.unwrap_or_else(|| shortened(line, 60)),
            expected: "a test vector".to_owned(),
            // The report tells the line of the file.
            got: error
                .to_string()
                .replace(" at line 1 column ", " at column "),
        }
    }

    fn at(self, line: usize) -> Failure {
        Failure {
            line,
            id: self.id,
            expected: shortened(&self.expected, Failure::LONGEST),
            got: shortened(&self.got, Failure::LONGEST),
        }
    }
}

fn shortened(text: &str, characters: usize) -> String {
    match text.char_indices().nth(characters) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Members that are not named here say where a case comes from, and are not looked at.
#[derive(Deserialize)]
struct Vector {
    #[serde(default)]
    id: String,
    expression: String,
    #[serde(default)]
    attributes: Option<BTreeMap<String, Json>>,
    #[serde(default)]
    context: Option<Context>,
    expect: Expectation,
    #[serde(default)]
    note: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Context {
    #[serde(deserialize_with = "instant")]
    now: Option<OffsetDateTime>,
    parameters: Option<BTreeMap<String, String>>,
    existing: Option<Vec<String>>,
    default_domain: Option<String>,
}

fn instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<OffsetDateTime>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    let parse = |text: String| {
        OffsetDateTime::parse(&text, &Rfc3339).map_err(|_| {
            serde::de::Error::custom(format!(
                "now is {}, and not an instant such as 2026-01-31T12:00:00Z",
                quoted(&text)
            ))
        })
    };
    text.map(parse).transpose()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum Expectation {
    Value(Json),
    Error(bool),
    Skip(bool),
    /// A pattern for the whole value.
    Matches(String),
}

impl std::fmt::Display for Expectation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Value(value) => write!(f, "{value}"),
            Self::Error(_) => f.write_str("an error"),
            Self::Skip(_) => f.write_str("skip"),
            Self::Matches(pattern) => write!(f, "a value that matches {pattern}"),
        }
    }
}

/// What came of a case.
enum Got {
    Values(Vec<AttributeValue>),
    Skip,
    ParseError(String),
    Error(String),
}

/// Runs every case of a file: one a line, blank lines between them.
pub fn run<'a>(lines: impl Iterator<Item = &'a str>) -> VectorReport {
    VectorReport::of(lines, check)
}

fn check(line: &str) -> Result<(), Mismatch> {
    let vector: Vector =
        serde_json::from_str(line).map_err(|error| Mismatch::unreadable(line, &error))?;
    let got = vector.evaluate();
    if vector.accepts(&got) {
        return Ok(());
    }
    let expected = if vector.expects_parse_error() {
        "a parse error".to_owned()
    } else {
        vector.expect.to_string()
    };
    Err(Mismatch {
        expected,
        got: got.to_string(),
        id: vector.id,
    })
}

impl Vector {
    fn evaluate(&self) -> Got {
        let expression = match Expression::parse(&self.expression) {
            Ok(expression) => expression,
            Err(error) => return Got::ParseError(error.to_string()),
        };
        let given = self.context.as_ref();
        let taken: Vec<String> = given
            .and_then(|context| context.existing.as_ref())
            .into_iter()
            .flatten()
            .map(|value| value.to_lowercase())
            .collect();
        let is_taken = |value: &str| taken.contains(&value.to_lowercase());
        let now = given.and_then(|context| context.now);
        let mut context = EvaluationContext {
            is_taken: &is_taken,
            ..EvaluationContext::at(now.unwrap_or(super::examples::NOW))
        };
        if let Some(given) = given {
            context.default_domain = given.default_domain.as_deref();
            context.parameters = given.parameters.as_ref().unwrap_or(context.parameters);
        }
        let object = self.attributes.as_ref().map(attributes);
        match expression.evaluate(&object.unwrap_or_default(), &context) {
            Ok(Evaluated::Values(values)) => Got::Values(values),
            Ok(Evaluated::Skip) => Got::Skip,
            Err(error) => Got::Error(error.to_string()),
        }
    }

    fn expects_parse_error(&self) -> bool {
        let note = self.note.as_deref().unwrap_or_default();
        matches!(self.expect, Expectation::Error(true)) && note.starts_with("parse error")
    }

    fn accepts(&self, got: &Got) -> bool {
        match (&self.expect, got) {
            (Expectation::Value(expected), Got::Values(values)) => same(expected, values),
            (Expectation::Skip(true), Got::Skip)
            | (Expectation::Error(true), Got::ParseError(_)) => true,
            (Expectation::Error(true), Got::Error(_)) => !self.expects_parse_error(),
            (Expectation::Matches(pattern), Got::Values(values)) => match values.as_slice() {
                [value] => matches(pattern, &value.to_string()),
                _ => false,
            },
            _ => false,
        }
    }
}

impl std::fmt::Display for Got {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Values(values) => match values.as_slice() {
                [] => f.write_str("null"),
                [value] => write_json(value, f),
                values => write_json(values, f),
            },
            Self::Skip => f.write_str("skip"),
            Self::ParseError(message) => write!(f, "parse error: {message}"),
            Self::Error(message) => write!(f, "error: {message}"),
        }
    }
}

fn write_json(value: impl Serialize, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
    let text = serde_json::to_string(&value).map_err(|_| std::fmt::Error)?;
    f.write_str(&text)
}

fn matches(pattern: &str, text: &str) -> bool {
    let allowance = Allowance::new();
    let whole = Pattern::parse(&format!(r"\A(?:{pattern})\z"));
    whole.is_ok_and(|whole| whole.is_match(text, &allowance) == Ok(true))
}

/// Attributes as a source would hand them over. A structured value is its JSON text.
pub(crate) fn attributes(json: &BTreeMap<String, Json>) -> Attributes {
    json.iter()
        .map(|(name, value)| (AttributeName::from(name.as_str()), values(value)))
        .collect()
}

fn values(json: &Json) -> Vec<AttributeValue> {
    match json {
        Json::Null => Vec::new(),
        Json::Array(elements) => elements.iter().flat_map(values).collect(),
        Json::Object(_) => vec![
            serde_json::from_value(json.clone())
                .unwrap_or_else(|_| AttributeValue::Text(json.to_string())),
        ],
        // A fraction, which no attribute has, is its text.
        Json::Bool(_) | Json::Number(_) | Json::String(_) => vec![
            serde_json::from_value(json.clone())
                .unwrap_or_else(|_| AttributeValue::Text(json.to_string())),
        ],
    }
}

/// A structured value is expected as JSON and comes as its text.
fn same(expected: &Json, got: &[AttributeValue]) -> bool {
    let elements = match expected {
        Json::Array(elements) => elements.as_slice(),
        Json::Null => &[],
        one => std::slice::from_ref(one),
    };
    let is_same = |(expected, got): (&Json, &AttributeValue)| match got {
        AttributeValue::Text(text) if expected.is_object() => {
            serde_json::from_str::<Json>(text).is_ok_and(|got| got == *expected)
        }
        _ => values(expected) == [got.clone()],
    };
    elements.len() == got.len() && elements.iter().zip(got).all(is_same)
}
