//! The expression language of attribute mappings: parse once, evaluate for every object.
//!
//! In reading order: `syntax` (what an expression is made of), `parse`, `evaluate` with
//! `value`, `compare` and `date`, [`functions`] (one file each), `pattern` (regular
//! expressions), `trace` (for the expression builder), [`vectors`] (published and derived cases
//! that every change must still pass).
//!
//! An evaluation is a pure function of the object's attributes and an [`EvaluationContext`]. It
//! is bounded in time and memory, whatever an administrator writes.

pub(crate) mod allowance;
mod compare;
mod connect_sync;
mod date;
mod evaluate;
pub mod examples;
pub mod functions;
mod parse;
pub(crate) mod pattern;
mod random;
mod roles;
mod syntax;
mod text;
mod trace;
pub(crate) mod value;
pub mod vectors;
mod warnings;

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

pub use random::Seed;
pub use syntax::TextRange;
pub use trace::{Step, StepResult, Trace};
pub use warnings::Warning;

use crate::directory::{AttributeName, AttributeValue, Attributes};
use evaluate::{Evaluator, Interrupt};
use syntax::{Node, NodeKind};

/// The parameters that a configuration supplies to its expressions, written `%DomainFQDN%`.
pub const PARAMETERS: [&str; 4] = ["DomainFQDN", "DomainNetBios", "ForestFQDN", "ForestNetBios"];

/// A parsed expression. Prints in its canonical form, which parses to the same expression.
#[derive(Clone, Debug)]
pub struct Expression {
    root: Node,
}

/// Why a text is not an expression.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message} (character {position})")]
pub struct ParseError {
    /// Counts characters from 1.
    pub position: usize,
    pub message: String,
}

/// Why an expression has no value for an object. The object is not exported with a value missing;
/// it fails as a whole and is tried again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{}{message} (character {position})", .function.as_ref().map(|name| format!("{name}: ")).unwrap_or_default())]
pub struct EvaluationError {
    /// Where the failing part begins; counts characters from 1.
    pub position: usize,
    /// The function that failed; none for a comparison, a concatenation or a parameter.
    pub function: Option<String>,
    pub message: String,
}

/// What an expression comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Evaluated {
    /// No values is null; one value and a list of one are the same.
    Values(Vec<AttributeValue>),
    /// The attribute is left out of the request, and no default value takes its place.
    Skip,
}

/// Everything besides the object that a value may depend on. Cheap to make for each object.
#[derive(Clone, Copy)]
pub struct EvaluationContext<'a> {
    /// The instant that `Now` gives, the same for all expressions of an object.
    pub now: OffsetDateTime,
    /// Values of [`PARAMETERS`]; names match without regard to case.
    pub parameters: &'a BTreeMap<String, String>,
    /// The tenant's default domain.
    pub default_domain: Option<&'a str>,
    /// Whether some object of the target has this value already, compared without regard to case.
    pub is_taken: &'a (dyn Fn(&str) -> bool + Sync),
    /// Decides all of `Guid` and `RandomString`: draw it from the system's randomness, anew for
    /// every object and mapping.
    pub seed: Seed,
}

static NO_PARAMETERS: BTreeMap<String, String> = BTreeMap::new();

impl EvaluationContext<'static> {
    /// Without parameters and default domain, nothing taken, the seed all zeros; for
    /// `EvaluationContext { seed, ..EvaluationContext::at(now) }`.
    pub fn at(now: OffsetDateTime) -> Self {
        Self {
            now,
            parameters: &NO_PARAMETERS,
            default_domain: None,
            is_taken: &|_| false,
            seed: Seed::default(),
        }
    }
}

impl fmt::Debug for EvaluationContext<'_> {
    /// Without the seed, from which passwords could be computed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EvaluationContext")
            .field("now", &self.now)
            .field("parameters", &self.parameters)
            .field("default_domain", &self.default_domain)
            .finish_non_exhaustive()
    }
}

impl Expression {
    /// The longest text that is read.
    pub const MAX_CHARACTERS: usize = 10_000;

    pub fn parse(text: &str) -> Result<Self, ParseError> {
        parse::parse(text).map(|root| Self { root })
    }

    /// The source attributes it refers to, each once, in the order of the text.
    pub fn attributes(&self) -> Vec<&AttributeName> {
        let mut names = Vec::new();
        self.root.visit(&mut |node| {
            if let NodeKind::Attribute(name) = &node.kind
                && !names.contains(&name)
            {
                names.push(name);
            }
        });
        names
    }

    /// The parameters it refers to, each once, in the order of the text.
    pub fn parameters(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.root.visit(&mut |node| {
            if let NodeKind::Parameter(name) = &node.kind
                && !names.contains(&name.as_str())
            {
                names.push(name.as_str());
            }
        });
        names
    }

