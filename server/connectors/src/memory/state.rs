//! What the directory in memory holds and remembers, and what a reading of it will say.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use engine::directory::{
    AttributeName, AttributeValue, Dn, ObjectGuid, ObjectKind, SourceAnchor, SourceObject,
};

use super::{Fault, Gate, Tombstones};
use crate::source::{
    Chosen, Container, Cursor, Lookup, Observation, ReadEnd, ReadRequest, Seen, Skipped,
    SourceError, SourceReport, Whereabouts,
};

#[derive(Debug)]
pub(super) struct State {
    pub(super) tombstones: Tombstones,
    pub(super) page_size: usize,
    pub(super) faults: VecDeque<Fault>,
    pub(super) gate: Option<Gate>,
    pub(super) requests: Vec<ReadRequest>,
    /// In the order in which the objects were first put.
    objects: BTreeMap<usize, Entry>,
    places: HashMap<SourceAnchor, usize>,
    next_place: usize,
    gone: BTreeMap<SourceAnchor, u64>,
    added_containers: BTreeSet<Dn>,
    /// Containers with identifiers.
    pub(super) units: BTreeMap<ObjectGuid, Dn>,
    /// Counts edits; the edit that made an entry as it is stands beside it.
    edits: u64,
    /// Cursors of an earlier history are rejected.
    history: u64,
}

#[derive(Debug)]
struct Entry {
    object: SourceObject,
    edit: u64,
}

/// A reading, prepared: its pages, and what comes after them. No last word means that the reading
/// breaks off in silence.
pub(super) struct Script {
    pub(super) names_every_object: bool,
    pub(super) pages: Vec<Vec<Observation>>,
    pub(super) last: Option<Result<ReadEnd, SourceError>>,
}

impl Script {
    pub(super) fn objects(&self) -> u64 {
        self.pages.iter().map(|page| page.len() as u64).sum()
    }
}

impl State {
    pub(super) fn new(tombstones: Tombstones) -> Self {
        Self {
            tombstones,
            page_size: 500,
            faults: VecDeque::new(),
            gate: None,
            requests: Vec::new(),
            objects: BTreeMap::new(),
            places: HashMap::new(),
            next_place: 0,
            gone: BTreeMap::new(),
            added_containers: BTreeSet::new(),
            units: BTreeMap::new(),
            edits: 0,
            history: 0,
        }
    }

    pub(super) fn put(&mut self, object: SourceObject) {
        self.edits += 1;
        self.put_as_of(self.edits, object);
    }

    pub(super) fn put_late(&mut self, object: SourceObject) {
        self.put_as_of(0, object);
    }

    fn put_as_of(&mut self, edit: u64, object: SourceObject) {
        self.gone.remove(&object.anchor);
        let next = &mut self.next_place;
        let place = *self.places.entry(object.anchor.clone()).or_insert_with(|| {
            *next += 1;
            *next
        });
        self.objects.insert(place, Entry { object, edit });
    }

    pub(super) fn put_double(&mut self, object: SourceObject) {
        self.edits += 1;
        self.next_place += 1;
        let edit = self.edits;
        self.objects.insert(self.next_place, Entry { object, edit });
    }

    pub(super) fn remove(&mut self, anchor: &SourceAnchor) {
        if let Some(place) = self.places.remove(anchor) {
            self.objects.remove(&place);
            self.edits += 1;
            self.gone.insert(anchor.clone(), self.edits);
        }
    }

    pub(super) fn put_container(&mut self, dn: Dn) {
        self.added_containers.insert(dn);
    }

    /// Groups are told by their anchors. As long as no container has an identifier, the name of each
    /// is its own proof.
    pub(super) fn locate(&self, chosen: &Chosen) -> Whereabouts {
        let objects = self.objects.values().map(|entry| &entry.object);
        let groups = objects.filter_map(|object| Some((object.anchor.object_guid()?, &object.dn)));
        let units = self.units.iter().map(|(guid, dn)| (*guid, dn));
        let found = units.chain(groups).find(|(guid, dn)| match chosen.guid {
            Some(meant) => *guid == meant,
            None => **dn == chosen.dn,
        });
        match found {
            Some((guid, dn)) => Whereabouts::At {
                dn: dn.clone(),
                guid: Some(guid),
            },
            None if self.units.is_empty() && chosen.guid.is_none() => Whereabouts::At {
                dn: chosen.dn.clone(),
                guid: None,
            },
            None => Whereabouts::NotFound,
        }
    }

