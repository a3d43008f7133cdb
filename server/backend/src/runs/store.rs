//! The SQL of a cycle: what was seen, what is planned, what failed.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use connectors::Cursor;
use engine::{
    configuration::{ConfigurationId, quarantine_limits::Failures},
    cycle::plan::{Failure, PlannedChange},
    directory::{Dn, SourceAnchor, SourceObject},
    health::{FailedRequest, FailedRequests},
    records::{CycleCounts, CycleKind, CycleOutcome},
    timestamp::Timestamp,
};
use sqlx::{Row, any::AnyRow};
use uuid::Uuid;

use super::{
    membership::Reach,
    observe::{self, Seen},
};
use crate::{
    Backend, Error, Result,
    database::{Write, assembled, columns, rows_per_statement, value_list, value_rows},
};

pub(super) async fn insert_cycle(
    write: &mut Write,
    id: Uuid,
    configuration: ConfigurationId,
    kind: CycleKind,
    now: Timestamp,
) -> Result<()> {
    // What a server left behind that did not come to an end.
    sqlx::query(
        "UPDATE cycles SET ended_at = $1, outcome = $2
         WHERE configuration_id = $3 AND ended_at IS NULL",
    )
    .bind(now.0)
    .bind(serde_json::to_string(&CycleOutcome::Interrupted)?)
    .bind(configuration.to_string())
    .execute(write.connection())
    .await?;
    sqlx::query(
        "INSERT INTO cycles (id, configuration_id, kind, started_at, counts)
         VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(id.to_string())
    .bind(configuration.to_string())
    .bind(serde_json::to_string(&kind)?)
    .bind(now.0)
    .bind(serde_json::to_string(&CycleCounts::default())?)
    .execute(write.connection())
    .await?;
    Ok(())
}

pub(super) async fn end_cycle(
    write: &mut Write,
    id: Uuid,
    now: Timestamp,
    outcome: &CycleOutcome,
    counts: &CycleCounts,
) -> Result<()> {
    sqlx::query("UPDATE cycles SET ended_at = $1, outcome = $2, counts = $3 WHERE id = $4")
        .bind(now.0)
        .bind(serde_json::to_string(outcome)?)
        .bind(serde_json::to_string(counts)?)
        .bind(id.to_string())
        .execute(write.connection())
        .await?;
    Ok(())
}

/// Runs a statement whose only value is the configuration.
pub(super) async fn for_configuration(
    write: &mut Write,
    sql: &'static str,
    configuration: ConfigurationId,
) -> Result<()> {
    sqlx::query(sql)
        .bind(configuration.to_string())
        .execute(write.connection())
        .await?;
    Ok(())
}

/// Runs a statement that ends with `IN`, for these objects; its only other value is the
/// configuration.
pub(super) async fn for_anchors(
    write: &mut Write,
    sql: &'static str,
    configuration: ConfigurationId,
    anchors: &[&SourceAnchor],
) -> Result<()> {
    for anchors in anchors.chunks(rows_per_statement(1)) {
        let mut query = assembled(format!("{sql} ({})", value_list(2, anchors.len())))
            .bind(configuration.to_string());
        for anchor in anchors {
            query = query.bind(anchor.as_str().to_owned());
        }
        query.execute(write.connection()).await?;
    }
    Ok(())
}

/// Forgets everything that cycles know of a configuration that goes for good.
pub(crate) async fn forget(write: &mut Write, configuration: ConfigurationId) -> Result<()> {
    for sql in [
        "DELETE FROM source_references WHERE configuration_id = $1",
        "DELETE FROM source_objects WHERE configuration_id = $1",
        "DELETE FROM planned_names WHERE configuration_id = $1",
        "DELETE FROM planned_changes WHERE configuration_id = $1",
        "DELETE FROM planned_references WHERE configuration_id = $1",
        "DELETE FROM reference_failures WHERE configuration_id = $1",
        "DELETE FROM on_demand_tests WHERE configuration_id = $1",
        "DELETE FROM preview_changes WHERE preview_id IN
             (SELECT id FROM previews WHERE configuration_id = $1)",
        "DELETE FROM previews WHERE configuration_id = $1",
        "DELETE FROM held_deletions WHERE configuration_id = $1",
        "DELETE FROM escrows WHERE configuration_id = $1",
    ] {
        for_configuration(write, sql, configuration).await?;
    }
    Ok(())
}

/// Forgets the failures of single objects; they are tried again when they change.
pub(crate) async fn forget_escrows(
    write: &mut Write,
    configuration: ConfigurationId,
) -> Result<()> {
    for_configuration(
        write,
        "DELETE FROM escrows WHERE configuration_id = $1",
        configuration,
    )
    .await
}

pub(super) async fn discard_plan(write: &mut Write, configuration: ConfigurationId) -> Result<()> {
    for sql in [
        "DELETE FROM planned_names WHERE configuration_id = $1",
        "DELETE FROM planned_changes WHERE configuration_id = $1",
        "DELETE FROM planned_references WHERE configuration_id = $1",
    ] {
        for_configuration(write, sql, configuration).await?;
    }
    Ok(())
}

/// Marks the objects whose time for another try has come.
pub(super) async fn mark_due_escrows(
    write: &mut Write,
    configuration: ConfigurationId,
    now: Timestamp,
) -> Result<()> {
    sqlx::query(
        "UPDATE source_objects SET is_marked = 1
         WHERE configuration_id = $1 AND is_marked = 0 AND anchor IN
             (SELECT anchor FROM escrows WHERE configuration_id = $1 AND next_attempt <= $2)",
    )
    .bind(configuration.to_string())
    .bind(now.0)
    .execute(write.connection())
    .await?;
    Ok(())
}

pub(super) async fn known_objects(
    backend: &Backend,
    configuration: ConfigurationId,
) -> Result<u64> {
    let row = sqlx::query(
        "SELECT COUNT(*) AS count FROM source_objects
         WHERE configuration_id = $1 AND is_gone = 0",
    )
    .bind(configuration.to_string())
    .fetch_one(backend.db.read())
    .await?;
    columns::count(&row, "count")
}

/// Where a reading is stored.
pub(super) struct Mirror<'a> {
    pub(super) configuration: ConfigurationId,
    pub(super) reading: Uuid,
    pub(super) reach: &'a Reach,
}

