//! The objects of the last reading, and which of them a plan looks at.

use engine::{
    configuration::ConfigurationId,
    directory::{Dn, SourceAnchor, SourceObject, reference},
};
use sqlx::{Row, any::AnyRow};

use crate::{
    Backend, Error, Result,
    database::{Write, assembled, columns, rows_per_statement, value_list},
};

pub(in crate::runs) async fn known_objects(
    backend: &Backend,
    configuration: ConfigurationId,
) -> Result<u64> {
    let row = sqlx::query(
        "SELECT COUNT(*) AS count FROM source_objects
         WHERE configuration_id = $1 AND is_gone = 0",
    )
    .bind(configuration.to_string())
    .fetch_one(backend.db.read())
    .await?;
    columns::count(&row, "count")
}

/// What the last reading saw of one object; nothing once the directory has it no more.
pub(crate) async fn source_object(
    backend: &Backend,
    configuration: ConfigurationId,
    anchor: &SourceAnchor,
) -> Result<Option<SourceObject>> {
    let row = sqlx::query(
        "SELECT anchor, kind, dn, reference_key, attributes FROM source_objects
         WHERE configuration_id = $1 AND anchor = $2 AND is_gone = 0",
    )
    .bind(configuration.to_string())
    .bind(anchor.as_str().to_owned())
    .fetch_optional(backend.db.read())
    .await?;
    row.as_ref().map(object).transpose()
}

/// Which objects a plan looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::runs) enum Extent {
    Marked,
    Everything,
}

impl Extent {
    fn condition(self) -> &'static str {
        match self {
            Self::Marked => "AND is_marked = 1",
            Self::Everything => "",
        }
    }

    /// Whether the references of the object of that alias are to be compared, as SQL.
    pub(in crate::runs) fn references_of(self, alias: &str) -> String {
        match self {
            Self::Marked => format!("{alias}.references_marked = 1"),
            Self::Everything => "1 = 1".to_owned(),
        }
    }
}

/// One object that is to be evaluated.
pub(in crate::runs) struct Marked {
    pub(in crate::runs) object: SourceObject,
    pub(in crate::runs) is_gone: bool,
    pub(in crate::runs) was_in_scope: bool,
    /// Why it was left as it is, as the log was told last.
    pub(in crate::runs) skip_reason: Option<String>,
}

const MARKED: &str =
    "SELECT anchor, kind, dn, reference_key, attributes, is_gone, is_in_scope, skip_reason
     FROM source_objects WHERE configuration_id = $1";

pub(in crate::runs) async fn marked_page(
    write: &mut Write,
    configuration: ConfigurationId,
    extent: Extent,
    after: &str,
    limit: usize,
) -> Result<Vec<Marked>> {
    let rows = assembled(format!(
        "{MARKED} {} AND anchor > $2 ORDER BY anchor LIMIT $3",
        extent.condition()
    ))
    .bind(configuration.to_string())
    .bind(after.to_owned())
    .bind(i64::try_from(limit).unwrap_or(i64::MAX))
    .fetch_all(write.connection())
    .await?;
    rows.iter().map(marked).collect()
}

/// Those of these objects that the plan looks at.
pub(in crate::runs) async fn marked_among(
    write: &mut Write,
    configuration: ConfigurationId,
    extent: Extent,
    anchors: &[&SourceAnchor],
) -> Result<Vec<Marked>> {
    let mut all = Vec::new();
    for anchors in anchors.chunks(rows_per_statement(1)) {
        let sql = format!(
            "{MARKED} {} AND anchor IN ({})",
            extent.condition(),
            value_list(2, anchors.len())
        );
        let mut query = assembled(sql).bind(configuration.to_string());
        for anchor in anchors {
            query = query.bind(anchor.as_str().to_owned());
        }
        for row in query.fetch_all(write.connection()).await? {
            all.push(marked(&row)?);
        }
    }
    Ok(all)
}

fn marked(row: &AnyRow) -> Result<Marked> {
    Ok(Marked {
        object: object(row)?,
        is_gone: columns::flag(row, "is_gone")?,
        was_in_scope: columns::flag(row, "is_in_scope")?,
        skip_reason: row.try_get("skip_reason")?,
    })
}

fn object(row: &AnyRow) -> Result<SourceObject> {
    let anchor = columns::anchor(row, "anchor")?;
    object_of(row, anchor)
}

/// The object of a row with `kind`, `dn`, `reference_key` and `attributes`.
pub(in crate::runs) fn object_of(row: &AnyRow, anchor: SourceAnchor) -> Result<SourceObject> {
    Ok(SourceObject {
        anchor,
        dn: Dn::parse(row.try_get("dn")?).map_err(Error::internal)?,
        guid: reference::guid_of_reference_key(row.try_get("reference_key")?),
        kind: columns::kind(row)?,
        attributes: serde_json::from_str(row.try_get("attributes")?)?,
    })
}
