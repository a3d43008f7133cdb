//! Takes the first value that is free.

use super::{Function, Placement, example, repeating, required};
use crate::expression::{
    evaluate::{Arguments, Outcome},
    syntax::Node,
};

pub(super) static FUNCTION: Function = Function::new(
    "SelectUniqueValue",
    "The first candidate that no object of the target has, compared without regard to case; an \
     error when all are taken. It can only be a whole expression, for a mapping that applies during \
     creation.",
    evaluate,
)
.parameters(&[
    required("rule1", "The first candidate."),
    repeating("rule2", "Another candidate, used when those before are taken."),
])
.placement(Placement::WholeExpression)
.slot_rule(check)
.examples(&[example(
    r#"SelectUniqueValue("zoe@contoso.test", "z.bergmann@contoso.test")"#,
    "z.bergmann@contoso.test",
)]);

fn check(slots: &[Option<Node>]) -> Result<(), String> {
    if slots.iter().flatten().count() < 2 {
        return Err("SelectUniqueValue needs at least two candidates:".to_owned());
    }
    Ok(())
}

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    let is_taken = arguments.context().is_taken;
    for slot in 0..arguments.count() {
        let candidate = arguments.text_or_empty(slot)?;
        if !candidate.is_empty() && !is_taken(&candidate) {
            return Ok(candidate.into());
        }
    }
    arguments.fail("All candidates are taken or empty.")
}