struct Stored {
    dn: String,
    dn_key: String,
    kind: String,
    attributes: String,
    is_gone: bool,
}

impl Mirror<'_> {
    pub(super) async fn store_present(
        &self,
        write: &mut Write,
        seen: &[Seen],
        mirror_was_empty: bool,
    ) -> Result<()> {
        if seen.is_empty() {
            return Ok(());
        }
        let stored = if mirror_was_empty {
            HashMap::new()
        } else {
            self.stored(write, seen).await?
        };
        let mut changed = Vec::new();
        let mut unchanged = Vec::new();
        let mut renamed_keys = BTreeSet::new();
        for one in seen {
            let attributes = serde_json::to_string(&one.object.attributes)?;
            match stored.get(&one.object.anchor) {
                Some(old) if old.equals(&one.object, &attributes) => {
                    unchanged.push(&one.object.anchor);
                }
                old => {
                    if let Some(old) = old.filter(|old| old.dn_key != one.object.dn.key()) {
                        renamed_keys.insert(old.dn_key.clone());
                    }
                    if old.is_none_or(|old| old.is_gone || old.dn_key != one.object.dn.key()) {
                        renamed_keys.insert(one.object.dn.key().to_owned());
                    }
                    changed.push((one, attributes));
                }
            }
        }
        self.upsert(write, &changed).await?;
        self.store_unchanged_refs(write, &unchanged).await?;
        self.store_references(write, seen, &stored).await?;
        if !mirror_was_empty {
            mark_owners(write, self.configuration, &renamed_keys).await?;
        }
        Ok(())
    }

    async fn stored(
        &self,
        write: &mut Write,
        seen: &[Seen],
    ) -> Result<HashMap<SourceAnchor, Stored>> {
        let anchors = observe::anchors(seen);
        let sql = format!(
            "SELECT anchor, dn, dn_key, kind, attributes, is_gone FROM source_objects
             WHERE configuration_id = $1 AND anchor IN ({})",
            value_list(2, anchors.len())
        );
        let mut query = assembled(sql).bind(self.configuration.to_string());
        for anchor in anchors {
            query = query.bind(anchor.as_str().to_owned());
        }
        let rows = query.fetch_all(write.connection()).await?;
        rows.iter()
            .map(|row| {
                let stored = Stored {
                    dn: row.try_get("dn")?,
                    dn_key: row.try_get("dn_key")?,
                    kind: row.try_get("kind")?,
                    attributes: row.try_get("attributes")?,
                    is_gone: columns::flag(row, "is_gone")?,
                };
                Ok((columns::anchor(row, "anchor")?, stored))
            })
            .collect()
    }

    async fn upsert(&self, write: &mut Write, changed: &[(&Seen, String)]) -> Result<()> {
        const COLUMNS: usize = 7;
        for rows in changed.chunks(rows_per_statement(COLUMNS)) {
            // The flags are literals, so only what differs travels.
            let sql = format!(
                "INSERT INTO source_objects
                     (configuration_id, anchor, kind, dn, dn_key, attributes, reading,
                      is_gone, is_in_scope, is_marked, references_marked)
                 SELECT v.*, 0, 0, 1, 1 FROM (VALUES {}) v
                 WHERE true
                 ON CONFLICT (configuration_id, anchor) DO UPDATE SET
                     kind = excluded.kind, dn = excluded.dn, dn_key = excluded.dn_key,
                     attributes = excluded.attributes, reading = excluded.reading,
                     is_gone = 0, is_marked = 1",
                value_rows(1, rows.len(), COLUMNS)
            );
            let mut query = assembled(sql);
            for (seen, attributes) in rows {
                let object = &seen.object;
                query = query
                    .bind(self.configuration.to_string())
                    .bind(object.anchor.as_str().to_owned())
                    .bind(object.kind.as_str())
                    .bind(object.dn.as_str().to_owned())
                    .bind(object.dn.key().to_owned())
                    .bind(attributes.clone())
                    .bind(self.reading.to_string());
            }
            query.execute(write.connection()).await?;
        }
        Ok(())
    }

    pub(super) async fn store_unchanged(
        &self,
        write: &mut Write,
        anchors: &[SourceAnchor],
    ) -> Result<()> {
        let anchors: Vec<&SourceAnchor> = anchors.iter().collect();
        self.store_unchanged_refs(write, &anchors).await
    }

    async fn store_unchanged_refs(
        &self,
        write: &mut Write,
        anchors: &[&SourceAnchor],
    ) -> Result<()> {
        self.for_anchors(
            write,
            "UPDATE source_objects SET reading = $2 WHERE configuration_id = $1 AND anchor IN",
            anchors,
        )
        .await
    }

    pub(super) async fn store_gone(
        &self,
        write: &mut Write,
        anchors: &[SourceAnchor],
    ) -> Result<()> {
        let anchors: Vec<&SourceAnchor> = anchors.iter().collect();
        self.for_anchors(
            write,
            "UPDATE source_objects SET is_gone = 1, is_marked = 1, reading = $2
             WHERE configuration_id = $1 AND is_gone = 0 AND anchor IN",
            &anchors,
        )
        .await
    }

    async fn for_anchors(
        &self,
        write: &mut Write,
        sql: &'static str,
        anchors: &[&SourceAnchor],
    ) -> Result<()> {
        for anchors in anchors.chunks(rows_per_statement(1)) {
            let mut query = assembled(format!("{sql} ({})", value_list(3, anchors.len())))
                .bind(self.configuration.to_string())
                .bind(self.reading.to_string());
            for anchor in anchors {
                query = query.bind(anchor.as_str().to_owned());
            }
            query.execute(write.connection()).await?;
        }
        Ok(())
    }

    /// Rows of their own, by difference: a changed member costs one row.
    async fn store_references(
        &self,
        write: &mut Write,
        seen: &[Seen],
        stored: &HashMap<SourceAnchor, Stored>,
    ) -> Result<()> {
        let known: Vec<&Seen> = seen
            .iter()
            .filter(|one| stored.contains_key(&one.object.anchor))
            .collect();
        let before = self.references_of(write, &known).await?;
        let (mut added, mut removed) = (Vec::new(), Vec::new());
        let mut owners = BTreeSet::new();
        let mut scope_keys = BTreeSet::new();
        let (nothing, none) = (BTreeMap::new(), BTreeSet::new());
        for one in seen {
            let anchor = &one.object.anchor;
            let old = before.get(anchor).unwrap_or(&nothing);
            let is_chosen = self.reach.contains(one.object.dn.key());
            let attributes: BTreeSet<&String> = one.references.keys().chain(old.keys()).collect();
            for attribute in attributes {
                let new_keys = one.references.get(attribute).unwrap_or(&none);
                let old_keys = old.get(attribute).unwrap_or(&none);
                for key in new_keys.difference(old_keys) {
                    added.push((anchor, attribute.as_str(), key.as_str()));
                }
                for key in old_keys.difference(new_keys) {
                    removed.push((anchor, attribute.as_str(), key.as_str()));
                }
                if new_keys != old_keys {
                    owners.insert(anchor);
                    if is_chosen {
                        scope_keys.extend(new_keys.symmetric_difference(old_keys).cloned());
                    }
                }
            }
        }
        self.insert_references(write, &added).await?;
        self.delete_references(write, &removed).await?;
        let owners: Vec<&SourceAnchor> = owners.into_iter().collect();
        self.for_anchors(
            write,
            "UPDATE source_objects SET references_marked = 1, reading = $2
             WHERE configuration_id = $1 AND references_marked = 0 AND anchor IN",
            &owners,
        )
        .await?;
        self.mark_by_key(write, &scope_keys).await
    }

    async fn references_of(
        &self,
        write: &mut Write,
        owners: &[&Seen],
    ) -> Result<HashMap<SourceAnchor, BTreeMap<String, BTreeSet<String>>>> {
        let mut references: HashMap<SourceAnchor, BTreeMap<String, BTreeSet<String>>> =
            HashMap::new();
        if owners.is_empty() {
            return Ok(references);
        }
        let sql = format!(
            "SELECT owner_anchor, attribute, target_key FROM source_references
             WHERE configuration_id = $1 AND owner_anchor IN ({})",
            value_list(2, owners.len())
        );
        let mut query = assembled(sql).bind(self.configuration.to_string());
        for owner in owners {
            query = query.bind(owner.object.anchor.as_str().to_owned());
        }
        for row in query.fetch_all(write.connection()).await? {
            let owner = columns::anchor(&row, "owner_anchor")?;
            references
                .entry(owner)
                .or_default()
                .entry(row.try_get("attribute")?)
                .or_default()
                .insert(row.try_get("target_key")?);
        }
        Ok(references)
    }

    async fn insert_references(
        &self,
        write: &mut Write,
        added: &[(&SourceAnchor, &str, &str)],
    ) -> Result<()> {
        const COLUMNS: usize = 4;
        for rows in added.chunks(rows_per_statement(COLUMNS)) {
            let sql = format!(
                "INSERT INTO source_references
                     (configuration_id, owner_anchor, attribute, target_key)
                 VALUES {} ON CONFLICT DO NOTHING",
                value_rows(1, rows.len(), COLUMNS)
            );
            let configuration = self.configuration.to_string();
            let mut query = assembled(sql);
            for (owner, attribute, key) in rows {
                query = query
                    .bind(configuration.clone())
                    .bind(owner.as_str().to_owned())
                    .bind((*attribute).to_owned())
                    .bind((*key).to_owned());
            }
            query.execute(write.connection()).await?;
        }
        Ok(())
    }

    async fn delete_references(
        &self,
        write: &mut Write,
        removed: &[(&SourceAnchor, &str, &str)],
    ) -> Result<()> {
        const COLUMNS: usize = 3;
        for rows in removed.chunks(rows_per_statement(COLUMNS)) {
            let sql = format!(
                "DELETE FROM source_references WHERE configuration_id = $1
                     AND (owner_anchor, attribute, target_key) IN (VALUES {})",
                value_rows(2, rows.len(), COLUMNS)
            );
            let mut query = assembled(sql).bind(self.configuration.to_string());
            for (owner, attribute, key) in rows {
                query = query
                    .bind(owner.as_str().to_owned())
                    .bind((*attribute).to_owned())
                    .bind((*key).to_owned());
            }
            query.execute(write.connection()).await?;
        }
        Ok(())
    }

    /// Who entered or left a chosen group is to be evaluated again.
    async fn mark_by_key(&self, write: &mut Write, keys: &BTreeSet<String>) -> Result<()> {
        let keys: Vec<&String> = keys.iter().collect();
        for keys in keys.chunks(rows_per_statement(1)) {
            let sql = format!(
                "UPDATE source_objects SET is_marked = 1
                 WHERE configuration_id = $1 AND is_marked = 0 AND dn_key IN ({})",
                value_list(2, keys.len())
            );
            let mut query = assembled(sql).bind(self.configuration.to_string());
            for key in keys {
                query = query.bind((*key).clone());
            }
            query.execute(write.connection()).await?;
        }
        Ok(())
    }
}

