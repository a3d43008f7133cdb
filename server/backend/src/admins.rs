//! Who may use the portal: people, their passwords, sessions and invitations.
//!
//! What this module assumes of the server that calls it: the session token travels in a cookie that
//! is `HttpOnly`, `SameSite=Lax` and, over HTTPS, `Secure`; and requests that change something are
//! refused when their `Origin` is another site. Nothing here knows of cookies or HTTP.

mod access_tokens;
mod attempts;
mod invitations;
mod password;
mod people;
mod sessions;
mod token;

use std::net::IpAddr;

use engine::{records::Role, timestamp::Timestamp};
use secrecy::{ExposeSecret, SecretString};
use sqlx::{Any, Executor, Row, any::AnyRow};
use uuid::Uuid;

pub use self::{
    access_tokens::{NewAccessToken, create_token, program, revoke_token, tokens},
    invitations::{
        Acceptance, accept_invitation, first_start_link, invitation_is_valid, invite,
        withdraw_invitation,
    },
    people::{change_role, people, remove},
    sessions::{demo_actor, demo_session, session, session_goes_on, sign_out},
};
use crate::{
    Actor, Backend, Error, Result, audit,
    database::{Write, columns},
};

/// A session that begins. Its token is shown to the browser once and stored nowhere.
#[derive(Debug)]
pub struct NewSession {
    pub token: SecretString,
    pub actor: Actor,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
}

impl NewSession {
    /// For the cookie, and for nothing else.
    pub fn token_text(&self) -> &str {
        self.token.expose_secret()
    }
}

/// Where a request comes from, as far as counting attempts goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client(String);

impl Client {
    /// One household or company usually has one IPv4 address, or 2⁶⁴ IPv6 addresses.
    pub fn from_address(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self(address.to_string()),
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                Self(format!("{a:x}:{b:x}:{c:x}:{d:x}::/64"))
            }
        }
    }
}

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Says nothing about whether the address is known.
    #[error("The email address or the password is not right.")]
    WrongCredentials,
    #[error("Too many attempts. Try again in {}.", minutes(*retry_after_minutes))]
    TooManyAttempts { retry_after_minutes: u64 },
    #[error(transparent)]
    Failed(#[from] Error),
}

fn minutes(count: u64) -> String {
    match count {
        1 => "a minute".to_owned(),
        _ => format!("{count} minutes"),
    }
}

