//! What is noted of objects when they are judged: whether they are in scope, and why they are left
//! as they are.

use std::collections::BTreeMap;

use engine::{configuration::ConfigurationId, directory::SourceAnchor};

use super::for_configuration;
use crate::{
    Result,
    database::{Write, assembled, rows_per_statement, value_list},
};

/// Where the scope of an object is noted: for good, or for a plan that a person looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::runs) enum ScopeColumn {
    IsInScope,
    PreviewScope,
}

impl ScopeColumn {
    fn name(self) -> &'static str {
        match self {
            Self::IsInScope => "is_in_scope",
            Self::PreviewScope => "preview_scope",
        }
    }

    /// Whether the object of that alias is in scope, as SQL.
    pub(in crate::runs) fn of(self, alias: &str) -> String {
        match self {
            Self::IsInScope => format!("{alias}.is_in_scope"),
            Self::PreviewScope => {
                format!("COALESCE({alias}.preview_scope, {alias}.is_in_scope)")
            }
        }
    }
}

pub(in crate::runs) async fn set_scope(
    write: &mut Write,
    configuration: ConfigurationId,
    anchors: &[&SourceAnchor],
    column: ScopeColumn,
    is_in_scope: bool,
) -> Result<()> {
    let column = column.name();
    for anchors in anchors.chunks(rows_per_statement(1)) {
        let sql = format!(
            "UPDATE source_objects SET {column} = $2
             WHERE configuration_id = $1 AND anchor IN ({})",
            value_list(3, anchors.len())
        );
        let mut query = assembled(sql)
            .bind(configuration.to_string())
            .bind(i64::from(is_in_scope));
        for anchor in anchors {
            query = query.bind(anchor.as_str().to_owned());
        }
        query.execute(write.connection()).await?;
    }
    Ok(())
}

/// Forgets the scope of an earlier preview.
pub(in crate::runs) async fn clear_preview_scope(
    write: &mut Write,
    configuration: ConfigurationId,
) -> Result<()> {
    for_configuration(
        write,
        "UPDATE source_objects SET preview_scope = NULL
         WHERE configuration_id = $1 AND preview_scope IS NOT NULL",
        configuration,
    )
    .await
}

/// What the log was told of objects that are left as they are.
pub(in crate::runs) async fn note_skips(
    write: &mut Write,
    configuration: ConfigurationId,
    skips: &[(&SourceAnchor, Option<&str>)],
) -> Result<()> {
    // Most objects of a page are left out for the same reason.
    let mut by_reason: BTreeMap<Option<&str>, Vec<&SourceAnchor>> = BTreeMap::new();
    for (anchor, reason) in skips {
        by_reason.entry(*reason).or_default().push(anchor);
    }
    for (reason, anchors) in by_reason {
        for anchors in anchors.chunks(rows_per_statement(1)) {
            let sql = format!(
                "UPDATE source_objects SET skip_reason = $1
                 WHERE configuration_id = $2 AND anchor IN ({})",
                value_list(3, anchors.len())
            );
            let mut query = assembled(sql)
                .bind(reason.map(str::to_owned))
                .bind(configuration.to_string());
            for anchor in anchors {
                query = query.bind(anchor.as_str().to_owned());
            }
            query.execute(write.connection()).await?;
        }
    }
    Ok(())
}
