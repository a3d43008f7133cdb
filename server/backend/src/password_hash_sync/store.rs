//! The SQL of password hash sync.
//!
//! Whom a configuration links is the tenant's to say and how an entry is called the cycles'; both
//! are read here in one statement, and written there only.

use std::{collections::HashMap, time::Duration};

use base64::{Engine, prelude::BASE64_STANDARD};
use connectors::Cursor;
use engine::{
    configuration::ConfigurationId, directory::SourceAnchor, password_hash::Fingerprint,
    records::ConfigurationSummary, sign_in::PasswordHashSyncState, tenant::TenantObjectId,
    timestamp::Timestamp,
};
use sqlx::{Row, any::AnyRow};
use uuid::Uuid;

use super::derive::{Derived, Outcome};
use crate::{
    Backend, Error, Result,
    database::{Write, assembled, columns, rows_per_statement, value_list, value_rows},
};

/// What is known of a user's password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KnownState {
    Synchronized,
    MustChange,
    Nothing,
    Failed,
}

impl KnownState {
    const ALL: [Self; 4] = [
        Self::Synchronized,
        Self::MustChange,
        Self::Nothing,
        Self::Failed,
    ];

    fn as_str(self) -> &'static str {
        match self {
            Self::Synchronized => "synchronized",
            Self::MustChange => "mustChange",
            Self::Nothing => "none",
            Self::Failed => "failed",
        }
    }
}

/// A user whose password is looked at.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) anchor: SourceAnchor,
    pub(super) target: TenantObjectId,
    pub(super) display_name: String,
    pub(super) dn: String,
    pub(super) known: Option<KnownState>,
    /// Of the password that the tenant has.
    fingerprint: Option<String>,
    attempts: i64,
}

impl Candidate {
    /// Whether the tenant has this password.
    pub(super) fn has(&self, fingerprint: Fingerprint) -> bool {
        self.fingerprint.as_deref() == Some(text_of(fingerprint).as_str())
    }
}

fn text_of(fingerprint: Fingerprint) -> String {
    BASE64_STANDARD.encode(fingerprint.0)
}

/// What a run begins with.
pub(super) struct JobRow {
    pub(super) cursor: Option<Cursor>,
}

/// Makes jobs for the configurations that want one, and forgets those of all others: when it is
/// switched on again, everybody is synchronized again.
pub(super) async fn keep_jobs_of(
    backend: &Backend,
    wanting: &[&ConfigurationSummary],
) -> Result<()> {
    let wanted: Vec<String> = wanting.iter().map(|one| one.id.to_string()).collect();
    let rows = sqlx::query("SELECT configuration_id FROM password_hash_jobs")
        .fetch_all(backend.db.read())
        .await?;
    let present: Vec<String> = rows
        .iter()
        .map(|row| row.try_get("configuration_id"))
        .collect::<sqlx::Result<_>>()?;
    if wanted.len() == present.len() && wanted.iter().all(|id| present.contains(id)) {
        return Ok(());
    }
    let mut write = backend.db.write().await?;
    for gone in present.iter().filter(|id| !wanted.contains(id)) {
        forget(&mut write, gone).await?;
    }
    for id in wanted {
        sqlx::query(
            "INSERT INTO password_hash_jobs (configuration_id, next_run) VALUES ($1, $2)
             ON CONFLICT DO NOTHING",
        )
        .bind(id)
        .bind(backend.now().0)
        .execute(write.connection())
        .await?;
    }
    write.commit().await
}

async fn forget(write: &mut Write, configuration: &str) -> Result<()> {
    for sql in [
        "DELETE FROM password_hash_states WHERE configuration_id = $1",
        "DELETE FROM password_hash_jobs WHERE configuration_id = $1",
    ] {
        sqlx::query(sql)
            .bind(configuration.to_owned())
            .execute(write.connection())
            .await?;
    }
    Ok(())
}

pub(super) async fn due(backend: &Backend) -> Result<Vec<ConfigurationId>> {
    let rows = sqlx::query(
        "SELECT configuration_id FROM password_hash_jobs
         WHERE next_run <= $1 AND COALESCE(lease_until, 0) <= $1 ORDER BY next_run",
    )
    .bind(backend.now().0)
    .fetch_all(backend.db.read())
    .await?;
    rows.iter()
        .map(|row| {
            let id: String = row.try_get("configuration_id")?;
            id.parse().map_err(Error::internal)
        })
        .collect()
}

