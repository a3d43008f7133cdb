//! How many rows the log has, by hour and kind: written with the rows themselves, so that what is
//! counted is always what is there.

use std::collections::BTreeMap;

use engine::{configuration::ConfigurationId, timestamp::Timestamp};

use super::store::LogRow;
use crate::{
    Result,
    database::{Write, assembled, rows_per_statement, value_rows},
};

/// Adds rows that are inserted `at` this time.
pub(super) async fn count(
    write: &mut Write,
    configuration: ConfigurationId,
    at: i64,
    rows: &[LogRow],
) -> Result<()> {
    const COLUMNS: usize = 8;
    // In order, so that two writers lock in the same order.
    let mut counts: BTreeMap<[&str; 4], i64> = BTreeMap::new();
    for row in rows {
        let code = row.error_code().unwrap_or_default();
        let kind = [
            row.sync_type.as_str(),
            row.action.as_str(),
            row.result.as_str(),
            code,
        ];
        *counts.entry(kind).or_default() += 1;
    }
    let counts: Vec<_> = counts.into_iter().collect();
    for counts in counts.chunks(rows_per_statement(COLUMNS)) {
        let sql = format!(
            "INSERT INTO provisioning_counts
                 (configuration_id, hour, sync_type, action, result, error_code, log_rows,
                  latest_at)
             VALUES {}
             ON CONFLICT (configuration_id, hour, sync_type, action, result, error_code)
             DO UPDATE SET log_rows = provisioning_counts.log_rows + excluded.log_rows,
                 latest_at = excluded.latest_at",
            value_rows(1, counts.len(), COLUMNS)
        );
        let mut query = assembled(sql);
        for (kind, rows) in counts {
            query = query
                .bind(configuration.to_string())
                .bind(Timestamp(at).start_of_hour().0);
            for word in kind {
                query = query.bind((*word).to_owned());
            }
            query = query.bind(*rows).bind(at);
        }
        query.execute(write.connection()).await?;
    }
    Ok(())
}

/// Forgets the hours before this one.
pub(super) async fn forget_before(write: &mut Write, hour: Timestamp) -> Result<()> {
    sqlx::query("DELETE FROM provisioning_counts WHERE hour < $1")
        .bind(hour.0)
        .execute(write.connection())
        .await?;
    Ok(())
}
