//! What every source must pass, whatever its protocol.
//!
//! A test gives a [`Playground`]: a source, and a way to edit the directory behind it. The suite
//! then edits and reads, and panics with a sentence where the source broke its word.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use engine::directory::{
    AttributeValue, Dn, ObjectGuid, ObjectKind, ObjectReference, SourceAnchor, SourceObject,
};

use crate::source::{
    Chosen, Cursor, Lookup, Observation, ReadEnd, ReadEvent, ReadRequest, Source, SourceError,
    Whereabouts,
};

/// A directory that a test may edit. The names given are unique within one run of the suite.
#[async_trait]
pub trait Playground: Send + Sync {
    fn source(&self) -> &dyn Source;

    /// The container that holds the two others. It may hold anything else too.
    fn top(&self) -> Dn;

    /// A container directly below [`Self::top`] in which users and groups are made.
    fn home(&self) -> Dn;

    /// Another container directly below [`Self::top`], with nothing in it.
    fn elsewhere(&self) -> Dn;

    /// Makes a user in [`Self::home`] whose `mail` is `name@contoso.test`.
    async fn add_user(&self, name: &str) -> Dn;

    /// Makes a group in [`Self::home`] with these members, at least one.
    async fn add_group(&self, name: &str, members: &[Dn]) -> Dn;

    async fn set_title(&self, user: &Dn, title: &str);

    async fn add_member(&self, group: &Dn, member: &Dn);

    /// Moves the object to the other container; its new name.
    async fn move_elsewhere(&self, object: &Dn) -> Dn;

    /// Renames the other container with everything in it; its new name.
    async fn rename_elsewhere(&self, name: &str) -> Dn;

    async fn delete(&self, object: &Dn);
}

/// Everything that one reading said.
#[derive(Debug)]
pub struct Collected {
    pub names_every_object: bool,
    pub present: BTreeMap<SourceAnchor, SourceObject>,
    pub unchanged: BTreeSet<SourceAnchor>,
    pub gone: BTreeSet<SourceAnchor>,
    /// Objects whose anchor had been named before: two objects of one anchor, in a directory that
    /// nobody edits meanwhile.
    pub named_twice: Vec<SourceAnchor>,
    pub end: ReadEnd,
}

impl Collected {
    /// The object of this name, where the reading delivered it.
    pub fn at(&self, dn: &Dn) -> Option<&SourceObject> {
        self.present.values().find(|object| object.dn == *dn)
    }

    fn names(&self, anchor: &SourceAnchor) -> bool {
        self.present.contains_key(anchor) || self.unchanged.contains(anchor)
    }
}

/// Reads to the end. A reading that breaks off in silence is a lost connection.
pub async fn collect(source: &dyn Source, request: ReadRequest) -> Result<Collected, SourceError> {
    let mut reading = source.read(request).await?;
    let mut observations = Vec::new();
    while let Some(event) = reading.events.recv().await {
        match event? {
            ReadEvent::Page(mut page) => observations.append(&mut page),
            ReadEvent::End(end) => {
                return Ok(sorted(reading.names_every_object, observations, end));
            }
        }
    }
    Err(SourceError::ConnectionLost {
        detail: "the reading ended without a word.".to_owned(),
    })
}

fn sorted(names_every_object: bool, observations: Vec<Observation>, end: ReadEnd) -> Collected {
    let mut collected = Collected {
        names_every_object,
        present: BTreeMap::new(),
        unchanged: BTreeSet::new(),
        gone: BTreeSet::new(),
        named_twice: Vec::new(),
        end,
    };
    for observation in observations {
        let (anchor, is_new) = match observation {
            Observation::Present(object) => {
                let anchor = object.anchor.clone();
                let earlier = collected.present.insert(anchor.clone(), object);
                (anchor, earlier.is_none())
            }
            Observation::Unchanged(anchor) => (anchor.clone(), collected.unchanged.insert(anchor)),
            Observation::Gone(anchor) => (anchor.clone(), collected.gone.insert(anchor)),
        };
        if !is_new {
            collected.named_twice.push(anchor);
        }
    }
    collected
}

/// The whole suite, in one order: each part leaves the directory usable for the next.
pub async fn every_source_passes(playground: &dyn Playground) {
    everything_is_read_once(playground).await;
    a_foreign_cursor_is_rejected(playground).await;
    changes_are_read_since_a_cursor(playground).await;
    a_deleted_object_is_found_missing(playground).await;
    a_renamed_container_renames_what_is_in_it(playground).await;
    one_object_can_be_fetched(playground).await;
    containers_can_be_browsed(playground).await;
    a_dropped_reading_ends(playground).await;
}

