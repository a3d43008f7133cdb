//! Configurations as one readable file: taken out, compared with what is live, brought in.
//!
//! The file names domains instead of identifiers, so that it fits every database. It carries no
//! password: whoever brings a new directory in gives it beside the file.
//!
//! In reading order: `document` (what stands in the file), `print`, `read` (what may be stored),
//! `directory` (whether it can be connected), `difference` (what would change).

mod difference;
mod directory;
mod document;
mod print;
mod read;

use std::collections::BTreeMap;

use engine::{
    configuration::{Configuration, ConfigurationId, DomainName},
    directory::Dn,
    records::{DirectoryDetails, DirectoryId, DirectoryKind},
};
use secrecy::SecretString;
use uuid::Uuid;

pub use difference::SettingChange;
pub use read::{LARGEST_FILE, Problem};

use crate::{Actor, Backend, Error, Result, configurations, database::Write, directories};
use directory::Work;
use document::{ConfigurationDocument, DirectoryDocument, Document, FORMAT};
use read::{File, Reader};

/// The passwords of bind accounts, for directories that are to be connected.
#[derive(Debug, Default)]
pub struct BindPasswords {
    pub by_domain: BTreeMap<DomainName, SecretString>,
    /// By [`password_variable`].
    pub by_variable: BTreeMap<String, SecretString>,
}

impl BindPasswords {
    fn of(&self, domain: &DomainName) -> Option<&SecretString> {
        let named = self.by_domain.get(domain);
        named.or_else(|| self.by_variable.get(&password_variable(domain)))
    }
}

/// Why a file cannot be brought in.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// All of its mistakes; nothing was stored.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Refused(Vec<Problem>),
    #[error(transparent)]
    Backend(#[from] Error),
}

/// A file that may be stored as it is, with what it would change.
pub struct Import {
    domains: Vec<Domain>,
}

/// What an import would do with one domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DomainChange {
    pub domain: DomainName,
    /// The directory is not connected yet; its address.
    pub connects: Option<String>,
    pub is_new: bool,
    /// None for a domain that is as the file says.
    pub settings: Vec<SettingChange>,
}

struct Domain {
    change: DomainChange,
    directory: Work,
    before: Option<Configuration>,
    after: Configuration,
}

const NO_PASSWORD_HASHES: &str = "The directory delivers no password hashes.";

/// All configurations as the text of a file.
pub async fn export(backend: &Backend) -> Result<String> {
    let mut document = Document {
        format: FORMAT,
        configuration: BTreeMap::new(),
    };
    for summary in configurations::list(backend).await? {
        let details = configurations::details(backend, summary.id).await?;
        let directory = directories::details(backend, details.directory.id).await?;
        let shown = shown(&details.configuration, &directory);
        let domain = summary.domain.to_string();
        document.configuration.insert(domain, shown);
    }
    print::text(&document)
}

fn shown(configuration: &Configuration, directory: &DirectoryDetails) -> ConfigurationDocument {
    ConfigurationDocument::of(
        configuration,
        DirectoryDocument::of(directory.connection.as_ref()),
        configurations::dialect(directory.summary.kind),
    )
}

/// Looks at the whole file and compares it with what is live. Nothing is changed, and no directory
/// is asked.
pub async fn prepare(
    backend: &Backend,
    text: &str,
    passwords: &BindPasswords,
) -> Result<Import, ImportError> {
    let file = File::read(text).map_err(|problem| ImportError::Refused(vec![problem]))?;
    let (mut domains, mut problems) = (Vec::new(), Vec::new());
    for (name, document) in &file.document.configuration {
        let mut reader = Reader::new(&file, name);
        let domain = domain(backend, &mut reader, name, document, passwords).await?;
        domains.extend(domain);
        problems.append(&mut reader.problems);
    }
    if problems.is_empty() {
        Ok(Import { domains })
    } else {
        problems.sort_by_key(|problem| problem.line);
        Err(ImportError::Refused(problems))
    }
}

/// What can be said of a file by itself, whatever is live.
pub fn check(text: &str) -> std::result::Result<(), Vec<Problem>> {
    let file = File::read(text).map_err(|problem| vec![problem])?;
    let mut problems = Vec::new();
    for (name, document) in &file.document.configuration {
        let mut reader = Reader::new(&file, name);
        check_domain(&mut reader, name, document);
        problems.append(&mut reader.problems);
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems)
    }
}

fn check_domain(reader: &mut Reader<'_>, name: &str, document: &ConfigurationDocument) {
    let Some(domain) = reader.domain(name) else {
        return;
    };
    let (kind, base) = match &document.directory {
        DirectoryDocument::DemoForest {} => (DirectoryKind::Forest, domain.dn()),
        DirectoryDocument::Ldap { base_dn, .. } => (DirectoryKind::Ldap, Dn::parse(base_dn)),
    };
    match base {
        Ok(base) => {
            let summary = directory::imagined(&domain, kind, base);
            let fresh = configurations::fresh(ConfigurationId(Uuid::nil()), &summary);
            reader.configuration(document, &fresh, configurations::dialect(kind));
        }
        Err(error) => reader.refuse(&["directory", "base_dn"], error.to_string()),
    }
}

