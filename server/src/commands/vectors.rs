//! `cloud-sync expression test` and `cloud-sync scope test`: runs a file of test vectors.
//!
//! Nothing but the file is opened: no database, no data folder.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use engine::configuration::scoping_filter;
use engine::expression::vectors::{self, VectorReport};

use super::read_text;

/// The largest file that is read. The published vectors take a third of a megabyte.
const LARGEST: u64 = 256 * 1024 * 1024;

/// What the vectors are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VectorKind {
    Expressions,
    ScopingFilters,
}

/// Runs the file's vectors and tells how they went.
pub fn test(kind: VectorKind, file: &Path) -> ExitCode {
    let text = match read_text(file, LARGEST) {
        Ok(text) => text,
        Err(error) => {
            eprintln!("{} cannot be read: {error}", file.display());
            return ExitCode::from(2);
        }
    };
    let report = run(kind, &text);
    // Nobody is left to be told when the output was closed, as `head` does it.
    let _ = print(&report, &mut io::stdout().lock());
    if report.failed.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn run(kind: VectorKind, text: &str) -> VectorReport {
    let lines = text.split('\n');
    match kind {
        VectorKind::Expressions => vectors::run(lines),
        VectorKind::ScopingFilters => scoping_filter::vectors::run(lines),
    }
}

/// Each failure as a short block, and how many passed and failed.
fn print(report: &VectorReport, output: &mut impl Write) -> io::Result<()> {
    for failure in &report.failed {
        writeln!(output, "FAILED line {}: {}", failure.line, failure.id)?;
        writeln!(output, "  expected: {}", failure.expected)?;
        writeln!(output, "  got:      {}", failure.got)?;
    }
    let (passed, failed) = (report.passed, report.failed.len());
    writeln!(output, "{passed} passed, {failed} failed")?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(kind: VectorKind, text: &str) -> String {
        let mut output = Vec::new();
        print(&run(kind, text), &mut output).unwrap();
        String::from_utf8(output).unwrap()
    }

    #[test]
    fn each_failure_is_told_before_the_counts() {
        let file = concat!(
            r#"{"id": "good", "expression": "Trim([x])", "attributes": {"x": " a"}, "expect": {"value": "a"}}"#,
            "\n",
            r#"{"id": "bad", "expression": "Trim([x]", "attributes": {}, "expect": {"value": "b"}}"#,
            "\r\n",
        );
        insta::assert_snapshot!(printed(VectorKind::Expressions, file), @r#"
        FAILED line 2: bad
          expected: "b"
          got:      parse error: The expression ends where a comma or a closing parenthesis is expected. (character 9)
        1 passed, 1 failed
        "#);
        let file = r#"{"id": "s", "filter": {"groups": []}, "in_scope": true}"#;
        assert_eq!(
            printed(VectorKind::ScopingFilters, file),
            "1 passed, 0 failed\n"
        );
    }
}
