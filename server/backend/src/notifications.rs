//! What is told by mail. Every mail is kept in an outbox that the portal shows; where a mail server
//! is configured, it is also sent.
//!
//! A mail is written in the transaction of what it tells, so that nothing is told that did not
//! happen, and nothing that happened is left untold. A server that stops in the middle of sending
//! sends again: a mail may arrive twice, under one message id, but is never lost.

mod letter;
mod setup;
mod smtp;

use std::time::Duration;

use engine::{
    configuration::Configuration,
    cycle::deletion_guard::Limit,
    records::{
        MailDelivery, MailDetails, MailSummary, ManagedCounts, Page, PageKey, ServiceTrouble,
    },
    timestamp::Timestamp,
};
use sqlx::{Row, any::AnyRow};
use uuid::Uuid;

use self::{
    letter::Letter,
    smtp::{Attempt, Outcome},
};
pub use self::{
    setup::{send_test, setup},
    smtp::{BadMailServer, MailServer},
};
use crate::{
    Backend, Error, Result,
    database::{Write, assembled, columns},
};

/// What there is to tell the people who watch a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A cycle held its deletions back.
    DeletionsHeld {
        cycle_started_at: Timestamp,
        held: ManagedCounts,
        limit: Limit,
    },
    /// The configuration entered quarantine.
    Quarantined {
        reason: String,
        since: Timestamp,
        next_attempt: Timestamp,
    },
    /// It is in quarantine for another reason than before.
    QuarantineReasonChanged {
        before: String,
        reason: String,
        since: Timestamp,
        next_attempt: Timestamp,
    },
    /// It was in quarantine for too long.
    SwitchedOff { in_quarantine_since: Timestamp },
}

/// Mails go after so long; what they told is in the logs.
const KEPT_FOR: Duration = Duration::from_secs(90 * 24 * 60 * 60);
/// How many mails one call sends at most.
const AT_ONCE: i64 = 20;
/// While somebody tries to send a mail, nobody else does for so long.
const CLAIM: Duration = Duration::from_secs(5 * 60);
/// The pauses after failed attempts; after the last one the mail is given up.
const PAUSES_IN_MINUTES: [u64; 8] = [1, 5, 15, 60, 4 * 60, 8 * 60, 12 * 60, 24 * 60];

/// Puts a notice for the notification addresses of a configuration into the outbox. Without such
/// addresses nobody is told.
pub async fn enqueue(
    backend: &Backend,
    write: &mut Write,
    configuration: &Configuration,
    notice: &Notice,
) -> Result<()> {
    if configuration.notification_emails.is_empty() {
        return Ok(());
    }
    let letter = Letter::about(notice, configuration, &backend.settings.portal_url);
    put(backend, write, &configuration.notification_emails, &letter).await?;
    Ok(())
}

/// Puts a mail into the outbox.
async fn put(
    backend: &Backend,
    write: &mut Write,
    recipients: &[String],
    letter: &Letter,
) -> Result<Uuid> {
    let id = backend.new_id();
    let (state, next_attempt) = match backend.settings.mail_server {
        Some(_) => (WAITING, Some(backend.now().0)),
        None => (KEPT, None),
    };
    sqlx::query(
        "INSERT INTO mails (id, created_at, recipients, subject, text_body, html_body, state,
             attempts, next_attempt)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8)",
    )
    .bind(id.to_string())
    .bind(backend.now().0)
    .bind(serde_json::to_string(recipients)?)
    .bind(letter.subject.clone())
    .bind(letter.text())
    .bind(letter.html())
    .bind(state)
    .bind(next_attempt)
    .execute(write.connection())
    .await?;
    Ok(id)
}

const SELECT_ATTEMPT: &str = "SELECT id, created_at, recipients, subject, text_body, html_body,
        attempts, next_attempt
    FROM mails";

/// Tries to send the mails that are due, all at once; says how many arrived at the mail server. To be called
/// now and then, best in a task of its own: a mail server may take its time.
pub async fn deliver_due(backend: &Backend) -> Result<u64> {
    forget_old(backend).await?;
    let Some(server) = &backend.settings.mail_server else {
        return Ok(0);
    };
    let rows = assembled(format!(
        "{SELECT_ATTEMPT} WHERE state = 'waiting' AND next_attempt <= $1
         ORDER BY next_attempt LIMIT $2"
    ))
    .bind(backend.now().0)
    .bind(AT_ONCE)
    .fetch_all(backend.db.read())
    .await?;
    // Each for itself: a connection that says nothing holds up no other mail.
    let attempts = rows.iter().map(|row| deliver(backend, server, row));
    let outcomes = futures::future::join_all(attempts).await;
    if !rows.is_empty() {
        backend.announce_change();
    }
    let mut delivered = 0;
    for outcome in outcomes {
        delivered += u64::from(outcome?);
    }
    Ok(delivered)
}

