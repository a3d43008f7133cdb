//! How often somebody may try to sign in.
//!
//! Attempts are counted before the password is looked at, so that many at once count like many in
//! turn. They are counted for an account from one client, for a client, and for an account, each in
//! a window of fifteen minutes. Only hashes are stored, and nothing after its window.

use std::time::Duration;

use sqlx::Row;

use super::{Client, SignInError, token};
use crate::{Backend, Result, database::Write};

const WINDOW: Duration = Duration::from_secs(15 * 60);

/// What is counted, with how many attempts a window allows. A client that is out of attempts is not
/// counted any further, which keeps the table small.
fn subjects(email_key: &str, client: &Client) -> [(String, i64); 3] {
    let Client(client) = client;
    [
        (token::hash(&format!("client {client}")), 50),
        (
            token::hash(&format!("account {email_key} client {client}")),
            5,
        ),
        (token::hash(&format!("account {email_key}")), 100),
    ]
}

/// Counts one attempt, or refuses it.
pub(super) async fn count(
    backend: &Backend,
    email_key: &str,
    client: &Client,
) -> Result<(), SignInError> {
    let now = backend.now();
    let oldest = now.minus(WINDOW).0;
    let mut write = backend.db.write().await?;
    sqlx::query("DELETE FROM sign_in_attempts WHERE window_start <= $1")
        .bind(oldest)
        .execute(write.connection())
        .await?;
    for (subject, limit) in subjects(email_key, client) {
        let (started, attempts) = add_one(&mut write, subject, now.0).await?;
        if attempts > limit {
            write.commit().await?;
            let left = u64::try_from(started - oldest).unwrap_or_default();
            let retry_after_minutes = left.div_ceil(60_000_000).max(1);
            return Err(SignInError::TooManyAttempts {
                retry_after_minutes,
            });
        }
    }
    write.commit().await?;
    Ok(())
}

async fn add_one(write: &mut Write, subject: String, now: i64) -> Result<(i64, i64)> {
    let row = sqlx::query(
        "INSERT INTO sign_in_attempts (subject, window_start, attempts) VALUES ($1, $2, 1)
         ON CONFLICT (subject) DO UPDATE SET attempts = sign_in_attempts.attempts + 1
         RETURNING window_start, attempts",
    )
    .bind(subject)
    .bind(now)
    .fetch_one(write.connection())
    .await?;
    Ok((row.try_get("window_start")?, row.try_get("attempts")?))
}

/// Takes back what a successful attempt counted. In the order of counting, so that two
/// transactions never wait for each other.
pub(super) async fn forgive(write: &mut Write, email_key: &str, client: &Client) -> Result<()> {
    for (subject, _) in subjects(email_key, client) {
        sqlx::query("UPDATE sign_in_attempts SET attempts = attempts - 1 WHERE subject = $1")
            .bind(subject)
            .execute(write.connection())
            .await?;
    }
    let [_, (account_from_client, _), _] = subjects(email_key, client);
    sqlx::query("DELETE FROM sign_in_attempts WHERE subject = $1")
        .bind(account_from_client)
        .execute(write.connection())
        .await?;
    Ok(())
}