/// Jobs that cannot run now, so that nobody waits for them in a circle.
pub(super) async fn postpone(
    backend: &Backend,
    waiting: &[ConfigurationId],
    until: Timestamp,
) -> Result<()> {
    if waiting.is_empty() {
        return Ok(());
    }
    let mut write = backend.db.write().await?;
    for id in waiting {
        sqlx::query("UPDATE password_hash_jobs SET next_run = $1 WHERE configuration_id = $2")
            .bind(until.0)
            .bind(id.to_string())
            .execute(write.connection())
            .await?;
    }
    write.commit().await
}

pub(super) async fn make_due(write: &mut Write, id: ConfigurationId, now: Timestamp) -> Result<()> {
    sqlx::query("UPDATE password_hash_jobs SET next_run = $1 WHERE configuration_id = $2")
        .bind(now.0)
        .bind(id.to_string())
        .execute(write.connection())
        .await?;
    Ok(())
}

pub(super) async fn somebody_is_at_work(backend: &Backend) -> Result<bool> {
    let row = sqlx::query(
        "SELECT COUNT(*) AS held FROM password_hash_jobs
         WHERE lease_holder IS NOT NULL AND lease_until > $1",
    )
    .bind(backend.now().0)
    .fetch_one(backend.db.read())
    .await?;
    Ok(row.try_get::<i64, _>("held")? > 0)
}

pub(super) async fn next_due(backend: &Backend) -> Result<Option<Timestamp>> {
    let row = sqlx::query(
        "SELECT MIN(CASE WHEN COALESCE(lease_until, 0) > next_run THEN lease_until
                    ELSE next_run END) AS next_run
         FROM password_hash_jobs",
    )
    .fetch_one(backend.db.read())
    .await?;
    Ok(row.try_get::<Option<i64>, _>("next_run")?.map(Timestamp))
}

/// None when another server has it, or there is no such job.
pub(super) async fn take_lease(
    backend: &Backend,
    id: ConfigurationId,
    holder: Uuid,
    until: Timestamp,
) -> Result<Option<JobRow>> {
    let mut write = backend.db.write().await?;
    let row = sqlx::query(
        "UPDATE password_hash_jobs SET lease_holder = $1, lease_until = $2
         WHERE configuration_id = $3 AND COALESCE(lease_until, 0) <= $4
         RETURNING reading_cursor",
    )
    .bind(holder.to_string())
    .bind(until.0)
    .bind(id.to_string())
    .bind(backend.now().0)
    .fetch_optional(write.connection())
    .await?;
    write.commit().await?;
    row.map(|row| {
        let cursor: Option<String> = row.try_get("reading_cursor")?;
        Ok(JobRow {
            cursor: cursor.map(Cursor),
        })
    })
    .transpose()
}

pub(super) async fn extend_lease(
    write: &mut Write,
    id: ConfigurationId,
    holder: Uuid,
    until: Timestamp,
) -> Result<bool> {
    let extended = sqlx::query(
        "UPDATE password_hash_jobs SET lease_until = $1
         WHERE configuration_id = $2 AND lease_holder = $3",
    )
    .bind(until.0)
    .bind(id.to_string())
    .bind(holder.to_string())
    .execute(write.connection())
    .await?;
    Ok(extended.rows_affected() == 1)
}

pub(super) async fn end(
    backend: &Backend,
    id: ConfigurationId,
    holder: Uuid,
    next_run: Timestamp,
    error: Option<String>,
) -> Result<()> {
    let mut write = backend.db.write().await?;
    sqlx::query(
        "UPDATE password_hash_jobs SET lease_holder = NULL, lease_until = NULL, next_run = $1,
             last_run = $2, last_error = $3
         WHERE configuration_id = $4 AND lease_holder = $5",
    )
    .bind(next_run.0)
    .bind(backend.now().0)
    .bind(error)
    .bind(id.to_string())
    .bind(holder.to_string())
    .execute(write.connection())
    .await?;
    write.commit().await
}

pub(super) async fn set_cursor(
    write: &mut Write,
    id: ConfigurationId,
    cursor: &Cursor,
) -> Result<()> {
    sqlx::query("UPDATE password_hash_jobs SET reading_cursor = $1 WHERE configuration_id = $2")
        .bind(cursor.0.clone())
        .bind(id.to_string())
        .execute(write.connection())
        .await?;
    Ok(())
}

