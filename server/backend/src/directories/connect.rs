//! Connecting an LDAP directory: what a person typed, the test, and what is stored.
//!
//! Nothing is stored that did not answer: connecting and changing try the connection first.

use std::{collections::BTreeSet, sync::Arc};

use connectors::{
    Source, SourceError, SourceReport,
    ldap::{LdapSettings, LdapSettingsDraft, LdapSettingsField, LdapSource},
};
use engine::{
    configuration::{
        DomainName,
        draft::{self, FieldError, LdapDraft},
    },
    directory::{AttributeName, Dn},
    records::{ConnectionReport, DirectoryId, LdapConnection, SeenObjects},
};
use secrecy::SecretString;
use uuid::Uuid;

use super::store::{self, DirectoryRow};
use crate::{
    Actor, Backend, Error, Result,
    audit::{self, Activity, Outcome},
    database::Write,
    installation::{self, InstallationRefusal},
    secrets::Secrets,
};

/// Tries a connection without storing anything. `existing` lends its stored password where the
/// draft has none, see [`password`].
pub async fn test(
    backend: &Backend,
    actor: &Actor,
    existing: Option<DirectoryId>,
    draft: LdapDraft,
) -> Result<ConnectionReport> {
    actor.may_change()?;
    let row = match existing {
        Some(id) => Some(store::row(backend, id).await?),
        None => None,
    };
    let settings = settings(backend, actor, row.as_ref(), &draft)?;
    let answer = ask(backend, actor, &draft, settings).await?;
    let mut write = backend.db.write().await?;
    if let Some(row) = &row {
        note_test(backend, &mut write, row, &draft, &answer).await?;
    }
    if answer.is_ok() {
        audit_test(backend, &mut write, actor, &draft, None).await?;
    }
    write.commit().await?;
    answer.map(report).map_err(beside_its_field)
}

/// What a test says of the stored connection. One of a draft that differs, or with a password that
/// was typed, says nothing of how cycles fare.
async fn note_test(
    backend: &Backend,
    write: &mut Write,
    row: &DirectoryRow,
    draft: &LdapDraft,
    answer: &Result<SourceReport, SourceError>,
) -> Result<()> {
    let id = row.summary.id;
    if let Ok(report) = answer {
        note_password_hashes(write, id, report).await?;
    }
    if draft.bind_password.is_empty() && goes_the_same_way(row, draft) {
        let error = answer.as_ref().err().map(ToString::to_string);
        store::note_contact(backend, write, id, error.as_deref()).await?;
    }
    Ok(())
}

/// Asks the directory that a draft names. What it refuses leaves a trace, whatever it was asked
/// for: a password went to an address.
async fn ask(
    backend: &Backend,
    actor: &Actor,
    draft: &LdapDraft,
    settings: LdapSettings,
) -> Result<Result<SourceReport, SourceError>> {
    backend.count_connection_test(actor)?;
    let answer = LdapSource::new(settings).check().await;
    if let Err(error) = &answer {
        let mut write = backend.db.write().await?;
        audit_test(backend, &mut write, actor, draft, Some(error)).await?;
        write.commit().await?;
    }
    Ok(answer)
}

async fn audit_test(
    backend: &Backend,
    write: &mut Write,
    actor: &Actor,
    draft: &LdapDraft,
    error: Option<&SourceError>,
) -> Result<()> {
    let (url, account) = (draft.url.trim(), draft.bind_dn.trim());
    let (detail, outcome) = match error {
        None => (
            format!("{url} as {account}: it answered."),
            Outcome::Succeeded,
        ),
        Some(error) => (format!("{url} as {account}: {error}"), Outcome::Failed),
    };
    let (activity, target) = (Activity::TestConnection, draft.base_dn.trim());
    audit::record_attempt(backend, write, actor, activity, target, &detail, outcome).await
}

/// A connection that answered, and can be stored.
pub(crate) struct Answered {
    pub(crate) id: DirectoryId,
    domain: DomainName,
    connection: LdapConnection,
    sealed_password: Option<String>,
    report: SourceReport,
    is_new: bool,
}

impl Answered {
    pub(crate) fn delivers_password_hashes(&self) -> bool {
        self.report.delivers_password_hashes
    }
}

/// Tries the connection, then stores it with its password sealed. The domain is that of the base
/// DN.
pub async fn connect(backend: &Backend, actor: &Actor, draft: LdapDraft) -> Result<DirectoryId> {
    actor.may_change()?;
    let answered = try_new(backend, actor, &draft).await?;
    let mut write = backend.db.write().await?;
    put(backend, &mut write, actor, &answered).await?;
    write.commit().await?;
    backend.announce_change();
    Ok(answered.id)
}

