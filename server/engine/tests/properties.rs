//! What holds for every text and every expression.

use engine::expression::{
    Evaluated, EvaluationContext, Expression, StepResult, examples, functions,
};
use proptest::prelude::*;

/// Pieces of which expressions are made, and a few that only look like it.
fn soup() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("[sn]".to_owned()),
        Just("\"".to_owned()),
        Just("\\".to_owned()),
        Just("Trim(".to_owned()),
        Just("IIF(".to_owned()),
        "[\\[\\]()%&=<>,\"\\\\ \\-0-9]{1,3}",
        "\\PC{1,2}",
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{escaped}\"")
}

const WORDS: [&str; 11] = [
    "[sn]",
    "[displayName]",
    "[proxyAddresses]",
    "[objectSid]",
    "[employeeId]",
    "[hireDate]",
    "True",
    "NULL",
    "%DomainFQDN%",
    "UTF8",
    "Now()",
];

const TEXTS: [&str; 7] = [
    "d",
    "yyyy",
    "yyyy-MM-dd",
    "(?<n>[a-z]+)",
    "n",
    "(a*)*$",
    "$1",
];

fn leaf() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(&WORDS[..]).prop_map(str::to_owned),
        any::<i64>().prop_map(|number| number.to_string()),
        (-3_i64..40).prop_map(|number| number.to_string()),
        "[a-z@. ]{0,6}".prop_map(|text| quoted(&text)),
        "\\PC{0,6}".prop_map(|text| quoted(&text)),
        prop::sample::select(&TEXTS[..]).prop_map(quoted),
    ]
}

/// Mostly well-formed calls with arguments of any kind, some of them left empty.
fn expression() -> impl Strategy<Value = String> {
    leaf().prop_recursive(5, 48, 6, |inner| {
        let slot = prop_oneof![6 => inner.clone(), 1 => Just(String::new())];
        let function = prop::sample::select(functions::ALL);
        let slots = prop::collection::vec(slot, 4..9);
        let call = (function, slots).prop_map(|(function, slots)| {
            let most = slots.len().min(function.parameters.len().max(1));
            format!("{}({})", function.name, slots[..most].join(", "))
        });
        let operator = prop::sample::select(vec!["&", "=", "<>", "<", ">="]);
        let pair = (inner.clone(), operator, inner)
            .prop_map(|(left, operator, right)| format!("({left} {operator} {right})"));
        prop_oneof![5 => call, 1 => pair]
    })
}

fn assert_prints_what_it_reads(text: &str) {
    let Ok(expression) = Expression::parse(text) else {
        return;
    };
    let printed = expression.to_string();
    let again = Expression::parse(&printed).unwrap_or_else(|error| panic!("{printed}: {error}"));
    assert_eq!(again.to_string(), printed);
    assert_eq!(again.attributes(), expression.attributes());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        assert_prints_what_it_reads(&text);
    }

    #[test]
    fn anything_like_an_expression_is_read_or_refused(text in soup()) {
        assert_prints_what_it_reads(&text);
    }

    #[test]
    fn the_canonical_form_is_read_as_the_same_expression(text in expression()) {
        assert_prints_what_it_reads(&text);
    }

    #[test]
    fn the_error_lies_within_the_text(text in soup()) {
        if let Err(error) = Expression::parse(&text) {
            prop_assert!((1..=text.chars().count() + 1).contains(&error.position), "{error}");
        }
    }

    #[test]
    fn every_expression_has_a_value_or_an_error_and_the_trace_agrees(text in expression()) {
        let Ok(expression) = Expression::parse(&text) else {
            return Ok(());
        };
        let object = examples::object();
        let context = EvaluationContext::at(examples::NOW);
        let evaluated = expression.evaluate(&object, &context);
        let trace = expression.trace(&object, &context);
        match (evaluated, &trace.steps[0].result) {
            (Ok(Evaluated::Values(values)), StepResult::Values(traced)) => {
                prop_assert_eq!(&values, traced);
            }
            (Ok(Evaluated::Skip), StepResult::Skip) => {}
            (Err(_), StepResult::Error(_) | StepResult::NotEvaluated) => {
                let is_error = |step: &engine::expression::Step| {
                    matches!(step.result, StepResult::Error(_))
                };
                prop_assert!(trace.steps.iter().any(is_error));
            }
            (evaluated, traced) => prop_assert!(false, "{evaluated:?} {traced:?}"),
        }
    }
}
