//! What the tenant can hold: the attributes of each kind of object, with their types.
//!
//! The names are those of the default schema (behaviour of the original, part 3.8); `SourceAnchor`
//! and `UserPrincipalName` are required, references are kept as links between objects.

pub(super) mod exchange;
mod tables;

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::directory::{AttributeName, ObjectKind};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AttributeType {
    Text,
    Boolean,
    Integer,
    Binary,
    /// Kept as text: `2026-01-31T12:00:00Z`.
    DateTime,
    Reference,
}

/// One attribute of the target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TargetAttribute {
    pub name: &'static str,
    pub attribute_type: AttributeType,
    pub multi_valued: bool,
    /// How many values there can be at most, where the tenant has a limit.
    pub most_values: Option<usize>,
    /// An object without it cannot exist; its mapping cannot be deleted.
    pub required: bool,
}

pub const SOURCE_ANCHOR: &str = "SourceAnchor";
pub const USER_PRINCIPAL_NAME: &str = "UserPrincipalName";
pub const DISPLAY_NAME: &str = "DisplayName";
pub const ACCOUNT_ENABLED: &str = "AccountEnabled";
pub const MAIL: &str = "Mail";
pub const PROXY_ADDRESSES: &str = "ProxyAddresses";
pub const USER_TYPE: &str = "UserType";
pub const MANAGER: &str = "Manager";
pub const MEMBER: &str = "Member";

const fn text(name: &'static str) -> TargetAttribute {
    TargetAttribute {
        name,
        attribute_type: AttributeType::Text,
        multi_valued: false,
        most_values: None,
        required: false,
    }
}

const fn required(name: &'static str) -> TargetAttribute {
    TargetAttribute {
        required: true,
        ..text(name)
    }
}

const fn several(name: &'static str) -> TargetAttribute {
    TargetAttribute {
        multi_valued: true,
        ..text(name)
    }
}

const fn typed(name: &'static str, attribute_type: AttributeType) -> TargetAttribute {
    TargetAttribute {
        attribute_type,
        ..text(name)
    }
}

const fn several_typed(name: &'static str, attribute_type: AttributeType) -> TargetAttribute {
    TargetAttribute {
        attribute_type,
        ..several(name)
    }
}

/// The tenant takes fifteen certificates of each kind.
const fn certificates(name: &'static str) -> TargetAttribute {
    TargetAttribute {
        most_values: Some(15),
        ..several_typed(name, AttributeType::Binary)
    }
}

const fn references(name: &'static str) -> TargetAttribute {
    TargetAttribute {
        attribute_type: AttributeType::Reference,
        ..several(name)
    }
}

static USER: LazyLock<Vec<TargetAttribute>> = LazyLock::new(|| whole(ObjectKind::User));
static GROUP: LazyLock<Vec<TargetAttribute>> = LazyLock::new(|| whole(ObjectKind::Group));
static CONTACT: LazyLock<Vec<TargetAttribute>> = LazyLock::new(|| whole(ObjectKind::Contact));

fn whole(kind: ObjectKind) -> Vec<TargetAttribute> {
    let own = match kind {
        ObjectKind::User => tables::USER,
        ObjectKind::Group => tables::GROUP,
        ObjectKind::Contact => tables::CONTACT,
    };
    let exchange = exchange::family(kind).map(|member| member.target);
    own.iter().copied().chain(exchange).collect()
}

/// The attributes that objects of this kind can have, in the order in which they are shown.
pub fn target_attributes(kind: ObjectKind) -> &'static [TargetAttribute] {
    match kind {
        ObjectKind::User => &USER,
        ObjectKind::Group => &GROUP,
        ObjectKind::Contact => &CONTACT,
    }
}

/// The attribute of that name; none for names that the schema does not list, such as directory
/// extensions.
pub fn target_attribute(kind: ObjectKind, name: &AttributeName) -> Option<TargetAttribute> {
    target_attributes(kind)
        .iter()
        .find(|attribute| attribute.name.eq_ignore_ascii_case(name.as_str()))
        .copied()
}

/// Source attributes whose values are names of other objects. They are kept as rows of their own,
/// so that one changed member costs one row.
pub const SOURCE_REFERENCES: [&str; 13] = [
    "member",
    "manager",
    "managedBy",
    "owner",
    "secretary",
    "authOrig",
    "unauthOrig",
    "dLMemSubmitPerms",
    "dLMemRejectPerms",
    "publicDelegates",
    "msExchBypassModerationLink",
    "msExchCoManagedByLink",
    "msExchModeratedByLink",
];

pub fn is_source_reference(name: &AttributeName) -> bool {
    SOURCE_REFERENCES
        .iter()
        .any(|reference| reference.eq_ignore_ascii_case(name.as_str()))
}

/// Source attributes that hold passwords. No mapping reads them, and no directory is asked for
/// them.
const SECRETS: [&str; 13] = [
    "userPassword",
    "unicodePwd",
    "dBCSPwd",
    "lmPwdHistory",
    "ntPwdHistory",
    "supplementalCredentials",
    "sambaNTPassword",
    "sambaLMPassword",
    "sambaPasswordHistory",
    "krbPrincipalKey",
    "msDS-ManagedPassword",
    "ms-Mcs-AdmPwd",
    "pwdHistory",
];

pub fn is_source_secret(name: &AttributeName) -> bool {
    let plain = name.as_str().split(';').next().unwrap_or_default();
    SECRETS
        .iter()
        .any(|secret| secret.eq_ignore_ascii_case(plain))
}

/// Whether a directory could have an attribute of this name, perhaps with options such as
/// `;binary` (RFC 4512, 2.5). `_` is no part of the standard, but some directories allow it.
pub fn is_source_name(name: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
    };
    let begins_well = name.starts_with(|first: char| first.is_ascii_alphanumeric());
    name.len() <= 256 && begins_well && name.split(';').all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_attributes_are_told_from_other_texts() {
        for good in [
            "mail",
            "msDS-HABSeniorityIndex",
            "2.5.4.3",
            "cn;lang-ja",
            "a_b",
        ] {
            assert!(is_source_name(good), "{good}");
        }
        for bad in ["", "a b", "[mail]", "-a", "ä", "cn;", "*", "a)(b"] {
            assert!(!is_source_name(bad), "{bad}");
        }
        assert!(is_source_secret(&"USERPASSWORD;x".into()));
        assert!(!is_source_secret(&"mail".into()));
    }

    #[test]
    fn every_attribute_is_listed_once_and_says_how_many_values_it_takes() {
        for kind in ObjectKind::ALL {
            let mut names: Vec<_> = target_attributes(kind)
                .iter()
                .map(|attribute| attribute.name.to_lowercase())
                .collect();
            let count = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), count, "{kind}");
            assert!(
                target_attributes(kind)
                    .iter()
                    .all(|a| a.most_values.is_none() || a.multi_valued)
            );
        }
    }
}