impl Stored {
    fn equals(&self, object: &SourceObject, attributes: &str) -> bool {
        !self.is_gone
            && self.dn == object.dn.as_str()
            && self.kind == object.kind.as_str()
            && self.attributes == attributes
    }
}

/// These have their own references compared.
pub(super) async fn mark_references(
    write: &mut Write,
    configuration: ConfigurationId,
    anchors: &[&SourceAnchor],
) -> Result<()> {
    for_anchors(
        write,
        "UPDATE source_objects SET references_marked = 1
         WHERE configuration_id = $1 AND references_marked = 0 AND anchor IN",
        configuration,
        anchors,
    )
    .await
}

/// Whoever refers to one of these names has its references compared again.
pub(super) async fn mark_owners(
    write: &mut Write,
    configuration: ConfigurationId,
    keys: &BTreeSet<String>,
) -> Result<()> {
    let keys: Vec<&String> = keys.iter().collect();
    for keys in keys.chunks(rows_per_statement(1)) {
        let sql = format!(
            "UPDATE source_objects SET references_marked = 1
             WHERE configuration_id = $1 AND references_marked = 0 AND anchor IN
                 (SELECT owner_anchor FROM source_references
                  WHERE configuration_id = $1 AND target_key IN ({}))",
            value_list(2, keys.len())
        );
        let mut query = assembled(sql).bind(configuration.to_string());
        for key in keys {
            query = query.bind((*key).clone());
        }
        query.execute(write.connection()).await?;
    }
    Ok(())
}

