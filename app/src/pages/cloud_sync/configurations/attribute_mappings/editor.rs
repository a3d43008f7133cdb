//! The mappings as they stand on the page, and as they are stored.

use engine::{
    configuration::{
        AttributeMapping, ConfigurationId, MappingSource, Mappings,
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
}

impl SchemaEditor {
    pub fn new(details: ConfigurationDetails) -> Self {
        Self {
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
        self.saved.set(details);
        self.discard();
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

    /// Source attributes that mappings read already, to be suggested.
    pub fn known_sources(self) -> Vec<String> {
        let mappings = self.mappings.read_untracked();
        let direct = mappings
            .values()
            .flatten()
            .filter_map(|row| match &row.source {
                MappingSource::Direct { attribute } => Some(attribute.to_string()),
                _ => None,
            });
        let mut names: Vec<String> = direct.collect();
        names.sort_by_key(|name| name.to_lowercase());
        names.dedup();
        names
    }
}

fn of_kind(mappings: &Mappings, kind: ObjectKind) -> Vec<AttributeMapping> {
    mappings.get(&kind).cloned().unwrap_or_default()
}

/// Whether the mapping of a target can be deleted.
pub fn is_required(kind: ObjectKind, target: &AttributeName) -> bool {
    schema::target_attribute(kind, target).is_some_and(|attribute| attribute.required)
}
