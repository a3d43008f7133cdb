//! The directory behind an imported configuration: is it connected, and can it be?

use engine::{
    configuration::{
        DomainName,
        draft::{self, FieldError, LdapDraft},
    },
    directory::Dn,
    records::{DirectoryDetails, DirectoryKind, DirectorySummary},
};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::{document::DirectoryDocument, password_variable, read::Reader};
use crate::{Actor, Backend, Error, Result, directories};

/// What has to be done to the directory.
pub(super) enum Work {
    Keep(DirectorySummary),
    /// With the summary that it would have; its identifier is not known yet.
    Connect(DirectorySummary, LdapDraft),
    Change(DirectorySummary, LdapDraft),
}

impl Work {
    /// The directory as it is, or as it would be.
    pub(super) fn summary(&self) -> &DirectorySummary {
        match self {
            Self::Keep(summary) | Self::Connect(summary, _) | Self::Change(summary, _) => summary,
        }
    }

    /// Tries the connection, where there is one to try.
    pub(super) async fn ask(
        &self,
        backend: &Backend,
        actor: &Actor,
    ) -> Result<Option<directories::Answered>> {
        Ok(match self {
            Self::Keep(_) => None,
            Self::Connect(_, draft) => Some(directories::try_new(backend, actor, draft).await?),
            Self::Change(live, draft) => {
                Some(directories::try_change(backend, actor, live.id, draft).await?)
            }
        })
    }
}

pub(super) async fn live(
    backend: &Backend,
    domain: &DomainName,
) -> Result<Option<DirectoryDetails>> {
    let all = directories::list(backend).await?;
    match all
        .into_iter()
        .find(|directory| directory.domain == *domain)
    {
        Some(summary) => Ok(Some(directories::details(backend, summary.id).await?)),
        None => Ok(None),
    }
}

/// None where the file and the live directory do not fit together; then it is said why.
pub(super) async fn work(
    backend: &Backend,
    reader: &mut Reader<'_>,
    domain: &DomainName,
    live: Option<&DirectoryDetails>,
    wanted: &DirectoryDocument,
    password: Option<&SecretString>,
) -> Result<Option<Work>> {
    let draft = ldap_draft(wanted, password);
    let summary = live.map(|live| live.summary.clone());
    let place = ["directory", "kind"];
    let kind = summary.as_ref().map(|summary| summary.kind);
    match (summary, kind, draft) {
        (None, _, Some(draft)) => connect(backend, reader, domain, draft).await,
        (None, _, None) => {
            let message = "Only a demo has this demo forest, and this is none.";
            reader.refuse(&place, message);
            Ok(None)
        }
        (Some(summary), Some(DirectoryKind::Forest), None) => Ok(Some(Work::Keep(summary))),
        (Some(_), Some(DirectoryKind::Forest), Some(_)) => {
            reader.refuse(&place, "The domain is that of a demo forest here.");
            Ok(None)
        }
        (Some(summary), _, Some(draft)) => {
            let connection = live.and_then(|live| live.connection.as_ref());
            if DirectoryDocument::of(connection) == *wanted && password.is_none() {
                return Ok(Some(Work::Keep(summary)));
            }
            change(backend, reader, domain, summary, draft).await
        }
        (Some(_), _, None) => {
            reader.refuse(&place, "The domain is that of an LDAP directory here.");
            Ok(None)
        }
    }
}

fn ldap_draft(document: &DirectoryDocument, password: Option<&SecretString>) -> Option<LdapDraft> {
    match document.clone() {
        DirectoryDocument::DemoForest {} => None,
        DirectoryDocument::Ldap {
            url,
            start_tls,
            bind_dn,
            base_dn,
            ca_certificate_pem,
        } => Some(LdapDraft {
            url,
            start_tls,
            ca_certificate_pem: ca_certificate_pem.unwrap_or_default(),
            bind_dn,
            bind_password: password
                .map_or_else(String::new, |password| password.expose_secret().to_owned()),
            base_dn,
        }),
    }
}

/// A directory that is not there yet.
pub(super) fn imagined(domain: &DomainName, kind: DirectoryKind, base_dn: Dn) -> DirectorySummary {
    DirectorySummary {
        id: Uuid::nil(),
        kind,
        domain: domain.clone(),
        base_dn,
        address: String::new(),
        configuration: None,
        last_contact: None,
        // Known when it has answered.
        delivers_password_hashes: true,
    }
}

async fn connect(
    backend: &Backend,
    reader: &mut Reader<'_>,
    domain: &DomainName,
    draft: LdapDraft,
) -> Result<Option<Work>> {
    let Some((found, base_dn)) = checked(backend, reader, domain, None, &draft).await? else {
        return Ok(None);
    };
    if found != *domain {
        let place = ["directory", draft::BASE_DN];
        reader.refuse(&place, format!("This is the base DN of {found}."));
        return Ok(None);
    }
    let mut summary = imagined(domain, DirectoryKind::Ldap, base_dn);
    summary.address.clone_from(&draft.url);
    Ok(Some(Work::Connect(summary, draft)))
}

async fn change(
    backend: &Backend,
    reader: &mut Reader<'_>,
    domain: &DomainName,
    live: DirectorySummary,
    draft: LdapDraft,
) -> Result<Option<Work>> {
    let Some((_, base_dn)) = checked(backend, reader, domain, Some(&live), &draft).await? else {
        return Ok(None);
    };
    if live.base_dn != base_dn {
        let message = "The base DN of a connected directory stays as it is.";
        reader.refuse(&["directory", draft::BASE_DN], message);
        return Ok(None);
    }
    Ok(Some(Work::Change(live, draft)))
}

/// What can be said of a connection without asking the directory.
async fn checked(
    backend: &Backend,
    reader: &mut Reader<'_>,
    domain: &DomainName,
    live: Option<&DirectorySummary>,
    draft: &LdapDraft,
) -> Result<Option<(DomainName, Dn)>> {
    match directories::check(
        backend,
        &Actor::CommandLine,
        live.map(|live| live.id),
        draft,
    )
    .await
    {
        Ok(checked) => Ok(Some(checked)),
        Err(Error::Invalid(errors)) => {
            for error in errors {
                refuse(reader, domain, &error);
            }
            Ok(None)
        }
        Err(other) => Err(other),
    }
}

fn refuse(reader: &mut Reader<'_>, domain: &DomainName, error: &FieldError) {
    if error.field == draft::BIND_PASSWORD {
        let message = format!(
            "Connecting needs the password of the bind account: give --bind-password-file \
             {domain}=FILE or the variable {}.",
            password_variable(domain)
        );
        reader.refuse(&["directory"], message);
    } else {
        reader.refuse(&["directory", &error.field], error.message.clone());
    }
}
