//! Deleted configurations: kept for a while, then gone for good.

use engine::{
    configuration::{ConfigurationId, DomainName},
    timestamp::Timestamp,
};
use sqlx::Row;

use super::{configuration_id, leases::take_lease_away};
use crate::{Backend, Error, Result, database::Write};

/// Takes the lease away too, so that a cycle under way stops at its next step.
pub(in crate::configurations) async fn mark_deleted(
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

pub(in crate::configurations) async fn restore(
    write: &mut Write,
    id: ConfigurationId,
) -> Result<DomainName> {
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

pub(in crate::configurations) async fn deleted_for_domain(
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

pub(in crate::configurations) async fn deleted_before(
    backend: &Backend,
    before: Timestamp,
) -> Result<Vec<ConfigurationId>> {
    let rows = sqlx::query("SELECT id FROM configurations WHERE deleted_at < $1")
        .bind(before.0)
        .fetch_all(backend.db.read())
        .await?;
    rows.iter().map(configuration_id).collect()
}

pub(in crate::configurations) async fn remove(
    write: &mut Write,
    id: ConfigurationId,
) -> Result<()> {
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
