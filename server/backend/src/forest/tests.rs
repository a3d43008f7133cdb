//! What cycles and pages may rely on: readings of changes are exact, and acts are checked.

use std::collections::BTreeMap;

use connectors::{Cursor, Observation, ReadEvent, ReadRequest, Source, SourceError};
use engine::{
    directory::{AttributeValue, ObjectGuid, ObjectReference, SourceAnchor, SourceObject},
    forest::{
        draft::{GroupDraft, OrganizationalUnitDraft, PersonDraft},
        entry::{EntryFilter, EntrySummary},
    },
    records::Role,
};
use uuid::Uuid;

use super::*;
use crate::testing::TestBackend;

const CONTOSO: Forest = Forest::Contoso;
const SALES: &str = "OU=Seattle,OU=Sales,OU=Users,OU=Corp,DC=contoso,DC=test";

async fn seeded() -> TestBackend {
    let backend = TestBackend::new().await;
    ensure_seeded(&backend).await.unwrap();
    backend
}

type Directory = BTreeMap<SourceAnchor, SourceObject>;

async fn read(backend: &Backend, request: ReadRequest) -> (Vec<Observation>, Cursor) {
    let source = ForestSource::new(backend, CONTOSO).with_page_size(7);
    let mut reading = source.read(request).await.unwrap();
    let (mut observations, mut cursor) = (Vec::new(), None);
    while let Some(event) = reading.events.recv().await {
        match event.unwrap() {
            ReadEvent::Page(page) => observations.extend(page),
            ReadEvent::End(end) => cursor = Some(end.cursor),
        }
    }
    (observations, cursor.expect("the reading has an end"))
}

async fn everything(backend: &Backend) -> (Directory, Cursor) {
    let (observations, cursor) = read(backend, ReadRequest::Everything).await;
    let mut directory = Directory::new();
    apply(&mut directory, observations);
    (directory, cursor)
}

async fn changes(backend: &Backend, since: &Cursor) -> (Vec<Observation>, Cursor) {
    let request = ReadRequest::Changes {
        since: since.clone(),
        detect_absence: false,
    };
    read(backend, request).await
}

fn apply(directory: &mut Directory, observations: Vec<Observation>) {
    for observation in observations {
        match observation {
            Observation::Present(object) => {
                directory.insert(object.anchor.clone(), object);
            }
            Observation::Gone(anchor) => {
                directory.remove(&anchor).expect("what is gone was there");
            }
            Observation::Unchanged(_) => panic!("a forest reports its deletions"),
        }
    }
}

/// The names of what changed, sorted; what is gone is only counted.
async fn changed_names(backend: &Backend, since: &Cursor) -> (Vec<String>, usize) {
    let (observations, _) = changes(backend, since).await;
    let mut names: Vec<_> = observations
        .iter()
        .filter_map(|observation| match observation {
            Observation::Present(object) => Some(object.dn.name()),
            _ => None,
        })
        .collect();
    names.sort();
    let gone = observations.len() - names.len();
    (names, gone)
}

async fn find(backend: &Backend, name: &str) -> EntrySummary {
    let filter = EntryFilter {
        search: name.to_owned(),
        ..EntryFilter::default()
    };
    let page = browse::list(backend, CONTOSO, &filter, None, 50)
        .await
        .unwrap();
    let mut found = page.items.into_iter().filter(|entry| entry.name == name);
    found
        .next()
        .unwrap_or_else(|| panic!("nothing is called {name}"))
}

async fn first_in(backend: &Backend, container: &str) -> EntrySummary {
    let container = find_by_dn(backend, container).await;
    let filter = EntryFilter {
        container: Some(container),
        class: Some(engine::forest::EntryClass::User),
        ..EntryFilter::default()
    };
    let page = browse::list(backend, CONTOSO, &filter, None, 1)
        .await
        .unwrap();
    page.items.into_iter().next().unwrap()
}

async fn find_by_dn(backend: &Backend, dn: &str) -> ObjectGuid {
    let tree = browse::tree(backend, CONTOSO).await.unwrap();
    let dn = Dn::parse(dn).unwrap();
    tree.into_iter().find(|node| node.dn == dn).unwrap().id
}

