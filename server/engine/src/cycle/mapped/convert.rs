//! Values in the form that the target keeps.

use time::format_description::well_known::Rfc3339;

use super::MappingError;
use crate::{
    configuration::{
        DirectoryExtension,
        extension::Target,
        schema::{AttributeType, USER_TYPE},
    },
    directory::{AttributeValue, Values},
    expression,
};

/// `is_copy`: the values are those of one source attribute.
pub(super) fn values(
    target: &Target,
    values: Values,
    is_copy: bool,
) -> Result<Values, MappingError> {
    let mut values: Values = values
        .into_iter()
        .filter(|value| value.as_text() != Some(""))
        .map(|given| value(target, given))
        .collect::<Result<_, _>>()?;
    let count = values.len();
    if count > 1 && !target.multi_valued {
        // Directories allow several values where the tenant takes one (cn, telephoneNumber): a
        // copy takes the first, a computed value must say what it means.
        if !is_copy {
            return Err(MappingError::SeveralValues {
                target: target.name.clone(),
                count,
            });
        }
        values.truncate(1);
    }
    match target.most_values {
        Some(most) if count > most => Err(MappingError::TooManyValues {
            target: target.name.clone(),
            most,
            count,
        }),
        _ => Ok(values),
    }
}

fn value(target: &Target, value: AttributeValue) -> Result<AttributeValue, MappingError> {
    let converted =
        typed(target.attribute_type, value).map_err(|(wanted, value)| MappingError::WrongType {
            target: target.name.clone(),
            wanted,
            value: value.to_string(),
        })?;
    if target.name == USER_TYPE.into() {
        return user_type(target, &converted);
    }
    check_length(target, &converted)?;
    Ok(converted)
}

type NotOfType = (&'static str, AttributeValue);

fn typed(wanted: AttributeType, value: AttributeValue) -> Result<AttributeValue, NotOfType> {
    use AttributeValue::{Boolean, Integer, Text};
    match (wanted, value) {
        (AttributeType::Boolean, Text(text)) => match expression::boolean(&text) {
            Some(truth) => Ok(Boolean(truth)),
            None => Err(("True or False", Text(text))),
        },
        (AttributeType::Boolean, value @ Boolean(_)) => Ok(value),
        (AttributeType::Boolean, value) => Err(("True or False", value)),
        (AttributeType::Integer, Text(text)) => match text.trim().parse() {
            Ok(number) => Ok(Integer(number)),
            Err(_) => Err(("a whole number", Text(text))),
        },
        (AttributeType::Integer, value @ Integer(_)) => Ok(value),
        (AttributeType::Integer, value) => Err(("a whole number", value)),
        (AttributeType::DateTime, Text(text)) => match date_time(&text) {
            Some(instant) => Ok(Text(instant)),
            None => Err(("a date and time", Text(text))),
        },
        (AttributeType::DateTime, value) => Err(("a date and time", value)),
        (AttributeType::Text, value @ (Boolean(_) | Integer(_))) => Ok(Text(value.to_string())),
        (AttributeType::Text | AttributeType::Binary | AttributeType::Reference, value) => {
            Ok(value)
        }
    }
}

/// From the form of LDAP (`20260131120000.0Z`), of ISO 8601 or of the expression language.
fn date_time(text: &str) -> Option<String> {
    let instant = expression::instant(text)?;
    instant.replace_nanosecond(0).ok()?.format(&Rfc3339).ok()
}

fn user_type(target: &Target, value: &AttributeValue) -> Result<AttributeValue, MappingError> {
    let known = ["Member", "Guest"].into_iter().find(|known| {
        value
            .as_text()
            .is_some_and(|text| text.eq_ignore_ascii_case(known))
    });
    known
        .map(AttributeValue::from)
        .ok_or_else(|| MappingError::WrongType {
            target: target.name.clone(),
            wanted: "Member or Guest",
            value: value.to_string(),
        })
}

fn check_length(target: &Target, value: &AttributeValue) -> Result<(), MappingError> {
    let count = match value {
        AttributeValue::Text(text) if target.is_extension => text.chars().count(),
        AttributeValue::Binary(bytes) if target.is_extension => bytes.len(),
        _ => 0,
    };
    let most = DirectoryExtension::LONGEST_VALUE;
    if count > most {
        return Err(MappingError::TooLong {
            target: target.name.clone(),
            most,
            count,
        });
    }
    Ok(())
}
