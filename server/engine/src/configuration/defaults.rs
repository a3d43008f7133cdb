//! The mappings that a new configuration starts with.
//!
//! For Active Directory they are the documented defaults (behaviour of the original, part 3.8).
//! Other directories have no `userPrincipalName` or `sAMAccountName`; for them the same target
//! attributes are filled from the names of RFC 2798 (inetOrgPerson), RFC 4519 and RFC 2307.

use super::{
    Apply, AttributeMapping, FlowBehavior, MappingSource, Mappings,
    schema::{self, SOURCE_ANCHOR, exchange},
};
use crate::{
    directory::{AttributeName, ObjectKind},
    records::DirectoryKind,
};

/// Which names the directory uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Active Directory, and what behaves like it.
    ActiveDirectory,
    /// Any LDAP directory; Active Directory's names come first where both exist.
    Any,
}

impl From<DirectoryKind> for Dialect {
    fn from(kind: DirectoryKind) -> Self {
        match kind {
            DirectoryKind::Forest => Self::ActiveDirectory,
            DirectoryKind::Ldap => Self::Any,
        }
    }
}

/// All default mappings.
pub fn mappings(dialect: Dialect) -> Mappings {
    ObjectKind::ALL
        .into_iter()
        .map(|kind| (kind, mappings_of(dialect, kind)))
        .collect()
}

fn mappings_of(dialect: Dialect, kind: ObjectKind) -> Vec<AttributeMapping> {
    let mut rows = vec![AttributeMapping {
        apply: Apply::OnlyDuringCreation,
        ..row(SOURCE_ANCHOR, direct("sourceAnchor"))
    }];
    match kind {
        ObjectKind::User => users(dialect, &mut rows),
        ObjectKind::Group => groups(dialect, &mut rows),
        ObjectKind::Contact => contacts(&mut rows),
    }
    add_exchange(kind, &mut rows);
    rows
}

fn row(target: &str, source: MappingSource) -> AttributeMapping {
    AttributeMapping {
        target: AttributeName::new(target),
        source,
        apply: Apply::Always,
        flow_behavior: FlowBehavior::default(),
        default_value: None,
    }
}

fn direct(attribute: &str) -> MappingSource {
    MappingSource::Direct {
        attribute: AttributeName::new(attribute),
    }
}

fn expression(expression: &str) -> MappingSource {
    MappingSource::Expression {
        expression: expression.to_owned(),
    }
}

fn add(rows: &mut Vec<AttributeMapping>, pairs: &[(&str, &str)]) {
    rows.extend(
        pairs
            .iter()
            .map(|(source, target)| row(target, direct(source))),
    );
}

/// The white space that people leave around what they type does not travel.
fn add_trimmed(rows: &mut Vec<AttributeMapping>, pairs: &[(&str, &str)]) {
    rows.extend(
        pairs
            .iter()
            .map(|(source, target)| row(target, expression(&format!("Trim([{source}])")))),
    );
}

fn add_expressions(rows: &mut Vec<AttributeMapping>, pairs: &[(&str, &str)]) {
    rows.extend(
        pairs
            .iter()
            .map(|(text, target)| row(target, expression(text))),
    );
}

