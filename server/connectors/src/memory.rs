//! A directory in memory, with a change log and faults on demand, for tests.
//!
//! A [`MemorySource`] is a handle: clones share one directory, so a test keeps one to edit the
//! directory with and gives another to the code under test. Nothing here waits for time: a test
//! that wants to act in the middle of a reading holds its pages back with a [`Gate`].

mod gate;
mod state;

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use engine::directory::{AttributeName, Dn, ObjectGuid, ObjectKind, SourceAnchor, SourceObject};
use tokio::sync::mpsc;

pub use gate::Gate;
use state::{Script, State};

use crate::source::{
    Capabilities, Chosen, Container, Lookup, ReadEvent, ReadRequest, Reading, Source, SourceError,
    SourceReport, Whereabouts,
};

/// What goes wrong at the next opportunity. Each fault strikes once, in the order given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The next call of any kind is refused at once, for example with
    /// [`SourceError::Unreachable`] or [`SourceError::CursorRejected`].
    Refuse(SourceError),
    /// The next reading delivers so many pages, then the error.
    FailAfterPages { pages: usize, error: SourceError },
    /// The next reading delivers so many pages and then nothing, not even an end: what a consumer
    /// sees of a reader that died.
    CutAfterPages { pages: usize },
    /// The next reading is complete and names no object.
    EmptyAnswer,
    /// The next reading delivers every page twice.
    RepeatPages,
    /// The next reading has a page of nothing before every page.
    EmptyPages,
    /// The next reading is complete, and says that it could not take so many of the objects.
    Skipped { objects: u64 },
}

/// Whether the directory remembers what was deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tombstones {
    /// A reading of changes names the objects that are gone.
    Kept,
    /// Deletions are seen only by absence.
    Forgotten,
}

/// A directory in memory; clones share it.
#[derive(Clone, Debug)]
pub struct MemorySource {
    state: Arc<Mutex<State>>,
}

impl MemorySource {
    /// An empty directory.
    pub fn new(tombstones: Tombstones) -> Self {
        Self {
            state: Arc::new(Mutex::new(State::new(tombstones))),
        }
    }

    /// A directory that remembers its deletions and has these objects.
    pub fn with(objects: impl IntoIterator<Item = SourceObject>) -> Self {
        let source = Self::new(Tombstones::Kept);
        for object in objects {
            source.put(object);
        }
        source
    }

    /// Adds the object, or replaces the one with the same anchor: an edit, a rename or a move.
    pub fn put(&self, object: SourceObject) {
        self.state().put(object);
    }

    /// Adds an entry that carries the anchor of another one, as no directory should have.
    pub fn put_double(&self, object: SourceObject) {
        self.state().put_double(object);
    }

    /// Adds the object as of an earlier moment: it is listed, and no reading of changes names it. So
    /// it is with what is replicated late, or becomes visible.
    pub fn put_late(&self, object: SourceObject) {
        self.state().put_late(object);
    }

    /// Deletes the object; none of this anchor is no mistake.
    pub fn remove(&self, anchor: &SourceAnchor) {
        self.state().remove(anchor);
    }

    /// Adds a container. The containers above the objects are there without being added.
    pub fn put_container(&self, dn: Dn) {
        self.state().put_container(dn);
    }

    /// Adds a container that has an identifier, or gives it another name. From then on the
    /// directory tells where containers are; what lies below it is renamed apart from it.
    pub fn put_unit(&self, guid: ObjectGuid, dn: Dn) {
        self.state().units.insert(guid, dn);
    }

    /// Deletes a container, or hides it.
    pub fn remove_unit(&self, guid: ObjectGuid) {
        self.state().units.remove(&guid);
    }

    /// The object of this anchor, as the directory has it now.
    pub fn get(&self, anchor: &SourceAnchor) -> Option<SourceObject> {
        self.state().get(anchor)
    }

