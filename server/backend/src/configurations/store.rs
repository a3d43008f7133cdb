//! The SQL of configurations and of what the cycles know of them.

use engine::{
    configuration::{Configuration, ConfigurationId, Deployment, DomainName},
    health::Health,
    records::{
        ConfigurationState, CycleCounts, CycleKind, CycleOutcome, CycleProgress, CycleSummary,
        DirectoryId, ManagedCounts, Status,
    },
    timestamp::Timestamp,
};
use sqlx::{Row, any::AnyRow};

use crate::{
    Backend, Error, Result,
    database::{Write, columns},
};

pub(super) struct ConfigurationRow {
    pub(super) configuration: Configuration,
    pub(super) directory_id: DirectoryId,
    pub(super) created_at: Timestamp,
    pub(super) changed_at: Timestamp,
}

const COLUMNS: &str = "SELECT document, directory_id, created_at, changed_at FROM configurations";

fn configuration_row(row: &AnyRow) -> Result<ConfigurationRow> {
    Ok(ConfigurationRow {
        configuration: serde_json::from_str(row.try_get("document")?)?,
        directory_id: row
            .try_get::<String, _>("directory_id")?
            .parse()
            .map_err(Error::internal)?,
        created_at: Timestamp(row.try_get("created_at")?),
        changed_at: Timestamp(row.try_get("changed_at")?),
    })
}

pub(super) async fn all(backend: &Backend) -> Result<Vec<ConfigurationRow>> {
    let sql = joined(COLUMNS, "WHERE deleted_at IS NULL ORDER BY domain");
    let rows = crate::database::assembled(sql)
        .fetch_all(backend.db.read())
        .await?;
    rows.iter().map(configuration_row).collect()
}

pub(super) async fn row(backend: &Backend, id: ConfigurationId) -> Result<ConfigurationRow> {
    let sql = joined(COLUMNS, "WHERE id = $1 AND deleted_at IS NULL");
    let row = crate::database::assembled(sql)
        .bind(id.to_string())
        .fetch_optional(backend.db.read())
        .await?
        .ok_or(Error::NotFound("configuration"))?;
    configuration_row(&row)
}

fn joined(select: &str, rest: &str) -> String {
    format!("{select} {rest}")
}