pub(super) async fn mark_absent_as_gone(
    write: &mut Write,
    configuration: ConfigurationId,
    reading: Uuid,
) -> Result<()> {
    sqlx::query(
        "UPDATE source_objects SET is_gone = 1, is_marked = 1
         WHERE configuration_id = $1 AND reading <> $2 AND is_gone = 0",
    )
    .bind(configuration.to_string())
    .bind(reading.to_string())
    .execute(write.connection())
    .await?;
    Ok(())
}

pub(super) async fn mark_all(write: &mut Write, configuration: ConfigurationId) -> Result<()> {
    for_configuration(
        write,
        "UPDATE source_objects SET is_marked = 1, references_marked = 1
         WHERE configuration_id = $1 AND (is_marked = 0 OR references_marked = 0)",
        configuration,
    )
    .await
}

/// What a reading said of the objects that it did not name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Absence {
    /// They are gone.
    Counted { at: Timestamp, objects: u64 },
    /// Nothing, although every object was asked for. Whoever went before this reading is in no
    /// later reading of changes either, so absence has to be looked at again.
    Owed,
    /// Nothing: only changes were asked for.
    NotAskedFor,
}

pub(super) async fn save_cursor(
    write: &mut Write,
    configuration: ConfigurationId,
    cursor: &Cursor,
    absence: Absence,
) -> Result<()> {
    let (checked_at, counted) = match absence {
        Absence::Counted { at, objects } => (Some(at.0), i64::try_from(objects).ok()),
        Absence::Owed | Absence::NotAskedFor => (None, None),
    };
    sqlx::query(
        "UPDATE configuration_states SET reading_cursor = $1,
             absence_checked_at = CASE WHEN CAST($2 AS BIGINT) = 1 THEN NULL
                                       ELSE COALESCE($3, absence_checked_at) END,
             objects_expected = COALESCE($4, objects_expected)
         WHERE configuration_id = $5",
    )
    .bind(cursor.0.clone())
    .bind(i64::from(absence == Absence::Owed))
    .bind(checked_at)
    .bind(counted)
    .bind(configuration.to_string())
    .execute(write.connection())
    .await?;
    Ok(())
}

