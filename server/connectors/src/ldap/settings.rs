//! How a directory is reached and what is asked of it: what a person typed, checked field by field.

use std::{collections::BTreeSet, fmt, time::Duration};

use engine::{
    configuration::schema,
    cycle::mapped,
    directory::{AttributeName, Dn},
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use url::{Host, Url};

use super::{attributes, tls};

/// A directory connection as it was typed. Becomes [`LdapSettings`] by [`LdapSettings::check`].
#[derive(Clone, Debug)]
pub struct LdapSettingsDraft {
    /// `ldap://host:port` or `ldaps://host:port`; the port may be left out.
    pub url: String,
    pub start_tls: bool,
    /// The certificate of the authority that issued the directory's certificate. Without it the
    /// public authorities are trusted.
    pub ca_certificate_pem: Option<String>,
    /// A DN; Active Directory also takes a user principal name or `DOMAIN\name`.
    pub bind_dn: String,
    pub bind_password: SecretString,
    pub base_dn: String,
}

/// The fields of a [`LdapSettingsDraft`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum LdapSettingsField {
    Url,
    StartTls,
    CaCertificate,
    BindDn,
    BindPassword,
    BaseDn,
}

/// What is wrong with one field, as a sentence for the person who filled it in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LdapSettingsMistake {
    pub field: LdapSettingsField,
    pub message: String,
}

/// How the bytes on the way are protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protection {
    /// Not at all.
    Plain,
    /// TLS after a plain start (RFC 4511, 4.14).
    StartTls,
    /// TLS from the first byte.
    Tls,
}

/// A host and a port.
#[derive(Clone, PartialEq, Eq)]
pub struct ServerAddress {
    host: Host,
    port: u16,
}

impl ServerAddress {
    /// The host without the brackets of an IPv6 address.
    pub fn host(&self) -> String {
        match &self.host {
            Host::Domain(name) => name.clone(),
            Host::Ipv4(address) => address.to_string(),
            Host::Ipv6(address) => address.to_string(),
        }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Whether what is sent there stays on this machine.
    pub fn is_loopback(&self) -> bool {
        match &self.host {
            Host::Domain(name) => name.eq_ignore_ascii_case("localhost"),
            Host::Ipv4(address) => address.is_loopback(),
            Host::Ipv6(address) => address.is_loopback(),
        }
    }
}

/// As in an address: `host:port`.
impl fmt::Display for ServerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

impl fmt::Debug for ServerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// How long to wait before giving up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LdapTimeouts {
    /// For each step of connecting: reaching the host, TLS, signing in.
    pub connect: Duration,
    /// For one page, counting only the time in which the directory is silent. The time that the
    /// consumer of a reading takes is not the directory's.
    pub page: Duration,
}

impl Default for LdapTimeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(15),
            page: Duration::from_secs(120),
        }
    }
}

/// A directory connection that can be tried. The password is in no output of `Debug`.
#[derive(Clone, Debug)]
pub struct LdapSettings {
    pub address: ServerAddress,
    pub protection: Protection,
    pub ca_certificate_pem: Option<String>,
    pub bind_dn: String,
    pub bind_password: SecretString,
    /// Where everything that is read lies.
    pub base_dn: Dn,
    /// Entries per page.
    pub page_size: u16,
    /// The attributes that are asked for, by name, besides those that say what an entry is.
    pub attributes: Vec<String>,
    /// A reading that names more objects than this is not believed.
    pub greatest_number_of_objects: u64,
    pub timeouts: LdapTimeouts,
}

