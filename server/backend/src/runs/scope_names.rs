//! What the names of a scope mean now: the groups and organizational units that they were chosen by
//! are followed when they are renamed or moved, and missed when they cannot be found.

use std::collections::BTreeMap;

use connectors::{Chosen, Source, SourceError, Whereabouts};
use engine::{
    configuration::{Configuration, ConfigurationId, Scope},
    cycle::plan::ScopeDoubt,
    directory::{Dn, ObjectGuid},
};
use sqlx::Row;
use uuid::Uuid;

use crate::{Backend, Error, Result, configurations, database::Write};

/// One answer for each name of a scope.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ScopeNames(BTreeMap<Dn, Whereabouts>);

impl ScopeNames {
    /// Asks the directory. A name that was found before means the object that it meant then.
    pub(super) async fn locate(
        source: &dyn Source,
        scope: &Scope,
        known: &KnownNames,
    ) -> Result<Self, SourceError> {
        if scope.names().is_empty() {
            return Ok(Self::default());
        }
        let chosen: Vec<Chosen> = scope
            .names()
            .iter()
            .map(|name| Chosen {
                dn: name.clone(),
                guid: known.0.get(name.key()).copied(),
            })
            .collect();
        let found = source.locate(&chosen).await?;
        let names = scope.names().iter().cloned();
        Ok(Self(names.zip(found).collect()))
    }

    /// The scope by the names that its objects have now. What is missing keeps its name.
    pub(super) fn apply_to(&self, scope: &Scope) -> Scope {
        let names_now = self.names_now();
        scope.renamed(
            &names_now
                .map(|(name, now)| (name.clone(), now.clone()))
                .collect(),
        )
    }

    pub(super) fn doubt(&self) -> Option<ScopeDoubt> {
        let missing: Vec<Dn> = self
            .0
            .iter()
            .filter(|(_, found)| **found == Whereabouts::NotFound)
            .map(|(name, _)| name.clone())
            .collect();
        (!missing.is_empty()).then_some(ScopeDoubt::NotFound(missing))
    }

    /// Stores the names of what was renamed, in the configuration and with the identifiers.
    pub(super) async fn follow(
        &self,
        backend: &Backend,
        write: &mut Write,
        configuration: ConfigurationId,
    ) -> Result<()> {
        let renamed: BTreeMap<Dn, Dn> = self
            .names_now()
            .filter(|(name, now)| name != now)
            .map(|(name, now)| (name.clone(), now.clone()))
            .collect();
        // All old names go first: two units may have exchanged theirs, and a unit may have got the
        // name of one that is missing.
        for name in renamed.keys() {
            forget(write, configuration, name.key()).await?;
        }
        for name in renamed.keys() {
            if let Whereabouts::At {
                dn,
                guid: Some(guid),
            } = &self.0[name]
            {
                remember(write, configuration, dn, *guid).await?;
            }
        }
        configurations::follow_renamed_scope(backend, write, configuration, &renamed).await
    }

    pub(super) fn are_renamed(&self) -> bool {
        self.names_now().any(|(name, now)| name != now)
    }

    fn names_now(&self) -> impl Iterator<Item = (&Dn, &Dn)> {
        self.0.iter().filter_map(|(name, found)| match found {
            Whereabouts::At { dn, .. } => Some((name, dn)),
            Whereabouts::NotFound => None,
        })
    }

    /// Whether there is nothing to remember and nothing to forget.
    pub(super) fn are_known(&self, known: &KnownNames) -> bool {
        let has_identifier =
            |found: &Whereabouts| matches!(found, Whereabouts::At { guid: Some(_), .. });
        let is_known = |name: &Dn| known.0.contains_key(name.key());
        let all_kept = self
            .0
            .iter()
            .all(|(name, found)| is_known(name) || !has_identifier(found));
        let is_chosen = |key: &String| self.0.keys().any(|name| name.key() == key);
        all_kept && known.0.keys().all(is_chosen)
    }

    /// Remembers what was found for the first time, and forgets what is not chosen any more.
    pub(super) async fn keep(
        &self,
        write: &mut Write,
        configuration: ConfigurationId,
        known: &KnownNames,
    ) -> Result<()> {
        let chosen = |key: &str| self.0.keys().any(|name| name.key() == key);
        for key in known.0.keys().filter(|key| !chosen(key)) {
            forget(write, configuration, key).await?;
        }
        for (name, found) in &self.0 {
            if let Whereabouts::At {
                guid: Some(guid), ..
            } = found
            {
                remember(write, configuration, name, *guid).await?;
            }
        }
        Ok(())
    }
}

async fn remember(
    write: &mut Write,
    configuration: ConfigurationId,
    name: &Dn,
    guid: ObjectGuid,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO chosen_objects (configuration_id, name_key, guid) VALUES ($1, $2, $3)
         ON CONFLICT (configuration_id, name_key) DO UPDATE SET guid = excluded.guid",
    )
    .bind(configuration.to_string())
    .bind(name.key().to_owned())
    .bind(guid.to_string())
    .execute(write.connection())
    .await?;
    Ok(())
}

async fn forget(write: &mut Write, configuration: ConfigurationId, name_key: &str) -> Result<()> {
    sqlx::query("DELETE FROM chosen_objects WHERE configuration_id = $1 AND name_key = $2")
        .bind(configuration.to_string())
        .bind(name_key.to_owned())
        .execute(write.connection())
        .await?;
    Ok(())
}

/// The identifiers that names of a scope were found to mean, by the keys of the names.
#[derive(Clone, Debug, Default)]
pub(super) struct KnownNames(BTreeMap<String, ObjectGuid>);

impl KnownNames {
    pub(super) async fn load(backend: &Backend, configuration: ConfigurationId) -> Result<Self> {
        let rows =
            sqlx::query("SELECT name_key, guid FROM chosen_objects WHERE configuration_id = $1")
                .bind(configuration.to_string())
                .fetch_all(backend.db.read())
                .await?;
        let names = rows.iter().map(|row| {
            let guid: Uuid = row
                .try_get::<String, _>("guid")?
                .parse()
                .map_err(Error::internal)?;
            Ok((row.try_get("name_key")?, ObjectGuid::from_uuid(guid)))
        });
        Ok(Self(names.collect::<Result<_>>()?))
    }
}

/// The configuration with the names that its scope has now, for a look at one moment.
pub(super) async fn followed(
    backend: &Backend,
    source: &dyn Source,
    configuration: &Configuration,
) -> Result<(Configuration, Option<ScopeDoubt>)> {
    let known = KnownNames::load(backend, configuration.id).await?;
    let names = ScopeNames::locate(source, &configuration.scope, &known).await;
    let names = names.map_err(|error| Error::Outside(error.to_string()))?;
    let followed = Configuration {
        scope: names.apply_to(&configuration.scope),
        ..configuration.clone()
    };
    Ok((followed, names.doubt()))
}