fn users(dialect: Dialect, rows: &mut Vec<AttributeMapping>) {
    match dialect {
        Dialect::ActiveDirectory => add(
            rows,
            &[
                ("userPrincipalName", schema::USER_PRINCIPAL_NAME),
                ("userPrincipalName", "OnPremisesUserPrincipalName"),
                ("sAMAccountName", "OnPremisesSamAccountName"),
                ("displayName", schema::DISPLAY_NAME),
                ("mailNickname", "Alias"),
            ],
        ),
        Dialect::Any => add_expressions(
            rows,
            &[
                (
                    r#"Coalesce([userPrincipalName], [mail], IIF(IsPresent([uid]), Join("@", [uid], %DomainFQDN%), NULL))"#,
                    schema::USER_PRINCIPAL_NAME,
                ),
                (
                    "Coalesce([userPrincipalName], [mail])",
                    "OnPremisesUserPrincipalName",
                ),
                (
                    "Coalesce([sAMAccountName], [uid])",
                    "OnPremisesSamAccountName",
                ),
                ("Coalesce([displayName], [cn])", schema::DISPLAY_NAME),
                ("Coalesce([mailNickname], [uid])", "Alias"),
            ],
        ),
    }
    add(
        rows,
        &[("distinguishedName", "OnPremisesDistinguishedName")],
    );
    add_domain(rows);
    add_expressions(
        rows,
        &[
            ("StringFromSid([objectSid])", "OnPremiseSecurityIdentifier"),
            ("Not([accountDisabled])", schema::ACCOUNT_ENABLED),
            (
                r#"IIF(IsPresent([pwdLastSet]), FormatDateTime(DateFromNum([pwdLastSet]), , "M/d/yyyy h:mm:ss tt", "yyyyMMddHHmmss.fZ"), NULL)"#,
                "LastPasswordChangeTimestamp",
            ),
        ],
    );
    add_person(rows);
    add(
        rows,
        &[
            ("middleName", "MiddleName"),
            ("postOfficeBox", "PostOfficeBox"),
            ("employeeID", "EmployeeId"),
            ("employeeNumber", "EmployeeNumber"),
            ("employeeType", "EmployeeType"),
            ("preferredLanguage", "PreferredLanguage"),
            ("msDS-preferredDataLocation", "PreferredDataLocation"),
            ("msExchUsageLocation", "UsageLocation"),
            ("description", "Description"),
            ("url", "Url"),
            ("wWWHomePage", "WwwHomePage"),
            ("userCertificate", "UserCertificate"),
            ("userSMIMECertificate", "UserSMIMECertificate"),
        ],
    );
    add_same_names(
        rows,
        &[
            "msRTCSIP-ApplicationOptions",
            "msRTCSIP-DeploymentLocator",
            "msRTCSIP-Line",
            "msRTCSIP-OptionFlags",
            "msRTCSIP-OwnerUrn",
            "msRTCSIP-PrimaryUserAddress",
            "msRTCSIP-UserEnabled",
        ],
    );
}

fn add_same_names(rows: &mut Vec<AttributeMapping>, names: &[&str]) {
    rows.extend(names.iter().map(|name| row(name, direct(name))));
}

fn add_extension_attributes(rows: &mut Vec<AttributeMapping>) {
    for n in 1..=15 {
        let source = format!("extensionAttribute{n}");
        add_trimmed(rows, &[(&source, &format!("ExtensionAttribute{n}"))]);
    }
}

/// What Exchange left behind on an object that is no recipient any more does not travel.
fn add_exchange(kind: ObjectKind, rows: &mut Vec<AttributeMapping>) {
    rows.extend(exchange::family(kind).map(|member| {
        let source = member.source;
        let text = format!("IIF(IsPresent([mailNickname]), [{source}], NULL)");
        row(member.target.name, expression(&text))
    }));
}

