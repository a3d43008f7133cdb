//! Published and derived cases of scoping filters, one JSON object a line. The project's own copy
//! is `tests/vectors/scoping-filters.jsonl`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value as Json;

use super::ScopingFilter;
use crate::expression::vectors::{Failure, VectorReport, attributes, unreadable};

#[derive(Deserialize)]
struct Vector {
    id: String,
    filter: ScopingFilter,
    #[serde(default)]
    attributes: BTreeMap<String, Json>,
    in_scope: bool,
}

pub fn run<'a>(lines: impl Iterator<Item = &'a str>) -> VectorReport {
    VectorReport::of(lines, check)
}

fn check(line: &str) -> Result<(), Failure> {
    let vector: Vector = serde_json::from_str(line).map_err(|error| unreadable(line, &error))?;
    let attributes = attributes(&vector.attributes);
    let verdict = vector
        .filter
        .compile()
        .and_then(|filter| filter.judge(&attributes));
    let expected = if vector.in_scope {
        "in scope"
    } else {
        "out of scope"
    };
    let got = match verdict {
        Ok(verdict) if verdict.is_in_scope() => "in scope".to_owned(),
        Ok(_) => "out of scope".to_owned(),
        Err(problem) => problem.to_string(),
    };
    if got == expected {
        return Ok(());
    }
    Err(Failure {
        id: vector.id,
        expected: expected.to_owned(),
        got,
    })
}
