//! Any text: parsed, printed, evaluated and traced. What prints must parse to the same again.

#![no_main]

use engine::{
    directory::Attributes,
    expression::{EvaluationContext, Expression, examples},
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &str| {
    // The second line is the value of an attribute, so that texts and patterns meet.
    let (text, value) = input.split_once('\n').unwrap_or((input, ""));
    let Ok(expression) = Expression::parse(text) else {
        return;
    };
    let printed = expression.to_string();
    if printed.chars().count() <= Expression::MAX_CHARACTERS {
        let again = Expression::parse(&printed).expect("what is printed can be read");
        assert_eq!(again.to_string(), printed);
    }
    let _ = (expression.warnings(), expression.parameters());
    let mut object: Attributes = examples::object();
    object.set("x", vec![value.into()]);
    object.set("many", value.split(' ').map(Into::into).collect());
    let context = EvaluationContext::at(examples::NOW);
    let value = expression.evaluate(&object, &context);
    let trace = expression.trace(&object, &context);
    assert!(!trace.steps.is_empty());
    assert_eq!(value, expression.evaluate(&object, &context));
});
