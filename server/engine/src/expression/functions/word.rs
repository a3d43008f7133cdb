//! Takes a word out of a text.

use super::{Function, example, required};
use crate::expression::evaluate::{Arguments, Outcome};

pub(super) static FUNCTION: Function = Function::new(
    "Word",
    "One word of a text, where words end at any of the delimiters. Empty text when there are not \
     so many words.",
    evaluate,
)
.parameters(&[
    required("string", "The text; of several values each."),
    required("wordNumber", "The place of the word, counted from 1."),
    required(
        "delimiters",
        "The characters that end a word; several in a row count once.",
    ),
])
.examples(&[
    example(r#"Word("The quick brown fox", 3, " ")"#, "brown"),
    example(r#"Word([mail], 1, ".@")"#, "zoe"),
]);

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    let number = arguments.required_integer(1)?;
    let delimiters = arguments.text_or_empty(2)?;
    let place = usize::try_from(number)
        .ok()
        .and_then(|number| number.checked_sub(1));
    arguments.each_text_or_empty(0, |arguments, text| {
        // Each character of the text is looked up among the delimiters.
        arguments.allow((text.len() * delimiters.len()) as u64)?;
        let words = text.split(|character| delimiters.contains(character));
        let mut words = words.filter(|word| !word.is_empty());
        let word = place.and_then(|place| words.nth(place));
        Ok(Some(word.unwrap_or_default().to_owned()))
    })
}
