//! Which objects of the domain are synchronized, and why one is or is not.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    Configuration,
    exclusion::{DefaultExclusion, default_exclusion},
    scoping_filter::{CompiledFilter, FilterProblem},
};
use crate::directory::{Dn, ObjectKind, SourceObject};

/// The administrator's choice. Groups and organizational units exclude each other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "choice", content = "names")]
pub enum Scope {
    /// Every user, group and contact of the domain.
    #[default]
    All,
    /// These groups and their direct members; members of nested groups are not included.
    Groups(Vec<Dn>),
    /// These organizational units with everything below them.
    OrganizationalUnits(Vec<Dn>),
}

impl Scope {
    /// As the configuration page says it: "All users", "1 organizational unit", "3 groups".
    pub fn summary(&self) -> String {
        let count = |number: usize, singular: &str| match number {
            1 => format!("1 {singular}"),
            _ => format!("{number} {singular}s"),
        };
        match self {
            Self::All => "All users".to_owned(),
            Self::Groups(groups) => count(groups.len(), "group"),
            Self::OrganizationalUnits(units) => count(units.len(), "organizational unit"),
        }
    }

    /// The names of the chosen groups or organizational units.
    pub fn names(&self) -> &[Dn] {
        match self {
            Self::All => &[],
            Self::Groups(names) | Self::OrganizationalUnits(names) => names,
        }
    }

    /// The same choice under the names that the chosen objects have now; names that are not in the
    /// map stay. No name stands twice in it, even where an object got the name of another one.
    #[must_use]
    pub fn renamed(&self, names_now: &BTreeMap<Dn, Dn>) -> Self {
        let renamed = |names: &[Dn]| {
            let mut all: Vec<Dn> = Vec::new();
            for name in names {
                let now = names_now.get(name).unwrap_or(name);
                if !all.contains(now) {
                    all.push(now.clone());
                }
            }
            all
        };
        match self {
            Self::All => Self::All,
            Self::Groups(names) => Self::Groups(renamed(names)),
            Self::OrganizationalUnits(names) => Self::OrganizationalUnits(renamed(names)),
        }
    }

    pub fn groups(&self) -> &[Dn] {
        match self {
            Self::Groups(groups) => groups,
            Self::All | Self::OrganizationalUnits(_) => &[],
        }
    }
}

/// Whether an object is in scope, with the reason that the log and the test page show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ScopeVerdict {
    InScope(InScopeBecause),
    OutOfScope(OutOfScopeBecause),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "reason", content = "name")]
pub enum InScopeBecause {
    AllAreInScope,
    /// The object is one of the chosen groups.
    ChosenGroup,
    /// The object is a direct member of a chosen group.
    MemberOfChosenGroup,
    /// The object is a member of a group that lies so many levels below a chosen one.
    MemberOfNestedGroup(u8),
    UnderOrganizationalUnit(Dn),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "reason", content = "name")]
pub enum OutOfScopeBecause {
    NotInChosenGroups,
    NotUnderChosenOrganizationalUnits,
    Excluded(DefaultExclusion),
    /// No group of attribute clauses holds; the sentence says which clause failed.
    AttributeClauses(String),
}

/// How an object belongs to the chosen groups: how many levels below a chosen group the group
/// lies that it is a member of. None when it is a member of none.
pub type Membership = Option<u8>;

/// A configuration's scope and clauses, ready to judge many objects.
#[derive(Clone, Debug)]
pub struct ScopeRules {
    pub scope: Scope,
    filters: BTreeMap<ObjectKind, CompiledFilter>,
}

impl ScopeRules {
    pub fn compile(configuration: &Configuration) -> Result<Self, FilterProblem> {
        let mut filters = BTreeMap::new();
        for (kind, flow) in &configuration.object_flows {
            filters.insert(*kind, flow.scoping_filter.compile()?);
        }
        Ok(Self {
            scope: configuration.scope.clone(),
            filters,
        })
    }

    /// Decides about one object. An error when a clause cannot be decided: then nobody knows
    /// whether the object is in scope, and nothing may follow.
    pub fn judge(
        &self,
        object: &SourceObject,
        membership: Membership,
    ) -> Result<ScopeVerdict, FilterProblem> {
        let verdict = judge_scope(&self.scope, object, membership);
        let Some(filter) = self
            .filters
            .get(&object.kind)
            .filter(|_| verdict.is_in_scope())
        else {
            return Ok(verdict);
        };
        Ok(match filter.explain(&object.attributes)? {
            None => verdict,
            Some(why) => ScopeVerdict::OutOfScope(OutOfScopeBecause::AttributeClauses(why)),
        })
    }
}

impl ScopeVerdict {
    pub fn is_in_scope(&self) -> bool {
        matches!(self, Self::InScope(_))
    }

    /// One sentence for people.
    pub fn explanation(&self) -> String {
        match self {
            Self::InScope(because) => because.explanation(),
            Self::OutOfScope(because) => because.explanation(),
        }
    }
}

