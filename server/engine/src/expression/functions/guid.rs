//! Makes an identifier.

use super::{Function, example};
use crate::expression::evaluate::{Arguments, Outcome};

pub(super) static FUNCTION: Function = Function::new(
    "Guid",
    "A new random identifier (GUID) in small letters, another one at each call.",
    evaluate,
)
.examples(&[example(
    r#"Replace(Guid(), , "[0-9a-f]+", , "…", , )"#,
    "…-…-…-…-…",
)]);

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    let bytes = arguments.random().bytes();
    let guid = uuid::Builder::from_random_bytes(bytes).into_uuid();
    Ok(guid.hyphenated().to_string().into())
}
