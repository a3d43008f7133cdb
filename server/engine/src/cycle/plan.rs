//! From what was observed to what is to be done, object by object, with the reasons.
//!
//! [`plan`] takes everything that is known of one object and gives one [`PlannedChange`]. It
//! cannot read or write; the same function serves the scheduled cycle, the preview and the test
//! of one person.

mod story;
mod user_principal_name;

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use self::story::Story;
use super::{
    conflicts::{self, Claimant, Holders},
    difference::{self, Difference},
    error_code::ErrorCode,
    mapped::{BadMapping, CompiledMappings, Mapped, Occasion, Surroundings},
    matching::{self, MatchedBy, MatchingNames, Question},
    taken_values::TakenValues,
};
use crate::{
    configuration::{
        Configuration, ConfigurationId, ObjectFlow,
        schema::{self, DISPLAY_NAME, USER_PRINCIPAL_NAME},
        scope::{Membership, ScopeRules, ScopeVerdict},
        scoping_filter::FilterProblem,
    },
    directory::{Attributes, Dn, ObjectKind, SourceAnchor, SourceObject},
    records::{
        ModifiedProperty, ProvisioningAction, ProvisioningDetail, ProvisioningError,
        ProvisioningResult,
    },
    tenant::{HeldBack, TenantFeatures, TenantObject, TenantObjectId},
};

/// What holds for every object of a cycle.
pub struct Rules {
    pub configuration: ConfigurationId,
    pub scope: ScopeRules,
    flows: BTreeMap<ObjectKind, ObjectFlow>,
    skip_out_of_scope_deletions: bool,
    pub mappings: CompiledMappings,
    pub surroundings: Surroundings,
    pub features: TenantFeatures,
}

/// A stored configuration that cannot be used any more.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadRules {
    #[error(transparent)]
    Mapping(#[from] BadMapping),
    #[error("The scoping filter cannot be used: {0}")]
    Filter(#[from] FilterProblem),
}

impl Rules {
    pub fn compile(
        configuration: &Configuration,
        surroundings: Surroundings,
        features: TenantFeatures,
    ) -> Result<Self, BadRules> {
        let flow = |kind| (kind, configuration.object_flow(kind));
        Ok(Self {
            configuration: configuration.id,
            scope: ScopeRules::compile(configuration)?,
            flows: ObjectKind::ALL.into_iter().map(flow).collect(),
            skip_out_of_scope_deletions: configuration.skip_out_of_scope_deletions,
            mappings: CompiledMappings::compile(configuration)?,
            surroundings,
            features,
        })
    }

    fn flow(&self, kind: ObjectKind) -> &ObjectFlow {
        &self.flows[&kind]
    }
}

/// One object, looked at by itself: is it in scope, and what would the target hold?
pub struct Prepared {
    object: SourceObject,
    is_gone: bool,
    scope: Placing,
    /// By which the object may be found in the tenant, and which only one object may have.
    pub names: MatchingNames,
}

enum Placing {
    InScope(ScopeVerdict, Result<Mapped, Failure>),
    OutOfScope(ScopeVerdict),
    Gone,
    /// Nobody knows.
    Undecided(Failure),
}

/// What the target knows of the object.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// The tenant object that the stored link names, where it still exists.
    pub linked: Option<&'a TenantObject>,
    /// Tenant objects with the same anchor or one of its names.
    pub candidates: &'a [&'a TenantObject],
    /// Whether another object of the same plan takes the name of this key.
    pub is_claimed: &'a dyn Fn(&str) -> bool,
    /// Whether the same plan takes the name of this key away from the tenant object.
    pub gives_up: &'a dyn Fn(TenantObjectId, &str) -> bool,
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
    /// The names that the object takes, by their keys ([`conflicts::keys`]).
    #[serde(default)]
    pub names: Vec<String>,
    /// Values that somebody else has.
    #[serde(default)]
    pub held_back: Vec<HeldBack>,
    /// Tenant objects that give a name up for this one in the same plan.
    #[serde(default)]
    pub takes_names_from: Vec<TenantObjectId>,
    pub detail: ProvisioningDetail,
}

