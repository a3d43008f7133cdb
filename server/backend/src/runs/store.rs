//! The SQL of a cycle, by what is stored: what was seen, what is planned, what failed.
//!
//! Not here: the guard's list of deletions that wait (`held`) and the references of the plan
//! (`references`, `unresolved`).

mod cycles;
mod failures;
mod marks;
mod mirror;
mod objects;
mod plan;
mod scope;

use engine::{configuration::ConfigurationId, directory::SourceAnchor};

pub(super) use self::{
    cycles::{
        Absence, count_managed, end_cycle, insert_cycle, note_initial_cycle, save_cursor,
        settle_restarts,
    },
    failures::{count_failures, failed_requests, forget_failures, keep_failures},
    marks::{mark_all, mark_due_escrows, mark_held_back, mark_owners, mark_references, unmark},
    mirror::{Mirror, forget_gone, mark_absent_as_gone, see_by_name},
    objects::{Extent, Marked, known_objects, marked_among, marked_page, object_of},
    plan::{
        claimed_names, count_planned, discard_plan, planned_page, stage, staged_after, staged_page,
        unstage,
    },
    scope::{ScopeColumn, clear_preview_scope, note_skips, set_scope},
};
pub(crate) use self::{
    failures::{forget_escrows, retry_failures},
    objects::source_object,
};
use crate::{
    Result,
    database::{Write, assembled, rows_per_statement, value_list},
};

/// Forgets everything that cycles know of a configuration that goes for good.
pub(crate) async fn forget(write: &mut Write, configuration: ConfigurationId) -> Result<()> {
    for sql in [
        "DELETE FROM source_references WHERE configuration_id = $1",
        "DELETE FROM source_objects WHERE configuration_id = $1",
        "DELETE FROM planned_names WHERE configuration_id = $1",
        "DELETE FROM planned_changes WHERE configuration_id = $1",
        "DELETE FROM planned_references WHERE configuration_id = $1",
        "DELETE FROM reference_failures WHERE configuration_id = $1",
        "DELETE FROM on_demand_tests WHERE configuration_id = $1",
        "DELETE FROM preview_changes WHERE preview_id IN
             (SELECT id FROM previews WHERE configuration_id = $1)",
        "DELETE FROM previews WHERE configuration_id = $1",
        "DELETE FROM held_deletions WHERE configuration_id = $1",
        "DELETE FROM escrows WHERE configuration_id = $1",
        "DELETE FROM chosen_objects WHERE configuration_id = $1",
    ] {
        for_configuration(write, sql, configuration).await?;
    }
    Ok(())
}

/// Runs a statement whose only value is the configuration.
pub(super) async fn for_configuration(
    write: &mut Write,
    sql: &'static str,
    configuration: ConfigurationId,
) -> Result<()> {
    sqlx::query(sql)
        .bind(configuration.to_string())
        .execute(write.connection())
        .await?;
    Ok(())
}

/// Runs a statement that ends with `IN`, for these objects; its only other value is the
/// configuration.
pub(super) async fn for_anchors(
    write: &mut Write,
    sql: &'static str,
    configuration: ConfigurationId,
    anchors: &[&SourceAnchor],
) -> Result<()> {
    for anchors in anchors.chunks(rows_per_statement(1)) {
        let mut query = assembled(format!("{sql} ({})", value_list(2, anchors.len())))
            .bind(configuration.to_string());
        for anchor in anchors {
            query = query.bind(anchor.as_str().to_owned());
        }
        query.execute(write.connection()).await?;
    }
    Ok(())
}
