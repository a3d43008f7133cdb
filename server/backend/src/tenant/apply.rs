//! Carries out one page of approved changes, in the caller's transaction.

use std::collections::HashMap;

use engine::{
    configuration::{
        ConfigurationId,
        schema::{ACCOUNT_ENABLED, DISPLAY_NAME},
    },
    cycle::{
        matching::MatchingNames,
        plan::{Change, PlannedChange},
    },
    directory::{AttributeValue, Attributes, ObjectKind, SourceAnchor},
    tenant::TenantObjectId,
};
use uuid::Uuid;

use super::store;
use crate::{
    Backend, Result,
    database::{Write, assembled, rows_per_statement, value_list, value_rows},
};

/// Which tenant object each change was about.
pub(crate) struct Written(HashMap<SourceAnchor, TenantObjectId>);

impl Written {
    pub(crate) fn target_of(&self, planned: &PlannedChange) -> Option<TenantObjectId> {
        self.0.get(&planned.anchor).copied()
    }
}

pub(crate) async fn apply(
    backend: &Backend,
    write: &mut Write,
    configuration: ConfigurationId,
    changes: &[PlannedChange],
) -> Result<Written> {
    let mut written = HashMap::new();
    let mut rows = Vec::new();
    let mut deletions = Vec::new();
    let fresh = fresh_ids(backend, write, changes).await?;
    for planned in changes {
        let (target_id, attributes) = match &planned.change {
            Change::Create { attributes } => (fresh[&planned.anchor], attributes),
            Change::Update {
                target_id,
                attributes,
            }
            | Change::TakeOver {
                target_id,
                attributes,
            }
            | Change::Restore {
                target_id,
                attributes,
            } => (*target_id, attributes),
            Change::Delete { target_id } => {
                deletions.push((planned, *target_id));
                written.insert(planned.anchor.clone(), *target_id);
                continue;
            }
            Change::Nothing | Change::Fail(_) => continue,
        };
        written.insert(planned.anchor.clone(), target_id);
        rows.push(Row::new(planned, target_id, attributes)?);
    }
    delete(backend, write, configuration, &deletions).await?;
    upsert(backend, write, configuration, &rows).await?;
    link(write, configuration, &rows).await?;
    Ok(Written(written))
}

/// Identities for new objects are made of the tenant and the anchor: an object that comes back
/// after it was deleted for good gets its former identity, and a demo has the same identities on
/// every start. Where that identity is taken, the object gets one that never was.
async fn fresh_ids(
    backend: &Backend,
    write: &mut Write,
    changes: &[PlannedChange],
) -> Result<HashMap<SourceAnchor, TenantObjectId>> {
    let tenant = super::id(backend);
    let created = changes
        .iter()
        .filter(|one| matches!(one.change, Change::Create { .. }));
    let wanted: HashMap<SourceAnchor, Uuid> = created
        .map(|one| {
            let name = format!("{}:{}", one.kind, one.anchor);
            (one.anchor.clone(), Uuid::new_v5(&tenant, name.as_bytes()))
        })
        .collect();
    let ids: Vec<Uuid> = wanted.values().copied().collect();
    let taken = store::existing(write, &ids).await?;
    Ok(wanted
        .into_iter()
        .map(|(anchor, id)| {
            (
                anchor,
                if taken.contains(&id) {
                    Uuid::new_v4()
                } else {
                    id
                },
            )
        })
        .collect())
}

/// One row of `tenant_objects`.
struct Row<'a> {
    planned: &'a PlannedChange,
    id: TenantObjectId,
    display_name: String,
    names: MatchingNames,
    attributes: String,
    account_enabled: Option<bool>,
}

impl<'a> Row<'a> {
    fn new(
        planned: &'a PlannedChange,
        id: TenantObjectId,
        attributes: &Attributes,
    ) -> Result<Self> {
        let display_name = attributes
            .text(DISPLAY_NAME)
            .unwrap_or(&planned.display_name);
        Ok(Self {
            planned,
            id,
            display_name: display_name.to_owned(),
            names: MatchingNames::of_tenant_object(planned.kind, attributes),
            attributes: serde_json::to_string(attributes)?,
            account_enabled: (planned.kind == ObjectKind::User).then(|| {
                attributes.values(ACCOUNT_ENABLED).first() != Some(&AttributeValue::Boolean(false))
            }),
        })
    }
}

