//! How many tests passed and failed, read from what the test programs say at their end.

use std::fmt::{Display, Formatter};
use std::ops::AddAssign;

use anyhow::{Context, Result};
use serde_json::Value;

/// Prints as the line that closes a run: `12 passed, 0 failed`.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl Counts {
    /// The counts in a line such as `test result: ok. 3 passed; 0 failed; 1 ignored; …`.
    pub(crate) fn in_line_of_cargo_test(line: &str) -> Option<Self> {
        let (_, summary) = line.strip_prefix("test result: ")?.split_once(". ")?;
        let count = |unit: &str| {
            summary
                .split("; ")
                .find_map(|part| part.strip_suffix(unit)?.trim().parse().ok())
        };
        Some(Self {
            passed: count("passed")?,
            failed: count("failed")?,
        })
    }

    /// The counts in Playwright's JSON report. A test that passed only at its second try failed.
    pub(crate) fn in_report_of_playwright(report: &str) -> Result<Self> {
        let report: Value = serde_json::from_str(report).context("reading Playwright's report")?;
        let count = |name: &str| {
            report["stats"][name]
                .as_u64()
                .with_context(|| format!("Playwright's report does not say stats.{name}"))
        };
        let errors = report["errors"].as_array().map_or(0, Vec::len) as u64;
        let failed = count("unexpected")? + count("flaky")? + errors;
        Ok(Self {
            passed: count("expected")?,
            failed,
        })
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl Display for Counts {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} passed, {} failed", self.passed, self.failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_of_cargo_test_is_read() {
        let line = "test result: FAILED. 3 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out";
        assert_eq!(
            Counts::in_line_of_cargo_test(line),
            Some(Counts {
                passed: 3,
                failed: 2
            })
        );
    }

    #[test]
    fn other_lines_of_cargo_test_count_nothing() {
        for line in [
            "test tests::three_passed ... ok",
            "running 3 tests",
            "test result: ",
        ] {
            assert_eq!(Counts::in_line_of_cargo_test(line), None, "{line}");
        }
    }

    #[test]
    fn what_playwright_could_not_start_and_what_needed_two_tries_failed() {
        let report = r#"{
            "errors": [{ "message": "the server did not start" }],
            "stats": { "expected": 4, "skipped": 1, "unexpected": 2, "flaky": 1 }
        }"#;
        assert_eq!(
            Counts::in_report_of_playwright(report).unwrap(),
            Counts {
                passed: 4,
                failed: 4
            }
        );
    }

    #[test]
    fn a_report_without_counts_is_an_error() {
        assert!(Counts::in_report_of_playwright("{}").is_err());
    }
}
