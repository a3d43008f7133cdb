//! The scope as a person typed it: the choice, how deep nested groups are followed, and attribute
//! clauses.
//!
//! [`ScopeDraft::scope`] looks at the choice alone and is for the browser, too. Patterns of clauses
//! bring their machine along: [`ScopeDraft::validate`] is for the server only.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{DISTINGUISHED_NAME, FieldError, NESTED_GROUP_DEPTH};
use crate::{
    configuration::{
        Configuration, ObjectFlow, Scope, ScopingFilter,
        scoping_filter::{Clause, FilterProblem, Operator},
    },
    directory::{Dn, ObjectKind},
};

/// The choice in the scope pane. Each list keeps what was typed while another choice is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopeDraft {
    pub choice: ScopeChoice,
    #[serde(default)]
    pub groups: Vec<String>,
    #[serde(default)]
    pub organizational_units: Vec<String>,
    /// None leaves it as it is.
    #[serde(default)]
    pub nested_group_depth: Option<String>,
    /// Whether the form shows the clauses; otherwise they stay as they are. A form cannot send an
    /// empty list.
    #[serde(default)]
    pub shows_clauses: bool,
    /// Of all kinds of object and all their groups, one after the other.
    #[serde(default)]
    pub clauses: Vec<ClauseDraft>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ScopeChoice {
    #[default]
    AllUsers,
    SelectedSecurityGroups,
    SelectedOrganizationalUnits,
}

/// One clause. Those of one kind and group must hold together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClauseDraft {
    pub kind: ObjectKind,
    /// Any number that the clauses of other groups do not have.
    pub group: u32,
    #[serde(default)]
    pub attribute: String,
    /// As [`Operator::as_str`] writes it.
    #[serde(default)]
    pub operator: String,
    #[serde(default)]
    pub value: String,
}

/// A scope that may be stored. What is none stays as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeSettings {
    scope: Scope,
    nested_group_depth: Option<u8>,
    filters: Option<BTreeMap<ObjectKind, ScopingFilter>>,
}

/// The name of a clause's field; `part` is `attribute`, `operator` or `value`.
pub fn clause_field(position: usize, part: &str) -> String {
    format!("clause_{position}_{part}")
}

impl ScopeDraft {
    /// The names of the list that the choice shows.
    pub fn names(&self) -> &[String] {
        match self.choice {
            ScopeChoice::AllUsers => &[],
            ScopeChoice::SelectedSecurityGroups => &self.groups,
            ScopeChoice::SelectedOrganizationalUnits => &self.organizational_units,
        }
    }

    /// What the page shows of a stored configuration.
    pub fn of(configuration: &Configuration) -> Self {
        Self {
            nested_group_depth: Some(configuration.nested_group_depth.to_string()),
            shows_clauses: true,
            clauses: clauses_of(configuration),
            ..Self::from(&configuration.scope)
        }
    }

    /// Whether storing both would come to the same.
    pub fn is_same_as(&self, other: &Self) -> bool {
        self.choice == other.choice
            && self.names() == other.names()
            && self.nested_group_depth == other.nested_group_depth
            && self.clauses == other.clauses
    }

