//! The tenant's users, groups and contacts in lists, and how many there are.

use engine::{
    configuration::schema::{MAIL, USER_PRINCIPAL_NAME},
    directory::{Attributes, ObjectKind},
    records::{Page, PageKey, TenantCounts, TenantObjectSummary},
    timestamp::Timestamp,
};
use sqlx::{Row, any::AnyRow};

use crate::{
    Backend, Result,
    database::{assembled, columns},
    tenant::RECYCLE_BIN,
};

pub(in crate::tenant) async fn list(
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

pub(in crate::tenant) async fn counts(backend: &Backend) -> Result<TenantCounts> {
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

pub(super) const SUMMARY: &str =
    "t.id, t.kind, t.display_name, t.sort_key, t.source_anchor, t.attributes,
    t.account_enabled, t.deleted_at, t.changed_at";

pub(super) fn summary(row: &AnyRow) -> Result<TenantObjectSummary> {
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
pub(super) fn page(
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

pub(super) fn by_sort_key(row: &AnyRow) -> Result<String> {
    Ok(row.try_get("sort_key")?)
}