/// Changes how a directory is reached. Its base DN stays: a configuration's scope lies in it.
pub async fn change(
    backend: &Backend,
    actor: &Actor,
    id: DirectoryId,
    draft: LdapDraft,
) -> Result<()> {
    actor.may_change()?;
    let answered = try_change(backend, actor, id, &draft).await?;
    let mut write = backend.db.write().await?;
    put(backend, &mut write, actor, &answered).await?;
    write.commit().await?;
    backend.announce_change();
    Ok(())
}

/// The domain that a draft would be connected as, without trying it. `existing` lends its stored
/// password where the draft has none, see [`password`].
pub(crate) async fn check(
    backend: &Backend,
    actor: &Actor,
    existing: Option<DirectoryId>,
    draft: &LdapDraft,
) -> Result<(DomainName, Dn)> {
    let row = match existing {
        Some(id) => Some(store::row(backend, id).await?),
        None => None,
    };
    let settings = settings(backend, actor, row.as_ref(), draft)?;
    Ok((domain_of(&settings.base_dn)?, settings.base_dn))
}

/// Asks a directory that is not connected yet.
pub(crate) async fn try_new(
    backend: &Backend,
    actor: &Actor,
    draft: &LdapDraft,
) -> Result<Answered> {
    let settings = settings(backend, actor, None, draft)?;
    let domain = domain_of(&settings.base_dn)?;
    let connection = connection(draft, &settings.base_dn);
    let report = ask(backend, actor, draft, settings)
        .await?
        .map_err(beside_its_field)?;
    let id = Uuid::new_v4();
    Ok(Answered {
        id,
        domain,
        connection,
        sealed_password: Some(seal(backend, id, draft)?),
        report,
        is_new: true,
    })
}

/// Asks a connected directory in another way.
pub(crate) async fn try_change(
    backend: &Backend,
    actor: &Actor,
    id: DirectoryId,
    draft: &LdapDraft,
) -> Result<Answered> {
    let row = store::row(backend, id).await?;
    if row.connection.is_none() {
        return Err(Error::Conflict(
            "A demo forest has no connection to change.".to_owned(),
        ));
    }
    let settings = settings(backend, actor, Some(&row), draft)?;
    if settings.base_dn != row.summary.base_dn {
        return Err(Error::field(
            draft::BASE_DN,
            "The base DN of a connected directory stays as it is. Connect another directory \
             instead.",
        ));
    }
    let report = ask(backend, actor, draft, settings)
        .await?
        .map_err(beside_its_field)?;
    let sealed_password = if draft.bind_password.is_empty() {
        row.sealed_password
    } else {
        Some(seal(backend, id, draft)?)
    };
    Ok(Answered {
        id,
        domain: row.summary.domain,
        connection: connection(draft, &row.summary.base_dn),
        sealed_password,
        report,
        is_new: false,
    })
}

/// Stores a connection that answered, in the caller's transaction.
pub(crate) async fn put(
    backend: &Backend,
    write: &mut Write,
    actor: &Actor,
    answered: &Answered,
) -> Result<()> {
    let Answered {
        id,
        domain,
        connection,
        sealed_password,
        report,
        is_new,
    } = answered;
    let sealed_password = sealed_password.clone();
    if !installation::is_sealed_with(write, &backend.secrets).await? {
        return Err(InstallationRefusal::KeyReplaced.into());
    }
    if *is_new {
        let new = store::NewRow {
            id: *id,
            kind: "ldap",
            domain,
            base_dn: &connection.base_dn,
            connection: Some(connection),
            sealed_password,
        };
        if !store::insert(backend, write, new).await? {
            return Err(Error::field(
                draft::BASE_DN,
                format!("A directory with the domain {domain} is connected already."),
            ));
        }
    } else {
        store::update(write, *id, &connection.base_dn, connection, sealed_password).await?;
    }
    note_password_hashes(write, *id, report).await?;
    store::note_contact(backend, write, *id, None).await?;
    let activity = if *is_new {
        Activity::ConnectDirectory
    } else {
        Activity::ChangeDirectory
    };
    audit::record(
        backend,
        write,
        actor,
        activity,
        domain.as_str(),
        &connection.url,
    )
    .await
}