    /// Every name must lie in the domain, once. Groups and organizational units exclude each
    /// other by the choice itself.
    pub fn scope(&self, base: &Dn) -> Result<Scope, Vec<FieldError>> {
        let mut names: Vec<Dn> = Vec::new();
        let mut errors = Vec::new();
        for text in self.names() {
            match scope_name(text, base, &names) {
                Ok(name) => names.push(name),
                Err(error) => errors.push(error),
            }
        }
        if names.is_empty() && errors.is_empty() && self.choice != ScopeChoice::AllUsers {
            errors.push(FieldError::new(
                DISTINGUISHED_NAME,
                match self.choice {
                    ScopeChoice::SelectedSecurityGroups => "Add at least one security group.",
                    _ => "Add at least one organizational unit.",
                },
            ));
        }
        if self.choice == ScopeChoice::SelectedOrganizationalUnits {
            errors.extend(too_many_units(names.len()));
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(match self.choice {
            ScopeChoice::AllUsers => Scope::All,
            ScopeChoice::SelectedSecurityGroups => Scope::Groups(names),
            ScopeChoice::SelectedOrganizationalUnits => Scope::OrganizationalUnits(names),
        })
    }

    /// All of it, or everything that is wrong.
    pub fn validate(&self, base: &Dn) -> Result<ScopeSettings, Vec<FieldError>> {
        let mut errors = Vec::new();
        let scope = self.scope(base).map_err(|wrong| errors.extend(wrong)).ok();
        let depth = self.depth().map_err(|wrong| errors.push(wrong)).ok();
        let filters = self.filters().map_err(|wrong| errors.extend(wrong)).ok();
        match (scope, depth, filters) {
            (Some(scope), Some(nested_group_depth), Some(filters)) => Ok(ScopeSettings {
                scope,
                nested_group_depth,
                filters: self.shows_clauses.then_some(filters),
            }),
            _ => Err(errors),
        }
    }

    fn depth(&self) -> Result<Option<u8>, FieldError> {
        let Some(text) = &self.nested_group_depth else {
            return Ok(None);
        };
        text.trim()
            .parse()
            .map(Some)
            .map_err(|_| FieldError::new(NESTED_GROUP_DEPTH, "Enter a whole number from 0 to 255."))
    }

    fn filters(&self) -> Result<BTreeMap<ObjectKind, ScopingFilter>, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut filters = BTreeMap::new();
        for kind in ObjectKind::ALL {
            let groups = self.groups_of(kind);
            let read = groups.iter().map(|group| {
                let clauses = group.iter().map(|position| self.clause(*position));
                clauses.collect::<Result<Vec<Clause>, FieldError>>()
            });
            match read.collect() {
                Ok(clauses) => {
                    let filter = ScopingFilter { groups: clauses };
                    let problems = filter.problems();
                    errors.extend(
                        problems
                            .iter()
                            .map(|wrong| in_field(wrong, &filter, &groups)),
                    );
                    filters.insert(kind, filter);
                }
                Err(error) => errors.push(error),
            }
        }
        match errors.is_empty() {
            true => Ok(filters),
            false => Err(errors),
        }
    }

    /// The positions of the clauses of each group.
    fn groups_of(&self, kind: ObjectKind) -> Vec<Vec<usize>> {
        let mut groups: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        let of_kind = self.clauses.iter().enumerate();
        for (position, clause) in of_kind.filter(|(_, clause)| clause.kind == kind) {
            groups.entry(clause.group).or_default().push(position);
        }
        groups.into_values().collect()
    }

    fn clause(&self, position: usize) -> Result<Clause, FieldError> {
        let refuse =
            |message: String| FieldError::new(&clause_field(position, "operator"), message);
        let draft = self
            .clauses
            .get(position)
            .ok_or_else(|| refuse("There is no such clause.".to_owned()))?;
        let operator =
            Operator::parse(&draft.operator).map_err(|error| refuse(error.to_string()))?;
        Ok(Clause {
            attribute: draft.attribute.trim().into(),
            value: operator.takes_value().then(|| draft.value.clone()),
            operator,
        })
    }
}

/// Beside the field that it concerns: the attribute, or else the value.
fn in_field(problem: &FilterProblem, filter: &ScopingFilter, groups: &[Vec<usize>]) -> FieldError {
    let index = problem.clause.unwrap_or_default();
    let clause = filter
        .groups
        .get(problem.group)
        .and_then(|group| group.get(index));
    let position = groups.get(problem.group).and_then(|group| group.get(index));
    let part = match clause.and_then(Clause::attribute_problem) {
        Some(_) => "attribute",
        None => "value",
    };
    let field = clause_field(position.copied().unwrap_or_default(), part);
    FieldError::new(&field, problem.message.clone())
}

