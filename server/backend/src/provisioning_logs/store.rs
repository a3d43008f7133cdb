//! The SQL of the provisioning log.

use std::collections::HashMap;

use engine::{
    configuration::ConfigurationId,
    directory::{ObjectKind, SourceAnchor},
    records::{
        ModifiedProperty, ProvisioningAction, ProvisioningDetail, ProvisioningEntry,
        ProvisioningEntrySummary, ProvisioningResult, ProvisioningStep, StepType, SyncType,
    },
    timestamp::Timestamp,
};
use sqlx::{Row, any::AnyRow};
use uuid::Uuid;

use super::{NewEntry, ReferenceChange, UnresolvedReferences, counts};
use crate::{
    Backend, Error, Result,
    database::{Write, assembled, columns, rows_per_statement, value_list, value_rows},
};

/// The attribute by which people know a user.
const NAME: &str = "UserPrincipalName";

/// One row as it is inserted.
pub(super) struct LogRow {
    pub(super) id: Uuid,
    pub(super) kind: ObjectKind,
    pub(super) action: ProvisioningAction,
    pub(super) result: ProvisioningResult,
    pub(super) display_name: String,
    pub(super) anchor: SourceAnchor,
    pub(super) dn: String,
    pub(super) target_id: Option<Uuid>,
    pub(super) detail: ProvisioningDetail,
    pub(super) sync_type: SyncType,
}

impl LogRow {
    fn source_id(&self) -> String {
        let guid = self.anchor.object_guid();
        guid.map_or_else(|| self.anchor.to_string(), |guid| guid.to_string())
    }

    pub(super) fn error_code(&self) -> Option<&str> {
        self.detail.error.as_ref().map(|error| error.code.as_str())
    }

    /// `user_principal_name`: the one in the tenant. One that could not be given is looked for, too.
    fn search_text(&self, user_principal_name: &str) -> String {
        let target = self.target_id.map(|id| id.to_string()).unwrap_or_default();
        let source_id = self.source_id();
        let mut parts = vec![
            self.display_name.as_str(),
            self.dn.as_str(),
            &source_id,
            self.anchor.as_str(),
            &target,
            user_principal_name,
        ];
        let names = self.detail.modified_properties.iter();
        let names = names.filter(|property| property.name.eq_ignore_ascii_case(NAME));
        parts.extend(
            names
                .flat_map(|name| [name.old_value.as_deref(), name.new_value.as_deref()])
                .flatten(),
        );
        parts.join("\n").to_lowercase()
    }
}

pub(crate) async fn record(
    backend: &Backend,
    write: &mut Write,
    configuration: ConfigurationId,
    cycle: Uuid,
    source_system: &str,
    entries: &[NewEntry<'_>],
) -> Result<()> {
    let rows: Vec<LogRow> = entries
        .iter()
        .map(|entry| LogRow {
            id: backend.new_id(),
            kind: entry.planned.kind,
            action: entry.action,
            result: entry.result,
            display_name: entry.planned.display_name.clone(),
            anchor: entry.planned.anchor.clone(),
            dn: entry.planned.dn.to_string(),
            target_id: entry.target_id,
            detail: entry.planned.detail.clone(),
            sync_type: SyncType::Object,
        })
        .collect();
    insert(backend, write, configuration, cycle, source_system, &rows).await
}

pub(super) async fn insert(
    backend: &Backend,
    write: &mut Write,
    configuration: ConfigurationId,
    cycle: Uuid,
    source_system: &str,
    rows: &[LogRow],
) -> Result<()> {
    const COLUMNS: usize = 17;
    let now = backend.now().0;
    for rows in rows.chunks(rows_per_statement(COLUMNS)) {
        let names = user_principal_names(write, rows).await?;
        let sql = format!(
            "INSERT INTO provisioning_log
                 (id, configuration_id, cycle_id, at, kind, action, result, display_name,
                  source_anchor, source_id, source_dn, target_id, source_system, search_text,
                  detail, error_code, sync_type)
             VALUES {}",
            value_rows(1, rows.len(), COLUMNS)
        );
        let mut query = assembled(sql);
        for row in rows {
            query = query
                .bind(row.id.to_string())
                .bind(configuration.to_string())
                .bind(cycle.to_string())
                .bind(now)
                .bind(row.kind.as_str())
                .bind(row.action.as_str())
                .bind(row.result.as_str())
                .bind(row.display_name.clone())
                .bind(row.anchor.as_str().to_owned())
                .bind(row.source_id())
                .bind(row.dn.clone())
                .bind(row.target_id.map(|id| id.to_string()))
                .bind(source_system.to_owned())
                .bind(row.search_text(name_in(&names, row)))
                .bind(serde_json::to_string(&row.detail)?)
                .bind(row.error_code().map(str::to_owned))
                .bind(row.sync_type.as_str());
        }
        query.execute(write.connection()).await?;
    }
    counts::count(write, configuration, now, rows).await
}

fn name_in<'a>(names: &'a HashMap<String, String>, row: &LogRow) -> &'a str {
    let target = row.target_id.map(|id| id.to_string());
    target
        .and_then(|id| names.get(&id))
        .map_or("", String::as_str)
}

