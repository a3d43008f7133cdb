//! The form of a user principal name that the tenant accepts.

use super::Failure;
use crate::{configuration::DomainName, cycle::error_code::ErrorCode};

/// One @, no blanks, at most 64 characters before it, a domain name behind it.
pub(super) fn check(name: &str) -> Result<(), Failure> {
    let refuse = |reason: String| {
        Err(Failure::new(
            ErrorCode::IdentityDataValidationFailed,
            reason,
        ))
    };
    let Some((local, domain)) = name.split_once('@') else {
        return refuse(format!("The user principal name \"{name}\" has no @."));
    };
    if local.is_empty() || local.chars().count() > 64 {
        return refuse(format!(
            "The part before the @ of \"{name}\" must have 1 to 64 characters."
        ));
    }
    let forbidden =
        |c: char| c.is_whitespace() || c.is_control() || r#"\%&*+/=?{}|<>();:,[]""#.contains(c);
    if let Some(character) = name.chars().find(|&c| forbidden(c)) {
        return refuse(format!(
            "The user principal name \"{name}\" contains {character:?}, which is not allowed."
        ));
    }
    if local.starts_with('.') || local.ends_with('.') {
        return refuse(format!(
            "The part before the @ of \"{name}\" begins or ends with a dot."
        ));
    }
    if domain.contains('@') || DomainName::parse(domain).is_err() {
        return refuse(format!(
            "What follows the @ of \"{name}\" is not a domain name."
        ));
    }
    Ok(())
}