    /// How many objects there are.
    pub fn len(&self) -> usize {
        self.state().len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Objects per page from now on; 500 at first.
    pub fn set_page_size(&self, objects: usize) {
        self.state().page_size = objects.max(1);
    }

    /// Something that goes wrong once, at the next call that it concerns.
    pub fn fail_next(&self, fault: Fault) {
        self.state().faults.push_back(fault);
    }

    /// Every cursor handed out so far is rejected from now on.
    pub fn forget_history(&self) {
        self.state().forget_history();
    }

    /// Holds the pages of every reading that starts from now on, until the gate lets them pass.
    /// A new gate replaces the one before.
    pub fn hold_pages(&self) -> Gate {
        let gate = Gate::closed();
        self.state().gate = Some(gate.clone());
        gate
    }

    /// Every reading asked for so far, in order.
    pub fn requests(&self) -> Vec<ReadRequest> {
        self.state().requests.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for MemorySource {
    fn default() -> Self {
        Self::new(Tombstones::Kept)
    }
}

#[async_trait]
impl Source for MemorySource {
    async fn check(&self) -> Result<SourceReport, SourceError> {
        let mut state = self.state();
        state.refusal()?;
        Ok(state.report())
    }

    async fn read(&self, request: ReadRequest) -> Result<Reading, SourceError> {
        let (script, gate) = {
            let mut state = self.state();
            (state.script(&request)?, state.gate.clone())
        };
        // One page waits while one is consumed, as with a real directory.
        let (sender, events) = mpsc::channel(1);
        let reading = Reading {
            names_every_object: script.names_every_object,
            expected_objects: Some(script.objects()),
            events,
        };
        tokio::spawn(play(script, gate, sender));
        Ok(reading)
    }

    async fn fetch(&self, lookup: &Lookup) -> Result<Option<SourceObject>, SourceError> {
        let mut state = self.state();
        state.refusal()?;
        Ok(state.find(lookup))
    }

    async fn search(
        &self,
        kind: ObjectKind,
        part: &str,
        greatest_number: u16,
    ) -> Result<Vec<SourceObject>, SourceError> {
        let mut state = self.state();
        state.refusal()?;
        let mut found = state.named_like(kind, part);
        found.truncate(greatest_number.into());
        Ok(found)
    }

    async fn containers(&self, parent: &Dn) -> Result<Vec<Container>, SourceError> {
        let mut state = self.state();
        state.refusal()?;
        Ok(state.containers(parent))
    }

    async fn locate(&self, chosen: &[Chosen]) -> Result<Vec<Whereabouts>, SourceError> {
        let mut state = self.state();
        state.refusal()?;
        Ok(chosen.iter().map(|one| state.locate(one)).collect())
    }

    /// It has no schema: what its objects have is what they can have.
    async fn attribute_names(&self) -> Result<BTreeSet<AttributeName>, SourceError> {
        Ok(self.state().attribute_names())
    }

    async fn unknown_attributes(
        &self,
        mut names: BTreeSet<AttributeName>,
    ) -> Result<BTreeSet<AttributeName>, SourceError> {
        let known = self.state().attribute_names();
        names.retain(|name| !known.contains(name));
        Ok(names)
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            reports_deletions: self.state().tombstones == Tombstones::Kept,
        }
    }
}

/// Sends what was prepared, page by page, for as long as somebody listens.
async fn play(
    script: Script,
    gate: Option<Gate>,
    events: mpsc::Sender<Result<ReadEvent, SourceError>>,
) {
    for page in script.pages {
        if let Some(gate) = &gate {
            tokio::select! {
                () = gate.pass() => {}
                () = events.closed() => return,
            }
        }
        if events.send(Ok(ReadEvent::Page(page))).await.is_err() {
            return;
        }
    }
    if let Some(last) = script.last {
        // Nobody listening is no mistake: the reading was dropped.
        let _ = events.send(last.map(ReadEvent::End)).await;
    }
}

#[cfg(test)]
mod tests;
