//! What is told of a test, step by step.

use engine::{
    configuration::scope::Membership,
    cycle::{
        mapped::with_derived_attributes,
        plan::{Change, PlannedChange},
    },
    directory::{Attributes, SourceObject},
    on_demand::{self, OnDemand, OnDemandStep, StepName},
    records::{ModifiedProperty, ProvisioningResult, StepType},
    tenant::TenantObject,
};

use super::Test;
use crate::Backend;

pub(super) struct Story(pub(super) OnDemand);

impl Story {
    pub(super) fn new(backend: &Backend, asked_for: &str) -> Self {
        Self(OnDemand {
            id: backend.new_id(),
            at: backend.now(),
            asked_for: asked_for.to_owned(),
            kind: None,
            display_name: String::new(),
            steps: Vec::new(),
            target_id: None,
            written: None,
        })
    }

    pub(super) fn add(
        &mut self,
        name: StepName,
        result: ProvisioningResult,
        explanation: String,
        details: Vec<ModifiedProperty>,
    ) {
        self.0.steps.push(OnDemandStep {
            name,
            result,
            explanation,
            details,
            error: None,
        });
    }

    pub(super) fn fail(&mut self, name: StepName, explanation: String) {
        self.add(name, ProvisioningResult::Failure, explanation, Vec::new());
    }
}

impl Test<'_> {
    pub(super) fn tell_scope(&mut self, object: &SourceObject, membership: Membership) {
        let is_active = with_derived_attributes(object)
            .values("accountDisabled")
            .first()
            .is_none_or(|value| value.to_string().eq_ignore_ascii_case("false"));
        let (result, explanation, passed) = match self.rules.scope.judge(object, membership) {
            Ok(verdict) if verdict.is_in_scope() => {
                (ProvisioningResult::Success, verdict.explanation(), true)
            }
            Ok(verdict) => (
                ProvisioningResult::Warning,
                format!(
                    "{} The test goes on all the same; the next full evaluation removes the object \
                     from the tenant again.",
                    verdict.explanation()
                ),
                false,
            ),
            Err(problem) => (ProvisioningResult::Failure, problem.message, false),
        };
        let word = |value: bool| if value { "True" } else { "False" }.to_owned();
        let details = vec![
            on_demand::fact("Active in the source system", word(is_active)),
            on_demand::fact("Scoping filter evaluation passed", word(passed)),
        ];
        self.story
            .add(StepName::Scope, result, explanation, details);
    }

    pub(super) fn tell_match(&mut self, planned: &PlannedChange, matched: Option<&TenantObject>) {
        self.story.0.target_id = matched.map(|object| object.id);
        let how = planned
            .detail
            .steps
            .iter()
            .find(|step| step.step_type == StepType::Matching);
        let operation = match &planned.change {
            Change::Create { .. } => "The operation is Create.",
            Change::Update { .. } | Change::TakeOver { .. } | Change::Restore { .. } => {
                "The operation is Update."
            }
            Change::Delete { .. } => "The operation is Delete.",
            Change::Nothing | Change::Skip(_) | Change::Fail(_) => "There is no operation.",
        };
        let (result, how) = match how {
            Some(step) => (ProvisioningResult::Success, step.description.as_str()),
            None => (
                ProvisioningResult::Failure,
                "The object could not be matched.",
            ),
        };
        let details = matched
            .map(|object| on_demand::listed(&object.attributes))
            .unwrap_or_default();
        let text = format!("{how} {operation}");
        self.story.add(StepName::Match, result, text, details);
    }

    pub(super) fn tell_action(&mut self, planned: &PlannedChange, references: &Attributes) {
        let last = planned.detail.steps.last();
        let explanation = last.map_or_else(String::new, |step| step.description.clone());
        let mut details = planned.detail.modified_properties.clone();
        for (source, target) in self.rules.mappings.references(planned.kind) {
            let count = references.get(source).len();
            if count > 0 {
                details.push(on_demand::fact(
                    target.to_string(),
                    format!("{count} references"),
                ));
            }
        }
        let result = match planned.change {
            Change::Nothing => ProvisioningResult::Success,
            _ => planned.result(),
        };
        self.story
            .add(StepName::Action, result, explanation, details);
        if let Some(step) = self.story.0.steps.last_mut() {
            step.error.clone_from(&planned.detail.error);
        }
    }
}