/// What the users of these rows are called in the tenant, by their identifiers.
async fn user_principal_names(
    write: &mut Write,
    rows: &[LogRow],
) -> Result<HashMap<String, String>> {
    let users = rows.iter().filter(|row| row.kind == ObjectKind::User);
    let targets: Vec<String> = users
        .filter_map(|row| row.target_id.map(|id| id.to_string()))
        .collect();
    if targets.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = format!(
        "SELECT id, user_principal_name_key FROM tenant_objects
         WHERE user_principal_name_key IS NOT NULL AND id IN ({})",
        value_list(1, targets.len())
    );
    let mut query = assembled(sql);
    for target in targets {
        query = query.bind(target);
    }
    let found = query.fetch_all(write.connection()).await?;
    found
        .iter()
        .map(|row| Ok((row.try_get("id")?, row.try_get("user_principal_name_key")?)))
        .collect()
}

/// Adds what the second pass did to the row that the object has in this cycle, or makes one.
pub(crate) async fn record_references(
    backend: &Backend,
    write: &mut Write,
    configuration: ConfigurationId,
    cycle: Uuid,
    source_system: &str,
    changes: &[ReferenceChange],
) -> Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    let mut by_owner: HashMap<&SourceAnchor, Vec<&ReferenceChange>> = HashMap::new();
    for change in changes {
        by_owner.entry(&change.owner).or_default().push(change);
    }
    let mut owners: Vec<&SourceAnchor> = by_owner.keys().copied().collect();
    owners.sort();
    let existing = rows_of_cycle(write, cycle, &owners).await?;
    let mut updated = Vec::new();
    for (anchor, (id, mut detail)) in existing {
        add_changes(&mut detail, &by_owner[&anchor]);
        updated.push((id, detail));
        owners.retain(|owner| **owner != anchor);
    }
    update_details(write, &updated).await?;
    let mut new = rows_of_linked(backend, write, configuration, &owners).await?;
    for row in &mut new {
        add_changes(&mut row.detail, &by_owner[&row.anchor]);
    }
    insert(backend, write, configuration, cycle, source_system, &new).await
}

/// Tells of references whose target is not in the tenant, a row for each owner and attribute.
pub(crate) async fn record_unresolved(
    backend: &Backend,
    write: &mut Write,
    configuration: ConfigurationId,
    cycle: Uuid,
    source_system: &str,
    unresolved: &[UnresolvedReferences],
) -> Result<()> {
    for unresolved in unresolved.chunks(rows_per_statement(1)) {
        let by_owner: HashMap<&SourceAnchor, &UnresolvedReferences> =
            unresolved.iter().map(|one| (&one.owner, one)).collect();
        let owners: Vec<&SourceAnchor> = by_owner.keys().copied().collect();
        let mut rows = rows_of_linked(backend, write, configuration, &owners).await?;
        for row in &mut rows {
            let problem = by_owner[&row.anchor].as_error();
            row.action = ProvisioningAction::Other;
            row.result = ProvisioningResult::Warning;
            row.detail.steps.push(ProvisioningStep {
                step_type: StepType::ReferenceResolution,
                result: ProvisioningResult::Warning,
                description: problem.reason.clone(),
            });
            row.detail.error = Some(problem);
        }
        insert(backend, write, configuration, cycle, source_system, &rows).await?;
    }
    Ok(())
}

