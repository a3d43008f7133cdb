//! Takes the application role of a person.

use super::{Function, example, required};
use crate::expression::{
    evaluate::{Arguments, Outcome},
    roles::Role,
    value::Value,
};

pub(super) static FUNCTION: Function = Function::new(
    "SingleAppRoleAssignment",
    "The one role that a person has in an application. Of several it takes the one with the lowest \
     identifier, so that the answer never depends on their order.",
    evaluate,
)
.parameters(&[required("source", "The attribute [appRoleAssignments].")])
.examples(&[example(
    "SingleAppRoleAssignment([appRoleAssignments])",
    "Approver",
)]);

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    let scalars = arguments.value(0)?.into_scalars();
    let roles = arguments.readable(0, Role::read_all(scalars))?;
    let lowest = roles
        .into_iter()
        .min_by(|left, right| left.id.cmp(&right.id));
    Ok(Value::from(lowest.and_then(Role::into_name)))
}