fn new_person() -> PersonDraft {
    PersonDraft {
        container: SALES.to_owned(),
        given_name: "Nova".to_owned(),
        surname: "Arrival".to_owned(),
        account_name: "narrival".to_owned(),
        user_principal_name: "nova.arrival@contoso.test".to_owned(),
        mail: "nova.arrival@contoso.test".to_owned(),
        ..PersonDraft::default()
    }
}

fn fields(error: Error) -> Vec<String> {
    match error {
        Error::Invalid(errors) => errors
            .into_iter()
            .map(|error| format!("{}: {}", error.field, error.message))
            .collect(),
        other => panic!("not about fields: {other}"),
    }
}

/// References without the identifiers that they carry.
fn names_only(values: &[AttributeValue]) -> Vec<AttributeValue> {
    let name = |value: &AttributeValue| {
        let reference = ObjectReference::parse(value.as_text()?).ok()?;
        reference.guid?;
        Some(reference.dn.as_str().into())
    };
    let plain = values
        .iter()
        .map(|value| name(value).unwrap_or(value.clone()));
    plain.collect()
}

#[tokio::test]
async fn a_full_reading_names_everything_that_was_seeded_with_its_references() {
    let backend = seeded().await;
    let (observations, _) = read(&backend, ReadRequest::Everything).await;
    let seeded = seed::seed(CONTOSO, DEFAULT_SEED);
    let synchronized = seeded.iter().filter(|entry| entry.class.kind().is_some());
    assert_eq!(observations.len(), synchronized.count());
    for observation in observations {
        let Observation::Present(object) = observation else {
            panic!("everything is there");
        };
        let seeded = seeded.iter().find(|entry| entry.dn == object.dn).unwrap();
        for (name, values) in seeded.attributes.iter() {
            let mut read = names_only(object.attributes.get(name));
            let mut expected = values.clone();
            read.sort();
            expected.sort();
            assert_eq!(read, expected, "{name} of {}", object.dn);
        }
        assert_eq!(
            object.attributes.text("distinguishedName"),
            Some(object.dn.as_str())
        );
    }
}

#[tokio::test]
async fn a_second_start_leaves_the_forest_as_people_left_it() {
    let backend = seeded().await;
    edit::add_person(&backend, &Actor::System, CONTOSO, &new_person())
        .await
        .unwrap();
    ensure_seeded(&backend).await.unwrap();
    find(&backend, "Nova Arrival").await;
}

#[tokio::test]
async fn without_a_change_a_reading_of_changes_is_empty_and_its_cursor_stays() {
    let backend = seeded().await;
    let (_, cursor) = everything(&backend).await;
    assert_eq!(changes(&backend, &cursor).await, (Vec::new(), cursor));
}

#[tokio::test]
async fn a_changed_person_is_read_alone() {
    let backend = seeded().await;
    let (_, cursor) = everything(&backend).await;
    let person = first_in(&backend, SALES).await;
    let change = BTreeMap::from([("title".to_owned(), "Astronaut".to_owned())]);
    edit::change_attributes(&backend, &Actor::System, CONTOSO, person.id, &change)
        .await
        .unwrap();
    let (observations, _) = changes(&backend, &cursor).await;
    let [Observation::Present(object)] = observations.as_slice() else {
        panic!("{observations:?}");
    };
    assert_eq!(object.dn, person.dn);
    assert_eq!(object.attributes.text("title"), Some("Astronaut"));
}

#[tokio::test]
async fn a_form_saved_as_it_was_is_no_change() {
    let backend = seeded().await;
    let (_, cursor) = everything(&backend).await;
    let person = first_in(&backend, SALES).await;
    let details = browse::entry(&backend, CONTOSO, person.id).await.unwrap();
    let manager = details.manager.unwrap().dn.to_string();
    let draft = BTreeMap::from([
        ("title".to_owned(), person.title.unwrap()),
        ("manager".to_owned(), manager),
        ("info".to_owned(), String::new()),
    ]);
    edit::change_attributes(&backend, &Actor::System, CONTOSO, person.id, &draft)
        .await
        .unwrap();
    assert_eq!(changes(&backend, &cursor).await, (Vec::new(), cursor));
    assert_eq!(audit::list(&backend, None, 10).await.unwrap().items, []);
}