impl ScopeSettings {
    /// The configuration with this scope.
    #[must_use]
    pub fn apply_to(self, before: &Configuration) -> Configuration {
        let mut after = Configuration {
            scope: self.scope,
            nested_group_depth: self.nested_group_depth.unwrap_or(before.nested_group_depth),
            ..before.clone()
        };
        for (kind, scoping_filter) in self.filters.unwrap_or_default() {
            let mut flow = before.object_flow(kind);
            flow.scoping_filter = scoping_filter;
            if flow == ObjectFlow::default() {
                after.object_flows.remove(&kind);
            } else {
                after.object_flows.insert(kind, flow);
            }
        }
        after
    }
}

impl From<&Scope> for ScopeDraft {
    fn from(scope: &Scope) -> Self {
        let texts = |names: &[Dn]| names.iter().map(ToString::to_string).collect();
        match scope {
            Scope::All => Self::default(),
            Scope::Groups(groups) => Self {
                choice: ScopeChoice::SelectedSecurityGroups,
                groups: texts(groups),
                ..Self::default()
            },
            Scope::OrganizationalUnits(units) => Self {
                choice: ScopeChoice::SelectedOrganizationalUnits,
                organizational_units: texts(units),
                ..Self::default()
            },
        }
    }
}

fn clauses_of(configuration: &Configuration) -> Vec<ClauseDraft> {
    let mut drafts = Vec::new();
    for (kind, flow) in &configuration.object_flows {
        for (group, clauses) in (0..).zip(&flow.scoping_filter.groups) {
            drafts.extend(clauses.iter().map(|clause| ClauseDraft {
                kind: *kind,
                group,
                attribute: clause.attribute.to_string(),
                operator: clause.operator.to_string(),
                value: clause.value.clone().unwrap_or_default(),
            }));
        }
    }
    drafts
}

/// How many organizational units can be chosen, as in the original of 2021.
pub const MOST_ORGANIZATIONAL_UNITS: usize = 59;

/// Why so many organizational units cannot be chosen; nothing when they can.
pub fn too_many_units(units: usize) -> Option<FieldError> {
    (units > MOST_ORGANIZATIONAL_UNITS).then(|| {
        FieldError::new(
            DISTINGUISHED_NAME,
            format!(
                "At most {MOST_ORGANIZATIONAL_UNITS} organizational units can be selected. Select \
                 one that lies above several."
            ),
        )
    })
}