/// Tries to send one mail at once, and no other one.
async fn deliver_now(backend: &Backend, id: Uuid) -> Result<()> {
    let Some(server) = &backend.settings.mail_server else {
        return Ok(());
    };
    let row = assembled(format!(
        "{SELECT_ATTEMPT} WHERE state = 'waiting' AND id = $1"
    ))
    .bind(id.to_string())
    .fetch_optional(backend.db.read())
    .await?;
    if let Some(row) = row {
        deliver(backend, server, &row).await?;
    }
    Ok(())
}

/// Whether the mail arrived at the mail server. Left alone when another server is at it.
async fn deliver(backend: &Backend, server: &MailServer, row: &AnyRow) -> Result<bool> {
    let attempt = attempt(row)?;
    if !claim(backend, attempt.id, row.try_get("next_attempt")?).await? {
        return Ok(false);
    }
    let outcome = server.send(&attempt).await;
    let has_arrived = outcome == Outcome::Delivered;
    settle(backend, attempt.id, row.try_get("attempts")?, outcome).await?;
    Ok(has_arrived)
}

/// What there is to say about mails that do not leave: some failed since one was delivered last, or
/// are still tried.
pub async fn trouble(backend: &Backend) -> Result<Option<ServiceTrouble>> {
    const FAILED: &str = "FROM mails WHERE last_error IS NOT NULL AND (state = 'waiting'
             OR (state = 'givenUp'
                 AND created_at > COALESCE((SELECT MAX(delivered_at) FROM mails), 0)))";
    let sql = format!("SELECT COUNT(*) AS mails, MIN(created_at) AS since {FAILED}");
    let counted = assembled(sql).fetch_one(backend.db.read()).await?;
    let mails = columns::count(&counted, "mails")?;
    if mails == 0 {
        return Ok(None);
    }
    let sql = format!("SELECT last_error {FAILED} ORDER BY id DESC LIMIT 1");
    let last = assembled(sql).fetch_optional(backend.db.read()).await?;
    let error = last.map(|row| row.try_get("last_error")).transpose()?;
    Ok(Some(ServiceTrouble::MailNotLeaving {
        mails,
        since: Timestamp(counted.try_get("since")?),
        error: error.unwrap_or_default(),
    }))
}

async fn forget_old(backend: &Backend) -> Result<()> {
    let oldest = backend.now().minus(KEPT_FOR).0;
    let old = sqlx::query("SELECT id FROM mails WHERE created_at < $1 LIMIT 1")
        .bind(oldest)
        .fetch_optional(backend.db.read())
        .await?;
    if old.is_none() {
        return Ok(());
    }
    let mut write = backend.db.write().await?;
    sqlx::query("DELETE FROM mails WHERE created_at < $1")
        .bind(oldest)
        .execute(write.connection())
        .await?;
    write.commit().await
}

fn attempt(row: &AnyRow) -> Result<Attempt> {
    Ok(Attempt {
        id: id(row)?,
        created_at: Timestamp(row.try_get("created_at")?),
        recipients: serde_json::from_str(&row.try_get::<String, _>("recipients")?)?,
        subject: row.try_get("subject")?,
        text: row.try_get("text_body")?,
        html: row.try_get("html_body")?,
    })
}

/// Whether this server is the one that tries.
async fn claim(backend: &Backend, id: Uuid, next_attempt: i64) -> Result<bool> {
    let mut write = backend.db.write().await?;
    let done = sqlx::query(
        "UPDATE mails SET next_attempt = $1
         WHERE id = $2 AND state = 'waiting' AND next_attempt = $3",
    )
    .bind(backend.now().plus(CLAIM).0)
    .bind(id.to_string())
    .bind(next_attempt)
    .execute(write.connection())
    .await?;
    write.commit().await?;
    Ok(done.rows_affected() == 1)
}