/// What is known of an object besides itself, before the target is asked about it.
#[derive(Clone, Copy)]
pub struct Standing<'a> {
    pub membership: Membership,
    pub is_linked: bool,
    /// What `SelectUniqueValue` may not choose.
    pub taken: &'a TakenValues,
}

impl Standing<'_> {
    fn occasion(&self) -> Occasion<'_> {
        if self.is_linked {
            Occasion::Update
        } else {
            Occasion::Creation(self.taken)
        }
    }
}

/// The first half of the decision, before the target is asked. `is_gone`: the directory has the
/// object no more, and `object` is how it was seen last.
pub fn prepare(
    rules: &Rules,
    object: SourceObject,
    is_gone: bool,
    standing: Standing<'_>,
) -> Prepared {
    let scope = place(rules, &object, is_gone, standing);
    let names = match &scope {
        Placing::InScope(_, Ok(mapped)) => MatchingNames::of_mapped(object.kind, mapped),
        _ => MatchingNames::default(),
    };
    Prepared {
        object,
        is_gone,
        scope,
        names,
    }
}

/// The same for a person who asks about one object: it is written even out of scope, and what the
/// scope says is told.
pub fn prepare_on_demand(rules: &Rules, object: SourceObject, standing: Standing<'_>) -> Prepared {
    let prepared = prepare(rules, object, false, standing);
    let Placing::OutOfScope(verdict) = prepared.scope else {
        return prepared;
    };
    let mapped = map(rules, &prepared.object, standing.occasion());
    let names = mapped
        .as_ref()
        .map(|mapped| MatchingNames::of_mapped(prepared.object.kind, mapped))
        .unwrap_or_default();
    Prepared {
        scope: Placing::InScope(verdict, mapped),
        names,
        ..prepared
    }
}

fn place(rules: &Rules, object: &SourceObject, is_gone: bool, standing: Standing<'_>) -> Placing {
    if is_gone {
        return Placing::Gone;
    }
    match rules.scope.judge(object, standing.membership) {
        Ok(verdict) if verdict.is_in_scope() => {
            Placing::InScope(verdict, map(rules, object, standing.occasion()))
        }
        Ok(verdict) => Placing::OutOfScope(verdict),
        Err(problem) => Placing::Undecided(Failure::new(
            ErrorCode::ScopingFilterFailed,
            problem.message,
        )),
    }
}

fn map(rules: &Rules, object: &SourceObject, occasion: Occasion<'_>) -> Result<Mapped, Failure> {
    rules
        .mappings
        .apply(object, occasion, &rules.surroundings)
        .map_err(|error| Failure::new(ErrorCode::AttributeMappingFailed, error.to_string()))
}

impl Prepared {
    /// Keeps others of the same plan from choosing the values that this object chose.
    pub fn reserve(&self, taken: &mut TakenValues) {
        if let Placing::InScope(_, Ok(mapped)) = &self.scope {
            taken.note(Some(&self.object.anchor), |name| {
                mapped.values(name.as_str())
            });
        }
    }

    /// Whether the plan takes the name of this key away from the tenant object that the prepared
    /// one is linked with.
    pub fn gives_up(&self, rules: &Rules, key: &str) -> bool {
        match &self.scope {
            Placing::InScope(_, Ok(_)) => {
                rules.flow(self.object.kind).update
                    && !conflicts::keys(&self.names).iter().any(|own| own == key)
            }
            Placing::InScope(_, Err(_)) | Placing::Undecided(_) => false,
            Placing::OutOfScope(_) => {
                rules.flow(self.object.kind).delete && !rules.skip_out_of_scope_deletions
            }
            Placing::Gone => rules.flow(self.object.kind).delete,
        }
    }
}