async fn upsert(
    backend: &Backend,
    write: &mut Write,
    configuration: ConfigurationId,
    rows: &[Row<'_>],
) -> Result<()> {
    const COLUMNS: usize = 12;
    for rows in rows.chunks(rows_per_statement(COLUMNS)) {
        let sql = format!(
            "INSERT INTO tenant_objects
                 (id, kind, source_anchor, managed_by, display_name, sort_key,
                  user_principal_name_key, mail_key, attributes, account_enabled, created_at,
                  changed_at)
             VALUES {}
             ON CONFLICT (id) DO UPDATE SET
                 source_anchor = excluded.source_anchor, managed_by = excluded.managed_by,
                 display_name = excluded.display_name, sort_key = excluded.sort_key,
                 user_principal_name_key = excluded.user_principal_name_key,
                 mail_key = excluded.mail_key, attributes = excluded.attributes,
                 account_enabled = excluded.account_enabled, changed_at = excluded.changed_at,
                 deleted_at = NULL",
            value_rows(1, rows.len(), COLUMNS)
        );
        let now = backend.now().0;
        let mut query = assembled(sql);
        for row in rows {
            query = query
                .bind(row.id.to_string())
                .bind(row.planned.kind.as_str())
                .bind(row.planned.anchor.as_str().to_owned())
                .bind(configuration.to_string())
                .bind(row.display_name.clone())
                .bind(store::sort_key(&row.display_name, row.id))
                .bind(row.names.user_principal_name.clone())
                .bind(row.names.primary_address.clone())
                .bind(row.attributes.clone())
                .bind(row.account_enabled.map(i64::from))
                .bind(now)
                .bind(now);
        }
        query.execute(write.connection()).await?;
    }
    Ok(())
}

async fn link(write: &mut Write, configuration: ConfigurationId, rows: &[Row<'_>]) -> Result<()> {
    const COLUMNS: usize = 4;
    let new: Vec<&Row<'_>> = rows
        .iter()
        .filter(|row| !matches!(row.planned.change, Change::Update { .. }))
        .collect();
    for rows in new.chunks(rows_per_statement(COLUMNS)) {
        let sql = format!(
            "INSERT INTO links (configuration_id, anchor, kind, target_id) VALUES {}
             ON CONFLICT (configuration_id, anchor) DO UPDATE SET target_id = excluded.target_id",
            value_rows(1, rows.len(), COLUMNS)
        );
        let mut query = assembled(sql);
        for row in rows {
            query = query
                .bind(configuration.to_string())
                .bind(row.planned.anchor.as_str().to_owned())
                .bind(row.planned.kind.as_str())
                .bind(row.id.to_string());
        }
        query.execute(write.connection()).await?;
    }
    Ok(())
}

/// Users go to the recycle bin, groups and contacts at once. What they referred to, and what
/// referred to them, is cut.
async fn delete(
    backend: &Backend,
    write: &mut Write,
    configuration: ConfigurationId,
    deletions: &[(&PlannedChange, TenantObjectId)],
) -> Result<()> {
    let ids_of = |is_user: bool| -> Vec<String> {
        deletions
            .iter()
            .filter(|(planned, _)| (planned.kind == ObjectKind::User) == is_user)
            .map(|(_, id)| id.to_string())
            .collect()
    };
    let all: Vec<String> = deletions.iter().map(|(_, id)| id.to_string()).collect();
    let owner = configuration.to_string();
    for (sql, ids) in [
        ("DELETE FROM tenant_references WHERE object_id IN", &all),
        ("DELETE FROM tenant_references WHERE target_id IN", &all),
        (
            "DELETE FROM links WHERE configuration_id = $1 AND target_id IN",
            &all,
        ),
        // Only what this configuration manages.
        (
            "DELETE FROM tenant_objects WHERE managed_by = $1 AND id IN",
            &ids_of(false),
        ),
    ] {
        for ids in ids.chunks(rows_per_statement(1)) {
            let needs_owner = sql.contains("$1");
            let first = if needs_owner { 2 } else { 1 };
            let mut query = assembled(format!("{sql} ({})", value_list(first, ids.len())));
            if needs_owner {
                query = query.bind(owner.clone());
            }
            for id in ids {
                query = query.bind(id.clone());
            }
            query.execute(write.connection()).await?;
        }
    }
    for ids in ids_of(true).chunks(rows_per_statement(1)) {
        let sql = format!(
            "UPDATE tenant_objects SET deleted_at = $1, changed_at = $1
             WHERE managed_by = $2 AND deleted_at IS NULL AND id IN ({})",
            value_list(3, ids.len())
        );
        let mut query = assembled(sql).bind(backend.now().0).bind(owner.clone());
        for id in ids {
            query = query.bind(id.clone());
        }
        query.execute(write.connection()).await?;
    }
    Ok(())
}
