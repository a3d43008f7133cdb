//! The mappings as they stand on the page, and as they are stored.

use engine::{
    configuration::{
        AttributeMapping, ConfigurationId, MappingSource, Mappings, defaults,
        draft::{
            FieldError,
            mapping::{self, MappingsDraft},
        },
        schema,
    },
    directory::{AttributeName, ObjectKind},
    records::ConfigurationDetails,
};
use leptos::prelude::*;

#[derive(Clone, Copy)]
pub struct SchemaEditor {
    /// What the server has.
    pub saved: RwSignal<ConfigurationDetails>,
    /// What the page shows.
    mappings: RwSignal<Mappings>,
    /// What a new configuration of such a directory begins with.
    defaults: StoredValue<Mappings>,
    /// Why the last save was refused, when somebody else had saved before.
    pub conflict: RwSignal<Option<String>>,
}

impl SchemaEditor {
    pub fn new(details: ConfigurationDetails) -> Self {
        let defaults = defaults::mappings(details.directory.kind.into());
        Self {
            defaults: StoredValue::new(defaults),
            conflict: RwSignal::new(None),
            mappings: RwSignal::new(details.configuration.mappings.clone()),
            saved: RwSignal::new(details),
        }
    }

    pub fn id(self) -> ConfigurationId {
        self.saved.read_untracked().configuration.id
    }

    pub fn domain(self) -> String {
        self.saved.read_untracked().configuration.domain.to_string()
    }

    /// By the name of their target.
    pub fn rows(self, kind: ObjectKind) -> Vec<AttributeMapping> {
        let mut rows = of_kind(&self.mappings.read(), kind);
        rows.sort_by_key(|row| row.target.as_str().to_lowercase());
        rows
    }

    pub fn row_untracked(self, kind: ObjectKind, target: &str) -> Option<AttributeMapping> {
        let rows = of_kind(&self.mappings.read_untracked(), kind);
        rows.into_iter().find(|row| row.target == target.into())
    }

    /// Whether the row differs from what is stored.
    pub fn is_unsaved(self, kind: ObjectKind, row: &AttributeMapping) -> bool {
        !of_kind(&self.saved.read().configuration.mappings, kind).contains(row)
    }

    /// Whether the row differs from what a new configuration begins with.
    pub fn is_changed(self, kind: ObjectKind, row: &AttributeMapping) -> bool {
        let is_default = |defaults: &Mappings| {
            let rows = defaults.get(&kind);
            rows.is_some_and(|rows| rows.contains(row))
        };
        !self.defaults.with_value(is_default)
    }

    /// Whether restoring the defaults would change anything, stored or not.
    pub fn differs_from_defaults(self) -> bool {
        let (saved, shown) = (self.saved.read(), self.mappings.read());
        let differs = |mappings: &Mappings, defaults: &Mappings| {
            let mut kinds = ObjectKind::ALL.into_iter();
            kinds.any(|kind| {
                let (own, default) = (of_kind(mappings, kind), of_kind(defaults, kind));
                own.len() != default.len() || own.iter().any(|row| !default.contains(row))
            })
        };
        self.defaults.with_value(|defaults| {
            differs(&saved.configuration.mappings, defaults) || differs(&shown, defaults)
        })
    }

    /// Rows that are new, different or gone.
    pub fn changes(self) -> u64 {
        let (saved, mappings) = (self.saved.read(), self.mappings.read());
        let of_one = |kind| {
            let old = of_kind(&saved.configuration.mappings, kind);
            let new = of_kind(&mappings, kind);
            let is_gone = |row: &&AttributeMapping| !new.iter().any(|own| own.target == row.target);
            let gone = old.iter().filter(is_gone).count();
            let changed = new.iter().filter(|row| !old.contains(row)).count();
            (gone + changed) as u64
        };
        ObjectKind::ALL.into_iter().map(of_one).sum()
    }

    pub fn changes_untracked(self) -> u64 {
        untrack(|| self.changes())
    }

    /// Where the values of rows come from that are new or different.
    pub fn changed_sources(self) -> Vec<MappingSource> {
        let (saved, mappings) = (self.saved.read_untracked(), self.mappings.read_untracked());
        let of_one = |kind| {
            let old = of_kind(&saved.configuration.mappings, kind);
            let new = of_kind(&mappings, kind).into_iter();
            new.filter(move |row| !old.contains(row))
        };
        let changed = ObjectKind::ALL.into_iter().flat_map(of_one);
        changed.map(|row| row.source).collect()
    }

    /// Puts a row that the server looked at in its place.
    pub fn put(
        self,
        kind: ObjectKind,
        original: Option<&AttributeName>,
        row: AttributeMapping,
    ) -> Result<(), Vec<FieldError>> {
        let mappings = mapping::put(&self.mappings.read_untracked(), kind, original, row)?;
        self.mappings.set(mappings);
        Ok(())
    }

