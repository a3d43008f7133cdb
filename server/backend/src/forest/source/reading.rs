//! A reading of a demo forest under way: pages from the database to whoever listens.

use std::collections::HashMap;

use connectors::{Cursor, Observation, ReadEnd, ReadEvent, SourceError, source::Skipped};
use engine::{
    directory::{AttributeValue, ObjectGuid, SourceObject, Values},
    forest::Forest,
};
use tokio::sync::mpsc::Sender;

use super::failed;
use crate::{
    database::Database,
    forest::store::{self, Condition, Entry, ForestState, SYNCHRONIZED},
};

/// What a reading is about.
#[derive(Clone, Copy)]
pub(super) enum Span {
    Everything,
    Changes {
        since: i64,
    },
    /// Changes, and the anchors of all that did not change.
    ChangesAndUnchanged {
        since: i64,
    },
}

pub(super) struct Running {
    pub(super) db: Database,
    pub(super) forest: Forest,
    pub(super) page_size: usize,
    /// Where the forest stood when the reading began.
    pub(super) state: ForestState,
    pub(super) events: Sender<Result<ReadEvent, SourceError>>,
}

/// Why a reading ends before its end.
enum Stop {
    /// Nobody listens any more.
    Dropped,
    Failed(SourceError),
}

impl From<crate::Error> for Stop {
    fn from(error: crate::Error) -> Self {
        Self::Failed(failed(error))
    }
}

impl Running {
    /// Sends what was asked for, and then the end or what went wrong.
    pub(super) async fn play(self, span: Span) {
        let sent = match span {
            Span::Everything => self.send_everything().await,
            Span::Changes { since } => self.send_changes(since).await,
            Span::ChangesAndUnchanged { since } => self.send_changes_and_unchanged(since).await,
        };
        let last = match sent {
            Err(Stop::Dropped) => return,
            Err(Stop::Failed(error)) => Err(error),
            Ok(()) => Ok(ReadEvent::End(ReadEnd {
                cursor: cursor_at(&self.state),
                skipped: Skipped::default(),
            })),
        };
        // Nobody listening any more is no mistake.
        let _ = self.events.send(last).await;
    }

    /// Walks by identifier: what is added or moved meanwhile comes with the next changes.
    async fn send_everything(&self) -> Result<(), Stop> {
        let mut last: Option<ObjectGuid> = None;
        loop {
            let mut condition = synchronized(self.forest);
            if let Some(id) = last {
                condition = condition.and("e.id > ", id);
            }
            let tail = format!("ORDER BY e.id LIMIT {}", self.page_size);
            let entries = store::entries(self.db.read(), condition, &tail).await?;
            last = entries.last().map(|entry| entry.id);
            if last.is_none() {
                return Ok(());
            }
            self.send_present(entries).await?;
        }
    }

    /// First what is gone, then what is there: an anchor that came back is there in the end.
    async fn send_changes(&self, since: i64) -> Result<(), Stop> {
        self.send_gone(since).await?;
        let mut last = since;
        loop {
            let condition = synchronized(self.forest)
                .and("e.change > ", last)
                .and("e.change <= ", self.state.last_change);
            let tail = format!("ORDER BY e.change LIMIT {}", self.page_size);
            let entries = store::entries(self.db.read(), condition, &tail).await?;
            let Some(entry) = entries.last() else {
                return Ok(());
            };
            last = entry.change;
            self.send_present(entries).await?;
        }
    }

    /// What changes after the reading began is named here, and comes whole with the next one.
    async fn send_changes_and_unchanged(&self, since: i64) -> Result<(), Stop> {
        self.send_changes(since).await?;
        let mut last: Option<ObjectGuid> = None;
        loop {
            let began = self.state.last_change;
            let mut condition = synchronized(self.forest).and_not_between("e.change", since, began);
            if let Some(id) = last {
                condition = condition.and("e.id > ", id);
            }
            let tail = format!("ORDER BY e.id LIMIT {}", self.page_size);
            let entries = store::entries(self.db.read(), condition, &tail).await?;
            last = entries.last().map(|entry| entry.id);
            if last.is_none() {
                return Ok(());
            }
            let page = entries
                .iter()
                .map(|entry| Observation::Unchanged(entry.anchor()));
            self.send(page.collect()).await?;
        }
    }

