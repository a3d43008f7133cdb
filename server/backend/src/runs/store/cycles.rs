//! What is kept of a cycle, and what it notes in the state of its configuration.

use connectors::Cursor;
use engine::{
    configuration::ConfigurationId,
    records::{CycleCounts, CycleKind, CycleOutcome},
    timestamp::Timestamp,
};
use uuid::Uuid;

use super::for_configuration;
use crate::{Result, database::Write};

pub(in crate::runs) async fn insert_cycle(
    write: &mut Write,
    id: Uuid,
    configuration: ConfigurationId,
    kind: CycleKind,
    now: Timestamp,
) -> Result<()> {
    // What a server left behind that did not come to an end.
    sqlx::query(
        "UPDATE cycles SET ended_at = $1, outcome = $2
         WHERE configuration_id = $3 AND ended_at IS NULL",
    )
    .bind(now.0)
    .bind(serde_json::to_string(&CycleOutcome::Interrupted)?)
    .bind(configuration.to_string())
    .execute(write.connection())
    .await?;
    sqlx::query(
        "INSERT INTO cycles (id, configuration_id, kind, started_at, counts)
         VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(id.to_string())
    .bind(configuration.to_string())
    .bind(serde_json::to_string(&kind)?)
    .bind(now.0)
    .bind(serde_json::to_string(&CycleCounts::default())?)
    .execute(write.connection())
    .await?;
    Ok(())
}

pub(in crate::runs) async fn end_cycle(
    write: &mut Write,
    id: Uuid,
    now: Timestamp,
    outcome: &CycleOutcome,
    counts: &CycleCounts,
) -> Result<()> {
    sqlx::query("UPDATE cycles SET ended_at = $1, outcome = $2, counts = $3 WHERE id = $4")
        .bind(now.0)
        .bind(serde_json::to_string(outcome)?)
        .bind(serde_json::to_string(counts)?)
        .bind(id.to_string())
        .execute(write.connection())
        .await?;
    Ok(())
}

/// What a reading said of the objects that it did not name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::runs) enum Absence {
    /// They are gone.
    Counted { at: Timestamp, objects: u64 },
    /// Nothing, although every object was asked for. Whoever went before this reading is in no
    /// later reading of changes either, so absence has to be looked at again.
    Owed,
    /// Nothing: only changes were asked for.
    NotAskedFor,
}

pub(in crate::runs) async fn save_cursor(
    write: &mut Write,
    configuration: ConfigurationId,
    cursor: &Cursor,
    absence: Absence,
) -> Result<()> {
    let (checked_at, counted) = match absence {
        Absence::Counted { at, objects } => (Some(at.0), i64::try_from(objects).ok()),
        Absence::Owed | Absence::NotAskedFor => (None, None),
    };
    sqlx::query(
        "UPDATE configuration_states SET reading_cursor = $1,
             absence_checked_at = CASE WHEN CAST($2 AS BIGINT) = 1 THEN NULL
                                       ELSE COALESCE($3, absence_checked_at) END,
             objects_expected = COALESCE($4, objects_expected)
         WHERE configuration_id = $5",
    )
    .bind(cursor.0.clone())
    .bind(i64::from(absence == Absence::Owed))
    .bind(checked_at)
    .bind(counted)
    .bind(configuration.to_string())
    .execute(write.connection())
    .await?;
    Ok(())
}

/// Restarts are carried out once everything was read and marked: the marks outlive a crash.
pub(in crate::runs) async fn settle_restarts(
    write: &mut Write,
    configuration: ConfigurationId,
    restarts: i64,
) -> Result<()> {
    sqlx::query(
        "UPDATE configuration_states SET restarts_requested = restarts_requested - $1
         WHERE configuration_id = $2",
    )
    .bind(restarts)
    .bind(configuration.to_string())
    .execute(write.connection())
    .await?;
    Ok(())
}

pub(in crate::runs) async fn note_initial_cycle(
    write: &mut Write,
    configuration: ConfigurationId,
) -> Result<()> {
    for_configuration(
        write,
        "UPDATE configuration_states SET initial_cycle_done = 1 WHERE configuration_id = $1",
        configuration,
    )
    .await
}

/// Counts what the configuration manages, for the pages that show it.
pub(in crate::runs) async fn count_managed(
    write: &mut Write,
    configuration: ConfigurationId,
) -> Result<()> {
    for_configuration(
        write,
        "UPDATE configuration_states SET
             managed_users = (SELECT COUNT(*) FROM links
                 WHERE links.configuration_id = $1 AND kind = 'user'),
             managed_groups = (SELECT COUNT(*) FROM links
                 WHERE links.configuration_id = $1 AND kind = 'group'),
             managed_contacts = (SELECT COUNT(*) FROM links
                 WHERE links.configuration_id = $1 AND kind = 'contact')
         WHERE configuration_id = $1",
        configuration,
    )
    .await
}
