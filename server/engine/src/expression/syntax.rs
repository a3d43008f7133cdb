//! What a parsed expression is made of, and how it prints: the canonical form.

use std::fmt;

use super::functions::Function;
use crate::directory::AttributeName;

/// One sub-expression with its place in the text.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// Counts the nodes of an expression from 0, children after their parent's start.
    pub(super) id: usize,
    pub(super) range: TextRange,
    pub(super) kind: NodeKind,
}

#[derive(Clone, Debug)]
pub(super) enum NodeKind {
    Attribute(AttributeName),
    Text(String),
    Number(i64),
    Parameter(String),
    Constant(Constant),
    Call(Call),
    /// Two or more operands of `&`.
    Concatenation(Vec<Node>),
    Comparison(Box<Comparison>),
}

/// A function with its slots; an empty slot is an argument that was not supplied.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) function: &'static Function,
    pub(super) slots: Vec<Option<Node>>,
}

#[derive(Clone, Debug)]
pub(super) struct Comparison {
    pub(super) operator: Operator,
    pub(super) left: Node,
    pub(super) right: Node,
}

/// Where a sub-expression stands: characters counted from 1, the end not included.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize,
)]
pub struct TextRange {
    pub start: usize,
    pub end: usize,
}

/// The six comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Operator {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }
}

/// A word that stands for a value without quotation marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Constant {
    True,
    False,
    Null,
    /// A choice that some function offers, for example `vbTextCompare`; the same as its text.
    Choice(&'static str),
}

const CHOICES: [&str; 7] = [
    "vbBinaryCompare",
    "vbTextCompare",
    "Unicode",
    "ASCII",
    "UTF8",
    "CaseInsensitive",
    "CaseSensitive",
];

impl Constant {
    /// Finds a constant without regard to case.
    pub(super) fn find(word: &str) -> Option<Self> {
        let is = |name: &str| word.eq_ignore_ascii_case(name);
        if is("True") {
            Some(Self::True)
        } else if is("False") {
            Some(Self::False)
        } else if is("NULL") {
            Some(Self::Null)
        } else {
            let choice = CHOICES.into_iter().find(|choice| is(choice))?;
            Some(Self::Choice(choice))
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::True => "True",
            Self::False => "False",
            Self::Null => "NULL",
            Self::Choice(name) => name,
        }
    }
}

impl Node {
    /// The nodes directly below, in the order of the text.
    pub(super) fn children(&self) -> Vec<&Node> {
        match &self.kind {
            NodeKind::Attribute(_)
            | NodeKind::Text(_)
            | NodeKind::Number(_)
            | NodeKind::Parameter(_)
            | NodeKind::Constant(_) => Vec::new(),
            NodeKind::Call(call) => call.slots.iter().flatten().collect(),
            NodeKind::Concatenation(operands) => operands.iter().collect(),
            NodeKind::Comparison(comparison) => vec![&comparison.left, &comparison.right],
        }
    }

    /// The text, when it is one that is written there and not computed.
    pub(super) fn literal_text(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Text(text) => Some(text),
            NodeKind::Attribute(_)
            | NodeKind::Number(_)
            | NodeKind::Parameter(_)
            | NodeKind::Constant(_)
            | NodeKind::Call(_)
            | NodeKind::Concatenation(_)
            | NodeKind::Comparison(_) => None,
        }
    }

    /// This node and all below it, in the order of the text.
    pub(super) fn visit<'a>(&'a self, see: &mut impl FnMut(&'a Node)) {
        see(self);
        for child in self.children() {
            child.visit(see);
        }
    }
}

impl Node {
    pub(super) fn is_redact(&self) -> bool {
        matches!(&self.kind, NodeKind::Call(call) if call.function.name == "Redact")
    }

    /// Whether it is a `Redact` call or has one below it.
    pub(super) fn contains_redact(&self) -> bool {
        let mut contains = false;
        self.visit(&mut |node| contains |= node.is_redact());
        contains
    }
}

/// The canonical form: names in their own spelling, slots joined by a comma and a blank, slots
/// that were not supplied left empty.
impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            NodeKind::Attribute(name) => write!(f, "[{name}]"),
            NodeKind::Text(text) => Quoted(text).fmt(f),
            NodeKind::Number(number) => number.fmt(f),
            NodeKind::Parameter(name) => write!(f, "%{name}%"),
            NodeKind::Constant(constant) => f.write_str(constant.as_str()),
            NodeKind::Call(call) => call.fmt(f),
            NodeKind::Concatenation(operands) => write_concatenation(f, operands),
            NodeKind::Comparison(comparison) => comparison.fmt(f),
        }
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}(", self.function.name)?;
        for (index, slot) in self.slots.iter().enumerate() {
            if index > 0 {
                f.write_str(", ")?;
            }
            if let Some(node) = slot {
                node.fmt(f)?;
            }
        }
        f.write_str(")")
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_operand(f, &self.left)?;
        write!(f, " {} ", self.operator.as_str())?;
        write_operand(f, &self.right)
    }
}

fn write_concatenation(f: &mut fmt::Formatter<'_>, operands: &[Node]) -> fmt::Result {
    for (index, operand) in operands.iter().enumerate() {
        if index > 0 {
            f.write_str(" & ")?;
        }
        write_operand(f, operand)?;
    }
    Ok(())
}

/// Comparisons bind loosest, so they are the only operands that need parentheses.
fn write_operand(f: &mut fmt::Formatter<'_>, node: &Node) -> fmt::Result {
    match node.kind {
        NodeKind::Comparison(_) => write!(f, "({node})"),
        NodeKind::Attribute(_)
        | NodeKind::Text(_)
        | NodeKind::Number(_)
        | NodeKind::Parameter(_)
        | NodeKind::Constant(_)
        | NodeKind::Call(_)
        | NodeKind::Concatenation(_) => write!(f, "{node}"),
    }
}

/// A text between quotation marks.
pub(super) struct Quoted<'a>(pub(super) &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let escaped = self.0.replace('\\', "\\\\").replace('"', "\\\"");
        write!(f, "\"{escaped}\"")
    }
}
