//! What is allowed in an expression, but seldom meant.

use serde::{Deserialize, Serialize};

use super::syntax::{Call, Node, NodeKind, TextRange};

/// A place that the author should look at again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    pub range: TextRange,
    pub message: String,
}

pub(super) fn warnings(whole: &Node) -> Vec<Warning> {
    let mut warnings = Vec::new();
    whole.visit(&mut |node| {
        let message = match &node.kind {
            NodeKind::Comparison(comparison) => compares_attribute(&comparison.left)
                .or_else(|| compares_attribute(&comparison.right)),
            NodeKind::Call(call) => asks_in_switch(call).or_else(|| takes_one_role(call)),
            NodeKind::Attribute(_)
            | NodeKind::Text(_)
            | NodeKind::Number(_)
            | NodeKind::Parameter(_)
            | NodeKind::Constant(_)
            | NodeKind::Concatenation(_) => None,
        };
        warnings.extend(message.map(|message| Warning {
            range: node.range,
            message,
        }));
    });
    warnings
}

/// Azure's own service fails such a condition for an absent attribute.
fn compares_attribute(operand: &Node) -> Option<String> {
    let NodeKind::Attribute(name) = &operand.kind else {
        return None;
    };
    Some(format!(
        "An absent [{name}] compares like empty text here. Ask with IsNullOrEmpty first if that is \
         not what you mean."
    ))
}

/// In Azure AD Connect the function of the same name takes pairs of conditions and values.
fn asks_in_switch(call: &Call) -> Option<String> {
    let source = call.slots.first()?.as_ref()?;
    let NodeKind::Call(question) = &source.kind else {
        return None;
    };
    let asks = ["IsNothing", "IsNull", "IsNullOrEmpty", "IsPresent"];
    let is_question = call.function.name == "Switch" && asks.contains(&question.function.name);
    is_question.then(|| {
        format!(
            "Switch compares the answer of {} with its keys as the text True or False; IIF says \
             the same more plainly.",
            question.function.name
        )
    })
}

fn takes_one_role(call: &Call) -> Option<String> {
    let takes_one = call.function.name == "SingleAppRoleAssignment";
    takes_one
        .then(|| "A person with several roles gets the one with the lowest identifier.".to_owned())
}

#[cfg(test)]
mod tests {
    use crate::expression::Expression;

    fn places(text: &str) -> Vec<usize> {
        let expression = Expression::parse(text).unwrap();
        let warnings = expression.warnings();
        warnings.iter().map(|warning| warning.range.start).collect()
    }

    #[test]
    fn doubtful_places_are_named() {
        assert_eq!(places("IIF([a] = \"x\", 1, 2)"), [5]);
        assert_eq!(places("Switch(IsPresent([a]), 1, \"True\", 2)"), [1]);
        assert_eq!(places("Trim(SingleAppRoleAssignment([r]))"), [6]);
        assert!(places("IIF(InStr([a], \"x\") > 0, Switch([a], 1, 2, 3), [b])").is_empty());
    }
}
