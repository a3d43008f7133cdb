//! When a configuration's next cycle runs, and what it has to do again.

use engine::{configuration::ConfigurationId, health::Health, timestamp::Timestamp};
use sqlx::Row;

use super::configuration_id;
use crate::{Backend, Result, database::Write};

pub(in crate::configurations) async fn due(backend: &Backend) -> Result<Vec<ConfigurationId>> {
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

pub(in crate::configurations) async fn next_due(backend: &Backend) -> Result<Option<Timestamp>> {
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

pub(in crate::configurations) async fn make_due(
    write: &mut Write,
    id: ConfigurationId,
    now: Timestamp,
) -> Result<()> {
    sqlx::query("UPDATE configuration_states SET next_run = $1 WHERE configuration_id = $2")
        .bind(now.0)
        .bind(id.to_string())
        .execute(write.connection())
        .await?;
    Ok(())
}

pub(in crate::configurations) async fn set_health(
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

pub(in crate::configurations) async fn write_health(
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

pub(in crate::configurations) async fn recommend_restart(
    write: &mut Write,
    id: ConfigurationId,
) -> Result<()> {
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

pub(in crate::configurations) async fn request_restart(
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

pub(in crate::configurations) async fn forget_cursor(
    write: &mut Write,
    id: ConfigurationId,
) -> Result<()> {
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