/// What users and contacts share.
fn add_person(rows: &mut Vec<AttributeMapping>) {
    add(
        rows,
        &[
            ("cn", "CommonName"),
            ("mail", schema::MAIL),
            ("targetAddress", "TargetAddress"),
            ("c", "CountryLetterCode"),
            ("co", "Country"),
            ("countryCode", "CountryCode"),
            ("info", "Info"),
            ("manager", schema::MANAGER),
            ("homePhone", "HomePhone"),
            ("otherHomePhone", "OtherHomePhone"),
            ("ipPhone", "IpPhone"),
            ("otherIpPhone", "OtherIpPhone"),
            ("pager", "Pager"),
            ("otherPager", "OtherPager"),
            ("otherTelephone", "OtherTelephone"),
            ("otherMobile", "OtherMobile"),
            (
                "otherFacsimileTelephoneNumber",
                "OtherFacsimileTelephoneNumber",
            ),
            ("telephoneAssistant", "TelephoneAssistant"),
            ("thumbnailPhoto", "ThumbnailPhoto"),
            ("legacyExchangeDN", "LegacyExchangeDN"),
        ],
    );
    add_same_names(
        rows,
        &["msDS-PhoneticDisplayName", "msDS-HABSeniorityIndex"],
    );
    add_extension_attributes(rows);
    add_expressions(
        rows,
        &[(
            "RemoveDuplicates(Trim([proxyAddresses]))",
            schema::PROXY_ADDRESSES,
        )],
    );
    add_trimmed(
        rows,
        &[
            ("givenName", "GivenName"),
            ("sn", "Surname"),
            ("initials", "Initials"),
            ("l", "City"),
            ("st", "State"),
            ("postalCode", "PostalCode"),
            ("title", "JobTitle"),
            ("physicalDeliveryOfficeName", "PhysicalDeliveryOfficeName"),
            ("telephoneNumber", "TelephoneNumber"),
            ("mobile", "Mobile"),
            ("facsimileTelephoneNumber", "Facsimile"),
        ],
    );
    add_expressions(
        rows,
        &[
            ("Trim(Coalesce([streetAddress], [street]))", "StreetAddress"),
            ("Trim(Coalesce([company], [o]))", "Company"),
            (
                "Trim(Coalesce([department], [departmentNumber]))",
                "Department",
            ),
        ],
    );
}

fn add_domain(rows: &mut Vec<AttributeMapping>) {
    add_expressions(
        rows,
        &[
            ("%DomainFQDN%", "DnsDomainName"),
            ("%DomainNetBios%", "NetBiosName"),
        ],
    );
}

fn groups(dialect: Dialect, rows: &mut Vec<AttributeMapping>) {
    let security_enabled = match dialect {
        // The sign bit of groupType says "security" (MS-ADTS 2.2.12).
        Dialect::ActiveDirectory => "IIF(BitAnd([groupType], 2147483648) = 0, False, True)",
        // Groups of other directories have no such bit; they are there to give access.
        Dialect::Any => {
            "IIF(IsPresent([groupType]), IIF(BitAnd([groupType], 2147483648) = 0, False, True), True)"
        }
    };
    add_expressions(
        rows,
        &[
            (
                "Coalesce([displayName], [cn], [sAMAccountName])",
                schema::DISPLAY_NAME,
            ),
            (security_enabled, "SecurityEnabled"),
            ("StringFromSid([objectSid])", "OnPremiseSecurityIdentifier"),
            (
                "RemoveDuplicates(Trim([proxyAddresses]))",
                schema::PROXY_ADDRESSES,
            ),
        ],
    );
    add(
        rows,
        &[
            ("cn", "CommonName"),
            ("description", "Description"),
            ("sAMAccountName", "OnPremisesSamAccountName"),
            ("distinguishedName", "OnPremisesDistinguishedName"),
            ("mail", schema::MAIL),
            ("mailNickname", "Alias"),
            ("info", "Info"),
            ("member", schema::MEMBER),
        ],
    );
    let owner = match dialect {
        Dialect::ActiveDirectory => "managedBy",
        Dialect::Any => "owner",
    };
    add(rows, &[(owner, "ManagedBy")]);
    add_domain(rows);
    add_extension_attributes(rows);
    add(
        rows,
        &[
            ("authOrig", "AuthOrig"),
            ("unauthOrig", "UnauthOrig"),
            ("dLMemSubmitPerms", "DLMemSubmitPerms"),
            ("dLMemRejectPerms", "DLMemRejectPerms"),
            ("publicDelegates", "PublicDelegates"),
            ("msExchBypassModerationLink", "MSExchBypassModerationLink"),
            ("msExchCoManagedByLink", "MSExchCoManagedByLink"),
            ("msExchModeratedByLink", "MSExchModeratedByLink"),
            ("reportToOwner", "ReportToOwner"),
            ("reportToOriginator", "ReportToOriginator"),
            ("oOFReplyToOriginator", "OOFReplyToOriginator"),
            ("hideDLMembership", "HideDLMembership"),
        ],
    );
}

