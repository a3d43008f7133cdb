//! **Save schema**: the attribute mappings and directory extensions of a configuration.
//!
//! Another schema asks another question of every object, so saving one starts a full cycle.

use engine::{
    configuration::{
        AttributeMapping, Configuration, ConfigurationId, Mappings,
        defaults::Dialect,
        draft::mapping::{self, MappingDraft, MappingsDraft},
    },
    directory::{AttributeName, ObjectKind},
    records::DirectoryKind,
};

use super::store;
use crate::{
    Actor, Backend, Error, Result,
    audit::{self, Activity},
    directories,
};

/// How many names of mappings an audit entry spells out.
const NAMES_IN_AUDIT: usize = 10;

/// Stores the mappings, all of them or none, and answers with the new revision.
pub async fn save_mappings(
    backend: &Backend,
    actor: &Actor,
    id: ConfigurationId,
    draft: MappingsDraft,
) -> Result<i64> {
    actor.may_change()?;
    let before = store::row(backend, id).await?.configuration;
    let extensions = draft
        .extensions
        .unwrap_or_else(|| before.extensions.clone());
    let mappings = mapping::validated(&draft.mappings, &extensions).map_err(Error::Invalid)?;
    let after = Configuration {
        mappings,
        extensions,
        ..before.clone()
    };
    store_schema(backend, actor, &before, after, draft.revision).await
}

/// The row that a draft becomes, whatever other rows there are. Stores nothing.
pub async fn check_mapping(
    backend: &Backend,
    id: ConfigurationId,
    draft: &MappingDraft,
) -> Result<AttributeMapping> {
    let configuration = store::row(backend, id).await?.configuration;
    draft
        .validate(&configuration.extensions)
        .map_err(Error::Invalid)
}

/// Stores one row: a new one, or one in the place of that of `target`.
pub async fn save_mapping(
    backend: &Backend,
    actor: &Actor,
    id: ConfigurationId,
    target: Option<&AttributeName>,
    draft: &MappingDraft,
) -> Result<i64> {
    let stored = store::row(backend, id).await?.configuration;
    let mappings = match target {
        Some(target) => mapping::edit(&stored.mappings, &stored.extensions, target, draft),
        None => mapping::add(&stored.mappings, &stored.extensions, draft),
    };
    let mappings = mappings.map_err(Error::Invalid)?;
    save_mappings(backend, actor, id, whole(&stored, mappings)).await
}

/// Stores the mappings without that of `target`.
pub async fn delete_mapping(
    backend: &Backend,
    actor: &Actor,
    id: ConfigurationId,
    kind: ObjectKind,
    target: &AttributeName,
) -> Result<i64> {
    let stored = store::row(backend, id).await?.configuration;
    let mappings = mapping::delete(&stored.mappings, kind, target);
    let mappings = mappings.map_err(|error| Error::Invalid(vec![error]))?;
    save_mappings(backend, actor, id, whole(&stored, mappings)).await
}

fn whole(stored: &Configuration, mappings: Mappings) -> MappingsDraft {
    MappingsDraft {
        revision: stored.revision,
        mappings,
        extensions: None,
    }
}

/// Begins again with the mappings of a new configuration. Directory extensions stay defined.
pub async fn restore_default_mappings(
    backend: &Backend,
    actor: &Actor,
    id: ConfigurationId,
    revision: i64,
) -> Result<i64> {
    actor.may_change()?;
    let before = store::row(backend, id).await?.configuration;
    let directory = directories::of_domain(backend, &before.domain).await?;
    let after = Configuration {
        mappings: mapping::restore_defaults(dialect(directory.kind)),
        ..before.clone()
    };
    store_schema(backend, actor, &before, after, revision).await
}

/// Which names the default mappings of a directory use.
pub fn dialect(kind: DirectoryKind) -> Dialect {
    kind.into()
}

async fn store_schema(
    backend: &Backend,
    actor: &Actor,
    before: &Configuration,
    mut after: Configuration,
    seen_revision: i64,
) -> Result<i64> {
    if after == *before {
        return Ok(before.revision);
    }
    after.revision += 1;
    let mut write = backend.db.write().await?;
    store::update(backend, &mut write, &after, seen_revision).await?;
    let activity = Activity::UpdateAttributeMappingsOrScope;
    let (domain, detail) = (after.domain.as_str(), changes(before, &after));
    audit::record(backend, &mut write, actor, activity, domain, &detail).await?;
    if after.deployment.is_enabled() {
        store::request_restart(&mut write, after.id, backend.now()).await?;
    } else {
        store::recommend_restart(&mut write, after.id).await?;
    }
    write.commit().await?;
    backend.wake_worker();
    Ok(after.revision)
}

/// For the audit log, in a sentence or two.
fn changes(before: &Configuration, after: &Configuration) -> String {
    let names: Vec<String> = ObjectKind::ALL
        .into_iter()
        .flat_map(|kind| {
            let (old, new) = (rows(&before.mappings, kind), rows(&after.mappings, kind));
            let lost = old
                .iter()
                .filter(|old| !new.iter().any(|new| new.target == old.target));
            let changed = new.iter().filter(|new| !old.contains(new));
            let named = lost.chain(changed);
            named.map(move |row| format!("{kind} {}", row.target))
        })
        .collect();
    let mut sentence = format!("Attribute mappings: {} changed", names.len());
    if !names.is_empty() {
        let shown = &names[..names.len().min(NAMES_IN_AUDIT)];
        sentence = format!("{sentence} ({}", shown.join(", "));
        sentence.push_str(if shown.len() < names.len() {
            ", …)"
        } else {
            ")"
        });
    }
    if before.extensions != after.extensions {
        let (old, new) = (before.extensions.len(), after.extensions.len());
        sentence = format!("{sentence}; directory extensions: {old} to {new}");
    }
    sentence + "."
}

fn rows(mappings: &Mappings, kind: ObjectKind) -> &[AttributeMapping] {
    mappings.get(&kind).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests;
