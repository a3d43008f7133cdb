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
    Failure(String),
}

impl Recorded {
    pub(super) fn of(outcome: &Outcome) -> Self {
        match outcome {
            Ok(value) => Self::Value(value.clone()),
            Err(Interrupt::Skip) => Self::Skip,
            Err(Interrupt::Failure(error)) => Self::Failure(error.message.clone()),
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

    pub(super) fn trace(&self, whole: &Node) -> Trace {
        let mut steps = Vec::new();
        self.add_steps(whole, false, &mut steps);
        Trace { steps }
    }

    fn add_steps(&self, node: &Node, inside_redact: bool, steps: &mut Vec<Step>) {
        steps.push(Step {
            range: node.range,
            text: node.to_string(),
            result: self.result(node),
            is_redacted: inside_redact || node.contains_redact(),
        });
        for child in node.children() {
            self.add_steps(child, inside_redact || node.is_redact(), steps);
        }
    }

    fn result(&self, node: &Node) -> StepResult {
        match self.0.get(&node.id) {
            None => StepResult::NotEvaluated,
            Some(Recorded::Value(value)) => {
                StepResult::Values(value.clone().into_attribute_values())
            }
            Some(Recorded::Skip) => StepResult::Skip,
            Some(Recorded::Failure(_)) if self.fails_below(node) => StepResult::NotEvaluated,
            Some(Recorded::Failure(message)) => StepResult::Error(message.clone()),
        }
    }

    /// Whether a part of the node failed, and the node only for that.
    fn fails_below(&self, node: &Node) -> bool {
        let failed = |child: &&Node| matches!(self.0.get(&child.id), Some(Recorded::Failure(_)));
        node.children().iter().any(failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expression::{Expression, examples};

    /// One line for each part.
    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let expression = Expression::parse(text).unwrap();
        let object = examples::object();
        let trace = examples::in_context(|context| expression.trace(&object, context));
        let line = |step: &Step| {
            let TextRange { start, end } = step.range;
            let hidden = if step.is_redacted { " (redacted)" } else { "" };
            format!("{start}-{end} {} → {:?}{hidden}", step.text, step.result)
        };
        let lines: Vec<String> = trace.steps.iter().map(line).collect();
        assert_eq!(lines, expected);
    }

    #[test]
    fn every_part_tells_its_value_or_that_it_was_not_needed() {
        check(
            r#"IIF([department] = "Sales", Trim([sn]), Error("no"))"#,
            &[
                r#"1-53 IIF([department] = "Sales", Trim([sn]), Error("no")) → Values([Text("Bergmann")])"#,
                r#"5-27 [department] = "Sales" → Values([Boolean(true)])"#,
                r#"5-17 [department] → Values([Text("Sales")])"#,
                r#"20-27 "Sales" → Values([Text("Sales")])"#,
                r#"29-39 Trim([sn]) → Values([Text("Bergmann")])"#,
                r#"34-38 [sn] → Values([Text("Bergmann")])"#,
                r#"41-52 Error("no") → NotEvaluated"#,
                r#"47-51 "no" → NotEvaluated"#,
            ],
        );
    }

    #[test]
    fn an_error_stands_where_it_arose() {
        check(
            "Trim(Item([mail], 9))",
            &[
                "1-22 Trim(Item([mail], 9)) → NotEvaluated",
                "6-21 Item([mail], 9) → Error(\"There is no value 9; the attribute has 1.\")",
                r#"11-17 [mail] → Values([Text("zoe.bergmann@contoso.test")])"#,
                "19-20 9 → Values([Integer(9)])",
            ],
        );
    }

    #[test]
    fn what_redact_hides_is_marked_on_the_way_up_and_down() {
        check(
            "[sn] & Redact([mail])",
            &[
                r#"1-22 [sn] & Redact([mail]) → Values([Text("Bergmannzoe.bergmann@contoso.test")]) (redacted)"#,
                r#"1-5 [sn] → Values([Text("Bergmann")])"#,
                r#"8-22 Redact([mail]) → Values([Text("zoe.bergmann@contoso.test")]) (redacted)"#,
                r#"15-21 [mail] → Values([Text("zoe.bergmann@contoso.test")]) (redacted)"#,
            ],
        );
    }
}
