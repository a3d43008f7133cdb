//! Encodes a value as base64.

use base64::{Engine, prelude::BASE64_STANDARD};

use super::{Function, example, required};
use crate::expression::{
    evaluate::{Arguments, Outcome},
    value::{Scalar, Value},
};

pub(super) static FUNCTION: Function = Function::new(
    "ConvertToBase64",
    "The base64 form of a text in UTF-16, or of the bytes of a binary value.",
    evaluate,
)
.parameters(&[required(
    "source",
    "The text or binary value; of several each.",
)])
.examples(&[
    example(r#"ConvertToBase64("Hello")"#, "SABlAGwAbABvAA=="),
    example("ConvertToBase64([objectSid])", "AQIAAAAAAAUgAAAAIAIAAA=="),
]);

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    let mut encoded = Vec::new();
    for scalar in arguments.value(0)?.into_scalars() {
        let bytes = match scalar {
            Scalar::Binary(bytes) => bytes,
            other => {
                let text = arguments.readable(0, other.into_text())?;
                text.encode_utf16().flat_map(u16::to_le_bytes).collect()
            }
        };
        encoded.push(BASE64_STANDARD.encode(bytes).into());
    }
    Ok(Value::of(encoded))
}