    async fn send_gone(&self, since: i64) -> Result<(), Stop> {
        let (mut last, up_to) = (since, self.state.last_change);
        loop {
            let gone =
                store::tombstones(self.db.read(), self.forest, last, up_to, self.page_size).await?;
            let Some((change, _)) = gone.last() else {
                return Ok(());
            };
            last = *change;
            let page = gone
                .into_iter()
                .map(|(_, anchor)| Observation::Gone(anchor));
            self.send(page.collect()).await?;
        }
    }

    async fn send_present(&self, entries: Vec<Entry>) -> Result<(), Stop> {
        let objects = objects(&self.db, entries).await?;
        self.send(objects.into_iter().map(Observation::Present).collect())
            .await
    }

    async fn send(&self, page: Vec<Observation>) -> Result<(), Stop> {
        let sent = self.events.send(Ok(ReadEvent::Page(page))).await;
        sent.map_err(|_| Stop::Dropped)
    }
}

/// Entries that a cycle may see.
pub(super) fn synchronized(forest: Forest) -> Condition {
    Condition::of(forest).and_sql(SYNCHRONIZED)
}

/// Entries with what they refer to, as Active Directory hands it out.
pub(super) async fn objects(
    db: &Database,
    entries: Vec<Entry>,
) -> crate::Result<Vec<SourceObject>> {
    let ids: Vec<ObjectGuid> = entries.iter().map(|entry| entry.id).collect();
    let mut references: HashMap<ObjectGuid, HashMap<String, Values>> = HashMap::new();
    for (owner, attribute, target) in store::referred_to(db.read(), &ids).await? {
        let attributes = references.entry(owner).or_default();
        let values = attributes.entry(attribute).or_default();
        values.push(target.to_string().into());
    }
    let object = |entry: Entry| {
        let references = references.remove(&entry.id).unwrap_or_default();
        object(entry, references)
    };
    Ok(entries.into_iter().filter_map(object).collect())
}

/// None for what is not synchronized.
fn object(entry: Entry, references: HashMap<String, Values>) -> Option<SourceObject> {
    let (anchor, kind) = (entry.anchor(), entry.class.kind()?);
    let Entry {
        id,
        class,
        dn,
        mut attributes,
        ..
    } = entry;
    let guid = AttributeValue::Binary(id.as_uuid().to_bytes_le().to_vec());
    let classes = class
        .object_classes()
        .iter()
        .copied()
        .map(AttributeValue::from);
    attributes.set("objectGUID", vec![guid]);
    attributes.set("objectClass", classes.collect());
    attributes.set("distinguishedName", vec![dn.as_str().into()]);
    for (name, values) in references {
        attributes.set(name.as_str(), values);
    }
    Some(SourceObject {
        anchor,
        dn,
        guid: Some(id),
        kind,
        attributes,
    })
}

pub(in crate::forest) fn cursor_at(state: &ForestState) -> Cursor {
    Cursor(format!("{FORM}:{}:{}", state.generation, state.last_change))
}

/// Counted up when readings say more than before, so that everything is read once.
const FORM: &str = "2";

/// After which change a cursor stands. One of another life of the forest, or from its future, says
/// nothing about this one.
pub(in crate::forest) fn change_at(
    cursor: &Cursor,
    state: &ForestState,
) -> Result<i64, SourceError> {
    let (generation, change) = cursor
        .0
        .strip_prefix(FORM)
        .and_then(|rest| rest.strip_prefix(':'))
        .and_then(|rest| rest.split_once(':'))
        .ok_or(SourceError::CursorRejected)?;
    let change: i64 = change.parse().map_err(|_| SourceError::CursorRejected)?;
    if generation != state.generation || !(0..=state.last_change).contains(&change) {
        return Err(SourceError::CursorRejected);
    }
    Ok(change)
}