/// The second half: what is to be done.
pub fn plan(rules: &Rules, prepared: Prepared, known: Known<'_>) -> PlannedChange {
    let Prepared {
        object,
        is_gone,
        scope,
        names,
    } = prepared;
    let mut story = Story::begin(&object, is_gone);
    match &scope {
        Placing::InScope(verdict, _) | Placing::OutOfScope(verdict) => story.scoped(verdict),
        Placing::Gone | Placing::Undecided(_) => {}
    }
    let is_in_scope = match &scope {
        Placing::InScope(..) => true,
        // It stays where it was.
        Placing::Undecided(_) => known.linked.is_some_and(|target| !target.is_deleted),
        Placing::OutOfScope(_) | Placing::Gone => false,
    };
    let decided = match scope {
        Placing::InScope(_, mapped) => mapped
            .and_then(|mapped| {
                decide_for_present(rules, &object, mapped, &names, known, &mut story)
            })
            .unwrap_or_else(|failure| Decided::failed(&object, failure)),
        Placing::Undecided(failure) => Decided::failed(&object, failure),
        Placing::OutOfScope(_) | Placing::Gone => {
            decide_for_absent(rules, &object, is_gone, known, &mut story)
        }
    };
    story.close(object, is_in_scope, decided)
}

/// The part of the answer that depends on the branch taken.
struct Decided {
    change: Change,
    display_name: String,
    modified_properties: Vec<ModifiedProperty>,
    names: Vec<String>,
    held_back: Vec<HeldBack>,
    takes_names_from: Vec<TenantObjectId>,
}

impl Decided {
    fn of(change: Change, display_name: String) -> Self {
        Self {
            change,
            display_name,
            modified_properties: Vec::new(),
            names: Vec::new(),
            held_back: Vec::new(),
            takes_names_from: Vec::new(),
        }
    }

    fn failed(object: &SourceObject, failure: Failure) -> Self {
        Self::of(Change::Fail(failure), source_display_name(object))
    }
}

/// The name by which the directory shows the object.
pub fn source_display_name(object: &SourceObject) -> String {
    let name = object
        .attributes
        .text("displayName")
        .or_else(|| object.attributes.text("cn"));
    name.map_or_else(|| object.dn.name(), str::to_owned)
}

fn decide_for_absent(
    rules: &Rules,
    object: &SourceObject,
    is_gone: bool,
    known: Known<'_>,
    story: &mut Story,
) -> Decided {
    let Some(target) = known.linked.filter(|target| !target.is_deleted) else {
        let change = match is_gone {
            true => Change::Nothing,
            false => skip(
                ErrorCode::EntrySynchronizationSkipped,
                story.reason_for_deletion().to_owned(),
            ),
        };
        return Decided::of(change, source_display_name(object));
    };
    story.matched("The stored link names the tenant object.");
    let name = target.attributes.text(DISPLAY_NAME);
    let display_name = name.map_or_else(|| source_display_name(object), str::to_owned);
    let change = if !rules.flow(object.kind).delete {
        switched_off("Deletions", object.kind)
    } else if !is_gone && rules.skip_out_of_scope_deletions {
        skip(
            ErrorCode::EntrySynchronizationSkipped,
            format!(
                "{} SkipOutOfScopeDeletions is in force, so the tenant object stays as it is.",
                story.reason_for_deletion()
            ),
        )
    } else {
        Change::Delete {
            target_id: target.id,
        }
    };
    Decided::of(change, display_name)
}

fn skip(code: ErrorCode, reason: String) -> Change {
    Change::Skip(Failure::new(code, reason))
}

fn switched_off(what: &str, kind: ObjectKind) -> Change {
    skip(
        ErrorCode::FlowSwitchedOff,
        format!("{what} of {kind}s are switched off in the configuration."),
    )
}

