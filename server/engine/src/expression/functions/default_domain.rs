//! Names the default domain.

use super::{Function, example};
use crate::expression::evaluate::{Arguments, Outcome};

pub(super) static FUNCTION: Function = Function::new(
    "DefaultDomain",
    "The default domain of the tenant.",
    evaluate,
)
.examples(&[example(
    r#"Join("@", [sn], DefaultDomain())"#,
    "Bergmann@contoso.onmicrosoft.test",
)]);

fn evaluate(arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
    match arguments.context().default_domain {
        Some(domain) => Ok(domain.into()),
        None => arguments.fail("The tenant has no default domain."),
    }
}
