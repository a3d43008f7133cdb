//! Attribute clauses that decide who is in scope.
//!
//! All clauses of a group must hold, and one group that holds is enough. A clause about an absent
//! or empty attribute never holds, except IS NULL: "different or absent" takes two groups. Of
//! several values every one must satisfy the clause.
//!
//! A clause that cannot be decided is an error and not a "no": leaving the scope deletes.

mod operator;
pub mod vectors;

use serde::{Deserialize, Serialize};

use super::schema;
use crate::{
    directory::{AttributeName, AttributeValue, Attributes},
    expression::{
        allowance::Allowance,
        pattern::Pattern,
        value::{boolean_in, integer_in, quoted},
    },
};
pub use operator::{Operator, UnknownOperator};

/// The clauses as an administrator wrote them. Without groups, everything is in scope.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopingFilter {
    pub groups: Vec<Vec<Clause>>,
}

/// One comparison of an attribute of the source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clause {
    pub attribute: AttributeName,
    pub operator: Operator,
    /// Raw text: a backslash of a pattern is written once. None for operators that take no value.
    #[serde(default)]
    pub value: Option<String>,
}

/// What is wrong with a filter that is to be saved. Groups and clauses count from 0.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct FilterProblem {
    pub group: usize,
    /// None when it concerns the group as a whole.
    pub clause: Option<usize>,
    pub message: String,
}

/// A filter with its patterns read, for many objects.
#[derive(Clone, Debug)]
pub struct CompiledFilter {
    groups: Vec<Vec<CompiledClause>>,
}

#[derive(Clone, Debug)]
struct CompiledClause {
    attribute: AttributeName,
    operator: Operator,
    value: String,
    pattern: Option<Pattern>,
}

/// Whether an object is in scope, and why. Groups and clauses count from 0.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "verdict", content = "detail")]
pub enum FilterVerdict {
    NoFilter,
    GroupHolds(usize),
    /// The clause at which each group failed.
    NoGroupHolds(Vec<usize>),
}

impl FilterVerdict {
    pub fn is_in_scope(&self) -> bool {
        match self {
            Self::NoFilter | Self::GroupHolds(_) => true,
            Self::NoGroupHolds(_) => false,
        }
    }
}

/// Attributes that scoping filters cannot look at.
const NOT_FILTERABLE: [&str; 5] = [
    "appRoleAssignments",
    "manager",
    "member",
    "members",
    "userType",
];

impl ScopingFilter {
    /// Whether it lets everything pass.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// What has to be put right before the filter may be saved.
    pub fn problems(&self) -> Vec<FilterProblem> {
        let mut problems = Vec::new();
        for (group, clauses) in self.groups.iter().enumerate() {
            if clauses.is_empty() {
                problems.push(FilterProblem {
                    group,
                    clause: None,
                    message: "Add a clause, or remove this group.".to_owned(),
                });
            }
            for (index, clause) in clauses.iter().enumerate() {
                problems.extend(clause.problem().map(|message| FilterProblem {
                    group,
                    clause: Some(index),
                    message,
                }));
            }
        }
        problems
    }

    pub fn compile(&self) -> Result<CompiledFilter, FilterProblem> {
        let mut groups = Vec::with_capacity(self.groups.len());
        for (group, clauses) in self.groups.iter().enumerate() {
            let compiled = clauses.iter().enumerate().map(|(index, clause)| {
                clause.compile().map_err(|message| FilterProblem {
                    group,
                    clause: Some(index),
                    message,
                })
            });
            groups.push(compiled.collect::<Result<_, _>>()?);
        }
        Ok(CompiledFilter { groups })
    }
}

impl Clause {
    /// What is wrong with the attribute alone.
    pub(super) fn attribute_problem(&self) -> Option<String> {
        let name = self.attribute.as_str().trim();
        let is_one_of = |known: &[&str]| known.iter().any(|known| known.eq_ignore_ascii_case(name));
        if name.is_empty() {
            return Some("Choose an attribute.".to_owned());
        }
        if is_one_of(&NOT_FILTERABLE) || schema::is_source_secret(&self.attribute) {
            return Some(format!("Scoping filters cannot use the attribute {name}."));
        }
        (!schema::is_source_name(name))
            .then(|| format!("\"{name}\" cannot be the name of an attribute."))
    }

    fn problem(&self) -> Option<String> {
        if let Some(problem) = self.attribute_problem() {
            return Some(problem);
        }
        let value = self.value.as_deref().unwrap_or_default();
        if self.operator.takes_value() && value.is_empty() {
            return Some(
                "Enter a value. Use IS NULL or IS NOT NULL to ask whether there is one.".to_owned(),
            );
        }
        if self.operator.takes_integer() && integer_in(value).is_none() {
            return Some("Enter a whole number.".to_owned());
        }
        self.compile().err()
    }

