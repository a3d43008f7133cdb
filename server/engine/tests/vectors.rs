//! The published and derived cases of the expression language and of scoping filters.

use engine::{
    configuration::scoping_filter,
    expression::vectors::{self, VectorReport},
};

fn assert_all_hold(report: &VectorReport, least: usize) {
    assert_eq!(report.failed, [], "{} cases hold", report.passed);
    assert!(report.passed >= least, "only {} cases ran", report.passed);
}

#[test]
fn every_expression_comes_to_the_value_that_is_expected() {
    let lines = include_str!("vectors/expressions.jsonl").lines();
    assert_all_hold(&vectors::run(lines), 433);
}

#[test]
fn every_scoping_filter_decides_as_is_expected() {
    let lines = include_str!("vectors/scoping-filters.jsonl").lines();
    assert_all_hold(&scoping_filter::vectors::run(lines), 100);
}

/// Directories deliver numbers and truth values as texts.
#[test]
fn scoping_filters_hold_for_values_as_directories_deliver_them() {
    let lines = include_str!("vectors/scoping-filters-as-delivered.jsonl").lines();
    assert_all_hold(&scoping_filter::vectors::run(lines), 25);
}

/// Cases for rules that the others do not reach.
#[test]
fn every_case_of_our_own_holds() {
    let lines = include_str!("vectors/expressions-own.jsonl").lines();
    assert_all_hold(&vectors::run(lines), 124);
}

fn failures(report: &VectorReport) -> Vec<String> {
    let failure = |f: &vectors::Failure| format!("{} {}: {} / {}", f.line, f.id, f.expected, f.got);
    report.failed.iter().map(failure).collect()
}

/// Files come from editors on every system, and from people.
#[test]
fn a_file_of_cases_may_have_marks_blank_lines_and_members_of_its_own() {
    let file = "\u{feff}{\"id\": \"a\", \"expression\": \"[x]\", \"attributes\": {\"x\": 1}, \
                \"expect\": {\"value\": 1}, \"now\": 5, \"status\": null}\r\n\r\n  \t\n\
                {\"id\": \"a\", \"expression\": \"[x]\", \"attributes\": null, \
                \"context\": {\"now\": null, \"existing\": null, \"parameters\": null}, \
                \"expect\": {\"value\": null}, \"note\": null}\r\n";
    assert_all_hold(&vectors::run(file.split('\n')), 2);
    let file = "\u{feff}{\"filter\": {\"groups\": []}, \"in_scope\": true, \"note\": 1}\r\n";
    assert_all_hold(&scoping_filter::vectors::run(file.split('\n')), 1);
}

#[test]
fn a_failure_says_where_it_stands_what_was_expected_and_what_came() {
    let lines = [
        r#"{"id": "a", "expression": "Trim(", "expect": {"value": "x"}}"#,
        r#"{"id": "b", "expression": "Left([x], \"y\")", "attributes": {"x": "z"}, "expect": {"skip": true}}"#,
        r#"{"id": "c", "expression": "Left([x], \"y\")", "attributes": {"x": "z"}, "expect": {"error": true}, "note": "parse error"}"#,
        r#"{"id": "d", "expression": "[x]", "attributes": {"x": ["a", 2]}, "expect": {"matches": "b"}}"#,
        r#"{"id": "e", "expression": "[x]"}"#,
        "[1, 2",
        r#"{"expression": "1", "context": {"now": "soon"}, "expect": {"value": 1}}"#,
        r#"{"id": "g", "expression": "1", "expect": {"value": "1"}}"#,
    ];
    insta::assert_snapshot!(failures(&vectors::run(lines.into_iter())).join("\n"), @r#"
    1 a: "x" / parse error: The expression ends where a value is expected. (character 6)
    2 b: skip / error: Left: The argument numChars "y" is not a whole number. (character 1)
    3 c: a parse error / error: Left: The argument numChars "y" is not a whole number. (character 1)
    4 d: a value that matches b / ["a",2]
    5 e: a test vector / missing field `expect` at column 32
    6 [1, 2: a test vector / invalid type: integer `1`, expected a string at column 2
    7 {"expression": "1", "context": {"now": "soon"}, "expect": {"…: a test vector / now is "soon", and not an instant such as 2026-01-31T12:00:00Z at column 46
    8 g: "1" / 1
    "#);
    let lines = [
        r#"{"id": "a", "filter": {"groups": [[{"attribute": "x", "operator": "IS NULL"}]]}, "in_scope": false}"#,
        r#"{"id": "b", "filter": {"groups": [[{"attribute": "x", "operator": "REGEX MATCH", "value": "("}]]}, "in_scope": false}"#,
        r#"{"id": "c", "filter": {"groups": [[{"attribute": "x", "operator": "PRESENT"}]]}, "in_scope": false}"#,
        r#"{"id": "d", "filter": {"groups": []}}"#,
        r#"{"id": "e", "in_scope": false}"#,
    ];
    insta::assert_snapshot!(failures(&scoping_filter::vectors::run(lines.into_iter())).join("\n"), @"
    1 a: out of scope / in scope
    2 b: out of scope / an error: This group is not closed. (character 1 of the pattern)
    3 c: a test vector / PRESENT is not an operator of scoping filters. at column 76
    4 d: a test vector / missing field `in_scope` at column 37
    5 e: a test vector / missing field `filter` at column 30
    ");
}

#[test]
fn a_report_stays_readable_whatever_an_expression_gives() {
    let line = format!(
        r#"{{"id": "a", "expression": "[x] & [x]", "attributes": {{"x": "{}"}}, "expect": {{"value": 1}}}}"#,
        "é".repeat(100_000)
    );
    let report = vectors::run(std::iter::once(line.as_str()));
    assert_eq!(
        report.failed[0].got.chars().count(),
        vectors::Failure::LONGEST + 1
    );
}
