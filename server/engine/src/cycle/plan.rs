//! From what was observed to what is to be done, object by object, with the reasons.
//!
//! [`plan`] takes everything that is known of one object and gives one [`PlannedChange`]. It
//! cannot read or write; the same function serves the scheduled cycle, the preview and the test
//! of one person.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{
    difference::{self, Difference},
    mapped::{CompiledMappings, Mapped, Surroundings},
    matching::{self, MatchedBy, MatchingNames, Question},
};
use crate::{
    configuration::{
        ConfigurationId,
        schema::{self, DISPLAY_NAME, USER_PRINCIPAL_NAME},
        scope::{self, Scope, ScopeVerdict},
    },
    directory::{Attributes, Dn, ObjectKind, SourceAnchor, SourceObject},
    records::{
        ModifiedProperty, ProvisioningAction, ProvisioningDetail, ProvisioningError,
        ProvisioningResult, ProvisioningStep, StepType,
    },
    tenant::{TenantObject, TenantObjectId},
};

/// What holds for every object of a cycle.
pub struct Rules {
    pub configuration: ConfigurationId,
    pub scope: Scope,
    pub mappings: CompiledMappings,
    pub surroundings: Surroundings,
}

/// One object, looked at by itself: is it in scope, and what would the target hold?
pub struct Prepared {
    object: SourceObject,
    is_gone: bool,
    verdict: ScopeVerdict,
    /// Of an object that is in scope.
    mapped: Result<Mapped, Failure>,
    /// By which the object may be found in the tenant.
    pub names: MatchingNames,
}

/// What the target knows of the object.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The tenant object that the stored link names, where it still exists.
    pub linked: Option<&'a TenantObject>,
    /// Tenant objects with the same anchor or one of its names.
    pub candidates: &'a [&'a TenantObject],
    /// Another object of the same plan claims this object's user principal name.
    pub name_is_claimed: bool,
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
    /// Both sides agree, or the object is none of this configuration's business.
    Nothing,
    /// The object cannot be written as it is. Others are not held up by it.
    Fail(Failure),
}

/// Why an object cannot be written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    pub code: FailureCode,
    pub reason: String,
}

/// Codes as the provisioning log shows them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FailureCode {
    AttributeValueMustBeUnique,
    ObjectTypeMismatch,
    DuplicateSourceEntries,
    RequiredAttributeMissing,
    InvalidUserPrincipalName,
    AttributeMappingFailed,
}

impl FailureCode {
    pub fn advice(self) -> &'static str {
        match self {
            Self::AttributeValueMustBeUnique => {
                "Give one of the two objects another value in the directory. The object is tried \
                 again by itself."
            }
            Self::ObjectTypeMismatch => {
                "Remove the name from the tenant object, or give the directory object another one."
            }
            Self::DuplicateSourceEntries => {
                "Let one configuration only synchronize this object: narrow one of the scopes."
            }
            Self::RequiredAttributeMissing => {
                "Fill the attribute in the directory, or change its attribute mapping."
            }
            Self::InvalidUserPrincipalName => {
                "Correct the name in the directory: letters, digits and . _ - before one @, then a \
                 domain name."
            }
            Self::AttributeMappingFailed => {
                "Correct the value in the directory or the expression in the attribute mapping."
            }
        }
    }
}

impl fmt::Display for FailureCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl Failure {
    pub fn new(code: FailureCode, reason: String) -> Self {
        Self { code, reason }
    }
}

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
    /// The lower-case user principal name that the object will hold.
    pub user_principal_name: Option<String>,
    pub detail: ProvisioningDetail,
}

/// The first half of the decision, before the target is asked. `is_gone`: the directory has the
/// object no more, and `object` is how it was seen last.
pub fn prepare(
    rules: &Rules,
    object: SourceObject,
    is_gone: bool,
    is_member_of_chosen_group: bool,
    is_linked: bool,
) -> Prepared {
    let verdict = scope::judge(
        &rules.scope,
        &object.dn,
        &object.attributes,
        is_member_of_chosen_group,
    );
    let mapped = if !is_gone && verdict.is_in_scope() {
        map(rules, &object, !is_linked)
    } else {
        Ok(Mapped::default())
    };
    let names = mapped
        .as_ref()
        .map(|mapped| MatchingNames::of_mapped(object.kind, mapped))
        .unwrap_or_default();
    Prepared {
        object,
        is_gone,
        verdict,
        mapped,
        names,
    }
}

/// The second half: what is to be done.
pub fn plan(rules: &Rules, prepared: Prepared, known: Known<'_>) -> PlannedChange {
    let Prepared {
        object,
        is_gone,
        verdict,
        mapped,
        names,
    } = prepared;
    let mut story = Story::begin(&object, is_gone);
    if !is_gone {
        story.scoped(&verdict);
    }
    let is_in_scope = !is_gone && verdict.is_in_scope();
    let decided = if is_in_scope {
        mapped
            .and_then(|mapped| {
                decide_for_present(rules, &object, mapped, &names, known, &mut story)
            })
            .unwrap_or_else(|failure| Decided::failed(&object, failure))
    } else {
        decide_for_absent(&object, known, &mut story)
    };
    let user_principal_name = names.user_principal_name;
    story.close(object, is_in_scope, user_principal_name, decided)
}

