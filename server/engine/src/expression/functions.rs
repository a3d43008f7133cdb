//! The functions of the language: what each is called, takes and gives.
//!
//! One file per function. A new function is one file and one line in [`ALL`]; its examples are
//! run by the tests below and shown as help in the portal.

mod app_role_assignments;
mod app_role_assignments_complex;
mod append;
mod assertive_app_role_assignments_complex;
mod bit_and;
mod c_bool;
mod c_date;
mod c_ref;
mod c_str;
mod coalesce;
mod contains;
mod convert_from_base64;
mod convert_to_base64;
mod convert_to_utf8_hex;
mod count;
mod date_add;
mod date_diff;
mod date_from_num;
mod default_domain;
mod dn_component;
mod error;
mod format_date_time;
mod guid;
mod ignore_flow_if_null_or_empty;
mod iif;
mod in_str;
mod is_nothing;
mod is_null;
mod is_null_or_empty;
mod is_present;
mod is_string;
mod item;
mod join;
mod left;
mod mid;
mod normalize_diacritics;
mod not;
mod now;
mod num_from_date;
mod p_case;
mod prepend;
mod random_string;
mod redact;
mod remove_duplicates;
mod replace;
mod select_unique_value;
mod single_app_role_assignment;
mod split;
mod string_from_sid;
mod strip_spaces;
mod switch;
mod to_lower;
mod to_upper;
mod trim;
mod word;

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{
    ParseError,
    evaluate::{Arguments, Outcome},
    syntax::{Node, NodeKind},
};

/// Every function, in alphabetical order.
pub static ALL: &[&Function] = &[
    &append::FUNCTION,
    &app_role_assignments::FUNCTION,
    &app_role_assignments_complex::FUNCTION,
    &assertive_app_role_assignments_complex::FUNCTION,
    &bit_and::FUNCTION,
    &c_bool::FUNCTION,
    &c_date::FUNCTION,
    &coalesce::FUNCTION,
    &contains::FUNCTION,
    &convert_from_base64::FUNCTION,
    &convert_to_base64::FUNCTION,
    &convert_to_utf8_hex::FUNCTION,
    &count::FUNCTION,
    &c_ref::FUNCTION,
    &c_str::FUNCTION,
    &date_add::FUNCTION,
    &date_diff::FUNCTION,
    &date_from_num::FUNCTION,
    &default_domain::FUNCTION,
    &dn_component::FUNCTION,
    &error::FUNCTION,
    &format_date_time::FUNCTION,
    &guid::FUNCTION,
    &ignore_flow_if_null_or_empty::FUNCTION,
    &iif::FUNCTION,
    &in_str::FUNCTION,
    &is_nothing::FUNCTION,
    &is_null::FUNCTION,
    &is_null_or_empty::FUNCTION,
    &is_present::FUNCTION,
    &is_string::FUNCTION,
    &item::FUNCTION,
    &join::FUNCTION,
    &left::FUNCTION,
    &mid::FUNCTION,
    &normalize_diacritics::FUNCTION,
    &not::FUNCTION,
    &now::FUNCTION,
    &num_from_date::FUNCTION,
    &p_case::FUNCTION,
    &prepend::FUNCTION,
    &random_string::FUNCTION,
    &redact::FUNCTION,
    &remove_duplicates::FUNCTION,
    &replace::FUNCTION,
    &select_unique_value::FUNCTION,
    &single_app_role_assignment::FUNCTION,
    &split::FUNCTION,
    &string_from_sid::FUNCTION,
    &strip_spaces::FUNCTION,
    &switch::FUNCTION,
    &to_lower::FUNCTION,
    &to_upper::FUNCTION,
    &trim::FUNCTION,
    &word::FUNCTION,
];

/// One function: its help, and how it is computed.
pub struct Function {
    pub name: &'static str,
    /// One or two sentences.
    pub summary: &'static str,
    pub parameters: &'static [Parameter],
    /// Each holds for [`super::examples::object`].
    pub examples: &'static [Example],
    placement: Placement,
    slots: SlotRule,
    literals: LiteralRule,
    evaluate: fn(&mut Arguments<'_, '_, '_>) -> Outcome,
}

/// What one argument means.
pub struct Parameter {
    pub name: &'static str,
    pub description: &'static str,
    pub presence: Presence,
}

/// Whether an argument has to be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Presence {
    Required,
    Optional,
    /// The last parameters may repeat together, any number of times; once is required.
    Repeating,
}

