//! A reading under way: pages from the directory, observations to whoever listens.

use std::{collections::HashSet, sync::Arc};

use engine::directory::{AttributeValue, Dn, ObjectGuid, SourceAnchor, SourceObject};
use ldap3_proto::proto::LdapSearchScope;
use tokio::{sync::mpsc, time::Instant};

use super::{
    attributes,
    connection::Connection,
    decode::{self, Decoded},
    dialect::Dialect,
    filter::Filter,
    position::{Position, Stamps, outermost},
    ranges, schema,
    search::{Entry, PagedSearch, Search, Step},
    settings::LdapSettings,
};
use crate::source::{Observation, ReadEnd, ReadEvent, Skipped, SourceError};

/// What is read.
pub(super) enum Extent {
    Everything,
    Changes {
        since: Position,
        filter: Filter,
        detect_absence: bool,
    },
}

/// Why a reading did not come to its end.
pub(super) enum Stop {
    Failed(SourceError),
    NobodyListens,
}

impl From<SourceError> for Stop {
    fn from(error: SourceError) -> Self {
        Self::Failed(error)
    }
}

pub(super) type Events = mpsc::Sender<Result<ReadEvent, SourceError>>;

/// Reads to the end, and says so.
pub(super) async fn read(
    connection: Connection,
    settings: Arc<LdapSettings>,
    dialect: Dialect,
    position: Position,
    extent: Extent,
    events: &Events,
) -> Result<(), Stop> {
    let begin = Instant::now();
    let mut reader = Reader {
        connection,
        settings: &settings,
        attributes: attributes::to_ask_for(&settings),
        dialect,
        events,
        page: Vec::new(),
        page_bytes: 0,
        stamps: Stamps::default(),
        named: None,
        skipped: Skipped::default(),
    };
    let before = match extent {
        Extent::Everything => {
            reader.everything().await?;
            None
        }
        Extent::Changes {
            since,
            filter,
            detect_absence,
        } => {
            reader.named = detect_absence.then(Named::default);
            reader.changes(&filter).await?;
            if detect_absence {
                reader.the_others().await?;
            }
            Some(since)
        }
    };
    let next = position.after(before.as_ref(), &reader.stamps, begin.elapsed());
    let end = ReadEnd {
        cursor: next.into_cursor(&settings),
        skipped: reader.skipped,
    };
    reader.connection.close().await;
    deliver(events, ReadEvent::End(end)).await
}

async fn deliver(events: &Events, event: ReadEvent) -> Result<(), Stop> {
    events
        .send(Ok(event))
        .await
        .map_err(|_| Stop::NobodyListens)
}

struct Reader<'a> {
    connection: Connection,
    settings: &'a LdapSettings,
    attributes: Vec<String>,
    dialect: Dialect,
    events: &'a Events,
    page: Vec<Observation>,
    page_bytes: usize,
    stamps: Stamps,
    /// Only where the others are to be told from them.
    named: Option<Named>,
    skipped: Skipped,
}

