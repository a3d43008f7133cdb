//! What each part of an expression came to, for the expression builder.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    evaluate::{Interrupt, Outcome},
    syntax::{Node, TextRange},
    value::Value,
};
use crate::directory::AttributeValue;

/// The parts of an expression in the order of the text; the first is the whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Trace {
    pub steps: Vec<Step>,
}

/// One part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    pub range: TextRange,
    /// The part in its canonical form.
    pub text: String,
    pub result: StepResult,
    /// The value belongs to a `Redact` call and is to be shown as `[Redact]` in logs and previews.
    pub is_redacted: bool,
}

/// What a part came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "outcome", content = "detail")]
pub enum StepResult {
    /// No values is null.
    Values(Vec<AttributeValue>),
    Skip,
    /// The message, where the error arose; the parts around it have no result of their own.
    Error(String),
    /// Not needed, as the branch that a condition did not take; or given up for an error.
    NotEvaluated,
}

/// What an evaluation saw of one node.
pub(super) enum Recorded {
    Value(Value),
    Skip,
    Failure { position: usize, message: String },
}

impl Recorded {
    pub(super) fn of(outcome: &Outcome) -> Self {
        match outcome {
            Ok(value) => Self::Value(value.clone()),
            Err(Interrupt::Skip) => Self::Skip,
            Err(Interrupt::Failure(error)) => Self::Failure {
                position: error.position,
                message: error.message.clone(),
            },
        }
    }
}

/// Collects while an evaluation runs.
#[derive(Default)]
pub(super) struct Recorder(BTreeMap<usize, Recorded>);

impl Recorder {
    pub(super) fn record(&mut self, node: &Node, recorded: Recorded) {
        self.0.insert(node.id, recorded);
    }

    pub(super) fn into_trace(mut self, whole: &Node) -> Trace {
        let mut steps = Vec::new();
        self.add_steps(whole, false, &mut steps);
        Trace { steps }
    }

    fn add_steps(&mut self, node: &Node, inside_redact: bool, steps: &mut Vec<Step>) {
        let is_redacted = inside_redact || node.contains_redact();
        steps.push(Step {
            range: node.range,
            text: node.to_string(),
            result: self.result(node),
            is_redacted,
        });
        for child in node.children() {
            self.add_steps(child, inside_redact || node.is_redact(), steps);
        }
    }

    fn result(&mut self, node: &Node) -> StepResult {
        match self.0.remove(&node.id) {
            None => StepResult::NotEvaluated,
            Some(Recorded::Value(value)) => StepResult::Values(value.into_attribute_values()),
            Some(Recorded::Skip) => StepResult::Skip,
            Some(Recorded::Failure { position, message }) if position == node.range.start => {
                StepResult::Error(message)
            }
            Some(Recorded::Failure { .. }) => StepResult::NotEvaluated,
        }
    }
}