/// An expression and its value as text; several values are joined by ` · `, nothing is `(null)`.
pub struct Example {
    pub expression: &'static str,
    pub result: &'static str,
}

/// Where a call may stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Placement {
    Anywhere,
    /// Only as the whole expression.
    WholeExpression,
}

/// Which slots have to be filled.
#[derive(Clone, Copy)]
enum SlotRule {
    /// As the parameters say.
    ByParameters,
    /// The function decides; the answer is a message for the author.
    Own(fn(&[Option<Node>]) -> Result<(), String>),
}

/// Finds the first argument that is written out and can never work, such as a malformed pattern.
type LiteralRule = fn(&[Option<Node>]) -> Result<(), Mistake>;

/// An argument that can never work.
struct Mistake {
    slot: usize,
    message: String,
}

impl Function {
    /// A function without arguments, to be completed by the methods below.
    const fn new(
        name: &'static str,
        summary: &'static str,
        evaluate: fn(&mut Arguments<'_, '_, '_>) -> Outcome,
    ) -> Self {
        Self {
            name,
            summary,
            parameters: &[],
            examples: &[],
            placement: Placement::Anywhere,
            slots: SlotRule::ByParameters,
            literals: |_| Ok(()),
            evaluate,
        }
    }

    const fn parameters(mut self, parameters: &'static [Parameter]) -> Self {
        self.parameters = parameters;
        self
    }

    const fn examples(mut self, examples: &'static [Example]) -> Self {
        self.examples = examples;
        self
    }

    const fn slot_rule(mut self, rule: fn(&[Option<Node>]) -> Result<(), String>) -> Self {
        self.slots = SlotRule::Own(rule);
        self
    }

    const fn literal_rule(mut self, rule: LiteralRule) -> Self {
        self.literals = rule;
        self
    }

    const fn placement(mut self, placement: Placement) -> Self {
        self.placement = placement;
        self
    }

    /// For example `Mid(source, start, [length])`.
    pub fn signature(&self) -> String {
        let parameters: Vec<String> = self.parameters.iter().map(Parameter::signature).collect();
        let ellipsis = if self.repeats() { ", …" } else { "" };
        format!("{}({}{ellipsis})", self.name, parameters.join(", "))
    }

    /// What an argument is called, for messages. Repeated ones share the names.
    pub(super) fn parameter_name(&self, slot: usize) -> &'static str {
        let last = self.parameters.last();
        let parameter = self.parameters.get(slot).or(last);
        parameter.map_or("", |parameter| parameter.name)
    }

    fn repeats(&self) -> bool {
        let is_repeating = |p: &Parameter| p.presence == Presence::Repeating;
        self.parameters.iter().any(is_repeating)
    }

    pub(super) fn evaluate(&self, arguments: &mut Arguments<'_, '_, '_>) -> Outcome {
        (self.evaluate)(arguments)
    }

    /// Drops surplus empty slots; refuses surplus arguments and missing ones.
    pub(super) fn check_slots(&self, slots: &mut Vec<Option<Node>>) -> Result<(), String> {
        let most = self.parameters.len();
        if !self.repeats() && slots.len() > most {
            if slots[most..].iter().any(Option::is_some) {
                return Err(self.too_many_arguments());
            }
            slots.truncate(most);
        }
        match self.slots {
            SlotRule::ByParameters => self.check_required(slots),
            SlotRule::Own(rule) => rule(slots),
        }
        .map_err(|message| format!("{message} {}", self.signature()))
    }

    /// Refuses arguments that are written out and can never work.
    pub(super) fn check_literals(&self, slots: &[Option<Node>]) -> Result<(), ParseError> {
        (self.literals)(slots).map_err(|mistake| {
            let node = slots.get(mistake.slot).and_then(Option::as_ref);
            ParseError {
                position: node.map_or(1, |node| node.range.start),
                message: format!("{}: {}", self.name, mistake.message),
            }
        })
    }

