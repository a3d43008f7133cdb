//! The references of the objects that a reading saw, in rows of their own: a changed member costs one
//! row.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use engine::directory::SourceAnchor;
use sqlx::Row;

use super::{Mirror, Stored};
use crate::{
    Result,
    database::{Write, assembled, columns, rows_per_statement, value_list, value_rows},
    runs::{membership::Reach, observe::Seen},
};

/// What differs between the references that a reading saw and those that are stored.
#[derive(Default)]
struct Difference<'a> {
    added: Vec<Reference<'a>>,
    removed: Vec<Reference<'a>>,
    /// Whose references differ.
    owners: BTreeSet<&'a SourceAnchor>,
    /// Who entered or left a chosen group.
    scope_keys: BTreeSet<String>,
}

/// The owner, the attribute and the key of what is referred to.
type Reference<'a> = (&'a SourceAnchor, &'a str, &'a str);

/// The keys that each attribute of an object refers to.
type References = BTreeMap<String, BTreeSet<String>>;

impl<'a> Difference<'a> {
    fn between(
        seen: &'a [Seen],
        before: &'a HashMap<SourceAnchor, References>,
        reach: &Reach,
    ) -> Self {
        static NOTHING: References = BTreeMap::new();
        let mut difference = Self::default();
        for one in seen {
            let old = before.get(&one.object.anchor).unwrap_or(&NOTHING);
            let is_chosen = reach.contains(one.object.dn.key());
            difference.compare(one, old, is_chosen);
        }
        difference
    }

    fn compare(&mut self, one: &'a Seen, old: &'a References, is_chosen: bool) {
        static NONE: BTreeSet<String> = BTreeSet::new();
        let anchor = &one.object.anchor;
        let attributes: BTreeSet<&String> = one.references.keys().chain(old.keys()).collect();
        for attribute in attributes {
            let new_keys = one.references.get(attribute).unwrap_or(&NONE);
            let old_keys = old.get(attribute).unwrap_or(&NONE);
            if new_keys == old_keys {
                continue;
            }
            let reference = |key: &'a String| (anchor, attribute.as_str(), key.as_str());
            self.added
                .extend(new_keys.difference(old_keys).map(reference));
            self.removed
                .extend(old_keys.difference(new_keys).map(reference));
            self.owners.insert(anchor);
            if is_chosen {
                self.scope_keys
                    .extend(new_keys.symmetric_difference(old_keys).cloned());
            }
        }
    }
}

impl Mirror<'_> {
    /// Stores what differs, and marks whom it concerns.
    pub(super) async fn store_references(
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
        let difference = Difference::between(seen, &before, self.reach);
        self.insert_references(write, &difference.added).await?;
        self.delete_references(write, &difference.removed).await?;
        let owners: Vec<&SourceAnchor> = difference.owners.into_iter().collect();
        self.for_anchors(
            write,
            "UPDATE source_objects SET references_marked = 1, reading = $2
             WHERE configuration_id = $1 AND references_marked = 0 AND anchor IN",
            &owners,
        )
        .await?;
        self.mark_by_key(write, &difference.scope_keys).await
    }

    async fn references_of(
        &self,
        write: &mut Write,
        owners: &[&Seen],
    ) -> Result<HashMap<SourceAnchor, References>> {
        let mut references: HashMap<SourceAnchor, References> = HashMap::new();
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

    async fn insert_references(&self, write: &mut Write, added: &[Reference<'_>]) -> Result<()> {
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

    async fn delete_references(&self, write: &mut Write, removed: &[Reference<'_>]) -> Result<()> {
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
                 WHERE configuration_id = $1 AND is_marked = 0 AND reference_key IN ({})",
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
