//! Takes the beginning of a text.

use super::{Function, example, required};
use crate::expression::{
    evaluate::{Arguments, Outcome},
    text,
};

pub(super) static FUNCTION: Function = Function::new(
    "Left",
    "The first characters of a text. A negative number gives the whole text, an absent text gives \
     empty text.",
    evaluate,
)
.parameters(&[
    required("string", "The text; of several values each."),
    required("numChars", "How many characters, in UTF-16 code units."),
])
.examples(&[
    example("Left([sn], 4)", "Berg"),
    example(r#"Left("Jo", 5)"#, "Jo"),
]);

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    let count = arguments.required_integer(1)?;
    arguments.each_text_or_empty(0, |_, source| {
        let kept = match usize::try_from(count) {
            Ok(count) => text::units(&source, 0, count),
            Err(_) => &source,
        };
        Ok(Some(kept.to_owned()))
    })
}