async fn everything(playground: &dyn Playground) -> Collected {
    let all = collect(playground.source(), ReadRequest::Everything).await;
    named_once(all.expect("everything can be read"))
}

fn named_once(collected: Collected) -> Collected {
    assert_eq!(
        collected.named_twice,
        [],
        "no object is named twice in one reading"
    );
    collected
}

async fn changes(playground: &dyn Playground, since: &Cursor, detect_absence: bool) -> Collected {
    let request = ReadRequest::Changes {
        since: since.clone(),
        detect_absence,
    };
    let changes = collect(playground.source(), request).await;
    named_once(changes.expect("changes can be read"))
}

async fn everything_is_read_once(playground: &dyn Playground) {
    let anna = playground.add_user("anna").await;
    let bob = playground.add_user("bob").await;
    let team = playground.add_group("team", &[anna.clone(), bob]).await;

    let all = everything(playground).await;
    assert!(
        all.names_every_object,
        "a reading of everything names every object"
    );
    assert!(all.end.absence_means_deletion(), "nothing is skipped");
    assert!(all.unchanged.is_empty() && all.gone.is_empty());
    let anna = all.at(&anna).expect("a user is read");
    assert_eq!(anna.kind, ObjectKind::User);
    assert_eq!(anna.attributes.text("mail"), Some("anna@contoso.test"));
    let team = all.at(&team).expect("a group is read");
    assert_eq!(team.kind, ObjectKind::Group);
    assert_eq!(members(team).len(), 2, "a group is read with its members");
    assert!(
        members(team).contains(&anna.dn),
        "members are names of objects"
    );
    assert!(
        references(team).any(|reference| reference.key() == anna.reference_key()),
        "a member is bound to its object by its identifier wherever objects tell theirs"
    );
}

fn references(group: &SourceObject) -> impl Iterator<Item = ObjectReference> {
    let values = group.attributes.values("member").iter();
    values
        .filter_map(AttributeValue::as_text)
        .map(|text| ObjectReference::parse(text).expect("a member is a name"))
}

fn members(group: &SourceObject) -> BTreeSet<Dn> {
    references(group).map(|reference| reference.dn).collect()
}

async fn a_foreign_cursor_is_rejected(playground: &dyn Playground) {
    for foreign in ["", "nonsense", "{}"] {
        let request = ReadRequest::Changes {
            since: Cursor(foreign.to_owned()),
            detect_absence: true,
        };
        let answer = playground.source().read(request).await;
        assert_eq!(
            answer.err(),
            Some(SourceError::CursorRejected),
            "a cursor that this source did not make is rejected"
        );
    }
}

async fn changes_are_read_since_a_cursor(playground: &dyn Playground) {
    let changed = playground.add_user("changed").await;
    let moved = playground.add_user("moved").await;
    let joined = playground
        .add_group("joined", std::slice::from_ref(&changed))
        .await;
    let before = everything(playground).await;
    let anchor_before = &before.at(&moved).expect("it was read").anchor;

    playground.set_title(&changed, "Director").await;
    playground.add_member(&joined, &moved).await;
    let added = playground.add_user("added").await;
    let moved = playground.move_elsewhere(&moved).await;
    let since = changes(playground, &before.end.cursor, false).await;

    let title = |dn| {
        since
            .at(dn)
            .and_then(|object| object.attributes.text("title"))
    };
    assert_eq!(
        title(&changed),
        Some("Director"),
        "a changed object is read"
    );
    assert!(since.at(&added).is_some(), "a new object is read");
    let joined = since
        .at(&joined)
        .expect("a group with a new member is read");
    assert_eq!(members(joined).len(), 2);
    let moved = since
        .at(&moved)
        .expect("a moved object is read by its new name");
    assert_eq!(
        moved.anchor, *anchor_before,
        "a moved object keeps its anchor"
    );

    let later = changes(playground, &since.end.cursor, false).await;
    assert!(
        later.present.len() <= since.present.len(),
        "what was read does not grow while nothing changes"
    );
}

