//! Access tokens: by which a program acts for the person who made them, until they expire or are
//! revoked. A token is shown once; what is stored is its hash.

use std::time::Duration;

use engine::{
    access::{AccessToken, AccessTokenDraft, TOKEN_LIFETIMES_IN_DAYS},
    configuration::draft::FieldError,
    records::Role,
    timestamp::Timestamp,
};
use secrecy::{ExposeSecret, SecretString};
use sqlx::{Row, any::AnyRow};
use uuid::Uuid;

use super::{role_of, token};
use crate::{
    Actor, Backend, Error, Result,
    audit::{self, Activity},
    database::columns,
};

/// Tells people and programs that search for secrets what they have found.
const PREFIX: &str = "cloud_sync_";
/// How exactly the last use is known: not every request writes.
const USED_EVERY: Duration = Duration::from_secs(60);

const NAME: &str = "name";
const ROLE: &str = "role";
const DAYS: &str = "days";

/// A token that was just made. It is shown now, and never again.
#[derive(Debug)]
pub struct NewAccessToken {
    pub id: Uuid,
    pub token: SecretString,
}

impl NewAccessToken {
    /// For the one page that shows it.
    pub fn text(&self) -> &str {
        self.token.expose_secret()
    }
}

/// Makes a token for whoever asks; it may do no more than they.
pub async fn create_token(
    backend: &Backend,
    actor: &Actor,
    draft: &AccessTokenDraft,
) -> Result<NewAccessToken> {
    let (owner, own_role) = person(actor)?;
    let name = checked(draft, own_role).map_err(Error::Invalid)?;
    let text = SecretString::from(format!("{PREFIX}{}", token::new_token().expose_secret()));
    let (id, now) = (backend.new_id(), backend.now());
    let lasts = Duration::from_secs(u64::from(draft.days) * 24 * 60 * 60);
    let mut write = backend.db.write().await?;
    sqlx::query(
        "INSERT INTO access_tokens (id, admin_id, name, role, token_hash, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(id.to_string())
    .bind(owner.to_string())
    .bind(name.to_owned())
    .bind(draft.role.as_str())
    .bind(token::hash_of(&text))
    .bind(now.0)
    .bind(now.plus(lasts).0)
    .execute(write.connection())
    .await?;
    let activity = Activity::ManageAccessTokens;
    let detail = format!(
        "Made a token for {} days: {}.",
        draft.days,
        draft.role.label()
    );
    audit::record(backend, &mut write, actor, activity, name, &detail).await?;
    write.commit().await?;
    backend.announce_change();
    Ok(NewAccessToken { id, token: text })
}

/// Tokens are made by people, for themselves.
fn person(actor: &Actor) -> Result<(Uuid, Role)> {
    match actor {
        Actor::Person { id, role, .. } => Ok((*id, *role)),
        Actor::Program { .. } | Actor::CommandLine | Actor::System => Err(Error::NotPermitted(
            "Access tokens are made by people who are signed in.".to_owned(),
        )),
    }
}

/// The name, if all is well.
fn checked(draft: &AccessTokenDraft, own_role: Role) -> Result<&str, Vec<FieldError>> {
    let mut errors = Vec::new();
    let name = draft.name.trim();
    if name.is_empty() || name.chars().count() > 80 || name.chars().any(char::is_control) {
        let message = "Enter a name of at most 80 characters, by which you know the token again.";
        errors.push(FieldError::new(NAME, message));
    }
    if draft.role.at_most(own_role) != draft.role {
        let message = "A token may do no more than you. Choose Reports Reader.";
        errors.push(FieldError::new(ROLE, message));
    }
    if !TOKEN_LIFETIMES_IN_DAYS.contains(&draft.days) {
        errors.push(FieldError::new(DAYS, "Choose 7, 30, 90 or 365 days."));
    }
    match errors.is_empty() {
        true => Ok(name),
        false => Err(errors),
    }
}

/// An administrator sees everybody's tokens, newest first; everybody else their own.
pub async fn tokens(backend: &Backend, actor: &Actor) -> Result<Vec<AccessToken>> {
    let rows = sqlx::query(
        "SELECT t.id, t.name, t.role, t.created_at, t.expires_at, t.last_used_at, a.email
         FROM access_tokens t JOIN admins a ON a.id = t.admin_id
         WHERE t.admin_id = $1 OR $2 = 1 ORDER BY t.id DESC",
    )
    .bind(owner_filter(actor))
    .bind(i64::from(actor.may_manage_people().is_ok()))
    .fetch_all(backend.db.read())
    .await?;
    let now = backend.now();
    rows.iter().map(|row| access_token(row, now)).collect()
}

/// Whose tokens are one's own; nobody's for who is no person.
fn owner_filter(actor: &Actor) -> String {
    match actor {
        Actor::Person { id, .. } => id.to_string(),
        Actor::Program { .. } | Actor::CommandLine | Actor::System => String::new(),
    }
}

fn access_token(row: &AnyRow, now: Timestamp) -> Result<AccessToken> {
    let expires_at = Timestamp(row.try_get("expires_at")?);
    Ok(AccessToken {
        id: row
            .try_get::<String, _>("id")?
            .parse()
            .map_err(Error::internal)?,
        name: row.try_get("name")?,
        owner: row.try_get("email")?,
        role: role_of(&row.try_get::<String, _>("role")?)?,
        created_at: Timestamp(row.try_get("created_at")?),
        expires_at,
        last_used_at: row
            .try_get::<Option<i64>, _>("last_used_at")?
            .map(Timestamp),
        is_expired: expires_at <= now,
    })
}

/// Makes a token useless: one's own, or as an administrator anybody's.
pub async fn revoke_token(backend: &Backend, actor: &Actor, id: Uuid) -> Result<()> {
    if let Actor::Program { .. } = actor {
        actor.may_manage_people()?;
    }
    let mut write = backend.db.write().await?;
    let row = sqlx::query(
        "DELETE FROM access_tokens WHERE id = $1 AND (admin_id = $2 OR $3 = 1) RETURNING name",
    )
    .bind(id.to_string())
    .bind(owner_filter(actor))
    .bind(i64::from(actor.may_manage_people().is_ok()))
    .fetch_optional(write.connection())
    .await?;
    let name: String = row
        .ok_or(Error::NotFound("access token"))?
        .try_get("name")?;
    let activity = Activity::ManageAccessTokens;
    audit::record(
        backend,
        &mut write,
        actor,
        activity,
        &name,
        "Revoked a token.",
    )
    .await?;
    write.commit().await?;
    backend.announce_change();
    Ok(())
}

/// Who acts by this token; nobody when it expired, was revoked or never was.
pub async fn program(backend: &Backend, text: &str) -> Result<Option<Actor>> {
    let (hash, now) = (token::hash(text), backend.now());
    let row = sqlx::query(
        "SELECT t.name, t.role, t.last_used_at, a.email, a.role AS owner_role, a.is_demo
         FROM access_tokens t JOIN admins a ON a.id = t.admin_id
         WHERE t.token_hash = $1 AND t.expires_at > $2",
    )
    .bind(hash.clone())
    .bind(now.0)
    .fetch_optional(backend.db.read())
    .await?;
    let Some(row) = row else { return Ok(None) };
    if columns::flag(&row, "is_demo")? && !backend.settings.demo {
        return Ok(None);
    }
    let last_used: Option<i64> = row.try_get("last_used_at")?;
    if last_used.is_none_or(|at| now.since(Timestamp(at)) >= USED_EVERY) {
        note_use(backend, hash, now).await?;
    }
    let (name, email): (String, String) = (row.try_get("name")?, row.try_get("email")?);
    let owner_role = role_of(&row.try_get::<String, _>("owner_role")?)?;
    let role = role_of(&row.try_get::<String, _>("role")?)?.at_most(owner_role);
    Ok(Some(Actor::Program {
        name: format!("{email} (token {name})"),
        role,
    }))
}

async fn note_use(backend: &Backend, token_hash: String, now: Timestamp) -> Result<()> {
    let mut write = backend.db.write().await?;
    sqlx::query("UPDATE access_tokens SET last_used_at = $1 WHERE token_hash = $2")
        .bind(now.0)
        .bind(token_hash)
        .execute(write.connection())
        .await?;
    write.commit().await
}
