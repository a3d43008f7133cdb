//! The staged plan: its changes in the order in which they are carried out, and the names that they
//! take.

use std::collections::HashSet;

use engine::{configuration::ConfigurationId, cycle::plan::PlannedChange};
use sqlx::Row;

use super::for_configuration;
use crate::{
    Result,
    database::{Write, assembled, columns, rows_per_statement, value_list, value_rows},
};

pub(in crate::runs) async fn discard_plan(
    write: &mut Write,
    configuration: ConfigurationId,
) -> Result<()> {
    for sql in [
        "DELETE FROM planned_names WHERE configuration_id = $1",
        "DELETE FROM planned_changes WHERE configuration_id = $1",
        "DELETE FROM planned_references WHERE configuration_id = $1",
    ] {
        for_configuration(write, sql, configuration).await?;
    }
    Ok(())
}

/// Deletions come first when the plan is carried out, so that a name they free can be given to
/// somebody else in the same cycle.
const AFTER_DELETIONS: i64 = 1 << 40;

pub(in crate::runs) async fn stage(
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
pub(in crate::runs) async fn staged_page(
    write: &mut Write,
    configuration: ConfigurationId,
    limit: usize,
) -> Result<Vec<(i64, PlannedChange)>> {
    staged_after(write, configuration, 0, limit).await
}

/// The changes of the plan behind a position.
pub(in crate::runs) async fn staged_after(
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
pub(in crate::runs) async fn planned_page(
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
pub(in crate::runs) async fn unstage(
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

pub(in crate::runs) async fn count_planned(
    write: &mut Write,
    configuration: ConfigurationId,
) -> Result<u64> {
    let row = sqlx::query("SELECT COUNT(*) AS n FROM planned_changes WHERE configuration_id = $1")
        .bind(configuration.to_string())
        .fetch_one(write.connection())
        .await?;
    columns::count(&row, "n")
}

/// Which of these names other objects of the plan under way take.
pub(in crate::runs) async fn claimed_names(
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
