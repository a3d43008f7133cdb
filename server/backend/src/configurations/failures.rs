//! What could not be written and waits for another try, object by object, and links.

use engine::{
    configuration::{ConfigurationId, Deployment},
    cycle::error_code::ErrorCode,
    directory::SourceAnchor,
    records::{ObjectFailure, ObjectLink, Page, PageKey, UnresolvedReference},
    timestamp::Timestamp,
};
use sqlx::{Row, any::AnyRow};

use super::store;
use crate::{
    Actor, Backend, Error, Result,
    audit::{self, Activity},
    database::columns,
};

/// One page of the objects that failed, by anchor.
pub async fn failures(
    backend: &Backend,
    id: ConfigurationId,
    after: Option<PageKey>,
    limit: u32,
) -> Result<Page<ObjectFailure>> {
    let rows = sqlx::query(
        "SELECT e.anchor, e.code, e.reason, e.first_failed_at, e.attempts, e.next_attempt,
             o.kind, o.dn
         FROM escrows e
         JOIN source_objects o
             ON o.configuration_id = e.configuration_id AND o.anchor = e.anchor
         WHERE e.configuration_id = $1 AND e.anchor > $2 ORDER BY e.anchor LIMIT $3",
    )
    .bind(id.to_string())
    .bind(after.map(|key| key.0).unwrap_or_default())
    .bind(i64::from(limit) + 1)
    .fetch_all(backend.db.read())
    .await?;
    let items = rows.iter().map(failure).collect::<Result<Vec<_>>>()?;
    Ok(page(items, limit, |last| last.anchor.to_string()))
}

fn failure(row: &AnyRow) -> Result<ObjectFailure> {
    let code: String = row.try_get("code")?;
    let known = ErrorCode::ALL
        .iter()
        .find(|known| known.to_string() == code);
    let next: i64 = row.try_get("next_attempt")?;
    Ok(ObjectFailure {
        anchor: columns::anchor(row, "anchor")?,
        kind: columns::kind(row)?,
        dn: row.try_get("dn")?,
        advice: known.map_or("", |code| code.advice()).to_owned(),
        code,
        reason: row.try_get("reason")?,
        first_failed_at: Timestamp(row.try_get("first_failed_at")?),
        attempts: u32::try_from(row.try_get::<i64, _>("attempts")?).unwrap_or(u32::MAX),
        next_attempt: (next < i64::MAX).then_some(Timestamp(next)),
    })
}

/// One page of the references whose target is not in the tenant, by owner.
pub async fn unresolved_references(
    backend: &Backend,
    id: ConfigurationId,
    after: Option<PageKey>,
    limit: u32,
) -> Result<Page<UnresolvedReference>> {
    let rows = sqlx::query(
        "SELECT f.owner_anchor, f.attribute, f.unresolved, f.since, o.kind, o.dn
         FROM reference_failures f
         JOIN source_objects o
             ON o.configuration_id = f.configuration_id AND o.anchor = f.owner_anchor
         WHERE f.configuration_id = $1 AND f.owner_anchor > $2
         ORDER BY f.owner_anchor, f.attribute LIMIT $3",
    )
    .bind(id.to_string())
    .bind(after.map(|key| key.0).unwrap_or_default())
    .bind(i64::from(limit) + 1)
    .fetch_all(backend.db.read())
    .await?;
    let items = rows.iter().map(|row| {
        Ok(UnresolvedReference {
            owner: columns::anchor(row, "owner_anchor")?,
            kind: columns::kind(row)?,
            dn: row.try_get("dn")?,
            attribute: row.try_get("attribute")?,
            count: columns::count(row, "unresolved")?,
            since: Timestamp(row.try_get("since")?),
        })
    });
    let items = items.collect::<Result<Vec<_>>>()?;
    Ok(page(items, limit, |last| last.owner.to_string()))
}

/// The link of one source object; it is used instead of matching.
pub async fn link(
    backend: &Backend,
    id: ConfigurationId,
    anchor: &SourceAnchor,
) -> Result<ObjectLink> {
    let row = sqlx::query(
        "SELECT l.kind, l.target_id, t.display_name FROM links l
         JOIN tenant_objects t ON t.id = l.target_id
         WHERE l.configuration_id = $1 AND l.anchor = $2",
    )
    .bind(id.to_string())
    .bind(anchor.as_str().to_owned())
    .fetch_optional(backend.db.read())
    .await?
    .ok_or(Error::NotFound("link"))?;
    let target: String = row.try_get("target_id")?;
    Ok(ObjectLink {
        anchor: anchor.clone(),
        kind: columns::kind(&row)?,
        target_id: target.parse().map_err(Error::internal)?,
        display_name: row.try_get("display_name")?,
    })
}

/// Cuts a link; the next cycle matches the object anew. Only while nothing runs that could use it.
pub async fn delete_link(
    backend: &Backend,
    actor: &Actor,
    id: ConfigurationId,
    anchor: &SourceAnchor,
) -> Result<()> {
    actor.may_change()?;
    let configuration = store::row(backend, id).await?.configuration;
    if configuration.deployment == Deployment::Enabled {
        return Err(Error::Conflict(
            "Pause the configuration first: a running one uses its links.".to_owned(),
        ));
    }
    let link = link(backend, id, anchor).await?;
    let mut write = backend.db.write().await?;
    for sql in [
        "DELETE FROM links WHERE configuration_id = $1 AND anchor = $2",
        "UPDATE source_objects SET is_marked = 1, references_marked = 1
         WHERE configuration_id = $1 AND anchor = $2",
    ] {
        sqlx::query(sql)
            .bind(id.to_string())
            .bind(anchor.as_str().to_owned())
            .execute(write.connection())
            .await?;
    }
    let detail = format!("Link of {} deleted.", link.display_name);
    let activity = Activity::UpdateProvisioningSetting;
    let domain = configuration.domain.as_str();
    audit::record(backend, &mut write, actor, activity, domain, &detail).await?;
    write.commit().await
}

fn page<T>(mut items: Vec<T>, limit: u32, key: impl Fn(&T) -> String) -> Page<T> {
    let has_more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let next = items
        .last()
        .filter(|_| has_more)
        .map(|last| PageKey(key(last)));
    Page {
        items,
        next,
        total: None,
    }
}