/// One object that is to be evaluated.
pub(super) struct Marked {
    pub(super) object: SourceObject,
    pub(super) is_gone: bool,
    pub(super) was_in_scope: bool,
    /// Why it was left as it is, as the log was told last.
    pub(super) skip_reason: Option<String>,
}

const MARKED: &str = "SELECT anchor, kind, dn, attributes, is_gone, is_in_scope, skip_reason
     FROM source_objects WHERE configuration_id = $1";

/// Which objects a plan looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    Marked,
    Everything,
}

impl Extent {
    fn condition(self) -> &'static str {
        match self {
            Self::Marked => "AND is_marked = 1",
            Self::Everything => "",
        }
    }

    /// Whether the references of the object of that alias are to be compared, as SQL.
    pub(super) fn references_of(self, alias: &str) -> String {
        match self {
            Self::Marked => format!("{alias}.references_marked = 1"),
            Self::Everything => "1 = 1".to_owned(),
        }
    }
}

/// Those of these objects that the plan looks at.
pub(super) async fn marked_among(
    write: &mut Write,
    configuration: ConfigurationId,
    extent: Extent,
    anchors: &[&SourceAnchor],
) -> Result<Vec<Marked>> {
    let mut all = Vec::new();
    for anchors in anchors.chunks(rows_per_statement(1)) {
        let sql = format!(
            "{MARKED} {} AND anchor IN ({})",
            extent.condition(),
            value_list(2, anchors.len())
        );
        let mut query = assembled(sql).bind(configuration.to_string());
        for anchor in anchors {
            query = query.bind(anchor.as_str().to_owned());
        }
        for row in query.fetch_all(write.connection()).await? {
            all.push(marked(&row)?);
        }
    }
    Ok(all)
}

pub(super) async fn marked_page(
    write: &mut Write,
    configuration: ConfigurationId,
    extent: Extent,
    after: &str,
    limit: usize,
) -> Result<Vec<Marked>> {
    let rows = assembled(format!(
        "{MARKED} {} AND anchor > $2 ORDER BY anchor LIMIT $3",
        extent.condition()
    ))
    .bind(configuration.to_string())
    .bind(after.to_owned())
    .bind(i64::try_from(limit).unwrap_or(i64::MAX))
    .fetch_all(write.connection())
    .await?;
    rows.iter().map(marked).collect()
}

/// What the last reading saw of one object; nothing once the directory has it no more.
pub(crate) async fn source_object(
    backend: &Backend,
    configuration: ConfigurationId,
    anchor: &SourceAnchor,
) -> Result<Option<SourceObject>> {
    let row = sqlx::query(
        "SELECT anchor, kind, dn, attributes FROM source_objects
         WHERE configuration_id = $1 AND anchor = $2 AND is_gone = 0",
    )
    .bind(configuration.to_string())
    .bind(anchor.as_str().to_owned())
    .fetch_optional(backend.db.read())
    .await?;
    row.as_ref().map(object).transpose()
}

fn object(row: &AnyRow) -> Result<SourceObject> {
    let anchor = columns::anchor(row, "anchor")?;
    object_of(row, anchor)
}

/// The object of a row with `kind`, `dn` and `attributes`.
pub(super) fn object_of(row: &AnyRow, anchor: SourceAnchor) -> Result<SourceObject> {
    Ok(SourceObject {
        anchor,
        dn: Dn::parse(row.try_get("dn")?).map_err(Error::internal)?,
        kind: columns::kind(row)?,
        attributes: serde_json::from_str(row.try_get("attributes")?)?,
    })
}

fn marked(row: &AnyRow) -> Result<Marked> {
    Ok(Marked {
        object: object(row)?,
        is_gone: columns::flag(row, "is_gone")?,
        was_in_scope: columns::flag(row, "is_in_scope")?,
        skip_reason: row.try_get("skip_reason")?,
    })
}