    pub fn delete(self, kind: ObjectKind, target: &AttributeName) -> Result<(), FieldError> {
        let mappings = mapping::delete(&self.mappings.read_untracked(), kind, target)?;
        self.mappings.set(mappings);
        Ok(())
    }

    pub fn discard(self) {
        let stored = self.saved.read_untracked().configuration.mappings.clone();
        self.mappings.set(stored);
    }

    pub fn take_over(self, details: ConfigurationDetails) {
        self.conflict.set(None);
        self.saved.set(details);
        self.discard();
    }

    /// Takes over what somebody else stored, with what is not saved here on top of it.
    pub fn rebase(self, details: ConfigurationDetails) {
        let newer = &details.configuration.mappings;
        let old = &self.saved.read_untracked().configuration.mappings.clone();
        let mine = rebased(old, &self.mappings.read_untracked(), newer);
        self.conflict.set(None);
        self.saved.set(details);
        self.mappings.set(mine);
    }

    /// What **Save schema** sends.
    pub fn draft(self) -> MappingsDraft {
        MappingsDraft {
            revision: self.saved.read_untracked().configuration.revision,
            mappings: self.mappings.get_untracked(),
            extensions: None,
        }
    }

    /// The targets that a new row can fill, and that of the row at hand.
    pub fn free_targets(self, kind: ObjectKind, own: Option<&AttributeName>) -> Vec<String> {
        let rows = of_kind(&self.mappings.read_untracked(), kind);
        let is_taken = |name: &AttributeName| rows.iter().any(|row| row.target == *name);
        let saved = self.saved.read_untracked();
        let extensions = saved.configuration.extensions.iter();
        let extensions = extensions.filter(|extension| extension.kinds.contains(&kind));
        let mut names: Vec<String> = schema::target_attributes(kind)
            .iter()
            .map(|attribute| attribute.name)
            .chain(extensions.map(|extension| extension.name.as_str()))
            .filter(|name| {
                let name = AttributeName::from(*name);
                own == Some(&name) || !is_taken(&name)
            })
            .map(str::to_owned)
            .collect();
        names.sort_by_key(|name| name.to_lowercase());
        names
    }
}

fn of_kind(mappings: &Mappings, kind: ObjectKind) -> Vec<AttributeMapping> {
    mappings.get(&kind).cloned().unwrap_or_default()
}

/// `newer` with everything that makes `mine` different from `old`.
fn rebased(old: &Mappings, mine: &Mappings, newer: &Mappings) -> Mappings {
    let one = |kind: ObjectKind| {
        let (old, mine) = (of_kind(old, kind), of_kind(mine, kind));
        let names = |rows: &[AttributeMapping], target: &AttributeName| {
            rows.iter().any(|row| row.target == *target)
        };
        let (changed, same): (Vec<_>, Vec<_>) =
            mine.into_iter().partition(|row| !old.contains(row));
        let is_gone = |target: &AttributeName| {
            names(&old, target) && !names(&same, target) && !names(&changed, target)
        };
        let mut rows = of_kind(newer, kind);
        rows.retain(|row| !is_gone(&row.target) && !names(&changed, &row.target));
        rows.extend(changed);
        (kind, rows)
    };
    ObjectKind::ALL.map(one).into()
}

/// Whether the mapping of a target can be deleted.
pub fn is_required(kind: ObjectKind, target: &AttributeName) -> bool {
    schema::target_attribute(kind, target).is_some_and(|attribute| attribute.required)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(target: &str, value: &str) -> AttributeMapping {
        AttributeMapping {
            target: target.into(),
            source: MappingSource::Constant {
                value: value.to_owned(),
            },
            apply: Default::default(),
            flow_behavior: Default::default(),
            default_value: None,
        }
    }

    #[test]
    fn what_two_people_changed_comes_together() {
        let users = |rows: &[(&str, &str)]| {
            let rows = rows.iter().map(|(target, value)| row(target, value));
            Mappings::from([(ObjectKind::User, rows.collect())])
        };
        let old = users(&[("City", "a"), ("Fax", "a"), ("Mail", "a"), ("Title", "a")]);
        let mine = users(&[
            ("City", "mine"),
            ("Fax", "a"),
            ("Title", "a"),
            ("Pager", "mine"),
        ]);
        let newer = users(&[
            ("City", "a"),
            ("Fax", "theirs"),
            ("Mail", "theirs"),
            ("Url", "theirs"),
        ]);
        let both = rebased(&old, &mine, &newer);
        let expected = users(&[
            ("Fax", "theirs"),
            ("Url", "theirs"),
            ("City", "mine"),
            ("Pager", "mine"),
        ]);
        assert_eq!(both[&ObjectKind::User], expected[&ObjectKind::User]);
    }
}
