//! Password hashes: what Samba keeps beside OpenLDAP's own passwords (`sambaNTPassword`). No other
//! kind of hash that directories hold can be turned into what the tenant keeps.
//!
//! Hashes are asked for here only, in searches of their own, so that no reading of objects can ever
//! carry one. Active Directory gives them out over its replication protocol alone, which is not
//! spoken here.

use engine::{
    directory::{AttributeValue, Attributes, ObjectGuid, SourceAnchor},
    password_hash::NtHash,
    timestamp::Timestamp,
};
use ldap3_proto::proto::{LdapPartialAttribute, LdapSearchScope};
use tokio::time::Instant;
use zeroize::Zeroize;

use super::{
    Session, attributes, decode,
    dialect::{Family, text},
    filter::Filter,
    position::{Position, Stamps},
    schema,
    search::{Entry, PagedSearch, Search, Step},
    settings::Protection,
};
use crate::source::{
    ChangedPasswords, Cursor, PASSWORDS_AT_ONCE, PasswordState, SourceError, SourcePassword,
};

const HASH: &str = "sambaNTPassword";
/// Seconds since 1970; 0 for a password that must be changed at the next sign-in.
const SET_AT: &str = "sambaPwdLastSet";
/// The same in directories of older Samba versions.
const MUST_CHANGE_AT: &str = "sambaPwdMustChange";

/// Whether password hashes can be had, and if not, why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PasswordHashes {
    Delivered,
    /// The directory has no attribute for them.
    Unknown,
    /// The attribute is there and the bind account sees none.
    NotSeen,
    /// Whoever listens on the way could sign in with them.
    Unprotected,
}

impl PasswordHashes {
    /// What will surprise whoever set Samba up for it.
    pub(super) fn warning(self) -> Option<&'static str> {
        match self {
            Self::Delivered | Self::Unknown => None,
            Self::NotSeen => Some(
                "The directory has room for password hashes (sambaNTPassword) and the account \
                 sees none. To synchronize them, let the account read that attribute.",
            ),
            Self::Unprotected => Some(
                "The directory has password hashes (sambaNTPassword). They are not read over a \
                 connection without protection; use ldaps:// or StartTLS.",
            ),
        }
    }

    fn refusal(self) -> Option<SourceError> {
        let detail = match self {
            Self::Delivered => return None,
            Self::Unknown => "it has no attribute sambaNTPassword.",
            Self::NotSeen => "the bind account sees no sambaNTPassword.",
            Self::Unprotected => "the connection has no protection; use ldaps:// or StartTLS.",
        };
        Some(SourceError::NoPasswordHashes {
            detail: detail.to_owned(),
        })
    }
}

impl Session {
    pub(super) async fn password_hashes(&mut self) -> Result<PasswordHashes, SourceError> {
        if self.dialect.family == Family::ActiveDirectory {
            return Ok(PasswordHashes::Unknown);
        }
        let (connection, settings) = (&mut self.connection, &self.settings);
        let known = schema::known_attributes(connection, settings, &self.dialect).await?;
        if !known.contains(&HASH.to_ascii_lowercase()) {
            return Ok(PasswordHashes::Unknown);
        }
        let is_loopback = settings.address.is_loopback();
        if settings.protection == Protection::Plain && !is_loopback {
            return Ok(PasswordHashes::Unprotected);
        }
        // The attribute itself is asked for: being allowed to search for it is not being allowed
        // to read it. One answer tells, and is overwritten at once.
        let search = self.password_search(Filter::Present(HASH), &[HASH]);
        let mut found = self.connection.find(&self.settings, &search, 1).await?;
        let is_seen = found.iter().any(|entry| text(entry, HASH).is_some());
        found.iter_mut().for_each(overwrite);
        Ok(match is_seen {
            true => PasswordHashes::Delivered,
            false => PasswordHashes::NotSeen,
        })
    }

    pub(super) async fn changed_passwords(
        &mut self,
        since: Option<&Cursor>,
    ) -> Result<ChangedPasswords, SourceError> {
        let begin = Instant::now();
        if let Some(refusal) = self.password_hashes().await?.refusal() {
            return Err(refusal);
        }
        let since = since.map(|since| Position::from_cursor(since, &self.settings));
        let since = since.transpose()?;
        let now = Position::of(&mut self.connection, &self.settings, &self.dialect).await?;
        let filter = match &since {
            Some(since) => Filter::Present(HASH).and(since.changes_until(&now)?),
            None => Filter::Present(HASH),
        };
        let (of, stamps) = self.named_by(filter).await?;
        let position = now.after(since.as_ref(), &stamps, begin.elapsed());
        Ok(ChangedPasswords {
            of,
            cursor: position.into_cursor(&self.settings),
        })
    }

    /// Who is found, and when they changed last.
    async fn named_by(
        &mut self,
        filter: Filter,
    ) -> Result<(Vec<SourceAnchor>, Stamps), SourceError> {
        let names = [&attributes::ANCHORS[..], &["modifyTimestamp"]].concat();
        let search = self.password_search(filter, &names);
        let mut paged = PagedSearch::new(&self.settings, &search);
        let (mut of, mut stamps) = (Vec::new(), Stamps::default());
        loop {
            match paged.next(&mut self.connection).await? {
                Step::Entry(entry) => {
                    of.extend(decode::anchor(&entry));
                    stamps.see(&stamp_of(&entry));
                }
                Step::PageEnd { more: true } => {}
                Step::PageEnd { more: false } => return Ok((of, stamps)),
            }
        }
    }

