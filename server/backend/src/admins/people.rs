//! Who may sign in, with which role. There is always an administrator left, whatever is removed.

use engine::{
    access::{PeopleAndInvitations, Person},
    records::Role,
    timestamp::Timestamp,
};
use sqlx::Row;
use uuid::Uuid;

use super::{Admin, COLUMNS, admin, invitations};
use crate::{
    Actor, Backend, Error, Result,
    audit::{self, Activity},
    database::{Write, assembled},
};

/// Everybody by name, and the invitations that nobody followed yet.
pub async fn people(backend: &Backend, actor: &Actor) -> Result<PeopleAndInvitations> {
    let sql = format!(
        "SELECT {COLUMNS}, a.created_at,
             (SELECT MAX(s.last_seen_at) FROM admin_sessions s WHERE s.admin_id = a.id) AS seen
         FROM admins a ORDER BY lower(a.display_name), a.id"
    );
    let rows = assembled(sql).fetch_all(backend.db.read()).await?;
    let mut people = Vec::with_capacity(rows.len());
    for row in &rows {
        let admin = admin(row)?;
        if admin.is_demo && !backend.settings.demo {
            continue;
        }
        people.push(Person {
            is_you: is_by(&admin, actor),
            id: admin.id,
            display_name: admin.display_name,
            email: admin.email,
            role: admin.role,
            is_demo: admin.is_demo,
            created_at: Timestamp(row.try_get("created_at")?),
            last_seen_at: row.try_get::<Option<i64>, _>("seen")?.map(Timestamp),
        });
    }
    Ok(PeopleAndInvitations {
        people,
        invitations: invitations::pending(backend).await?,
    })
}

fn is_by(admin: &Admin, actor: &Actor) -> bool {
    matches!(actor, Actor::Person { id, .. } if *id == admin.id)
}

/// Gives somebody another role; what they do next is judged by it.
pub async fn change_role(backend: &Backend, actor: &Actor, id: Uuid, role: Role) -> Result<()> {
    actor.may_manage_people()?;
    let mut write = backend.db.write().await?;
    let person = person(backend, &mut write, id).await?;
    if person.role == role {
        return Ok(());
    }
    if role != Role::HybridIdentityAdministrator {
        keep_an_administrator(backend, &mut write, id).await?;
    }
    sqlx::query("UPDATE admins SET role = $1 WHERE id = $2")
        .bind(role.as_str())
        .bind(id.to_string())
        .execute(write.connection())
        .await?;
    let detail = format!("Role: {} to {}.", person.role.label(), role.label());
    note(backend, write, actor, &person, &detail).await
}

/// Takes somebody's way in: their password, sessions and access tokens go with them.
pub async fn remove(backend: &Backend, actor: &Actor, id: Uuid) -> Result<()> {
    actor.may_manage_people()?;
    let mut write = backend.db.write().await?;
    let person = person(backend, &mut write, id).await?;
    if is_by(&person, actor) {
        return Err(Error::Conflict(
            "Nobody removes themselves. Ask another administrator.".to_owned(),
        ));
    }
    keep_an_administrator(backend, &mut write, id).await?;
    sqlx::query("DELETE FROM admins WHERE id = $1")
        .bind(id.to_string())
        .execute(write.connection())
        .await?;
    note(backend, write, actor, &person, "Removed.").await
}

async fn note(
    backend: &Backend,
    mut write: Write,
    actor: &Actor,
    person: &Admin,
    detail: &str,
) -> Result<()> {
    let activity = Activity::ManagePeople;
    audit::record(backend, &mut write, actor, activity, &person.email, detail).await?;
    write.commit().await?;
    backend.announce_change();
    Ok(())
}

/// Somebody who can be changed.
async fn person(backend: &Backend, write: &mut Write, id: Uuid) -> Result<Admin> {
    let row = assembled(format!("SELECT {COLUMNS} FROM admins a WHERE a.id = $1"))
        .bind(id.to_string())
        .fetch_optional(write.connection())
        .await?;
    let person = row.as_ref().map(admin).transpose()?;
    let person = person.filter(|person| !person.is_demo || backend.settings.demo);
    let person = person.ok_or(Error::NotFound("person"))?;
    if person.is_demo {
        return Err(Error::Conflict(
            "The demo administrator belongs to the demo and stays as it is.".to_owned(),
        ));
    }
    Ok(person)
}

/// Refuses when nobody but `id` could manage anything. Of a demo's administrator a start without
/// the demo knows nothing; that start prints a link for a first administrator when there is none.
async fn keep_an_administrator(backend: &Backend, write: &mut Write, id: Uuid) -> Result<()> {
    let role = Role::HybridIdentityAdministrator.as_str();
    // Takes the rows' locks, so that two administrators cannot remove each other at once.
    sqlx::query("UPDATE admins SET role = role WHERE role = $1")
        .bind(role)
        .execute(write.connection())
        .await?;
    let row = sqlx::query(
        "SELECT COUNT(*) AS n FROM admins
         WHERE role = $1 AND id <> $2 AND (password_hash IS NOT NULL OR is_demo = $3)",
    )
    .bind(role)
    .bind(id.to_string())
    // Two is no demo at all.
    .bind(if backend.settings.demo { 1_i64 } else { 2 })
    .fetch_one(write.connection())
    .await?;
    match row.try_get::<i64, _>("n")? {
        0 => Err(Error::Conflict(
            "There must always be a Hybrid Identity Administrator. Make another person one first."
                .to_owned(),
        )),
        _ => Ok(()),
    }
}