async fn settle(backend: &Backend, id: Uuid, attempts: i64, outcome: Outcome) -> Result<()> {
    let now = backend.now();
    let pause = usize::try_from(attempts).ok();
    let pause = pause.and_then(|attempts| PAUSES_IN_MINUTES.get(attempts));
    let (state, error, next_attempt, delivered_at) = match (outcome, pause) {
        (Outcome::Delivered, _) => (DELIVERED, None, None, Some(now.0)),
        (Outcome::Refused(error), _) | (Outcome::Failed(error), None) => {
            (GIVEN_UP, Some(error), None, None)
        }
        (Outcome::Failed(error), Some(minutes)) => {
            let next = now.plus(Duration::from_secs(60 * minutes));
            (WAITING, Some(error), Some(next.0), None)
        }
    };
    let mut write = backend.db.write().await?;
    sqlx::query(
        "UPDATE mails SET state = $1, attempts = attempts + 1, last_error = $2, next_attempt = $3,
             delivered_at = $4
         WHERE id = $5",
    )
    .bind(state)
    .bind(error)
    .bind(next_attempt)
    .bind(delivered_at)
    .bind(id.to_string())
    .execute(write.connection())
    .await?;
    write.commit().await
}

/// The outbox, newest first.
pub async fn list(
    backend: &Backend,
    after: Option<PageKey>,
    limit: u32,
) -> Result<Page<MailSummary>> {
    let before = after.map_or_else(|| "~".to_owned(), |key| key.0);
    let rows = sqlx::query(
        "SELECT id, created_at, recipients, subject, state, attempts, last_error, delivered_at
         FROM mails WHERE id < $1 ORDER BY id DESC LIMIT $2",
    )
    .bind(before)
    .bind(i64::from(limit) + 1)
    .fetch_all(backend.db.read())
    .await?;
    let mut items = rows.iter().map(summary).collect::<Result<Vec<_>>>()?;
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let last = items.last().filter(|_| more);
    Ok(Page {
        next: last.map(|mail| PageKey(mail.id.to_string())),
        items,
        total: None,
    })
}

async fn summary_of(backend: &Backend, mail: Uuid) -> Result<MailSummary> {
    Ok(read(backend, mail).await?.summary)
}

/// One mail with its words.
pub async fn read(backend: &Backend, mail: Uuid) -> Result<MailDetails> {
    let row = sqlx::query(
        "SELECT id, created_at, recipients, subject, state, attempts, last_error, delivered_at,
             text_body, html_body
         FROM mails WHERE id = $1",
    )
    .bind(mail.to_string())
    .fetch_optional(backend.db.read())
    .await?
    .ok_or(Error::NotFound("mail"))?;
    Ok(MailDetails {
        summary: summary(&row)?,
        text: row.try_get("text_body")?,
        html: row.try_get("html_body")?,
    })
}

const KEPT: &str = "kept";
const WAITING: &str = "waiting";
const DELIVERED: &str = "delivered";
const GIVEN_UP: &str = "givenUp";

fn id(row: &AnyRow) -> Result<Uuid> {
    let id: String = row.try_get("id")?;
    id.parse().map_err(Error::internal)
}

fn summary(row: &AnyRow) -> Result<MailSummary> {
    Ok(MailSummary {
        id: id(row)?,
        at: Timestamp(row.try_get("created_at")?),
        recipients: serde_json::from_str(&row.try_get::<String, _>("recipients")?)?,
        subject: row.try_get("subject")?,
        delivery: delivery(row)?,
    })
}

fn delivery(row: &AnyRow) -> Result<MailDelivery> {
    let state: String = row.try_get("state")?;
    let last_error: Option<String> = row.try_get("last_error")?;
    let attempts: i64 = row.try_get("attempts")?;
    let delivered_at: Option<i64> = row.try_get("delivered_at")?;
    match state.as_str() {
        KEPT => Ok(MailDelivery::Kept),
        WAITING => Ok(MailDelivery::Waiting {
            attempts: u32::try_from(attempts).unwrap_or(u32::MAX),
            last_error,
        }),
        DELIVERED => Ok(MailDelivery::Delivered {
            at: Timestamp(delivered_at.unwrap_or_default()),
        }),
        GIVEN_UP => Ok(MailDelivery::GivenUp {
            error: last_error.unwrap_or_default(),
        }),
        other => Err(Error::internal(format!(
            "a mail has the unknown state {other}"
        ))),
    }
}

#[cfg(test)]
mod tests;
