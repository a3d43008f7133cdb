//! How mapped values meet the values that the target has.

use crate::directory::{AttributeValue, Values};

/// What becomes of the target's values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FlowRule {
    pub(super) onto: Onto,
    /// Also when the target has the values already.
    pub(crate) is_written_always: bool,
    /// Logs and previews do not show the values.
    pub(crate) is_redacted: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Onto {
    /// The target holds what was mapped, and nothing else.
    Replace,
    /// As `Replace`, but a value is not taken away.
    ReplaceUnlessEmpty,
    /// As `Replace`, but these values stay: the object got them when it was created, because its
    /// source gave nothing then either.
    ReplaceUnlessIs(Values),
    /// What was mapped is added; nothing is taken away.
    Extend,
    /// Only a target that has nothing gets what was mapped.
    Fill,
}

/// What holds for most attributes.
pub(super) static REPLACE: FlowRule = FlowRule::new(Onto::Replace);

impl FlowRule {
    pub(super) const fn new(onto: Onto) -> Self {
        Self {
            onto,
            is_written_always: false,
            is_redacted: false,
        }
    }

    /// What the target is to hold; none where it is left alone.
    pub(crate) fn result(
        &self,
        current: &[AttributeValue],
        mapped: &[AttributeValue],
    ) -> Option<Values> {
        match &self.onto {
            Onto::Replace => Some(mapped.to_vec()),
            Onto::ReplaceUnlessEmpty => (!mapped.is_empty()).then(|| mapped.to_vec()),
            Onto::ReplaceUnlessIs(default) => {
                (current != default.as_slice()).then(|| mapped.to_vec())
            }
            Onto::Extend => Some(extended(current, mapped)),
            Onto::Fill => current.is_empty().then(|| mapped.to_vec()),
        }
    }
}

fn extended(current: &[AttributeValue], mapped: &[AttributeValue]) -> Values {
    let mut values = current.to_vec();
    for value in mapped {
        if !values.contains(value) {
            values.push(value.clone());
        }
    }
    values
}