#[tokio::test]
async fn a_moved_unit_brings_all_that_lies_below_it_and_all_that_names_it() {
    let backend = seeded().await;
    let (mut before, cursor) = everything(&backend).await;
    let operations = find_by_dn(
        &backend,
        "OU=Operations,OU=Users,OU=Corp,DC=contoso,DC=test",
    )
    .await;
    let target = "OU=Out Of Scope,OU=Corp,DC=contoso,DC=test";
    edit::move_to(&backend, &Actor::System, CONTOSO, operations, target)
        .await
        .unwrap();
    let (observations, _) = changes(&backend, &cursor).await;
    let moved = Dn::parse(&format!("OU=Operations,{target}")).unwrap();
    let below = observations.iter().filter(|observation| match observation {
        Observation::Present(object) => object.dn.is_under(&moved),
        _ => panic!("nothing is gone"),
    });
    assert_eq!(below.count(), 60);
    apply(&mut before, observations);
    assert_eq!(before, everything(&backend).await.0);
}

#[tokio::test]
async fn a_deleted_person_is_gone_and_the_groups_are_read_without_them() {
    let backend = seeded().await;
    let (_, cursor) = everything(&backend).await;
    let person = find_by_login(&backend, "nadia.weiss").await;
    edit::delete(&backend, &Actor::System, CONTOSO, person.id)
        .await
        .unwrap();
    assert_eq!(
        changed_names(&backend, &cursor).await,
        (vec!["Everyone".to_owned()], 1)
    );
}

async fn find_by_login(backend: &Backend, login: &str) -> EntrySummary {
    let filter = EntryFilter {
        search: login.to_owned(),
        ..EntryFilter::default()
    };
    let page = browse::list(backend, CONTOSO, &filter, None, 1)
        .await
        .unwrap();
    page.items.into_iter().next().unwrap()
}

#[tokio::test]
async fn a_person_keeps_anchor_and_memberships_under_a_new_name() {
    let backend = seeded().await;
    let person = find_by_login(&backend, "owen.marsh").await;
    let (before, cursor) = everything(&backend).await;
    edit::rename(&backend, &Actor::System, CONTOSO, person.id, "Marsh, Owen")
        .await
        .unwrap();
    let (names, gone) = changed_names(&backend, &cursor).await;
    assert_eq!(
        (names, gone),
        (vec!["Everyone".to_owned(), "Marsh, Owen".to_owned()], 0)
    );
    let renamed = &everything(&backend).await.0[&person.id.source_anchor()];
    assert_eq!(renamed.attributes.text("cn"), Some("Marsh, Owen"));
    assert!(
        renamed
            .dn
            .as_str()
            .starts_with(r"CN=Marsh\, Owen,OU=Odd Cases")
    );
    assert_ne!(before[&person.id.source_anchor()].dn, renamed.dn);
}

#[tokio::test]
async fn an_anchor_that_somebody_else_carries_too_is_not_gone() {
    let backend = seeded().await;
    let (before, cursor) = everything(&backend).await;
    let twin = find_by_login(&backend, "twyla.twain").await;
    edit::delete(&backend, &Actor::System, CONTOSO, twin.id)
        .await
        .unwrap();
    let (names, gone) = changed_names(&backend, &cursor).await;
    assert_eq!(
        (names, gone),
        (vec!["Everyone".to_owned(), "Tyler Twain".to_owned()], 0)
    );
    let (mut after, (observations, _)) = (before, changes(&backend, &cursor).await);
    apply(&mut after, observations);
    assert_eq!(after, everything(&backend).await.0);
}

