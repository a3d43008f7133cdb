//! Stories on a real OpenLDAP server, which each test starts for itself on loopback.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod changes;
mod conformance;
mod everything;
mod failures;
mod passwords;
mod pickers;

use connectors::{
    ldap::{LdapSettings, LdapSource},
    slapd::{Account, Slapd},
};

fn source(slapd: &Slapd) -> LdapSource {
    source_as(slapd, Account::Reader)
}

fn source_as(slapd: &Slapd, account: Account) -> LdapSource {
    LdapSource::new(slapd.settings(account))
}

/// With pages so small that a few hundred people fill many.
fn in_small_pages(slapd: &Slapd) -> LdapSource {
    LdapSource::new(LdapSettings {
        page_size: 50,
        ..slapd.settings(Account::Reader)
    })
}
