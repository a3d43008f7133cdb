//! Makes the role list of a SCIM request.

use super::{Function, example, required};
use crate::expression::{
    evaluate::{Arguments, Outcome},
    roles::{DisplayMember, Role},
    value::Value,
};

pub(super) static FUNCTION: Function = Function::new(
    "AppRoleAssignmentsComplex",
    "The roles that a person has in an application, as the members of a SCIM request, each a JSON \
     text. Roles that were taken away stay in the target. For targets that are applications.",
    evaluate,
)
.parameters(&[required("source", "The attribute [appRoleAssignments].")])
.examples(&[example(
    "Item(AppRoleAssignmentsComplex([appRoleAssignments]), 2)",
    r#"{"primary":false,"type":"WindowsAzureActiveDirectoryRole","displayName":"Reads orders","value":"Reader"}"#,
)]);

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    complex(arguments, DisplayMember::DisplayName)
}

pub(super) fn complex(
    arguments: &mut Arguments<'_, '_, '_>,
    display_member: DisplayMember,
) -> Outcome {
    let scalars = arguments.value(0)?.into_scalars();
    let roles = arguments.readable(0, Role::read_all(scalars))?;
    let members = roles.into_iter().map(|role| role.into_scim(display_member));
    Ok(Value::of(members.map(Into::into).collect()))
}
