//! Whom the connection trusts, and what a failed handshake means in words. A certificate is always
//! checked; nothing here can turn that off.

use std::{io, sync::Arc};

use rustls::{
    CertificateError, ClientConfig, Error, InvalidMessage, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};

use super::settings::{LdapSettings, ServerAddress};
use crate::source::SourceError;

/// The certificates in a PEM text, or a sentence that says what is wrong with it.
pub(super) fn authorities(pem: &str) -> Result<RootCertStore, String> {
    if pem.contains("PRIVATE KEY-----") {
        return Err(
            "This contains a private key. Give only the certificate of the authority.".into(),
        );
    }
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        let certificate = certificate.map_err(|_| NOT_A_CERTIFICATE.to_owned())?;
        roots
            .add(certificate)
            .map_err(|_| NOT_A_CERTIFICATE.to_owned())?;
    }
    if roots.is_empty() {
        return Err(NOT_A_CERTIFICATE.to_owned());
    }
    Ok(roots)
}

const NOT_A_CERTIFICATE: &str =
    "This is not a certificate in PEM form; it begins with -----BEGIN CERTIFICATE-----.";

pub(super) fn client_config(settings: &LdapSettings) -> Result<Arc<ClientConfig>, SourceError> {
    let roots = match &settings.ca_certificate_pem {
        Some(pem) => authorities(pem).map_err(|detail| SourceError::BadSettings { detail })?,
        None => webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect(),
    };
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| SourceError::BadSettings {
            detail: error.to_string(),
        })?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// The name that the certificate must be valid for.
pub(super) fn server_name(address: &ServerAddress) -> Result<ServerName<'static>, SourceError> {
    ServerName::try_from(address.host()).map_err(|_| SourceError::BadSettings {
        detail: format!(
            "{} is not a name that a certificate can carry.",
            address.host()
        ),
    })
}

/// Why the handshake failed, and what helps.
pub(super) fn handshake_failed(settings: &LdapSettings, error: &io::Error) -> SourceError {
    let reason = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<Error>());
    let detail = match reason {
        Some(Error::InvalidCertificate(reason)) => certificate_refused(settings, reason),
        Some(Error::InvalidMessage(InvalidMessage::InvalidContentType)) => {
            "what answers there does not speak TLS. Use the secure port (usually 636), or ldap:// \
             with StartTLS."
                .to_owned()
        }
        Some(Error::PeerIncompatible(_)) => {
            "the directory offers no version of TLS that is considered secure; TLS 1.2 or 1.3 is \
             needed."
                .to_owned()
        }
        Some(Error::AlertReceived(alert)) => {
            format!("the directory broke the handshake off ({alert:?}).")
        }
        Some(reason) => format!("{reason}."),
        None if error.kind() == io::ErrorKind::UnexpectedEof => {
            "the directory closed the connection during the handshake. Does this port speak TLS?"
                .to_owned()
        }
        None => format!("{error}."),
    };
    SourceError::Untrusted {
        address: settings.address.to_string(),
        detail,
    }
}

fn certificate_refused(settings: &LdapSettings, reason: &CertificateError) -> String {
    let host = settings.address.host();
    match reason {
        CertificateError::UnknownIssuer if settings.ca_certificate_pem.is_some() => {
            "its certificate was not issued by the authority whose certificate was given."
                .to_owned()
        }
        CertificateError::UnknownIssuer => {
            "its certificate was issued by an authority that is not trusted here. Give the \
             certificate of that authority."
                .to_owned()
        }
        CertificateError::NotValidForName => another_name(&host, &[]),
        CertificateError::NotValidForNameContext { presented, .. } => {
            another_name(&host, presented)
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "its certificate has expired. It must be renewed on the directory.".to_owned()
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "its certificate is not valid yet. Compare the clocks of both machines.".to_owned()
        }
        CertificateError::Revoked => "its certificate was revoked.".to_owned(),
        CertificateError::BadSignature => {
            "its certificate carries a signature that is wrong: another authority of the same name?"
                .to_owned()
        }
        reason => format!("its certificate was refused: {reason}."),
    }
}

fn another_name(host: &str, presented: &[String]) -> String {
    if presented.is_empty() {
        return format!(
            "its certificate is not valid for {host}: it has no subject alternative names. Have \
             one issued that names {host}."
        );
    }
    let names: Vec<_> = presented.iter().map(|name| readable_name(name)).collect();
    format!(
        "its certificate is not valid for {host}, but for {}. Use such a name in the address, or \
         have a certificate issued that names {host}.",
        names.join(", ")
    )
}

/// The library prints `DnsName("dc1.contoso.test")` and `IpAddress(127.0.0.1)`.
fn readable_name(name: &str) -> &str {
    let inner = name
        .split_once('(')
        .and_then(|(_, rest)| rest.strip_suffix(')'))
        .unwrap_or(name);
    inner.trim_matches('"')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ldap::LdapSettingsDraft;

    fn told(reason: CertificateError) -> String {
        let settings = LdapSettings::check(LdapSettingsDraft {
            url: "ldaps://dc1.contoso.test".to_owned(),
            start_tls: false,
            ca_certificate_pem: None,
            bind_dn: "cn=reader".to_owned(),
            bind_password: "secret".into(),
            base_dn: "dc=contoso,dc=test".to_owned(),
        })
        .unwrap();
        let error = io::Error::other(Error::InvalidCertificate(reason));
        handshake_failed(&settings, &error).to_string()
    }

    #[test]
    fn a_certificate_for_another_name_tells_both_names() {
        let expected = ServerName::try_from("dc1.contoso.test").unwrap();
        let presented = vec![
            "DnsName(\"dc2.contoso.test\")".to_owned(),
            "IpAddress(10.0.0.1)".to_owned(),
        ];
        assert_eq!(
            told(CertificateError::NotValidForNameContext {
                expected,
                presented
            }),
            "The secure connection to dc1.contoso.test:636 failed: its certificate is not valid \
             for dc1.contoso.test, but for dc2.contoso.test, 10.0.0.1. Use such a name in the \
             address, or have a certificate issued that names dc1.contoso.test."
        );
    }

    #[test]
    fn a_certificate_that_names_nobody_or_has_expired_says_so() {
        assert!(told(CertificateError::NotValidForName).contains("no subject alternative names"));
        assert!(told(CertificateError::Expired).contains("its certificate has expired"));
    }

    #[test]
    fn a_private_key_is_not_taken_for_a_certificate() {
        let key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
        assert!(
            authorities(key)
                .unwrap_err()
                .starts_with("This contains a private key")
        );
        assert!(
            authorities("")
                .unwrap_err()
                .starts_with("This is not a certificate")
        );
    }
}