/// One name that is to be added to `already`.
pub fn scope_name(text: &str, base: &Dn, already: &[Dn]) -> Result<Dn, FieldError> {
    let refuse = |message: String| FieldError::new(DISTINGUISHED_NAME, message);
    let name = Dn::parse(text).map_err(|error| refuse(error.to_string()))?;
    if !name.is_under(base) {
        return Err(refuse(format!(
            "{name} is outside the domain. Names of this configuration end with {base}."
        )));
    }
    if already.contains(&name) {
        return Err(refuse(format!("{name} is in the list already.")));
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> Dn {
        Dn::parse("DC=contoso,DC=test").unwrap()
    }

    #[test]
    fn fifty_nine_units_can_be_chosen_and_no_more() {
        let draft = |units: usize| ScopeDraft {
            choice: ScopeChoice::SelectedOrganizationalUnits,
            organizational_units: (0..units)
                .map(|unit| format!("OU=Unit {unit},DC=contoso,DC=test"))
                .collect(),
            ..ScopeDraft::default()
        };
        assert!(draft(59).scope(&base()).is_ok());
        let refused = draft(60).scope(&base()).unwrap_err();
        assert!(refused[0].message.starts_with("At most 59"), "{refused:?}");
    }

    fn clause(kind: ObjectKind, group: u32, words: [&str; 3]) -> ClauseDraft {
        let [attribute, operator, value] = words.map(str::to_owned);
        ClauseDraft {
            kind,
            group,
            attribute,
            operator,
            value,
        }
    }

    fn with_clauses(clauses: Vec<ClauseDraft>) -> ScopeDraft {
        ScopeDraft {
            shows_clauses: true,
            clauses,
            ..ScopeDraft::default()
        }
    }

    #[test]
    fn a_scope_lies_in_the_domain_and_names_nothing_twice() {
        let base = Dn::parse("DC=contoso,DC=test").unwrap();
        let units = |names: &[&str]| ScopeDraft {
            choice: ScopeChoice::SelectedOrganizationalUnits,
            organizational_units: names.iter().map(ToString::to_string).collect(),
            ..ScopeDraft::default()
        };
        let good = units(&["OU=Sales,DC=contoso,DC=test"])
            .scope(&base)
            .unwrap();
        assert_eq!(good.summary(), "1 organizational unit");
        for (names, message) in [
            (vec![], "Add at least one organizational unit."),
            (vec!["Sales"], "\"Sales\" at character 1 has no equals sign"),
            (
                vec!["OU=Sales,DC=fabrikam,DC=test"],
                "OU=Sales,DC=fabrikam,DC=test is outside",
            ),
            (
                vec!["OU=a,DC=contoso,DC=test", "ou=A,dc=contoso,dc=test"],
                "ou=A,dc=contoso,dc=test is in the list already.",
            ),
        ] {
            let errors = units(&names).validate(&base).unwrap_err();
            assert!(errors[0].message.starts_with(message), "{errors:?}");
        }
    }

    #[test]
    fn clauses_of_a_group_stay_together_whatever_their_order() {
        let user = |group, words| clause(ObjectKind::User, group, words);
        let settings = with_clauses(vec![
            user(7, ["department", "EQUALS", "Sales"]),
            clause(ObjectKind::Group, 7, ["cn", "IS NOT NULL", "left over"]),
            user(2, ["title", "INCLUDES", "Head"]),
            user(7, ["l", "EQUALS", "Berlin"]),
        ])
        .validate(&base())
        .unwrap();
        let filters = settings.filters.unwrap();
        let sizes: Vec<usize> = filters[&ObjectKind::User]
            .groups
            .iter()
            .map(Vec::len)
            .collect();
        assert_eq!(sizes, [1, 2]);
        assert_eq!(filters[&ObjectKind::Group].groups[0][0].value, None);
        assert!(filters[&ObjectKind::Contact].is_empty());
    }

    #[test]
    fn what_is_wrong_with_a_clause_stands_beside_its_field() {
        let user = |words| clause(ObjectKind::User, 0, words);
        let errors = with_clauses(vec![
            clause(ObjectKind::Group, 0, ["member", "IS NULL", ""]),
            user(["department", "EQUALS", ""]),
            user(["", "IS NULL", ""]),
            user(["mail", "REGEX MATCH", "("]),
        ])
        .validate(&base())
        .unwrap_err();
        let mut fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        fields.sort_unstable();
        assert_eq!(
            fields,
            [
                "clause_0_attribute",
                "clause_1_value",
                "clause_2_attribute",
                "clause_3_value"
            ]
        );
        let unknown = with_clauses(vec![user(["cn", "SOUNDS LIKE", "x"])]);
        let errors = unknown.validate(&base()).unwrap_err();
        assert_eq!(errors[0].field, "clause_0_operator");
    }

    #[test]
    fn what_a_form_does_not_show_stays_as_it_is() {
        let hidden = ScopeDraft {
            clauses: vec![clause(ObjectKind::User, 0, ["cn", "IS NULL", ""])],
            ..ScopeDraft::default()
        };
        let settings = hidden.validate(&base()).unwrap();
        assert_eq!(
            (settings.nested_group_depth, settings.filters),
            (None, None)
        );
        for wrong in ["-1", "256", "deep", ""] {
            let draft = ScopeDraft {
                nested_group_depth: Some(wrong.to_owned()),
                ..ScopeDraft::default()
            };
            let errors = draft.validate(&base()).unwrap_err();
            assert_eq!(errors[0].field, NESTED_GROUP_DEPTH, "{wrong}");
        }
    }
}
