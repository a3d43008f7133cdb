//! What a reading saw, as it is written down: only what differs is stored and marked.

mod references;

use std::collections::{BTreeSet, HashMap};

use engine::{
    configuration::ConfigurationId,
    directory::{SourceAnchor, SourceObject},
};
use sqlx::Row;
use uuid::Uuid;

use super::{for_configuration, marks::mark_owners};
use crate::{
    Result,
    database::{Write, assembled, columns, rows_per_statement, value_list, value_rows},
    runs::{
        membership::Reach,
        observe::{self, Seen},
    },
};

/// Where a reading is stored.
pub(in crate::runs) struct Mirror<'a> {
    pub(in crate::runs) configuration: ConfigurationId,
    pub(in crate::runs) reading: Uuid,
    pub(in crate::runs) reach: &'a Reach,
}

impl Mirror<'_> {
    pub(in crate::runs) async fn store_present(
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
        let mut moved_keys = BTreeSet::new();
        for one in seen {
            let attributes = serde_json::to_string(&one.object.attributes)?;
            match stored.get(&one.object.anchor) {
                Some(old) if old.equals(&one.object, &attributes) => {
                    unchanged.push(&one.object.anchor);
                }
                old => {
                    let key = one.object.reference_key();
                    if let Some(old) = old.filter(|old| old.reference_key != key) {
                        moved_keys.insert(old.reference_key.clone());
                    }
                    if old.is_none_or(|old| old.is_gone || old.reference_key != key) {
                        moved_keys.insert(key);
                    }
                    changed.push((one, attributes));
                }
            }
        }
        self.upsert(write, &changed).await?;
        self.store_unchanged_refs(write, &unchanged).await?;
        self.store_references(write, seen, &stored).await?;
        if !mirror_was_empty {
            mark_owners(write, self.configuration, &moved_keys).await?;
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
            "SELECT anchor, dn, reference_key, kind, attributes, is_gone FROM source_objects
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
                    reference_key: row.try_get("reference_key")?,
                    kind: row.try_get("kind")?,
                    attributes: row.try_get("attributes")?,
                    is_gone: columns::flag(row, "is_gone")?,
                };
                Ok((columns::anchor(row, "anchor")?, stored))
            })
            .collect()
    }

    async fn upsert(&self, write: &mut Write, changed: &[(&Seen, String)]) -> Result<()> {
        const COLUMNS: usize = 8;
        for rows in changed.chunks(rows_per_statement(COLUMNS)) {
            // The flags are literals, so only what differs travels.
            let sql = format!(
                "INSERT INTO source_objects
                     (configuration_id, anchor, kind, dn, dn_key, reference_key, attributes, reading,
                      is_gone, is_in_scope, is_marked, references_marked)
                 SELECT v.*, 0, 0, 1, 1 FROM (VALUES {}) v
                 WHERE true
                 ON CONFLICT (configuration_id, anchor) DO UPDATE SET
                     kind = excluded.kind, dn = excluded.dn, dn_key = excluded.dn_key,
                     reference_key = excluded.reference_key, attributes = excluded.attributes, reading = excluded.reading,
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
                    .bind(object.reference_key())
                    .bind(attributes.clone())
                    .bind(self.reading.to_string());
            }
            query.execute(write.connection()).await?;
        }
        Ok(())
    }

    pub(in crate::runs) async fn store_unchanged(
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

    /// Whether each of the anchors is that of a known object, and none was taken for gone.
    pub(in crate::runs) async fn knows_all(
        &self,
        write: &mut Write,
        anchors: &[SourceAnchor],
    ) -> Result<bool> {
        let anchors: BTreeSet<&str> = anchors.iter().map(SourceAnchor::as_str).collect();
        let anchors: Vec<&str> = anchors.into_iter().collect();
        for anchors in anchors.chunks(rows_per_statement(1)) {
            let sql = format!(
                "SELECT COUNT(*) AS known FROM source_objects
                 WHERE configuration_id = $1 AND is_gone = 0 AND anchor IN ({})",
                value_list(2, anchors.len())
            );
            let mut query = assembled(sql).bind(self.configuration.to_string());
            for anchor in anchors {
                query = query.bind((*anchor).to_owned());
            }
            let row = query.fetch_one(write.connection()).await?;
            if columns::count(&row, "known")? < anchors.len() as u64 {
                return Ok(false);
            }
        }
        Ok(true)
    }

    pub(in crate::runs) async fn store_gone(
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
}

struct Stored {
    dn: String,
    reference_key: String,
    kind: String,
    attributes: String,
    is_gone: bool,
}

impl Stored {
    fn equals(&self, object: &SourceObject, attributes: &str) -> bool {
        !self.is_gone
            && self.dn == object.dn.as_str()
            && self.reference_key == object.reference_key()
            && self.kind == object.kind.as_str()
            && self.attributes == attributes
    }
}

/// Counts objects with these names as named by the reading, by the keys of the names.
pub(in crate::runs) async fn see_by_name(
    write: &mut Write,
    configuration: ConfigurationId,
    reading: Uuid,
    keys: &[String],
) -> Result<()> {
    for keys in keys.chunks(rows_per_statement(1)) {
        let sql = format!(
            "UPDATE source_objects SET reading = $1 WHERE configuration_id = $2 AND dn_key IN ({})",
            value_list(3, keys.len())
        );
        let mut query = assembled(sql)
            .bind(reading.to_string())
            .bind(configuration.to_string());
        for key in keys {
            query = query.bind(key.clone());
        }
        query.execute(write.connection()).await?;
    }
    Ok(())
}

pub(in crate::runs) async fn mark_absent_as_gone(
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

/// Rows of objects that are gone, once nothing in the tenant hangs on them.
pub(in crate::runs) async fn forget_gone(
    write: &mut Write,
    configuration: ConfigurationId,
) -> Result<()> {
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
