//! Published and derived cases of scoping filters, one JSON object a line. The project's own copy
//! is `tests/vectors/scoping-filters.jsonl`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value as Json;

use super::ScopingFilter;
use crate::expression::vectors::{Mismatch, VectorReport, attributes};

/// Members that are not named here say where a case comes from, and are not looked at.
#[derive(Deserialize)]
struct Vector {
    #[serde(default)]
    id: String,
    /// May be null, but not missing.
    #[serde(deserialize_with = "Option::deserialize")]
    filter: Option<ScopingFilter>,
    #[serde(default)]
    attributes: Option<BTreeMap<String, Json>>,
    in_scope: bool,
}

/// Runs every case of a file: one a line, blank lines between them.
pub fn run<'a>(lines: impl Iterator<Item = &'a str>) -> VectorReport {
    VectorReport::of(lines, check)
}

fn check(line: &str) -> Result<(), Mismatch> {
    let vector: Vector =
        serde_json::from_str(line).map_err(|error| Mismatch::unreadable(line, &error))?;
    let (expected, got) = (scope(vector.in_scope), vector.verdict());
    if got == expected {
        return Ok(());
    }
    Err(Mismatch {
        id: vector.id,
        expected: expected.to_owned(),
        got,
    })
}

fn scope(is_in_scope: bool) -> &'static str {
    if is_in_scope {
        "in scope"
    } else {
        "out of scope"
    }
}

impl Vector {
    fn verdict(&self) -> String {
        let attributes = self.attributes.as_ref().map(attributes).unwrap_or_default();
        let filter = self.filter.clone().unwrap_or_default();
        let verdict = filter
            .compile()
            .and_then(|filter| filter.judge(&attributes));
        match verdict {
            Ok(verdict) => scope(verdict.is_in_scope()).to_owned(),
            Err(problem) => format!("an error: {problem}"),
        }
    }
}
