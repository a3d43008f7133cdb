//! The change counter of a forest, and what is gone from it.

use engine::{directory::SourceAnchor, forest::Forest};
use sqlx::{Any, Executor, Row};

use crate::{
    Result,
    database::{Write, assembled, rows_per_statement, value_rows},
};

/// Where a forest's change counter stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::forest) struct ForestState {
    pub(in crate::forest) generation: String,
    pub(in crate::forest) last_change: i64,
    pub(in crate::forest) next_relative_identifier: i64,
    /// The number that the forest was made from.
    pub(in crate::forest) seed: u64,
}

/// Notes that an anchor is gone.
pub(in crate::forest) async fn put_tombstones(
    write: &mut Write,
    forest: Forest,
    gone: &[(i64, SourceAnchor)],
) -> Result<()> {
    for chunk in gone.chunks(rows_per_statement(3)) {
        let mut query = assembled(format!(
            "INSERT INTO forest_tombstones (forest, change, anchor) VALUES {}",
            value_rows(1, chunk.len(), 3)
        ));
        for (change, anchor) in chunk {
            query = query
                .bind(forest.domain())
                .bind(*change)
                .bind(anchor.as_str().to_owned());
        }
        query.execute(write.connection()).await?;
    }
    Ok(())
}

/// Anchors that went after one change and up to another, and are not in use again.
pub(in crate::forest) async fn tombstones<'e>(
    executor: impl Executor<'e, Database = Any>,
    forest: Forest,
    after: i64,
    up_to: i64,
    limit: usize,
) -> Result<Vec<(i64, SourceAnchor)>> {
    let rows = sqlx::query(
        "SELECT t.change, t.anchor FROM forest_tombstones t
         WHERE t.forest = $1 AND t.change > $2 AND t.change <= $3 AND NOT EXISTS
             (SELECT 1 FROM forest_entries e WHERE e.forest = t.forest AND e.anchor = t.anchor)
         ORDER BY t.change LIMIT $4",
    )
    .bind(forest.domain())
    .bind(after)
    .bind(up_to)
    .bind(i64::try_from(limit).unwrap_or(i64::MAX))
    .fetch_all(executor)
    .await?;
    rows.iter()
        .map(|row| {
            let anchor: String = row.try_get("anchor")?;
            Ok((row.try_get("change")?, SourceAnchor::from_stored(anchor)))
        })
        .collect()
}

/// None before the forest was seeded.
pub(in crate::forest) async fn state<'e>(
    executor: impl Executor<'e, Database = Any>,
    forest: Forest,
) -> Result<Option<ForestState>> {
    let row = sqlx::query(
        "SELECT generation, last_change, next_relative_identifier, seed FROM forests
         WHERE domain = $1",
    )
    .bind(forest.domain())
    .fetch_optional(executor)
    .await?;
    row.map(|row| {
        Ok(ForestState {
            generation: row.try_get("generation")?,
            last_change: row.try_get("last_change")?,
            next_relative_identifier: row.try_get("next_relative_identifier")?,
            seed: row.try_get::<i64, _>("seed")?.cast_unsigned(),
        })
    })
    .transpose()
}

/// Holds the forest until the transaction ends: whoever changes it next waits, so that change
/// numbers become visible in their order and a reading of changes misses none.
pub(in crate::forest) async fn hold(write: &mut Write, forest: Forest) -> Result<()> {
    sqlx::query("UPDATE forests SET last_change = last_change WHERE domain = $1")
        .bind(forest.domain())
        .execute(write.connection())
        .await?;
    Ok(())
}

pub(in crate::forest) async fn put_state(
    write: &mut Write,
    forest: Forest,
    state: &ForestState,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO forests (domain, generation, last_change, next_relative_identifier, seed)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (domain) DO UPDATE SET generation = excluded.generation,
             last_change = excluded.last_change,
             next_relative_identifier = excluded.next_relative_identifier, seed = excluded.seed",
    )
    .bind(forest.domain())
    .bind(state.generation.clone())
    .bind(state.last_change)
    .bind(state.next_relative_identifier)
    .bind(state.seed.cast_signed())
    .execute(write.connection())
    .await?;
    Ok(())
}

/// Empties a forest, its deletions included.
pub(in crate::forest) async fn clear(write: &mut Write, forest: Forest) -> Result<()> {
    for sql in [
        "DELETE FROM forest_entries WHERE forest = $1",
        "DELETE FROM forest_tombstones WHERE forest = $1",
    ] {
        sqlx::query(sql)
            .bind(forest.domain())
            .execute(write.connection())
            .await?;
    }
    Ok(())
}