impl From<sqlx::Error> for SignInError {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// Signs somebody in by email address and password. An unknown address takes as long as a wrong
/// password.
pub async fn sign_in(
    backend: &Backend,
    email: &str,
    password: SecretString,
    client: &Client,
) -> Result<NewSession, SignInError> {
    let email = email_key(email);
    attempts::count(backend, &email, client).await?;
    let admin = admin_by_email(backend.db.read(), &email).await?;
    let hash = admin.as_ref().and_then(|admin| admin.password_hash.clone());
    let is_right = password::verify(password, hash).await?;
    let Some(admin) = admin.filter(|_| is_right) else {
        return Err(SignInError::WrongCredentials);
    };
    let mut write = backend.db.write().await?;
    attempts::forgive(&mut write, &email, client).await?;
    let session = sessions::begin(backend, &mut write, &admin).await?;
    record(
        backend,
        &mut write,
        &session.actor,
        audit::Activity::SignIn,
        "Signed in.",
    )
    .await?;
    write.commit().await.map_err(SignInError::Failed)?;
    Ok(session)
}

/// Replaces the password of whoever is signed in with `token`, and ends their other sessions.
pub async fn change_password(
    backend: &Backend,
    actor: &Actor,
    token: &str,
    current: SecretString,
    new: SecretString,
    client: &Client,
) -> Result<(), SignInError> {
    let Actor::Person { id, email, .. } = actor else {
        return Err(SignInError::WrongCredentials);
    };
    let key = email_key(email);
    attempts::count(backend, &key, client).await?;
    let admin = admin_by_email(backend.db.read(), &key).await?;
    let hash = admin.and_then(|admin| admin.password_hash);
    if !password::verify(current, hash).await? {
        return Err(SignInError::WrongCredentials);
    }
    password::check(&new, email).map_err(|error| Error::Invalid(vec![error]))?;
    let hash = password::hash(new).await?;
    let mut write = backend.db.write().await?;
    attempts::forgive(&mut write, &key, client).await?;
    sqlx::query("UPDATE admins SET password_hash = $1, password_changed_at = $2 WHERE id = $3")
        .bind(hash)
        .bind(backend.now().0)
        .bind(id.to_string())
        .execute(write.connection())
        .await?;
    sessions::end_others(&mut write, *id, token).await?;
    let activity = audit::Activity::ManagePeople;
    record(
        backend,
        &mut write,
        actor,
        activity,
        "Changed the password.",
    )
    .await?;
    write.commit().await.map_err(SignInError::Failed)
}

/// An audit entry about `actor` by themselves.
async fn record(
    backend: &Backend,
    write: &mut Write,
    actor: &Actor,
    activity: audit::Activity,
    detail: &str,
) -> Result<()> {
    audit::record(backend, write, actor, activity, actor.name(), detail).await
}

/// Somebody who may sign in.
#[derive(Clone)]
struct Admin {
    id: Uuid,
    display_name: String,
    email: String,
    role: Role,
    password_hash: Option<String>,
    is_demo: bool,
}

impl Admin {
    fn actor(&self) -> Actor {
        Actor::Person {
            id: self.id,
            display_name: self.display_name.clone(),
            email: self.email.clone(),
            role: self.role,
            is_demo: self.is_demo,
        }
    }
}

/// Addresses that differ in case only are one person.
fn email_key(email: &str) -> String {
    email.trim().to_lowercase()
}

const COLUMNS: &str = "a.id, a.display_name, a.email, a.role, a.password_hash, a.is_demo";

fn admin(row: &AnyRow) -> Result<Admin> {
    let id: String = row.try_get("id")?;
    let role: String = row.try_get("role")?;
    Ok(Admin {
        id: id.parse().map_err(Error::internal)?,
        display_name: row.try_get("display_name")?,
        email: row.try_get("email")?,
        role: role_of(&role)?,
        password_hash: row.try_get("password_hash")?,
        is_demo: columns::flag(row, "is_demo")?,
    })
}

async fn admin_by_email<'e>(
    executor: impl Executor<'e, Database = Any>,
    email_key: &str,
) -> Result<Option<Admin>> {
    let sql = format!("SELECT {COLUMNS} FROM admins a WHERE a.email_key = $1");
    let row = crate::database::assembled(sql)
        .bind(email_key.to_owned())
        .fetch_optional(executor)
        .await?;
    row.as_ref().map(admin).transpose()
}

/// Adds somebody; nobody when the address is taken.
async fn add(backend: &Backend, write: &mut Write, admin: &Admin) -> Result<bool> {
    let done = sqlx::query(
        "INSERT INTO admins (id, display_name, email, email_key, role, password_hash, is_demo,
             created_at, password_changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8) ON CONFLICT DO NOTHING",
    )
    .bind(admin.id.to_string())
    .bind(admin.display_name.clone())
    .bind(admin.email.clone())
    .bind(email_key(&admin.email))
    .bind(admin.role.as_str())
    .bind(admin.password_hash.clone())
    .bind(i64::from(admin.is_demo))
    .bind(backend.now().0)
    .execute(write.connection())
    .await?;
    Ok(done.rows_affected() == 1)
}

fn role_of(word: &str) -> Result<Role> {
    Role::parse(word)
        .ok_or_else(|| Error::internal(format!("an administrator has the unknown role {word}")))
}

#[cfg(test)]
mod tests;
