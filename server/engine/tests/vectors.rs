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

/// Cases for rules that the others do not reach.
#[test]
fn every_case_of_our_own_holds() {
    let lines = include_str!("vectors/expressions-own.jsonl").lines();
    assert_all_hold(&vectors::run(lines), 124);
}
