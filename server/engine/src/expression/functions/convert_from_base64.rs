//! Decodes a base64 text.

use base64::{Engine, prelude::BASE64_STANDARD};

use super::{Function, example, optional, required};
use crate::expression::{
    evaluate::{Arguments, Outcome},
    value::quoted,
};

pub(super) static FUNCTION: Function = Function::new(
    "ConvertFromBase64",
    "The text behind a base64 text.",
    evaluate,
)
.parameters(&[
    required("source", "The base64 text; of several values each."),
    optional("encoding", "Unicode (UTF-16, the default), ASCII or UTF8."),
])
.examples(&[
    example(r#"ConvertFromBase64("SABlAGwAbABvAA==")"#, "Hello"),
    example(r#"ConvertFromBase64("SGVsbG8=", UTF8)"#, "Hello"),
]);

#[derive(Clone, Copy)]
enum Encoding {
    Unicode,
    Ascii,
    Utf8,
}

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    let encoding = encoding(arguments)?;
    arguments.each_text(0, |arguments, source| {
        let decoded = BASE64_STANDARD.decode(&source).ok();
        match decoded.and_then(|bytes| decode(bytes, encoding)) {
            Some(text) => Ok(Some(text)),
            None => arguments.fail(format!(
                "{} is not the base64 form of such a text.",
                quoted(&source)
            )),
        }
    })
}

fn encoding(arguments: &mut Arguments<'_, '_, '_>) -> Outcome<Encoding> {
    let name = arguments.text_or_empty(1)?;
    match name.to_ascii_lowercase().as_str() {
        "" | "unicode" => Ok(Encoding::Unicode),
        "ascii" => Ok(Encoding::Ascii),
        "utf8" => Ok(Encoding::Utf8),
        _ => arguments.fail(format!("{} is not an encoding.", quoted(&name))),
    }
}

fn decode(bytes: Vec<u8>, encoding: Encoding) -> Option<String> {
    match encoding {
        Encoding::Unicode => {
            let (units, rest) = bytes.as_chunks();
            let units: Vec<u16> = units.iter().map(|unit| u16::from_le_bytes(*unit)).collect();
            rest.is_empty().then(|| String::from_utf16(&units).ok())?
        }
        Encoding::Ascii if !bytes.is_ascii() => None,
        Encoding::Ascii | Encoding::Utf8 => String::from_utf8(bytes).ok(),
    }
}
