//! The embedded demo forests: two small directories with a change log, which a person can look at
//! and change in the portal, so that a demonstration needs no directory server.
//!
//! [`seed`] says what they hold on their first day, [`ForestSource`] lets cycles read them like any
//! other directory, [`browse`] shows them and [`edit`] changes them. Every change moves the
//! forest's change counter on, which makes readings of changes exact.

pub mod browse;
pub mod edit;
mod formats;
mod passwords;
pub mod seed;
mod source;
mod store;

use std::collections::HashMap;

use engine::{directory::Dn, forest::Forest};

pub use source::ForestSource;

use self::{
    seed::{DEFAULT_SEED, SeedObject},
    store::{Entry, ForestState, REFERENCES, Reference},
};
use crate::{Actor, Backend, Error, Result, audit, database::Write};

/// Makes the forests on the first start; later ones find them as people left them.
pub async fn ensure_seeded(backend: &Backend) -> Result<()> {
    for forest in Forest::ALL {
        if store::state(backend.db.read(), forest).await?.is_some() {
            continue;
        }
        let mut write = backend.db.write().await?;
        // Another server may have been faster.
        if store::state(write.connection(), forest).await?.is_none() {
            fill(backend, &mut write, forest, DEFAULT_SEED).await?;
            write.commit().await?;
        }
    }
    Ok(())
}

/// Puts both forests back to their first day. Cursors of readings so far are refused from then on,
/// so that the next cycle compares everything.
pub async fn reset(backend: &Backend, actor: &Actor) -> Result<()> {
    actor.may_change()?;
    let mut write = backend.db.write().await?;
    for forest in Forest::ALL {
        store::hold(&mut write, forest).await?;
        let state = store::state(write.connection(), forest).await?;
        let seed = state.map_or(DEFAULT_SEED, |state| state.seed);
        store::clear(&mut write, forest).await?;
        fill(backend, &mut write, forest, seed).await?;
    }
    let activity = audit::Activity::ChangeDemoForest;
    let detail = "Put the demo forests back to their first day.";
    audit::record(backend, &mut write, actor, activity, "Demo forests", detail).await?;
    write.commit().await?;
    backend.announce_change();
    Ok(())
}

/// Makes both forests anew from another number, in somebody's transaction.
pub(crate) async fn make(backend: &Backend, write: &mut Write, seed: u64) -> Result<()> {
    for forest in Forest::ALL {
        store::clear(write, forest).await?;
        fill(backend, write, forest, seed).await?;
    }
    Ok(())
}

async fn fill(backend: &Backend, write: &mut Write, forest: Forest, seed: u64) -> Result<()> {
    let seeded = seed::seed(forest, seed);
    let by_name: HashMap<Dn, &SeedObject> = seeded
        .iter()
        .map(|object| (object.dn.clone(), object))
        .collect();
    let (mut entries, mut references) = (Vec::new(), Vec::new());
    for object in &seeded {
        references.extend(references_of(object, &by_name)?);
        entries.push(entry_of(backend, forest, object, &by_name, entries.len()));
    }
    let relative_identifiers = seeded
        .iter()
        .filter_map(|object| object.attributes.values("objectSid").first())
        .filter_map(formats::relative_identifier);
    let state = ForestState {
        generation: backend.new_id().to_string(),
        last_change: i64::try_from(entries.len()).map_err(Error::internal)?,
        next_relative_identifier: i64::from(relative_identifiers.max().unwrap_or_default()) + 1,
        seed,
    };
    store::put_state(write, forest, &state).await?;
    store::put(write, &entries).await?;
    passwords::put_first(backend, write, &entries).await?;
    store::put_references(write, &references).await
}

fn entry_of(
    backend: &Backend,
    forest: Forest,
    object: &SeedObject,
    by_name: &HashMap<Dn, &SeedObject>,
    position: usize,
) -> Entry {
    let mut attributes = object.attributes.clone();
    for name in REFERENCES {
        attributes.remove(&name.into());
    }
    let parent = object.dn.parent();
    let parent = parent.and_then(|parent| by_name.get(&parent));
    Entry {
        id: object.guid,
        forest,
        class: object.class,
        parent: parent.map(|parent| parent.guid),
        dn: object.dn.clone(),
        attributes,
        change: position as i64 + 1,
        changed_at: backend.now(),
    }
}

fn references_of(
    object: &SeedObject,
    by_name: &HashMap<Dn, &SeedObject>,
) -> Result<Vec<Reference>> {
    let mut references = Vec::new();
    for attribute in REFERENCES {
        for value in object.attributes.values(attribute) {
            let name = Dn::parse(value.as_text().unwrap_or_default()).map_err(Error::internal)?;
            let target = by_name
                .get(&name)
                .ok_or_else(|| Error::internal(format!("the seed names {name} and lacks it")))?;
            references.push(Reference {
                owner: object.guid,
                attribute: attribute.to_owned(),
                target: target.guid,
            });
        }
    }
    Ok(references)
}

#[cfg(test)]
mod tests;
