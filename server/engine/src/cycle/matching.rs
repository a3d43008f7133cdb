//! Which tenant object belongs to a source object: the stored link, a hard match by anchor, a soft
//! match by name or primary address.
//!
//! Source of the rules: "existing tenant" and "sync errors" in the documentation of the original;
//! see also [`crate::tenant::TenantObject`].

use super::{error_code::ErrorCode, mapped::Mapped, plan::Failure};
use crate::{
    configuration::{
        ConfigurationId,
        schema::{MAIL, PROXY_ADDRESSES, SOURCE_ANCHOR, USER_PRINCIPAL_NAME},
    },
    directory::{AttributeName, AttributeValue, Attributes, ObjectKind, SourceAnchor},
    tenant::{TenantFeatures, TenantObject},
};

/// The names that only one object may have, in the form in which they compare.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MatchingNames {
    pub user_principal_name: Option<String>,
    pub primary_address: Option<String>,
    /// All SMTP addresses, the primary one included.
    pub addresses: Vec<String>,
}

/// In which order attributes of the target are compared to find an object; none for attributes that
/// are not compared.
pub fn precedence(kind: ObjectKind, target: &AttributeName) -> Option<u8> {
    let compared: &[&str] = match kind {
        ObjectKind::User => &[SOURCE_ANCHOR, USER_PRINCIPAL_NAME, PROXY_ADDRESSES],
        ObjectKind::Group | ObjectKind::Contact => &[SOURCE_ANCHOR, PROXY_ADDRESSES],
    };
    let is_target = |name: &&str| name.eq_ignore_ascii_case(target.as_str());
    (1..)
        .zip(compared)
        .find(|(_, name)| is_target(name))
        .map(|(precedence, _)| precedence)
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
        Self::of(
            kind,
            mapped.text(USER_PRINCIPAL_NAME),
            mapped.values(PROXY_ADDRESSES),
            mapped.text(MAIL).is_some(),
        )
    }

    pub fn of_tenant_object(kind: ObjectKind, attributes: &Attributes) -> Self {
        Self::of(
            kind,
            attributes.text(USER_PRINCIPAL_NAME),
            attributes.values(PROXY_ADDRESSES),
            attributes.text(MAIL).is_some(),
        )
    }

    fn of(
        kind: ObjectKind,
        user_principal_name: Option<&str>,
        proxy_addresses: &[AttributeValue],
        has_mail: bool,
    ) -> Self {
        // A group that no mail can be sent to is not found by address.
        let is_reachable = kind != ObjectKind::Group || has_mail;
        let primary_address = proxy_addresses
            .iter()
            .filter_map(AttributeValue::as_text)
            .find_map(|address| address.strip_prefix("SMTP:"))
            .filter(|_| is_reachable)
            .map(str::to_lowercase);
        Self {
            user_principal_name: user_principal_name
                .filter(|_| kind == ObjectKind::User)
                .map(str::to_lowercase),
            primary_address,
            addresses: proxy_addresses.iter().filter_map(smtp_address).collect(),
        }
    }
}

/// The address behind `SMTP:` or `smtp:`, in lower case; none for addresses of other kinds.
pub fn smtp_address(value: &AttributeValue) -> Option<String> {
    let (prefix, address) = value.as_text()?.split_once(':')?;
    (prefix.eq_ignore_ascii_case("smtp") && !address.is_empty()).then(|| address.to_lowercase())
}

/// What is known about who the object could be.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a, 'c> {
    pub configuration: ConfigurationId,
    pub anchor: &'a SourceAnchor,
    pub kind: ObjectKind,
    pub names: &'a MatchingNames,
    /// Tenant objects with the same anchor, or with one of the names.
    pub candidates: &'a [&'c TenantObject],
    pub features: &'a TenantFeatures,
}

