//! Any JSON as a filter, with an object; and any text as a line of test vectors.

#![no_main]

use engine::{
    configuration::{ScopingFilter, scoping_filter},
    directory::Attributes,
    expression::{examples, vectors},
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &str| {
    let report = scoping_filter::vectors::run(input.lines());
    assert!(report.passed + report.failed.len() <= input.lines().count());
    let _ = vectors::run(input.lines());
    let (filter, object) = input.split_once('\n').unwrap_or((input, ""));
    let Ok(filter) = serde_json::from_str::<ScopingFilter>(filter) else {
        return;
    };
    let object = serde_json::from_str::<Attributes>(object).unwrap_or_else(|_| examples::object());
    let good = filter.problems().is_empty();
    match filter.compile() {
        Ok(compiled) => {
            let verdict = compiled.judge(&object);
            assert_eq!(verdict, compiled.judge(&object));
        }
        Err(problem) => assert!(!good, "{problem}"),
    }
});
