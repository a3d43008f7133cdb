//! Links by which somebody new sets a name and a password, once.

use std::{str::FromStr, time::Duration};

use engine::{
    access::Invitation, configuration::draft::FieldError, records::Role, timestamp::Timestamp,
};
use secrecy::SecretString;
use sqlx::Row;
use uuid::Uuid;

use super::{Admin, NewSession, password, role_of, sessions, token};
use crate::{
    Actor, Backend, Error, Result, audit,
    database::{Write, columns},
};

/// An invitation can be used for so long.
const LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

const DISPLAY_NAME: &str = "display_name";
const EMAIL: &str = "email";

/// What somebody types who follows an invitation.
#[derive(Debug)]
pub struct Acceptance {
    pub display_name: String,
    pub email: String,
    pub password: SecretString,
}

/// The token of a link for the first administrator, while no administrator can sign in; otherwise
/// none. Earlier links stay valid until one of them is used.
pub async fn first_start_link(backend: &Backend) -> Result<Option<SecretString>> {
    let mut write = backend.db.write().await?;
    let role = Role::HybridIdentityAdministrator;
    let row = sqlx::query(
        "SELECT COUNT(*) AS n FROM admins WHERE password_hash IS NOT NULL AND role = $1",
    )
    .bind(role.as_str())
    .fetch_one(write.connection())
    .await?;
    if row.try_get::<i64, _>("n")? > 0 {
        return Ok(None);
    }
    let token = add(backend, &mut write, &Actor::System, role, IsFirstStart::Yes).await?;
    write.commit().await?;
    Ok(Some(token))
}

/// The token of a link for one more person.
pub async fn invite(backend: &Backend, actor: &Actor, role: Role) -> Result<SecretString> {
    actor.may_manage_people()?;
    let mut write = backend.db.write().await?;
    let token = add(backend, &mut write, actor, role, IsFirstStart::No).await?;
    let activity = audit::Activity::ManagePeople;
    let detail = "Made an invitation.";
    audit::record(backend, &mut write, actor, activity, role.label(), detail).await?;
    write.commit().await?;
    backend.announce_change();
    Ok(token)
}

/// Makes a link useless that nobody has followed yet.
pub async fn withdraw_invitation(backend: &Backend, actor: &Actor, id: Uuid) -> Result<()> {
    actor.may_manage_people()?;
    let mut write = backend.db.write().await?;
    let row = sqlx::query(
        "DELETE FROM admin_invitations WHERE id = $1 AND is_first_start = 0 RETURNING role",
    )
    .bind(id.to_string())
    .fetch_optional(write.connection())
    .await?;
    let row = row.ok_or(Error::NotFound("invitation"))?;
    let role = role_of(&row.try_get::<String, _>("role")?)?;
    let activity = audit::Activity::ManagePeople;
    let detail = "Withdrew an invitation.";
    audit::record(backend, &mut write, actor, activity, role.label(), detail).await?;
    write.commit().await?;
    backend.announce_change();
    Ok(())
}

/// Those that somebody made and nobody followed yet, newest first.
pub(super) async fn pending(backend: &Backend) -> Result<Vec<Invitation>> {
    let rows = sqlx::query(
        "SELECT id, role, invited_by, created_at, expires_at FROM admin_invitations
         WHERE is_first_start = 0 AND id IS NOT NULL AND expires_at > $1 ORDER BY id DESC",
    )
    .bind(backend.now().0)
    .fetch_all(backend.db.read())
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Invitation {
                id: row
                    .try_get::<String, _>("id")?
                    .parse()
                    .map_err(Error::internal)?,
                role: role_of(&row.try_get::<String, _>("role")?)?,
                invited_by: row.try_get("invited_by")?,
                created_at: Timestamp(row.try_get("created_at")?),
                expires_at: Timestamp(row.try_get("expires_at")?),
            })
        })
        .collect()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum IsFirstStart {
    Yes,
    No,
}

