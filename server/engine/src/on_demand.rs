//! What the test of one object found and did, step by step.

use serde::{Deserialize, Serialize};

use crate::{
    directory::{Attributes, ObjectKind},
    records::{ProvisioningError, ProvisioningResult},
    tenant::TenantObjectId,
};

/// The answer to **Provision on demand**.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OnDemand {
    /// What was asked for.
    pub asked_for: String,
    pub kind: Option<ObjectKind>,
    pub display_name: String,
    /// As far as the test came: import, scope, match, action.
    pub steps: Vec<OnDemandStep>,
    /// The object of the tenant, once it is known.
    pub target_id: Option<TenantObjectId>,
}

impl OnDemand {
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
    /// What **View details** lists: name and value, several values on lines of their own.
    pub details: Vec<(String, String)>,
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
pub fn listed(attributes: &Attributes) -> Vec<(String, String)> {
    attributes
        .iter()
        .map(|(name, values)| {
            let lines: Vec<String> = values.iter().map(ToString::to_string).collect();
            (name.to_string(), lines.join("\n"))
        })
        .collect()
}
