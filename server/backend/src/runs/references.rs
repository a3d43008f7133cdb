//! The second pass: managers and members, by set difference inside the database. What should be
//! (the directory's references between objects in scope) against what is (the tenant's).

use std::collections::HashMap;

use engine::{
    cycle::plan::Rules,
    directory::{ObjectKind, SourceAnchor},
    records::{CyclePhase, ModifiedProperty},
};
use sqlx::Row;

use super::{Cycle, Stopped};
use crate::{
    Error, Result,
    database::{Write, assembled, columns, value_list},
    provisioning_logs::{self, ReferenceChange},
};

/// Owners per transaction. One owner may have fifty thousand references.
const OWNERS: usize = 200;

/// Nobody can refer to what the tenant does not have: a link can be left of an object that was deleted
/// in the cloud. When it comes back, whoever refers to it is looked at again.
const IS_THERE: &str = "EXISTS (SELECT 1 FROM tenant_objects there
                                WHERE there.id = lt.target_id AND there.deleted_at IS NULL)";

/// Names of added or removed objects that a log row spells out for each attribute.
const NAMES_IN_LOG: u64 = 20;

impl Cycle<'_> {
    /// Fills `planned_references` for every owner whose references are marked.
    pub(super) async fn plan_references(&mut self, rules: &Rules) -> Result<(), Stopped> {
        let mut write = self.write().await?;
        for kind in ObjectKind::ALL {
            for (source, target) in rules.mappings.references(kind) {
                self.plan_attribute(&mut write, kind, source.as_str(), target.as_str())
                    .await?;
            }
        }
        self.commit(write).await
    }

    async fn plan_attribute(
        &self,
        write: &mut Write,
        kind: ObjectKind,
        source: &str,
        target: &str,
    ) -> Result<()> {
        let extent = self.purpose.extent();
        let column = self.purpose.scope_column();
        let owners = format!(
            "{} AND o.kind = $2 AND o.is_gone = 0 AND {} = 1",
            extent.references_of("o"),
            column.of("o")
        );
        let target_in_scope = column.of("t");
        // The two halves of the difference are one statement with the sets exchanged.
        let wanted = format!(
            "SELECT r.configuration_id, r.owner_anchor, t.anchor
             FROM source_objects o
             JOIN source_references r
                 ON r.configuration_id = o.configuration_id AND r.owner_anchor = o.anchor
             JOIN source_objects t
                 ON t.configuration_id = r.configuration_id AND t.reference_key = r.target_key
             WHERE o.configuration_id = $1 AND {owners} AND r.attribute = $3
                 AND t.is_gone = 0 AND {target_in_scope} = 1"
        );
        let present = format!(
            "SELECT o.configuration_id, o.anchor, lt.anchor
             FROM source_objects o
             JOIN links lo ON lo.configuration_id = o.configuration_id AND lo.anchor = o.anchor
             JOIN tenant_references x ON x.object_id = lo.target_id AND x.attribute = $4
             JOIN links lt ON lt.target_id = x.target_id
                 AND lt.configuration_id = o.configuration_id
             WHERE o.configuration_id = $1 AND {owners}"
        );
        for (is_addition, left, right) in [(1, &wanted, &present), (0, &present, &wanted)] {
            let sql = format!(
                "INSERT INTO planned_references
                     (configuration_id, owner_anchor, target_anchor, attribute, is_addition)
                 SELECT d.*, $4, {is_addition} FROM ({left} EXCEPT {right}) d WHERE true
                 ON CONFLICT DO NOTHING"
            );
            assembled(sql)
                .bind(self.configuration.id.to_string())
                .bind(kind.as_str())
                .bind(source.to_ascii_lowercase())
                .bind(target.to_owned())
                .execute(write.connection())
                .await?;
        }
        Ok(())
    }

    /// Carries out the planned references, owners in pages.
    pub(super) async fn export_references(&mut self, rules: &Rules) -> Result<(), Stopped> {
        self.enter(CyclePhase::References);
        let mut after = String::new();
        loop {
            let mut write = self.write().await?;
            let owners = self.owners_after(&mut write, &after).await?;
            let Some(last) = owners.last() else {
                self.note_unresolved(&mut write, rules).await?;
                self.settle_owners(&mut write).await?;
                return self.commit(write).await;
            };
            let (from, to) = (after, last.clone());
            let changes = self.describe(&mut write, &from, &to).await?;
            self.write_references(&mut write, &from, &to).await?;
            let source = self.configuration.domain.as_str();
            provisioning_logs::record_references(
                self.backend,
                &mut write,
                self.configuration.id,
                self.id,
                source,
                &changes,
            )
            .await?;
            for change in &changes {
                self.counts.references_added += change.added;
                self.counts.references_removed += change.removed;
            }
            after = to;
            self.commit(write).await?;
        }
    }

    async fn owners_after(&self, write: &mut Write, after: &str) -> Result<Vec<String>> {
        let rows = sqlx::query(
            "SELECT DISTINCT owner_anchor FROM planned_references
             WHERE configuration_id = $1 AND owner_anchor > $2 ORDER BY owner_anchor LIMIT $3",
        )
        .bind(self.configuration.id.to_string())
        .bind(after.to_owned())
        .bind(i64::try_from(OWNERS).unwrap_or(i64::MAX))
        .fetch_all(write.connection())
        .await?;
        rows.iter()
            .map(|row| Ok(row.try_get("owner_anchor")?))
            .collect()
    }

    async fn write_references(&self, write: &mut Write, from: &str, to: &str) -> Result<()> {
        let pairs = "SELECT lo.target_id, p.attribute, lt.target_id
             FROM planned_references p
             JOIN links lo
                 ON lo.configuration_id = p.configuration_id AND lo.anchor = p.owner_anchor
             JOIN links lt
                 ON lt.configuration_id = p.configuration_id AND lt.anchor = p.target_anchor
             WHERE p.configuration_id = $1 AND p.owner_anchor > $2 AND p.owner_anchor <= $3";
        for sql in [
            format!(
                "DELETE FROM tenant_references WHERE (object_id, attribute, target_id) IN
                     ({pairs} AND p.is_addition = 0)"
            ),
            format!(
                "INSERT INTO tenant_references (object_id, attribute, target_id)
                 {pairs} AND p.is_addition = 1 AND {IS_THERE} ON CONFLICT DO NOTHING"
            ),
        ] {
            assembled(sql)
                .bind(self.configuration.id.to_string())
                .bind(from.to_owned())
                .bind(to.to_owned())
                .execute(write.connection())
                .await?;
        }
        Ok(())
    }

    /// What the log says: how many were added and removed, and who, where they are few.
    async fn describe(
        &self,
        write: &mut Write,
        from: &str,
        to: &str,
    ) -> Result<Vec<ReferenceChange>> {
        let rows = assembled(format!(
            "SELECT p.owner_anchor, p.attribute, p.is_addition, COUNT(*) AS changes
             FROM planned_references p
             JOIN links lo
                 ON lo.configuration_id = p.configuration_id AND lo.anchor = p.owner_anchor
             LEFT JOIN links lt
                 ON lt.configuration_id = p.configuration_id AND lt.anchor = p.target_anchor
             WHERE p.configuration_id = $1 AND p.owner_anchor > $2 AND p.owner_anchor <= $3
                 AND (p.is_addition = 0 OR {IS_THERE})
             GROUP BY p.owner_anchor, p.attribute, p.is_addition
             ORDER BY p.owner_anchor, p.attribute, p.is_addition"
        ))
        .bind(self.configuration.id.to_string())
        .bind(from.to_owned())
        .bind(to.to_owned())
        .fetch_all(write.connection())
        .await?;
        let mut changes: HashMap<(String, String), ReferenceChange> = HashMap::new();
        for row in &rows {
            let owner: String = row.try_get("owner_anchor")?;
            let attribute: String = row.try_get("attribute")?;
            let count: i64 = row.try_get("changes")?;
            let change = changes
                .entry((owner.clone(), attribute.clone()))
                .or_insert_with(|| {
                    ReferenceChange::new(SourceAnchor::from_stored(owner), attribute)
                });
            let counted = if columns::flag(row, "is_addition")? {
                &mut change.added
            } else {
                &mut change.removed
            };
            *counted = u64::try_from(count).unwrap_or(0);
        }
        self.name_the_few(write, &mut changes).await?;
        let mut changes: Vec<ReferenceChange> = changes.into_values().collect();
        changes.sort_by(|a, b| (&a.owner, &a.property.name).cmp(&(&b.owner, &b.property.name)));
        Ok(changes)
    }

    async fn name_the_few(
        &self,
        write: &mut Write,
        changes: &mut HashMap<(String, String), ReferenceChange>,
    ) -> Result<()> {
        let owners: Vec<String> = changes
            .iter()
            .filter(|(_, change)| change.added.max(change.removed) <= NAMES_IN_LOG)
            .map(|((owner, _), _)| owner.clone())
            .collect();
        if owners.is_empty() {
            return Ok(());
        }
        let sql = format!(
            "SELECT p.owner_anchor, p.attribute, p.is_addition, t.display_name
             FROM planned_references p
             JOIN links lt
                 ON lt.configuration_id = p.configuration_id AND lt.anchor = p.target_anchor
             JOIN tenant_objects t ON t.id = lt.target_id
             WHERE p.configuration_id = $1 AND p.owner_anchor IN ({})
             ORDER BY t.sort_key",
            value_list(2, owners.len())
        );
        let mut query = assembled(sql).bind(self.configuration.id.to_string());
        for owner in &owners {
            query = query.bind(owner.clone());
        }
        for row in query.fetch_all(write.connection()).await? {
            let key = (row.try_get("owner_anchor")?, row.try_get("attribute")?);
            let Some(change) = changes.get_mut(&key) else {
                continue;
            };
            let name: String = row.try_get("display_name")?;
            change.name(columns::flag(&row, "is_addition")?, &name);
        }
        Ok(())
    }

    /// Every marked owner has what it should have, as far as its targets exist.
    async fn settle_owners(&self, write: &mut Write) -> Result<(), Error> {
        for sql in [
            "UPDATE source_objects SET references_marked = 0
             WHERE configuration_id = $1 AND references_marked = 1",
            "DELETE FROM planned_references WHERE configuration_id = $1",
        ] {
            sqlx::query(sql)
                .bind(self.configuration.id.to_string())
                .execute(write.connection())
                .await?;
        }
        Ok(())
    }
}

impl ReferenceChange {
    fn new(owner: SourceAnchor, attribute: String) -> Self {
        Self {
            owner,
            added: 0,
            removed: 0,
            property: ModifiedProperty {
                name: attribute,
                old_value: None,
                new_value: None,
            },
        }
    }

    /// Adds a name to the side where it belongs.
    fn name(&mut self, is_addition: bool, name: &str) {
        let side = if is_addition {
            &mut self.property.new_value
        } else {
            &mut self.property.old_value
        };
        match side {
            None => *side = Some(name.to_owned()),
            Some(names) => {
                names.push('\n');
                names.push_str(name);
            }
        }
    }
}
