//! The SQL of the guard: what a plan would take away, what a person allowed, what waits.

use std::collections::BTreeSet;

use engine::{
    configuration::{ConfigurationId, LostMembers},
    cycle::{deletion_guard::Deletions, plan::PlannedChange},
    directory::{ObjectKind, SourceAnchor},
    records::ManagedCounts,
    timestamp::Timestamp,
};
use sqlx::Row;
use uuid::Uuid;

use super::store;
use crate::{
    Result,
    database::{Write, assembled, columns, rows_per_statement, value_rows},
};

fn add(counts: &mut ManagedCounts, kind: ObjectKind, number: u64) {
    match kind {
        ObjectKind::User => counts.users += number,
        ObjectKind::Group => counts.groups += number,
        ObjectKind::Contact => counts.contacts += number,
    }
}

/// What the staged plan would take away.
pub(super) async fn count(
    write: &mut Write,
    configuration: ConfigurationId,
    limits: LostMembers,
) -> Result<Deletions> {
    let mut deletions = Deletions::default();
    let planned = sqlx::query(
        "SELECT l.kind, COUNT(*) AS planned,
             SUM(CASE WHEN h.is_approved = 1 THEN 1 ELSE 0 END) AS allowed,
             SUM(CASE WHEN h.is_approved = 0 THEN 1 ELSE 0 END) AS still_held
         FROM planned_changes p
         JOIN links l ON l.configuration_id = p.configuration_id AND l.anchor = p.anchor
         LEFT JOIN held_deletions h ON h.configuration_id = p.configuration_id
             AND h.anchor = p.anchor AND h.target_id = p.target_id
         WHERE p.configuration_id = $1 AND p.action = 'delete' GROUP BY l.kind",
    )
    .bind(configuration.to_string())
    .fetch_all(write.connection())
    .await?;
    for row in &planned {
        let (allowed, still_held) = (
            columns::count(row, "allowed")?,
            columns::count(row, "still_held")?,
        );
        deletions.allowed += allowed;
        deletions.still_held += still_held;
        let others = columns::count(row, "planned")?.saturating_sub(allowed + still_held);
        add(&mut deletions.others, columns::kind(row)?, others);
    }
    let managed = sqlx::query(
        "SELECT kind, COUNT(*) AS n FROM links WHERE configuration_id = $1 GROUP BY kind",
    )
    .bind(configuration.to_string())
    .fetch_all(write.connection())
    .await?;
    for row in &managed {
        add(
            &mut deletions.managed,
            columns::kind(row)?,
            columns::count(row, "n")?,
        );
    }
    let losing = groups_losing_members(write, configuration, limits).await?;
    for group in losing.iter().filter(|group| !group.is_allowed) {
        match group.is_still_held {
            true => deletions.still_held += 1,
            false => deletions.groups_losing_members += 1,
        }
    }
    Ok(deletions)
}

/// A group that would lose many members.
pub(super) struct LosingGroup {
    pub(super) anchor: SourceAnchor,
    pub(super) target_id: String,
    pub(super) display_name: String,
    pub(super) dn: String,
    pub(super) lost: u64,
    pub(super) members: u64,
    is_allowed: bool,
    /// Held before, and nobody decided yet.
    is_still_held: bool,
}

