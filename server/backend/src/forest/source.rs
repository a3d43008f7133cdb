//! A demo forest as a directory that cycles read.

mod reading;

pub(super) use self::reading::{change_at, cursor_at};

use std::collections::BTreeSet;

use async_trait::async_trait;
use connectors::{
    Capabilities, ChangedPasswords, Chosen, Cursor, Lookup, ReadRequest, Reading, Source,
    SourceError, SourcePassword, SourceReport, Whereabouts,
    source::{Container, Seen},
};
use engine::{
    directory::{AttributeName, Dn, ObjectKind, SourceAnchor, SourceObject},
    forest::{EntryClass, Forest},
};
use tokio::sync::mpsc;

use self::reading::{Running, Span, objects, synchronized};
use super::store::{self, CONTAINERS, Column, Condition, ForestState};
use crate::{Backend, Error, database::Database, secrets::Secrets};

/// Reads one of the demo forests.
#[derive(Clone)]
pub struct ForestSource {
    pub(super) db: Database,
    pub(super) secrets: Secrets,
    pub(super) forest: Forest,
    page_size: usize,
}

impl ForestSource {
    pub fn new(backend: &Backend, forest: Forest) -> Self {
        Self {
            db: backend.db.clone(),
            secrets: backend.secrets.clone(),
            forest,
            page_size: 500,
        }
    }

    /// Reads so many entries at a time.
    #[must_use]
    pub fn with_page_size(self, page_size: usize) -> Self {
        Self { page_size, ..self }
    }

    pub(super) async fn state(&self) -> Result<ForestState, SourceError> {
        let state = store::state(self.db.read(), self.forest).await;
        state
            .map_err(failed)?
            .ok_or_else(|| not_found(self.forest.base_dn()))
    }

    async fn one(&self, condition: Condition) -> Result<Option<SourceObject>, SourceError> {
        let entries = store::entries(self.db.read(), condition, "ORDER BY e.id LIMIT 1");
        let entries = entries.await.map_err(failed)?;
        let mut objects = objects(&self.db, entries).await.map_err(failed)?;
        Ok(objects.pop())
    }

