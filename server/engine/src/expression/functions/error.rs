//! Fails on purpose.

use super::{Function, example, required};
use crate::expression::evaluate::{Arguments, Outcome};

pub(super) static FUNCTION: Function = Function::new(
    "Error",
    "Stops the export of the object with this message; it is tried again in later cycles. Use it \
     in the branch that must not be reached.",
    evaluate,
)
.parameters(&[required("message", "What the provisioning log says.")])
.examples(&[example(
    r#"IIF(IsPresent([mail]), [mail], Error("mail is required"))"#,
    "zoe.bergmann@contoso.test",
)]);

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    let message = arguments.text_or_empty(0)?;
    arguments.fail(message)
}
