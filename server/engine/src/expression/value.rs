//! Values inside an expression, and how one kind is read as another.
//!
//! Dates and references live only here: an attribute brings text, numbers, truth values and
//! bytes, and a date leaves the expression as text.

use super::date::Date;
use crate::directory::AttributeValue;

/// Nothing, one value or several. A list of one is that one, an empty list is nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Value {
    #[default]
    Null,
    One(Scalar),
    /// Two or more.
    Many(Vec<Scalar>),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Scalar {
    Text(String),
    /// A distinguished name; reads as text.
    Reference(String),
    Integer(i64),
    Boolean(bool),
    Date(Date),
    Binary(Vec<u8>),
}

/// Why a value cannot be read as what is wanted. The text follows "the value ".
pub(crate) type Unreadable = String;

impl Value {
    pub(super) fn of(mut scalars: Vec<Scalar>) -> Self {
        match scalars.len() {
            0 => Self::Null,
            1 => Self::One(scalars.remove(0)),
            _ => Self::Many(scalars),
        }
    }

    pub(super) fn of_attribute(values: &[AttributeValue]) -> Self {
        Self::of(values.iter().map(Scalar::of_attribute).collect())
    }

    pub(super) fn scalars(&self) -> &[Scalar] {
        match self {
            Self::Null => &[],
            Self::One(scalar) => std::slice::from_ref(scalar),
            Self::Many(scalars) => scalars,
        }
    }

    pub(super) fn into_scalars(self) -> Vec<Scalar> {
        match self {
            Self::Null => Vec::new(),
            Self::One(scalar) => vec![scalar],
            Self::Many(scalars) => scalars,
        }
    }

    pub(super) fn into_attribute_values(self) -> Vec<AttributeValue> {
        let scalars = self.into_scalars().into_iter();
        scalars.map(Scalar::into_attribute_value).collect()
    }

    pub(super) fn is_null_or_empty(&self) -> bool {
        match self {
            Self::Null => true,
            Self::One(Scalar::Text(text) | Scalar::Reference(text)) => text.is_empty(),
            Self::One(_) | Self::Many(_) => false,
        }
    }

    /// What the value weighs against the limits of an evaluation: about its bytes in memory.
    pub(super) fn weight(&self) -> u64 {
        self.scalars().iter().map(Scalar::weight).sum()
    }
}

impl<T: Into<Scalar>> From<T> for Value {
    fn from(scalar: T) -> Self {
        Self::One(scalar.into())
    }
}

impl<T: Into<Scalar>> From<Option<T>> for Value {
    fn from(scalar: Option<T>) -> Self {
        scalar.map_or(Self::Null, |scalar| Self::One(scalar.into()))
    }
}

impl Scalar {
    fn of_attribute(value: &AttributeValue) -> Self {
        match value {
            AttributeValue::Text(text) => Self::Text(text.clone()),
            AttributeValue::Integer(number) => Self::Integer(*number),
            AttributeValue::Boolean(value) => Self::Boolean(*value),
            AttributeValue::Binary(bytes) => Self::Binary(bytes.clone()),
        }
    }

    fn into_attribute_value(self) -> AttributeValue {
        match self {
            Self::Text(text) | Self::Reference(text) => AttributeValue::Text(text),
            Self::Integer(number) => AttributeValue::Integer(number),
            Self::Boolean(value) => AttributeValue::Boolean(value),
            Self::Date(date) => AttributeValue::Text(date.to_string()),
            Self::Binary(bytes) => AttributeValue::Binary(bytes),
        }
    }

    fn weight(&self) -> u64 {
        let bytes = match self {
            Self::Text(text) | Self::Reference(text) => text.len(),
            Self::Binary(bytes) => bytes.len(),
            Self::Integer(_) | Self::Boolean(_) | Self::Date(_) => 0,
        };
        size_of::<Self>() as u64 + bytes as u64
    }

    /// The text form, as CStr gives it.
    pub(super) fn into_text(self) -> Result<String, Unreadable> {
        match self {
            Self::Text(text) | Self::Reference(text) => Ok(text),
            Self::Integer(number) => Ok(number.to_string()),
            Self::Boolean(true) => Ok("True".to_owned()),
            Self::Boolean(false) => Ok("False".to_owned()),
            Self::Date(date) => Ok(date.to_string()),
            Self::Binary(_) => Err("is binary and has no text form".to_owned()),
        }
    }

    pub(super) fn to_integer(&self) -> Result<i64, Unreadable> {
        match self {
            Self::Integer(number) => Ok(*number),
            Self::Text(text) | Self::Reference(text) => {
                integer_in(text).ok_or_else(|| format!("{} is not a whole number", quoted(text)))
            }
            Self::Boolean(_) => Err("is True or False, not a number".to_owned()),
            Self::Date(_) => Err("is a date, not a number".to_owned()),
            Self::Binary(_) => Err("is binary, not a number".to_owned()),
        }
    }

    /// The truth of a condition, as CBool reads it: numbers other than 0 are true.
    pub(super) fn to_condition(&self) -> Result<bool, Unreadable> {
        match self {
            Self::Boolean(value) => Ok(*value),
            Self::Integer(number) => Ok(*number != 0),
            Self::Text(text) | Self::Reference(text) if text.is_empty() => Ok(false),
            Self::Text(text) | Self::Reference(text) => boolean_in(text)
                .or_else(|| integer_in(text).map(|number| number != 0))
                .ok_or_else(|| format!("{} is neither True, False nor a number", quoted(text))),
            Self::Date(_) => Err("is a date, not True or False".to_owned()),
            Self::Binary(_) => Err("is binary, not True or False".to_owned()),
        }
    }

    /// A date, or a text that CDate reads; empty text is nothing.
    pub(super) fn to_date(&self) -> Result<Option<Date>, Unreadable> {
        match self {
            Self::Date(date) => Ok(Some(*date)),
            Self::Text(text) | Self::Reference(text) if text.is_empty() => Ok(None),
            Self::Text(text) | Self::Reference(text) => Date::read(text)
                .map(Some)
                .ok_or_else(|| format!("{} is not a date", quoted(text))),
            Self::Integer(_) => Err("is a number, not a date".to_owned()),
            Self::Boolean(_) => Err("is True or False, not a date".to_owned()),
            Self::Binary(_) => Err("is binary, not a date".to_owned()),
        }
    }
}

impl From<String> for Scalar {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Scalar {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<i64> for Scalar {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<bool> for Scalar {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<Date> for Scalar {
    fn from(date: Date) -> Self {
        Self::Date(date)
    }
}

/// A whole number in decimal or, after `&H`, in hexadecimal digits.
pub(crate) fn integer_in(text: &str) -> Option<i64> {
    let text = text.trim();
    match text.strip_prefix("&H").or_else(|| text.strip_prefix("&h")) {
        Some(digits) if digits.starts_with('+') => None,
        Some(digits) => u64::from_str_radix(digits, 16).ok().map(u64::cast_signed),
        None => text.parse().ok(),
    }
}

/// `True` or `False` in any case.
pub(crate) fn boolean_in(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

/// A text for a message: in quotation marks, not longer than a line.
pub(crate) fn quoted(text: &str) -> String {
    const LONGEST: usize = 60;
    if text.chars().count() <= LONGEST {
        return format!("\"{text}\"");
    }
    let beginning: String = text.chars().take(LONGEST).collect();
    format!("\"{beginning}…\"")
}
