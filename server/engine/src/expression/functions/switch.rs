//! Looks a value up in a list of pairs.

use super::{Function, example, optional, repeating, required};
use crate::expression::{
    evaluate::{Arguments, Outcome},
    syntax::Node,
};

pub(super) static FUNCTION: Function = Function::new(
    "Switch",
    "The value of the first key that equals the source, letter by letter; the default when there is \
     none. An absent source equals the key \"\".",
    evaluate,
)
.parameters(&[
    required("source", "The value to look up; True and False are compared as these texts."),
    optional("defaultValue", "Used when no key fits; no value when left empty."),
    repeating("key", "What the source is compared with."),
    repeating("value", "The result for that key."),
])
.slot_rule(check)
.examples(&[
    example(r#"Switch([department], "HQ", "Sales", "Berlin", "IT", "Bonn")"#, "Berlin"),
    example(r#"Switch([accountDisabled], , "True", "0", "False", "1")"#, "0"),
]);

fn check(slots: &[Option<Node>]) -> Result<(), String> {
    if slots.first().is_none_or(Option::is_none) {
        return Err("Switch needs a source:".to_owned());
    }
    if slots.len() < 4 || !slots.len().is_multiple_of(2) {
        return Err(
            "Switch needs a source, a default, which may be empty, and pairs of keys and \
             values:"
                .to_owned(),
        );
    }
    Ok(())
}

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    let source = arguments.text_or_empty(0)?;
    for key in (2..arguments.count()).step_by(2) {
        if arguments.text_or_empty(key)? == source {
            return arguments.value(key + 1);
        }
    }
    arguments.value(1)
}
