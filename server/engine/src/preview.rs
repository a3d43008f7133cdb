//! A plan that a person looks at before it runs.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    configuration::ConfigurationId,
    cycle::plan::{Change, PlannedChange},
    directory::{ObjectKind, SourceAnchor},
    records::ManagedCounts,
    timestamp::Timestamp,
};

/// Identifies a preview.
pub type PreviewId = Uuid;

/// What a preview found, as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PreviewSummary {
    pub id: PreviewId,
    pub configuration: ConfigurationId,
    pub made_at: Timestamp,
    pub made_by: String,
    /// Planned with settings that are not saved.
    pub is_draft: bool,
    /// Whether every object was looked at, as after a restart, or what the next cycle looks at.
    pub covers_everything: bool,
    pub counts: PlanCounts,
    /// Why the guard would hold the plan's deletions; none when it would run as it is.
    pub held_because: Option<String>,
    /// Objects that are in scope only because nested groups are followed.
    pub added_by_nesting: u64,
    /// Stands for the whole plan: a run whose plan has another one is refused.
    pub digest: String,
}

/// What a plan would do, by kind of object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanCounts {
    pub creates: ManagedCounts,
    pub updates: ManagedCounts,
    /// Objects of the tenant that become managed on-premises.
    pub take_overs: ManagedCounts,
    pub restores: ManagedCounts,
    pub deletes: ManagedCounts,
    /// Objects that could not be written, for example because the tenant's rules forbid it.
    pub failures: ManagedCounts,
    /// Values that another object has.
    pub conflicts: ManagedCounts,
    /// Objects that are left as they are, for a reason.
    pub skips: ManagedCounts,
    pub references_added: u64,
    pub references_removed: u64,
}

impl PlanCounts {
    pub fn count(&mut self, planned: &PlannedChange) {
        let counts = match &planned.change {
            Change::Create { .. } => &mut self.creates,
            Change::Update { .. } => &mut self.updates,
            Change::TakeOver { .. } => &mut self.take_overs,
            Change::Restore { .. } => &mut self.restores,
            Change::Delete { .. } => &mut self.deletes,
            Change::Fail(_) => &mut self.failures,
            Change::Skip(_) => &mut self.skips,
            Change::Nothing => return,
        };
        counts.count(planned.kind);
        if !planned.held_back.is_empty() {
            self.conflicts.count(planned.kind);
        }
    }

    /// Whether the tenant would stay as it is.
    pub fn changes_nothing(&self) -> bool {
        let changes = [
            self.creates,
            self.updates,
            self.take_overs,
            self.restores,
            self.deletes,
        ];
        changes.iter().all(|counts| counts.total() == 0)
            && self.references_added + self.references_removed == 0
    }
}

/// One line of a preview. Two lines stand for an object whose references change too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "line")]
pub enum PreviewLine {
    Object(Box<PlannedChange>),
    References(PlannedReferences),
}

/// References of one object that would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlannedReferences {
    pub anchor: SourceAnchor,
    pub kind: ObjectKind,
    pub dn: String,
    pub display_name: String,
    pub attribute: String,
    pub added: u64,
    pub removed: u64,
}

impl PreviewLine {
    /// The word by which lines are narrowed: create, update, takeOver, restore, delete, fail,
    /// skip, references.
    pub fn action(&self) -> &'static str {
        match self {
            Self::References(_) => "references",
            Self::Object(planned) => match planned.change {
                Change::Create { .. } => "create",
                Change::Update { .. } => "update",
                Change::TakeOver { .. } => "takeOver",
                Change::Restore { .. } => "restore",
                Change::Delete { .. } => "delete",
                Change::Fail(_) => "fail",
                Change::Skip(_) => "skip",
                Change::Nothing => "nothing",
            },
        }
    }
}

/// For example `update Anna Bergmann: Department Sales → Marketing`.
impl std::fmt::Display for PreviewLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Object(planned) => planned.fmt(f),
            Self::References(references) => write!(
                f,
                "references {}: {} {} added, {} removed",
                references.display_name, references.attribute, references.added, references.removed
            ),
        }
    }
}
