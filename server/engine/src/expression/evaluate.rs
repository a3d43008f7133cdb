//! From nodes to a value, for one object.
//!
//! Evaluation is lazy: a function evaluates the arguments it needs, so `Error` in the branch not
//! taken does no harm. It is bounded: an expression has no loops, its depth is limited by the
//! parser, and everything that grows is weighed against one allowance ([`Allowance`]).

use super::{
    EvaluationContext, EvaluationError,
    allowance::Allowance,
    compare,
    date::Date,
    random::Random,
    syntax::{Call, Constant, Node, NodeKind},
    trace::{Recorded, Recorder},
    value::{Scalar, Unreadable, Value},
};
use crate::directory::Attributes;

/// Why there is no value.
#[derive(Clone, Debug)]
pub(super) enum Interrupt {
    /// `IgnoreFlowIfNullOrEmpty` takes the whole mapping out of the request.
    Skip,
    Failure(EvaluationError),
}

pub(super) type Outcome<T = Value> = Result<T, Interrupt>;

pub(super) struct Evaluator<'e> {
    pub(super) attributes: &'e Attributes,
    pub(super) context: &'e EvaluationContext<'e>,
    pub(super) allowance: Allowance,
    pub(super) random: Random,
    pub(super) recorder: Option<Recorder>,
}

impl<'e> Evaluator<'e> {
    pub(super) fn new(attributes: &'e Attributes, context: &'e EvaluationContext<'e>) -> Self {
        Self {
            attributes,
            context,
            allowance: Allowance::new(),
            random: Random::from_seed(context.seed),
            recorder: None,
        }
    }

    pub(super) fn value(&mut self, node: &Node) -> Outcome {
        let outcome = self.unrecorded(node).and_then(|value| {
            let allowed = self.allowance.take(value.weight());
            allowed.map_err(|message| failure(node, format!("The value {message}.")))?;
            Ok(value)
        });
        if let Some(recorder) = &mut self.recorder {
            recorder.record(node, Recorded::of(&outcome));
        }
        outcome
    }

    fn unrecorded(&mut self, node: &Node) -> Outcome {
        match &node.kind {
            NodeKind::Attribute(name) => Ok(Value::of_attribute(self.attributes.get(name))),
            NodeKind::Text(text) => Ok(text.as_str().into()),
            NodeKind::Number(number) => Ok((*number).into()),
            NodeKind::Constant(constant) => Ok(constant_value(*constant)),
            NodeKind::Parameter(name) => self.parameter(node, name),
            NodeKind::Call(call) => self.call(node, call),
            NodeKind::Concatenation(operands) => self.concatenation(operands),
            NodeKind::Comparison(comparison) => {
                let left = self.value(&comparison.left)?;
                let right = self.value(&comparison.right)?;
                compare::compare(comparison.operator, &left, &right)
                    .map(Value::from)
                    .map_err(|message| failure(node, message))
            }
        }
    }

    fn parameter(&self, node: &Node, name: &str) -> Outcome {
        let mut parameters = self.context.parameters.iter();
        let found = parameters.find(|(known, _)| known.eq_ignore_ascii_case(name));
        match found {
            Some((_, value)) => Ok(value.as_str().into()),
            None => Err(failure(node, format!("There is no parameter %{name}%."))),
        }
    }

    /// Nulls are skipped; everything else stands as text.
    fn concatenation(&mut self, operands: &[Node]) -> Outcome {
        let mut joined = String::new();
        for operand in operands {
            let value = self.value(operand)?;
            let text = text_of(value)
                .map_err(|message| failure(operand, format!("An operand of & {message}.")))?;
            joined.push_str(&text.unwrap_or_default());
        }
        Ok(joined.into())
    }

    /// Not inlined, so that the recursion through nodes of other kinds stays small.
    #[inline(never)]
    fn call(&mut self, node: &Node, call: &Call) -> Outcome {
        call.function.evaluate(&mut Arguments {
            evaluator: self,
            node,
            call,
        })
    }
}

/// A failure outside any function.
fn failure(node: &Node, message: String) -> Interrupt {
    Interrupt::Failure(EvaluationError {
        position: node.range.start,
        function: None,
        message,
    })
}

fn constant_value(constant: Constant) -> Value {
    match constant {
        Constant::True => true.into(),
        Constant::False => false.into(),
        Constant::Null => Value::Null,
        Constant::Choice(name) => name.into(),
    }
}

/// The one value there is; a message when there are several.
fn single(value: Value) -> Result<Option<Scalar>, Unreadable> {
    match value {
        Value::Null => Ok(None),
        Value::One(scalar) => Ok(Some(scalar)),
        Value::Many(scalars) => Err(format!("has {} values where one is needed", scalars.len())),
    }
}

fn text_of(value: Value) -> Result<Option<String>, Unreadable> {
    single(value)?.map(Scalar::into_text).transpose()
}

/// The slots of one call, evaluated when a function asks for them.
///
/// Slots are counted from 0. A slot that is empty or left off is null.
pub(super) struct Arguments<'a, 'e, 'n> {
    evaluator: &'a mut Evaluator<'e>,
    node: &'n Node,
    call: &'n Call,
}