fn add_changes(detail: &mut ProvisioningDetail, changes: &[&ReferenceChange]) {
    for change in changes {
        let named = change.property.old_value.is_some() || change.property.new_value.is_some();
        let count = |n: u64| (n > 0).then(|| format!("{n} objects"));
        detail.modified_properties.push(if named {
            change.property.clone()
        } else {
            ModifiedProperty {
                name: change.property.name.clone(),
                old_value: count(change.removed),
                new_value: count(change.added),
            }
        });
        detail.steps.push(ProvisioningStep {
            step_type: StepType::ReferenceResolution,
            result: ProvisioningResult::Success,
            description: format!(
                "{}: {} added, {} removed.",
                change.property.name, change.added, change.removed
            ),
        });
    }
}

async fn rows_of_cycle(
    write: &mut Write,
    cycle: Uuid,
    owners: &[&SourceAnchor],
) -> Result<Vec<(SourceAnchor, (String, ProvisioningDetail))>> {
    let sql = format!(
        "SELECT id, source_anchor, detail FROM provisioning_log
         WHERE cycle_id = $1 AND result IN ('success', 'warning') AND source_anchor IN ({})",
        value_list(2, owners.len())
    );
    let mut query = assembled(sql).bind(cycle.to_string());
    for owner in owners {
        query = query.bind(owner.as_str().to_owned());
    }
    let rows = query.fetch_all(write.connection()).await?;
    rows.iter()
        .map(|row| {
            let anchor = columns::anchor(row, "source_anchor")?;
            let detail = serde_json::from_str(row.try_get("detail")?)?;
            Ok((anchor, (row.try_get("id")?, detail)))
        })
        .collect()
}

async fn update_details(write: &mut Write, rows: &[(String, ProvisioningDetail)]) -> Result<()> {
    const COLUMNS: usize = 2;
    for rows in rows.chunks(rows_per_statement(COLUMNS)) {
        let sql = format!(
            "WITH new (id, detail) AS (VALUES {})
             UPDATE provisioning_log
             SET detail = (SELECT new.detail FROM new WHERE new.id = provisioning_log.id)
             WHERE id IN (SELECT new.id FROM new)",
            value_rows(1, rows.len(), COLUMNS)
        );
        let mut query = assembled(sql);
        for (id, detail) in rows {
            query = query.bind(id.clone()).bind(serde_json::to_string(detail)?);
        }
        query.execute(write.connection()).await?;
    }
    Ok(())
}

/// Rows for objects of which only references are told, without their details.
async fn rows_of_linked(
    backend: &Backend,
    write: &mut Write,
    configuration: ConfigurationId,
    owners: &[&SourceAnchor],
) -> Result<Vec<LogRow>> {
    if owners.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT l.anchor, l.kind, l.target_id, t.display_name, s.dn
         FROM links l
         JOIN tenant_objects t ON t.id = l.target_id
         JOIN source_objects s
             ON s.configuration_id = l.configuration_id AND s.anchor = l.anchor
         WHERE l.configuration_id = $1 AND l.anchor IN ({}) ORDER BY l.anchor",
        value_list(2, owners.len())
    );
    let mut query = assembled(sql).bind(configuration.to_string());
    for owner in owners {
        query = query.bind(owner.as_str().to_owned());
    }
    let rows = query.fetch_all(write.connection()).await?;
    rows.iter()
        .map(|row| {
            let anchor = columns::anchor(row, "anchor")?;
            Ok(LogRow {
                id: backend.new_id(),
                kind: kind(row)?,
                action: ProvisioningAction::Update,
                result: ProvisioningResult::Success,
                display_name: row.try_get("display_name")?,
                dn: row.try_get("dn")?,
                target_id: Some(
                    row.try_get::<String, _>("target_id")?
                        .parse()
                        .map_err(Error::internal)?,
                ),
                anchor,
                detail: ProvisioningDetail::default(),
                sync_type: SyncType::Object,
            })
        })
        .collect()
}

fn kind(row: &AnyRow) -> Result<ObjectKind> {
    let word: String = row.try_get("kind")?;
    ObjectKind::parse(&word).ok_or_else(|| Error::internal(format!("unknown kind {word}")))
}