async fn domain(
    backend: &Backend,
    reader: &mut Reader<'_>,
    name: &str,
    document: &ConfigurationDocument,
    passwords: &BindPasswords,
) -> Result<Option<Domain>> {
    let Some(domain) = reader.domain(name) else {
        return Ok(None);
    };
    let live = directory::live(backend, &domain).await?;
    let password = passwords.of(&domain);
    let wanted = &document.directory;
    let work = directory::work(backend, reader, &domain, live.as_ref(), wanted, password).await?;
    let Some(work) = work else { return Ok(None) };
    let summary = work.summary();
    let before = match summary.configuration {
        Some(id) => Some(configurations::get(backend, id).await?),
        None => None,
    };
    if document.password_hash_sync && !summary.delivers_password_hashes {
        reader.refuse(&["password_hash_sync"], NO_PASSWORD_HASHES);
    }
    let fresh = configurations::fresh(ConfigurationId(backend.new_id()), summary);
    let start = before.as_ref().unwrap_or(&fresh);
    let dialect = configurations::dialect(summary.kind);
    let after = reader.configuration(document, start, dialect);
    let wanted = ConfigurationDocument::of(&after, document.directory.clone(), dialect);
    let old_directory = live.as_ref().map_or_else(
        || document.directory.clone(),
        |live| DirectoryDocument::of(live.connection.as_ref()),
    );
    let old = ConfigurationDocument::of(start, old_directory, dialect);
    Ok(Some(Domain {
        change: DomainChange {
            domain,
            connects: live.is_none().then(|| summary.address.clone()),
            is_new: before.is_none(),
            settings: difference::changes(&old, &wanted)?,
        },
        directory: work,
        before,
        after,
    }))
}

/// The environment's name for the password of a domain: `CLOUD_SYNC_BIND_PASSWORD_CONTOSO_TEST`.
pub fn password_variable(domain: &DomainName) -> String {
    let name = |character: char| match character {
        'a'..='z' | '0'..='9' => character.to_ascii_uppercase(),
        _ => '_',
    };
    let domain: String = domain.as_str().chars().map(name).collect();
    format!("{PASSWORD_VARIABLES}{domain}")
}

/// What the names of variables with passwords begin with.
pub const PASSWORD_VARIABLES: &str = "CLOUD_SYNC_BIND_PASSWORD_";

impl Import {
    /// Every domain of the file, also those that stay as they are.
    pub fn changes(&self) -> impl Iterator<Item = &DomainChange> {
        self.domains.iter().map(|domain| &domain.change)
    }

    /// Asks the directories that are to be connected, then stores everything, or nothing.
    pub async fn store(self, backend: &Backend, actor: &Actor) -> Result<Vec<ConfigurationId>> {
        actor.may_change()?;
        let mut answered = BTreeMap::new();
        for domain in &self.domains {
            let found = domain.directory.ask(backend, actor).await?;
            let delivers = found
                .as_ref()
                .is_none_or(directories::Answered::delivers_password_hashes);
            if domain.after.password_hash_sync && !delivers {
                let name = &domain.change.domain;
                return Err(Error::Outside(format!("{name}: {NO_PASSWORD_HASHES}")));
            }
            answered.extend(found.map(|found| (domain.change.domain.clone(), found)));
        }
        let mut write = backend.db.write().await?;
        let mut stored = Vec::new();
        for domain in self.domains {
            let found = answered.get(&domain.change.domain);
            if let Some(found) = found {
                directories::put(backend, &mut write, actor, found).await?;
            }
            let directory = found.map_or(domain.directory.summary().id, |found| found.id);
            stored.push(domain.after.id);
            domain.put(backend, &mut write, actor, directory).await?;
        }
        write.commit().await?;
        backend.wake_worker();
        Ok(stored)
    }
}

impl Domain {
    async fn put(
        self,
        backend: &Backend,
        write: &mut Write,
        actor: &Actor,
        directory: DirectoryId,
    ) -> Result<()> {
        let Some(before) = &self.before else {
            return configurations::put_new(backend, write, actor, &self.after, directory).await;
        };
        if self.after == *before {
            return Ok(());
        }
        let changes: Vec<_> = self
            .change
            .settings
            .iter()
            .map(ToString::to_string)
            .collect();
        let detail = format!("From a file: {}.", changes.join("; "));
        configurations::put_changed(backend, write, actor, before, &self.after, &detail).await
    }
}

#[cfg(test)]
mod tests;
