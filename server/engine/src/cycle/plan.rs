//! From what was observed to what is to be done, object by object, with the reasons.
//!
//! [`prepare()`] looks at one object by itself; [`plan`] takes everything else that is known of it
//! and gives one [`PlannedChange`]. They cannot read or write; the same functions serve the
//! scheduled cycle, the preview and the test of one person.

mod absent;
mod change;
mod prepare;
mod present;
mod rules;
mod scope_doubt;
mod story;
mod user_principal_name;

pub use self::{
    change::{Change, Failure, PlannedChange},
    prepare::{Prepared, Standing, prepare, prepare_on_demand},
    rules::{BadRules, Rules},
    scope_doubt::ScopeDoubt,
};
use self::{prepare::Placing, story::Story};
use super::error_code::ErrorCode;
use crate::{
    directory::{ObjectKind, SourceObject},
    records::ModifiedProperty,
    tenant::{HeldBack, TenantObject, TenantObjectId},
};

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

impl Known<'_> {
    fn has_a_living_link(&self) -> bool {
        self.linked.is_some_and(|target| !target.is_deleted)
    }
}

/// The second half of the decision, once the target was asked: what is to be done.
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
        Placing::Undecided(_) => known.has_a_living_link(),
        Placing::OutOfScope(_) if rules.scope_doubt.is_some() => known.has_a_living_link(),
        Placing::OutOfScope(_) | Placing::Gone => false,
    };
    let decided = match scope {
        Placing::InScope(_, mapped) => mapped
            .and_then(|mapped| present::decide(rules, &object, mapped, &names, known, &mut story))
            .unwrap_or_else(|failure| Decided::failed(&object, failure)),
        Placing::Undecided(failure) => Decided::failed(&object, failure),
        Placing::OutOfScope(_) | Placing::Gone => {
            absent::decide(rules, &object, is_gone, known, &mut story)
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
    warnings: Vec<String>,
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
            warnings: Vec::new(),
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

fn skip(code: ErrorCode, reason: String) -> Change {
    Change::Skip(Failure::new(code, reason))
}

fn switched_off(what: &str, kind: ObjectKind) -> Change {
    skip(
        ErrorCode::FlowSwitchedOff,
        format!("{what} of {kind}s are switched off in the configuration."),
    )
}
