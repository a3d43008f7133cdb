//! Finds a text in another.

use super::{Function, example, optional, required};
use crate::expression::{
    evaluate::{Arguments, Outcome},
    text::{self, Casing},
    value::quoted,
};

pub(super) static FUNCTION: Function = Function::new(
    "InStr",
    "The position where a text occurs in another, counted from 1; 0 when it does not occur.",
    evaluate,
)
.parameters(&[
    required("value1", "The text that is searched."),
    required("value2", "The text to find."),
    optional(
        "start",
        "The position where the search begins; 1 when left off.",
    ),
    optional(
        "compareType",
        "vbBinaryCompare minds case and is the default, vbTextCompare does not.",
    ),
])
.examples(&[
    example(r#"InStr("repEated", "e", 3, vbBinaryCompare)"#, "7"),
    example(r#"InStr([mail], "ZOE", 1, vbTextCompare)"#, "1"),
    example(r#"InStr([mail], "ZOE")"#, "0"),
]);

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    let mut searched = arguments.text_or_empty(0)?;
    let mut wanted = arguments.text_or_empty(1)?;
    let start = arguments.integer(2)?.unwrap_or(1);
    if ignores_case(arguments)? {
        searched = Casing::Invariant.lower(&searched);
        wanted = Casing::Invariant.lower(&wanted);
    }
    if start < 1 {
        return arguments.fail("The argument start is less than 1.");
    }
    Ok(position(&searched, &wanted, start).unwrap_or(0).into())
}

fn ignores_case(arguments: &mut Arguments<'_, '_, '_>) -> Outcome<bool> {
    let choice = arguments.text_or_empty(3)?;
    match choice.to_ascii_lowercase().as_str() {
        "" | "0" | "vbbinarycompare" => Ok(false),
        "1" | "vbtextcompare" => Ok(true),
        _ => arguments.fail(format!("{} is not a way to compare.", quoted(&choice))),
    }
}

/// Counts code units from 1.
fn position(searched: &str, wanted: &str, start: i64) -> Option<i64> {
    let before = usize::try_from(start).ok()?.checked_sub(1)?;
    if before >= text::count_units(searched) {
        return None;
    }
    let found = text::find_unit(searched, wanted, before)?;
    i64::try_from(found + 1).ok()
}
