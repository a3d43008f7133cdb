//! The recycle bin: who lies in it, who comes back, and who goes for good.

use engine::{
    records::{Page, PageKey, TenantObjectSummary},
    timestamp::Timestamp,
};
use sqlx::{Row, any::AnyRow};
use uuid::Uuid;

use super::lists::{SUMMARY, page};
use crate::{
    Backend, Error, Result,
    database::{Write, assembled, columns},
};

/// Walked by the time of deletion and the id, latest first.
pub(in crate::tenant) async fn deleted_users(
    backend: &Backend,
    after: Option<PageKey>,
    limit: u32,
) -> Result<Page<TenantObjectSummary>> {
    let (before, id) = after
        .as_ref()
        .and_then(|key| key.0.split_once(' '))
        .and_then(|(at, id)| Some((at.parse::<i64>().ok()?, id.to_owned())))
        .unwrap_or((i64::MAX, String::new()));
    let sql = format!(
        "SELECT {SUMMARY} FROM tenant_objects t
         WHERE t.deleted_at IS NOT NULL
             AND (t.deleted_at < $1 OR (t.deleted_at = $1 AND t.id > $2))
         ORDER BY t.deleted_at DESC, t.id LIMIT $3"
    );
    let rows = assembled(sql)
        .bind(before)
        .bind(id)
        .bind(i64::from(limit) + 1)
        .fetch_all(backend.db.read())
        .await?;
    let key = |row: &AnyRow| {
        Ok(format!(
            "{} {}",
            row.try_get::<i64, _>("deleted_at")?,
            row.try_get::<String, _>("id")?
        ))
    };
    let total =
        sqlx::query("SELECT COUNT(*) AS n FROM tenant_objects WHERE deleted_at IS NOT NULL")
            .fetch_one(backend.db.read())
            .await?;
    page(&rows, limit, key, Some(columns::count(&total, "n")?))
}

pub(in crate::tenant) async fn restore(
    backend: &Backend,
    write: &mut Write,
    id: Uuid,
) -> Result<String> {
    let row = sqlx::query(
        "SELECT display_name,
             (SELECT COUNT(*) FROM tenant_objects o
              WHERE o.user_principal_name_key = t.user_principal_name_key
                  AND o.deleted_at IS NULL) AS holders
         FROM tenant_objects t WHERE t.id = $1 AND t.deleted_at IS NOT NULL",
    )
    .bind(id.to_string())
    .fetch_optional(write.connection())
    .await?
    .ok_or(Error::NotFound("deleted user"))?;
    if columns::count(&row, "holders")? > 0 {
        return Err(Error::Conflict(
            "Another user has this user principal name meanwhile. Change that one first.".into(),
        ));
    }
    sqlx::query("UPDATE tenant_objects SET deleted_at = NULL, changed_at = $1 WHERE id = $2")
        .bind(backend.now().0)
        .bind(id.to_string())
        .execute(write.connection())
        .await?;
    Ok(row.try_get("display_name")?)
}

pub(in crate::tenant) async fn empty_recycle_bin(
    backend: &Backend,
    before: Timestamp,
) -> Result<()> {
    let due = sqlx::query("SELECT 1 AS one FROM tenant_objects WHERE deleted_at < $1 LIMIT 1")
        .bind(before.0)
        .fetch_optional(backend.db.read())
        .await?;
    if due.is_none() {
        return Ok(());
    }
    let mut write = backend.db.write().await?;
    for sql in [
        "DELETE FROM tenant_addresses WHERE object_id IN
             (SELECT id FROM tenant_objects WHERE deleted_at < $1)",
        "DELETE FROM tenant_objects WHERE deleted_at < $1",
    ] {
        sqlx::query(sql)
            .bind(before.0)
            .execute(write.connection())
            .await?;
    }
    write.commit().await
}
