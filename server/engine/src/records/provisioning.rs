//! The provisioning log: what was done to which object, how it went, and why.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    configuration::ConfigurationId, directory::ObjectKind, tenant::TenantObjectId,
    timestamp::Timestamp,
};

/// What was done to an object (Graph: `provisioningAction`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ProvisioningAction {
    Create,
    Update,
    Delete,
    Disable,
    StagedDelete,
    Other,
}

impl ProvisioningAction {
    pub const ALL: [Self; 6] = [
        Self::Create,
        Self::Update,
        Self::Delete,
        Self::Disable,
        Self::StagedDelete,
        Self::Other,
    ];

    /// As it is stored and stands in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Disable => "disable",
            Self::StagedDelete => "stagedDelete",
            Self::Other => "other",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.as_str() == word)
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Create => "Create",
            Self::Update => "Update",
            Self::Delete => "Delete",
            Self::Disable => "Disable",
            Self::StagedDelete => "StagedDelete",
            Self::Other => "Other",
        }
    }
}

/// How it went (Graph: `provisioningResult`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ProvisioningResult {
    Success,
    Failure,
    Skipped,
    Warning,
}

impl ProvisioningResult {
    pub const ALL: [Self; 4] = [Self::Success, Self::Failure, Self::Skipped, Self::Warning];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Skipped => "skipped",
            Self::Warning => "warning",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|result| result.as_str() == word)
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Success => "Success",
            Self::Failure => "Failure",
            Self::Skipped => "Skipped",
            Self::Warning => "Warning",
        }
    }
}

/// What was synchronized (the insights' *SyncType*).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SyncType {
    Object,
    Password,
}

impl SyncType {
    pub const ALL: [Self; 2] = [Self::Object, Self::Password];

    /// As it is stored and stands in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Object => "object",
            Self::Password => "password",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Object => "Objects",
            Self::Password => "Passwords",
        }
    }
}

/// A row of the provisioning log: one object, one change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProvisioningEntrySummary {
    /// The change's id: the handle for support.
    pub id: Uuid,
    pub at: Timestamp,
    pub configuration: ConfigurationId,
    pub cycle: Uuid,
    pub kind: ObjectKind,
    pub action: ProvisioningAction,
    pub result: ProvisioningResult,
    pub display_name: String,
    /// The object's identifier in the directory (objectGUID, entryUUID), else its anchor.
    pub source_id: String,
    pub target_id: Option<TenantObjectId>,
    pub source_system: String,
    pub target_system: String,
}

/// The whole entry with its four tabs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProvisioningEntry {
    pub summary: ProvisioningEntrySummary,
    pub source_dn: String,
    #[serde(flatten)]
    pub detail: ProvisioningDetail,
}

/// What is stored as one document beside the row's columns.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ProvisioningDetail {
    pub steps: Vec<ProvisioningStep>,
    pub modified_properties: Vec<ModifiedProperty>,
    pub error: Option<ProvisioningError>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum StepType {
    Import,
    Scoping,
    Matching,
    Processing,
    ReferenceResolution,
    Export,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProvisioningStep {
    pub step_type: StepType,
    pub result: ProvisioningResult,
    pub description: String,
}

/// One attribute's value before and after. Several values stand on lines of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ModifiedProperty {
    pub name: String,
    pub old_value: Option<String>,
    pub new_value: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProvisioningError {
    pub code: String,
    pub reason: String,
    pub advice: String,
}

/// What the log list is narrowed to; an empty filter shows everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ProvisioningFilter {
    pub configuration: Option<ConfigurationId>,
    pub cycle: Option<Uuid>,
    pub action: Option<ProvisioningAction>,
    pub result: Option<ProvisioningResult>,
    pub kind: Option<ObjectKind>,
    /// Part of a name, a user principal name, a DN, an objectGUID, an anchor or a target id.
    pub identity: Option<String>,
    pub error_code: Option<String>,
    pub sync_type: Option<SyncType>,
    pub since: Option<Timestamp>,
    /// The first instant that is too late.
    pub until: Option<Timestamp>,
}