    pub(super) async fn passwords(
        &mut self,
        of: &[SourceAnchor],
    ) -> Result<Vec<SourcePassword>, SourceError> {
        let who = of.iter().filter_map(SourceAnchor::object_guid);
        let who: Vec<Filter> = who.flat_map(identified_by).collect();
        if who.is_empty() {
            return Ok(Vec::new());
        }
        let names = [&attributes::ANCHORS[..], &[HASH, SET_AT, MUST_CHANGE_AT]].concat();
        let filter = Filter::Present(HASH).and(Filter::Any(who));
        let search = self.password_search(filter, &names);
        let greatest = u16::try_from(PASSWORDS_AT_ONCE).unwrap_or(u16::MAX);
        let found = self
            .connection
            .find(&self.settings, &search, greatest)
            .await?;
        let passwords = found.into_iter().filter_map(password);
        Ok(passwords
            .filter(|password| of.contains(&password.anchor))
            .collect())
    }

    fn password_search(&self, filter: Filter, attributes: &[&str]) -> Search {
        Search {
            base: self.settings.base_dn.as_str().to_owned(),
            scope: LdapSearchScope::Subtree,
            filter: self.dialect.objects().and(filter),
            attributes: attributes.iter().map(ToString::to_string).collect(),
            extended_names: false,
        }
    }
}

/// As directories other than Active Directory write it.
fn identified_by(guid: ObjectGuid) -> [Filter; 3] {
    let uuid = guid.as_uuid();
    let digits = uuid.simple().to_string();
    let in_fours = [&digits[..8], &digits[8..16], &digits[16..24], &digits[24..]].join("-");
    [
        Filter::equals("entryUUID", uuid.to_string()),
        Filter::equals("nsUniqueId", in_fours),
        Filter::equals("ipaUniqueID", uuid.to_string()),
    ]
}

fn stamp_of(entry: &Entry) -> Attributes {
    let stamp = text(entry, "modifyTimestamp").map(AttributeValue::from);
    let mut attributes = Attributes::new();
    attributes.set("modifyTimestamp", stamp.into_iter().collect());
    attributes
}

fn password(mut entry: Entry) -> Option<SourcePassword> {
    let anchor = decode::anchor(&entry)?;
    let set_at = text(&entry, SET_AT).and_then(|text| text.parse::<i64>().ok());
    let must_change = set_at == Some(0) || text(&entry, MUST_CHANGE_AT) == Some("0");
    let hash = text(&entry, HASH).map(NtHash::from_hex);
    overwrite(&mut entry);
    let state = match hash? {
        _ if must_change => PasswordState::MustChange,
        Some(hash) => PasswordState::Usable(hash),
        None => PasswordState::Unusable(
            "Its sambaNTPassword is not made of 32 hexadecimal digits. Set the password again."
                .to_owned(),
        ),
    };
    Some(SourcePassword {
        anchor,
        set_at: set_at
            .filter(|seconds| *seconds > 0)
            .map(|seconds| Timestamp(seconds.saturating_mul(1_000_000))),
        state,
    })
}

/// Leaves nothing of the hash in memory that is given back.
fn overwrite(entry: &mut Entry) {
    let is_hash =
        |attribute: &&mut LdapPartialAttribute| attribute.atype.eq_ignore_ascii_case(HASH);
    for attribute in entry.attributes.iter_mut().filter(is_hash) {
        attribute.vals.iter_mut().for_each(Zeroize::zeroize);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(attributes: &[(&str, &str)]) -> Entry {
        let uuid = ("entryUUID", "b4c46e65-ec24-464c-8eb7-15835ab02ea0");
        Entry {
            dn: "uid=anna,dc=contoso,dc=test".to_owned(),
            guid: None,
            attributes: [uuid]
                .iter()
                .chain(attributes)
                .map(|(name, value)| LdapPartialAttribute {
                    atype: (*name).to_owned(),
                    vals: vec![value.as_bytes().to_vec()],
                })
                .collect(),
        }
    }

    const DIGITS: &str = "92937945B518814341DE3F726500D4FF";

    #[test]
    fn a_hash_of_hexadecimal_digits_is_a_password() {
        let entry = entry(&[(HASH, DIGITS), (SET_AT, "1700000000")]);
        let password = password(entry).unwrap();
        assert_eq!(password.set_at, Some(Timestamp(1_700_000_000_000_000)));
        assert!(matches!(password.state, PasswordState::Usable(_)));
    }

    #[test]
    fn a_password_that_must_be_changed_is_not_handed_on() {
        for mark in [(SET_AT, "0"), (MUST_CHANGE_AT, "0")] {
            let password = password(entry(&[(HASH, DIGITS), mark])).unwrap();
            assert!(matches!(password.state, PasswordState::MustChange));
            assert_eq!(password.set_at, None);
        }
        let later = entry(&[(HASH, DIGITS), (MUST_CHANGE_AT, "1700000000")]);
        let state = password(later).unwrap().state;
        assert!(matches!(state, PasswordState::Usable(_)));
    }

    #[test]
    fn what_is_no_hash_is_told_apart_from_no_password() {
        let state = password(entry(&[(HASH, "x")])).unwrap().state;
        assert!(matches!(state, PasswordState::Unusable(_)));
        assert!(password(entry(&[])).is_none());
    }

    #[test]
    fn a_hash_is_overwritten_where_it_came_in() {
        let mut entry = entry(&[("SAMBANTPASSWORD", DIGITS), (SET_AT, "1")]);
        overwrite(&mut entry);
        assert_eq!(text(&entry, HASH), Some(""));
        assert_eq!(text(&entry, SET_AT), Some("1"));
    }
}
