//! Whatever an administrator writes, an expression costs a bounded amount of time, memory and
//! stack.

use engine::expression::{Evaluated, EvaluationContext, EvaluationError, Expression, examples};

fn evaluate(text: &str) -> Result<Evaluated, EvaluationError> {
    let expression = Expression::parse(text).expect("the expression is well-formed");
    expression.evaluate(&examples::object(), &EvaluationContext::at(examples::NOW))
}

/// `before` so many times, the middle, `behind` so many times.
fn nested(before: &str, middle: &str, behind: &str, times: usize) -> String {
    [
        before.repeat(times),
        middle.to_owned(),
        behind.repeat(times),
    ]
    .concat()
}

/// The deepest that is allowed, in each way of nesting.
fn deepest_expressions() -> Vec<String> {
    const DEEPEST: usize = 127;
    vec![
        nested("(", "[sn]", ")", DEEPEST),
        nested("Trim(", "[sn]", ")", DEEPEST),
        nested("Replace(", "[sn]", ", \"x\", , , \"y\")", DEEPEST),
        nested("Replace(", "[sn]", ", , \"x\", , \"y\")", DEEPEST),
        nested("IIF([sn] = \"x\", 1, ", "[sn]", ")", DEEPEST),
        nested("Join(\"\", ", "[sn]", ")", DEEPEST),
        nested("Switch(", "[sn]", ", 1, 2, 3)", DEEPEST),
        nested("(\"a\" & ", "[sn]", ")", DEEPEST),
        nested("(1 = ", "[sn]", ")", DEEPEST),
        nested(
            "FormatDateTime(",
            "\"2026-01-01\"",
            ", \"yyyy-MM-dd\", \"yyyy-MM-dd\")",
            DEEPEST,
        ),
    ]
}

/// A browser gives WebAssembly one megabyte; code without optimisation needs the most.
#[test]
fn the_deepest_expressions_fit_into_the_stack_of_a_browser() {
    const STACK: usize = 1024 * 1024;
    let work = || {
        for text in deepest_expressions() {
            let expression = Expression::parse(&text).unwrap();
            let context = EvaluationContext::at(examples::NOW);
            expression.evaluate(&examples::object(), &context).unwrap();
            assert!(
                !expression
                    .trace(&examples::object(), &context)
                    .steps
                    .is_empty()
            );
            assert!(!expression.to_string().is_empty());
            assert_eq!(
                expression.attributes().len(),
                usize::from(text.contains("[sn]"))
            );
        }
    };
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(work);
    thread.unwrap().join().unwrap();
}

#[test]
fn deeper_expressions_are_refused() {
    for (before, behind) in [("(", ")"), ("Trim(", ")"), ("IIF(1,2,", ")")] {
        let error = Expression::parse(&nested(before, "1", behind, 300)).unwrap_err();
        assert!(error.message.contains("levels deep"), "{error}");
    }
    let brackets = nested("[", "a", "]", 4000);
    assert!(Expression::parse(&brackets).is_ok());
}

/// A second evaluation would draw another identifier, and nested calls would double their work at
/// every level.
#[test]
fn every_argument_is_evaluated_once() {
    let guid = evaluate("Guid()").unwrap();
    for (before, behind) in [
        ("Trim(", ")"),
        ("Left(", ", 99)"),
        ("PCase(ToUpper(", "), \"\")"),
        ("Replace(", ", \"x\", , , \"y\")"),
        ("Replace(", ", , \"x\", , \"y\")"),
        ("Replace(", ", , \"(?<g>x)\", \"g\", \"y\")"),
        ("Replace(", ", , \"(?<g>x)\", \"g\", , [mail])"),
        ("Replace(\"x\", \"x\", , , , , ", ")"),
        ("Coalesce([employeeId], ", ")"),
        ("IIF([sn] = \"x\", 1, ", ")"),
        ("Switch([sn], ", ", 1, 2)"),
        ("IgnoreFlowIfNullOrEmpty(", ")"),
        ("Item(Split(", ", \",\"), 1)"),
        ("RemoveDuplicates(", ")"),
    ] {
        assert_eq!(
            evaluate(&nested(before, "Guid()", behind, 60)).as_ref(),
            Ok(&guid),
            "{before}"
        );
    }
}

#[test]
fn results_that_grow_with_every_level_are_given_up() {
    let tenfold = nested("Replace(", "\"a\"", ", \"a\", , , \"aaaaaaaaaa\")", 100);
    let by_pattern = nested(
        "Replace(",
        "\"a\"",
        ", , \"a\", , \"$0$0$0$0$0$0$0$0$0\")",
        100,
    );
    let twice = nested("Replace(\"xx\", \"x\", , , ", "\"abcdefgh\"", ")", 100);
    let around = nested("Replace(", "\"a\"", ", , \"a\", , \"$_$_$_$_$_$_$_\")", 100);
    for text in [tenfold, by_pattern, twice, around] {
        let error = evaluate(&text).unwrap_err();
        assert!(error.message.contains("too much time or memory"), "{error}");
    }
}

#[test]
fn patterns_that_go_back_without_end_are_given_up() {
    let text = "a".repeat(5_000) + "!";
    for pattern in ["(a+)+$", "(?=(a|a)*b)", "((a?){50}){50}b"] {
        let expression = format!("Replace(\"{text}\", , \"{pattern}\", , \"\")");
        let error = evaluate(&expression).unwrap_err();
        assert!(error.message.contains("too much"), "{pattern}: {error}");
    }
}

#[test]
fn patterns_that_repeat_repetitions_are_refused() {
    let check = |pattern: &str, expected: &str| {
        let error = Expression::parse(&format!("Replace([sn], , \"{pattern}\", , \"\")"));
        let message = error.unwrap_err().message;
        assert!(message.contains(expected), "{message}");
    };
    check("((a{1000}){1000}){1000}", "too large");
    check(&nested("(", "a", ")", 1_000), "groups deep");
}

/// Patterns whose parts write nothing, nothing that stays, or the same again at every level.
#[test]
fn a_short_pattern_does_not_grow_with_every_level() {
    let empty = nested("(?:", "", "){999}", 6);
    let dropped = nested("(?(?=", "a", ")b|c){0}", 60);
    let conditions = nested("(?(", "a", ")b|c)", 60);
    let looks = nested("(?(?=", "a", ")b|c)", 60);
    for pattern in [empty, dropped, conditions, looks] {
        let text = format!("Replace([sn], , \"{pattern}\", , \"\", , )");
        let message = match Expression::parse(&text) {
            Ok(_) => evaluate(&text).unwrap_err().message,
            Err(error) => error.message,
        };
        assert!(message.contains("too large"), "{pattern}: {message}");
    }
}
