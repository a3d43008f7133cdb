//! References that are bound to objects, as Active Directory and the demo forests hand them out: a
//! rename touches the renamed object alone, and its members, managers and groups are not read again.

use engine::directory::ObjectReference;

use super::*;

/// The object as a directory tells it that names objects by their identifiers.
fn known(object: SourceObject) -> SourceObject {
    SourceObject {
        guid: object.anchor.object_guid(),
        ..object
    }
}

fn reference(object: &SourceObject) -> String {
    let reference = ObjectReference {
        guid: object.anchor.object_guid(),
        dn: object.dn.clone(),
    };
    reference.to_string()
}

fn person(name: &str) -> SourceObject {
    known(user(name, "Sales"))
}

fn group_of(name: &str, members: &[&SourceObject]) -> SourceObject {
    let mut group = known(group(name, members));
    let members = members.iter().map(|member| reference(member).into());
    group.attributes.set("member", members.collect());
    group
}

/// The same person under another name in the directory.
fn renamed(object: &SourceObject, dn: &str) -> SourceObject {
    SourceObject {
        dn: Dn::parse(&format!("{dn},DC=contoso,DC=test")).unwrap(),
        ..object.clone()
    }
}

/// Somebody else under that name.
fn namesake(of: &SourceObject, name: &str) -> SourceObject {
    SourceObject {
        dn: of.dn.clone(),
        ..person(name)
    }
}

async fn manager(world: &World, of: &str) -> Option<String> {
    let users = world.objects(ObjectKind::User).await;
    let user = users.iter().find(|user| user.display_name == of).unwrap();
    let details = tenant::get(&world.backend, user.id).await.unwrap();
    Some(details.manager?.display_name)
}

#[tokio::test]
async fn a_renamed_or_moved_person_keeps_memberships_and_reports() {
    let anna = person("anna");
    let ben = with(person("ben"), "manager", &reference(&anna));
    let world = World::new(
        Tombstones::Kept,
        [group_of("staff", &[&anna, &ben]), anna.clone(), ben.clone()],
    )
    .await;
    world.cycle().await;
    world
        .source
        .put(renamed(&anna, "CN=Anna Berg,OU=Support,OU=Europe"));
    world.source.put(renamed(&ben, "CN=ben,OU=Vertrieb"));
    let cycle = world.cycle().await;
    assert_eq!(
        (cycle.counts.deleted, cycle.counts.references_removed),
        (0, 0)
    );
    assert_eq!(world.members("staff").await, ["anna", "ben"]);
    assert_eq!(manager(&world, "ben").await.as_deref(), Some("anna"));
}

#[tokio::test]
async fn renaming_a_unit_keeps_the_people_whose_group_is_the_scope() {
    let people: Vec<SourceObject> = ["anna", "ben", "eve", "kim", "lea"].map(person).to_vec();
    let pilot = group_of("pilot", &people.iter().collect::<Vec<_>>());
    let world = World::new(Tombstones::Kept, people.iter().cloned().chain([pilot])).await;
    world.save(settings(3), groups(&["pilot"])).await;
    world.cycle().await;
    for one in &people {
        let name = format!("{},OU=Vertrieb", one.dn.as_str().split(',').next().unwrap());
        world.source.put(renamed(one, &name));
    }
    let cycle = world.cycle().await;
    assert_eq!((cycle.counts.deleted, cycle.counts.held), (0, 0));
    assert_eq!(world.names(ObjectKind::User).await.len(), people.len());
    assert_eq!(world.members("pilot").await.len(), people.len());
}

#[tokio::test]
async fn who_gets_the_name_of_a_deleted_person_inherits_nothing() {
    let anna = person("anna");
    let ben = with(person("ben"), "manager", &reference(&anna));
    let staff = group_of("staff", &[&anna, &ben]);
    let world = World::new(Tombstones::Kept, [staff, anna.clone(), ben]).await;
    world.cycle().await;
    world.source.remove(&anna.anchor);
    world.cycle().await;
    assert_eq!(world.members("staff").await, ["ben"]);
    world.source.put(namesake(&anna, "stranger"));
    let cycle = world.cycle().await;
    assert_eq!(world.log(&cycle).await, ["Create stranger"]);
    assert_eq!(world.members("staff").await, ["ben"]);
    assert_eq!(manager(&world, "ben").await, None);
    let restart = world.restart().await;
    assert_eq!(restart.counts.changes(), 0);
}

#[tokio::test]
async fn a_name_that_is_given_on_within_one_cycle_hands_no_membership_over() {
    let anna = person("anna");
    let world = World::new(
        Tombstones::Kept,
        [group_of("staff", &[&anna]), anna.clone()],
    )
    .await;
    world.cycle().await;
    world.source.put(renamed(&anna, "CN=anna (IT),OU=Sales"));
    world.source.put(namesake(&anna, "stranger"));
    let cycle = world.cycle().await;
    assert_eq!(cycle.counts.references_removed, 0);
    assert_eq!(world.members("staff").await, ["anna"]);
}

#[tokio::test]
async fn who_gets_the_name_of_a_member_is_not_in_the_scope_of_the_group() {
    let anna = person("anna");
    let pilot = group_of("pilot", &[&anna]);
    let world = World::new(Tombstones::Kept, [pilot, anna.clone()]).await;
    world.save(settings(3), groups(&["pilot"])).await;
    world.cycle().await;
    world.source.remove(&anna.anchor);
    world.source.put(namesake(&anna, "stranger"));
    world.cycle().await;
    world.cycle().await;
    assert_eq!(world.names(ObjectKind::User).await, Vec::<String>::new());
    assert_eq!(world.members("pilot").await, Vec::<String>::new());
}

#[tokio::test]
async fn a_membership_that_the_directory_takes_away_goes() {
    let (anna, ben) = (person("anna"), person("ben"));
    let world = World::new(
        Tombstones::Kept,
        [group_of("staff", &[&anna, &ben]), anna.clone(), ben.clone()],
    )
    .await;
    world.cycle().await;
    let moved = renamed(&anna, "CN=anna,OU=Support");
    world.source.put(moved);
    world.source.put(group_of("staff", &[&ben]));
    let cycle = world.cycle().await;
    assert_eq!(cycle.counts.references_removed, 1);
    assert_eq!(world.members("staff").await, ["ben"]);
}

fn groups(names: &[&str]) -> Option<ScopeDraft> {
    let dn = |name: &&str| format!("CN={name},OU=Groups,DC=contoso,DC=test");
    Some(ScopeDraft {
        choice: ScopeChoice::SelectedSecurityGroups,
        groups: names.iter().map(dn).collect(),
        ..ScopeDraft::default()
    })
}