/// What the log was told of objects that are left as they are.
pub(super) async fn note_skips(
    write: &mut Write,
    configuration: ConfigurationId,
    skips: &[(&SourceAnchor, Option<&str>)],
) -> Result<()> {
    // Most objects of a page are left out for the same reason.
    let mut by_reason: BTreeMap<Option<&str>, Vec<&SourceAnchor>> = BTreeMap::new();
    for (anchor, reason) in skips {
        by_reason.entry(*reason).or_default().push(anchor);
    }
    for (reason, anchors) in by_reason {
        for anchors in anchors.chunks(rows_per_statement(1)) {
            let sql = format!(
                "UPDATE source_objects SET skip_reason = $1
                 WHERE configuration_id = $2 AND anchor IN ({})",
                value_list(3, anchors.len())
            );
            let mut query = assembled(sql)
                .bind(reason.map(str::to_owned))
                .bind(configuration.to_string());
            for anchor in anchors {
                query = query.bind(anchor.as_str().to_owned());
            }
            query.execute(write.connection()).await?;
        }
    }
    Ok(())
}

/// Objects with a value that waits until it is free are looked at in every cycle.
pub(super) async fn mark_held_back(
    write: &mut Write,
    configuration: ConfigurationId,
) -> Result<()> {
    for_configuration(
        write,
        "UPDATE source_objects SET is_marked = 1
         WHERE configuration_id = $1 AND is_marked = 0 AND anchor IN
             (SELECT l.anchor FROM tenant_objects t JOIN links l ON l.target_id = t.id
              WHERE t.managed_by = $1 AND t.held_back IS NOT NULL AND l.configuration_id = $1)",
        configuration,
    )
    .await
}

/// Forgets the scope of an earlier preview.
pub(super) async fn clear_preview_scope(
    write: &mut Write,
    configuration: ConfigurationId,
) -> Result<()> {
    for_configuration(
        write,
        "UPDATE source_objects SET preview_scope = NULL
         WHERE configuration_id = $1 AND preview_scope IS NOT NULL",
        configuration,
    )
    .await
}

/// Which of these names other objects of the plan under way take.
pub(super) async fn claimed_names(
    write: &mut Write,
    configuration: ConfigurationId,
    names: &[String],
) -> Result<HashSet<String>> {
    let mut claimed = HashSet::new();
    for names in names.chunks(rows_per_statement(1)) {
        let sql = format!(
            "SELECT name_key FROM planned_names
             WHERE configuration_id = $1 AND name_key IN ({})",
            value_list(2, names.len())
        );
        let mut query = assembled(sql).bind(configuration.to_string());
        for name in names {
            query = query.bind(name.clone());
        }
        for row in query.fetch_all(write.connection()).await? {
            claimed.insert(row.try_get("name_key")?);
        }
    }
    Ok(claimed)
}

async fn claim(
    write: &mut Write,
    configuration: ConfigurationId,
    changes: &[PlannedChange],
) -> Result<()> {
    const COLUMNS: usize = 2;
    let names: Vec<&String> = changes.iter().flat_map(|planned| &planned.names).collect();
    for names in names.chunks(rows_per_statement(COLUMNS)) {
        let sql = format!(
            "INSERT INTO planned_names (configuration_id, name_key) VALUES {}
             ON CONFLICT DO NOTHING",
            value_rows(1, names.len(), COLUMNS)
        );
        let mut query = assembled(sql);
        for name in names {
            query = query.bind(configuration.to_string()).bind((*name).clone());
        }
        query.execute(write.connection()).await?;
    }
    Ok(())
}

/// Where the scope of an object is noted: for good, or for a plan that a person looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ScopeColumn {
    IsInScope,
    PreviewScope,
}

impl ScopeColumn {
    fn name(self) -> &'static str {
        match self {
            Self::IsInScope => "is_in_scope",
            Self::PreviewScope => "preview_scope",
        }
    }

    /// Whether the object of that alias is in scope, as SQL.
    pub(super) fn of(self, alias: &str) -> String {
        match self {
            Self::IsInScope => format!("{alias}.is_in_scope"),
            Self::PreviewScope => {
                format!("COALESCE({alias}.preview_scope, {alias}.is_in_scope)")
            }
        }
    }
}

pub(super) async fn set_scope(
    write: &mut Write,
    configuration: ConfigurationId,
    anchors: &[&SourceAnchor],
    column: ScopeColumn,
    is_in_scope: bool,
) -> Result<()> {
    let column = column.name();
    for anchors in anchors.chunks(rows_per_statement(1)) {
        let sql = format!(
            "UPDATE source_objects SET {column} = $2
             WHERE configuration_id = $1 AND anchor IN ({})",
            value_list(3, anchors.len())
        );
        let mut query = assembled(sql)
            .bind(configuration.to_string())
            .bind(i64::from(is_in_scope));
        for anchor in anchors {
            query = query.bind(anchor.as_str().to_owned());
        }
        query.execute(write.connection()).await?;
    }
    Ok(())
}

/// What follows from these objects is settled.
pub(super) async fn unmark(
    write: &mut Write,
    configuration: ConfigurationId,
    anchors: &[&SourceAnchor],
) -> Result<()> {
    for_anchors(
        write,
        "UPDATE source_objects SET is_marked = 0 WHERE configuration_id = $1 AND anchor IN",
        configuration,
        anchors,
    )
    .await
}