#[tokio::test]
async fn changes_applied_to_what_was_read_give_what_is_there() {
    let backend = seeded().await;
    let actor = &Actor::System;
    let (mut directory, mut cursor) = everything(&backend).await;
    let unit = OrganizationalUnitDraft {
        container: "OU=Corp,DC=contoso,DC=test".to_owned(),
        name: "New Ventures".to_owned(),
        ..OrganizationalUnitDraft::default()
    };
    let unit = edit::add_organizational_unit(&backend, actor, CONTOSO, &unit)
        .await
        .unwrap();
    let person = edit::add_person(&backend, actor, CONTOSO, &new_person())
        .await
        .unwrap();
    let group = GroupDraft {
        container: "OU=New Ventures,OU=Corp,DC=contoso,DC=test".to_owned(),
        name: "Ventures".to_owned(),
        mail: "ventures@contoso.test".to_owned(),
        ..GroupDraft::default()
    };
    let group = edit::add_group(&backend, actor, CONTOSO, &group)
        .await
        .unwrap();
    let names = [
        "NOVA.ARRIVAL@contoso.test".to_owned(),
        "owen.marsh".to_owned(),
    ];
    edit::add_members(&backend, actor, CONTOSO, group, &names)
        .await
        .unwrap();
    let mut compare = async |step: &str| {
        let (observations, next) = changes(&backend, &cursor).await;
        apply(&mut directory, observations);
        cursor = next;
        assert_eq!(directory, everything(&backend).await.0, "after {step}");
    };
    compare("adding").await;
    edit::set_account_enabled(&backend, actor, CONTOSO, person, false)
        .await
        .unwrap();
    edit::move_to(
        &backend,
        actor,
        CONTOSO,
        person,
        "OU=New Ventures,OU=Corp,DC=contoso,DC=test",
    )
    .await
    .unwrap();
    compare("moving").await;
    edit::rename(&backend, actor, CONTOSO, unit, "Old Ventures")
        .await
        .unwrap();
    let boss = first_in(&backend, SALES).await.dn.to_string();
    let change = BTreeMap::from([
        ("manager".to_owned(), boss),
        ("sn".to_owned(), String::new()),
    ]);
    edit::change_attributes(&backend, actor, CONTOSO, person, &change)
        .await
        .unwrap();
    compare("renaming").await;
    let twin = find_by_login(&backend, "owen.marsh").await;
    edit::remove_members(&backend, actor, CONTOSO, group, &[twin.id])
        .await
        .unwrap();
    compare("removing a member").await;
    assert_eq!(
        edit::delete(&backend, actor, CONTOSO, unit).await.unwrap(),
        3
    );
    compare("deleting a unit").await;
}

#[tokio::test]
async fn what_changes_during_a_reading_comes_with_the_next_one() {
    let backend = seeded().await;
    let source = ForestSource::new(&backend, CONTOSO).with_page_size(7);
    let mut reading = source.read(ReadRequest::Everything).await.unwrap();
    let mut directory = Directory::new();
    let person = find_by_login(&backend, "owen.marsh").await;
    let mut cursor = None;
    while let Some(event) = reading.events.recv().await {
        match event.unwrap() {
            ReadEvent::Page(page) => apply(&mut directory, page),
            ReadEvent::End(end) => cursor = Some(end.cursor),
        }
        if directory.len() == 7 {
            edit::delete(&backend, &Actor::System, CONTOSO, person.id)
                .await
                .unwrap();
            edit::add_person(&backend, &Actor::System, CONTOSO, &new_person())
                .await
                .unwrap();
        }
    }
    let (observations, _) = changes(&backend, &cursor.unwrap()).await;
    for observation in observations {
        match observation {
            Observation::Present(object) => {
                directory.insert(object.anchor.clone(), object);
            }
            Observation::Gone(anchor) => {
                directory.remove(&anchor);
            }
            Observation::Unchanged(_) => panic!("a forest reports its deletions"),
        }
    }
    assert_eq!(directory, everything(&backend).await.0);
}

