//! What the tenant can hold: the attributes of each kind of object, with their types.
//!
//! The names are those of the default schema (behaviour of the original, part 3.8); `SourceAnchor`
//! and `UserPrincipalName` are required, references are kept as links between objects.

use serde::{Deserialize, Serialize};

use crate::directory::{AttributeName, ObjectKind};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AttributeType {
    Text,
    Boolean,
    Integer,
    Binary,
    Reference,
}

/// One attribute of the target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TargetAttribute {
    pub name: &'static str,
    pub attribute_type: AttributeType,
    pub multi_valued: bool,
    /// An object without it cannot exist; its mapping cannot be deleted.
    pub required: bool,
}

pub const SOURCE_ANCHOR: &str = "SourceAnchor";
pub const USER_PRINCIPAL_NAME: &str = "UserPrincipalName";
pub const DISPLAY_NAME: &str = "DisplayName";
pub const ACCOUNT_ENABLED: &str = "AccountEnabled";
pub const MAIL: &str = "Mail";
pub const PROXY_ADDRESSES: &str = "ProxyAddresses";
pub const MANAGER: &str = "Manager";
pub const MEMBER: &str = "Member";

const fn text(name: &'static str) -> TargetAttribute {
    TargetAttribute {
        name,
        attribute_type: AttributeType::Text,
        multi_valued: false,
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

const fn references(name: &'static str) -> TargetAttribute {
    TargetAttribute {
        attribute_type: AttributeType::Reference,
        ..several(name)
    }
}

static USER: &[TargetAttribute] = &[
    required(SOURCE_ANCHOR),
    required(USER_PRINCIPAL_NAME),
    text("OnPremisesUserPrincipalName"),
    text("OnPremisesSamAccountName"),
    text("OnPremisesDistinguishedName"),
    text("OnPremiseSecurityIdentifier"),
    text("DnsDomainName"),
    text("NetBiosName"),
    typed(ACCOUNT_ENABLED, AttributeType::Boolean),
    text("LastPasswordChangeTimestamp"),
    text("CommonName"),
    text(DISPLAY_NAME),
    text("GivenName"),
    text("Surname"),
    text("Initials"),
    text("MiddleName"),
    text(MAIL),
    text("Alias"),
    several(PROXY_ADDRESSES),
    text("TargetAddress"),
    text("LegacyExchangeDN"),
    text("CountryLetterCode"),
    text("Country"),
    typed("CountryCode", AttributeType::Integer),
    text("City"),
    text("State"),
    text("PostalCode"),
    several("PostOfficeBox"),
    text("StreetAddress"),
    text("ExtensionAttribute1"),
    text("ExtensionAttribute2"),
    text("ExtensionAttribute3"),
    text("ExtensionAttribute4"),
    text("ExtensionAttribute5"),
    text("ExtensionAttribute6"),
    text("ExtensionAttribute7"),
    text("ExtensionAttribute8"),
    text("ExtensionAttribute9"),
    text("ExtensionAttribute10"),
    text("ExtensionAttribute11"),
    text("ExtensionAttribute12"),
    text("ExtensionAttribute13"),
    text("ExtensionAttribute14"),
    text("ExtensionAttribute15"),
    text("Company"),
    text("Department"),
    text("JobTitle"),
    text("PhysicalDeliveryOfficeName"),
    text("TelephoneNumber"),
    several("OtherTelephone"),
    text("Mobile"),
    several("OtherMobile"),
    text("Facsimile"),
    text("HomePhone"),
    several("OtherHomePhone"),
    text("IpPhone"),
    text("Pager"),
    text("EmployeeId"),
    text("EmployeeNumber"),
    text("EmployeeType"),
    references(MANAGER),
    text("PreferredLanguage"),
    text("PreferredDataLocation"),
    text("UsageLocation"),
    text("UserType"),
    text("Info"),
    several("Description"),
    several("Url"),
    text("WwwHomePage"),
    typed("ThumbnailPhoto", AttributeType::Binary),
];

static GROUP: &[TargetAttribute] = &[
    required(SOURCE_ANCHOR),
    required(DISPLAY_NAME),
    text("CommonName"),
    several("Description"),
    text("OnPremisesSamAccountName"),
    text("OnPremiseSecurityIdentifier"),
    text("OnPremisesDistinguishedName"),
    text("DnsDomainName"),
    text("NetBiosName"),
    typed("SecurityEnabled", AttributeType::Boolean),
    text(MAIL),
    text("Alias"),
    several(PROXY_ADDRESSES),
    text("ExtensionAttribute1"),
    text("ExtensionAttribute2"),
    text("ExtensionAttribute3"),
    text("Info"),
    references(MEMBER),
    references("ManagedBy"),
];

static CONTACT: &[TargetAttribute] = &[
    required(SOURCE_ANCHOR),
    required(DISPLAY_NAME),
    text("CommonName"),
    text("GivenName"),
    text("Surname"),
    text("Initials"),
    text(MAIL),
    text("Alias"),
    several(PROXY_ADDRESSES),
    text("TargetAddress"),
    text("OnPremisesDistinguishedName"),
    text("DnsDomainName"),
    text("Company"),
    text("Department"),
    text("JobTitle"),
    text("PhysicalDeliveryOfficeName"),
    text("TelephoneNumber"),
    text("Mobile"),
    text("Facsimile"),
    text("City"),
    text("State"),
    text("PostalCode"),
    text("StreetAddress"),
    text("Country"),
    text("CountryLetterCode"),
    text("Info"),
    references(MANAGER),
];

/// The attributes that objects of this kind can have, in the order in which they are shown.
pub fn target_attributes(kind: ObjectKind) -> &'static [TargetAttribute] {
    match kind {
        ObjectKind::User => USER,
        ObjectKind::Group => GROUP,
        ObjectKind::Contact => CONTACT,
    }
}

/// The attribute of that name; text of one value for names that the schema does not list, such as
/// directory extensions.
pub fn target_attribute(kind: ObjectKind, name: &AttributeName) -> Option<TargetAttribute> {
    target_attributes(kind)
        .iter()
        .find(|attribute| attribute.name.eq_ignore_ascii_case(name.as_str()))
        .copied()
}

/// Source attributes whose values are names of other objects. They are kept as rows of their own,
/// so that one changed member costs one row.
pub const SOURCE_REFERENCES: [&str; 5] = ["member", "manager", "managedBy", "owner", "secretary"];

pub fn is_source_reference(name: &AttributeName) -> bool {
    SOURCE_REFERENCES
        .iter()
        .any(|reference| reference.eq_ignore_ascii_case(name.as_str()))
}
