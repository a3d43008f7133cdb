//! The marks of objects: what is to be evaluated, and whose references are to be compared. They stay
//! until what follows from them is settled.

use std::collections::BTreeSet;

use engine::{configuration::ConfigurationId, directory::SourceAnchor, timestamp::Timestamp};

use super::{for_anchors, for_configuration};
use crate::{
    Result,
    database::{Write, assembled, rows_per_statement, value_list},
};

pub(in crate::runs) async fn mark_all(
    write: &mut Write,
    configuration: ConfigurationId,
) -> Result<()> {
    for_configuration(
        write,
        "UPDATE source_objects SET is_marked = 1, references_marked = 1
         WHERE configuration_id = $1 AND (is_marked = 0 OR references_marked = 0)",
        configuration,
    )
    .await
}

/// Marks the objects whose time for another try has come.
pub(in crate::runs) async fn mark_due_escrows(
    write: &mut Write,
    configuration: ConfigurationId,
    now: Timestamp,
) -> Result<()> {
    sqlx::query(
        "UPDATE source_objects SET is_marked = 1
         WHERE configuration_id = $1 AND is_marked = 0 AND anchor IN
             (SELECT anchor FROM escrows WHERE configuration_id = $1 AND next_attempt <= $2)",
    )
    .bind(configuration.to_string())
    .bind(now.0)
    .execute(write.connection())
    .await?;
    Ok(())
}

/// Objects with a value that waits until it is free are looked at in every cycle.
pub(in crate::runs) async fn mark_held_back(
    write: &mut Write,
    configuration: ConfigurationId,
) -> Result<()> {
    for_configuration(
        write,
        "UPDATE source_objects SET is_marked = 1
         WHERE configuration_id = $1 AND is_marked = 0 AND anchor IN
             (SELECT l.anchor FROM tenant_objects t JOIN links l ON l.target_id = t.id
              WHERE t.managed_by = $1 AND t.held_back IS NOT NULL AND l.configuration_id = $1)",
        configuration,
    )
    .await
}

/// These have their own references compared.
pub(in crate::runs) async fn mark_references(
    write: &mut Write,
    configuration: ConfigurationId,
    anchors: &[&SourceAnchor],
) -> Result<()> {
    for_anchors(
        write,
        "UPDATE source_objects SET references_marked = 1
         WHERE configuration_id = $1 AND references_marked = 0 AND anchor IN",
        configuration,
        anchors,
    )
    .await
}

/// Objects that refer by one of these keys have their references compared again.
pub(in crate::runs) async fn mark_owners(
    write: &mut Write,
    configuration: ConfigurationId,
    keys: &BTreeSet<String>,
) -> Result<()> {
    let keys: Vec<&String> = keys.iter().collect();
    for keys in keys.chunks(rows_per_statement(1)) {
        let sql = format!(
            "UPDATE source_objects SET references_marked = 1
             WHERE configuration_id = $1 AND references_marked = 0 AND anchor IN
                 (SELECT owner_anchor FROM source_references
                  WHERE configuration_id = $1 AND target_key IN ({}))",
            value_list(2, keys.len())
        );
        let mut query = assembled(sql).bind(configuration.to_string());
        for key in keys {
            query = query.bind((*key).clone());
        }
        query.execute(write.connection()).await?;
    }
    Ok(())
}

/// What follows from these objects is settled.
pub(in crate::runs) async fn unmark(
    write: &mut Write,
    configuration: ConfigurationId,
    anchors: &[&SourceAnchor],
) -> Result<()> {
    for_anchors(
        write,
        "UPDATE source_objects SET is_marked = 0 WHERE configuration_id = $1 AND anchor IN",
        configuration,
        anchors,
    )
    .await
}
