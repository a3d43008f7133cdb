//! Makes a random text.

use super::{Function, example, optional, required};
use crate::expression::evaluate::{Arguments, Outcome};

pub(super) static FUNCTION: Function = Function::new(
    "RandomString",
    "A random text, for example a first password. The characters beyond the minimums come from the \
     kinds that have one; when no kind has, from digits and letters.",
    evaluate,
)
.parameters(&[
    required("length", "How many characters, at most 256."),
    required("minimumNumbers", "At least so many digits."),
    required(
        "minimumSpecialCharacters",
        "At least so many special characters.",
    ),
    required("minimumCapital", "At least so many capital letters."),
    required("minimumLowerCase", "At least so many small letters."),
    optional("charactersToAvoid", "Characters that never occur."),
])
.examples(&[example(
    r#"Replace(RandomString(6, 3, 0, 0, 3), , "[0-9a-z]", , "*", , )"#,
    "******",
)]);

const LONGEST: usize = 256;

/// The kinds of character in the order of the parameters.
const KINDS: [&str; 4] = [
    "0123456789",
    "~!@#$%^&*_-+=`|\\(){}[]:;\"'<>,.?/",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "abcdefghijklmnopqrstuvwxyz",
];
const SPECIAL: usize = 1;

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    let length = size(arguments, 0)?;
    let mut minimums = [0; KINDS.len()];
    for (kind, minimum) in minimums.iter_mut().enumerate() {
        *minimum = size(arguments, kind + 1)?;
    }
    let avoided = arguments.text_or_empty(5)?;
    let required: usize = minimums.iter().sum();
    let Some(remainder) = length.checked_sub(required) else {
        return arguments.fail(format!(
            "The length {length} is less than the {required} characters that are required."
        ));
    };
    let mut characters = Vec::with_capacity(length);
    let mut pool = Vec::new();
    for (kind, minimum) in minimums.into_iter().enumerate() {
        let choices = allowed(KINDS[kind], &avoided);
        if minimum > 0 || required == 0 && kind != SPECIAL {
            pool.extend_from_slice(&choices);
        }
        draw(arguments, &mut characters, &choices, minimum)?;
    }
    draw(arguments, &mut characters, &pool, remainder)?;
    arguments.random().shuffle(&mut characters);
    Ok(characters.into_iter().collect::<String>().into())
}

fn size(arguments: &mut Arguments<'_, '_, '_>, slot: usize) -> Outcome<usize> {
    let number = arguments.required_integer(slot)?;
    match usize::try_from(number) {
        Ok(size) if size <= LONGEST => Ok(size),
        _ => arguments.fail(format!("{number} is not a number from 0 to {LONGEST}.")),
    }
}

fn allowed(kind: &str, avoided: &str) -> Vec<char> {
    kind.chars().filter(|c| !avoided.contains(*c)).collect()
}

fn draw(
    arguments: &mut Arguments<'_, '_, '_>,
    characters: &mut Vec<char>,
    choices: &[char],
    count: usize,
) -> Outcome<()> {
    if count > 0 && choices.is_empty() {
        return arguments.fail("All characters of a required kind are to be avoided.");
    }
    for _ in 0..count {
        characters.push(arguments.random().choose(choices));
    }
    Ok(())
}
