//! Carries out one page of approved changes, in the caller's transaction.

use std::collections::HashMap;

use engine::{
    configuration::{
        ConfigurationId,
        schema::{ACCOUNT_ENABLED, DISPLAY_NAME, USER_PRINCIPAL_NAME},
    },
    cycle::{
        error_code::ErrorCode,
        matching::MatchingNames,
        plan::{Change, Failure, PlannedChange},
    },
    directory::{AttributeValue, Attributes, ObjectKind, SourceAnchor},
    tenant::{HeldBack, TenantObjectId},
};
use uuid::Uuid;

use super::{names, store};
use crate::{
    Backend, Result,
    database::{Write, assembled, rows_per_statement, value_list, value_rows},
};

/// What became of a page of changes.
pub(crate) struct Written {
    /// Which tenant object each change was about.
    targets: HashMap<SourceAnchor, TenantObjectId>,
    /// What the tenant did not take, because it changed since the plan was made.
    refused: HashMap<SourceAnchor, Failure>,
}

impl Written {
    pub(crate) fn target_of(&self, planned: &PlannedChange) -> Option<TenantObjectId> {
        self.targets.get(&planned.anchor).copied()
    }

    pub(crate) fn refusal_of(&mut self, planned: &PlannedChange) -> Option<Failure> {
        self.refused.remove(&planned.anchor)
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
            Change::Nothing | Change::Skip(_) | Change::Fail(_) => continue,
        };
        written.insert(planned.anchor.clone(), target_id);
        rows.push(Row::new(planned, target_id, attributes)?);
    }
    delete(backend, write, configuration, &deletions).await?;
    let (rows, linked_meanwhile) = without_linked(write, configuration, rows).await?;
    let (rows, mut refused) = names::make_room(backend, write, rows).await?;
    refused.extend(linked_meanwhile);
    upsert(backend, write, configuration, &rows).await?;
    store_addresses(write, &rows).await?;
    link(write, configuration, &rows).await?;
    for anchor in refused.keys() {
        written.remove(anchor);
    }
    Ok(Written {
        targets: written,
        refused,
    })
}

/// Somebody may have created an object by hand since the plan was made. It is left to the next
/// cycle, which sees the link.
async fn without_linked<'a>(
    write: &mut Write,
    configuration: ConfigurationId,
    rows: Vec<Row<'a>>,
) -> Result<(Vec<Row<'a>>, HashMap<SourceAnchor, Failure>)> {
    let created: Vec<&SourceAnchor> = rows
        .iter()
        .filter(|row| matches!(row.planned.change, Change::Create { .. }))
        .map(|row| &row.planned.anchor)
        .collect();
    let linked = store::linked_anchors(write, configuration, &created).await?;
    let (late, rows) = rows.into_iter().partition(|row: &Row<'a>| {
        matches!(row.planned.change, Change::Create { .. }) && linked.contains(&row.planned.anchor)
    });
    let refusal = || {
        Failure::new(
            ErrorCode::InternalError,
            "The object was created by hand while this cycle ran; the next one looks again."
                .to_owned(),
        )
    };
    let late: Vec<Row<'a>> = late;
    let refused = late
        .iter()
        .map(|row| (row.planned.anchor.clone(), refusal()));
    Ok((rows, refused.collect()))
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
pub(super) struct Row<'a> {
    pub(super) planned: &'a PlannedChange,
    pub(super) id: TenantObjectId,
    display_name: String,
    pub(super) names: MatchingNames,
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

    /// Whether its user principal name stands in for one that somebody else has.
    pub(super) fn has_placeholder(&self) -> bool {
        let is_name = |one: &HeldBack| one.attribute.as_str() == USER_PRINCIPAL_NAME;
        self.planned.held_back.iter().any(is_name)
    }

    /// The name that its placeholder is made of.
    pub(super) fn placeholder_prefix(&self) -> String {
        let name = self
            .names
            .user_principal_name
            .as_deref()
            .unwrap_or_default();
        let prefix = name.rsplit_once('+').map_or(name, |(prefix, _)| prefix);
        prefix.to_owned()
    }

    pub(super) fn rename(&mut self, name: &str) -> Result<()> {
        let mut attributes: Attributes = serde_json::from_str(&self.attributes)?;
        attributes.set(USER_PRINCIPAL_NAME, vec![name.into()]);
        self.attributes = serde_json::to_string(&attributes)?;
        self.names.user_principal_name = Some(name.to_lowercase());
        Ok(())
    }

    fn held_back(&self) -> Result<Option<String>> {
        let held_back = &self.planned.held_back;
        match held_back.is_empty() {
            true => Ok(None),
            false => Ok(Some(serde_json::to_string(held_back)?)),
        }
    }
}

/// The SMTP addresses of the written objects, as they are now.
async fn store_addresses(write: &mut Write, rows: &[Row<'_>]) -> Result<()> {
    const COLUMNS: usize = 2;
    let existing: Vec<&Row<'_>> = rows
        .iter()
        .filter(|row| !matches!(row.planned.change, Change::Create { .. }))
        .collect();
    for rows in existing.chunks(rows_per_statement(1)) {
        let sql = format!(
            "DELETE FROM tenant_addresses WHERE object_id IN ({})",
            value_list(1, rows.len())
        );
        let mut query = assembled(sql);
        for row in rows {
            query = query.bind(row.id.to_string());
        }
        query.execute(write.connection()).await?;
    }
    let addresses: Vec<(&String, TenantObjectId)> = rows
        .iter()
        .flat_map(|row| row.names.addresses.iter().map(|address| (address, row.id)))
        .collect();
    for addresses in addresses.chunks(rows_per_statement(COLUMNS)) {
        let sql = format!(
            "INSERT INTO tenant_addresses (address_key, object_id) VALUES {}
             ON CONFLICT DO NOTHING",
            value_rows(1, addresses.len(), COLUMNS)
        );
        let mut query = assembled(sql);
        for (address, id) in addresses {
            query = query.bind((*address).clone()).bind(id.to_string());
        }
        query.execute(write.connection()).await?;
    }
    Ok(())
}

async fn upsert(
    backend: &Backend,
    write: &mut Write,
    configuration: ConfigurationId,
    rows: &[Row<'_>],
) -> Result<()> {
    const COLUMNS: usize = 13;
    for rows in rows.chunks(rows_per_statement(COLUMNS)) {
        let sql = format!(
            "INSERT INTO tenant_objects
                 (id, kind, source_anchor, managed_by, display_name, sort_key,
                  user_principal_name_key, mail_key, attributes, account_enabled, held_back,
                  created_at, changed_at)
             VALUES {}
             ON CONFLICT (id) DO UPDATE SET
                 source_anchor = excluded.source_anchor, managed_by = excluded.managed_by,
                 display_name = excluded.display_name, sort_key = excluded.sort_key,
                 user_principal_name_key = excluded.user_principal_name_key,
                 mail_key = excluded.mail_key, attributes = excluded.attributes,
                 account_enabled = excluded.account_enabled, held_back = excluded.held_back,
                 changed_at = excluded.changed_at,
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
                .bind(row.held_back()?)
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
        (
            "DELETE FROM tenant_addresses WHERE object_id IN",
            &ids_of(false),
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
