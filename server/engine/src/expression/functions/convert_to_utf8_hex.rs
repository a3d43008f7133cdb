//! Writes the bytes of a text.

use super::{Function, example, required};
use crate::expression::evaluate::{Arguments, Outcome};

pub(super) static FUNCTION: Function = Function::new(
    "ConvertToUTF8Hex",
    "The bytes of the text in UTF-8, each as two hexadecimal digits in capitals.",
    evaluate,
)
.parameters(&[required("source", "The text; of several values each.")])
.examples(&[example("ConvertToUTF8Hex([givenName])", "5A6FC3AB")]);

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    arguments.each_text(0, |_, text| {
        let digits = text.bytes().flat_map(|byte| [byte >> 4, byte & 15]);
        let digit = |digit: u8| char::from(b"0123456789ABCDEF"[usize::from(digit)]);
        Ok(Some(digits.map(digit).collect::<String>()))
    })
}
