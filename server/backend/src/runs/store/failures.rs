//! What failed: kept until it is healed, and when it is tried again.

use engine::{
    configuration::{ConfigurationId, quarantine_limits::Failures},
    cycle::plan::Failure,
    directory::SourceAnchor,
    health::{FailedRequest, FailedRequests},
    timestamp::Timestamp,
};
use sqlx::Row;

use super::{for_anchors, for_configuration};
use crate::{
    Result,
    database::{Write, assembled, columns, rows_per_statement, value_rows},
};

/// Keeps a failure for another try: at the next cycle, then 6, 12 and 24 hours after the first
/// failure, then daily. After 28 days it is kept, but tried again only when something changes.
pub(in crate::runs) async fn keep_failures(
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

pub(in crate::runs) async fn forget_failures(
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

/// Lets each object that failed be tried once more with the next cycle: what was never repaired
/// fails again, and nobody is lost in silence.
pub(crate) async fn retry_failures(
    write: &mut Write,
    configuration: ConfigurationId,
) -> Result<()> {
    for_configuration(
        write,
        "UPDATE source_objects SET is_marked = 1
         WHERE configuration_id = $1 AND is_marked = 0 AND anchor IN
             (SELECT anchor FROM escrows WHERE configuration_id = $1)",
        configuration,
    )
    .await
}

/// What failed and is not healed yet.
pub(in crate::runs) async fn count_failures(
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
pub(in crate::runs) async fn failed_requests(
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