async fn add(
    backend: &Backend,
    write: &mut Write,
    actor: &Actor,
    role: Role,
    is_first_start: IsFirstStart,
) -> Result<SecretString> {
    let (token, now) = (token::new_token(), backend.now());
    sqlx::query("DELETE FROM admin_invitations WHERE expires_at <= $1")
        .bind(now.0)
        .execute(write.connection())
        .await?;
    sqlx::query(
        "INSERT INTO admin_invitations
             (token_hash, role, is_first_start, created_at, expires_at, id, invited_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(token::hash_of(&token))
    .bind(role.as_str())
    .bind(i64::from(is_first_start == IsFirstStart::Yes))
    .bind(now.0)
    .bind(now.plus(LIFETIME).0)
    .bind(backend.new_id().to_string())
    .bind(actor.name().to_owned())
    .execute(write.connection())
    .await?;
    Ok(token)
}

/// Whether a link can still be used, for the page behind it.
pub async fn invitation_is_valid(backend: &Backend, token: &str) -> Result<bool> {
    let row =
        sqlx::query("SELECT role FROM admin_invitations WHERE token_hash = $1 AND expires_at > $2")
            .bind(token::hash(token))
            .bind(backend.now().0)
            .fetch_optional(backend.db.read())
            .await?;
    Ok(row.is_some())
}

/// Makes a new person of whoever has the link, and signs them in. The link is used up by that.
pub async fn accept_invitation(
    backend: &Backend,
    token: &str,
    acceptance: Acceptance,
) -> Result<NewSession> {
    // Before the expensive hash: it is for invited people only.
    if !invitation_is_valid(backend, token).await? {
        return Err(used_up());
    }
    let (display_name, email) = checked(&acceptance).map_err(Error::Invalid)?;
    let password_hash = Some(password::hash(acceptance.password).await?);
    let mut write = backend.db.write().await?;
    let role = take(backend, &mut write, token).await?;
    let admin = Admin {
        id: backend.new_id(),
        display_name,
        email,
        role,
        password_hash,
        is_demo: false,
    };
    if !super::add(backend, &mut write, &admin).await? {
        return Err(Error::field(
            EMAIL,
            "Somebody signs in with this address already.",
        ));
    }
    let session = sessions::begin(backend, &mut write, &admin).await?;
    let activity = audit::Activity::ManagePeople;
    super::record(
        backend,
        &mut write,
        &session.actor,
        activity,
        "Accepted an invitation.",
    )
    .await?;
    write.commit().await?;
    backend.announce_change();
    Ok(session)
}

fn used_up() -> Error {
    Error::Conflict("This link was used already or has expired.".to_owned())
}

/// Uses an invitation up; with one of the first start all of these go.
async fn take(backend: &Backend, write: &mut Write, token: &str) -> Result<Role> {
    let row = sqlx::query(
        "DELETE FROM admin_invitations WHERE token_hash = $1 AND expires_at > $2
         RETURNING role, is_first_start",
    )
    .bind(token::hash(token))
    .bind(backend.now().0)
    .fetch_optional(write.connection())
    .await?;
    let row = row.ok_or_else(used_up)?;
    if columns::flag(&row, "is_first_start")? {
        sqlx::query("DELETE FROM admin_invitations WHERE is_first_start = 1")
            .execute(write.connection())
            .await?;
    }
    role_of(&row.try_get::<String, _>("role")?)
}

fn checked(acceptance: &Acceptance) -> Result<(String, String), Vec<FieldError>> {
    let mut errors = Vec::new();
    let name = acceptance.display_name.trim();
    if name.is_empty() || name.chars().count() > 256 || name.chars().any(char::is_control) {
        errors.push(FieldError::new(
            DISPLAY_NAME,
            "Enter your name, on one line.",
        ));
    }
    let email = acceptance.email.trim();
    if !is_address(email) {
        let message = "Enter an email address such as name@example.com.";
        errors.push(FieldError::new(EMAIL, message));
    }
    errors.extend(password::check(&acceptance.password, email).err());
    if errors.is_empty() {
        Ok((name.to_owned(), email.to_owned()))
    } else {
        Err(errors)
    }
}

fn is_address(text: &str) -> bool {
    lettre::Address::from_str(text).is_ok_and(|address| address.domain().contains('.'))
}
