//! Chooses between two values.

use super::{Function, example, optional, required};
use crate::expression::{
    evaluate::{Arguments, Outcome},
    syntax::Node,
};

pub(super) static FUNCTION: Function = Function::new(
    "IIF",
    "One value when the condition holds, the other when it does not. There is no AND or OR: nest \
     another IIF. The value that is not chosen is not computed.",
    evaluate,
)
.parameters(&[
    required(
        "condition",
        "A comparison with =, <>, <, <=, > or >=, or anything CBool reads.",
    ),
    optional("valueIfTrue", "May be left empty for no value."),
    optional("valueIfFalse", "May be left empty for no value."),
])
.slot_rule(check)
.examples(&[
    example(r#"IIF([department] = "Sales", "yes", "no")"#, "yes"),
    example(
        r#"IIF(InStr([mail], "@partner") > 0, "Guest", "Member")"#,
        "Member",
    ),
]);

/// A branch may be empty, but it has to be there: two slots are a slip more often than a wish.
fn check(slots: &[Option<Node>]) -> Result<(), String> {
    match slots {
        [Some(_), _, _] => Ok(()),
        _ => Err("IIF needs a condition and two values:".to_owned()),
    }
}

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    let chosen = if arguments.condition(0)? { 1 } else { 2 };
    arguments.value(chosen)
}