/// Forgets a directory that no configuration uses.
pub async fn disconnect(backend: &Backend, actor: &Actor, id: DirectoryId) -> Result<()> {
    actor.may_change()?;
    let row = store::row(backend, id).await?;
    if row.connection.is_none() {
        return Err(Error::Conflict(
            "The demo forests are part of the server and stay connected.".to_owned(),
        ));
    }
    if row.summary.configuration.is_some() {
        return Err(Error::Conflict(format!(
            "Delete the configuration for {} first.",
            row.summary.domain
        )));
    }
    let mut write = backend.db.write().await?;
    crate::configurations::purge_deleted_of(&mut write, &row.summary.domain).await?;
    store::remove(&mut write, id).await?;
    let domain = row.summary.domain.as_str();
    let activity = Activity::ChangeDirectory;
    audit::record(
        backend,
        &mut write,
        actor,
        activity,
        domain,
        "Disconnected.",
    )
    .await?;
    write.commit().await?;
    backend.announce_change();
    Ok(())
}

async fn note_password_hashes(
    write: &mut Write,
    id: DirectoryId,
    report: &SourceReport,
) -> Result<()> {
    store::note_password_hashes(write, id, report.delivers_password_hashes).await
}

/// The source behind a stored connection, asked for these attributes besides the usual ones.
pub(super) fn open(
    backend: &Backend,
    row: &DirectoryRow,
    also: &BTreeSet<AttributeName>,
) -> Result<Arc<dyn Source>> {
    let connection = row
        .connection
        .as_ref()
        .ok_or_else(|| Error::internal("an LDAP directory without a connection"))?;
    let draft = LdapSettingsDraft {
        url: connection.url.clone(),
        start_tls: connection.start_tls,
        ca_certificate_pem: connection.ca_certificate_pem.clone(),
        bind_dn: connection.bind_dn.clone(),
        bind_password: stored_password(backend, row)?,
        base_dn: connection.base_dn.to_string(),
    };
    let mut settings = LdapSettings::check(draft).map_err(|mistakes| {
        let sentences: Vec<_> = mistakes
            .into_iter()
            .map(|mistake| mistake.message)
            .collect();
        Error::Outside(sentences.join(" "))
    })?;
    settings.also_ask_for(also);
    Ok(Arc::new(LdapSource::new(settings)))
}

fn settings(
    backend: &Backend,
    actor: &Actor,
    existing: Option<&DirectoryRow>,
    draft: &LdapDraft,
) -> Result<LdapSettings> {
    let bind_password = password(backend, actor, existing, draft)?;
    let draft = LdapSettingsDraft {
        url: draft.url.clone(),
        start_tls: draft.start_tls,
        ca_certificate_pem: Some(draft.ca_certificate_pem.clone()),
        bind_dn: draft.bind_dn.clone(),
        bind_password,
        base_dn: draft.base_dn.clone(),
    };
    LdapSettings::check(draft).map_err(|mistakes| {
        let errors = mistakes
            .into_iter()
            .map(|mistake| FieldError::new(field_name(mistake.field), mistake.message));
        Error::Invalid(errors.collect())
    })
}

/// The password that goes to the directory: the one that was typed, or the stored one. The stored
/// one goes only where it goes in every cycle, under the same protection, and never because a
/// program asks: whoever may change a connection could otherwise have it sent to themselves.
fn password(
    backend: &Backend,
    actor: &Actor,
    existing: Option<&DirectoryRow>,
    draft: &LdapDraft,
) -> Result<SecretString> {
    let Some(row) = existing.filter(|_| draft.bind_password.is_empty()) else {
        return Ok(SecretString::from(draft.bind_password.clone()));
    };
    if matches!(actor, Actor::Program { .. }) {
        return Err(Error::field(
            draft::BIND_PASSWORD,
            "Give the password: with an access token, the stored one is not used.",
        ));
    }
    if !goes_the_same_way(row, draft) {
        return Err(Error::field(
            draft::BIND_PASSWORD,
            "Enter the password again: the stored one is used only with the stored address, \
             protection, certificate and account.",
        ));
    }
    stored_password(backend, row)
}

/// Whether a password would go to the same server, under the same protection, for the same account.
fn goes_the_same_way(row: &DirectoryRow, draft: &LdapDraft) -> bool {
    let Some(stored) = &row.connection else {
        return false;
    };
    // Forms without a script send other ends of lines.
    let certificate = |pem: &str| pem.split_whitespace().collect::<String>();
    stored.url == draft.url.trim()
        && stored.start_tls == draft.start_tls
        && stored.bind_dn == draft.bind_dn.trim()
        && certificate(stored.ca_certificate_pem.as_deref().unwrap_or_default())
            == certificate(&draft.ca_certificate_pem)
}

