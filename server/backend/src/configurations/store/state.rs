//! What the cycles know of a configuration: what the next one begins with, and what pages show.

use engine::{
    configuration::{Configuration, ConfigurationId},
    health::Health,
    records::{
        ConfigurationState, CycleCounts, CycleKind, CycleOutcome, CycleProgress, CycleSummary,
        DeletionCheck, ManagedCounts, Status,
    },
    timestamp::Timestamp,
};
use sqlx::{Row, any::AnyRow};

use crate::{
    Backend, Error, Result,
    database::{assembled, columns},
    directories,
};

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

pub(in crate::configurations) async fn state_row<'c>(
    backend: &Backend,
    executor: impl sqlx::Executor<'c, Database = sqlx::Any>,
    id: ConfigurationId,
) -> Result<StateRow> {
    let row = sqlx::query("SELECT * FROM configuration_states WHERE configuration_id = $1")
        .bind(id.to_string())
        .fetch_optional(executor)
        .await?
        .ok_or(Error::NotFound("configuration"))?;
    let time = |name: &str| {
        row.try_get::<Option<i64>, _>(name)
            .map(|value| value.map(Timestamp))
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
        restart_recommended: columns::flag(&row, "restart_recommended")?,
        initial_cycle_done: columns::flag(&row, "initial_cycle_done")?,
        managed: ManagedCounts {
            users: columns::count(&row, "managed_users")?,
            groups: columns::count(&row, "managed_groups")?,
            contacts: columns::count(&row, "managed_contacts")?,
        },
        progress: match progress {
            Some(json) if runs => Some(serde_json::from_str(&json)?),
            _ => None,
        },
    })
}

pub(in crate::configurations) async fn state(
    backend: &Backend,
    configuration: &Configuration,
) -> Result<ConfigurationState> {
    let id = configuration.id;
    let row = state_row(backend, backend.db.read(), id).await?;
    let initial = row
        .progress
        .as_ref()
        .is_some_and(|p| p.kind == CycleKind::Initial);
    let next_run = row
        .next_run
        .filter(|_| configuration.deployment.is_enabled());
    let directory = directories::of_domain(backend, &configuration.domain).await?;
    let deletion_check = (!directory.kind.reports_deletions())
        .then(|| deletion_check(backend, row.absence_checked_at, next_run));
    Ok(ConfigurationState {
        status: Status::of(configuration.deployment, &row.health, initial),
        progress: row.progress,
        last_cycle: last_cycle(backend, id).await?,
        next_run,
        managed: row.managed,
        held_deletions: count(backend, "held_deletions", id).await?,
        failures: count(backend, "escrows", id).await?,
        unresolved_references: unresolved_references(backend, id).await?,
        restart_recommended: row.restart_recommended,
        health: row.health,
        deletion_check,
    })
}

/// The first cycle after the interval looks for deletions.
fn deletion_check(
    backend: &Backend,
    last: Option<Timestamp>,
    next_run: Option<Timestamp>,
) -> DeletionCheck {
    let interval = backend.settings.absence_interval;
    let due = last.map_or(Timestamp(0), |last| last.plus(interval));
    DeletionCheck {
        last,
        next: next_run.map(|next_run| next_run.max(due)),
    }
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
    let row = assembled(sql)
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
        id: columns::uuid(row, "id")?,
        kind: serde_json::from_str(&kind)?,
        started_at: Timestamp(row.try_get("started_at")?),
        ended_at: Timestamp(row.try_get("ended_at")?),
        outcome: outcome.map_or(Ok(CycleOutcome::Interrupted), |json| {
            serde_json::from_str(&json)
        })?,
        counts: serde_json::from_str::<CycleCounts>(row.try_get("counts")?)?,
    })
}