#[tokio::test]
async fn a_reset_brings_the_first_day_back_and_refuses_older_cursors() {
    let backend = seeded().await;
    let (first_day, cursor) = everything(&backend).await;
    let operations = find_by_dn(
        &backend,
        "OU=Operations,OU=Users,OU=Corp,DC=contoso,DC=test",
    )
    .await;
    edit::delete(&backend, &Actor::System, CONTOSO, operations)
        .await
        .unwrap();
    reset(&backend, &Actor::System).await.unwrap();
    assert_eq!(everything(&backend).await.0, first_day);
    let source = ForestSource::new(&backend, CONTOSO);
    for text in [cursor.0.as_str(), "", "1", "x:y"] {
        let request = ReadRequest::Changes {
            since: Cursor(text.to_owned()),
            detect_absence: false,
        };
        assert_eq!(
            source.read(request).await.unwrap_err(),
            SourceError::CursorRejected,
            "{text}"
        );
    }
}

#[tokio::test]
async fn mistakes_are_named_at_their_field_and_nothing_is_stored() {
    let backend = seeded().await;
    let (before, cursor) = everything(&backend).await;
    let add = async |draft: PersonDraft| {
        fields(
            edit::add_person(&backend, &Actor::System, CONTOSO, &draft)
                .await
                .unwrap_err(),
        )
    };
    let taken = PersonDraft {
        account_name: "NADIA.WEISS".to_owned(),
        user_principal_name: "Owen.Marsh@Contoso.Test".to_owned(),
        ..new_person()
    };
    assert_eq!(
        add(taken).await,
        [
            "account_name: CN=Nadia Weiss,OU=Odd Cases,OU=Corp,DC=contoso,DC=test has this name \
             already.",
            "user_principal_name: CN=Owen Marsh,OU=Odd Cases,OU=Corp,DC=contoso,DC=test has this \
             name already.",
        ]
    );
    let nowhere = PersonDraft {
        container: "OU=Nowhere,DC=contoso,DC=test".to_owned(),
        ..new_person()
    };
    assert_eq!(
        add(nowhere).await,
        ["container: There is no container OU=Nowhere,DC=contoso,DC=test."]
    );
    let odd = "OU=Odd Cases,OU=Corp,DC=contoso,DC=test";
    let namesake = PersonDraft {
        container: odd.to_owned(),
        display_name: "nadia weiss".to_owned(),
        ..new_person()
    };
    let message = format!("name: CN=nadia weiss,{odd} exists already.");
    assert_eq!(add(namesake).await, [message]);
    let unit = find_by_dn(&backend, odd).await;
    let deeper = format!("OU=Level 1,{odd}");
    let error = edit::move_to(&backend, &Actor::System, CONTOSO, unit, &deeper)
        .await
        .unwrap_err();
    assert_eq!(
        fields(error),
        ["container: An organizational unit cannot be moved into itself."]
    );
    assert_eq!(everything(&backend).await, (before, cursor));
}

#[tokio::test]
async fn members_are_found_by_any_of_their_names_and_each_wrong_one_is_named() {
    let backend = seeded().await;
    let group = find(&backend, "Board Room Displays").await.id;
    let add = async |names: &[&str]| {
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        edit::add_members(&backend, &Actor::System, CONTOSO, group, &names).await
    };
    add(&[
        "CN=Owen Marsh,OU=Odd Cases,OU=Corp,DC=contoso,DC=test",
        "dora.falk@contoso.test",
        "lina.break",
        "project-atlas",
    ])
    .await
    .unwrap();
    let page = browse::members(&backend, group, None, 3).await.unwrap();
    let names: Vec<_> = page.items.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(
        (names, page.total),
        (vec!["Dora Falk", "Lina Break", "Owen Marsh"], Some(4))
    );
    let rest = browse::members(&backend, group, page.next, 3)
        .await
        .unwrap();
    assert_eq!(rest.items[0].name, "Project Atlas");
    assert_eq!(rest.next, None);
    assert_eq!(
        fields(
            add(&["nobody", "dora.falk", "board-room-displays"])
                .await
                .unwrap_err()
        ),
        [
            "member: There is no person, group or contact nobody.",
            "member: CN=Dora Falk,OU=Odd Cases,OU=Corp,DC=contoso,DC=test is a member already.",
            "member: A group cannot be a member of itself.",
        ]
    );
}

