//! Configurations as they were saved: one document each, and the columns that are searched.

use std::collections::BTreeMap;

use engine::{
    configuration::{Configuration, ConfigurationId, Deployment},
    directory::Dn,
    health::Health,
    records::DirectoryId,
    timestamp::Timestamp,
};
use sqlx::{Row, any::AnyRow};

use crate::{
    Backend, Error, Result,
    database::{Write, assembled, columns},
};

pub(in crate::configurations) struct ConfigurationRow {
    pub(in crate::configurations) configuration: Configuration,
    pub(in crate::configurations) directory_id: DirectoryId,
    pub(in crate::configurations) created_at: Timestamp,
    pub(in crate::configurations) changed_at: Timestamp,
}

const COLUMNS: &str = "SELECT document, directory_id, created_at, changed_at FROM configurations";

pub(in crate::configurations) async fn all(backend: &Backend) -> Result<Vec<ConfigurationRow>> {
    let sql = joined(COLUMNS, "WHERE deleted_at IS NULL ORDER BY domain");
    let rows = assembled(sql).fetch_all(backend.db.read()).await?;
    rows.iter().map(configuration_row).collect()
}

pub(in crate::configurations) async fn row(
    backend: &Backend,
    id: ConfigurationId,
) -> Result<ConfigurationRow> {
    let sql = joined(COLUMNS, "WHERE id = $1 AND deleted_at IS NULL");
    let row = assembled(sql)
        .bind(id.to_string())
        .fetch_optional(backend.db.read())
        .await?
        .ok_or(Error::NotFound("configuration"))?;
    configuration_row(&row)
}

fn joined(select: &str, rest: &str) -> String {
    format!("{select} {rest}")
}

fn configuration_row(row: &AnyRow) -> Result<ConfigurationRow> {
    Ok(ConfigurationRow {
        configuration: serde_json::from_str(row.try_get("document")?)?,
        directory_id: columns::uuid(row, "directory_id")?,
        created_at: Timestamp(row.try_get("created_at")?),
        changed_at: Timestamp(row.try_get("changed_at")?),
    })
}

pub(in crate::configurations) async fn count_all(backend: &Backend) -> Result<u64> {
    let row = sqlx::query("SELECT COUNT(*) AS n FROM configurations WHERE deleted_at IS NULL")
        .fetch_one(backend.db.read())
        .await?;
    columns::count(&row, "n")
}

pub(in crate::configurations) async fn insert(
    backend: &Backend,
    write: &mut Write,
    configuration: &Configuration,
    directory_id: DirectoryId,
) -> Result<()> {
    let now = backend.now().0;
    let inserted = sqlx::query(
        "INSERT INTO configurations
             (id, directory_id, domain, document, is_enabled, revision, created_at, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
         ON CONFLICT DO NOTHING",
    )
    .bind(configuration.id.to_string())
    .bind(directory_id.to_string())
    .bind(configuration.domain.as_str().to_owned())
    .bind(serde_json::to_string(configuration)?)
    .bind(i64::from(configuration.deployment.is_enabled()))
    .bind(configuration.revision)
    .bind(now)
    .execute(write.connection())
    .await?;
    if inserted.rows_affected() == 0 {
        return Err(Error::field(
            engine::configuration::draft::DOMAIN,
            format!("{} has a configuration already.", configuration.domain),
        ));
    }
    sqlx::query(
        "INSERT INTO configuration_states
             (configuration_id, health, restarts_requested, restart_recommended,
              initial_cycle_done, managed_users, managed_groups, managed_contacts)
         VALUES ($1, $2, 0, 0, 0, 0, 0, 0)",
    )
    .bind(configuration.id.to_string())
    .bind(serde_json::to_string(&Health::NotYetRun)?)
    .execute(write.connection())
    .await?;
    Ok(())
}

/// Refuses when somebody saved since `seen_revision`.
pub(in crate::configurations) async fn update(
    backend: &Backend,
    write: &mut Write,
    configuration: &Configuration,
    seen_revision: i64,
) -> Result<()> {
    let updated = sqlx::query(
        "UPDATE configurations
         SET document = $1, is_enabled = $2, revision = $3, changed_at = $4
         WHERE id = $5 AND revision = $6 AND deleted_at IS NULL",
    )
    .bind(serde_json::to_string(configuration)?)
    .bind(i64::from(configuration.deployment.is_enabled()))
    .bind(configuration.revision)
    .bind(backend.now().0)
    .bind(configuration.id.to_string())
    .bind(seen_revision)
    .execute(write.connection())
    .await?;
    if updated.rows_affected() == 0 {
        return Err(Error::Conflict(
            "Somebody else saved this configuration meanwhile. Reload the page to see the \
             changes, then save again."
                .to_owned(),
        ));
    }
    Ok(())
}

/// Whoever has the page open is told that the configuration changed meanwhile.
pub(in crate::configurations) async fn disable(
    backend: &Backend,
    write: &mut Write,
    id: ConfigurationId,
) -> Result<()> {
    let before = stored(write, id).await?;
    let seen = before.revision;
    let after = Configuration {
        deployment: Deployment::Disabled,
        revision: seen + 1,
        ..before
    };
    update(backend, write, &after, seen).await
}

/// The same choice of groups or organizational units, under other names.
pub(in crate::configurations) async fn rename_scope(
    backend: &Backend,
    write: &mut Write,
    id: ConfigurationId,
    names_now: &BTreeMap<Dn, Dn>,
) -> Result<Configuration> {
    let before = stored(write, id).await?;
    let seen = before.revision;
    let after = Configuration {
        scope: before.scope.renamed(names_now),
        revision: seen + 1,
        ..before
    };
    update(backend, write, &after, seen).await?;
    Ok(after)
}

async fn stored(write: &mut Write, id: ConfigurationId) -> Result<Configuration> {
    let row = sqlx::query("SELECT document FROM configurations WHERE id = $1")
        .bind(id.to_string())
        .fetch_one(write.connection())
        .await?;
    Ok(serde_json::from_str(row.try_get("document")?)?)
}