fn contacts(rows: &mut Vec<AttributeMapping>) {
    add_expressions(
        rows,
        &[(
            "Coalesce([displayName], [cn], [mail])",
            schema::DISPLAY_NAME,
        )],
    );
    add(
        rows,
        &[
            ("distinguishedName", "OnPremisesDistinguishedName"),
            ("mailNickname", "Alias"),
        ],
    );
    add_domain(rows);
    add_person(rows);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn targets(kind: ObjectKind) -> Vec<AttributeName> {
        let all = mappings(Dialect::ActiveDirectory);
        all[&kind].iter().map(|row| row.target.clone()).collect()
    }

    #[test]
    fn every_attribute_of_the_schema_has_a_default_but_the_user_type() {
        for kind in ObjectKind::ALL {
            let mapped = targets(kind);
            let unmapped: Vec<_> = schema::target_attributes(kind)
                .iter()
                .filter(|attribute| !mapped.contains(&attribute.name.into()))
                .map(|attribute| attribute.name)
                .collect();
            let expected: &[&str] = match kind {
                ObjectKind::User => &["UserType"],
                ObjectKind::Group | ObjectKind::Contact => &[],
            };
            assert_eq!(unmapped, expected, "{kind}");
        }
    }

    /// The counts of the documented lists, so that a row that is lost does not go unnoticed.
    #[test]
    fn the_default_schemas_are_complete() {
        let exchange = |kind| exchange::family(kind).count();
        assert_eq!(exchange(ObjectKind::User), 42);
        for (kind, own) in [
            (ObjectKind::User, 84),
            (ObjectKind::Group, 43),
            (ObjectKind::Contact, 58),
        ] {
            assert_eq!(targets(kind).len(), own + exchange(kind), "{kind}");
        }
        for n in 1..=15 {
            let name = AttributeName::new(format!("ExtensionAttribute{n}"));
            for kind in ObjectKind::ALL {
                assert!(targets(kind).contains(&name), "{kind} {name}");
            }
        }
    }

    #[test]
    fn a_direct_reference_fills_a_reference_and_nothing_else_does() {
        for dialect in [Dialect::ActiveDirectory, Dialect::Any] {
            for (kind, rows) in mappings(dialect) {
                for row in rows {
                    let target = schema::target_attribute(kind, &row.target).unwrap();
                    let is_reference = target.attribute_type == schema::AttributeType::Reference;
                    let comes_from_one = matches!(
                        &row.source,
                        MappingSource::Direct { attribute } if schema::is_source_reference(attribute)
                    );
                    assert_eq!(comes_from_one, is_reference, "{kind} {}", row.target);
                }
            }
        }
    }

    #[test]
    fn every_default_names_an_attribute_of_the_schema_once_and_parses() {
        for dialect in [Dialect::ActiveDirectory, Dialect::Any] {
            for (kind, rows) in mappings(dialect) {
                let mut seen = std::collections::BTreeSet::new();
                for row in &rows {
                    assert!(
                        schema::target_attribute(kind, &row.target).is_some(),
                        "{}",
                        row.target
                    );
                    assert!(seen.insert(row.target.clone()), "{} twice", row.target);
                    if let MappingSource::Expression { expression } = &row.source {
                        crate::expression::Expression::parse(expression).unwrap();
                    }
                }
                for attribute in schema::target_attributes(kind)
                    .iter()
                    .filter(|a| a.required)
                {
                    assert!(seen.contains(&AttributeName::new(attribute.name)));
                }
            }
        }
    }
}