pub(super) async fn insert(
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
pub(super) async fn update(
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

pub(super) async fn recommend_restart(write: &mut Write, id: ConfigurationId) -> Result<()> {
    sqlx::query(
        "UPDATE configuration_states SET restart_recommended =
             CASE WHEN initial_cycle_done = 1 OR lease_holder IS NOT NULL THEN 1 ELSE 0 END
         WHERE configuration_id = $1",
    )
    .bind(id.to_string())
    .execute(write.connection())
    .await?;
    Ok(())
}

pub(super) async fn make_due(write: &mut Write, id: ConfigurationId, now: Timestamp) -> Result<()> {
    sqlx::query("UPDATE configuration_states SET next_run = $1 WHERE configuration_id = $2")
        .bind(now.0)
        .bind(id.to_string())
        .execute(write.connection())
        .await?;
    Ok(())
}

pub(super) async fn request_restart(
    write: &mut Write,
    id: ConfigurationId,
    now: Timestamp,
) -> Result<()> {
    sqlx::query(
        "UPDATE configuration_states SET restarts_requested = restarts_requested + 1,
             restart_recommended = 0,
             next_run = $1
         WHERE configuration_id = $2",
    )
    .bind(now.0)
    .bind(id.to_string())
    .execute(write.connection())
    .await?;
    Ok(())
}

/// A cycle under way stops at its next step.
pub(super) async fn take_lease_away(write: &mut Write, id: ConfigurationId) -> Result<()> {
    sqlx::query(
        "UPDATE configuration_states SET lease_holder = NULL, lease_until = NULL, progress = NULL
         WHERE configuration_id = $1",
    )
    .bind(id.to_string())
    .execute(write.connection())
    .await?;
    Ok(())
}

pub(super) async fn forget_cursor(write: &mut Write, id: ConfigurationId) -> Result<()> {
    sqlx::query(
        "UPDATE configuration_states SET reading_cursor = NULL, absence_checked_at = NULL,
             initial_cycle_done = 0
         WHERE configuration_id = $1",
    )
    .bind(id.to_string())
    .execute(write.connection())
    .await?;
    Ok(())
}

pub(super) async fn write_health(
    write: &mut Write,
    id: ConfigurationId,
    health: &Health,
) -> Result<()> {
    sqlx::query("UPDATE configuration_states SET health = $1 WHERE configuration_id = $2")
        .bind(serde_json::to_string(health)?)
        .bind(id.to_string())
        .execute(write.connection())
        .await?;
    Ok(())
}

/// Whoever has the page open is told that the configuration changed meanwhile.
pub(super) async fn disable(
    backend: &Backend,
    write: &mut Write,
    id: ConfigurationId,
) -> Result<()> {
    let row = sqlx::query("SELECT document FROM configurations WHERE id = $1")
        .bind(id.to_string())
        .fetch_one(write.connection())
        .await?;
    let before: Configuration = serde_json::from_str(row.try_get("document")?)?;
    let seen = before.revision;
    let after = Configuration {
        deployment: Deployment::Disabled,
        revision: seen + 1,
        ..before
    };
    update(backend, write, &after, seen).await
}

/// Takes the lease away too, so that a cycle under way stops at its next step.
pub(super) async fn mark_deleted(
    write: &mut Write,
    id: ConfigurationId,
    now: Timestamp,
) -> Result<()> {
    sqlx::query("UPDATE configurations SET deleted_at = $1 WHERE id = $2")
        .bind(now.0)
        .bind(id.to_string())
        .execute(write.connection())
        .await?;
    take_lease_away(write, id).await
}

pub(super) async fn restore(write: &mut Write, id: ConfigurationId) -> Result<DomainName> {
    let row = sqlx::query(
        "SELECT domain,
             (SELECT COUNT(*) FROM configurations other
              WHERE other.domain = configurations.domain AND other.deleted_at IS NULL) AS others
         FROM configurations WHERE id = $1 AND deleted_at IS NOT NULL",
    )
    .bind(id.to_string())
    .fetch_optional(write.connection())
    .await?
    .ok_or(Error::NotFound("deleted configuration"))?;
    let domain: String = row.try_get("domain")?;
    if row.try_get::<i64, _>("others")? > 0 {
        return Err(Error::Conflict(format!(
            "{domain} has a new configuration meanwhile. Delete it first, then try again."
        )));
    }
    sqlx::query("UPDATE configurations SET deleted_at = NULL WHERE id = $1")
        .bind(id.to_string())
        .execute(write.connection())
        .await?;
    DomainName::parse(&domain).map_err(Error::internal)
}

pub(super) async fn deleted_for_domain(
    write: &mut Write,
    domain: &DomainName,
) -> Result<Vec<ConfigurationId>> {
    let rows =
        sqlx::query("SELECT id FROM configurations WHERE domain = $1 AND deleted_at IS NOT NULL")
            .bind(domain.as_str().to_owned())
            .fetch_all(write.connection())
            .await?;
    rows.iter().map(configuration_id).collect()
}

pub(super) async fn deleted_before(
    backend: &Backend,
    before: Timestamp,
) -> Result<Vec<ConfigurationId>> {
    let rows = sqlx::query("SELECT id FROM configurations WHERE deleted_at < $1")
        .bind(before.0)
        .fetch_all(backend.db.read())
        .await?;
    rows.iter().map(configuration_id).collect()
}

fn configuration_id(row: &AnyRow) -> Result<ConfigurationId> {
    row.try_get::<String, _>("id")?
        .parse()
        .map_err(Error::internal)
}

pub(super) async fn remove(write: &mut Write, id: ConfigurationId) -> Result<()> {
    for sql in [
        "DELETE FROM cycles WHERE configuration_id = $1",
        "DELETE FROM configuration_states WHERE configuration_id = $1",
        "DELETE FROM configurations WHERE id = $1",
    ] {
        sqlx::query(sql)
            .bind(id.to_string())
            .execute(write.connection())
            .await?;
    }
    Ok(())
}

/// What a cycle begins with.
pub(crate) struct StateRow {
    pub(crate) health: Health,
    pub(crate) cursor: Option<String>,
    pub(crate) absence_checked_at: Option<Timestamp>,
    pub(crate) objects_expected: Option<u64>,
    pub(crate) next_run: Option<Timestamp>,
    pub(crate) restarts_requested: i64,
    pub(crate) restart_recommended: bool,
    pub(crate) initial_cycle_done: bool,
    pub(crate) managed: ManagedCounts,
    pub(crate) progress: Option<CycleProgress>,
}

pub(super) async fn state_row<'c>(
    backend: &Backend,
    executor: impl sqlx::Executor<'c, Database = sqlx::Any>,
    id: ConfigurationId,
) -> Result<StateRow> {
    let row = sqlx::query("SELECT * FROM configuration_states WHERE configuration_id = $1")
        .bind(id.to_string())
        .fetch_optional(executor)
        .await?
        .ok_or(Error::NotFound("configuration"))?;
    let flag = |name: &str| row.try_get::<i64, _>(name).map(|value| value != 0);
    let time = |name: &str| {
        row.try_get::<Option<i64>, _>(name)
            .map(|value| value.map(Timestamp))
    };
    let count = |name: &str| {
        row.try_get::<i64, _>(name)
            .map(|value| u64::try_from(value).unwrap_or(0))
    };
    // A lease that ran out belongs to a server that is gone: nothing is under way.
    let runs = time("lease_until")?.is_some_and(|until| until > backend.now());
    let progress: Option<String> = row.try_get("progress")?;
    Ok(StateRow {
        health: serde_json::from_str(row.try_get("health")?)?,
        cursor: row.try_get("reading_cursor")?,
        absence_checked_at: time("absence_checked_at")?,
        objects_expected: row
            .try_get::<Option<i64>, _>("objects_expected")?
            .and_then(|count| u64::try_from(count).ok()),
        next_run: time("next_run")?,
        restarts_requested: row.try_get("restarts_requested")?,
        restart_recommended: flag("restart_recommended")?,
        initial_cycle_done: flag("initial_cycle_done")?,
        managed: ManagedCounts {
            users: count("managed_users")?,
            groups: count("managed_groups")?,
            contacts: count("managed_contacts")?,
        },
        progress: match progress {
            Some(json) if runs => Some(serde_json::from_str(&json)?),
            _ => None,
        },
    })
}

pub(super) async fn state(
    backend: &Backend,
    configuration: &Configuration,
) -> Result<ConfigurationState> {
    let id = configuration.id;
    let row = state_row(backend, backend.db.read(), id).await?;
    let initial = row
        .progress
        .as_ref()
        .is_some_and(|p| p.kind == CycleKind::Initial);
    Ok(ConfigurationState {
        status: Status::of(configuration.deployment, &row.health, initial),
        progress: row.progress,
        last_cycle: last_cycle(backend, id).await?,
        next_run: row
            .next_run
            .filter(|_| configuration.deployment.is_enabled()),
        managed: row.managed,
        held_deletions: count(backend, "held_deletions", id).await?,
        failures: count(backend, "escrows", id).await?,
        unresolved_references: unresolved_references(backend, id).await?,
        restart_recommended: row.restart_recommended,
        health: row.health,
    })
}

async fn unresolved_references(backend: &Backend, id: ConfigurationId) -> Result<u64> {
    let row = sqlx::query(
        "SELECT CAST(COALESCE(SUM(unresolved), 0) AS BIGINT) AS n FROM reference_failures
         WHERE configuration_id = $1",
    )
    .bind(id.to_string())
    .fetch_one(backend.db.read())
    .await?;
    columns::count(&row, "n")
}

async fn count(backend: &Backend, table: &'static str, id: ConfigurationId) -> Result<u64> {
    let sql = format!("SELECT COUNT(*) AS count FROM {table} WHERE configuration_id = $1");
    let row = crate::database::assembled(sql)
        .bind(id.to_string())
        .fetch_one(backend.db.read())
        .await?;
    columns::count(&row, "count")
}

async fn last_cycle(backend: &Backend, id: ConfigurationId) -> Result<Option<CycleSummary>> {
    let row = sqlx::query(
        "SELECT id, kind, started_at, ended_at, outcome, counts FROM cycles
         WHERE configuration_id = $1 AND ended_at IS NOT NULL ORDER BY id DESC LIMIT 1",
    )
    .bind(id.to_string())
    .fetch_optional(backend.db.read())
    .await?;
    row.as_ref().map(cycle_summary).transpose()
}

fn cycle_summary(row: &AnyRow) -> Result<CycleSummary> {
    let kind: String = row.try_get("kind")?;
    let outcome: Option<String> = row.try_get("outcome")?;
    Ok(CycleSummary {
        id: row
            .try_get::<String, _>("id")?
            .parse()
            .map_err(Error::internal)?,
        kind: serde_json::from_str(&kind)?,
        started_at: Timestamp(row.try_get("started_at")?),
        ended_at: Timestamp(row.try_get("ended_at")?),
        outcome: outcome.map_or(Ok(CycleOutcome::Interrupted), |json| {
            serde_json::from_str(&json)
        })?,
        counts: serde_json::from_str::<CycleCounts>(row.try_get("counts")?)?,
    })
}

pub(super) async fn due(backend: &Backend) -> Result<Vec<ConfigurationId>> {
    let rows = sqlx::query(
        "SELECT c.id FROM configurations c
         JOIN configuration_states s ON s.configuration_id = c.id
         WHERE c.deleted_at IS NULL AND c.is_enabled = 1
             AND COALESCE(s.next_run, 0) <= $1
             AND COALESCE(s.lease_until, 0) <= $1
         ORDER BY COALESCE(s.next_run, 0)",
    )
    .bind(backend.now().0)
    .fetch_all(backend.db.read())
    .await?;
    rows.iter().map(configuration_id).collect()
}

pub(super) async fn somebody_is_at_work(backend: &Backend) -> Result<bool> {
    let row = sqlx::query(
        "SELECT COUNT(*) AS held FROM configuration_states
         WHERE lease_holder IS NOT NULL AND lease_until > $1",
    )
    .bind(backend.now().0)
    .fetch_one(backend.db.read())
    .await?;
    Ok(row.try_get::<i64, _>("held")? > 0)
}

pub(super) async fn next_due(backend: &Backend) -> Result<Option<Timestamp>> {
    let row = sqlx::query(
        "SELECT MIN(CASE WHEN COALESCE(s.lease_until, 0) > COALESCE(s.next_run, 0)
                    THEN s.lease_until ELSE COALESCE(s.next_run, 0) END) AS next_run
         FROM configurations c
         JOIN configuration_states s ON s.configuration_id = c.id
         WHERE c.deleted_at IS NULL AND c.is_enabled = 1",
    )
    .fetch_one(backend.db.read())
    .await?;
    Ok(row.try_get::<Option<i64>, _>("next_run")?.map(Timestamp))
}