    /// What is allowed, but seldom meant.
    pub fn warnings(&self) -> Vec<Warning> {
        warnings::warnings(&self.root)
    }

    /// Whether its value is to be shown as `[Redact]` in logs and previews.
    pub fn is_redacted(&self) -> bool {
        self.root.contains_redact()
    }

    /// Whether it chooses among candidates by what the target has.
    pub fn selects_unique_value(&self) -> bool {
        matches!(&self.root.kind, NodeKind::Call(call) if call.function.name == "SelectUniqueValue")
    }

    pub fn evaluate(
        &self,
        attributes: &Attributes,
        context: &EvaluationContext<'_>,
    ) -> Result<Evaluated, EvaluationError> {
        match Evaluator::new(attributes, context).value(&self.root) {
            Ok(value) => Ok(Evaluated::Values(value.into_attribute_values())),
            Err(Interrupt::Skip) => Ok(Evaluated::Skip),
            Err(Interrupt::Failure(error)) if self.is_redacted() => Err(error.redacted()),
            Err(Interrupt::Failure(error)) => Err(error),
        }
    }

    /// Evaluates and tells what each part came to.
    pub fn trace(&self, attributes: &Attributes, context: &EvaluationContext<'_>) -> Trace {
        let mut evaluator = Evaluator::new(attributes, context);
        evaluator.recorder = Some(trace::Recorder::default());
        // The outcome of the whole is recorded like that of every part.
        let _ = evaluator.value(&self.root);
        let recorder = evaluator.recorder.unwrap_or_default();
        recorder.trace(&self.root)
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.root.fmt(f)
    }
}

impl std::str::FromStr for Expression {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl EvaluationError {
    /// Messages quote values, and this one must not.
    fn redacted(self) -> Self {
        Self {
            message: "The message is hidden, because the expression uses Redact.".to_owned(),
            ..self
        }
    }
}

/// `True` or `False` in any case.
pub(crate) fn boolean(text: &str) -> Option<bool> {
    value::boolean_in(text)
}

/// The instant that a text names: as `CDate` reads it, or in the form of LDAP (RFC 4517, 3.3.13).
pub(crate) fn instant(text: &str) -> Option<OffsetDateTime> {
    let date = date::Date::read(text).or_else(|| date::Date::read_generalized(text))?;
    Some(date.instant())
}

/// The text as an expression writes it, between quotation marks.
pub(crate) fn quoted_text(text: &str) -> String {
    syntax::Quoted(text).to_string()
}

/// The spelling of a parameter in [`PARAMETERS`], or as it was written.
fn canonical_parameter(name: &str) -> String {
    let known = PARAMETERS
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(name));
    known.unwrap_or(name).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> EvaluationError {
        let expression = Expression::parse(text).unwrap();
        let object = examples::object();
        examples::in_context(|context| expression.evaluate(&object, context)).unwrap_err()
    }

    #[test]
    fn an_expression_names_what_it_depends_on() {
        let expression =
            Expression::parse("Join(\"@\", [sn], [mail] & [SN], %DomainFQDN%, %Other%)").unwrap();
        let names: Vec<&str> = expression.attributes().iter().map(|n| n.as_str()).collect();
        assert_eq!(names, ["sn", "mail"]);
        assert_eq!(expression.parameters(), ["DomainFQDN", "Other"]);
    }

    #[test]
    fn an_error_names_the_function_and_its_place() {
        assert_eq!(
            error("Trim(Left([mail], \"x\"))").to_string(),
            "Left: The argument numChars \"x\" is not a whole number. (character 6)"
        );
        assert_eq!(
            error("[proxyAddresses] = \"a\"").to_string(),
            "A comparison needs one value on each side, and here are 2. (character 1)"
        );
        assert_eq!(
            error("\"a\" & [objectSid]").to_string(),
            "An operand of & is binary and has no text form. (character 7)"
        );
    }

    #[test]
    fn an_error_does_not_quote_what_redact_hides() {
        let error = error("CDate(Redact([mail]))");
        assert_eq!(error.function.as_deref(), Some("CDate"));
        assert!(!error.to_string().contains("zoe"), "{error}");
    }

    #[test]
    fn random_values_depend_on_the_seed_alone() {
        let expression = Expression::parse("Guid() & RandomString(20, 1, 1, 1, 1)").unwrap();
        let with_seed = |byte| {
            let context = EvaluationContext {
                seed: [byte; 32],
                ..EvaluationContext::at(examples::NOW)
            };
            expression.evaluate(&Attributes::new(), &context)
        };
        assert_eq!(with_seed(1), with_seed(1));
        assert_ne!(with_seed(1), with_seed(2));
    }
}
