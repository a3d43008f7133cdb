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
    directory::{AttributeName, Attributes, ObjectKind, SourceObject},
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
    check_required(object.kind, &mut mapped, known)?;
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
    story.mapped(&mapped);
    let warnings = mapped.left_as_they_are().to_vec();
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
        warnings,
        takes_names_from: resolved.takes_names_from,
    })
}

/// What an object cannot come to exist without. One that exists already keeps what it has: whatever
/// else is new of it, above all that it was disabled, is written all the same.
fn check_required(kind: ObjectKind, mapped: &mut Mapped, known: Known<'_>) -> Result<(), Failure> {
    let required = schema::target_attributes(kind)
        .iter()
        .filter(|attribute| attribute.required);
    for attribute in required {
        let name = AttributeName::from(attribute.name);
        // What flows during creation only is there already when the object is linked.
        let must_flow = known.linked.is_none() || mapped.flows_to(attribute.name);
        let problem = match must_flow {
            true => problem_of_required(kind, attribute.name, mapped),
            false => None,
        };
        match problem {
            None => {}
            Some(failure) if known.linked.is_none() => return Err(failure),
            Some(failure) => mapped.leave_as_it_is(&name, failure.reason),
        }
    }
    Ok(())
}

fn problem_of_required(kind: ObjectKind, attribute: &str, mapped: &Mapped) -> Option<Failure> {
    if mapped.values(attribute).is_empty() {
        return Some(Failure::new(
            ErrorCode::MandatoryFieldsMissing,
            format!("{attribute} is required, but its mapping gives no value."),
        ));
    }
    let is_name = kind == ObjectKind::User && attribute == USER_PRINCIPAL_NAME;
    let name = mapped.text(attribute).filter(|_| is_name)?;
    user_principal_name::check(name).err()
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
