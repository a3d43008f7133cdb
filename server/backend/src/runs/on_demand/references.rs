//! Managers and members of the one object that is written.

use std::collections::BTreeSet;

use engine::{
    configuration::{ConfigurationId, schema::MEMBER},
    cycle::plan::{Change, PlannedChange},
    directory::Attributes,
    tenant::TenantObjectId,
};
use sqlx::Row;

use super::Test;
use crate::{
    Result,
    database::{Write, assembled, rows_per_statement, value_list, value_rows},
    runs::observe::key_of,
};

impl Test<'_> {
    /// Managers and members that the tenant has already; the others follow with the next cycle.
    pub(super) async fn write_references(
        &self,
        write: &mut Write,
        planned: PlannedChange,
        references: &Attributes,
    ) -> Result<PlannedChange> {
        let is_written = !matches!(planned.change, Change::Fail(_) | Change::Skip(_));
        let Some(owner) = self.story.0.target_id.filter(|_| is_written) else {
            return Ok(planned);
        };
        for (source, target) in self.rules.mappings.references(planned.kind) {
            let keys: Vec<String> = references.get(source).iter().filter_map(key_of).collect();
            let wanted = targets_of(write, self.configuration.id, &keys).await?;
            if target.as_str() != MEMBER && !wanted.is_empty() {
                // One manager takes the place of another; members are many.
                forget_references(write, owner, target.as_str()).await?;
            }
            add_references(write, owner, target.as_str(), &wanted).await?;
        }
        Ok(planned)
    }
}

/// Tenant objects that the directory's references mean, as far as they are linked.
async fn targets_of(
    write: &mut Write,
    configuration: ConfigurationId,
    keys: &[String],
) -> Result<BTreeSet<String>> {
    let mut targets = BTreeSet::new();
    for keys in keys.chunks(rows_per_statement(1)) {
        let sql = format!(
            "SELECT l.target_id FROM source_objects o
             JOIN links l ON l.configuration_id = o.configuration_id AND l.anchor = o.anchor
             WHERE o.configuration_id = $1 AND o.is_gone = 0 AND o.reference_key IN ({})",
            value_list(2, keys.len())
        );
        let mut query = assembled(sql).bind(configuration.to_string());
        for key in keys {
            query = query.bind(key.clone());
        }
        for row in query.fetch_all(write.connection()).await? {
            targets.insert(row.try_get("target_id")?);
        }
    }
    Ok(targets)
}

async fn forget_references(
    write: &mut Write,
    owner: TenantObjectId,
    attribute: &str,
) -> Result<()> {
    sqlx::query("DELETE FROM tenant_references WHERE object_id = $1 AND attribute = $2")
        .bind(owner.to_string())
        .bind(attribute.to_owned())
        .execute(write.connection())
        .await?;
    Ok(())
}

/// Adds what is missing. What the tenant has too much goes with the next cycle, which sees the whole
/// directory and is guarded.
async fn add_references(
    write: &mut Write,
    owner: TenantObjectId,
    attribute: &str,
    wanted: &BTreeSet<String>,
) -> Result<()> {
    const COLUMNS: usize = 3;
    let wanted: Vec<&String> = wanted.iter().collect();
    for targets in wanted.chunks(rows_per_statement(COLUMNS)) {
        let sql = format!(
            "INSERT INTO tenant_references (object_id, attribute, target_id) VALUES {}
             ON CONFLICT DO NOTHING",
            value_rows(1, targets.len(), COLUMNS)
        );
        let mut query = assembled(sql);
        for target in targets {
            query = query
                .bind(owner.to_string())
                .bind(attribute.to_owned())
                .bind((*target).clone());
        }
        query.execute(write.connection()).await?;
    }
    Ok(())
}
