//! How often passwords may be tried on a user's page. Counted before a password is looked at, so
//! that many at once count like many in turn.

use std::time::Duration;

use engine::tenant::TenantObjectId;
use sqlx::Row;

use crate::{Backend, Result, database::Write};

const WINDOW: Duration = Duration::from_secs(15 * 60);
const ATTEMPTS_A_WINDOW: i64 = 10;

/// Counts one attempt; false when there were too many.
pub(super) async fn count(backend: &Backend, id: TenantObjectId) -> Result<bool> {
    let now = backend.now();
    let mut write = backend.db.write().await?;
    sqlx::query("DELETE FROM sign_in_checks WHERE window_start <= $1")
        .bind(now.minus(WINDOW).0)
        .execute(write.connection())
        .await?;
    let row = sqlx::query(
        "INSERT INTO sign_in_checks (object_id, window_start, attempts) VALUES ($1, $2, 1)
         ON CONFLICT (object_id) DO UPDATE SET attempts = sign_in_checks.attempts + 1
         RETURNING attempts",
    )
    .bind(id.to_string())
    .bind(now.0)
    .fetch_one(write.connection())
    .await?;
    let attempts: i64 = row.try_get("attempts")?;
    write.commit().await?;
    Ok(attempts <= ATTEMPTS_A_WINDOW)
}

/// The right password was given.
pub(super) async fn forget(write: &mut Write, id: TenantObjectId) -> Result<()> {
    sqlx::query("DELETE FROM sign_in_checks WHERE object_id = $1")
        .bind(id.to_string())
        .execute(write.connection())
        .await?;
    Ok(())
}