    pub(super) fn get(&self, anchor: &SourceAnchor) -> Option<SourceObject> {
        let place = self.places.get(anchor)?;
        Some(self.objects.get(place)?.object.clone())
    }

    pub(super) fn named_like(&self, kind: ObjectKind, part: &str) -> Vec<SourceObject> {
        let part = part.to_lowercase();
        let objects = self.objects.values().map(|entry| &entry.object);
        let is_named = |object: &&SourceObject| {
            let names = ["cn", "displayName", "sAMAccountName", "mail"];
            let values = names.iter().filter_map(|name| object.attributes.text(name));
            values
                .map(str::to_lowercase)
                .any(|value| value.contains(&part))
        };
        let of_kind = objects.filter(|object| object.kind == kind);
        of_kind.filter(is_named).cloned().collect()
    }

    pub(super) fn len(&self) -> usize {
        self.objects.len()
    }

    pub(super) fn forget_history(&mut self) {
        self.history += 1;
    }

    /// The refusal that is due, if any.
    pub(super) fn refusal(&mut self) -> Result<(), SourceError> {
        match self.faults.front() {
            Some(Fault::Refuse(_)) => match self.faults.pop_front() {
                Some(Fault::Refuse(error)) => Err(error),
                _ => Ok(()),
            },
            _ => Ok(()),
        }
    }

    pub(super) fn report(&self) -> SourceReport {
        let seen = ObjectKind::ALL.into_iter().map(|kind| Seen {
            kind,
            count: self.of_kind(kind).take(self.page_size).count() as u64,
            more: self.of_kind(kind).nth(self.page_size).is_some(),
        });
        SourceReport {
            product: "Directory in memory".to_owned(),
            seen: seen.collect(),
            warnings: Vec::new(),
            delivers_password_hashes: false,
        }
    }

    fn of_kind(&self, kind: ObjectKind) -> impl Iterator<Item = &Entry> {
        self.objects
            .values()
            .filter(move |entry| entry.object.kind == kind)
    }

    pub(super) fn find(&self, lookup: &Lookup) -> Option<SourceObject> {
        self.objects
            .values()
            .map(|entry| &entry.object)
            .find(|object| is_named(object, lookup))
            .cloned()
    }

    pub(super) fn attribute_names(&self) -> BTreeSet<AttributeName> {
        let objects = self.objects.values().map(|entry| &entry.object);
        let names = objects.flat_map(|object| object.attributes.iter());
        names.map(|(name, _)| name.clone()).collect()
    }

    pub(super) fn containers(&self, parent: &Dn) -> Vec<Container> {
        let all = self.all_containers();
        let is_child = |dn: &&Dn| dn.parent().as_ref() == Some(parent);
        all.iter()
            .filter(is_child)
            .map(|dn| Container {
                dn: dn.clone(),
                name: dn.name(),
                has_containers: all.iter().any(|below| below.parent().as_ref() == Some(dn)),
            })
            .collect()
    }

    fn all_containers(&self) -> BTreeSet<Dn> {
        let mut all = BTreeSet::new();
        let parents = self.objects.values().map(|entry| entry.object.dn.parent());
        for start in parents.chain(self.added_containers.iter().cloned().map(Some)) {
            let mut next = start;
            while let Some(dn) = next {
                next = dn.parent();
                all.insert(dn);
            }
        }
        all
    }

