//! The six comparisons.

use std::cmp::Ordering;

use super::{
    syntax::Operator,
    value::{Scalar, Value, boolean_in},
};

/// Whether the comparison holds; a message when the two cannot be compared.
///
/// Nothing equals nothing and empty text, and is in no order with anything. Otherwise the first
/// of date, truth value and number that stands on either side decides how both are read; texts
/// compare by their code units, with regard to case.
pub(super) fn compare(operator: Operator, left: &Value, right: &Value) -> Result<bool, String> {
    if *left == Value::Null || *right == Value::Null {
        let equal = left.is_null_or_empty() && right.is_null_or_empty();
        return Ok(equality(operator, equal).unwrap_or(false));
    }
    match (operand(left)?, operand(right)?) {
        (left @ Scalar::Date(_), right) | (left, right @ Scalar::Date(_)) => {
            dates(operator, left, right)
        }
        (left @ Scalar::Boolean(_), right) | (left, right @ Scalar::Boolean(_)) => {
            let equal = boolean(left).is_some() && boolean(left) == boolean(right);
            equality(operator, equal)
                .ok_or_else(|| "True and False are in no order; compare them with = or <>.".into())
        }
        (left @ Scalar::Integer(_), right) | (left, right @ Scalar::Integer(_)) => {
            numbers(operator, left, right)
        }
        (left, right) => texts(operator, left, right),
    }
}

fn operand(value: &Value) -> Result<&Scalar, String> {
    match value.scalars() {
        [scalar] => Ok(scalar),
        several => Err(format!(
            "A comparison needs one value on each side, and here are {}.",
            several.len()
        )),
    }
}

fn dates(operator: Operator, left: &Scalar, right: &Scalar) -> Result<bool, String> {
    let date = |scalar: &Scalar| {
        let date = scalar.to_date();
        date.map_err(|what| format!("A value compared with a date {what}."))
    };
    match (date(left)?, date(right)?) {
        (Some(left), Some(right)) => Ok(holds(operator, left.cmp(&right))),
        _ => Ok(equality(operator, false).unwrap_or(false)),
    }
}

fn boolean(scalar: &Scalar) -> Option<bool> {
    match scalar {
        Scalar::Boolean(value) => Some(*value),
        Scalar::Text(text) | Scalar::Reference(text) => boolean_in(text),
        Scalar::Integer(_) | Scalar::Date(_) | Scalar::Binary(_) => None,
    }
}

fn numbers(operator: Operator, left: &Scalar, right: &Scalar) -> Result<bool, String> {
    match (left.to_integer(), right.to_integer()) {
        (Ok(left), Ok(right)) => Ok(holds(operator, left.cmp(&right))),
        (Err(what), _) | (_, Err(what)) => equality(operator, false)
            .ok_or_else(|| format!("A value compared with a number {what}.")),
    }
}

fn texts(operator: Operator, left: &Scalar, right: &Scalar) -> Result<bool, String> {
    let text = |scalar: &Scalar| {
        let text = scalar.clone().into_text();
        text.map_err(|what| format!("A compared value {what}."))
    };
    let (left, right) = (text(left)?, text(right)?);
    Ok(holds(
        operator,
        left.encode_utf16().cmp(right.encode_utf16()),
    ))
}

fn holds(operator: Operator, ordering: Ordering) -> bool {
    match operator {
        Operator::Equal => ordering.is_eq(),
        Operator::NotEqual => ordering.is_ne(),
        Operator::Less => ordering.is_lt(),
        Operator::LessOrEqual => ordering.is_le(),
        Operator::Greater => ordering.is_gt(),
        Operator::GreaterOrEqual => ordering.is_ge(),
    }
}

/// What `=` and `<>` say; None for the operators that need an order.
fn equality(operator: Operator, equal: bool) -> Option<bool> {
    match operator {
        Operator::Equal => Some(equal),
        Operator::NotEqual => Some(!equal),
        Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => {
            None
        }
    }
}
