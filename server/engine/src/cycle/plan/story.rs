//! The steps that the log tells of one object, collected on the way to the decision.

use super::{Change, Decided, Failure, PlannedChange};
use crate::{
    configuration::scope::ScopeVerdict,
    cycle::{conflicts, error_code::ErrorCode, mapped::Mapped, matching::MatchedBy},
    directory::SourceObject,
    records::{
        ProvisioningDetail, ProvisioningError, ProvisioningResult, ProvisioningStep, StepType,
    },
    tenant::HeldBack,
};

pub(super) struct Story {
    steps: Vec<ProvisioningStep>,
    reason_for_deletion: String,
}

impl Story {
    pub(super) fn begin(object: &SourceObject, is_gone: bool) -> Self {
        let mut story = Self {
            steps: Vec::new(),
            reason_for_deletion: String::new(),
        };
        let what = format!("The {} {}", object.kind, object.dn);
        let description = if is_gone {
            story.reason_for_deletion =
                "The directory does not have the object any more.".to_owned();
            format!("{what} is gone from the directory.")
        } else {
            format!("{what} was read from the directory.")
        };
        story.add(StepType::Import, ProvisioningResult::Success, description);
        story
    }

    fn add(&mut self, step_type: StepType, result: ProvisioningResult, description: String) {
        self.steps.push(ProvisioningStep {
            step_type,
            result,
            description,
        });
    }

    pub(super) fn scoped(&mut self, verdict: &ScopeVerdict) {
        let result = match verdict {
            ScopeVerdict::InScope(_) => ProvisioningResult::Success,
            ScopeVerdict::OutOfScope(_) => ProvisioningResult::Skipped,
        };
        self.reason_for_deletion = verdict.explanation();
        self.add(StepType::Scoping, result, verdict.explanation());
    }

    pub(super) fn reason_for_deletion(&self) -> &str {
        &self.reason_for_deletion
    }

    pub(super) fn matched(&mut self, how: &str) {
        self.add(
            StepType::Matching,
            ProvisioningResult::Success,
            how.to_owned(),
        );
    }

    pub(super) fn matching(&mut self, found: Option<MatchedBy>) {
        self.matched(&match found {
            Some(matched_by) => {
                format!("A tenant object was found by {}.", matched_by.label())
            }
            None => "No tenant object matches; a new one is created.".to_owned(),
        });
    }

    pub(super) fn held_back(&mut self, held_back: &[HeldBack]) {
        if !held_back.is_empty() {
            let description = conflicts::explanation(held_back);
            self.add(
                StepType::Processing,
                ProvisioningResult::Warning,
                description,
            );
        }
    }

    /// What was noticed while the attributes were mapped.
    pub(super) fn mapped(&mut self, mapped: &Mapped) {
        use ProvisioningResult::{Success, Warning};
        for note in mapped.notes() {
            self.add(StepType::Processing, Success, note.clone());
        }
        for reason in mapped.left_as_they_are() {
            let description = format!("{reason} It is left as it is.");
            self.add(StepType::Processing, Warning, description);
        }
    }

    pub(super) fn close(
        mut self,
        object: SourceObject,
        is_in_scope: bool,
        decided: Decided,
    ) -> PlannedChange {
        let (result, description) = self.ending(&decided.change);
        self.add(StepType::Export, result, description);
        let error = error(&decided);
        PlannedChange {
            anchor: object.anchor,
            kind: object.kind,
            dn: object.dn,
            display_name: decided.display_name,
            is_in_scope,
            detail: ProvisioningDetail {
                steps: self.steps,
                modified_properties: decided.modified_properties,
                error,
            },
            change: decided.change,
            names: decided.names,
            held_back: decided.held_back,
            warnings: decided.warnings,
            takes_names_from: decided.takes_names_from,
        }
    }

    fn ending(&self, change: &Change) -> (ProvisioningResult, String) {
        use ProvisioningResult::{Failure, Skipped, Success};
        match change {
            Change::Create { .. } => (Success, "Create in the tenant.".to_owned()),
            Change::Update { .. } => (Success, "Update in the tenant.".to_owned()),
            Change::TakeOver { .. } => (
                Success,
                "Take over: from now on the directory is the object's source.".to_owned(),
            ),
            Change::Restore { .. } => (
                Success,
                "Restore from the recycle bin, with the same identity.".to_owned(),
            ),
            Change::Delete { .. } => (Success, self.reason_for_deletion.clone()),
            Change::Nothing => (Skipped, "Nothing to do: both sides agree.".to_owned()),
            Change::Skip(skip) => (Skipped, skip.reason.clone()),
            Change::Fail(failure) => (Failure, failure.reason.clone()),
        }
    }
}

fn error(decided: &Decided) -> Option<ProvisioningError> {
    let failure = match &decided.change {
        Change::Fail(problem) | Change::Skip(problem) => return Some(problem.as_error()),
        _ if !decided.held_back.is_empty() => Failure::new(
            ErrorCode::AttributeValueMustBeUnique,
            conflicts::explanation(&decided.held_back),
        ),
        _ if !decided.warnings.is_empty() => Failure::new(
            ErrorCode::AttributeMappingFailed,
            decided.warnings.join(" "),
        ),
        _ => return None,
    };
    Some(failure.as_error())
}