    /// Prepares a reading, with the fault that is due.
    pub(super) fn script(&mut self, request: &ReadRequest) -> Result<Script, SourceError> {
        self.requests.push(request.clone());
        self.refusal()?;
        let (names_every_object, observations) = self.observations(request)?;
        let mut script = Script {
            names_every_object,
            pages: pages(observations, self.page_size),
            last: Some(Ok(ReadEnd {
                cursor: self.cursor(),
                skipped: Skipped::default(),
            })),
        };
        if let Some(fault) = self.faults.pop_front() {
            spoil(&mut script, fault);
        }
        Ok(script)
    }

    fn observations(&self, request: &ReadRequest) -> Result<(bool, Vec<Observation>), SourceError> {
        let present = |entry: &Entry| Observation::Present(entry.object.clone());
        match request {
            ReadRequest::Everything => Ok((true, self.objects.values().map(present).collect())),
            ReadRequest::Changes {
                since,
                detect_absence,
            } => {
                let since = self.edit_of(since)?;
                Ok((*detect_absence, self.changes(since, *detect_absence)))
            }
        }
    }

    fn changes(&self, since: u64, detect_absence: bool) -> Vec<Observation> {
        let (changed, unchanged): (Vec<_>, Vec<_>) =
            self.objects.values().partition(|entry| entry.edit > since);
        let mut observations: Vec<_> = changed
            .into_iter()
            .map(|entry| Observation::Present(entry.object.clone()))
            .collect();
        if self.tombstones == Tombstones::Kept {
            let gone = self.gone.iter().filter(|(_, edit)| **edit > since);
            observations.extend(gone.map(|(anchor, _)| Observation::Gone(anchor.clone())));
        }
        if detect_absence {
            let anchors = unchanged
                .into_iter()
                .map(|entry| entry.object.anchor.clone());
            observations.extend(anchors.map(Observation::Unchanged));
        }
        observations
    }

    fn cursor(&self) -> Cursor {
        Cursor(format!("memory:{}:{}", self.history, self.edits))
    }

    fn edit_of(&self, cursor: &Cursor) -> Result<u64, SourceError> {
        let prefix = format!("memory:{}:", self.history);
        cursor
            .0
            .strip_prefix(&prefix)
            .and_then(|edit| edit.parse().ok())
            .filter(|edit| *edit <= self.edits)
            .ok_or(SourceError::CursorRejected)
    }
}

fn is_named(object: &SourceObject, lookup: &Lookup) -> bool {
    match lookup {
        Lookup::Dn(dn) => object.dn == *dn,
        Lookup::Anchor(anchor) => object.anchor == *anchor,
        Lookup::Name(name) => ["userPrincipalName", "mail", "uid"]
            .into_iter()
            .flat_map(|attribute| object.attributes.values(attribute))
            .filter_map(AttributeValue::as_text)
            .any(|value| value.eq_ignore_ascii_case(name)),
    }
}

fn pages(observations: Vec<Observation>, page_size: usize) -> Vec<Vec<Observation>> {
    let mut observations = observations.into_iter().peekable();
    let mut pages = Vec::new();
    while observations.peek().is_some() {
        pages.push(observations.by_ref().take(page_size).collect());
    }
    pages
}

/// Another page before each page.
fn with_each(
    pages: &[Vec<Observation>],
    another: impl Fn(&Vec<Observation>) -> Vec<Observation>,
) -> Vec<Vec<Observation>> {
    let both = pages.iter().flat_map(|page| [another(page), page.clone()]);
    both.collect()
}

fn spoil(script: &mut Script, fault: Fault) {
    match fault {
        Fault::Refuse(error) => {
            script.pages.clear();
            script.last = Some(Err(error));
        }
        Fault::FailAfterPages { pages, error } => {
            script.pages.truncate(pages);
            script.last = Some(Err(error));
        }
        Fault::CutAfterPages { pages } => {
            script.pages.truncate(pages);
            script.last = None;
        }
        Fault::EmptyAnswer => script.pages.clear(),
        Fault::RepeatPages => script.pages = with_each(&script.pages, Clone::clone),
        Fault::EmptyPages => script.pages = with_each(&script.pages, |_| Vec::new()),
        Fault::Skipped { objects } => {
            if let Some(Ok(end)) = &mut script.last {
                end.skipped.count = objects;
            }
        }
    }
}