/// What is not linked any more is not in scope any more.
pub(super) async fn forget_unlinked(write: &mut Write, id: ConfigurationId) -> Result<()> {
    sqlx::query(
        "DELETE FROM password_hash_states WHERE configuration_id = $1 AND NOT EXISTS
             (SELECT 1 FROM links l WHERE l.configuration_id = $1
                  AND l.anchor = password_hash_states.anchor
                  AND l.target_id = password_hash_states.target_id)",
    )
    .bind(id.to_string())
    .execute(write.connection())
    .await?;
    Ok(())
}

/// Their passwords may have changed. Whoever is not known yet is looked at anyway.
pub(super) async fn mark(
    write: &mut Write,
    id: ConfigurationId,
    anchors: &[SourceAnchor],
) -> Result<()> {
    for anchors in anchors.chunks(rows_per_statement(1)) {
        let mut query = assembled(format!(
            "UPDATE password_hash_states SET is_marked = 1
             WHERE configuration_id = $1 AND anchor IN ({})",
            value_list(2, anchors.len())
        ))
        .bind(id.to_string());
        for anchor in anchors {
            query = query.bind(anchor.as_str().to_owned());
        }
        query.execute(write.connection()).await?;
    }
    Ok(())
}

/// The next users to look at, in the order of their anchors.
pub(super) async fn candidates(
    backend: &Backend,
    id: ConfigurationId,
    after: Option<&SourceAnchor>,
    limit: usize,
) -> Result<Vec<Candidate>> {
    let rows = sqlx::query(
        "SELECT l.anchor, l.target_id, t.display_name, COALESCE(o.dn, '') AS dn, s.state,
             CASE WHEN c.object_id IS NULL THEN NULL ELSE s.fingerprint END AS fingerprint,
             COALESCE(s.attempts, 0) AS attempts
         FROM links l
         JOIN tenant_objects t ON t.id = l.target_id AND t.deleted_at IS NULL
         LEFT JOIN password_hash_states s ON s.configuration_id = l.configuration_id
             AND s.anchor = l.anchor AND s.target_id = l.target_id
         LEFT JOIN tenant_credentials c ON c.object_id = l.target_id
         LEFT JOIN source_objects o ON o.configuration_id = l.configuration_id
             AND o.anchor = l.anchor
         WHERE l.configuration_id = $1 AND l.kind = 'user' AND l.anchor > $2
             AND (s.anchor IS NULL OR s.is_marked = 1
                  OR (s.state = 'synchronized' AND c.object_id IS NULL)
                  OR (s.state = 'failed' AND s.next_attempt <= $3))
         ORDER BY l.anchor LIMIT $4",
    )
    .bind(id.to_string())
    .bind(
        after
            .map(|anchor| anchor.as_str().to_owned())
            .unwrap_or_default(),
    )
    .bind(backend.now().0)
    .bind(i64::try_from(limit).unwrap_or(i64::MAX))
    .fetch_all(backend.db.read())
    .await?;
    rows.iter().map(candidate).collect()
}

fn candidate(row: &AnyRow) -> Result<Candidate> {
    let state: Option<String> = row.try_get("state")?;
    Ok(Candidate {
        anchor: columns::anchor(row, "anchor")?,
        target: target(row)?,
        display_name: row.try_get("display_name")?,
        dn: row.try_get("dn")?,
        known: KnownState::ALL
            .into_iter()
            .find(|known| Some(known.as_str()) == state.as_deref()),
        fingerprint: row.try_get("fingerprint")?,
        attempts: row.try_get("attempts")?,
    })
}

fn target(row: &AnyRow) -> Result<TenantObjectId> {
    let id: String = row.try_get("target_id")?;
    id.parse().map_err(Error::internal)
}

