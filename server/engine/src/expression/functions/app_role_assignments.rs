//! Lists the application roles of a person.

use super::{Function, example, required};
use crate::expression::{
    evaluate::{Arguments, Outcome},
    roles::Role,
    value::{Scalar, Value},
};

pub(super) static FUNCTION: Function = Function::new(
    "AppRoleAssignments",
    "The values of the roles that a person has in an application; the display name of a role \
     without a value. For targets that are applications.",
    evaluate,
)
.parameters(&[required("source", "The attribute [appRoleAssignments].")])
.examples(&[example(
    "AppRoleAssignments([appRoleAssignments])",
    "Approver · Reader",
)]);

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    let scalars = arguments.value(0)?.into_scalars();
    let roles = arguments.readable(0, Role::read_all(scalars))?;
    let names = roles.into_iter().filter_map(Role::into_name);
    Ok(Value::of(names.map(Scalar::from).collect()))
}
