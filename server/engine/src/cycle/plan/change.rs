//! One line of the plan: what is to be done to one object, or why it is not, and how that is told.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    cycle::error_code::ErrorCode,
    directory::{Attributes, Dn, ObjectKind, SourceAnchor},
    records::{ProvisioningAction, ProvisioningDetail, ProvisioningError, ProvisioningResult},
    tenant::{HeldBack, TenantObjectId},
};

/// One object's line of the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlannedChange {
    pub anchor: SourceAnchor,
    pub kind: ObjectKind,
    pub dn: Dn,
    pub display_name: String,
    pub is_in_scope: bool,
    pub change: Change,
    /// The names that the object takes, by their keys ([`crate::cycle::conflicts::keys`]).
    #[serde(default)]
    pub names: Vec<String>,
    /// Values that somebody else has.
    #[serde(default)]
    pub held_back: Vec<HeldBack>,
    /// Why attributes are left as the tenant has them, a sentence each.
    #[serde(default)]
    pub warnings: Vec<String>,
    /// Tenant objects that give a name up for this one in the same plan.
    #[serde(default)]
    pub takes_names_from: Vec<TenantObjectId>,
    pub detail: ProvisioningDetail,
}

/// What is to be done to the target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "change")]
pub enum Change {
    #[serde(rename_all = "camelCase")]
    Create { attributes: Attributes },
    #[serde(rename_all = "camelCase")]
    Update {
        target_id: TenantObjectId,
        attributes: Attributes,
    },
    /// An existing tenant object becomes managed by this configuration.
    #[serde(rename_all = "camelCase")]
    TakeOver {
        target_id: TenantObjectId,
        attributes: Attributes,
    },
    /// Out of the recycle bin, with its identity.
    #[serde(rename_all = "camelCase")]
    Restore {
        target_id: TenantObjectId,
        attributes: Attributes,
    },
    /// Users go to the recycle bin for 30 days, groups and contacts at once.
    #[serde(rename_all = "camelCase")]
    Delete { target_id: TenantObjectId },
    /// Both sides agree.
    Nothing,
    /// The object is left as it is, for a reason that the log tells.
    Skip(Failure),
    /// The object cannot be written as it is. Others are not held up by it.
    Fail(Failure),
}

/// Why an object is not written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    pub code: ErrorCode,
    pub reason: String,
}

impl Change {
    /// As the provisioning log names it; none where nothing is logged.
    pub fn action(&self) -> Option<ProvisioningAction> {
        match self {
            Self::Create { .. } => Some(ProvisioningAction::Create),
            Self::Update { .. } | Self::TakeOver { .. } | Self::Restore { .. } => {
                Some(ProvisioningAction::Update)
            }
            Self::Delete { .. } => Some(ProvisioningAction::Delete),
            Self::Nothing => None,
            Self::Skip(_) | Self::Fail(_) => Some(ProvisioningAction::Other),
        }
    }

    pub fn target_id(&self) -> Option<TenantObjectId> {
        match self {
            Self::Update { target_id, .. }
            | Self::TakeOver { target_id, .. }
            | Self::Restore { target_id, .. }
            | Self::Delete { target_id } => Some(*target_id),
            Self::Create { .. } | Self::Nothing | Self::Skip(_) | Self::Fail(_) => None,
        }
    }
}

impl Failure {
    pub fn new(code: ErrorCode, reason: String) -> Self {
        Self { code, reason }
    }

    /// As the provisioning log shows it.
    pub fn as_error(&self) -> ProvisioningError {
        ProvisioningError {
            code: self.code.to_string(),
            reason: self.reason.clone(),
            advice: self.code.advice().to_owned(),
        }
    }
}

impl PlannedChange {
    /// As the provisioning log says it.
    pub fn result(&self) -> ProvisioningResult {
        match self.change {
            Change::Fail(_) => ProvisioningResult::Failure,
            Change::Skip(_) => ProvisioningResult::Skipped,
            Change::Nothing if self.warnings.is_empty() => ProvisioningResult::Skipped,
            _ if !self.held_back.is_empty() || !self.warnings.is_empty() => {
                ProvisioningResult::Warning
            }
            _ => ProvisioningResult::Success,
        }
    }

    /// For people to look at: what changes stands in the detail, and what an expression redacts is
    /// nowhere.
    #[must_use]
    pub fn without_attributes(mut self) -> Self {
        if let Change::Create { attributes }
        | Change::Update { attributes, .. }
        | Change::TakeOver { attributes, .. }
        | Change::Restore { attributes, .. } = &mut self.change
        {
            *attributes = Attributes::new();
        }
        self
    }

    /// The same object, not taken by the target.
    #[must_use]
    pub fn refused(self, failure: Failure) -> Self {
        let mut detail = ProvisioningDetail {
            modified_properties: Vec::new(),
            error: Some(failure.as_error()),
            ..self.detail
        };
        if let Some(last) = detail.steps.last_mut() {
            last.result = ProvisioningResult::Failure;
            last.description.clone_from(&failure.reason);
        }
        Self {
            change: Change::Fail(failure),
            detail,
            ..self
        }
    }

    /// Why the object would be deleted, in one sentence.
    pub fn reason(&self) -> &str {
        self.detail
            .steps
            .last()
            .map_or("", |step| step.description.as_str())
    }
}

/// One line for people, for example `update Anna Bergmann: Department Sales → Marketing`.
impl fmt::Display for PlannedChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = match &self.change {
            Change::Create { .. } => "create",
            Change::Update { .. } => "update",
            Change::TakeOver { .. } => "take over",
            Change::Restore { .. } => "restore",
            Change::Delete { .. } => "delete",
            Change::Nothing => "leave",
            Change::Skip(_) => "skip",
            Change::Fail(_) => "fail",
        };
        write!(f, "{verb} {}", self.display_name)?;
        match &self.change {
            Change::Update { .. } | Change::TakeOver { .. } | Change::Restore { .. } => {
                let changes: Vec<_> = self
                    .detail
                    .modified_properties
                    .iter()
                    .map(|property| {
                        let shown =
                            |value: &Option<String>| value.clone().unwrap_or("∅".to_owned());
                        format!(
                            "{} {} → {}",
                            property.name,
                            shown(&property.old_value),
                            shown(&property.new_value)
                        )
                    })
                    .collect();
                if changes.is_empty() {
                    Ok(())
                } else {
                    write!(f, ": {}", changes.join(", "))
                }
            }
            Change::Delete { .. } => write!(f, ": {}", self.reason()),
            Change::Skip(failure) | Change::Fail(failure) => {
                write!(f, ": {} ({})", failure.reason, failure.code)
            }
            Change::Create { .. } | Change::Nothing => Ok(()),
        }
    }
}