    /// By user principal name, else by mail address.
    async fn named(&self, name: &str) -> Result<Option<SourceObject>, SourceError> {
        let name = name.trim().to_lowercase();
        for column in ["e.user_name_key = ", "e.mail_key = "] {
            let condition = synchronized(self.forest).and(column, name.as_str());
            if let Some(found) = self.one(condition).await? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}

#[async_trait]
impl Source for ForestSource {
    async fn check(&self) -> Result<SourceReport, SourceError> {
        self.state().await?;
        let counts = store::grouped(self.db.read(), Column::Class, synchronized(self.forest));
        let counts = counts.await.map_err(failed)?;
        let seen = |kind: ObjectKind| Seen {
            kind,
            count: counts
                .iter()
                .filter(|row| EntryClass::parse(&row.key).and_then(EntryClass::kind) == Some(kind))
                .map(|row| row.count)
                .sum(),
            more: false,
        };
        Ok(SourceReport {
            product: "Demo forest".to_owned(),
            seen: ObjectKind::ALL.into_iter().map(seen).collect(),
            warnings: Vec::new(),
            delivers_password_hashes: true,
        })
    }

    async fn read(&self, request: ReadRequest) -> Result<Reading, SourceError> {
        let state = self.state().await?;
        let span = span_of(&request, &state)?;
        let condition = match span {
            Span::Changes { since } => synchronized(self.forest).and("e.change > ", since),
            Span::Everything | Span::ChangesAndUnchanged { .. } => synchronized(self.forest),
        };
        let expected = store::count(self.db.read(), condition)
            .await
            .map_err(failed)?;
        // One page waits while one is consumed.
        let (sender, events) = mpsc::channel(1);
        let running = Running {
            db: self.db.clone(),
            forest: self.forest,
            page_size: self.page_size,
            state,
            events: sender,
        };
        tokio::spawn(running.play(span));
        Ok(Reading {
            names_every_object: !matches!(span, Span::Changes { .. }),
            expected_objects: Some(expected),
            events,
        })
    }

    async fn fetch(&self, lookup: &Lookup) -> Result<Option<SourceObject>, SourceError> {
        self.state().await?;
        let entries = synchronized(self.forest);
        match lookup {
            Lookup::Dn(dn) => self.one(entries.and("e.dn_key = ", dn.key())).await,
            Lookup::Anchor(anchor) => self.one(entries.and("e.anchor = ", anchor.as_str())).await,
            Lookup::Name(name) => self.named(name).await,
        }
    }

    async fn locate(&self, chosen: &[Chosen]) -> Result<Vec<Whereabouts>, SourceError> {
        let mut found = Vec::new();
        for one in chosen {
            let entries = Condition::of(self.forest);
            let condition = match one.guid {
                Some(guid) => entries.and("e.id = ", guid),
                None => entries.and("e.dn_key = ", one.dn.key()),
            };
            let entry = store::entries(self.db.read(), condition, "").await;
            found.push(match entry.map_err(failed)?.pop() {
                Some(entry) => Whereabouts::At {
                    dn: entry.dn,
                    guid: Some(entry.id),
                },
                None => Whereabouts::NotFound,
            });
        }
        Ok(found)
    }

    async fn containers(&self, parent: &Dn) -> Result<Vec<Container>, SourceError> {
        let all = || Condition::of(self.forest).and_sql(CONTAINERS);
        let found = store::entries(self.db.read(), all().and("e.dn_key = ", parent.key()), "");
        let found = found.await.map_err(failed)?.pop();
        let above = found.ok_or_else(|| not_found(parent.as_str()))?.id;
        let below = all().and("e.parent_id = ", above);
        let below = store::entries(self.db.read(), below, "ORDER BY e.sort_key").await;
        let parents = store::grouped(self.db.read(), Column::Parent, all()).await;
        let parents = parents.map_err(failed)?;
        let container = |child: store::Entry| Container {
            name: child.dn.name(),
            has_containers: parents.iter().any(|row| row.key == child.id.to_string()),
            dn: child.dn,
        };
        Ok(below.map_err(failed)?.into_iter().map(container).collect())
    }

    /// It has no schema: what its objects have is what they can have.
    async fn attribute_names(&self) -> Result<BTreeSet<AttributeName>, SourceError> {
        let entries = store::entries(self.db.read(), synchronized(self.forest), "").await;
        let entries = entries.map_err(failed)?;
        let names = entries.iter().flat_map(|entry| entry.attributes.iter());
        Ok(names.map(|(name, _)| name.clone()).collect())
    }

    async fn unknown_attributes(
        &self,
        mut names: BTreeSet<AttributeName>,
    ) -> Result<BTreeSet<AttributeName>, SourceError> {
        let known = self.attribute_names().await?;
        names.retain(|name| !known.contains(name));
        Ok(names)
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            reports_deletions: true,
        }
    }

    async fn changed_passwords(
        &self,
        since: Option<&Cursor>,
    ) -> Result<ChangedPasswords, SourceError> {
        self.changed(since).await
    }

    async fn passwords(&self, of: &[SourceAnchor]) -> Result<Vec<SourcePassword>, SourceError> {
        self.passwords_of(of).await
    }
}

fn span_of(request: &ReadRequest, state: &ForestState) -> Result<Span, SourceError> {
    Ok(match request {
        ReadRequest::Everything => Span::Everything,
        ReadRequest::Changes {
            since,
            detect_absence,
        } => match (change_at(since, state)?, detect_absence) {
            (since, false) => Span::Changes { since },
            (since, true) => Span::ChangesAndUnchanged { since },
        },
    })
}

fn not_found(base: &str) -> SourceError {
    SourceError::BaseNotFound {
        base: base.to_owned(),
    }
}

/// The forest lives in the service's own database; what fails there is like a lost connection.
pub(super) fn failed(error: Error) -> SourceError {
    let detail = match error {
        Error::Internal(cause) => cause.to_string(),
        other => other.to_string(),
    };
    SourceError::ConnectionLost { detail }
}