impl Reader<'_> {
    const GREATEST_PAGE_BYTES: usize = 4 * 1024 * 1024;

    async fn everything(&mut self) -> Result<(), Stop> {
        let (connection, dialect) = (&mut self.connection, &self.dialect);
        self.attributes = schema::attributes_to_ask_for(connection, self.settings, dialect).await?;
        let search = self.search(self.settings.base_dn.as_str(), self.dialect.objects());
        self.objects(&search, &[]).await
    }

    /// What changed, and everything below a container that changed: a renamed container gives every
    /// object below it a new name without touching it.
    async fn changes(&mut self, changed: &Filter) -> Result<(), Stop> {
        let containers = self.changed_containers(changed).await?;
        let filter = self.dialect.objects().and(changed.clone());
        let search = self.search(self.settings.base_dn.as_str(), filter);
        self.objects(&search, &containers).await?;
        for container in &containers {
            let search = self.search(container.as_str(), self.dialect.objects());
            match self.objects(&search, &[]).await {
                // It was renamed or removed just now, and will be read by its new name.
                Err(Stop::Failed(SourceError::BaseNotFound { .. })) => {}
                outcome => outcome?,
            }
        }
        Ok(())
    }

    async fn changed_containers(&mut self, changed: &Filter) -> Result<Vec<Dn>, SourceError> {
        let search = Search {
            attributes: vec!["1.1".to_owned()],
            ..self.search(
                self.settings.base_dn.as_str(),
                self.dialect.containers().and(changed.clone()),
            )
        };
        let mut paged = PagedSearch::new(self.settings, &search);
        let mut names = Vec::new();
        loop {
            match paged.next(&mut self.connection).await? {
                Step::Entry(entry) => names.extend(Dn::parse(&entry.dn).ok()),
                Step::PageEnd { more: true } => {}
                Step::PageEnd { more: false } => break,
            }
        }
        // The base keeps its name, or nothing at all would be found.
        names.retain(|name| *name != self.settings.base_dn);
        Ok(outermost(names))
    }

    /// Names everything that was not read as changed, by its identifier alone.
    async fn the_others(&mut self) -> Result<(), Stop> {
        // They are all met again here.
        self.skipped = Skipped::default();
        let names = attributes::ANCHORS.iter().map(ToString::to_string);
        let search = Search {
            attributes: names.collect(),
            ..self.search(self.settings.base_dn.as_str(), self.dialect.objects())
        };
        let mut paged = PagedSearch::new(self.settings, &search);
        loop {
            match paged.next(&mut self.connection).await? {
                Step::Entry(entry) => self.other(&entry).await?,
                Step::PageEnd { more } => {
                    self.hand_on().await?;
                    if !more {
                        return Ok(());
                    }
                }
            }
        }
    }

    async fn other(&mut self, entry: &Entry) -> Result<(), Stop> {
        match decode::anchor(entry) {
            Some(anchor) if self.was_named(&anchor) => Ok(()),
            Some(anchor) => self.put(Observation::Unchanged(anchor), 0).await,
            None => {
                self.skipped.add(|| decode::without_anchor(&entry.dn));
                Ok(())
            }
        }
    }

    fn was_named(&self, anchor: &SourceAnchor) -> bool {
        self.named
            .as_ref()
            .is_some_and(|named| named.contains(anchor))
    }

    fn search(&self, base: &str, filter: Filter) -> Search {
        Search {
            base: base.to_owned(),
            scope: LdapSearchScope::Subtree,
            filter,
            attributes: self.attributes.clone(),
            extended_names: self.dialect.has_extended_names(),
        }
    }

    /// Every object that the search finds, except below `left_out`.
    async fn objects(&mut self, search: &Search, left_out: &[Dn]) -> Result<(), Stop> {
        let mut paged = PagedSearch::new(self.settings, search);
        let mut incomplete = Vec::new();
        loop {
            match paged.next(&mut self.connection).await? {
                Step::Entry(entry)
                    if self.dialect.has_ranges() && ranges::is_incomplete(&entry) =>
                {
                    incomplete.push(entry);
                }
                Step::Entry(entry) => self.observe(entry, left_out).await?,
                Step::PageEnd { more } => {
                    for mut entry in incomplete.drain(..) {
                        ranges::complete(&mut self.connection, self.settings, &mut entry).await?;
                        self.observe(entry, left_out).await?;
                    }
                    self.hand_on().await?;
                    if !more {
                        return Ok(());
                    }
                }
            }
        }
    }

    async fn observe(&mut self, entry: Entry, left_out: &[Dn]) -> Result<(), Stop> {
        let object = match decode::object(entry) {
            Decoded::Object(object) => object,
            Decoded::NotOurs => return Ok(()),
            Decoded::Unusable(reason) => {
                self.skipped.add(|| reason);
                return Ok(());
            }
        };
        self.stamps.see(&object.attributes);
        if left_out
            .iter()
            .any(|container| object.dn.is_under(container))
        {
            return Ok(());
        }
        if let Some(named) = &mut self.named {
            named.add(&object.anchor);
        }
        let bytes = size_of_object(&object);
        self.put(Observation::Present(object), bytes).await
    }

    /// Pages are handed on when the directory ends its own, and before that when they grow: with
    /// large groups and photographs, or because the directory does not page.
    async fn put(&mut self, observation: Observation, bytes: usize) -> Result<(), Stop> {
        self.page.push(observation);
        self.page_bytes += bytes;
        let is_full = self.page.len() >= self.settings.page_size.into()
            || self.page_bytes > Self::GREATEST_PAGE_BYTES;
        if is_full {
            self.hand_on().await
        } else {
            Ok(())
        }
    }

    async fn hand_on(&mut self) -> Result<(), Stop> {
        if self.page.is_empty() {
            return Ok(());
        }
        self.page_bytes = 0;
        let page = std::mem::take(&mut self.page);
        deliver(self.events, ReadEvent::Page(page)).await
    }
}

/// About what it holds in memory.
fn size_of_object(object: &SourceObject) -> usize {
    const PER_VALUE: usize = 32;
    let values = object.attributes.iter().flat_map(|(_, values)| values);
    let sizes = values.map(|value| match value {
        AttributeValue::Text(text) => PER_VALUE + text.len(),
        AttributeValue::Binary(bytes) => PER_VALUE + bytes.len(),
        AttributeValue::Integer(_) | AttributeValue::Boolean(_) => PER_VALUE,
    });
    sizes.sum()
}

/// Who was named so far. Nearly every identifier has sixteen bytes, and is kept as these.
#[derive(Default)]
struct Named {
    guids: HashSet<ObjectGuid>,
    others: HashSet<SourceAnchor>,
}

impl Named {
    fn add(&mut self, anchor: &SourceAnchor) {
        match anchor.object_guid() {
            Some(guid) => self.guids.insert(guid),
            None => self.others.insert(anchor.clone()),
        };
    }

    fn contains(&self, anchor: &SourceAnchor) -> bool {
        match anchor.object_guid() {
            Some(guid) => self.guids.contains(&guid),
            None => self.others.contains(anchor),
        }
    }
}
