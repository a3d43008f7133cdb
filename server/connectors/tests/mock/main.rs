//! Directories that no test machine has: Active Directory's habits, and servers that misbehave.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod active_directory;
mod hostile;
mod server;

use connectors::ldap::{LdapSettings, LdapSettingsDraft};
use server::Server;

fn settings(server: &Server) -> LdapSettings {
    LdapSettings::check(draft(server)).unwrap()
}

fn draft(server: &Server) -> LdapSettingsDraft {
    LdapSettingsDraft {
        url: server.url(),
        start_tls: false,
        ca_certificate_pem: None,
        bind_dn: "reader@contoso.test".to_owned(),
        bind_password: "secret".into(),
        base_dn: "DC=contoso,DC=test".to_owned(),
    }
}