/// Whom these anchors are linked with, as the transaction sees it.
pub(super) async fn linked(
    write: &mut Write,
    id: ConfigurationId,
    anchors: &[SourceAnchor],
) -> Result<HashMap<SourceAnchor, TenantObjectId>> {
    let mut query = assembled(format!(
        "SELECT l.anchor, l.target_id FROM links l
         JOIN tenant_objects t ON t.id = l.target_id AND t.deleted_at IS NULL
         WHERE l.configuration_id = $1 AND l.anchor IN ({})",
        value_list(2, anchors.len())
    ))
    .bind(id.to_string());
    for anchor in anchors {
        query = query.bind(anchor.as_str().to_owned());
    }
    let rows = query.fetch_all(write.connection()).await?;
    rows.iter()
        .map(|row| {
            let anchor: String = row.try_get("anchor")?;
            Ok((SourceAnchor::from_stored(anchor), target(row)?))
        })
        .collect()
}

/// Keeps what is known now, and takes the marks away.
pub(super) async fn settle(
    backend: &Backend,
    write: &mut Write,
    id: ConfigurationId,
    derived: &[Derived],
) -> Result<()> {
    const COLUMNS: usize = 8;
    for rows in derived.chunks(rows_per_statement(COLUMNS)) {
        let mut query = assembled(format!(
            "INSERT INTO password_hash_states
                 (configuration_id, anchor, target_id, state, fingerprint, is_marked, attempts,
                  next_attempt)
             VALUES {}
             ON CONFLICT (configuration_id, anchor) DO UPDATE SET
                 target_id = excluded.target_id, state = excluded.state,
                 fingerprint = excluded.fingerprint, is_marked = 0,
                 attempts = excluded.attempts, next_attempt = excluded.next_attempt",
            value_rows(1, rows.len(), COLUMNS)
        ));
        for row in rows {
            let now_known = known(row);
            let attempts = match now_known {
                KnownState::Failed => row.candidate.attempts + 1,
                _ => 0,
            };
            let next_attempt = backend.now().plus(pause_after(attempts)).0;
            query = query
                .bind(id.to_string())
                .bind(row.candidate.anchor.as_str().to_owned())
                .bind(row.candidate.target.to_string())
                .bind(now_known.as_str())
                .bind(fingerprint(row))
                .bind(0_i64)
                .bind(attempts)
                .bind((attempts > 0).then_some(next_attempt));
        }
        query.execute(write.connection()).await?;
    }
    Ok(())
}

fn known(derived: &Derived) -> KnownState {
    match derived.outcome {
        Outcome::Set { .. } | Outcome::Same => KnownState::Synchronized,
        Outcome::MustChange => KnownState::MustChange,
        Outcome::Nothing => KnownState::Nothing,
        Outcome::Failed(_) => KnownState::Failed,
    }
}

/// Of the password that the tenant has from now on.
fn fingerprint(derived: &Derived) -> Option<String> {
    match &derived.outcome {
        Outcome::Set { fingerprint, .. } => Some(text_of(*fingerprint)),
        _ => derived.candidate.fingerprint.clone(),
    }
}

/// Doubled with each failure, up to a day.
fn pause_after(attempts: i64) -> Duration {
    let doublings = u32::try_from(attempts.clamp(1, 10)).unwrap_or(1) - 1;
    let pause = super::INTERVAL * 2_u32.pow(doublings);
    pause.min(Duration::from_secs(24 * 3_600))
}

pub(super) async fn state(backend: &Backend, id: ConfigurationId) -> Result<PasswordHashSyncState> {
    let job = sqlx::query(
        "SELECT last_run, next_run, last_error FROM password_hash_jobs WHERE configuration_id = $1",
    )
    .bind(id.to_string())
    .fetch_optional(backend.db.read())
    .await?;
    let Some(job) = job else {
        return Ok(PasswordHashSyncState::default());
    };
    let counts = sqlx::query(
        "SELECT state, COUNT(*) AS n FROM password_hash_states WHERE configuration_id = $1
         GROUP BY state",
    )
    .bind(id.to_string())
    .fetch_all(backend.db.read())
    .await?;
    let mut state = PasswordHashSyncState {
        last_run: job.try_get::<Option<i64>, _>("last_run")?.map(Timestamp),
        next_run: job.try_get::<Option<i64>, _>("next_run")?.map(Timestamp),
        error: job.try_get("last_error")?,
        ..PasswordHashSyncState::default()
    };
    for row in &counts {
        let count = columns::count(row, "n")?;
        match row.try_get::<String, _>("state")?.as_str() {
            "synchronized" => state.synchronized = count,
            "mustChange" => state.must_change = count,
            "failed" => state.failed = count,
            _ => {}
        }
    }
    Ok(state)
}
