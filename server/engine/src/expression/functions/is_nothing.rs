//! Asks whether a value is absent.

use super::{Function, example, is_null, required};

pub(super) static FUNCTION: Function = Function::new(
    "IsNothing",
    "True when the attribute is absent; the same as IsNull.",
    is_null::evaluate,
)
.parameters(&[required("source", "The value in question.")])
.examples(&[example("IsNothing([mail])", "False")]);