/// Rows of objects that are gone, once nothing in the tenant hangs on them.
pub(super) async fn forget_gone(write: &mut Write, configuration: ConfigurationId) -> Result<()> {
    for sql in [
        "DELETE FROM source_references WHERE configuration_id = $1 AND owner_anchor IN
             (SELECT anchor FROM source_objects
              WHERE configuration_id = $1 AND is_gone = 1 AND is_marked = 0)",
        "DELETE FROM source_objects
         WHERE configuration_id = $1 AND is_gone = 1 AND is_marked = 0",
    ] {
        for_configuration(write, sql, configuration).await?;
    }
    Ok(())
}

/// Deletions come first when the plan is carried out, so that a name they free can be given to
/// somebody else in the same cycle.
const AFTER_DELETIONS: i64 = 1 << 40;

pub(super) async fn stage(
    write: &mut Write,
    configuration: ConfigurationId,
    first_position: i64,
    changes: &[PlannedChange],
) -> Result<()> {
    const COLUMNS: usize = 6;
    claim(write, configuration, changes).await?;
    for (index, rows) in changes.chunks(rows_per_statement(COLUMNS)).enumerate() {
        let sql = format!(
            "INSERT INTO planned_changes
                 (configuration_id, position, anchor, action, target_id, document)
             VALUES {}",
            value_rows(1, rows.len(), COLUMNS)
        );
        let mut query = assembled(sql);
        let first =
            first_position + i64::try_from(index * rows_per_statement(COLUMNS)).unwrap_or(0);
        for (planned, position) in rows.iter().zip(first..) {
            let action = planned
                .change
                .action()
                .map_or("none", |action| action.as_str());
            let position = if action == "delete" {
                position
            } else {
                position + AFTER_DELETIONS
            };
            query = query
                .bind(configuration.to_string())
                .bind(position)
                .bind(planned.anchor.as_str().to_owned())
                .bind(action)
                .bind(planned.change.target_id().map(|id| id.to_string()))
                .bind(serde_json::to_string(planned)?);
        }
        query.execute(write.connection()).await?;
    }
    Ok(())
}

/// The next changes of the plan, in the order in which they are carried out.
pub(super) async fn staged_page(
    write: &mut Write,
    configuration: ConfigurationId,
    limit: usize,
) -> Result<Vec<(i64, PlannedChange)>> {
    staged_after(write, configuration, 0, limit).await
}

/// The changes of the plan behind a position.
pub(super) async fn staged_after(
    write: &mut Write,
    configuration: ConfigurationId,
    after: i64,
    limit: usize,
) -> Result<Vec<(i64, PlannedChange)>> {
    planned_page(
        write,
        "SELECT position, document FROM planned_changes
         WHERE configuration_id = $1 AND position > $2 ORDER BY position LIMIT $3",
        configuration,
        after,
        limit,
    )
    .await
}

/// Reads a page of the plan behind a position: the statement's values are the configuration, the
/// position and the number of changes.
pub(super) async fn planned_page(
    write: &mut Write,
    sql: &'static str,
    configuration: ConfigurationId,
    after: i64,
    limit: usize,
) -> Result<Vec<(i64, PlannedChange)>> {
    let rows = sqlx::query(sql)
        .bind(configuration.to_string())
        .bind(after)
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(write.connection())
        .await?;
    rows.iter()
        .map(|row| {
            Ok((
                row.try_get("position")?,
                serde_json::from_str(row.try_get("document")?)?,
            ))
        })
        .collect()
}

/// These and everything before them is done.
pub(super) async fn unstage(
    write: &mut Write,
    configuration: ConfigurationId,
    up_to: i64,
) -> Result<()> {
    sqlx::query("DELETE FROM planned_changes WHERE configuration_id = $1 AND position <= $2")
        .bind(configuration.to_string())
        .bind(up_to)
        .execute(write.connection())
        .await?;
    Ok(())
}

pub(super) async fn count_planned(
    write: &mut Write,
    configuration: ConfigurationId,
) -> Result<u64> {
    let row = sqlx::query("SELECT COUNT(*) AS n FROM planned_changes WHERE configuration_id = $1")
        .bind(configuration.to_string())
        .fetch_one(write.connection())
        .await?;
    columns::count(&row, "n")
}

/// Keeps a failure for another try: at the next cycle, then 6, 12 and 24 hours after the first
/// failure, then daily. After 28 days it is kept, but tried again only when something changes.
pub(super) async fn keep_failures(
    write: &mut Write,
    configuration: ConfigurationId,
    now: Timestamp,
    failures: &[(&SourceAnchor, &Failure)],
) -> Result<()> {
    const COLUMNS: usize = 5;
    for rows in failures.chunks(rows_per_statement(COLUMNS)) {
        let hours = |n: i64| n * 3_600_000_000;
        let sql = format!(
            "INSERT INTO escrows
                 (configuration_id, anchor, code, reason, first_failed_at, attempts, next_attempt)
             SELECT v.*, 1, 0 FROM (VALUES {}) v WHERE true
             ON CONFLICT (configuration_id, anchor) DO UPDATE SET
                 code = excluded.code,
                 reason = excluded.reason,
                 attempts = escrows.attempts + 1,
                 next_attempt = CASE
                     WHEN excluded.first_failed_at - escrows.first_failed_at >= {given_up}
                         THEN {never}
                     WHEN escrows.attempts = 1 THEN escrows.first_failed_at + {}
                     WHEN escrows.attempts = 2 THEN escrows.first_failed_at + {}
                     WHEN escrows.attempts = 3 THEN escrows.first_failed_at + {}
                     ELSE excluded.first_failed_at + {} END",
            value_rows(1, rows.len(), COLUMNS),
            hours(6),
            hours(12),
            hours(24),
            hours(24),
            given_up = hours(28 * 24),
            never = i64::MAX
        );
        let mut query = assembled(sql);
        for (anchor, failure) in rows {
            query = query
                .bind(configuration.to_string())
                .bind(anchor.as_str().to_owned())
                .bind(failure.code.to_string())
                .bind(failure.reason.clone())
                .bind(now.0);
        }
        query.execute(write.connection()).await?;
    }
    Ok(())
}

