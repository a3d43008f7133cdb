//! The SQL of a demo's world.

use sqlx::{Any, Executor, Row};

use crate::{
    Result,
    database::{Write, assembled, columns},
};

/// What a world was made from, and how far it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stored {
    pub(super) seed: u64,
    /// In microseconds; none where the clock ticks.
    pub(super) clock_start: Option<i64>,
    /// See [`crate::clock::Clock::position`].
    pub(super) clock_position: i64,
    pub(super) agent_is_stopped: bool,
    pub(super) starts: i64,
}

/// Every table of the world, in an order in which nothing refers to a row that is gone.
///
/// Not among them: who is signed in, because the browser that asks for another world goes on.
pub(super) const TABLES: [&str; 38] = [
    "preview_changes",
    "previews",
    "on_demand_tests",
    "planned_changes",
    "planned_references",
    "planned_names",
    "held_deletions",
    "escrows",
    "reference_failures",
    "provisioning_log",
    "provisioning_counts",
    "audit_log",
    "cycles",
    "chosen_objects",
    "source_references",
    "source_objects",
    "links",
    "tenant_references",
    "tenant_addresses",
    "tenant_credentials",
    "tenant_objects",
    "tenant_settings",
    "sign_in_checks",
    "password_hash_states",
    "password_hash_jobs",
    "configuration_states",
    "configurations",
    "directories",
    "forest_passwords",
    "forest_references",
    "forest_tombstones",
    "forest_entries",
    "forests",
    "mails",
    "access_tokens",
    "admin_invitations",
    "sign_in_attempts",
    "demo_world",
];

/// Tables that outlive a world, at least in part.
#[cfg(test)]
pub(super) const KEPT: [&str; 4] = [
    "_sqlx_migrations",
    "admins",
    "admin_sessions",
    "installation",
];

/// Empties the world. Only the demo's own administrator stays.
pub(super) async fn clear(write: &mut Write) -> Result<()> {
    for table in TABLES {
        assembled(format!("DELETE FROM {table}"))
            .execute(write.connection())
            .await?;
    }
    for sql in [
        "DELETE FROM admin_sessions WHERE admin_id IN (SELECT id FROM admins WHERE is_demo = 0)",
        "DELETE FROM admins WHERE is_demo = 0",
    ] {
        sqlx::query(sql).execute(write.connection()).await?;
    }
    Ok(())
}

pub(super) async fn stored<'e>(
    executor: impl Executor<'e, Database = Any>,
) -> Result<Option<Stored>> {
    let row = sqlx::query(
        "SELECT seed, clock_start, clock_position, agent_is_stopped, starts FROM demo_world
         WHERE id = 1",
    )
    .fetch_optional(executor)
    .await?;
    row.map(|row| {
        Ok(Stored {
            seed: row.try_get::<i64, _>("seed")?.cast_unsigned(),
            clock_start: row.try_get("clock_start")?,
            clock_position: row.try_get("clock_position")?,
            agent_is_stopped: columns::flag(&row, "agent_is_stopped")?,
            starts: row.try_get("starts")?,
        })
    })
    .transpose()
}

pub(super) async fn put(write: &mut Write, stored: &Stored) -> Result<()> {
    sqlx::query(
        "INSERT INTO demo_world
             (id, seed, clock_start, clock_position, agent_is_stopped, starts)
         VALUES (1, $1, $2, $3, $4, $5)
         ON CONFLICT (id) DO UPDATE SET seed = excluded.seed,
             clock_start = excluded.clock_start, clock_position = excluded.clock_position,
             agent_is_stopped = excluded.agent_is_stopped, starts = excluded.starts",
    )
    .bind(stored.seed.cast_signed())
    .bind(stored.clock_start)
    .bind(stored.clock_position)
    .bind(i64::from(stored.agent_is_stopped))
    .bind(stored.starts)
    .execute(write.connection())
    .await?;
    Ok(())
}

/// Moves every session along with the clock, so that whoever moves it stays signed in.
pub(super) async fn move_sessions(write: &mut Write, by: i64) -> Result<()> {
    sqlx::query(
        "UPDATE admin_sessions SET created_at = created_at + $1,
             last_seen_at = last_seen_at + $1, expires_at = expires_at + $1",
    )
    .bind(by)
    .execute(write.connection())
    .await?;
    Ok(())
}
