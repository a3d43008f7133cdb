//! What is to be done about an object that is in scope.

use super::{
    Change, Decided, Failure, Known, Rules, source_display_name, story::Story, switched_off,
    user_principal_name,
};
use crate::{
    configuration::schema::{self, DISPLAY_NAME, USER_PRINCIPAL_NAME},
    cycle::{
        conflicts::{self, Claimant, Holders},
        difference::{self, Difference},
        error_code::ErrorCode,
        mapped::Mapped,
        matching::{self, MatchedBy, MatchingNames, Question},
    },
    directory::{Attributes, ObjectKind, SourceObject},
    tenant::{HeldBack, TenantObject},
};

pub(super) fn decide(
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
