//! What the tenant should hold in the end: a small model of its own, which shares no code with the
//! engine. Scope, a few direct mappings, references.

use std::collections::{BTreeMap, BTreeSet};

use engine::directory::{Dn, ObjectKind, SourceAnchor, SourceObject};

use crate::directory::Directory;

/// What an administrator chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    Everything,
    Units(Vec<Dn>),
    /// The chosen group and its direct members.
    ChosenGroup,
}

/// One object of the tenant, as far as the model goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Expected {
    pub(crate) kind: ObjectKind,
    /// By the name in the tenant; none where it has no value.
    pub(crate) values: BTreeMap<&'static str, Option<String>>,
    pub(crate) members: BTreeSet<SourceAnchor>,
    pub(crate) manager: BTreeSet<SourceAnchor>,
}

const OF_USERS: [(&str, &str); 5] = [
    ("displayName", "DisplayName"),
    ("userPrincipalName", "UserPrincipalName"),
    ("department", "Department"),
    ("title", "JobTitle"),
    ("cn", "CommonName"),
];
const OF_GROUPS: [(&str, &str); 2] = [
    ("displayName", "DisplayName"),
    ("description", "Description"),
];

pub(crate) fn is_in_scope(directory: &Directory, choice: &Choice, object: &SourceObject) -> bool {
    match choice {
        Choice::Everything => true,
        Choice::Units(units) => units.iter().any(|unit| object.dn.is_under(unit)),
        Choice::ChosenGroup => {
            let group = directory.chosen_group();
            let is_member = || {
                let members = directory
                    .anchor_of(&group)
                    .map(|anchor| names(&directory.objects[&anchor], "member"));
                members.is_some_and(|members| members.contains(&object.dn))
            };
            object.dn == group || is_member()
        }
    }
}

pub(crate) fn expected(directory: &Directory, choice: &Choice) -> BTreeMap<SourceAnchor, Expected> {
    let in_scope: BTreeMap<&Dn, &SourceObject> = directory
        .objects
        .values()
        .filter(|object| is_in_scope(directory, choice, object))
        .map(|object| (&object.dn, object))
        .collect();
    let refer = |object: &SourceObject, attribute: &str| {
        let names = names(object, attribute);
        let targets = names.iter().filter_map(|name| in_scope.get(name));
        targets.map(|target| target.anchor.clone()).collect()
    };
    in_scope
        .values()
        .map(|object| {
            let expected = Expected {
                kind: object.kind,
                values: values(object),
                members: refer(object, "member"),
                manager: refer(object, "manager"),
            };
            (object.anchor.clone(), expected)
        })
        .collect()
}

fn names(object: &SourceObject, attribute: &str) -> Vec<Dn> {
    let values = object.attributes.values(attribute).iter();
    values
        .filter_map(|value| Dn::parse(value.as_text()?).ok())
        .collect()
}

fn values(object: &SourceObject) -> BTreeMap<&'static str, Option<String>> {
    let pairs: &[(&str, &'static str)] = match object.kind {
        ObjectKind::User => &OF_USERS,
        _ => &OF_GROUPS,
    };
    let direct = pairs.iter().map(|(source, target)| {
        let value = object.attributes.text(source).map(str::to_owned);
        (*target, value)
    });
    let enabled = (object.kind == ObjectKind::User).then(|| {
        let is_enabled = object.attributes.text("userAccountControl") == Some("512");
        ("AccountEnabled", Some(is_enabled.to_string()))
    });
    direct.chain(enabled).collect()
}