/// The part of the answer that depends on the branch taken.
struct Decided {
    change: Change,
    display_name: String,
    modified_properties: Vec<ModifiedProperty>,
}

impl Decided {
    fn failed(object: &SourceObject, failure: Failure) -> Self {
        Self {
            change: Change::Fail(failure),
            display_name: source_display_name(object),
            modified_properties: Vec::new(),
        }
    }
}

fn source_display_name(object: &SourceObject) -> String {
    let name = object
        .attributes
        .text("displayName")
        .or_else(|| object.attributes.text("cn"));
    name.map_or_else(|| object.dn.name(), str::to_owned)
}

fn decide_for_absent(object: &SourceObject, known: Known<'_>, story: &mut Story) -> Decided {
    let live = known.linked.filter(|target| !target.is_deleted);
    let change = match live {
        Some(target) => {
            story.matched("The stored link names the tenant object.");
            Change::Delete {
                target_id: target.id,
            }
        }
        None => Change::Nothing,
    };
    Decided {
        change,
        display_name: live
            .and_then(|target| target.attributes.text(DISPLAY_NAME))
            .map_or_else(|| source_display_name(object), str::to_owned),
        modified_properties: Vec::new(),
    }
}

fn decide_for_present(
    rules: &Rules,
    object: &SourceObject,
    mapped: Mapped,
    names: &MatchingNames,
    known: Known<'_>,
    story: &mut Story,
) -> Result<Decided, Failure> {
    check_names(object.kind, &mapped, known)?;
    let question = Question {
        configuration: rules.configuration,
        anchor: &object.anchor,
        kind: object.kind,
        names,
        candidates: known.candidates,
    };
    let existing = match known.linked {
        Some(linked) => {
            matching::check_free(question, linked)?;
            story.matched("The stored link names the tenant object.");
            Some((linked, None))
        }
        None => {
            let found = matching::find(question)?;
            story.matching(found.map(|(_, matched_by)| matched_by));
            found.map(|(target, matched_by)| (target, Some(matched_by)))
        }
    };
    let display_name = mapped
        .text(DISPLAY_NAME)
        .map_or_else(|| source_display_name(object), str::to_owned);
    let (change, differences) = match existing {
        None => create(mapped),
        Some((target, matched_by)) => change_existing(target, matched_by, &mapped),
    };
    Ok(Decided {
        change,
        display_name,
        modified_properties: differences
            .iter()
            .map(Difference::modified_property)
            .collect(),
    })
}

fn map(rules: &Rules, object: &SourceObject, creating: bool) -> Result<Mapped, Failure> {
    rules
        .mappings
        .apply(object, creating, &rules.surroundings)
        .map_err(|error| Failure::new(FailureCode::AttributeMappingFailed, error.to_string()))
}

fn check_names(kind: ObjectKind, mapped: &Mapped, known: Known<'_>) -> Result<(), Failure> {
    for attribute in schema::target_attributes(kind)
        .iter()
        .filter(|a| a.required)
    {
        // What flows during creation only is there already when the object is linked.
        let must_flow = known.linked.is_none() || mapped.flows_to(attribute.name);
        if must_flow && mapped.values(attribute.name).is_empty() {
            return Err(Failure::new(
                FailureCode::RequiredAttributeMissing,
                format!(
                    "{} is required, but its mapping gives no value.",
                    attribute.name
                ),
            ));
        }
    }
    if let Some(name) = mapped.text(USER_PRINCIPAL_NAME)
        && kind == ObjectKind::User
    {
        check_user_principal_name(name)?;
    }
    if known.name_is_claimed {
        return Err(Failure::new(
            FailureCode::AttributeValueMustBeUnique,
            "Another object of the directory has the same user principal name.".to_owned(),
        ));
    }
    Ok(())
}

/// The form that the tenant accepts: one @, no blanks, at most 64 characters before it.
fn check_user_principal_name(name: &str) -> Result<(), Failure> {
    let refuse = |reason: String| Err(Failure::new(FailureCode::InvalidUserPrincipalName, reason));
    let Some((local, domain)) = name.split_once('@') else {
        return refuse(format!("The user principal name \"{name}\" has no @."));
    };
    if local.is_empty() || local.chars().count() > 64 {
        return refuse(format!(
            "The part before the @ of \"{name}\" must have 1 to 64 characters."
        ));
    }
    let forbidden =
        |c: char| c.is_whitespace() || c.is_control() || r#"\%&*+/=?{}|<>();:,[]""#.contains(c);
    if let Some(character) = name.chars().find(|&c| forbidden(c)) {
        return refuse(format!(
            "The user principal name \"{name}\" contains {character:?}, which is not allowed."
        ));
    }
    if local.starts_with('.') || local.ends_with('.') {
        return refuse(format!(
            "The part before the @ of \"{name}\" begins or ends with a dot."
        ));
    }
    if domain.contains('@') || crate::configuration::DomainName::parse(domain).is_err() {
        return refuse(format!(
            "What follows the @ of \"{name}\" is not a domain name."
        ));
    }
    Ok(())
}