/// Groups that would lose so many members that a person has to look, and those whose losses were
/// held before, however many are left of them.
pub(super) async fn groups_losing_members(
    write: &mut Write,
    configuration: ConfigurationId,
    limits: LostMembers,
) -> Result<Vec<LosingGroup>> {
    let rows = sqlx::query(
        "SELECT p.owner_anchor, l.target_id, t.display_name, o.dn, COUNT(*) AS lost,
             (SELECT COUNT(*) FROM tenant_references x
              WHERE x.object_id = l.target_id AND x.attribute = 'Member') AS members,
             MAX(CASE WHEN h.is_approved = 1 THEN h.lost_members ELSE 0 END) AS allowed,
             MAX(CASE WHEN h.is_approved = 0 THEN 1 ELSE 0 END) AS is_still_held
         FROM planned_references p
         JOIN links l ON l.configuration_id = p.configuration_id AND l.anchor = p.owner_anchor
         JOIN tenant_objects t ON t.id = l.target_id
         JOIN source_objects o
             ON o.configuration_id = p.configuration_id AND o.anchor = p.owner_anchor
         LEFT JOIN held_deletions h ON h.configuration_id = p.configuration_id
             AND h.anchor = p.owner_anchor AND h.lost_members IS NOT NULL
         WHERE p.configuration_id = $1 AND p.attribute = 'Member' AND p.is_addition = 0
         GROUP BY p.owner_anchor, l.target_id, t.display_name, o.dn",
    )
    .bind(configuration.to_string())
    .fetch_all(write.connection())
    .await?;
    let mut losing = Vec::new();
    for row in &rows {
        let (lost, members) = (
            columns::count(row, "lost")?,
            columns::count(row, "members")?,
        );
        let allowed: Option<i64> = row.try_get("allowed")?;
        let is_still_held = columns::flag(row, "is_still_held")?;
        if is_still_held || limits.is_reached(lost, members) {
            losing.push(LosingGroup {
                anchor: columns::anchor(row, "owner_anchor")?,
                target_id: row.try_get("target_id")?,
                display_name: row.try_get("display_name")?,
                dn: row.try_get("dn")?,
                lost,
                members,
                is_allowed: allowed
                    .is_some_and(|allowed| lost <= u64::try_from(allowed).unwrap_or(0)),
                is_still_held,
            });
        }
    }
    Ok(losing)
}

/// Planned deletions after `position` that nobody allowed.
pub(super) async fn waiting_page(
    write: &mut Write,
    configuration: ConfigurationId,
    after: i64,
    limit: usize,
) -> Result<Vec<(i64, PlannedChange)>> {
    store::planned_page(
        write,
        "SELECT position, document FROM planned_changes
         WHERE configuration_id = $1 AND action = 'delete' AND position > $2
         ORDER BY position LIMIT $3",
        configuration,
        after,
        limit,
    )
    .await
}

/// Planned deletions after `position` that a person allowed.
pub(super) async fn allowed_page(
    write: &mut Write,
    configuration: ConfigurationId,
    after: i64,
    limit: usize,
) -> Result<Vec<(i64, PlannedChange)>> {
    store::planned_page(
        write,
        "SELECT p.position, p.document FROM planned_changes p
         JOIN held_deletions h ON h.configuration_id = p.configuration_id
             AND h.anchor = p.anchor AND h.target_id = p.target_id AND h.is_approved = 1
         WHERE p.configuration_id = $1 AND p.action = 'delete' AND p.position > $2
         ORDER BY p.position LIMIT $3",
        configuration,
        after,
        limit,
    )
    .await
}

/// What was allowed and is done: the permission was for once.
pub(super) async fn settle_allowed(
    write: &mut Write,
    configuration: ConfigurationId,
    anchors: &[&SourceAnchor],
) -> Result<()> {
    for sql in [
        "DELETE FROM planned_changes WHERE configuration_id = $1 AND anchor IN",
        "DELETE FROM held_deletions WHERE configuration_id = $1 AND anchor IN",
    ] {
        store::for_anchors(write, sql, configuration, anchors).await?;
    }
    Ok(())
}

/// One line of the list that waits for a person.
struct Waiting {
    anchor: String,
    target_id: String,
    kind: &'static str,
    display_name: String,
    dn: String,
    reason: String,
    lost_members: Option<i64>,
}

