//! Deletions that wait for a person, and the person's word.

use engine::{
    configuration::ConfigurationId,
    directory::SourceAnchor,
    records::{HeldDeletion, HeldDeletions, Page, PageKey},
    timestamp::Timestamp,
};
use sqlx::{Row, any::AnyRow};
use uuid::Uuid;

use super::store;
use crate::{
    Actor, Backend, Error, Result,
    audit::{self, Activity},
    database::{Write, columns},
};

/// One page of the list, by name.
pub async fn held_deletions(
    backend: &Backend,
    id: ConfigurationId,
    after: Option<PageKey>,
    limit: u32,
) -> Result<HeldDeletions> {
    let configuration = store::row(backend, id).await?.configuration;
    let list = sqlx::query(
        "SELECT COUNT(*) AS total, MAX(cycle_id) AS cycle_id, MIN(held_at) AS held_at
         FROM held_deletions WHERE configuration_id = $1 AND is_approved = 0",
    )
    .bind(id.to_string())
    .fetch_one(backend.db.read())
    .await?;
    let allowed = sqlx::query(
        "SELECT COUNT(*) AS allowed FROM held_deletions
         WHERE configuration_id = $1 AND is_approved = 1",
    )
    .bind(id.to_string())
    .fetch_one(backend.db.read())
    .await?;
    let rows = sqlx::query(
        "SELECT anchor, target_id, kind, display_name, dn, reason, lost_members
         FROM held_deletions
         WHERE configuration_id = $1 AND is_approved = 0 AND anchor > $2
         ORDER BY anchor LIMIT $3",
    )
    .bind(id.to_string())
    .bind(after.map(|key| key.0).unwrap_or_default())
    .bind(i64::from(limit) + 1)
    .fetch_all(backend.db.read())
    .await?;
    let mut items = rows.iter().map(held_deletion).collect::<Result<Vec<_>>>()?;
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let next = items
        .last()
        .filter(|_| more)
        .map(|last| PageKey(last.anchor.to_string()));
    let cycle: Option<String> = list.try_get("cycle_id")?;
    Ok(HeldDeletions {
        cycle: cycle
            .map(|id| id.parse())
            .transpose()
            .map_err(Error::internal)?,
        since: list.try_get::<Option<i64>, _>("held_at")?.map(Timestamp),
        threshold: configuration.deletion_protection.threshold.get(),
        allowed: columns::count(&allowed, "allowed")?,
        page: Page {
            items,
            next,
            total: u64::try_from(list.try_get::<i64, _>("total")?).ok(),
        },
    })
}

fn held_deletion(row: &AnyRow) -> Result<HeldDeletion> {
    Ok(HeldDeletion {
        anchor: columns::anchor(row, "anchor")?,
        target_id: columns::uuid(row, "target_id")?,
        kind: columns::kind(row)?,
        display_name: row.try_get("display_name")?,
        dn: row.try_get("dn")?,
        reason: row.try_get("reason")?,
    })
}

/// Which lines of the list a person allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Allowed {
    All,
    /// Those of these source objects. The others wait for a word of their own.
    Selected(Vec<SourceAnchor>),
}

/// Lets exactly the list pass that `cycle` held and the person saw, once; of a selection, exactly
/// the selected lines. Deletions that come up later are counted afresh.
pub async fn allow_deletes(
    backend: &Backend,
    actor: &Actor,
    id: ConfigurationId,
    cycle: Uuid,
    allowed: Allowed,
) -> Result<u64> {
    actor.may_change()?;
    let configuration = store::row(backend, id).await?.configuration;
    let mut write = backend.db.write().await?;
    refuse_changed_list(&mut write, id, cycle).await?;
    let approved = approve(&mut write, id, &allowed).await?;
    if approved == 0 {
        return Err(Error::Conflict("No deletions are held.".to_owned()));
    }
    store::make_due(&mut write, id, backend.now()).await?;
    let detail = match allowed {
        Allowed::All => format!("{approved} held deletions were allowed."),
        Allowed::Selected(_) => {
            format!("{approved} held deletions were allowed; the others of the list wait.")
        }
    };
    let domain = configuration.domain.as_str();
    audit::record(
        backend,
        &mut write,
        actor,
        Activity::AllowDeletes,
        domain,
        &detail,
    )
    .await?;
    write.commit().await?;
    backend.wake_worker();
    Ok(approved)
}

/// Nobody approves what they did not see.
async fn refuse_changed_list(write: &mut Write, id: ConfigurationId, cycle: Uuid) -> Result<()> {
    let newer = sqlx::query(
        "SELECT COUNT(*) AS newer FROM held_deletions
         WHERE configuration_id = $1 AND is_approved = 0 AND cycle_id > $2",
    )
    .bind(id.to_string())
    .bind(cycle.to_string())
    .fetch_one(write.connection())
    .await?;
    if newer.try_get::<i64, _>("newer")? == 0 {
        return Ok(());
    }
    Err(Error::Conflict(
        "The list of held deletions has changed since you saw it. Look at it again, then decide."
            .to_owned(),
    ))
}

/// Answers with how many were allowed.
pub(super) async fn approve(
    write: &mut Write,
    id: ConfigurationId,
    allowed: &Allowed,
) -> Result<u64> {
    match allowed {
        Allowed::All => approve_all(write, id).await,
        Allowed::Selected(anchors) => approve_selected(write, id, anchors).await,
    }
}

async fn approve_all(write: &mut Write, id: ConfigurationId) -> Result<u64> {
    let approved = sqlx::query(
        "UPDATE held_deletions SET is_approved = 1
         WHERE configuration_id = $1 AND is_approved = 0",
    )
    .bind(id.to_string())
    .execute(write.connection())
    .await?;
    Ok(approved.rows_affected())
}

async fn approve_selected(
    write: &mut Write,
    id: ConfigurationId,
    anchors: &[SourceAnchor],
) -> Result<u64> {
    let mut approved = 0;
    for anchor in anchors {
        let updated = sqlx::query(
            "UPDATE held_deletions SET is_approved = 1
             WHERE configuration_id = $1 AND anchor = $2 AND is_approved = 0",
        )
        .bind(id.to_string())
        .bind(anchor.as_str().to_owned())
        .execute(write.connection())
        .await?;
        if updated.rows_affected() == 0 {
            return Err(Error::Conflict(
                "One of the selected deletions is not held any more. Look at the list again."
                    .to_owned(),
            ));
        }
        approved += 1;
    }
    Ok(approved)
}