impl LdapSettings {
    /// Checks every field, and says everything that is wrong at once.
    pub fn check(draft: LdapSettingsDraft) -> Result<Self, Vec<LdapSettingsMistake>> {
        use LdapSettingsField as Field;
        let mut mistakes = Vec::new();
        let mut note =
            |field, message: String| mistakes.push(LdapSettingsMistake { field, message });

        let server = parse_url(&draft.url)
            .map_err(|message| note(Field::Url, message))
            .ok();
        let base_dn = Dn::parse(&draft.base_dn)
            .map_err(|error| note(Field::BaseDn, error.to_string()))
            .ok();
        if draft.start_tls && matches!(server, Some((_, true))) {
            note(Field::StartTls, START_TLS_OVER_TLS.to_owned());
        }
        let ca_certificate_pem = draft
            .ca_certificate_pem
            .filter(|pem| !pem.trim().is_empty());
        if let Some(Err(message)) = ca_certificate_pem.as_deref().map(tls::authorities) {
            note(Field::CaCertificate, message);
        }
        if draft.bind_dn.trim().is_empty() {
            note(Field::BindDn, NO_BIND_DN.to_owned());
        }
        // A bind with a name and no password succeeds as nobody (RFC 4513, 5.1.2).
        if draft.bind_password.expose_secret().is_empty() {
            note(
                Field::BindPassword,
                "Enter the password of the bind account.".to_owned(),
            );
        }
        let (Some((address, is_tls)), Some(base_dn), true) = (server, base_dn, mistakes.is_empty())
        else {
            return Err(mistakes);
        };
        let protection = match (is_tls, draft.start_tls) {
            (true, _) => Protection::Tls,
            (false, true) => Protection::StartTls,
            (false, false) => Protection::Plain,
        };
        Ok(Self {
            address,
            protection,
            ca_certificate_pem,
            bind_dn: draft.bind_dn.trim().to_owned(),
            bind_password: draft.bind_password,
            base_dn,
            page_size: 500,
            attributes: attributes::ASKED_FOR
                .iter()
                .map(ToString::to_string)
                .collect(),
            greatest_number_of_objects: 5_000_000,
            timeouts: LdapTimeouts::default(),
        })
    }

    /// Asks for these attributes, too. Names that no directory can have are left out, and so is
    /// what holds passwords.
    pub fn also_ask_for<'a>(&mut self, names: impl IntoIterator<Item = &'a AttributeName>) {
        let mut asked: BTreeSet<AttributeName> = self
            .attributes
            .iter()
            .map(|name| AttributeName::from(name.as_str()))
            .collect();
        for name in names {
            let is_good = schema::is_source_name(name.as_str())
                && !schema::is_source_secret(name)
                && !mapped::is_derived(name);
            if is_good && asked.insert(name.clone()) {
                self.attributes.push(name.to_string());
            }
        }
    }
}

const START_TLS_OVER_TLS: &str =
    "StartTLS belongs to ldap:// addresses; an ldaps:// address is secure from the start.";
const NO_BIND_DN: &str = "Enter the name of the account that reads the directory, for example cn=reader,dc=contoso,dc=test.";
const EXAMPLE: &str = "for example ldaps://dc1.contoso.test:636 or ldap://dc1.contoso.test:389";

/// The server, and whether it speaks TLS from the first byte.
fn parse_url(text: &str) -> Result<(ServerAddress, bool), String> {
    let text = text.trim();
    if text.is_empty() {
        return Err(format!("Enter the address of the directory, {EXAMPLE}."));
    }
    let Some((scheme, _)) = text.split_once("://") else {
        return Err(format!(
            "An address begins with ldap:// or ldaps://, {EXAMPLE}."
        ));
    };
    let is_tls = match scheme.to_ascii_lowercase().as_str() {
        "ldaps" => true,
        "ldap" => false,
        _ => {
            return Err(format!(
                "An address begins with ldap:// or ldaps://, not {scheme}://."
            ));
        }
    };
    let url = Url::parse(text).map_err(|error| match error {
        url::ParseError::InvalidPort => "A port is a number from 1 to 65535.".to_owned(),
        error => format!("This is not an address, {EXAMPLE}: {error}."),
    })?;
    nothing_but_a_server(&url)?;
    let host = match url.host() {
        None | Some(Host::Domain("")) => return Err(format!("Enter a host name, {EXAMPLE}.")),
        // In addresses other than the web's, the parser leaves IPv4 to us.
        Some(Host::Domain(name)) => name
            .parse()
            .map_or_else(|_| Host::Domain(name.to_owned()), Host::Ipv4),
        Some(host) => host.to_owned(),
    };
    let port = match url.port() {
        Some(0) => return Err("A port is a number from 1 to 65535.".to_owned()),
        Some(port) => port,
        None if is_tls => 636,
        None => 389,
    };
    Ok((ServerAddress { host, port }, is_tls))
}