/// Holds deletions back; answers with the anchors that were not held before.
pub(super) async fn hold(
    write: &mut Write,
    configuration: ConfigurationId,
    cycle: Uuid,
    now: Timestamp,
    deletions: &[PlannedChange],
) -> Result<BTreeSet<SourceAnchor>> {
    let waiting = deletions.iter().map(|planned| Waiting {
        anchor: planned.anchor.as_str().to_owned(),
        target_id: planned
            .change
            .target_id()
            .map(|id| id.to_string())
            .unwrap_or_default(),
        kind: planned.kind.as_str(),
        display_name: planned.display_name.clone(),
        dn: planned.dn.as_str().to_owned(),
        reason: planned.reason().to_owned(),
        lost_members: None,
    });
    insert(write, configuration, cycle, now, waiting.collect()).await
}

/// Holds back what groups would lose; answers with how many were not held before.
pub(super) async fn hold_losing(
    write: &mut Write,
    configuration: ConfigurationId,
    cycle: Uuid,
    now: Timestamp,
    groups: Vec<LosingGroup>,
) -> Result<usize> {
    let waiting = groups.into_iter().filter(|group| !group.is_allowed);
    let waiting = waiting.map(|group| Waiting {
        anchor: group.anchor.as_str().to_owned(),
        target_id: group.target_id,
        kind: ObjectKind::Group.as_str(),
        display_name: group.display_name,
        dn: group.dn,
        reason: format!(
            "It would lose {} of its {} members.",
            group.lost, group.members
        ),
        lost_members: i64::try_from(group.lost).ok(),
    });
    let new = insert(write, configuration, cycle, now, waiting.collect()).await?;
    Ok(new.len())
}

async fn insert(
    write: &mut Write,
    configuration: ConfigurationId,
    cycle: Uuid,
    now: Timestamp,
    waiting: Vec<Waiting>,
) -> Result<BTreeSet<SourceAnchor>> {
    const COLUMNS: usize = 10;
    let mut new = BTreeSet::new();
    for rows in waiting.chunks(rows_per_statement(COLUMNS)) {
        let sql = format!(
            "INSERT INTO held_deletions
                 (configuration_id, anchor, target_id, kind, display_name, dn, reason,
                  lost_members, cycle_id, held_at, is_approved)
             SELECT v.column1, v.column2, v.column3, v.column4, v.column5, v.column6, v.column7,
                 CAST(v.column8 AS BIGINT), v.column9, v.column10, 0
             FROM (VALUES {}) v WHERE true
             ON CONFLICT DO NOTHING RETURNING anchor",
            value_rows(1, rows.len(), COLUMNS)
        );
        let mut query = assembled(sql);
        for row in rows {
            query = query
                .bind(configuration.to_string())
                .bind(row.anchor.clone())
                .bind(row.target_id.clone())
                .bind(row.kind)
                .bind(row.display_name.clone())
                .bind(row.dn.clone())
                .bind(row.reason.clone())
                .bind(row.lost_members)
                .bind(cycle.to_string())
                .bind(now.0);
        }
        for row in query.fetch_all(write.connection()).await? {
            new.insert(columns::anchor(&row, "anchor")?);
        }
    }
    Ok(new)
}

/// What is no longer planned needs no decision any more.
pub(super) async fn release_not_planned(
    write: &mut Write,
    configuration: ConfigurationId,
) -> Result<()> {
    for sql in [
        "DELETE FROM held_deletions
         WHERE configuration_id = $1 AND lost_members IS NULL AND anchor NOT IN
             (SELECT anchor FROM planned_changes
              WHERE configuration_id = $1 AND action = 'delete')",
        "DELETE FROM held_deletions
         WHERE configuration_id = $1 AND lost_members IS NOT NULL AND anchor NOT IN
             (SELECT owner_anchor FROM planned_references
              WHERE configuration_id = $1 AND is_addition = 0)",
    ] {
        store::for_configuration(write, sql, configuration).await?;
    }
    Ok(())
}

/// A whole plan was carried out, so nothing waits any more.
pub(super) async fn release_all(write: &mut Write, configuration: ConfigurationId) -> Result<()> {
    store::for_configuration(
        write,
        "DELETE FROM held_deletions WHERE configuration_id = $1",
        configuration,
    )
    .await
}