    fn check_required(&self, slots: &[Option<Node>]) -> Result<(), String> {
        for (index, parameter) in self.parameters.iter().enumerate() {
            let supplied = match parameter.presence {
                Presence::Optional => true,
                Presence::Required => slots.get(index).is_some_and(Option::is_some),
                Presence::Repeating => slots.iter().skip(index).any(Option::is_some),
            };
            if !supplied {
                let (function, parameter) = (self.name, parameter.name);
                return Err(format!("{function} needs its argument {parameter}:"));
            }
        }
        Ok(())
    }

    fn too_many_arguments(&self) -> String {
        let name = self.name;
        match self.parameters.len() {
            0 => format!("{name} takes no arguments: {name}()"),
            1 => format!("{name} takes one argument: {}", self.signature()),
            most => format!(
                "{name} takes at most {most} arguments: {}",
                self.signature()
            ),
        }
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl Parameter {
    fn signature(&self) -> String {
        match self.presence {
            Presence::Required | Presence::Repeating => self.name.to_owned(),
            Presence::Optional => format!("[{}]", self.name),
        }
    }
}

const fn required(name: &'static str, description: &'static str) -> Parameter {
    Parameter {
        name,
        description,
        presence: Presence::Required,
    }
}

const fn optional(name: &'static str, description: &'static str) -> Parameter {
    Parameter {
        name,
        description,
        presence: Presence::Optional,
    }
}

const fn repeating(name: &'static str, description: &'static str) -> Parameter {
    Parameter {
        name,
        description,
        presence: Presence::Repeating,
    }
}

const fn example(expression: &'static str, result: &'static str) -> Example {
    Example { expression, result }
}

/// Applies a check to an argument that is written out; what is computed is checked later.
fn check_literal(
    slots: &[Option<Node>],
    slot: usize,
    check: impl FnOnce(&str) -> Result<(), String>,
) -> Result<(), Mistake> {
    let node = slots.get(slot).and_then(Option::as_ref);
    match node.and_then(Node::literal_text) {
        Some(literal) => check(literal).map_err(|message| Mistake { slot, message }),
        None => Ok(()),
    }
}

/// Finds a function without regard to case.
pub fn find(name: &str) -> Option<&'static Function> {
    let is_named = |function: &&&Function| function.name.eq_ignore_ascii_case(name);
    ALL.iter().find(is_named).copied()
}

/// Refuses functions that stand inside others though they may only be the whole expression.
pub(super) fn check_placement(whole: &Node) -> Result<(), ParseError> {
    let mut misplaced = None;
    whole.visit(&mut |node| {
        let NodeKind::Call(call) = &node.kind else {
            return;
        };
        let restricted = call.function.placement == Placement::WholeExpression;
        if restricted && node.id != whole.id && misplaced.is_none() {
            misplaced = Some(ParseError {
                position: node.range.start,
                message: format!(
                    "{} can only be the whole expression, not a part of it.",
                    call.function.name
                ),
            });
        }
    });
    misplaced.map_or(Ok(()), Err)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expression::{Evaluated, Expression, examples};

    fn result(expression: &str) -> String {
        let expression = match Expression::parse(expression) {
            Ok(expression) => expression,
            Err(error) => return error.to_string(),
        };
        let object = examples::object();
        match examples::in_context(|context| expression.evaluate(&object, context)) {
            Ok(Evaluated::Values(values)) if values.is_empty() => "(null)".to_owned(),
            Ok(Evaluated::Values(values)) => {
                let texts: Vec<String> = values.iter().map(ToString::to_string).collect();
                texts.join(" · ")
            }
            Ok(Evaluated::Skip) => "(skip)".to_owned(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn every_example_evaluates_to_its_result() {
        for function in ALL {
            assert!(!function.examples.is_empty(), "{}", function.name);
            for example in function.examples {
                assert_eq!(
                    result(example.expression),
                    example.result,
                    "{}",
                    example.expression
                );
            }
        }
    }

    #[test]
    fn functions_are_listed_in_alphabetical_order() {
        let names: Vec<String> = ALL.iter().map(|f| f.name.to_lowercase()).collect();
        assert!(names.is_sorted_by(|left, right| left < right), "{names:?}");
    }

    #[test]
    fn signatures_show_what_may_be_left_off_and_what_repeats() {
        let signature = |name: &str| find(name).unwrap().signature();
        assert_eq!(signature("mid"), "Mid(source, start, [length])");
        assert_eq!(
            signature("Switch"),
            "Switch(source, [defaultValue], key, value, …)"
        );
    }
}
