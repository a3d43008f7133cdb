//! Sessions: kept on the server, known to the browser by a token.

use std::time::Duration;

use engine::{records::Role, timestamp::Timestamp};
use sqlx::Row;
use tracing::warn;
use uuid::{Uuid, uuid};

use super::{Admin, COLUMNS, NewSession, admin, token};
use crate::{Actor, Backend, Error, Result, database::Write, service_health};

/// A session ends so long after it began, whatever is done in it.
const LIFETIME: Duration = Duration::from_secs(12 * 60 * 60);
/// A session ends when nothing was done in it for so long.
const IDLE: Duration = Duration::from_secs(2 * 60 * 60);
/// How exactly the last use is known: not every request writes.
const SEEN_EVERY: Duration = Duration::from_secs(60);

/// The administrator of a demo start. Has no password, and exists only while the server runs as a
/// demo.
fn demo_administrator() -> Admin {
    Admin {
        id: const { uuid!("00000000-0000-4000-8000-00000000de30") },
        display_name: "Mara Lindqvist (demo)".to_owned(),
        email: "mara.lindqvist@contoso.example".to_owned(),
        role: Role::HybridIdentityAdministrator,
        password_hash: None,
        is_demo: true,
    }
}

/// Who acts where nobody has to sign in, because the server is a demo.
pub fn demo_actor() -> Actor {
    demo_administrator().actor()
}

/// Begins a session of the demo administrator; refused unless this is a demo start.
pub async fn demo_session(backend: &Backend) -> Result<NewSession> {
    if !backend.settings.demo {
        return Err(Error::NotPermitted(
            "This server is no demo. Sign in.".into(),
        ));
    }
    let administrator = demo_administrator();
    let mut write = backend.db.write().await?;
    super::add(backend, &mut write, &administrator).await?;
    let session = begin(backend, &mut write, &administrator).await?;
    write.commit().await?;
    Ok(session)
}

/// Begins a session, and takes the opportunity to forget those that ended.
pub(super) async fn begin(
    backend: &Backend,
    write: &mut Write,
    admin: &Admin,
) -> Result<NewSession> {
    let now = backend.now();
    sqlx::query("DELETE FROM admin_sessions WHERE expires_at <= $1 OR last_seen_at <= $2")
        .bind(now.0)
        .bind(now.minus(IDLE).0)
        .execute(write.connection())
        .await?;
    let (token, expires_at) = (token::new_token(), now.plus(LIFETIME));
    sqlx::query(
        "INSERT INTO admin_sessions (token_hash, admin_id, created_at, last_seen_at, expires_at)
         VALUES ($1, $2, $3, $3, $4)",
    )
    .bind(token::hash_of(&token))
    .bind(admin.id.to_string())
    .bind(now.0)
    .bind(expires_at.0)
    .execute(write.connection())
    .await?;
    Ok(NewSession {
        token,
        actor: admin.actor(),
        expires_at,
    })
}

/// Who is signed in with this token; nobody when the session ended.
pub async fn session(backend: &Backend, token: &str) -> Result<Option<Actor>> {
    let Some((admin, last_seen)) = holder(backend, token).await? else {
        return Ok(None);
    };
    let now = backend.now();
    // Somebody stays signed in although this cannot be stored, as on a full disk.
    if now.since(last_seen) >= SEEN_EVERY
        && let Err(error) = note_use(backend, token::hash(token), now).await
    {
        service_health::note_failure(backend, &error);
        warn!(%error, "The use of a session could not be noted");
    }
    Ok(Some(admin.actor()))
}

/// Whether the session has not ended yet. Unlike [`session`] this is no use of it: a page that
/// nobody touches does not keep its session alive by listening.
pub async fn session_goes_on(backend: &Backend, token: &str) -> Result<bool> {
    Ok(holder(backend, token).await?.is_some())
}

/// Whose session it is, and when it was last used.
async fn holder(backend: &Backend, token: &str) -> Result<Option<(Admin, Timestamp)>> {
    let now = backend.now();
    let row = crate::database::assembled(format!(
        "SELECT {COLUMNS}, s.last_seen_at FROM admin_sessions s JOIN admins a ON a.id = s.admin_id
         WHERE s.token_hash = $1 AND s.expires_at > $2 AND s.last_seen_at > $3"
    ))
    .bind(token::hash(token))
    .bind(now.0)
    .bind(now.minus(IDLE).0)
    .fetch_optional(backend.db.read())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let admin = admin(&row)?;
    if admin.is_demo && !backend.settings.demo {
        return Ok(None);
    }
    Ok(Some((admin, Timestamp(row.try_get("last_seen_at")?))))
}

async fn note_use(backend: &Backend, token_hash: String, now: Timestamp) -> Result<()> {
    let mut write = backend.db.write().await?;
    sqlx::query("UPDATE admin_sessions SET last_seen_at = $1 WHERE token_hash = $2")
        .bind(now.0)
        .bind(token_hash)
        .execute(write.connection())
        .await?;
    write.commit().await
}

/// Ends a session; one that ended already is no mistake.
pub async fn sign_out(backend: &Backend, token: &str) -> Result<()> {
    let mut write = backend.db.write().await?;
    sqlx::query("DELETE FROM admin_sessions WHERE token_hash = $1")
        .bind(token::hash(token))
        .execute(write.connection())
        .await?;
    write.commit().await
}

/// Ends all sessions of somebody but the one of this token.
pub(super) async fn end_others(write: &mut Write, admin: Uuid, token: &str) -> Result<()> {
    sqlx::query("DELETE FROM admin_sessions WHERE admin_id = $1 AND token_hash <> $2")
        .bind(admin.to_string())
        .bind(token::hash(token))
        .execute(write.connection())
        .await?;
    Ok(())
}