/// An LDAP URL can carry a base, a filter and more (RFC 4516); here those have their own fields.
fn nothing_but_a_server(url: &Url) -> Result<(), String> {
    if !url.username().is_empty() || url.password().is_some() {
        return Err("Leave the account out of the address; it has its own fields.".to_owned());
    }
    if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
        return Err("Leave out what follows the host and port.".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(url: &str) -> LdapSettingsDraft {
        LdapSettingsDraft {
            url: url.to_owned(),
            start_tls: false,
            ca_certificate_pem: None,
            bind_dn: "cn=reader,dc=contoso,dc=test".to_owned(),
            bind_password: "secret".into(),
            base_dn: "dc=contoso,dc=test".to_owned(),
        }
    }

    #[test]
    fn what_mappings_look_at_is_asked_for_once_and_secrets_never() {
        let mut settings = LdapSettings::check(draft("ldap://dc1.contoso.test")).unwrap();
        let before = settings.attributes.len();
        let names = ["MAIL", "costCentre", "userPassword", "sourceAnchor", "a b"];
        let names = names.map(AttributeName::from);
        settings.also_ask_for(&names);
        assert_eq!(settings.attributes[before..], ["costCentre"]);
    }

    #[test]
    fn addresses_are_read_with_their_usual_ports() {
        for (url, address, protection) in [
            (
                "ldap://dc1.contoso.test",
                "dc1.contoso.test:389",
                Protection::Plain,
            ),
            (
                " LDAPS://dc1.contoso.test/ ",
                "dc1.contoso.test:636",
                Protection::Tls,
            ),
            ("ldap://127.0.0.1:3890", "127.0.0.1:3890", Protection::Plain),
            ("ldaps://[::1]:3891", "[::1]:3891", Protection::Tls),
        ] {
            let settings = LdapSettings::check(draft(url)).unwrap();
            assert_eq!(settings.address.to_string(), address);
            assert_eq!(settings.protection, protection, "{url}");
        }
    }

    #[test]
    fn loopback_is_recognised() {
        for (url, is_loopback) in [
            ("ldap://127.0.0.1", true),
            ("ldap://localhost", true),
            ("ldap://[::1]", true),
            ("ldap://10.0.0.1", false),
            ("ldap://localhost.contoso.test", false),
        ] {
            let settings = LdapSettings::check(draft(url)).unwrap();
            assert_eq!(settings.address.is_loopback(), is_loopback, "{url}");
        }
    }

    #[test]
    fn a_bad_address_says_what_is_wrong_with_it() {
        for (url, message) in [
            ("", "Enter the address of the directory"),
            (
                "dc1.contoso.test",
                "An address begins with ldap:// or ldaps://",
            ),
            (
                "http://dc1",
                "An address begins with ldap:// or ldaps://, not http://",
            ),
            ("ldap://", "Enter a host name"),
            ("ldap://dc1:port", "A port is a number"),
            ("ldap://dc1:0", "A port is a number"),
            ("ldap://dc1:70000", "A port is a number"),
            ("ldap://dc1/dc=contoso,dc=test", "Leave out what follows"),
            ("ldap://dc1?cn", "Leave out what follows"),
            ("ldap://anna@dc1", "Leave the account out"),
            ("ldap://d c1", "This is not an address"),
        ] {
            let mistakes = LdapSettings::check(draft(url)).unwrap_err();
            assert_eq!(mistakes[0].field, LdapSettingsField::Url, "{url}");
            assert!(
                mistakes[0].message.starts_with(message),
                "{url}: {mistakes:?}"
            );
        }
    }

    #[test]
    fn every_field_with_a_mistake_is_named_at_once() {
        let mistakes = LdapSettings::check(LdapSettingsDraft {
            url: "ldap//x".to_owned(),
            start_tls: false,
            ca_certificate_pem: Some("no certificate".to_owned()),
            bind_dn: " ".to_owned(),
            bind_password: "".into(),
            base_dn: "contoso".to_owned(),
        })
        .unwrap_err();
        let fields: Vec<_> = mistakes.iter().map(|mistake| mistake.field).collect();
        assert_eq!(
            fields,
            [
                LdapSettingsField::Url,
                LdapSettingsField::BaseDn,
                LdapSettingsField::CaCertificate,
                LdapSettingsField::BindDn,
                LdapSettingsField::BindPassword,
            ]
        );
    }

    #[test]
    fn start_tls_and_ldaps_exclude_each_other() {
        let mut draft = draft("ldaps://dc1.contoso.test");
        draft.start_tls = true;
        let mistakes = LdapSettings::check(draft).unwrap_err();
        assert_eq!(mistakes[0].field, LdapSettingsField::StartTls);
    }

    #[test]
    fn the_password_is_in_no_debug_output() {
        let mut draft = draft("ldap://dc1.contoso.test");
        draft.bind_password = "hunter2".into();
        let settings = LdapSettings::check(draft.clone()).unwrap();
        assert!(!format!("{draft:?} {settings:?}").contains("hunter2"));
    }
}
