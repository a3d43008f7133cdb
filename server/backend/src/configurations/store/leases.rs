//! Which server is at work on a configuration, and until when nobody else may be.

use engine::{configuration::ConfigurationId, records::CycleProgress, timestamp::Timestamp};
use sqlx::Row;

use crate::{Backend, Result, database::Write};

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

/// A cycle under way stops at its next step.
pub(in crate::configurations) async fn take_lease_away(
    write: &mut Write,
    id: ConfigurationId,
) -> Result<()> {
    sqlx::query(
        "UPDATE configuration_states SET lease_holder = NULL, lease_until = NULL, progress = NULL
         WHERE configuration_id = $1",
    )
    .bind(id.to_string())
    .execute(write.connection())
    .await?;
    Ok(())
}

pub(in crate::configurations) async fn release_all_leases(backend: &Backend) -> Result<()> {
    let mut write = backend.db.write().await?;
    sqlx::query(
        "UPDATE configuration_states SET lease_holder = NULL, lease_until = NULL, progress = NULL",
    )
    .execute(write.connection())
    .await?;
    write.commit().await
}

pub(in crate::configurations) async fn somebody_is_at_work(backend: &Backend) -> Result<bool> {
    let row = sqlx::query(
        "SELECT COUNT(*) AS held FROM configuration_states
         WHERE lease_holder IS NOT NULL AND lease_until > $1",
    )
    .bind(backend.now().0)
    .fetch_one(backend.db.read())
    .await?;
    Ok(row.try_get::<i64, _>("held")? > 0)
}
