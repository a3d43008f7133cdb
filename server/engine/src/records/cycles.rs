//! A cycle: under way, and how it ended.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::timestamp::Timestamp;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum CycleKind {
    /// Reads and plans only; not a cycle of its own.
    Preview,
    /// Every object is read and evaluated.
    Initial,
    /// Only changes are read.
    Incremental,
}

/// What a cycle does at this moment, in the order in which it does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum CyclePhase {
    Reading,
    Planning,
    Writing,
    References,
}

/// A cycle under way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CycleProgress {
    pub cycle: Uuid,
    pub kind: CycleKind,
    pub phase: CyclePhase,
    pub started_at: Timestamp,
    pub observed_at: Timestamp,
    pub objects_read: u64,
    /// Where the directory said so, or as many as the last complete reading had.
    pub objects_expected: Option<u64>,
    /// Planned changes that are not written yet.
    pub to_write: u64,
    pub written: u64,
    /// Of the present phase.
    pub objects_per_second: f64,
    pub seconds_left: Option<u64>,
}

/// What a cycle counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CycleCounts {
    pub read: u64,
    pub created: u64,
    pub updated: u64,
    pub restored: u64,
    pub deleted: u64,
    pub failed: u64,
    /// Left as they are, for a reason that was not told before.
    #[serde(default)]
    pub skipped: u64,
    pub held: u64,
    pub references_added: u64,
    pub references_removed: u64,
}

impl CycleCounts {
    pub fn changes(&self) -> u64 {
        self.created + self.updated + self.restored + self.deleted
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "outcome", content = "message")]
pub enum CycleOutcome {
    Succeeded,
    /// Finished, but some objects failed.
    EntryLevelErrors,
    /// Stopped before the first write, because deletions wait for approval.
    Held,
    Failed(String),
    /// Stopped before the first write, because the plan was not the one that a person had seen.
    PlanChanged,
    /// The server stopped in mid-cycle; the next cycle continued its work.
    Interrupted,
}

/// A cycle that ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CycleSummary {
    pub id: Uuid,
    pub kind: CycleKind,
    pub started_at: Timestamp,
    pub ended_at: Timestamp,
    pub outcome: CycleOutcome,
    pub counts: CycleCounts,
}