pub(super) async fn set_health(
    write: &mut Write,
    id: ConfigurationId,
    holder: &str,
    health: &Health,
    next_run: Timestamp,
    restarts_seen: i64,
) -> Result<()> {
    // A restart that was asked for during the cycle is due at once; one that the cycle could not
    // carry out waits like everything else.
    sqlx::query(
        "UPDATE configuration_states SET health = $1, progress = NULL, lease_holder = NULL,
             lease_until = NULL,
             next_run = CASE WHEN restarts_requested > $5 THEN 0 ELSE CAST($2 AS BIGINT) END
         WHERE configuration_id = $3 AND lease_holder = $4",
    )
    .bind(serde_json::to_string(health)?)
    .bind(next_run.0)
    .bind(id.to_string())
    .bind(holder.to_owned())
    .bind(restarts_seen)
    .execute(write.connection())
    .await?;
    Ok(())
}

/// False when another server has it, or the configuration is gone.
pub(crate) async fn take_lease(
    backend: &Backend,
    write: &mut Write,
    id: ConfigurationId,
    holder: &str,
    until: Timestamp,
) -> Result<bool> {
    let taken = sqlx::query(
        "UPDATE configuration_states SET lease_holder = $1, lease_until = $2
         WHERE configuration_id = $3 AND COALESCE(lease_until, 0) <= $4
             AND EXISTS (SELECT 1 FROM configurations c
                         WHERE c.id = configuration_id AND c.deleted_at IS NULL)",
    )
    .bind(holder.to_owned())
    .bind(until.0)
    .bind(id.to_string())
    .bind(backend.now().0)
    .execute(write.connection())
    .await?;
    Ok(taken.rows_affected() == 1)
}