    fn compile(&self) -> Result<CompiledClause, String> {
        let value = self.value.clone().unwrap_or_default();
        let pattern = if self.operator.takes_pattern() {
            Some(Pattern::parse(&value).map_err(|error| error.to_string())?)
        } else {
            None
        };
        Ok(CompiledClause {
            attribute: self.attribute.clone(),
            operator: self.operator,
            value,
            pattern,
        })
    }
}

impl CompiledFilter {
    /// Decides about one object. An error names the clause that could not be decided.
    pub fn judge(&self, attributes: &Attributes) -> Result<FilterVerdict, FilterProblem> {
        if self.groups.is_empty() {
            return Ok(FilterVerdict::NoFilter);
        }
        let mut failed = Vec::with_capacity(self.groups.len());
        for (group, clauses) in self.groups.iter().enumerate() {
            match first_failing(clauses, attributes) {
                Ok(None) => return Ok(FilterVerdict::GroupHolds(group)),
                Ok(Some(clause)) => failed.push(clause),
                Err((clause, message)) => {
                    return Err(FilterProblem {
                        group,
                        clause: Some(clause),
                        message,
                    });
                }
            }
        }
        Ok(FilterVerdict::NoGroupHolds(failed))
    }

    /// Why an object is out of scope, in a sentence; none for one that is in scope.
    pub fn explain(&self, attributes: &Attributes) -> Result<Option<String>, FilterProblem> {
        let FilterVerdict::NoGroupHolds(failed) = self.judge(attributes)? else {
            return Ok(None);
        };
        let reasons = self
            .groups
            .iter()
            .zip(failed)
            .filter_map(|(clauses, failed)| {
                let clause = clauses.get(failed)?;
                Some(clause.why_not(attributes.get(&clause.attribute)))
            });
        let reasons: Vec<String> = reasons.collect();
        Ok(Some(format!(
            "No group of attribute clauses holds: {}.",
            reasons.join("; ")
        )))
    }
}

fn first_failing(
    clauses: &[CompiledClause],
    attributes: &Attributes,
) -> Result<Option<usize>, (usize, String)> {
    for (index, clause) in clauses.iter().enumerate() {
        let holds = clause.holds(attributes.get(&clause.attribute));
        if !holds.map_err(|message| (index, message))? {
            return Ok(Some(index));
        }
    }
    Ok(None)
}

impl CompiledClause {
    /// For example `l EQUALS "Berlin" does not hold for "Bonn"`.
    fn why_not(&self, values: &[AttributeValue]) -> String {
        let (attribute, operator) = (&self.attribute, self.operator);
        let value = match operator.takes_value() {
            true => format!(" {}", quoted(&self.value)),
            false => String::new(),
        };
        let shown: Vec<String> = values.iter().filter_map(text_of).collect();
        match shown.is_empty() {
            true => format!(
                "{attribute} {operator}{value} does not hold, because {attribute} has no value"
            ),
            false => format!(
                "{attribute} {operator}{value} does not hold for {}",
                quoted(&shown.join(", "))
            ),
        }
    }

