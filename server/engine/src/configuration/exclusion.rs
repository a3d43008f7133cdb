//! Objects that no configuration synchronizes, whatever its scope says.
//!
//! Source of the rules: the default configuration of the original's older client (behaviour of the
//! original, part 3.4).

use serde::{Deserialize, Serialize};

use crate::directory::{AttributeValue, Attributes, ObjectKind, SourceObject};

/// Why an object is left out by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DefaultExclusion {
    /// `isCriticalSystemObject` is true: the directory cannot live without it.
    CriticalSystemObject,
    /// The name carries the mark of a replication conflict (`CNF:`).
    ReplicationVictim,
    /// A service account of the synchronization itself.
    SynchronizationAccount,
    /// A mailbox of the mail system, not of a person.
    SystemMailbox,
    /// An account of Active Directory without a logon name.
    NoLogonName,
    /// A contact that nobody could write to.
    ContactWithoutAddress,
    /// A distribution group that nobody could write to.
    DistributionGroupWithoutAddress,
}

impl DefaultExclusion {
    /// One sentence for people.
    pub fn explanation(self) -> &'static str {
        match self {
            Self::CriticalSystemObject => {
                "The directory marks the object as a critical system object."
            }
            Self::ReplicationVictim => {
                "The object's name carries the mark of a replication conflict."
            }
            Self::SynchronizationAccount => {
                "The account belongs to the synchronization itself: its name starts with AAD_ or \
                 MSOL_."
            }
            Self::SystemMailbox => "The object is a system mailbox.",
            Self::NoLogonName => "The object has no sAMAccountName.",
            Self::ContactWithoutAddress => {
                "The contact has neither a mail address nor a proxy address."
            }
            Self::DistributionGroupWithoutAddress => {
                "The distribution group has neither a mail address nor a proxy address."
            }
        }
    }
}

/// The reason why the object is left out; none when its scope decides.
pub fn default_exclusion(object: &SourceObject) -> Option<DefaultExclusion> {
    let attributes = &object.attributes;
    if is_true(attributes.values("isCriticalSystemObject")) {
        return Some(DefaultExclusion::CriticalSystemObject);
    }
    if object.dn.name().contains("\nCNF:") {
        return Some(DefaultExclusion::ReplicationVictim);
    }
    match object.kind {
        ObjectKind::User => excluded_user(attributes),
        ObjectKind::Group => excluded_group(attributes),
        ObjectKind::Contact => {
            (!has_address(attributes)).then_some(DefaultExclusion::ContactWithoutAddress)
        }
    }
}

fn excluded_user(attributes: &Attributes) -> Option<DefaultExclusion> {
    let logon_name = attributes.text("sAMAccountName").unwrap_or_default();
    if starts_with(logon_name, "AAD_") || starts_with(logon_name, "MSOL_") {
        return Some(DefaultExclusion::SynchronizationAccount);
    }
    if is_system_mailbox(attributes) {
        return Some(DefaultExclusion::SystemMailbox);
    }
    // Only Active Directory has objectSid, and there nobody can sign in without the name.
    let is_of_active_directory = !attributes.values("objectSid").is_empty();
    (is_of_active_directory && logon_name.is_empty()).then_some(DefaultExclusion::NoLogonName)
}

fn excluded_group(attributes: &Attributes) -> Option<DefaultExclusion> {
    // The sign bit of groupType says "security" (MS-ADTS 2.2.12); other directories have none.
    let is_distribution_group = integer(attributes.values("groupType")).is_some_and(|kind| {
        let sign_bit = 1 << 31;
        kind & sign_bit == 0
    });
    (is_distribution_group && !has_address(attributes))
        .then_some(DefaultExclusion::DistributionGroupWithoutAddress)
}

/// By name, or by the bits of `msExchRecipientTypeDetails` that stand for arbitration, discovery,
/// monitoring and other mailboxes that belong to nobody.
fn is_system_mailbox(attributes: &Attributes) -> bool {
    const SYSTEM_RECIPIENTS: i64 = 0x21C0_7000;
    let alias = attributes.text("mailNickname").unwrap_or_default();
    let by_name =
        starts_with(alias, "SystemMailbox{") || (starts_with(alias, "CAS_") && alias.contains('{'));
    let recipient = integer(attributes.values("msExchRecipientTypeDetails"));
    by_name || recipient.is_some_and(|details| details & SYSTEM_RECIPIENTS != 0)
}

