//! The audit log: what administrators did.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::timestamp::Timestamp;

/// What an administrator did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditEntry {
    pub id: Uuid,
    pub at: Timestamp,
    pub activity: String,
    pub succeeded: bool,
    pub initiated_by: String,
    pub target: String,
    pub detail: String,
}

/// What the audit log is narrowed to; an empty filter shows everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AuditFilter {
    pub activity: Option<String>,
    pub initiated_by: Option<String>,
    pub succeeded: Option<bool>,
    /// Part of what was acted upon.
    pub target: Option<String>,
    pub since: Option<Timestamp>,
}

/// What occurs in the audit log, so that a filter offers nothing that finds nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditValues {
    pub activities: Vec<String>,
    pub initiators: Vec<String>,
}