fn create(mapped: Mapped) -> (Change, Vec<Difference>) {
    let differences = difference::differences(&Attributes::new(), &mapped);
    (
        Change::Create {
            attributes: mapped.into_attributes(),
        },
        differences,
    )
}

fn change_existing(
    target: &TenantObject,
    matched_by: Option<MatchedBy>,
    mapped: &Mapped,
) -> (Change, Vec<Difference>) {
    let target_id = target.id;
    let differences = difference::differences(&target.attributes, mapped);
    let attributes = difference::applied(&target.attributes, &differences);
    let change = match matched_by {
        _ if target.is_deleted => Change::Restore {
            target_id,
            attributes,
        },
        Some(_) => Change::TakeOver {
            target_id,
            attributes,
        },
        None if differences.is_empty() => Change::Nothing,
        None => Change::Update {
            target_id,
            attributes,
        },
    };
    (change, differences)
}

/// The steps that the log tells, collected on the way.
struct Story {
    steps: Vec<ProvisioningStep>,
    reason_for_deletion: String,
}

impl Story {
    fn begin(object: &SourceObject, is_gone: bool) -> Self {
        let mut story = Self {
            steps: Vec::new(),
            reason_for_deletion: String::new(),
        };
        if is_gone {
            story.reason_for_deletion =
                "The directory does not have the object any more.".to_owned();
            let description = format!(
                "The {} {} is gone from the directory.",
                object.kind, object.dn
            );
            story.add(StepType::Import, ProvisioningResult::Success, description);
        } else {
            let description = format!(
                "The {} {} was read from the directory.",
                object.kind, object.dn
            );
            story.add(StepType::Import, ProvisioningResult::Success, description);
        }
        story
    }

    fn add(&mut self, step_type: StepType, result: ProvisioningResult, description: String) {
        self.steps.push(ProvisioningStep {
            step_type,
            result,
            description,
        });
    }

    fn scoped(&mut self, verdict: &ScopeVerdict) {
        let result = match verdict {
            ScopeVerdict::InScope(_) => ProvisioningResult::Success,
            ScopeVerdict::OutOfScope(_) => ProvisioningResult::Skipped,
        };
        self.reason_for_deletion = verdict.explanation();
        self.add(StepType::Scoping, result, verdict.explanation());
    }

    fn matched(&mut self, how: &str) {
        self.add(
            StepType::Matching,
            ProvisioningResult::Success,
            how.to_owned(),
        );
    }

    fn matching(&mut self, found: Option<MatchedBy>) {
        self.matched(&match found {
            Some(matched_by) => {
                format!("A tenant object was found by {}.", matched_by.label())
            }
            None => "No tenant object matches; a new one is created.".to_owned(),
        });
    }

    fn close(
        mut self,
        object: SourceObject,
        is_in_scope: bool,
        user_principal_name: Option<String>,
        decided: Decided,
    ) -> PlannedChange {
        let mut error = None;
        let (result, description) = match &decided.change {
            Change::Create { .. } => (ProvisioningResult::Success, "Create in the tenant."),
            Change::Update { .. } => (ProvisioningResult::Success, "Update in the tenant."),
            Change::TakeOver { .. } => (
                ProvisioningResult::Success,
                "Take over: from now on the directory is the object's source.",
            ),
            Change::Restore { .. } => (
                ProvisioningResult::Success,
                "Restore from the recycle bin, with the same identity.",
            ),
            Change::Delete { .. } => (
                ProvisioningResult::Success,
                self.reason_for_deletion.as_str(),
            ),
            Change::Nothing => (
                ProvisioningResult::Skipped,
                "Nothing to do: both sides agree.",
            ),
            Change::Fail(failure) => {
                error = Some(ProvisioningError {
                    code: failure.code.to_string(),
                    reason: failure.reason.clone(),
                    advice: failure.code.advice().to_owned(),
                });
                (ProvisioningResult::Failure, failure.reason.as_str())
            }
        };
        let description = description.to_owned();
        self.add(StepType::Export, result, description);
        PlannedChange {
            anchor: object.anchor,
            kind: object.kind,
            dn: object.dn,
            display_name: decided.display_name,
            is_in_scope,
            change: decided.change,
            user_principal_name,
            detail: ProvisioningDetail {
                steps: self.steps,
                modified_properties: decided.modified_properties,
                error,
            },
        }
    }
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
            Self::Fail(_) => Some(ProvisioningAction::Other),
        }
    }

    pub fn target_id(&self) -> Option<TenantObjectId> {
        match self {
            Self::Update { target_id, .. }
            | Self::TakeOver { target_id, .. }
            | Self::Restore { target_id, .. }
            | Self::Delete { target_id } => Some(*target_id),
            Self::Create { .. } | Self::Nothing | Self::Fail(_) => None,
        }
    }
}

impl PlannedChange {
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
            Change::Fail(failure) => write!(f, ": {} ({})", failure.reason, failure.code),
            Change::Create { .. } | Change::Nothing => Ok(()),
        }
    }
}
