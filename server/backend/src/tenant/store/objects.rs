//! Objects of the tenant, as a cycle asks for them: by what they are found, and what they hold.

use std::collections::{BTreeSet, HashMap, HashSet};

use engine::{
    cycle::taken_values::TakenValues,
    directory::{AttributeName, Attributes, SourceAnchor},
    tenant::{HeldBack, TenantObject},
};
use sqlx::{Row, any::AnyRow};
use uuid::Uuid;

use crate::{
    Error, Result,
    database::{Write, assembled, columns, rows_per_statement, value_list},
};

/// Every tenant object with one of these anchors, user principal names or SMTP addresses; one
/// look-up for each kind of name, each by its index.
pub(crate) async fn candidates(
    write: &mut Write,
    anchors: &[&str],
    names: &[&str],
    addresses: &[&str],
) -> Result<Vec<TenantObject>> {
    let mut found: HashMap<Uuid, TenantObject> = HashMap::new();
    for (condition, end, values) in [
        ("t.source_anchor IN", "", anchors),
        ("t.user_principal_name_key IN", "", names),
        (
            "t.id IN (SELECT object_id FROM tenant_addresses WHERE address_key IN",
            ")",
            addresses,
        ),
    ] {
        for values in values.chunks(rows_per_statement(1)) {
            let sql = format!(
                "SELECT {OBJECT} FROM tenant_objects t WHERE {condition} ({}){end}",
                value_list(1, values.len())
            );
            let mut query = assembled(sql);
            for value in values {
                query = query.bind((*value).to_owned());
            }
            for row in query.fetch_all(write.connection()).await? {
                let one = object(&row)?;
                found.insert(one.id, one);
            }
        }
    }
    Ok(found.into_values().collect())
}

/// The values that objects of the tenant have of `attributes`, those of the recycle bin included:
/// whoever comes back brings them along. Reads the whole tenant, page by page.
pub(crate) async fn taken_values(
    write: &mut Write,
    attributes: &BTreeSet<AttributeName>,
) -> Result<TakenValues> {
    const PAGE: i64 = 2_000;
    let mut taken = TakenValues::of(attributes);
    let mut after = String::new();
    if attributes.is_empty() {
        return Ok(taken);
    }
    loop {
        let rows = sqlx::query(
            "SELECT id, source_anchor, attributes FROM tenant_objects
             WHERE id > $1 ORDER BY id LIMIT $2",
        )
        .bind(after)
        .bind(PAGE)
        .fetch_all(write.connection())
        .await?;
        let Some(last) = rows.last() else {
            return Ok(taken);
        };
        after = last.try_get("id")?;
        for row in &rows {
            let anchor: Option<String> = row.try_get("source_anchor")?;
            let anchor = anchor.map(SourceAnchor::from_stored);
            let values: Attributes = serde_json::from_str(row.try_get("attributes")?)?;
            taken.note(anchor.as_ref(), |name| values.get(name));
        }
    }
}

pub(in crate::tenant) async fn existing(write: &mut Write, ids: &[Uuid]) -> Result<HashSet<Uuid>> {
    let mut existing = HashSet::new();
    for ids in ids.chunks(rows_per_statement(1)) {
        let sql = format!(
            "SELECT id FROM tenant_objects WHERE id IN ({})",
            value_list(1, ids.len())
        );
        let mut query = assembled(sql);
        for id in ids {
            query = query.bind(id.to_string());
        }
        for row in query.fetch_all(write.connection()).await? {
            existing.insert(columns::uuid(&row, "id")?);
        }
    }
    Ok(existing)
}

/// Whether a live object has the name, in lower case.
pub(in crate::tenant) async fn is_name_taken(write: &mut Write, name: &str) -> Result<bool> {
    let row = sqlx::query(
        "SELECT 1 AS one FROM tenant_objects
         WHERE user_principal_name_key = $1 AND deleted_at IS NULL",
    )
    .bind(name.to_owned())
    .fetch_optional(write.connection())
    .await?;
    Ok(row.is_some())
}

pub(super) const OBJECT: &str =
    "t.id, t.kind, t.source_anchor, t.managed_by, t.attributes, t.deleted_at,
    t.admin_role, t.held_back";

pub(super) fn object(row: &AnyRow) -> Result<TenantObject> {
    let managed_by: Option<String> = row.try_get("managed_by")?;
    Ok(TenantObject {
        id: columns::uuid(row, "id")?,
        kind: columns::kind(row)?,
        source_anchor: row
            .try_get::<Option<String>, _>("source_anchor")?
            .map(SourceAnchor::from_stored),
        managed_by: managed_by
            .map(|id| id.parse())
            .transpose()
            .map_err(Error::internal)?,
        attributes: serde_json::from_str(row.try_get("attributes")?)?,
        is_deleted: row.try_get::<Option<i64>, _>("deleted_at")?.is_some(),
        admin_role: row.try_get("admin_role")?,
        held_back: held_back(row)?,
    })
}

fn held_back(row: &AnyRow) -> Result<Vec<HeldBack>> {
    match row.try_get::<Option<String>, _>("held_back")? {
        Some(json) => Ok(serde_json::from_str(&json)?),
        None => Ok(Vec::new()),
    }
}