/// Part of every transaction of a cycle: false when the lease is no longer ours, and then nothing
/// of that transaction may be committed.
pub(crate) async fn extend_lease(
    write: &mut Write,
    id: ConfigurationId,
    holder: &str,
    until: Timestamp,
    progress: &CycleProgress,
) -> Result<bool> {
    let extended = sqlx::query(
        "UPDATE configuration_states SET lease_until = $1, progress = $2
         WHERE configuration_id = $3 AND lease_holder = $4",
    )
    .bind(until.0)
    .bind(serde_json::to_string(progress)?)
    .bind(id.to_string())
    .bind(holder.to_owned())
    .execute(write.connection())
    .await?;
    Ok(extended.rows_affected() == 1)
}

pub(crate) async fn release_lease(
    write: &mut Write,
    id: ConfigurationId,
    holder: &str,
) -> Result<()> {
    sqlx::query(
        "UPDATE configuration_states SET lease_holder = NULL, lease_until = NULL, progress = NULL
         WHERE configuration_id = $1 AND lease_holder = $2",
    )
    .bind(id.to_string())
    .bind(holder.to_owned())
    .execute(write.connection())
    .await?;
    Ok(())
}

pub(super) async fn release_all_leases(backend: &Backend) -> Result<()> {
    let mut write = backend.db.write().await?;
    sqlx::query(
        "UPDATE configuration_states SET lease_holder = NULL, lease_until = NULL, progress = NULL",
    )
    .execute(write.connection())
    .await?;
    write.commit().await
}

pub(super) async fn count_all(backend: &Backend) -> Result<u64> {
    let row = sqlx::query("SELECT COUNT(*) AS n FROM configurations WHERE deleted_at IS NULL")
        .fetch_one(backend.db.read())
        .await?;
    columns::count(&row, "n")
}