fn decide_for_present(
    rules: &Rules,
    object: &SourceObject,
    mut mapped: Mapped,
    names: &MatchingNames,
    known: Known<'_>,
    story: &mut Story,
) -> Result<Decided, Failure> {
    check_required(object.kind, &mapped, known)?;
    let existing = existing(rules, object, names, known, story)?;
    let resolved = conflicts::resolve(
        &mut mapped,
        Claimant {
            anchor: &object.anchor,
            own: existing.map(|(target, _)| target),
            initial_domain: &rules.surroundings.default_domain,
            features: &rules.features,
        },
        Holders {
            candidates: known.candidates,
            is_claimed: known.is_claimed,
            gives_up: known.gives_up,
        },
    )?;
    story.held_back(&resolved.held_back);
    let names = conflicts::keys(&MatchingNames::of_mapped(object.kind, &mapped));
    let display_name = mapped
        .text(DISPLAY_NAME)
        .map_or_else(|| source_display_name(object), str::to_owned);
    let (change, differences) = match existing {
        None => create(mapped),
        Some((target, matched_by)) => {
            change_existing(target, matched_by, &mapped, &resolved.held_back)
        }
    };
    let change = as_flows_allow(rules, object.kind, change);
    Ok(Decided {
        change,
        display_name,
        modified_properties: differences
            .iter()
            .map(Difference::modified_property)
            .collect(),
        names,
        held_back: resolved.held_back,
        takes_names_from: resolved.takes_names_from,
    })
}

/// The tenant object that the object is, and how it was found if not by its link.
fn existing<'a>(
    rules: &Rules,
    object: &SourceObject,
    names: &MatchingNames,
    known: Known<'a>,
    story: &mut Story,
) -> Result<Option<(&'a TenantObject, Option<MatchedBy>)>, Failure> {
    if let Some(linked) = known.linked {
        story.matched("The stored link names the tenant object.");
        return Ok(Some((linked, None)));
    }
    let free = conflicts::without_claimed(names, known.is_claimed);
    let found = matching::find(Question {
        configuration: rules.configuration,
        anchor: &object.anchor,
        kind: object.kind,
        names: &free,
        candidates: known.candidates,
        features: &rules.features,
    })?;
    story.matching(found.map(|(_, matched_by)| matched_by));
    Ok(found.map(|(target, matched_by)| (target, Some(matched_by))))
}

fn as_flows_allow(rules: &Rules, kind: ObjectKind, change: Change) -> Change {
    let flow = rules.flow(kind);
    match change {
        Change::Create { .. } | Change::Restore { .. } if !flow.add => {
            switched_off("Creations", kind)
        }
        Change::Update { .. } | Change::TakeOver { .. } if !flow.update => {
            switched_off("Updates", kind)
        }
        other => other,
    }
}

fn check_required(kind: ObjectKind, mapped: &Mapped, known: Known<'_>) -> Result<(), Failure> {
    for attribute in schema::target_attributes(kind)
        .iter()
        .filter(|a| a.required)
    {
        // What flows during creation only is there already when the object is linked.
        let must_flow = known.linked.is_none() || mapped.flows_to(attribute.name);
        if must_flow && mapped.values(attribute.name).is_empty() {
            return Err(Failure::new(
                ErrorCode::MandatoryFieldsMissing,
                format!(
                    "{} is required, but its mapping gives no value.",
                    attribute.name
                ),
            ));
        }
    }
    match mapped.text(USER_PRINCIPAL_NAME) {
        Some(name) if kind == ObjectKind::User => user_principal_name::check(name),
        _ => Ok(()),
    }
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
    held_back: &[HeldBack],
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
        None if differences.is_empty() && target.held_back == held_back => Change::Nothing,
        None => Change::Update {
            target_id,
            attributes,
        },
    };
    (change, differences)
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

impl PlannedChange {
    /// As the provisioning log says it.
    pub fn result(&self) -> ProvisioningResult {
        match self.change {
            Change::Fail(_) => ProvisioningResult::Failure,
            Change::Skip(_) | Change::Nothing => ProvisioningResult::Skipped,
            _ if !self.held_back.is_empty() => ProvisioningResult::Warning,
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