/// Finds the object that is to be taken over; none where a new one is to be created. An object of
/// the tenant that has a name and has its own source is no match, but a conflict.
pub fn find<'c>(
    question: Question<'_, 'c>,
) -> Result<Option<(&'c TenantObject, MatchedBy)>, Failure> {
    if let Some(object) = by_anchor(question)? {
        return Ok(Some((object, MatchedBy::SourceAnchor)));
    }
    let Some((matched_by, object)) = by_name(question) else {
        return Ok(None);
    };
    check_soft_match(question, object, matched_by)?;
    Ok(Some((object, matched_by)))
}

fn by_anchor<'c>(question: Question<'_, 'c>) -> Result<Option<&'c TenantObject>, Failure> {
    let same = |object: &&&'c TenantObject| object.source_anchor.as_ref() == Some(question.anchor);
    let Some(object) = question.candidates.iter().find(same).copied() else {
        return Ok(None);
    };
    if object.kind != question.kind {
        return Err(Failure::new(
            ErrorCode::ObjectTypeMismatch,
            format!(
                "The source anchor belongs to a {} of the tenant.",
                object.kind
            ),
        ));
    }
    match object.managed_by {
        Some(owner) if owner != question.configuration && !object.is_deleted => Err(Failure::new(
            ErrorCode::DuplicateSourceEntries,
            "Another configuration manages the object with this source anchor.".to_owned(),
        )),
        Some(owner) if owner == question.configuration => Ok(Some(object)),
        _ if question.features.block_cloud_object_takeover_through_hard_match => Err(Failure::new(
            ErrorCode::InvalidHardMatch,
            "The tenant has an object with this source anchor, and its settings block taking such \
             objects over."
                .to_owned(),
        )),
        _ => Ok(Some(object)),
    }
}

/// The live cloud-only object that holds one of the names. The user principal name comes first.
fn by_name<'c>(question: Question<'_, 'c>) -> Option<(MatchedBy, &'c TenantObject)> {
    let cloud_only = || {
        let live = question.candidates.iter().copied();
        live.filter(|object| !object.is_deleted && object.source_anchor.is_none())
            .map(|object| {
                let names = MatchingNames::of_tenant_object(object.kind, &object.attributes);
                (object, names)
            })
    };
    let equal = |a: &Option<String>, b: &Option<String>| a.is_some() && a == b;
    let by_user_principal_name = cloud_only()
        .filter(|_| question.features.soft_match_on_user_principal_name)
        .find(|(_, names)| {
            equal(
                &names.user_principal_name,
                &question.names.user_principal_name,
            )
        })
        .map(|(object, _)| (MatchedBy::UserPrincipalName, object));
    by_user_principal_name.or_else(|| {
        cloud_only()
            .find(|(_, names)| equal(&names.primary_address, &question.names.primary_address))
            .map(|(object, _)| (MatchedBy::PrimaryAddress, object))
    })
}

fn check_soft_match(
    question: Question<'_, '_>,
    object: &TenantObject,
    matched_by: MatchedBy,
) -> Result<(), Failure> {
    let name = matched_by.label();
    if object.kind != question.kind {
        return Err(Failure::new(
            ErrorCode::ObjectTypeMismatch,
            format!(
                "A {} of the tenant has {name}, and a {} cannot become a {}.",
                object.kind, object.kind, question.kind
            ),
        ));
    }
    if question.features.block_soft_match {
        return Err(Failure::new(
            ErrorCode::InvalidSoftMatch,
            format!(
                "A {} of the tenant has {name}, and the tenant's settings block taking objects \
                 over by name or address.",
                object.kind
            ),
        ));
    }
    if let Some(role) = &object.admin_role {
        return Err(Failure::new(
            ErrorCode::ExistingAdminRoleConflict,
            format!("The user of the tenant that has {name} holds the role {role}."),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_anchor_is_compared_first_and_only_users_have_a_name_of_their_own() {
        let of = |kind, target: &str| precedence(kind, &target.into());
        assert_eq!(of(ObjectKind::User, "sourceanchor"), Some(1));
        assert_eq!(of(ObjectKind::User, USER_PRINCIPAL_NAME), Some(2));
        assert_eq!(of(ObjectKind::Group, USER_PRINCIPAL_NAME), None);
        assert_eq!(of(ObjectKind::Contact, PROXY_ADDRESSES), Some(2));
    }
}
