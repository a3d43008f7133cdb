//! Puts values together with a separator.

use super::{Function, example, repeating, required};
use crate::expression::evaluate::{Arguments, Outcome};

pub(super) static FUNCTION: Function = Function::new(
    "Join",
    "All sources one after the other with the separator between them. Absent and empty sources are \
     passed over and leave no separator behind.",
    evaluate,
)
.parameters(&[
    required("separator", "What stands between; an absent one is empty."),
    repeating("source", "A value, or an attribute with several."),
])
.examples(&[
    example(r#"Join(", ", "", [sn], [givenName])"#, "Bergmann, Zoë"),
    example(
        r#"Join("; ", [proxyAddresses])"#,
        "smtp:zb@contoso.test; SMTP:zoe.bergmann@contoso.test",
    ),
]);

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    let separator = arguments.text_or_empty(0)?;
    let mut joined = String::new();
    for slot in 1..arguments.count() {
        for scalar in arguments.value(slot)?.into_scalars() {
            let text = arguments.readable(slot, scalar.into_text())?;
            if text.is_empty() {
                continue;
            }
            arguments.allow((separator.len() + text.len()) as u64)?;
            if !joined.is_empty() {
                joined.push_str(&separator);
            }
            joined.push_str(&text);
        }
    }
    Ok(joined.into())
}