pub(super) const SUMMARY: &str = "id, configuration_id, cycle_id, at, kind, action, result,
    display_name, source_id, target_id, source_system";
pub(super) const ENTRY: &str = "id, configuration_id, cycle_id, at, kind, action, result,
    display_name, source_id, target_id, source_system, source_dn, detail";

pub(super) fn entry(row: &AnyRow, target_system: &str) -> Result<ProvisioningEntry> {
    Ok(ProvisioningEntry {
        summary: summary(row, target_system)?,
        source_dn: row.try_get("source_dn")?,
        detail: serde_json::from_str(row.try_get("detail")?)?,
    })
}

pub(super) fn summary(row: &AnyRow, target_system: &str) -> Result<ProvisioningEntrySummary> {
    let text = |name: &str| row.try_get::<String, _>(name);
    let unknown = |what: &'static str| Error::internal(format!("unknown {what} in the log"));
    let target_id: Option<String> = row.try_get("target_id")?;
    Ok(ProvisioningEntrySummary {
        id: text("id")?.parse().map_err(Error::internal)?,
        at: Timestamp(row.try_get("at")?),
        configuration: text("configuration_id")?.parse().map_err(Error::internal)?,
        cycle: text("cycle_id")?.parse().map_err(Error::internal)?,
        kind: kind(row)?,
        action: ProvisioningAction::parse(&text("action")?).ok_or_else(|| unknown("action"))?,
        result: ProvisioningResult::parse(&text("result")?).ok_or_else(|| unknown("result"))?,
        display_name: text("display_name")?,
        source_id: text("source_id")?,
        target_id: target_id
            .map(|id| id.parse())
            .transpose()
            .map_err(Error::internal)?,
        source_system: text("source_system")?,
        target_system: target_system.to_owned(),
    })
}

/// Identifiers begin with the time, so the oldest rows are the first ones. Whole hours go, so that
/// what was counted of them goes with them.
pub(super) async fn forget_before(backend: &Backend, before: Timestamp) -> Result<()> {
    let before = before.start_of_hour();
    let oldest = sqlx::query("SELECT at FROM provisioning_log ORDER BY id LIMIT 1")
        .fetch_optional(backend.db.read())
        .await?;
    let is_due = match oldest {
        Some(row) => row.try_get::<i64, _>("at")? < before.0,
        None => false,
    };
    if !is_due {
        return Ok(());
    }
    let mut write = backend.db.write().await?;
    sqlx::query("DELETE FROM provisioning_log WHERE at < $1")
        .bind(before.0)
        .execute(write.connection())
        .await?;
    counts::forget_before(&mut write, before).await?;
    write.commit().await
}

pub(super) async fn get(backend: &Backend, id: Uuid) -> Result<Option<ProvisioningEntry>> {
    let sql = format!("SELECT {ENTRY} FROM provisioning_log WHERE id = $1");
    let row = assembled(sql)
        .bind(id.to_string())
        .fetch_optional(backend.db.read())
        .await?;
    row.map(|row| entry(&row, &backend.settings.tenant_name))
        .transpose()
}

pub(super) async fn filter_values(
    backend: &Backend,
    configuration: Option<ConfigurationId>,
) -> Result<(Vec<ProvisioningAction>, Vec<ProvisioningResult>)> {
    let occurs = async |column: &'static str, word: &'static str| -> Result<bool> {
        let narrowed = if configuration.is_some() {
            "AND configuration_id = $2"
        } else {
            ""
        };
        let sql =
            format!("SELECT 1 AS one FROM provisioning_log WHERE {column} = $1 {narrowed} LIMIT 1");
        let mut query = assembled(sql).bind(word);
        if let Some(configuration) = configuration {
            query = query.bind(configuration.to_string());
        }
        Ok(query.fetch_optional(backend.db.read()).await?.is_some())
    };
    let (mut actions, mut results) = (Vec::new(), Vec::new());
    for action in ProvisioningAction::ALL {
        if occurs("action", action.as_str()).await? {
            actions.push(action);
        }
    }
    for result in ProvisioningResult::ALL {
        if occurs("result", result.as_str()).await? {
            results.push(result);
        }
    }
    Ok((actions, results))
}
