//! Who names whom: `member`, `manager`, `managedBy`.

use engine::directory::{Dn, ObjectGuid, ObjectReference};
use sqlx::{Any, Executor, Row};

use super::{
    COLUMNS, Entry,
    condition::{Condition, Value, bound},
    entry, guid,
};
use crate::{
    Error, Result,
    database::{Write, assembled, rows_per_statement, value_list, value_rows},
};

/// Attributes whose values are other entries.
pub(in crate::forest) const REFERENCES: [&str; 3] = ["member", "manager", "managedBy"];

/// `owner` names `target` in `attribute`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::forest) struct Reference {
    pub(in crate::forest) owner: ObjectGuid,
    pub(in crate::forest) attribute: String,
    pub(in crate::forest) target: ObjectGuid,
}

/// As [`entries`], through a reference: `r` is the row of `forest_references`.
pub(in crate::forest) async fn referring<'e>(
    executor: impl Executor<'e, Database = Any>,
    join: Join,
    condition: Condition,
    tail: &str,
) -> Result<Vec<Entry>> {
    let Condition { sql, values } = condition;
    let on = join.on();
    let sql = format!(
        "SELECT DISTINCT {COLUMNS}, e.sort_key FROM forest_entries e JOIN forest_references r ON {on}
         WHERE {sql} {tail}"
    );
    let rows = bound(sql, values).fetch_all(executor).await?;
    rows.iter().map(entry).collect()
}

/// Which end of a reference is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::forest) enum Join {
    Owners,
    Targets,
}

impl Join {
    fn on(self) -> &'static str {
        match self {
            Self::Owners => "r.owner_id = e.id",
            Self::Targets => "r.target_id = e.id",
        }
    }
}

/// One side of a count of references.
pub(in crate::forest) async fn count_references<'e>(
    executor: impl Executor<'e, Database = Any>,
    join: Join,
    attribute: &str,
    id: ObjectGuid,
) -> Result<u64> {
    let column = match join {
        Join::Owners => "target_id",
        Join::Targets => "owner_id",
    };
    let sql = format!(
        "SELECT COUNT(*) AS n FROM forest_references WHERE attribute = $1 AND {column} = $2"
    );
    let row = bound(sql, vec![attribute.into(), id.into()])
        .fetch_one(executor)
        .await?;
    Ok(u64::try_from(row.try_get::<i64, _>("n")?).unwrap_or_default())
}

/// The references of these owners: the attribute, and the target by its identifier and the name
/// that it has now.
pub(in crate::forest) async fn referred_to<'e>(
    executor: impl Executor<'e, Database = Any>,
    owners: &[ObjectGuid],
) -> Result<Vec<(ObjectGuid, String, ObjectReference)>> {
    if owners.is_empty() {
        return Ok(Vec::new());
    }
    let list = value_list(1, owners.len());
    let sql = format!(
        "SELECT r.owner_id, r.attribute, r.target_id, t.dn FROM forest_references r
         JOIN forest_entries t ON t.id = r.target_id
         WHERE r.owner_id IN ({list}) ORDER BY r.owner_id, r.attribute, t.sort_key"
    );
    let values = owners.iter().copied().map(Value::from).collect();
    let rows = bound(sql, values).fetch_all(executor).await?;
    rows.iter()
        .map(|row| {
            let owner = guid(&row.try_get::<String, _>("owner_id")?)?;
            let target = ObjectReference {
                guid: Some(guid(&row.try_get::<String, _>("target_id")?)?),
                dn: Dn::parse(row.try_get("dn")?).map_err(Error::internal)?,
            };
            Ok((owner, row.try_get("attribute")?, target))
        })
        .collect()
}

/// Adds references; those that are there already stay.
pub(in crate::forest) async fn put_references(
    write: &mut Write,
    references: &[Reference],
) -> Result<()> {
    for chunk in references.chunks(rows_per_statement(3)) {
        let mut query = assembled(format!(
            "INSERT INTO forest_references (owner_id, attribute, target_id) VALUES {}
             ON CONFLICT DO NOTHING",
            value_rows(1, chunk.len(), 3)
        ));
        for reference in chunk {
            query = query
                .bind(reference.owner.to_string())
                .bind(reference.attribute.clone())
                .bind(reference.target.to_string());
        }
        query.execute(write.connection()).await?;
    }
    Ok(())
}

/// Takes these targets, or all when none are named, out of an attribute of `owner`.
pub(in crate::forest) async fn remove_references(
    write: &mut Write,
    owner: ObjectGuid,
    attribute: &str,
    targets: Option<&[ObjectGuid]>,
) -> Result<u64> {
    let mut values: Vec<Value> = vec![owner.into(), attribute.into()];
    let mut sql = "DELETE FROM forest_references WHERE owner_id = $1 AND attribute = $2".to_owned();
    if let Some(targets) = targets {
        let list = value_list(3, targets.len());
        sql.push_str(&format!(" AND target_id IN ({list})"));
        values.extend(targets.iter().copied().map(Value::from));
    }
    let done = bound(sql, values).execute(write.connection()).await?;
    Ok(done.rows_affected())
}
