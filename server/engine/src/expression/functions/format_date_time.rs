//! Rewrites a date in another format.

use super::{Function, Mistake, check_literal, example, optional, required};
use crate::expression::{
    date::{format::Format, styles::Styles},
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
.literal_rule(check_formats)
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

fn check_formats(slots: &[Option<Node>]) -> Result<(), Mistake> {
    let (styles, formats) = layout(slots.len());
    if let Some(styles) = styles {
        check_literal(slots, styles, |names| styles_named(names).map(|_| ()))?;
    }
    for slot in formats {
        check_literal(slots, slot, |text| format_of(text).map(|_| ()))?;
    }
    Ok(())
}

/// Where the styles and the two formats stand: the older form has three arguments.
fn layout(count: usize) -> (Option<usize>, [usize; 2]) {
    match count {
        3 => (None, [1, 2]),
        _ => (Some(1), [2, 3]),
    }
}

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    let (styles, [input, output]) = layout(arguments.count());
    let styles = match styles {
        Some(slot) => {
            let names = arguments.text_or_empty(slot)?;
            styles_named(&names).or_else(|message| arguments.fail(message))?
        }
        None => Styles::DEFAULT,
    };
    let input = format(arguments, input)?;
    let output = format(arguments, output)?;
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

fn format(arguments: &mut Arguments<'_, '_, '_>, slot: usize) -> Outcome<Format> {
    let text = arguments.text_or_empty(slot)?;
    format_of(&text).or_else(|message| arguments.fail(message))
}

fn styles_named(names: &str) -> Result<Styles, String> {
    match names {
        "" => Ok(Styles::DEFAULT),
        _ => Styles::parse(names),
    }
}

fn format_of(text: &str) -> Result<Format, String> {
    Format::parse(text).ok_or_else(|| format!("{} is not a date format.", quoted(text)))
}