impl InScopeBecause {
    fn explanation(&self) -> String {
        match self {
            Self::AllAreInScope => {
                "All users, groups and contacts of the domain are in scope.".to_owned()
            }
            Self::ChosenGroup => "The group itself is chosen in the scoping filter.".to_owned(),
            Self::MemberOfChosenGroup => {
                "The object is a direct member of a chosen group.".to_owned()
            }
            Self::MemberOfNestedGroup(levels) => format!(
                "The object is a member of a group that lies {levels} {} below a chosen one.",
                if *levels == 1 { "level" } else { "levels" }
            ),
            Self::UnderOrganizationalUnit(unit) => {
                format!("The object lies in the chosen organizational unit {unit}.")
            }
        }
    }
}

impl OutOfScopeBecause {
    fn explanation(&self) -> String {
        match self {
            Self::NotInChosenGroups => {
                "The object is not a direct member of a chosen group.".to_owned()
            }
            Self::NotUnderChosenOrganizationalUnits => {
                "The object lies in none of the chosen organizational units.".to_owned()
            }
            Self::Excluded(exclusion) => exclusion.explanation().to_owned(),
            Self::AttributeClauses(why) => why.clone(),
        }
    }
}

fn judge_scope(scope: &Scope, object: &SourceObject, membership: Membership) -> ScopeVerdict {
    if let Some(exclusion) = default_exclusion(object) {
        return ScopeVerdict::OutOfScope(OutOfScopeBecause::Excluded(exclusion));
    }
    let dn = &object.dn;
    match (scope, membership) {
        (Scope::All, _) => ScopeVerdict::InScope(InScopeBecause::AllAreInScope),
        (Scope::Groups(groups), _) if groups.contains(dn) => {
            ScopeVerdict::InScope(InScopeBecause::ChosenGroup)
        }
        (Scope::Groups(_), Some(0)) => ScopeVerdict::InScope(InScopeBecause::MemberOfChosenGroup),
        (Scope::Groups(_), Some(levels)) => {
            ScopeVerdict::InScope(InScopeBecause::MemberOfNestedGroup(levels))
        }
        (Scope::Groups(_), None) => ScopeVerdict::OutOfScope(OutOfScopeBecause::NotInChosenGroups),
        (Scope::OrganizationalUnits(units), _) => {
            units.iter().find(|unit| dn.is_under(unit)).map_or(
                ScopeVerdict::OutOfScope(OutOfScopeBecause::NotUnderChosenOrganizationalUnits),
                |unit| ScopeVerdict::InScope(InScopeBecause::UnderOrganizationalUnit(unit.clone())),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::{Attributes, SourceAnchor};

    fn dn(text: &str) -> Dn {
        Dn::parse(text).unwrap()
    }

    fn user(name: &str) -> SourceObject {
        SourceObject {
            anchor: SourceAnchor::from_stored(name.to_owned()),
            dn: dn(name),
            guid: None,
            kind: ObjectKind::User,
            attributes: Attributes::new(),
        }
    }

    fn is_in_scope(scope: &Scope, name: &str, membership: Membership) -> bool {
        judge_scope(scope, &user(name), membership).is_in_scope()
    }

    #[test]
    fn nested_organizational_units_are_in_scope() {
        let scope = Scope::OrganizationalUnits(vec![dn("OU=Sales,DC=x"), dn("OU=It,DC=x")]);
        assert!(is_in_scope(&scope, "CN=a,OU=Berlin,OU=Sales,DC=x", None));
        assert!(is_in_scope(&scope, "CN=a,ou=it,dc=x", None));
        assert!(!is_in_scope(&scope, "CN=a,OU=Presales,DC=x", None));
    }

    #[test]
    fn a_scope_of_groups_takes_the_groups_and_their_members() {
        let scope = Scope::Groups(vec![dn("CN=Pilot,DC=x")]);
        assert!(is_in_scope(&scope, "cn=pilot,dc=x", None));
        assert!(is_in_scope(&scope, "CN=a,DC=x", Some(0)));
        assert!(is_in_scope(&scope, "CN=a,DC=x", Some(2)));
        assert!(!is_in_scope(&scope, "CN=a,DC=x", None));
    }

    #[test]
    fn who_fails_every_group_of_clauses_is_told_at_which_clause() {
        let clause = |attribute: &str, value: &str| super::super::scoping_filter::Clause {
            attribute: attribute.into(),
            operator: super::super::scoping_filter::Operator::Equals,
            value: Some(value.to_owned()),
        };
        let filter = super::super::ScopingFilter {
            groups: vec![
                vec![clause("department", "Sales"), clause("l", "Berlin")],
                vec![clause("title", "Head")],
            ],
        };
        let rules = ScopeRules {
            scope: Scope::All,
            filters: BTreeMap::from([(ObjectKind::User, filter.compile().unwrap())]),
        };
        let mut anna = user("CN=anna,DC=x");
        anna.attributes = Attributes::new()
            .with("department", "Sales")
            .with("l", "Bonn");
        let verdict = rules.judge(&anna, None).unwrap();
        assert_eq!(
            verdict.explanation(),
            "No group of attribute clauses holds: l EQUALS \"Berlin\" does not hold for \"Bonn\"; \
             title EQUALS \"Head\" does not hold, because title has no value."
        );
        anna.attributes = Attributes::new().with("title", "Head");
        assert!(rules.judge(&anna, None).unwrap().is_in_scope());
    }
}
