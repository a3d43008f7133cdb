//! Which objects of the domain are synchronized, and why one is or is not.

use serde::{Deserialize, Serialize};

use crate::directory::{AttributeValue, Attributes, Dn};

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
    UnderOrganizationalUnit(Dn),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "reason", content = "name")]
pub enum OutOfScopeBecause {
    NotInChosenGroups,
    NotUnderChosenOrganizationalUnits,
    /// `isCriticalSystemObject` is true: the directory cannot live without it.
    CriticalSystemObject,
    /// The name carries the mark of a replication conflict (`CNF:`).
    ReplicationVictim,
}

impl ScopeVerdict {
    pub fn is_in_scope(&self) -> bool {
        matches!(self, Self::InScope(_))
    }

    /// One sentence for people.
    pub fn explanation(&self) -> String {
        match self {
            Self::InScope(InScopeBecause::AllAreInScope) => {
                "All users, groups and contacts of the domain are in scope.".to_owned()
            }
            Self::InScope(InScopeBecause::ChosenGroup) => {
                "The group itself is chosen in the scoping filter.".to_owned()
            }
            Self::InScope(InScopeBecause::MemberOfChosenGroup) => {
                "The object is a direct member of a chosen group.".to_owned()
            }
            Self::InScope(InScopeBecause::UnderOrganizationalUnit(unit)) => {
                format!("The object lies in the chosen organizational unit {unit}.")
            }
            Self::OutOfScope(OutOfScopeBecause::NotInChosenGroups) => {
                "The object is not a direct member of a chosen group.".to_owned()
            }
            Self::OutOfScope(OutOfScopeBecause::NotUnderChosenOrganizationalUnits) => {
                "The object lies in none of the chosen organizational units.".to_owned()
            }
            Self::OutOfScope(OutOfScopeBecause::CriticalSystemObject) => {
                "The directory marks the object as a critical system object.".to_owned()
            }
            Self::OutOfScope(OutOfScopeBecause::ReplicationVictim) => {
                "The object's name carries the mark of a replication conflict.".to_owned()
            }
        }
    }
}

/// Decides about one object. `is_member_of_chosen_group` is what the source says of direct
/// membership; it matters for a scope of groups only.
pub fn judge(
    scope: &Scope,
    dn: &Dn,
    attributes: &Attributes,
    is_member_of_chosen_group: bool,
) -> ScopeVerdict {
    if is_true(attributes.values("isCriticalSystemObject")) {
        return ScopeVerdict::OutOfScope(OutOfScopeBecause::CriticalSystemObject);
    }
    if dn.name().contains("\nCNF:") {
        return ScopeVerdict::OutOfScope(OutOfScopeBecause::ReplicationVictim);
    }
    match scope {
        Scope::All => ScopeVerdict::InScope(InScopeBecause::AllAreInScope),
        Scope::Groups(groups) if groups.contains(dn) => {
            ScopeVerdict::InScope(InScopeBecause::ChosenGroup)
        }
        Scope::Groups(_) if is_member_of_chosen_group => {
            ScopeVerdict::InScope(InScopeBecause::MemberOfChosenGroup)
        }
        Scope::Groups(_) => ScopeVerdict::OutOfScope(OutOfScopeBecause::NotInChosenGroups),
        Scope::OrganizationalUnits(units) => units.iter().find(|unit| dn.is_under(unit)).map_or(
            ScopeVerdict::OutOfScope(OutOfScopeBecause::NotUnderChosenOrganizationalUnits),
            |unit| ScopeVerdict::InScope(InScopeBecause::UnderOrganizationalUnit(unit.clone())),
        ),
    }
}

fn is_true(values: &[AttributeValue]) -> bool {
    values.first().is_some_and(|value| match value {
        AttributeValue::Boolean(value) => *value,
        AttributeValue::Text(text) => text.eq_ignore_ascii_case("true"),
        AttributeValue::Integer(_) | AttributeValue::Binary(_) => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dn(text: &str) -> Dn {
        Dn::parse(text).unwrap()
    }

    #[test]
    fn nested_organizational_units_are_in_scope() {
        let scope = Scope::OrganizationalUnits(vec![dn("OU=Sales,DC=x"), dn("OU=It,DC=x")]);
        let of = |name: &str| judge(&scope, &dn(name), &Attributes::new(), false).is_in_scope();
        assert!(of("CN=a,OU=Berlin,OU=Sales,DC=x"));
        assert!(of("CN=a,ou=it,dc=x"));
        assert!(!of("CN=a,OU=Presales,DC=x"));
    }

    #[test]
    fn a_scope_of_groups_takes_the_groups_and_their_direct_members() {
        let scope = Scope::Groups(vec![dn("CN=Pilot,DC=x")]);
        let of =
            |name: &str, member| judge(&scope, &dn(name), &Attributes::new(), member).is_in_scope();
        assert!(of("cn=pilot,dc=x", false));
        assert!(of("CN=a,DC=x", true));
        assert!(!of("CN=a,DC=x", false));
    }

    #[test]
    fn critical_system_objects_and_replication_victims_are_never_in_scope() {
        let critical = Attributes::new().with("isCriticalSystemObject", "TRUE");
        assert!(!judge(&Scope::All, &dn("CN=krbtgt,DC=x"), &critical, false).is_in_scope());
        let victim = dn(r"CN=Anna\0ACNF:1f3c,DC=x");
        assert!(!judge(&Scope::All, &victim, &Attributes::new(), false).is_in_scope());
    }
}
