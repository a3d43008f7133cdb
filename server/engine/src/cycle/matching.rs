//! Which tenant object belongs to a source object: the stored link, a hard match by anchor, a soft
//! match by name or primary address.
//!
//! Source of the rules: "existing tenant" and "sync errors" in the documentation of the original;
//! see also [`crate::tenant::TenantObject`].

use super::{
    mapped::Mapped,
    plan::{Failure, FailureCode},
};
use crate::{
    configuration::{
        ConfigurationId,
        schema::{PROXY_ADDRESSES, USER_PRINCIPAL_NAME},
    },
    directory::{AttributeValue, Attributes, ObjectKind, SourceAnchor},
    tenant::TenantObject,
};

/// The names by which an object can be found in the tenant, in the form in which they compare.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MatchingNames {
    pub user_principal_name: Option<String>,
    pub primary_address: Option<String>,
}

/// How the match was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchedBy {
    SourceAnchor,
    UserPrincipalName,
    PrimaryAddress,
}

impl MatchedBy {
    pub fn label(self) -> &'static str {
        match self {
            Self::SourceAnchor => "its source anchor",
            Self::UserPrincipalName => "its user principal name",
            Self::PrimaryAddress => "its primary SMTP address",
        }
    }
}

impl MatchingNames {
    pub fn of_mapped(kind: ObjectKind, mapped: &Mapped) -> Self {
        Self {
            user_principal_name: (kind == ObjectKind::User)
                .then(|| mapped.text(USER_PRINCIPAL_NAME).map(str::to_lowercase))
                .flatten(),
            primary_address: primary_address(mapped.values(PROXY_ADDRESSES)),
        }
    }

    pub fn of_tenant_object(kind: ObjectKind, attributes: &Attributes) -> Self {
        Self {
            user_principal_name: (kind == ObjectKind::User)
                .then(|| attributes.text(USER_PRINCIPAL_NAME).map(str::to_lowercase))
                .flatten(),
            primary_address: primary_address(attributes.values(PROXY_ADDRESSES)),
        }
    }
}

/// The address behind the capital `SMTP:`, in lower case.
fn primary_address(values: &[AttributeValue]) -> Option<String> {
    values
        .iter()
        .filter_map(AttributeValue::as_text)
        .find_map(|address| address.strip_prefix("SMTP:"))
        .map(str::to_lowercase)
}

/// What is known about who the object could be.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    pub configuration: ConfigurationId,
    pub anchor: &'a SourceAnchor,
    pub kind: ObjectKind,
    pub names: &'a MatchingNames,
    /// Tenant objects with the same anchor, or with one of the names.
    pub candidates: &'a [&'a TenantObject],
}

/// Finds the object that is to be taken over; none where a new one is to be created.
pub fn find<'a>(question: Question<'a>) -> Result<Option<(&'a TenantObject, MatchedBy)>, Failure> {
    if let Some(object) = by_anchor(question)? {
        return Ok(Some((object, MatchedBy::SourceAnchor)));
    }
    let Some((matched_by, object)) = by_name(question) else {
        return Ok(None);
    };
    if object.source_anchor.is_some() {
        return Err(Failure::new(
            FailureCode::AttributeValueMustBeUnique,
            format!(
                "Another synchronized {} of the tenant has {} already.",
                object.kind,
                matched_by.label()
            ),
        ));
    }
    if object.kind != question.kind {
        return Err(Failure::new(
            FailureCode::ObjectTypeMismatch,
            format!(
                "A {} of the tenant has {}, and a {} cannot become a {}.",
                object.kind,
                matched_by.label(),
                object.kind,
                question.kind
            ),
        ));
    }
    Ok(Some((object, matched_by)))
}

fn by_anchor(question: Question<'_>) -> Result<Option<&TenantObject>, Failure> {
    let same = |object: &&&TenantObject| object.source_anchor.as_ref() == Some(question.anchor);
    let Some(object) = question.candidates.iter().find(same).copied() else {
        return Ok(None);
    };
    if object.kind != question.kind {
        return Err(Failure::new(
            FailureCode::ObjectTypeMismatch,
            format!(
                "The source anchor belongs to a {} of the tenant.",
                object.kind
            ),
        ));
    }
    match object.managed_by {
        Some(owner) if owner != question.configuration && !object.is_deleted => Err(Failure::new(
            FailureCode::DuplicateSourceEntries,
            "Another configuration manages the object with this source anchor.".to_owned(),
        )),
        _ => Ok(Some(object)),
    }
}

/// The live object that holds one of the names. The user principal name comes first; an address is
/// looked for among cloud-only objects, because two synchronized ones may share it.
fn by_name(question: Question<'_>) -> Option<(MatchedBy, &TenantObject)> {
    let live = || {
        question
            .candidates
            .iter()
            .copied()
            .filter(|object| !object.is_deleted)
            .map(|object| {
                (
                    object,
                    MatchingNames::of_tenant_object(object.kind, &object.attributes),
                )
            })
    };
    let equal = |a: &Option<String>, b: &Option<String>| a.is_some() && a == b;
    let by_user_principal_name = live()
        .find(|(_, names)| {
            equal(
                &names.user_principal_name,
                &question.names.user_principal_name,
            )
        })
        .map(|(object, _)| (MatchedBy::UserPrincipalName, object));
    by_user_principal_name.or_else(|| {
        live()
            .filter(|(object, _)| object.source_anchor.is_none())
            .find(|(_, names)| equal(&names.primary_address, &question.names.primary_address))
            .map(|(object, _)| (MatchedBy::PrimaryAddress, object))
    })
}

/// For an object that is linked already: nobody else may hold its new user principal name.
pub fn check_free(question: Question<'_>, own: &TenantObject) -> Result<(), Failure> {
    let taken = question.candidates.iter().find(|other| {
        let theirs = MatchingNames::of_tenant_object(other.kind, &other.attributes);
        other.id != own.id
            && !other.is_deleted
            && theirs.user_principal_name.is_some()
            && theirs.user_principal_name == question.names.user_principal_name
    });
    match taken {
        None => Ok(()),
        Some(_) => Err(Failure::new(
            FailureCode::AttributeValueMustBeUnique,
            "Another user of the tenant has its user principal name already.".to_owned(),
        )),
    }
}
