//! One object of the tenant with everything that is known of it, and whom it is joined with.

use engine::{
    configuration::{
        DomainName,
        schema::{MANAGER, MEMBER},
    },
    directory::SourceAnchor,
    records::{Page, PageKey, TenantObjectDetails, TenantObjectSummary},
    timestamp::Timestamp,
};
use sqlx::{Row, any::AnyRow};
use uuid::Uuid;

use super::lists::{SUMMARY, by_sort_key, page, summary};
use crate::{
    Backend, Error, Result,
    database::{assembled, columns},
};

pub(in crate::tenant) async fn details(
    backend: &Backend,
    id: Uuid,
) -> Result<Option<TenantObjectDetails>> {
    let sql = format!(
        "SELECT {SUMMARY}, t.managed_by, t.created_at, c.domain FROM tenant_objects t
         LEFT JOIN configurations c ON c.id = t.managed_by
         WHERE t.id = $1"
    );
    let row = assembled(sql)
        .bind(id.to_string())
        .fetch_optional(backend.db.read())
        .await?;
    let Some(row) = row else { return Ok(None) };
    let managed_by: Option<String> = row.try_get("managed_by")?;
    let domain: Option<String> = row.try_get("domain")?;
    let manager = references(backend, id, MANAGER, None, 1)
        .await?
        .items
        .into_iter()
        .next();
    Ok(Some(TenantObjectDetails {
        summary: summary(&row)?,
        attributes: serde_json::from_str(row.try_get("attributes")?)?,
        source_anchor: row
            .try_get::<Option<String>, _>("source_anchor")?
            .map(SourceAnchor::from_stored),
        managed_by: managed_by
            .map(|id| id.parse())
            .transpose()
            .map_err(Error::internal)?,
        managed_by_domain: domain
            .map(|domain| DomainName::parse(&domain))
            .transpose()
            .map_err(Error::internal)?,
        manager,
        member_count: reference_count(backend, "object_id", id, MEMBER).await?,
        member_of_count: reference_count(backend, "target_id", id, MEMBER).await?,
        created_at: Timestamp(row.try_get("created_at")?),
        changed_at: Timestamp(row.try_get("changed_at")?),
    }))
}

pub(in crate::tenant) async fn references(
    backend: &Backend,
    id: Uuid,
    attribute: &str,
    after: Option<PageKey>,
    limit: u32,
) -> Result<Page<TenantObjectSummary>> {
    let total = reference_count(backend, "object_id", id, attribute).await?;
    let sql = format!(
        "SELECT {SUMMARY} FROM tenant_references r JOIN tenant_objects t ON t.id = r.target_id
         WHERE r.object_id = $1 AND r.attribute = $2 AND t.sort_key > $3
         ORDER BY t.sort_key LIMIT $4"
    );
    let rows = walk(backend, sql, id, attribute, after, limit).await?;
    page(&rows, limit, by_sort_key, Some(total))
}

pub(in crate::tenant) async fn referring(
    backend: &Backend,
    id: Uuid,
    attribute: &str,
    after: Option<PageKey>,
    limit: u32,
) -> Result<Page<TenantObjectSummary>> {
    let total = reference_count(backend, "target_id", id, attribute).await?;
    let sql = format!(
        "SELECT {SUMMARY} FROM tenant_references r JOIN tenant_objects t ON t.id = r.object_id
         WHERE r.target_id = $1 AND r.attribute = $2 AND t.sort_key > $3
         ORDER BY t.sort_key LIMIT $4"
    );
    let rows = walk(backend, sql, id, attribute, after, limit).await?;
    page(&rows, limit, by_sort_key, Some(total))
}

async fn walk(
    backend: &Backend,
    sql: String,
    id: Uuid,
    attribute: &str,
    after: Option<PageKey>,
    limit: u32,
) -> Result<Vec<AnyRow>> {
    Ok(assembled(sql)
        .bind(id.to_string())
        .bind(attribute.to_owned())
        .bind(after.map(|key| key.0).unwrap_or_default())
        .bind(i64::from(limit) + 1)
        .fetch_all(backend.db.read())
        .await?)
}

async fn reference_count(
    backend: &Backend,
    column: &'static str,
    id: Uuid,
    attribute: &str,
) -> Result<u64> {
    let sql = format!(
        "SELECT COUNT(*) AS n FROM tenant_references WHERE {column} = $1 AND attribute = $2"
    );
    let row = assembled(sql)
        .bind(id.to_string())
        .bind(attribute.to_owned())
        .fetch_one(backend.db.read())
        .await?;
    columns::count(&row, "n")
}
