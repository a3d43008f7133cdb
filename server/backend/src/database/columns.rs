//! What columns mean to the program: numbers, identifiers and anchors, as rows keep them.
//!
//! Columns of one table only are read beside its statements.

use engine::directory::{ObjectKind, SourceAnchor};
use sqlx::{Row, any::AnyRow};
use uuid::Uuid;

use crate::{Error, Result};

/// A number of something; columns know no type for what is never below zero.
pub(crate) fn count(row: &AnyRow, column: &str) -> Result<u64> {
    Ok(u64::try_from(row.try_get::<i64, _>(column)?).unwrap_or(0))
}

/// A yes or no, kept as 1 or 0.
pub(crate) fn flag(row: &AnyRow, column: &str) -> Result<bool> {
    Ok(row.try_get::<i64, _>(column)? != 0)
}

pub(crate) fn uuid(row: &AnyRow, column: &str) -> Result<Uuid> {
    row.try_get::<String, _>(column)?
        .parse()
        .map_err(Error::internal)
}

pub(crate) fn anchor(row: &AnyRow, column: &str) -> Result<SourceAnchor> {
    Ok(SourceAnchor::from_stored(row.try_get::<String, _>(column)?))
}

/// The kind of object, from the column `kind`.
pub(crate) fn kind(row: &AnyRow) -> Result<ObjectKind> {
    let word: String = row.try_get("kind")?;
    ObjectKind::parse(&word).ok_or_else(|| Error::internal(format!("unknown kind {word}")))
}
