//! Published and derived cases: one JSON object a line, each an expression with an object and
//! the value that is expected. The project's own copy is `tests/vectors/expressions.jsonl`; the
//! command line runs any other file through the same code.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::{Evaluated, EvaluationContext, Expression, allowance::Allowance, pattern::Pattern};
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
    pub id: String,
    pub expected: String,
    pub got: String,
}

impl VectorReport {
    /// Runs `check` on every line that is not blank.
    pub(crate) fn of<'a>(
        lines: impl Iterator<Item = &'a str>,
        check: impl Fn(&str) -> Result<(), Failure>,
    ) -> Self {
        let mut report = Self::default();
        for line in lines.filter(|line| !line.trim().is_empty()) {
            match check(line) {
                Ok(()) => report.passed += 1,
                Err(failure) => report.failed.push(failure),
            }
        }
        report
    }
}

#[derive(Deserialize)]
struct Vector {
    id: String,
    expression: String,
    #[serde(default)]
    attributes: BTreeMap<String, Json>,
    #[serde(default)]
    context: Context,
    expect: Expectation,
    #[serde(default)]
    note: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Context {
    now: Option<String>,
    parameters: BTreeMap<String, String>,
    existing: Vec<String>,
    default_domain: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Expectation {
    Value(Json),
    Error(bool),
    Skip(bool),
    /// A pattern for the whole value.
    Matches(String),
}

/// What came of a case.
enum Got {
    Values(Vec<AttributeValue>),
    Skip,
    ParseError(String),
    Error(String),
}

pub fn run<'a>(lines: impl Iterator<Item = &'a str>) -> VectorReport {
    VectorReport::of(lines, check)
}

fn check(line: &str) -> Result<(), Failure> {
    let vector: Vector = serde_json::from_str(line).map_err(|error| unreadable(line, &error))?;
    let got = vector.evaluate();
    if vector.accepts(&got) {
        return Ok(());
    }
    Err(Failure {
        expected: format!("{:?}", vector.expect),
        got: got.to_string(),
        id: vector.id,
    })
}

/// A line that is no case at all.
pub(crate) fn unreadable(line: &str, error: &serde_json::Error) -> Failure {
    Failure {
        id: line.chars().take(60).collect(),
        expected: "a test vector".to_owned(),
        got: error.to_string(),
    }
}

impl Vector {
    fn evaluate(&self) -> Got {
        let expression = match Expression::parse(&self.expression) {
            Ok(expression) => expression,
            Err(error) => return Got::ParseError(error.to_string()),
        };
        let taken: Vec<String> = self
            .context
            .existing
            .iter()
            .map(|v| v.to_lowercase())
            .collect();
        let context = EvaluationContext {
            parameters: &self.context.parameters,
            default_domain: self.context.default_domain.as_deref(),
            is_taken: &|value| taken.contains(&value.to_lowercase()),
            ..EvaluationContext::at(self.now())
        };
        match expression.evaluate(&attributes(&self.attributes), &context) {
            Ok(Evaluated::Values(values)) => Got::Values(values),
            Ok(Evaluated::Skip) => Got::Skip,
            Err(error) => Got::Error(error.to_string()),
        }
    }

    fn now(&self) -> OffsetDateTime {
        let now = self.context.now.as_deref();
        now.and_then(|text| OffsetDateTime::parse(text, &Rfc3339).ok())
            .unwrap_or(super::examples::NOW)
    }

    fn accepts(&self, got: &Got) -> bool {
        match (&self.expect, got) {
            (Expectation::Value(expected), Got::Values(values)) => same(expected, values),
            (Expectation::Skip(true), Got::Skip)
            | (Expectation::Error(true), Got::ParseError(_)) => true,
            (Expectation::Error(true), Got::Error(_)) => !self.note.starts_with("parse error"),
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
            Self::Values(values) => write!(f, "{values:?}"),
            Self::Skip => f.write_str("skip"),
            Self::ParseError(message) => write!(f, "parse error: {message}"),
            Self::Error(message) => write!(f, "error: {message}"),
        }
    }
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
        Json::Bool(_) | Json::Number(_) | Json::String(_) => {
            serde_json::from_value(json.clone()).into_iter().collect()
        }
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
