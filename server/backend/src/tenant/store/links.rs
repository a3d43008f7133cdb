//! Links: which tenant object a source object is, and which configuration manages it.

use std::collections::{HashMap, HashSet};

use engine::{configuration::ConfigurationId, directory::SourceAnchor, tenant::TenantObject};

use super::objects::{OBJECT, object};
use crate::{
    Backend, Result,
    database::{Write, assembled, columns, rows_per_statement, value_list},
};

/// The tenant objects that a configuration's links name, by anchor.
pub(crate) async fn linked(
    write: &mut Write,
    configuration: ConfigurationId,
    anchors: &[&SourceAnchor],
) -> Result<HashMap<SourceAnchor, TenantObject>> {
    let mut linked = HashMap::new();
    for anchors in anchors.chunks(rows_per_statement(1)) {
        let sql = format!(
            "SELECT l.anchor, {OBJECT} FROM links l JOIN tenant_objects t ON t.id = l.target_id
             WHERE l.configuration_id = $1 AND l.anchor IN ({})",
            value_list(2, anchors.len())
        );
        let mut query = assembled(sql).bind(configuration.to_string());
        for anchor in anchors {
            query = query.bind(anchor.as_str().to_owned());
        }
        for row in query.fetch_all(write.connection()).await? {
            let anchor = columns::anchor(&row, "anchor")?;
            linked.insert(anchor, object(&row)?);
        }
    }
    Ok(linked)
}

/// Which of these source objects are linked with an object that is there. A link whose object was
/// deleted for good by somebody else must not keep it from being created again.
pub(in crate::tenant) async fn linked_anchors(
    write: &mut Write,
    configuration: ConfigurationId,
    anchors: &[&SourceAnchor],
) -> Result<HashSet<SourceAnchor>> {
    let mut linked = HashSet::new();
    for anchors in anchors.chunks(rows_per_statement(1)) {
        let sql = format!(
            "SELECT l.anchor FROM links l JOIN tenant_objects t ON t.id = l.target_id
             WHERE l.configuration_id = $1 AND l.anchor IN ({})",
            value_list(2, anchors.len())
        );
        let mut query = assembled(sql).bind(configuration.to_string());
        for anchor in anchors {
            query = query.bind(anchor.as_str().to_owned());
        }
        for row in query.fetch_all(write.connection()).await? {
            linked.insert(columns::anchor(&row, "anchor")?);
        }
    }
    Ok(linked)
}

pub(in crate::tenant) async fn is_managing(backend: &Backend, id: ConfigurationId) -> Result<bool> {
    let row = sqlx::query("SELECT 1 AS one FROM links WHERE configuration_id = $1 LIMIT 1")
        .bind(id.to_string())
        .fetch_optional(backend.db.read())
        .await?;
    Ok(row.is_some())
}

/// All objects are matched anew.
pub(crate) async fn unlink(write: &mut Write, configuration: ConfigurationId) -> Result<()> {
    sqlx::query("DELETE FROM links WHERE configuration_id = $1")
        .bind(configuration.to_string())
        .execute(write.connection())
        .await?;
    Ok(())
}

/// The configuration goes; its objects stay, managed by nobody.
pub(crate) async fn release(write: &mut Write, configuration: ConfigurationId) -> Result<()> {
    for sql in [
        "DELETE FROM links WHERE configuration_id = $1",
        "UPDATE tenant_objects SET managed_by = NULL WHERE managed_by = $1",
    ] {
        sqlx::query(sql)
            .bind(configuration.to_string())
            .execute(write.connection())
            .await?;
    }
    Ok(())
}