fn field_name(field: LdapSettingsField) -> &'static str {
    match field {
        LdapSettingsField::Url => draft::URL,
        LdapSettingsField::StartTls => draft::START_TLS,
        LdapSettingsField::CaCertificate => draft::CA_CERTIFICATE_PEM,
        LdapSettingsField::BindDn => draft::BIND_DN,
        LdapSettingsField::BindPassword => draft::BIND_PASSWORD,
        LdapSettingsField::BaseDn => draft::BASE_DN,
    }
}

/// A refusal stands beside the field that a person would correct.
#[expect(clippy::needless_pass_by_value, reason = "the form that map_err wants")]
fn beside_its_field(error: SourceError) -> Error {
    let field = match error {
        SourceError::Unreachable { .. } => draft::URL,
        SourceError::Untrusted { .. } => draft::CA_CERTIFICATE_PEM,
        SourceError::BadCredentials { .. } => draft::BIND_PASSWORD,
        SourceError::BaseNotFound { .. } => draft::BASE_DN,
        _ => return Error::Outside(error.to_string()),
    };
    Error::field(field, error.to_string())
}

/// `dc=contoso,dc=test` → `contoso.test`. A directory that is not named after a domain gets the
/// values of its name, so that it can be chosen like a domain.
fn domain_of(base_dn: &Dn) -> Result<DomainName> {
    let (mut components, mut others) = (Vec::new(), Vec::new());
    let mut rest = Some(base_dn.clone());
    while let Some(dn) = rest {
        let is_domain_component = dn.rdn().to_ascii_lowercase().starts_with("dc=");
        let parts = if is_domain_component {
            &mut components
        } else {
            &mut others
        };
        parts.push(dn.name());
        rest = dn.parent();
    }
    let labels = if components.is_empty() {
        others
    } else {
        components
    };
    let text = labels.join(".").replace(' ', "-");
    DomainName::parse(&text).map_err(|error| Error::field(draft::BASE_DN, error.to_string()))
}

fn connection(draft: &LdapDraft, base_dn: &Dn) -> LdapConnection {
    let pem = draft.ca_certificate_pem.trim();
    LdapConnection {
        url: draft.url.trim().to_owned(),
        start_tls: draft.start_tls,
        ca_certificate_pem: (!pem.is_empty()).then(|| pem.to_owned()),
        bind_dn: draft.bind_dn.trim().to_owned(),
        base_dn: base_dn.clone(),
    }
}

/// Bound to its directory, so that it cannot be put in another one's place.
fn purpose(id: DirectoryId) -> String {
    format!("bind password of directory {id}")
}

/// Whether this key is the one that sealed the password of a directory.
pub(crate) fn opens_password(secrets: &Secrets, id: DirectoryId, sealed: &str) -> bool {
    secrets.open(&purpose(id), sealed).is_ok()
}

fn seal(backend: &Backend, id: DirectoryId, draft: &LdapDraft) -> Result<String> {
    let password = SecretString::from(draft.bind_password.clone());
    Ok(backend.secrets.seal(&purpose(id), &password)?)
}

fn stored_password(backend: &Backend, row: &DirectoryRow) -> Result<SecretString> {
    match &row.sealed_password {
        Some(sealed) => Ok(backend.secrets.open(&purpose(row.summary.id), sealed)?),
        None => Ok(SecretString::from(String::new())),
    }
}

fn report(report: SourceReport) -> ConnectionReport {
    ConnectionReport {
        product: report.product,
        seen: report
            .seen
            .into_iter()
            .map(|seen| SeenObjects {
                kind: seen.kind,
                count: seen.count,
                more: seen.more,
            })
            .collect(),
        warnings: report.warnings,
    }
}

/// A directory as if it had been connected, for tests without one.
#[cfg(test)]
pub(super) async fn store_for_tests(
    backend: &Backend,
    id: DirectoryId,
    draft: &LdapDraft,
    password: &SecretString,
) {
    let base_dn = Dn::parse(&draft.base_dn).unwrap();
    let new = store::NewRow {
        id,
        kind: "ldap",
        domain: &domain_of(&base_dn).unwrap(),
        base_dn: &base_dn,
        connection: Some(&connection(draft, &base_dn)),
        sealed_password: Some(backend.secrets.seal(&purpose(id), password).unwrap()),
    };
    let mut write = backend.db.write().await.unwrap();
    assert!(store::insert(backend, &mut write, new).await.unwrap());
    write.commit().await.unwrap();
}