impl<'e> Arguments<'_, 'e, '_> {
    pub(super) fn count(&self) -> usize {
        self.call.slots.len()
    }

    /// Whether anything stands in the slot, even if it is null in the end.
    pub(super) fn is_supplied(&self, slot: usize) -> bool {
        self.call.slots.get(slot).is_some_and(Option::is_some)
    }

    pub(super) fn context(&self) -> &'e EvaluationContext<'e> {
        self.evaluator.context
    }

    pub(super) fn allowance(&self) -> &Allowance {
        &self.evaluator.allowance
    }

    pub(super) fn random(&mut self) -> &mut Random {
        &mut self.evaluator.random
    }

    /// Evaluates the slot; ask for each at most once, or nested calls cost more and more.
    pub(super) fn value(&mut self, slot: usize) -> Outcome {
        match self.call.slots.get(slot) {
            Some(Some(node)) => self.evaluator.value(node),
            Some(None) | None => Ok(Value::Null),
        }
    }

    /// One value or nothing; several are an error.
    pub(super) fn single(&mut self, slot: usize) -> Outcome<Option<Scalar>> {
        let value = self.value(slot)?;
        self.readable(slot, single(value))
    }

    /// One value as text.
    pub(super) fn text(&mut self, slot: usize) -> Outcome<Option<String>> {
        let value = self.value(slot)?;
        self.readable(slot, text_of(value))
    }

    /// One value as text; nothing is empty text, as for separators and suffixes.
    pub(super) fn text_or_empty(&mut self, slot: usize) -> Outcome<String> {
        Ok(self.text(slot)?.unwrap_or_default())
    }

    pub(super) fn integer(&mut self, slot: usize) -> Outcome<Option<i64>> {
        let scalar = self.single(slot)?;
        self.readable(slot, scalar.map(|scalar| scalar.to_integer()).transpose())
    }

    pub(super) fn required_integer(&mut self, slot: usize) -> Outcome<i64> {
        match self.integer(slot)? {
            Some(number) => Ok(number),
            None => self.readable(
                slot,
                Err("has no value where a number is needed".to_owned()),
            ),
        }
    }

    /// A date, or a text that is read as one; nothing for empty text.
    pub(super) fn date(&mut self, slot: usize) -> Outcome<Option<Date>> {
        let scalar = self.single(slot)?;
        let date = scalar.map(|scalar| scalar.to_date()).transpose();
        Ok(self.readable(slot, date)?.flatten())
    }

    /// Each value of the slot as text, changed by `change`. Values that become nothing drop out.
    pub(super) fn each_text<T: Into<Scalar>>(
        &mut self,
        slot: usize,
        change: impl FnMut(&mut Self, String) -> Outcome<Option<T>>,
    ) -> Outcome {
        let value = self.value(slot)?;
        self.each_text_of(slot, value, change)
    }

    /// The same, of a value that the slot gave before.
    pub(super) fn each_text_of<T: Into<Scalar>>(
        &mut self,
        slot: usize,
        value: Value,
        mut change: impl FnMut(&mut Self, String) -> Outcome<Option<T>>,
    ) -> Outcome {
        let mut changed = Vec::new();
        for scalar in value.into_scalars() {
            let text = self.readable(slot, scalar.into_text())?;
            changed.extend(change(self, text)?.map(Into::into));
        }
        Ok(Value::of(changed))
    }

    /// The same, with one empty text where there is nothing.
    pub(super) fn each_text_or_empty<T: Into<Scalar>>(
        &mut self,
        slot: usize,
        change: impl FnMut(&mut Self, String) -> Outcome<Option<T>>,
    ) -> Outcome {
        let changed = self.each_text(slot, change)?;
        Ok(if changed == Value::Null {
            "".into()
        } else {
            changed
        })
    }

    /// Whether the condition in the slot holds; nothing is False.
    pub(super) fn condition(&mut self, slot: usize) -> Outcome<bool> {
        let scalar = self.single(slot)?;
        let condition = scalar.map(|scalar| scalar.to_condition()).transpose();
        Ok(self.readable(slot, condition)?.unwrap_or(false))
    }

    /// Reports what is wrong with the value of a slot.
    pub(super) fn readable<T>(&self, slot: usize, read: Result<T, Unreadable>) -> Outcome<T> {
        read.or_else(|what| {
            let parameter = self.call.function.parameter_name(slot);
            self.fail(format!("The argument {parameter} {what}."))
        })
    }

    /// Takes from the allowance before something is made that may be large.
    pub(super) fn allow(&self, weight: u64) -> Outcome<()> {
        let allowed = self.evaluator.allowance.take(weight);
        allowed.or_else(|what| self.fail(format!("The result {what}.")))
    }

    pub(super) fn fail<T>(&self, message: impl Into<String>) -> Outcome<T> {
        Err(Interrupt::Failure(EvaluationError {
            position: self.node.range.start,
            function: Some(self.call.function.name.to_owned()),
            message: message.into(),
        }))
    }
}