    fn holds(&self, values: &[AttributeValue]) -> Result<bool, String> {
        let is_null = values.iter().all(is_empty_text);
        match self.operator {
            Operator::IsNull => Ok(is_null),
            Operator::IsNotNull => Ok(!is_null),
            _ if is_null => Ok(false),
            _ => {
                let allowance = Allowance::new();
                for value in values {
                    if is_empty_text(value) || !self.holds_for(value, &allowance)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
        }
    }

    fn holds_for(&self, value: &AttributeValue, allowance: &Allowance) -> Result<bool, String> {
        Ok(match self.operator {
            Operator::IsNull | Operator::IsNotNull => true,
            Operator::IsTrue => boolean(value) == Some(true),
            Operator::IsFalse => boolean(value) == Some(false),
            Operator::Equals => self.tests_text(value, |text| text == self.value),
            Operator::NotEquals => self.tests_text(value, |text| text != self.value),
            Operator::Includes => self.tests_text(value, |text| text.contains(&self.value)),
            Operator::EndsWith => self.tests_text(value, |text| text.ends_with(&self.value)),
            Operator::GreaterThan => self.tests_order(value, |left, right| left > right),
            Operator::GreaterThanOrEquals => self.tests_order(value, |left, right| left >= right),
            Operator::BitsSet => self.shares_bits(value) == Some(true),
            Operator::BitsNotSet => self.shares_bits(value) == Some(false),
            Operator::RegexMatch => self.finds(value, allowance)? == Some(true),
            Operator::NotRegexMatch => self.finds(value, allowance)? == Some(false),
        })
    }

    fn tests_text(&self, value: &AttributeValue, test: impl Fn(String) -> bool) -> bool {
        text_of(value).is_some_and(test)
    }

    fn tests_order(&self, value: &AttributeValue, test: impl Fn(i64, i64) -> bool) -> bool {
        let operands = integer_of(value).zip(integer_in(&self.value));
        operands.is_some_and(|(attribute, value)| test(attribute, value))
    }

    /// Where both are numbers: whether they have a bit in common. Otherwise whether the attribute's
    /// text occurs in the value, which is all that the documents say of this operator.
    fn shares_bits(&self, value: &AttributeValue) -> Option<bool> {
        let occurs = |text: String| self.value.contains(&text);
        match (integer_of(value), integer_in(&self.value)) {
            (Some(number), Some(bits)) => Some(number & bits != 0),
            _ => text_of(value).map(occurs),
        }
    }

    fn finds(&self, value: &AttributeValue, allowance: &Allowance) -> Result<Option<bool>, String> {
        let Some((pattern, text)) = self.pattern.as_ref().zip(text_of(value)) else {
            return Ok(None);
        };
        let found = pattern.is_match(&text, allowance);
        found.map(Some).map_err(|what| {
            let attribute = &self.attribute;
            format!("The pattern on {attribute} {what} for {}.", quoted(&text))
        })
    }
}

fn is_empty_text(value: &AttributeValue) -> bool {
    value.as_text().is_some_and(str::is_empty)
}

/// Directories deliver numbers as texts (RFC 4517, 3.3.16).
fn integer_of(value: &AttributeValue) -> Option<i64> {
    match value {
        AttributeValue::Integer(number) => Some(*number),
        AttributeValue::Text(text) => text.parse().ok(),
        AttributeValue::Boolean(_) | AttributeValue::Binary(_) => None,
    }
}

/// LDAP delivers truth values as the texts TRUE and FALSE.
fn boolean(value: &AttributeValue) -> Option<bool> {
    match value {
        AttributeValue::Boolean(value) => Some(*value),
        AttributeValue::Text(text) => boolean_in(text),
        AttributeValue::Integer(_) | AttributeValue::Binary(_) => None,
    }
}

/// Bytes have no text, so no comparison with a text holds for them.
fn text_of(value: &AttributeValue) -> Option<String> {
    match value {
        AttributeValue::Binary(_) => None,
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clause(attribute: &str, operator: Operator, value: &str) -> Clause {
        Clause {
            attribute: attribute.into(),
            operator,
            value: operator.takes_value().then(|| value.to_owned()),
        }
    }

    fn problem(clause: Clause) -> Option<String> {
        let filter = ScopingFilter {
            groups: vec![vec![clause]],
        };
        let mut problems = filter.problems();
        assert!(problems.len() <= 1);
        problems.pop().map(|problem| problem.message)
    }

    #[test]
    fn a_filter_is_checked_before_it_is_saved() {
        let check = |clause, expected: Option<&str>| {
            assert_eq!(problem(clause).as_deref(), expected);
        };
        check(clause("department", Operator::Equals, "Sales"), None);
        check(clause("department", Operator::IsNull, ""), None);
        check(clause("groupType", Operator::BitsSet, "&H80000000"), None);
        check(
            clause(" ", Operator::IsNull, ""),
            Some("Choose an attribute."),
        );
        check(
            clause("Manager", Operator::IsNull, ""),
            Some("Scoping filters cannot use the attribute Manager."),
        );
        check(
            clause("department", Operator::Includes, ""),
            Some("Enter a value. Use IS NULL or IS NOT NULL to ask whether there is one."),
        );
        check(
            clause("level", Operator::GreaterThan, "many"),
            Some("Enter a whole number."),
        );
        check(
            clause("mail", Operator::RegexMatch, "("),
            Some("This group is not closed. (character 1 of the pattern)"),
        );
        let empty_group = ScopingFilter {
            groups: vec![Vec::new()],
        };
        assert_eq!(empty_group.problems()[0].clause, None);
    }

    #[test]
    fn the_verdict_names_the_clause_at_which_each_group_failed() {
        let filter = ScopingFilter {
            groups: vec![
                vec![
                    clause("department", Operator::Equals, "Sales"),
                    clause("title", Operator::IsNotNull, ""),
                ],
                vec![clause("department", Operator::IsNull, "")],
            ],
        };
        let compiled = filter.compile().unwrap();
        let sales = Attributes::new().with("department", "Sales");
        assert_eq!(
            compiled.judge(&sales),
            Ok(FilterVerdict::NoGroupHolds(vec![1, 0]))
        );
        assert_eq!(
            compiled.judge(&Attributes::new()),
            Ok(FilterVerdict::GroupHolds(1))
        );
    }

    #[test]
    fn a_pattern_that_takes_too_long_is_an_error_and_not_out_of_scope() {
        let filter = ScopingFilter {
            groups: vec![vec![clause("cn", Operator::RegexMatch, "^(a+)+$")]],
        };
        let endless = Attributes::new().with("cn", "a".repeat(60) + "!");
        let problem = filter.compile().unwrap().judge(&endless).unwrap_err();
        assert_eq!(problem.clause, Some(0));
        assert!(problem.message.contains("too much time"), "{problem}");
    }
}