async fn a_deleted_object_is_found_missing(playground: &dyn Playground) {
    let deleted = playground.add_user("deleted").await;
    let changed = playground.add_user("changed-too").await;
    let before = everything(playground).await;
    let anchor_of = |dn| before.at(dn).expect("it was read").anchor.clone();
    let (gone, still_there) = (anchor_of(&deleted), anchor_of(&changed));

    playground.delete(&deleted).await;
    playground.set_title(&changed, "Engineer").await;
    let since = changes(playground, &before.end.cursor, true).await;

    assert!(
        since.names_every_object,
        "with detect_absence every object is named"
    );
    assert!(since.end.absence_means_deletion());
    assert!(
        !since.names(&gone),
        "a deleted object is not named as being there"
    );
    assert!(
        since.present.contains_key(&still_there),
        "a changed object is read"
    );
    assert!(
        !since.unchanged.contains(&still_there),
        "a changed object is not called unchanged"
    );
    for anchor in before.present.keys().filter(|anchor| **anchor != gone) {
        assert!(
            since.names(anchor),
            "{anchor} is still there and must be named"
        );
    }
    if playground.source().capabilities().reports_deletions {
        let quick = changes(playground, &before.end.cursor, false).await;
        assert!(
            quick.gone.contains(&gone),
            "a reported deletion is reported"
        );
    }
}

async fn a_renamed_container_renames_what_is_in_it(playground: &dyn Playground) {
    let user = playground.add_user("inhabitant").await;
    let user = playground.move_elsewhere(&user).await;
    let before = everything(playground).await;
    let anchor = &before.at(&user).expect("it was read").anchor;
    let known = located(playground, playground.elsewhere(), None).await;
    let known = known.expect("a container is found by its name");
    assert_eq!(known.0, playground.elsewhere());

    let container = playground.rename_elsewhere("somewhere").await;
    if let (old_name, Some(guid)) = known {
        let now = located(playground, old_name.clone(), Some(guid)).await;
        assert_eq!(
            now,
            Some((container.clone(), Some(guid))),
            "a renamed container is found by its identifier, whatever it was called"
        );
        let by_old_name = located(playground, old_name, None).await;
        assert_eq!(by_old_name, None, "nothing is found by a name of the past");
    }
    let since = changes(playground, &before.end.cursor, true).await;
    let object = since
        .present
        .get(anchor)
        .expect("an object below a renamed container has changed");
    assert!(
        object.dn.is_under(&container),
        "{} has its new name",
        object.dn
    );
}

async fn located(
    playground: &dyn Playground,
    dn: Dn,
    guid: Option<ObjectGuid>,
) -> Option<(Dn, Option<ObjectGuid>)> {
    let found = playground.source().locate(&[Chosen { dn, guid }]).await;
    match found.expect("it can be asked").as_slice() {
        [Whereabouts::At { dn, guid }] => Some((dn.clone(), *guid)),
        [Whereabouts::NotFound] => None,
        other => panic!("one answer for one question, not {other:?}"),
    }
}

async fn one_object_can_be_fetched(playground: &dyn Playground) {
    let source = playground.source();
    let dn = playground.add_user("fetched").await;
    let by_name = Lookup::Name("FETCHED@contoso.test".to_owned());
    let by_dn = fetch(source, Lookup::Dn(dn.clone())).await;
    let object = by_dn.expect("an object is fetched by its name");
    assert_eq!(object.dn, dn);
    let by_anchor = fetch(source, Lookup::Anchor(object.anchor.clone())).await;
    assert_eq!(
        by_anchor.as_ref(),
        Some(&object),
        "an object is fetched by its anchor"
    );
    assert_eq!(fetch(source, by_name).await.as_ref(), Some(&object));

    let nobody = dn.parent().and_then(|home| home.child("CN", "nobody").ok());
    for missing in [
        Lookup::Dn(nobody.expect("a name below a name")),
        Lookup::Anchor(SourceAnchor::from_bytes(&[0; 16])),
        Lookup::Name("nobody*)(mail=*".to_owned()),
    ] {
        assert_eq!(fetch(source, missing).await, None);
    }
}

async fn fetch(source: &dyn Source, lookup: Lookup) -> Option<SourceObject> {
    source
        .fetch(&lookup)
        .await
        .expect("one object can be asked for")
}

async fn containers_can_be_browsed(playground: &dyn Playground) {
    let source = playground.source();
    let below = source
        .containers(&playground.top())
        .await
        .expect("containers can be browsed");
    let home = below
        .iter()
        .find(|container| container.dn == playground.home())
        .expect("a container is found below its parent");
    assert_eq!(home.name, playground.home().name());
    assert!(!home.has_containers, "users are no containers");
    let parent = playground
        .top()
        .parent()
        .expect("the top lies below a head");
    let beside = source
        .containers(&parent)
        .await
        .expect("they can be browsed");
    let top = beside
        .iter()
        .find(|container| container.dn == playground.top());
    assert!(top.expect("it is found").has_containers);
}

async fn a_dropped_reading_ends(playground: &dyn Playground) {
    let reading = playground.source().read(ReadRequest::Everything).await;
    drop(reading.expect("a reading begins"));
    let all = everything(playground).await;
    assert!(!all.present.is_empty(), "the next reading is not disturbed");
}
