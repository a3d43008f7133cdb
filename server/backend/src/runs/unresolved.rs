//! References whose target is not in the tenant: listed, told once, and healed when it comes.

use std::collections::BTreeMap;

use engine::{
    configuration::ConfigurationId,
    cycle::plan::Rules,
    directory::{ObjectKind, SourceAnchor},
    timestamp::Timestamp,
};
use sqlx::Row;

use super::Cycle;
use crate::{
    Result,
    database::{Write, assembled, rows_per_statement, value_rows},
    provisioning_logs::{self, UnresolvedReferences},
};

/// How many references of an owner have no target, by owner and target attribute.
type Failures = BTreeMap<(String, String), u64>;

impl Cycle<'_> {
    /// Compares the owners whose references were settled with what was known of them.
    pub(super) async fn note_unresolved(&self, write: &mut Write, rules: &Rules) -> Result<()> {
        let id = self.configuration.id;
        let before = known(write, id).await?;
        let mut now = Failures::new();
        for kind in ObjectKind::ALL {
            for (source, target) in rules.mappings.references(kind) {
                count(write, id, kind, source.as_str(), target.as_str(), &mut now).await?;
            }
        }
        let healed: Vec<_> = before
            .keys()
            .filter(|key| !now.contains_key(*key))
            .collect();
        forget(write, id, &healed).await?;
        let news: Vec<_> = now
            .iter()
            .filter(|(key, count)| before.get(*key) != Some(*count))
            .collect();
        keep(write, id, self.backend.now(), &news).await?;
        let entries: Vec<UnresolvedReferences> = news
            .iter()
            .map(|((owner, attribute), count)| UnresolvedReferences {
                owner: SourceAnchor::from_stored(owner.clone()),
                attribute: attribute.clone(),
                count: **count,
            })
            .collect();
        let source = self.configuration.domain.as_str();
        provisioning_logs::record_unresolved(self.backend, write, id, self.id, source, &entries)
            .await
    }
}

/// What is known of owners whose references are settled now.
async fn known(write: &mut Write, configuration: ConfigurationId) -> Result<Failures> {
    let rows = sqlx::query(
        "SELECT f.owner_anchor, f.attribute, f.unresolved FROM reference_failures f
         LEFT JOIN source_objects o
             ON o.configuration_id = f.configuration_id AND o.anchor = f.owner_anchor
         WHERE f.configuration_id = $1
             AND (o.anchor IS NULL OR o.references_marked = 1 OR o.is_gone = 1
                  OR o.is_in_scope = 0)",
    )
    .bind(configuration.to_string())
    .fetch_all(write.connection())
    .await?;
    rows.iter()
        .map(|row| {
            let key = (row.try_get("owner_anchor")?, row.try_get("attribute")?);
            let count: i64 = row.try_get("unresolved")?;
            Ok((key, u64::try_from(count).unwrap_or(0)))
        })
        .collect()
}

async fn count(
    write: &mut Write,
    configuration: ConfigurationId,
    kind: ObjectKind,
    source: &str,
    target: &str,
    failures: &mut Failures,
) -> Result<()> {
    let rows = sqlx::query(
        "SELECT r.owner_anchor, COUNT(*) AS n FROM source_objects o
         JOIN links lo ON lo.configuration_id = o.configuration_id AND lo.anchor = o.anchor
         JOIN source_references r
             ON r.configuration_id = o.configuration_id AND r.owner_anchor = o.anchor
         LEFT JOIN source_objects t ON t.configuration_id = r.configuration_id
             AND t.reference_key = r.target_key AND t.is_gone = 0 AND t.is_in_scope = 1
         LEFT JOIN links lt ON lt.configuration_id = t.configuration_id AND lt.anchor = t.anchor
         WHERE o.configuration_id = $1 AND o.references_marked = 1 AND o.kind = $2
             AND o.is_gone = 0 AND o.is_in_scope = 1 AND r.attribute = $3
             AND lt.anchor IS NULL
         GROUP BY r.owner_anchor",
    )
    .bind(configuration.to_string())
    .bind(kind.as_str())
    .bind(source.to_ascii_lowercase())
    .fetch_all(write.connection())
    .await?;
    for row in &rows {
        let count: i64 = row.try_get("n")?;
        failures.insert(
            (row.try_get("owner_anchor")?, target.to_owned()),
            u64::try_from(count).unwrap_or(0),
        );
    }
    Ok(())
}

async fn forget(
    write: &mut Write,
    configuration: ConfigurationId,
    healed: &[&(String, String)],
) -> Result<()> {
    for (owner, attribute) in healed {
        sqlx::query(
            "DELETE FROM reference_failures
             WHERE configuration_id = $1 AND owner_anchor = $2 AND attribute = $3",
        )
        .bind(configuration.to_string())
        .bind(owner.clone())
        .bind(attribute.clone())
        .execute(write.connection())
        .await?;
    }
    Ok(())
}

async fn keep(
    write: &mut Write,
    configuration: ConfigurationId,
    now: Timestamp,
    failures: &[(&(String, String), &u64)],
) -> Result<()> {
    const COLUMNS: usize = 5;
    for rows in failures.chunks(rows_per_statement(COLUMNS)) {
        let sql = format!(
            "INSERT INTO reference_failures
                 (configuration_id, owner_anchor, attribute, unresolved, since)
             VALUES {}
             ON CONFLICT (configuration_id, owner_anchor, attribute) DO UPDATE SET
                 unresolved = excluded.unresolved",
            value_rows(1, rows.len(), COLUMNS)
        );
        let mut query = assembled(sql);
        for ((owner, attribute), count) in rows {
            query = query
                .bind(configuration.to_string())
                .bind(owner.clone())
                .bind(attribute.clone())
                .bind(i64::try_from(**count).unwrap_or(i64::MAX))
                .bind(now.0);
        }
        query.execute(write.connection()).await?;
    }
    Ok(())
}