#[tokio::test]
async fn what_the_directory_came_with_stays_as_it_is() {
    let backend = seeded().await;
    for name in ["Administrator", "Domain Admins", "Users"] {
        let id = match name {
            "Users" => find_by_dn(&backend, "CN=Users,DC=contoso,DC=test").await,
            name => find(&backend, name).await.id,
        };
        let error = edit::delete(&backend, &Actor::System, CONTOSO, id)
            .await
            .unwrap_err();
        assert!(matches!(error, Error::Conflict(_)), "{name}: {error}");
    }
}

#[tokio::test]
async fn who_may_only_read_changes_nothing_and_who_changes_is_in_the_audit_log() {
    let backend = seeded().await;
    let person = |role| Actor::Person {
        id: Uuid::nil(),
        display_name: "Rea Der".to_owned(),
        email: "rea.der@contoso.test".to_owned(),
        role,
        is_demo: false,
    };
    let reader = person(Role::ReportsReader);
    let error = edit::add_person(&backend, &reader, CONTOSO, &new_person())
        .await
        .unwrap_err();
    assert!(matches!(error, Error::NotPermitted(_)));
    let administrator = person(Role::HybridIdentityAdministrator);
    edit::add_person(&backend, &administrator, CONTOSO, &new_person())
        .await
        .unwrap();
    let log = audit::list(&backend, None, 10).await.unwrap().items;
    assert_eq!(log.len(), 1);
    assert_eq!(log[0].initiated_by, "rea.der@contoso.test");
    assert_eq!(log[0].target, format!("CN=Nova Arrival,{SALES}"));
}

