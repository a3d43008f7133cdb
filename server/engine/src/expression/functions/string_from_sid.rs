//! Writes a security identifier.

use super::{Function, example, required};
use crate::expression::{
    evaluate::{Arguments, Outcome},
    value::{Scalar, Value},
};

pub(super) static FUNCTION: Function = Function::new(
    "StringFromSid",
    "The text form of a security identifier, S-1-….",
    evaluate,
)
.parameters(&[required("objectSid", "The binary value.")])
.examples(&[example("StringFromSid([objectSid])", "S-1-5-32-544")]);

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    let text = match arguments.single(0)? {
        None => return Ok(Value::Null),
        Some(Scalar::Binary(bytes)) => text_of(&bytes),
        Some(_) => None,
    };
    match text {
        Some(text) => Ok(text.into()),
        None => arguments.fail("The value is not a binary security identifier."),
    }
}

/// Revision, number of sub-authorities, authority, sub-authorities (MS-DTYP 2.4.2.2).
fn text_of(bytes: &[u8]) -> Option<String> {
    const MOST_SUB_AUTHORITIES: u8 = 15;
    let ([revision, count], rest) = bytes.split_first_chunk()?;
    let (authority, rest) = rest.split_first_chunk::<6>()?;
    let (sub_authorities, surplus) = rest.as_chunks::<4>();
    let fits = sub_authorities.len() == usize::from(*count) && surplus.is_empty();
    if *revision != 1 || !fits || *count > MOST_SUB_AUTHORITIES {
        return None;
    }
    let mut text = format!("S-1-{}", authority_text(*authority));
    for sub_authority in sub_authorities {
        text += &format!("-{}", u32::from_le_bytes(*sub_authority));
    }
    Some(text)
}

/// In decimal where it fits into 32 bits, else in hexadecimal (MS-DTYP 2.4.2.1).
fn authority_text(authority: [u8; 6]) -> String {
    let [a, b, c, d, e, f] = authority;
    let number = u64::from_be_bytes([0, 0, a, b, c, d, e, f]);
    match u32::try_from(number) {
        Ok(number) => number.to_string(),
        Err(_) => format!("0x{number:012X}"),
    }
}
