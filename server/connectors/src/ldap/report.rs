//! What **Test connection** says: what is there, and what will surprise.

use engine::directory::ObjectKind;
use ldap3_proto::proto::LdapSearchScope;

use super::{
    Session, attributes, decode,
    dialect::text,
    passwords::PasswordHashes,
    search::{PagedSearch, Search, Step},
    settings::{LdapSettings, Protection},
};
use crate::source::{Seen, SourceError, SourceReport};

/// More than the limit that directories set for accounts nobody thought of, less than the limit
/// that Active Directory sets for a page.
const ENTRIES_LOOKED_AT: u16 = 1_000;

impl Session {
    pub(super) async fn report(&mut self) -> Result<SourceReport, SourceError> {
        let base = self.settings.base_dn.as_str();
        let search = Search::entry(base, &["1.1"]);
        if self
            .connection
            .entry(&self.settings, &search)
            .await?
            .is_none()
        {
            return Err(SourceError::BaseNotFound {
                base: base.to_owned(),
            });
        }
        let mut seen = Vec::new();
        let mut look = Look::default();
        for kind in ObjectKind::ALL {
            seen.push(self.look_at(kind, &mut look).await?);
        }
        let passwords = self.password_hashes().await?;
        let mut warnings = look.warnings(&self.settings, &seen);
        warnings.extend(passwords.warning().map(str::to_owned));
        Ok(SourceReport {
            product: self.dialect.product.clone(),
            warnings,
            seen,
            delivers_password_hashes: passwords == PasswordHashes::Delivered,
        })
    }

    async fn look_at(&mut self, kind: ObjectKind, look: &mut Look) -> Result<Seen, SourceError> {
        let settings = LdapSettings {
            page_size: ENTRIES_LOOKED_AT,
            ..LdapSettings::clone(&self.settings)
        };
        let names = attributes::ANCHORS
            .iter()
            .copied()
            .chain(["modifyTimestamp"]);
        let search = Search {
            base: settings.base_dn.as_str().to_owned(),
            scope: LdapSearchScope::Subtree,
            filter: self.dialect.objects_of(kind),
            attributes: names.map(str::to_owned).collect(),
            extended_names: false,
        };
        let mut paged = PagedSearch::new(&settings, &search);
        let mut count = 0;
        let more = loop {
            match paged.next(&mut self.connection).await {
                Ok(Step::Entry(entry)) => {
                    count += 1;
                    look.entries += 1;
                    look.without_anchor += u64::from(decode::anchor(&entry).is_none());
                    look.without_stamp += u64::from(text(&entry, "modifyTimestamp").is_none());
                }
                Ok(Step::PageEnd { more }) => break more,
                Err(SourceError::SizeLimitExceeded { entries }) => {
                    look.limit = Some(entries);
                    break true;
                }
                Err(error) => return Err(error),
            }
        };
        Ok(Seen { kind, count, more })
    }
}

/// What the first look noticed.
#[derive(Default)]
struct Look {
    entries: u64,
    without_anchor: u64,
    without_stamp: u64,
    limit: Option<u64>,
}

impl Look {
    fn warnings(&self, settings: &LdapSettings, seen: &[Seen]) -> Vec<String> {
        let mut warnings = Vec::new();
        if settings.protection == Protection::Plain && !settings.address.is_loopback() {
            warnings.push(UNPROTECTED.to_owned());
        }
        if let Some(entries) = self.limit {
            warnings.push(format!(
                "The directory stops after {entries} entries for this account. A reading would \
                 never be complete; let the account read without a limit."
            ));
        }
        if self.without_anchor > 0 {
            warnings.push(format!(
                "{} of {} objects show no identifier (entryUUID or objectGUID) to this account and \
                 cannot be synchronized. Let the account read that attribute.",
                self.without_anchor, self.entries
            ));
        }
        if self.without_stamp > 0 {
            warnings.push(NO_STAMPS.to_owned());
        }
        if seen.iter().all(|seen| seen.count == 0) {
            warnings.push(format!(
                "No person, group or contact was found below {}. Is this the right base, and may \
                 the account read what is there?",
                settings.base_dn
            ));
        }
        warnings
    }
}

const UNPROTECTED: &str = "The password of the bind account and everything that is read travel \
                           unprotected. Use ldaps:// or StartTLS.";
const NO_STAMPS: &str = "The account may not see when objects changed (modifyTimestamp). Where the \
                         directory offers nothing better, every cycle reads everything.";