fn has_address(attributes: &Attributes) -> bool {
    ["mail", "proxyAddresses"]
        .iter()
        .any(|name| !attributes.values(name).is_empty())
}

fn starts_with(text: &str, start: &str) -> bool {
    text.get(..start.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(start))
}

fn integer(values: &[AttributeValue]) -> Option<i64> {
    match values.first()? {
        AttributeValue::Integer(number) => Some(*number),
        AttributeValue::Text(text) => text.parse().ok(),
        AttributeValue::Boolean(_) | AttributeValue::Binary(_) => None,
    }
}

fn is_true(values: &[AttributeValue]) -> bool {
    values.first().is_some_and(|value| match value {
        AttributeValue::Boolean(value) => *value,
        AttributeValue::Text(text) => text.eq_ignore_ascii_case("true"),
        AttributeValue::Integer(_) | AttributeValue::Binary(_) => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::{Dn, SourceAnchor};

    fn excluded(kind: ObjectKind, dn: &str, pairs: &[(&str, &str)]) -> Option<DefaultExclusion> {
        let attributes = pairs.iter().fold(Attributes::new(), |all, (name, value)| {
            all.with(name, *value)
        });
        default_exclusion(&SourceObject {
            anchor: SourceAnchor::from_stored("a".to_owned()),
            dn: Dn::parse(dn).unwrap(),
            guid: None,
            kind,
            attributes,
        })
    }

    #[test]
    fn what_belongs_to_the_directory_itself_is_left_out() {
        use ObjectKind::User;
        let of = |dn, pairs: &[_]| excluded(User, dn, pairs);
        for (dn, pairs, expected) in [
            (
                "CN=krbtgt,DC=x",
                [("isCriticalSystemObject", "TRUE")],
                DefaultExclusion::CriticalSystemObject,
            ),
            (
                r"CN=Anna\0ACNF:1f3c,DC=x",
                [("sAMAccountName", "anna")],
                DefaultExclusion::ReplicationVictim,
            ),
            (
                "CN=a,DC=x",
                [("sAMAccountName", "msol_1f3c")],
                DefaultExclusion::SynchronizationAccount,
            ),
            (
                "CN=a,DC=x",
                [("mailNickname", "SystemMailbox{1f05a927}")],
                DefaultExclusion::SystemMailbox,
            ),
            (
                "CN=a,DC=x",
                [("msExchRecipientTypeDetails", "8388608")],
                DefaultExclusion::SystemMailbox,
            ),
            (
                "CN=a,DC=x",
                [("objectSid", "S-1-5-21")],
                DefaultExclusion::NoLogonName,
            ),
        ] {
            assert_eq!(of(dn, &pairs), Some(expected), "{dn} {pairs:?}");
        }
        assert_eq!(of("CN=a,DC=x", &[("sAMAccountName", "aadvark")]), None);
        assert_eq!(of("CN=a,DC=x", &[("uid", "anna")]), None);
    }

    #[test]
    fn contacts_and_distribution_groups_need_an_address() {
        let contact = |pairs: &[_]| excluded(ObjectKind::Contact, "CN=c,DC=x", pairs);
        assert_eq!(contact(&[]), Some(DefaultExclusion::ContactWithoutAddress));
        assert_eq!(contact(&[("mail", "c@x.test")]), None);
        let group = |pairs: &[_]| excluded(ObjectKind::Group, "CN=g,DC=x", pairs);
        assert_eq!(
            group(&[("groupType", "2")]),
            Some(DefaultExclusion::DistributionGroupWithoutAddress)
        );
        assert_eq!(group(&[("groupType", "-2147483646")]), None);
        assert_eq!(group(&[("groupType", "2"), ("mail", "g@x.test")]), None);
        assert_eq!(group(&[]), None, "groups of other directories have no type");
    }
}
