//! The first half of the decision: one object, looked at by itself. Is it in scope, and what would
//! the target hold?

use super::{Failure, Rules};
use crate::{
    configuration::scope::{Membership, ScopeVerdict},
    cycle::{
        conflicts,
        error_code::ErrorCode,
        mapped::{Mapped, Occasion},
        matching::MatchingNames,
        taken_values::TakenValues,
    },
    directory::SourceObject,
};

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

/// One object, looked at by itself: is it in scope, and what would the target hold?
pub struct Prepared {
    pub(super) object: SourceObject,
    pub(super) is_gone: bool,
    pub(super) scope: Placing,
    /// By which the object may be found in the tenant, and which only one object may have.
    pub names: MatchingNames,
}

pub(super) enum Placing {
    InScope(ScopeVerdict, Result<Mapped, Failure>),
    OutOfScope(ScopeVerdict),
    Gone,
    /// Nobody knows.
    Undecided(Failure),
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
            Placing::OutOfScope(_) => rules.out_of_scope_deletes(self.object.kind),
            Placing::Gone => rules.flow(self.object.kind).delete,
        }
    }
}
