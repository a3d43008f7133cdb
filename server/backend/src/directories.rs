//! The directories that are connected: embedded demo forests and LDAP servers.
//!
//! A directory's bind password is sealed when it is stored and opened only where a connection is
//! made of it.

mod connect;
mod find;
mod store;
#[cfg(test)]
mod tests;
mod unusable;

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use connectors::{Source, SourceError};
use engine::{
    configuration::{Configuration, ConfigurationId, DomainName, mapping},
    directory::AttributeName,
    forest::Forest,
    records::{
        AgentSummary, ContainerSummary, DirectoryDetails, DirectoryId, DirectoryKind,
        DirectorySummary,
    },
};

use uuid::Uuid;

pub(crate) use connect::{Answered, check, opens_password, put, try_change, try_new};
pub use connect::{change, connect, disconnect, test};
pub use find::find_objects;
pub(crate) use find::{lookup, object_named};
pub(crate) use store::note_contact;

use crate::{
    Backend, Error, Result, configurations, database::Write, demo::agent::StoppedAgent, forest,
};

/// A directory with the means to read it.
pub(crate) struct ConnectedDirectory {
    pub(crate) id: DirectoryId,
    pub(crate) source: Arc<dyn Source>,
    /// Who is asked, and as whom, as people read it.
    pub(crate) described: String,
}

/// All directories by domain.
pub async fn list(backend: &Backend) -> Result<Vec<DirectorySummary>> {
    let rows = store::all(backend).await?;
    Ok(rows.into_iter().map(|row| row.summary).collect())
}

pub async fn summary(backend: &Backend, id: DirectoryId) -> Result<DirectorySummary> {
    Ok(store::row(backend, id).await?.summary)
}

/// The directory of a domain.
pub(crate) async fn of_domain(backend: &Backend, domain: &DomainName) -> Result<DirectorySummary> {
    Ok(store::row_of_domain(backend, domain).await?.summary)
}

pub async fn details(backend: &Backend, id: DirectoryId) -> Result<DirectoryDetails> {
    let row = store::row(backend, id).await?;
    let every_seconds = backend.settings.absence_interval.as_secs();
    Ok(DirectoryDetails {
        deletions_checked_every_seconds: (!row.summary.kind.reports_deletions())
            .then_some(every_seconds),
        summary: row.summary,
        connection: row.connection,
    })
}

/// The containers below `parent`, or the head of the directory, for trees in which a person
/// chooses.
pub async fn containers(
    backend: &Backend,
    id: DirectoryId,
    parent: Option<&str>,
) -> Result<Vec<ContainerSummary>> {
    let row = store::row(backend, id).await?;
    let parent = match parent {
        None => row.summary.base_dn.clone(),
        Some(text) => engine::directory::Dn::parse(text)
            .map_err(|error| Error::field("distinguished_name", error.to_string()))?,
    };
    let source = source_of(backend, &row)?;
    let containers = source.containers(&parent).await.map_err(outside)?;
    Ok(containers
        .into_iter()
        .map(|container| ContainerSummary {
            dn: container.dn,
            name: container.name,
            has_containers: container.has_containers,
        })
        .collect())
}

/// As [`containers`], of the directory of a configuration.
pub async fn containers_of_configuration(
    backend: &Backend,
    id: ConfigurationId,
    parent: Option<&str>,
) -> Result<Vec<ContainerSummary>> {
    let domain = configurations::get(backend, id).await?.domain;
    let row = store::row_of_domain(backend, &domain).await?;
    containers(backend, row.summary.id, parent).await
}

/// How long somebody who types waits for what a directory says of its attributes.
const SCHEMA_PATIENCE: Duration = Duration::from_secs(2);

/// The attributes that a configuration's directory knows; none while it does not answer, which is no
/// reason to keep anybody from typing.
pub(crate) async fn attribute_names(
    backend: &Backend,
    domain: &DomainName,
) -> Result<BTreeSet<AttributeName>> {
    let source = connected(backend, domain).await?.source;
    let asked = tokio::time::timeout(SCHEMA_PATIENCE, source.attribute_names()).await;
    Ok(asked.ok().and_then(Result::ok).unwrap_or_default())
}

/// Those of these attributes that a configuration's directory does not have; none while it does not
/// answer.
pub(crate) async fn unknown_attributes(
    backend: &Backend,
    domain: &DomainName,
    names: BTreeSet<AttributeName>,
) -> Result<BTreeSet<AttributeName>> {
    let source = connected(backend, domain).await?.source;
    let asked = tokio::time::timeout(SCHEMA_PATIENCE, source.unknown_attributes(names)).await;
    Ok(asked.ok().and_then(Result::ok).unwrap_or_default())
}

