//! Makes the role list of a SCIM request that replaces the old one.

use super::{Function, app_role_assignments_complex::complex, example, required};
use crate::expression::{
    evaluate::{Arguments, Outcome},
    roles::DisplayMember,
};

pub(super) static FUNCTION: Function = Function::new(
    "AssertiveAppRoleAssignmentsComplex",
    "Like AppRoleAssignmentsComplex, for requests that replace the list: roles that were taken \
     away leave the target too.",
    evaluate,
)
.parameters(&[required("source", "The attribute [appRoleAssignments].")])
.examples(&[example(
    "Item(AssertiveAppRoleAssignmentsComplex([appRoleAssignments]), 2)",
    r#"{"primary":false,"type":"WindowsAzureActiveDirectoryRole","display":"Reads orders","value":"Reader"}"#,
)]);

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    complex(arguments, DisplayMember::Display)
}
