//! What a scope names is followed when it is renamed, and missed when it cannot be found.

use engine::records::AuditFilter;

use super::*;
use crate::audit;

/// A unit of the directory that has an identifier.
fn unit(name: &str) -> (ObjectGuid, Dn) {
    let guid = Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes());
    let dn = Dn::parse(&format!("OU={name},DC=contoso,DC=test")).unwrap();
    (ObjectGuid::from_uuid(guid), dn)
}

/// Three people in a unit that is the scope, and somebody elsewhere.
async fn world_of_a_unit() -> World {
    let people = ["anna", "ben", "eve"].map(|name| user(name, "Sales"));
    let others = [user("kim", "Support")];
    let world = World::new(Tombstones::Kept, people.into_iter().chain(others)).await;
    for name in ["Sales", "Support"] {
        let (guid, dn) = unit(name);
        world.source.put_unit(guid, dn);
    }
    world.save(settings(3), units(&["Sales"])).await;
    world.cycle().await;
    assert_eq!(world.names(ObjectKind::User).await, ["anna", "ben", "eve"]);
    world
}

fn rename(world: &World, name: &str, to: &str) {
    let moved = user(name, to);
    let object = world.source.get(&anchor(name)).unwrap();
    world.source.put(SourceObject {
        dn: moved.dn,
        ..object
    });
}

async fn directory_said(world: &World) -> String {
    let directories = directories::list(&world.backend).await.unwrap();
    directories[0]
        .last_contact
        .clone()
        .unwrap()
        .error
        .unwrap_or_default()
}

#[tokio::test]
async fn a_chosen_unit_that_is_renamed_is_followed() {
    let world = world_of_a_unit().await;
    world.source.put_unit(unit("Sales").0, unit("Vertrieb").1);
    for name in ["anna", "ben", "eve"] {
        rename(&world, name, "Vertrieb");
    }
    let cycle = world.cycle().await;
    assert_eq!((cycle.counts.deleted, cycle.counts.held), (0, 0));
    assert_eq!(world.names(ObjectKind::User).await, ["anna", "ben", "eve"]);
    let stored = configurations::get(&world.backend, world.id).await.unwrap();
    assert_eq!(stored.scope.names(), [unit("Vertrieb").1]);
    let audited = audit::search(&world.backend, &AuditFilter::default(), None, 1).await;
    assert_eq!(
        audited.unwrap().items[0].detail,
        "Scope followed: OU=Sales,DC=contoso,DC=test is called OU=Vertrieb,DC=contoso,DC=test in \
         the directory now."
    );
    let restart = world.restart().await;
    assert_eq!(restart.counts.deleted, 0);
    // A person who leaves the unit leaves the scope, as ever.
    rename(&world, "eve", "Support");
    world.cycle().await;
    assert_eq!(world.names(ObjectKind::User).await, ["anna", "ben"]);
}

#[tokio::test]
async fn a_unit_that_gets_the_name_of_a_chosen_one_is_not_chosen() {
    let world = world_of_a_unit().await;
    world.source.put_unit(unit("Sales").0, unit("Vertrieb").1);
    for name in ["anna", "ben", "eve"] {
        rename(&world, name, "Vertrieb");
    }
    world.source.put_unit(unit("Another").0, unit("Sales").1);
    world.source.put(user("stranger", "Sales"));
    world.cycle().await;
    assert_eq!(world.names(ObjectKind::User).await, ["anna", "ben", "eve"]);
}

#[tokio::test]
async fn chosen_units_that_exchange_their_names_are_both_followed() {
    let world = world_of_a_unit().await;
    world.save(settings(10), units(&["Sales", "Support"])).await;
    world.restart().await;
    let (sales, support) = (unit("Sales"), unit("Support"));
    world.source.put_unit(sales.0, support.1.clone());
    world.source.put_unit(support.0, sales.1.clone());
    for _ in 0..2 {
        let cycle = world.cycle().await;
        assert_eq!(cycle.outcome, CycleOutcome::Succeeded);
        assert_eq!(cycle.counts.deleted, 0);
    }
    // Each is still the one that it was.
    world.source.remove_unit(sales.0);
    world.cycle().await;
    let missing = "OU=Support,DC=contoso,DC=test, which the directory does not show";
    assert!(directory_said(&world).await.contains(missing));
}

#[tokio::test]
async fn a_chosen_unit_may_get_the_name_of_a_chosen_one_that_is_gone() {
    let world = world_of_a_unit().await;
    world.save(settings(10), units(&["Sales", "Support"])).await;
    world.restart().await;
    let (sales, support) = (unit("Sales"), unit("Support"));
    world.source.remove_unit(support.0);
    world.source.put_unit(sales.0, support.1.clone());
    for name in ["anna", "ben", "eve"] {
        rename(&world, name, "Support");
    }
    for _ in 0..2 {
        let cycle = world.cycle().await;
        assert_eq!(cycle.outcome, CycleOutcome::Succeeded);
    }
    let stored = configurations::get(&world.backend, world.id).await.unwrap();
    assert_eq!(stored.scope.names(), [support.1]);
    assert_eq!(world.names(ObjectKind::User).await.len(), 4);
}

#[tokio::test]
async fn a_chosen_unit_that_cannot_be_found_takes_nobody_away_and_is_told() {
    let world = world_of_a_unit().await;
    world.source.remove_unit(unit("Sales").0);
    for name in ["anna", "ben", "eve"] {
        rename(&world, name, "Elsewhere");
    }
    let cycle = world.cycle().await;
    assert_eq!((cycle.counts.deleted, cycle.counts.held), (0, 0));
    assert_eq!(world.restart().await.counts.deleted, 0);
    assert_eq!(world.names(ObjectKind::User).await, ["anna", "ben", "eve"]);
    assert!(
        directory_said(&world)
            .await
            .contains("OU=Sales,DC=contoso,DC=test, which the directory does not show any more")
    );
    // Found again: all is as it was.
    let (guid, dn) = unit("Sales");
    world.source.put_unit(guid, dn);
    for name in ["anna", "ben", "eve"] {
        rename(&world, name, "Sales");
    }
    world.cycle().await;
    assert_eq!(directory_said(&world).await, "");
    // A person who wants them away says so.
    world.save(settings(10), units(&["Support"])).await;
    world.restart().await;
    assert_eq!(world.names(ObjectKind::User).await, ["kim"]);
}

#[tokio::test]
async fn a_chosen_group_that_is_renamed_is_followed() {
    let (anna, ben) = (user("anna", "Sales"), user("ben", "Sales"));
    let pilot = group("pilot", &[&anna, &ben]);
    let scope = ScopeDraft {
        choice: ScopeChoice::SelectedSecurityGroups,
        groups: vec![pilot.dn.to_string()],
        ..ScopeDraft::default()
    };
    let world = World::new(Tombstones::Kept, [anna, ben, pilot.clone()]).await;
    world.save(settings(3), Some(scope)).await;
    world.cycle().await;
    world.source.put(SourceObject {
        dn: Dn::parse("CN=pioneers,OU=Groups,DC=contoso,DC=test").unwrap(),
        ..pilot
    });
    let cycle = world.cycle().await;
    assert_eq!((cycle.counts.deleted, cycle.counts.held), (0, 0));
    assert_eq!(world.names(ObjectKind::User).await, ["anna", "ben"]);
    assert_eq!(world.members("pilot").await, ["anna", "ben"]);
}