pub(super) async fn forget_failures(
    write: &mut Write,
    configuration: ConfigurationId,
    anchors: &[&SourceAnchor],
) -> Result<()> {
    for_anchors(
        write,
        "DELETE FROM escrows WHERE configuration_id = $1 AND anchor IN",
        configuration,
        anchors,
    )
    .await
}

/// Restarts are carried out once everything was read and marked: the marks outlive a crash.
pub(super) async fn settle_restarts(
    write: &mut Write,
    configuration: ConfigurationId,
    restarts: i64,
) -> Result<()> {
    sqlx::query(
        "UPDATE configuration_states SET restarts_requested = restarts_requested - $1
         WHERE configuration_id = $2",
    )
    .bind(restarts)
    .bind(configuration.to_string())
    .execute(write.connection())
    .await?;
    Ok(())
}

pub(super) async fn note_initial_cycle(
    write: &mut Write,
    configuration: ConfigurationId,
) -> Result<()> {
    for_configuration(
        write,
        "UPDATE configuration_states SET initial_cycle_done = 1 WHERE configuration_id = $1",
        configuration,
    )
    .await
}

/// What failed and is not healed yet.
pub(super) async fn count_failures(
    write: &mut Write,
    configuration: ConfigurationId,
) -> Result<Failures> {
    let row = sqlx::query(
        "SELECT
             (SELECT COUNT(*) FROM escrows WHERE configuration_id = $1) AS objects,
             (SELECT CAST(COALESCE(SUM(unresolved), 0) AS BIGINT) FROM reference_failures
              WHERE configuration_id = $1) AS unresolved,
             (SELECT COUNT(*) FROM source_objects
              WHERE configuration_id = $1 AND is_gone = 0 AND is_in_scope = 1) AS in_scope",
    )
    .bind(configuration.to_string())
    .fetch_one(write.connection())
    .await?;
    Ok(Failures {
        objects: columns::count(&row, "objects")?,
        references: columns::count(&row, "unresolved")?,
        in_scope: columns::count(&row, "in_scope")?,
    })
}

/// Of the objects that failed, the one that failed first and the one that failed last.
pub(super) async fn failed_requests(
    write: &mut Write,
    configuration: ConfigurationId,
) -> Result<Option<FailedRequests>> {
    let first = failed_request(write, configuration, "ASC").await?;
    let last = failed_request(write, configuration, "DESC").await?;
    Ok(first
        .zip(last)
        .map(|(first, last)| FailedRequests { first, last }))
}

async fn failed_request(
    write: &mut Write,
    configuration: ConfigurationId,
    order: &'static str,
) -> Result<Option<FailedRequest>> {
    let sql = format!(
        "SELECT e.code, e.reason, e.first_failed_at, o.kind, o.dn
         FROM escrows e
         JOIN source_objects o
             ON o.configuration_id = e.configuration_id AND o.anchor = e.anchor
         WHERE e.configuration_id = $1
         ORDER BY e.first_failed_at {order}, e.anchor {order} LIMIT 1"
    );
    let row = assembled(sql)
        .bind(configuration.to_string())
        .fetch_optional(write.connection())
        .await?;
    row.map(|row| {
        let (kind, dn): (String, String) = (row.try_get("kind")?, row.try_get("dn")?);
        let (code, reason): (String, String) = (row.try_get("code")?, row.try_get("reason")?);
        Ok(FailedRequest {
            at: Timestamp(row.try_get("first_failed_at")?),
            request: format!("Write the {kind} {dn}."),
            answer: format!("{code}: {reason}"),
        })
    })
    .transpose()
}

/// Counts what the configuration manages, for the pages that show it.
pub(super) async fn count_managed(write: &mut Write, configuration: ConfigurationId) -> Result<()> {
    for_configuration(
        write,
        "UPDATE configuration_states SET
             managed_users = (SELECT COUNT(*) FROM links
                 WHERE links.configuration_id = $1 AND kind = 'user'),
             managed_groups = (SELECT COUNT(*) FROM links
                 WHERE links.configuration_id = $1 AND kind = 'group'),
             managed_contacts = (SELECT COUNT(*) FROM links
                 WHERE links.configuration_id = $1 AND kind = 'contact')
         WHERE configuration_id = $1",
        configuration,
    )
    .await
}
