//! What the test of one object found and did, step by step.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    directory::{AttributeValue, Attributes, ObjectKind, ObjectReference},
    records::{ModifiedProperty, ProvisioningAction, ProvisioningError, ProvisioningResult},
    tenant::TenantObjectId,
    timestamp::Timestamp,
};

/// The answer to **Provision on demand**.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OnDemand {
    pub id: Uuid,
    pub at: Timestamp,
    /// What was asked for.
    pub asked_for: String,
    pub kind: Option<ObjectKind>,
    pub display_name: String,
    /// As far as the test came: import, scope, match, action.
    pub steps: Vec<OnDemandStep>,
    /// The object of the tenant, once it is known.
    pub target_id: Option<TenantObjectId>,
    /// What was done to it; none when nothing was written.
    #[serde(default)]
    pub written: Option<ProvisioningAction>,
}

impl OnDemand {
    /// Whether the configuration leaves the object out. The test goes on all the same.
    pub fn is_out_of_scope(&self) -> bool {
        self.steps
            .iter()
            .any(|step| step.name == StepName::Scope && step.result == ProvisioningResult::Warning)
    }

    /// Whether every step was taken and none failed.
    pub fn succeeded(&self) -> bool {
        self.steps.len() == StepName::ALL.len()
            && self
                .steps
                .iter()
                .all(|step| step.result != ProvisioningResult::Failure)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OnDemandStep {
    pub name: StepName,
    pub result: ProvisioningResult,
    /// One sentence for people.
    pub explanation: String,
    /// What **View details** lists. What is only read has new values alone.
    pub details: Vec<ModifiedProperty>,
    pub error: Option<ProvisioningError>,
}

/// The four steps, under the names that the portal shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum StepName {
    Import,
    Scope,
    Match,
    Action,
}

impl StepName {
    /// As it stands in an address.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::Scope => "scope",
            Self::Match => "match",
            Self::Action => "action",
        }
    }

    pub const ALL: [Self; 4] = [Self::Import, Self::Scope, Self::Match, Self::Action];

    /// For example "Import user".
    pub fn label(self, kind: ObjectKind) -> String {
        match self {
            Self::Import => format!("Import {kind}"),
            Self::Scope => format!("Determine if {kind} is in scope"),
            Self::Match => format!("Match {kind} between source and target system"),
            Self::Action => "Perform action".to_owned(),
        }
    }
}

/// Attributes as a list of names and values.
pub fn listed(attributes: &Attributes) -> Vec<ModifiedProperty> {
    attributes
        .iter()
        .map(|(name, values)| {
            let lines: Vec<String> = values.iter().map(shown).collect();
            fact(name.to_string(), lines.join("\n"))
        })
        .collect()
}

/// References by the names that people know.
fn shown(value: &AttributeValue) -> String {
    let text = value.to_string();
    match ObjectReference::parse(&text) {
        Ok(reference) if reference.guid.is_some() => reference.dn.to_string(),
        _ => text,
    }
}

/// A name with a value that is only read.
pub fn fact(name: impl Into<String>, value: impl Into<String>) -> ModifiedProperty {
    ModifiedProperty {
        name: name.into(),
        old_value: None,
        new_value: Some(value.into()),
    }
}
