//! Rewrites a date in another format.

use super::{Function, example, optional, required};
use crate::expression::{
    date::{exact::Styles, format::Format},
    evaluate::{Arguments, Outcome},
    syntax::Node,
    value::quoted,
};

pub(super) static FUNCTION: Function = Function::new(
    "FormatDateTime",
    "The date in the first format, written in the second. Both are custom formats of .NET, or one \
     of the letters d, g, G, o, s, u. A date with an offset is converted to UTC. With three \
     arguments the styles are left out.",
    evaluate,
)
.parameters(&[
    required("source", "The text; of several values each."),
    optional(
        "dateTimeStyles",
        "Styles of .NET, separated by commas; RoundtripKind, AllowLeadingWhite and \
         AllowTrailingWhite when left empty.",
    ),
    required(
        "inputFormat",
        "How the source is written, for example yyyyMMddHHmmss.fZ.",
    ),
    required(
        "outputFormat",
        "How the result is written, for example yyyy-MM-dd.",
    ),
])
.slot_rule(check)
.examples(&[
    example(
        r#"FormatDateTime("20150123105347.1Z", , "yyyyMMddHHmmss.fZ", "yyyy-MM-dd")"#,
        "2015-01-23",
    ),
    example(
        r#"FormatDateTime([hireDate], , "yyyy-MM-ddzzz", "d MMMM yyyy")"#,
        "31 March 2026",
    ),
]);

fn check(slots: &[Option<Node>]) -> Result<(), String> {
    match slots {
        [Some(_), _, Some(_), Some(_)] | [Some(_), Some(_), Some(_)] => Ok(()),
        _ => Err("FormatDateTime needs a source and two formats:".to_owned()),
    }
}

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    let (styles, input, output) = match arguments.count() {
        3 => (
            Styles::DEFAULT,
            format(arguments, 1)?,
            format(arguments, 2)?,
        ),
        _ => (
            styles(arguments)?,
            format(arguments, 2)?,
            format(arguments, 3)?,
        ),
    };
    arguments.each_text(0, |arguments, text| {
        if text.is_empty() {
            return Ok(None);
        }
        match input.read(&text, styles) {
            Some(date) => Ok(Some(output.print(date))),
            None => arguments.fail(format!(
                "{} is not a date in the format inputFormat.",
                quoted(&text)
            )),
        }
    })
}

fn styles(arguments: &mut Arguments<'_, '_, '_>) -> Outcome<Styles> {
    let names = arguments.text_or_empty(1)?;
    if names.is_empty() {
        return Ok(Styles::DEFAULT);
    }
    Styles::parse(&names).or_else(|message| arguments.fail(message))
}

fn format(arguments: &mut Arguments<'_, '_, '_>, slot: usize) -> Outcome<Format> {
    let text = arguments.text_or_empty(slot)?;
    match Format::parse(&text) {
        Some(format) => Ok(format),
        None => arguments.fail(format!("{} is not a date format.", quoted(&text))),
    }
}