/// The agent that is part of the server, with the domains that it serves.
pub async fn agents(backend: &Backend) -> Result<Vec<AgentSummary>> {
    let directories = list(backend).await?;
    let unreported = directories
        .iter()
        .filter(|directory| !directory.kind.reports_deletions());
    let deletions_checked = unreported
        .map(|directory| directory.domain.clone())
        .collect();
    let domains = directories
        .into_iter()
        .map(|directory| directory.domain)
        .collect();
    Ok(vec![AgentSummary {
        machine_name: "Embedded agent".to_owned(),
        is_active: !backend.world.agent_is_stopped(),
        domains,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        last_contact: backend.now(),
        deletions_checked,
        deletions_checked_every_seconds: backend.settings.absence_interval.as_secs(),
    }])
}

/// The same on every start: made of the domain.
pub fn id_of_forest(forest: Forest) -> DirectoryId {
    Uuid::new_v5(&Uuid::NAMESPACE_DNS, forest.domain().as_bytes())
}

/// Makes the demo forests known as directories.
pub async fn ensure_forests(backend: &Backend) -> Result<()> {
    let mut write = backend.db.write().await?;
    connect_forests(backend, &mut write).await?;
    write.commit().await
}

/// The same in somebody's transaction.
pub(crate) async fn connect_forests(backend: &Backend, write: &mut Write) -> Result<()> {
    for forest in Forest::ALL {
        store::ensure_forest(backend, write, forest).await?;
    }
    Ok(())
}

/// The directory of a domain, ready to be read, with all attributes that its configuration looks
/// at.
pub(crate) async fn connected(
    backend: &Backend,
    domain: &DomainName,
) -> Result<ConnectedDirectory> {
    let row = store::row_of_domain(backend, domain).await?;
    let also = match row.summary.configuration {
        Some(id) => mapping::source_attributes(&configurations::get(backend, id).await?),
        None => BTreeSet::new(),
    };
    connect_with(backend, &row, &also)
}

/// As [`connected`], for what holds a lease already and so must come to an end in the ordinary way:
/// a directory that cannot be opened, for example because its password cannot, is one that answers
/// everything with the reason.
pub(crate) async fn connected_or_unusable(
    backend: &Backend,
    domain: &DomainName,
) -> ConnectedDirectory {
    connected(backend, domain)
        .await
        .unwrap_or_else(|error| unusable::unusable(domain, &error))
}

/// As [`connected`], for a configuration that is not saved.
pub(crate) async fn connected_for(
    backend: &Backend,
    configuration: &Configuration,
) -> Result<ConnectedDirectory> {
    let row = store::row_of_domain(backend, &configuration.domain).await?;
    connect_with(backend, &row, &mapping::source_attributes(configuration))
}

fn connect_with(
    backend: &Backend,
    row: &store::DirectoryRow,
    also: &BTreeSet<AttributeName>,
) -> Result<ConnectedDirectory> {
    Ok(ConnectedDirectory {
        id: row.summary.id,
        source: source_with(backend, row, also)?,
        described: described(row),
    })
}

fn described(row: &store::DirectoryRow) -> String {
    match &row.connection {
        Some(connection) => format!("{} as {}", connection.url, connection.bind_dn),
        None => format!("the embedded directory of {}", row.summary.domain),
    }
}

fn source_of(backend: &Backend, row: &store::DirectoryRow) -> Result<Arc<dyn Source>> {
    source_with(backend, row, &BTreeSet::new())
}

fn source_with(
    backend: &Backend,
    row: &store::DirectoryRow,
    also: &BTreeSet<AttributeName>,
) -> Result<Arc<dyn Source>> {
    if let Some(substitute) = backend.substitutes.get(row.summary.id) {
        return Ok(substitute);
    }
    match row.summary.kind {
        DirectoryKind::Forest if backend.world.agent_is_stopped() => Ok(Arc::new(StoppedAgent)),
        DirectoryKind::Forest => {
            let forest = Forest::ALL
                .into_iter()
                .find(|forest| forest.domain() == row.summary.domain.as_str())
                .ok_or_else(|| Error::internal("no demo forest has this domain"))?;
            Ok(Arc::new(forest::ForestSource::new(backend, forest)))
        }
        DirectoryKind::Ldap => connect::open(backend, row, also),
    }
}

/// A sentence for people; what the server's own fault is stays with the server.
#[expect(clippy::needless_pass_by_value, reason = "the form that map_err wants")]
fn outside(error: SourceError) -> Error {
    Error::Outside(error.to_string())
}
