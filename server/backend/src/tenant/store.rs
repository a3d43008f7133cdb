//! The SQL of the tenant.

use std::collections::{BTreeSet, HashMap, HashSet};

use engine::{
    configuration::{
        ConfigurationId, DomainName,
        schema::{MAIL, MANAGER, MEMBER, USER_PRINCIPAL_NAME},
    },
    cycle::taken_values::TakenValues,
    directory::{AttributeName, Attributes, ObjectKind, SourceAnchor},
    records::{Page, PageKey, TenantCounts, TenantObjectDetails, TenantObjectSummary},
    tenant::{HeldBack, TenantObject, TenantObjectId},
    timestamp::Timestamp,
};
use sqlx::{Row, any::AnyRow};
use uuid::Uuid;

use super::RECYCLE_BIN;
use crate::{
    Backend, Error, Result,
    database::{Write, assembled, columns, rows_per_statement, value_list},
};

/// The order of lists: by name without case, then by id, so that every key is unique.
pub(super) fn sort_key(display_name: &str, id: TenantObjectId) -> String {
    format!("{}\u{1}{id}", display_name.to_lowercase())
}

const OBJECT: &str = "t.id, t.kind, t.source_anchor, t.managed_by, t.attributes, t.deleted_at,
    t.admin_role, t.held_back";