#[tokio::test]
async fn the_tree_shows_containers_with_their_counts() {
    let backend = seeded().await;
    let tree = browse::tree(&backend, CONTOSO).await.unwrap();
    let lines: Vec<_> = tree
        .iter()
        .filter(|node| node.depth < 3)
        .map(|node| {
            format!(
                "{}{} {}",
                "  ".repeat(node.depth as usize),
                node.name,
                node.entries
            )
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    contoso.test 0
      Computers 0
      Corp 0
        Contacts 8
        Disabled Users 6
        Groups 6
        Odd Cases 44
        Out Of Scope 4
        Service Accounts 6
        Users 0
        Workstations 10
      Users 6
    ");
}

#[tokio::test]
async fn a_search_takes_its_text_literally() {
    let backend = seeded().await;
    let search = async |text: &str| {
        let filter = EntryFilter {
            search: text.to_owned(),
            ..EntryFilter::default()
        };
        let page = browse::list(&backend, CONTOSO, &filter, None, 3)
            .await
            .unwrap();
        page.total.unwrap()
    };
    assert_eq!(search("STELLA").await, 1);
    assert_eq!(search("groß").await, 1);
    assert_eq!(search("100%").await, 0);
    assert_eq!(search("<script>").await, 1);
    assert_eq!(search("_").await, 0);
    assert_eq!(search(r"\").await, 1);
}

#[tokio::test]
async fn pages_of_a_list_follow_each_other_without_gaps() {
    let backend = seeded().await;
    let mut after = None;
    let mut names = Vec::new();
    loop {
        let filter = EntryFilter::default();
        let page = browse::list(&backend, CONTOSO, &filter, after, 40)
            .await
            .unwrap();
        names.extend(page.items.into_iter().map(|entry| entry.id));
        after = page.next;
        if after.is_none() {
            assert_eq!(page.total, Some(names.len() as u64));
            break;
        }
    }
    assert_eq!(names.len(), seed::seed(CONTOSO, DEFAULT_SEED).len());
    names.sort();
    names.dedup();
    assert_eq!(names.len(), seed::seed(CONTOSO, DEFAULT_SEED).len());
}

/// The forest of Fabrikam as the suite for all sources wants to play with it.
struct Fabrikam {
    backend: TestBackend,
    source: ForestSource,
}

impl Fabrikam {
    fn unit(name: &str) -> Dn {
        Dn::parse(&format!("OU={name},OU=Suite,DC=fabrikam,DC=test")).unwrap()
    }

    async fn id(&self, dn: &Dn) -> ObjectGuid {
        let condition = store::Condition::of(Forest::Fabrikam).and("e.dn_key = ", dn.key());
        let entries = store::entries(self.backend.db.read(), condition, "").await;
        entries.unwrap()[0].id
    }

    async fn add_unit(&self, container: &str, name: &str) {
        let draft = OrganizationalUnitDraft {
            container: container.to_owned(),
            name: name.to_owned(),
            ..OrganizationalUnitDraft::default()
        };
        edit::add_organizational_unit(&self.backend, &Actor::System, Forest::Fabrikam, &draft)
            .await
            .unwrap();
    }
}

#[async_trait::async_trait]
impl connectors::conformance::Playground for Fabrikam {
    fn source(&self) -> &dyn Source {
        &self.source
    }

    fn top(&self) -> Dn {
        Dn::parse("OU=Suite,DC=fabrikam,DC=test").unwrap()
    }

    fn home(&self) -> Dn {
        Self::unit("Home")
    }

    fn elsewhere(&self) -> Dn {
        Self::unit("Elsewhere")
    }

    async fn add_user(&self, name: &str) -> Dn {
        let draft = PersonDraft {
            container: self.home().to_string(),
            display_name: name.to_owned(),
            account_name: name.to_owned(),
            mail: format!("{name}@contoso.test"),
            ..PersonDraft::default()
        };
        edit::add_person(&self.backend, &Actor::System, Forest::Fabrikam, &draft)
            .await
            .unwrap();
        self.home().child("CN", name).unwrap()
    }

    async fn add_group(&self, name: &str, members: &[Dn]) -> Dn {
        let draft = GroupDraft {
            container: self.home().to_string(),
            name: name.to_owned(),
            ..GroupDraft::default()
        };
        edit::add_group(&self.backend, &Actor::System, Forest::Fabrikam, &draft)
            .await
            .unwrap();
        let group = self.home().child("CN", name).unwrap();
        for member in members {
            self.add_member(&group, member).await;
        }
        group
    }

    async fn set_title(&self, user: &Dn, title: &str) {
        let change = BTreeMap::from([("title".to_owned(), title.to_owned())]);
        let id = self.id(user).await;
        edit::change_attributes(&self.backend, &Actor::System, Forest::Fabrikam, id, &change)
            .await
            .unwrap();
    }

    async fn add_member(&self, group: &Dn, member: &Dn) {
        let (group, member) = (self.id(group).await, vec![member.to_string()]);
        edit::add_members(
            &self.backend,
            &Actor::System,
            Forest::Fabrikam,
            group,
            &member,
        )
        .await
        .unwrap();
    }

    async fn move_elsewhere(&self, object: &Dn) -> Dn {
        let (id, to) = (self.id(object).await, self.elsewhere().to_string());
        edit::move_to(&self.backend, &Actor::System, Forest::Fabrikam, id, &to)
            .await
            .unwrap();
        self.elsewhere().child("CN", &object.name()).unwrap()
    }

    async fn rename_elsewhere(&self, name: &str) -> Dn {
        let id = self.id(&self.elsewhere()).await;
        edit::rename(&self.backend, &Actor::System, Forest::Fabrikam, id, name)
            .await
            .unwrap();
        Self::unit(name)
    }

    async fn delete(&self, object: &Dn) {
        let id = self.id(object).await;
        edit::delete(&self.backend, &Actor::System, Forest::Fabrikam, id)
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn a_forest_keeps_what_every_source_promises() {
    let backend = seeded().await;
    let source = ForestSource::new(&backend, Forest::Fabrikam).with_page_size(5);
    let playground = Fabrikam { backend, source };
    playground.add_unit("DC=fabrikam,DC=test", "Suite").await;
    for name in ["Home", "Elsewhere"] {
        playground
            .add_unit("OU=Suite,DC=fabrikam,DC=test", name)
            .await;
    }
    connectors::conformance::every_source_passes(&playground).await;
}