fn object(row: &AnyRow) -> Result<TenantObject> {
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

/// The tenant objects that a configuration's links name, by anchor.
pub(crate) async fn linked(
    write: &mut Write,
    configuration: ConfigurationId,
    anchors: &[&SourceAnchor],
) -> Result<HashMap<SourceAnchor, TenantObject>> {
    let mut linked = HashMap::new();
    for anchors in anchors.chunks(rows_per_statement(1)) {
        let sql = format!(
            "SELECT l.anchor, {OBJECT} FROM links l JOIN tenant_objects t ON t.id = l.target_id
             WHERE l.configuration_id = $1 AND l.anchor IN ({})",
            value_list(2, anchors.len())
        );
        let mut query = assembled(sql).bind(configuration.to_string());
        for anchor in anchors {
            query = query.bind(anchor.as_str().to_owned());
        }
        for row in query.fetch_all(write.connection()).await? {
            let anchor = columns::anchor(&row, "anchor")?;
            linked.insert(anchor, object(&row)?);
        }
    }
    Ok(linked)
}

/// Which of these source objects are linked with an object that is there. A link whose object was
/// deleted for good by somebody else must not keep it from being created again.
pub(super) async fn linked_anchors(
    write: &mut Write,
    configuration: ConfigurationId,
    anchors: &[&SourceAnchor],
) -> Result<HashSet<SourceAnchor>> {
    let mut linked = HashSet::new();
    for anchors in anchors.chunks(rows_per_statement(1)) {
        let sql = format!(
            "SELECT l.anchor FROM links l JOIN tenant_objects t ON t.id = l.target_id
             WHERE l.configuration_id = $1 AND l.anchor IN ({})",
            value_list(2, anchors.len())
        );
        let mut query = assembled(sql).bind(configuration.to_string());
        for anchor in anchors {
            query = query.bind(anchor.as_str().to_owned());
        }
        for row in query.fetch_all(write.connection()).await? {
            linked.insert(columns::anchor(&row, "anchor")?);
        }
    }
    Ok(linked)
}

/// Every tenant object with one of these anchors, user principal names or SMTP addresses; one
/// look-up for each kind of name, each by its index.
pub(crate) async fn candidates(
    write: &mut Write,
    anchors: &[&str],
    names: &[&str],
    addresses: &[&str],
) -> Result<Vec<TenantObject>> {
    let mut found: HashMap<Uuid, TenantObject> = HashMap::new();
    for (condition, values) in [
        ("t.source_anchor IN", anchors),
        ("t.user_principal_name_key IN", names),
        (
            "t.id IN (SELECT object_id FROM tenant_addresses WHERE address_key IN",
            addresses,
        ),
    ] {
        let end = if condition.contains("SELECT") {
            ")"
        } else {
            ""
        };
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

pub(super) async fn existing(write: &mut Write, ids: &[Uuid]) -> Result<HashSet<Uuid>> {
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
pub(super) async fn is_name_taken(write: &mut Write, name: &str) -> Result<bool> {
    let row = sqlx::query(
        "SELECT 1 AS one FROM tenant_objects
         WHERE user_principal_name_key = $1 AND deleted_at IS NULL",
    )
    .bind(name.to_owned())
    .fetch_optional(write.connection())
    .await?;
    Ok(row.is_some())
}

/// All objects are matched anew.
pub(crate) async fn unlink(write: &mut Write, configuration: ConfigurationId) -> Result<()> {
    sqlx::query("DELETE FROM links WHERE configuration_id = $1")
        .bind(configuration.to_string())
        .execute(write.connection())
        .await?;
    Ok(())
}

/// The configuration goes; its objects stay, managed by nobody.
pub(crate) async fn release(write: &mut Write, configuration: ConfigurationId) -> Result<()> {
    for sql in [
        "DELETE FROM links WHERE configuration_id = $1",
        "UPDATE tenant_objects SET managed_by = NULL WHERE managed_by = $1",
    ] {
        sqlx::query(sql)
            .bind(configuration.to_string())
            .execute(write.connection())
            .await?;
    }
    Ok(())
}

pub(super) async fn is_managing(backend: &Backend, id: ConfigurationId) -> Result<bool> {
    let row = sqlx::query("SELECT 1 AS one FROM links WHERE configuration_id = $1 LIMIT 1")
        .bind(id.to_string())
        .fetch_optional(backend.db.read())
        .await?;
    Ok(row.is_some())
}

/// Of one kind only: a list needs no more, and counting the others takes its time.
async fn count_of(backend: &Backend, kind: ObjectKind) -> Result<u64> {
    let row = sqlx::query(
        "SELECT COUNT(*) AS n FROM tenant_objects WHERE kind = $1 AND deleted_at IS NULL",
    )
    .bind(kind.as_str())
    .fetch_one(backend.db.read())
    .await?;
    columns::count(&row, "n")
}

pub(super) async fn counts(backend: &Backend) -> Result<TenantCounts> {
    let row = sqlx::query(
        "SELECT
             (SELECT COUNT(*) FROM tenant_objects WHERE kind = 'user' AND deleted_at IS NULL)
                 AS users,
             (SELECT COUNT(*) FROM tenant_objects WHERE kind = 'group' AND deleted_at IS NULL)
                 AS groups_,
             (SELECT COUNT(*) FROM tenant_objects WHERE kind = 'contact' AND deleted_at IS NULL)
                 AS contacts,
             (SELECT COUNT(*) FROM tenant_objects WHERE deleted_at IS NOT NULL) AS deleted_users",
    )
    .fetch_one(backend.db.read())
    .await?;
    Ok(TenantCounts {
        users: columns::count(&row, "users")?,
        groups: columns::count(&row, "groups_")?,
        contacts: columns::count(&row, "contacts")?,
        deleted_users: columns::count(&row, "deleted_users")?,
    })
}

const SUMMARY: &str = "t.id, t.kind, t.display_name, t.sort_key, t.source_anchor, t.attributes,
    t.account_enabled, t.deleted_at, t.changed_at";

fn summary(row: &AnyRow) -> Result<TenantObjectSummary> {
    let attributes: Attributes = serde_json::from_str(row.try_get("attributes")?)?;
    let deleted_at = row.try_get::<Option<i64>, _>("deleted_at")?.map(Timestamp);
    Ok(TenantObjectSummary {
        id: columns::uuid(row, "id")?,
        kind: columns::kind(row)?,
        display_name: row.try_get("display_name")?,
        user_principal_name: attributes.text(USER_PRINCIPAL_NAME).map(str::to_owned),
        mail: attributes.text(MAIL).map(str::to_owned),
        account_enabled: row
            .try_get::<Option<i64>, _>("account_enabled")?
            .map(|enabled| enabled != 0),
        is_synchronized: row.try_get::<Option<String>, _>("source_anchor")?.is_some(),
        deleted_at,
        purge_at: deleted_at.map(|at| at.plus(RECYCLE_BIN)),
    })
}

/// Rows were fetched one more than asked for, to know whether more follow.
fn page(
    rows: &[AnyRow],
    limit: u32,
    key: impl Fn(&AnyRow) -> Result<String>,
    total: Option<u64>,
) -> Result<Page<TenantObjectSummary>> {
    let shown = rows.len().min(limit as usize);
    let next = match rows.get(limit as usize) {
        Some(_) => rows[..shown].last().map(key).transpose()?.map(PageKey),
        None => None,
    };
    Ok(Page {
        items: rows[..shown].iter().map(summary).collect::<Result<_>>()?,
        next,
        total,
    })
}

fn by_sort_key(row: &AnyRow) -> Result<String> {
    Ok(row.try_get("sort_key")?)
}

/// A text that LIKE finds anywhere, its wildcards taken literally.
fn anywhere(search: &str) -> String {
    let escaped = search
        .trim()
        .to_lowercase()
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    format!("%{escaped}%")
}

pub(super) async fn list(
    backend: &Backend,
    kind: ObjectKind,
    search: &str,
    after: Option<PageKey>,
    limit: u32,
) -> Result<Page<TenantObjectSummary>> {
    let is_searching = !search.trim().is_empty();
    let matching = if is_searching {
        "AND (t.sort_key LIKE $4 ESCAPE '\\' OR t.user_principal_name_key LIKE $4 ESCAPE '\\'
              OR t.mail_key LIKE $4 ESCAPE '\\')"
    } else {
        ""
    };
    let sql = format!(
        "SELECT {SUMMARY} FROM tenant_objects t
         WHERE t.kind = $1 AND t.deleted_at IS NULL AND t.sort_key > $2 {matching}
         ORDER BY t.sort_key LIMIT $3"
    );
    let mut query = assembled(sql)
        .bind(kind.as_str())
        .bind(after.map(|key| key.0).unwrap_or_default())
        .bind(i64::from(limit) + 1);
    if is_searching {
        query = query.bind(anywhere(search));
    }
    let rows = query.fetch_all(backend.db.read()).await?;
    let total = if is_searching {
        None
    } else {
        Some(count_of(backend, kind).await?)
    };
    page(&rows, limit, by_sort_key, total)
}

/// Walked by the time of deletion and the id, latest first.
pub(super) async fn deleted_users(
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

pub(super) async fn references(
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

pub(super) async fn referring(
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

pub(super) async fn details(backend: &Backend, id: Uuid) -> Result<Option<TenantObjectDetails>> {
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

pub(super) async fn restore(backend: &Backend, write: &mut Write, id: Uuid) -> Result<String> {
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

pub(super) async fn empty_recycle_bin(backend: &Backend, before: Timestamp) -> Result<()> {
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
