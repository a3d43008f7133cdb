//! What a cycle carries into the tenant, and what it leaves alone.

use super::*;

#[tokio::test]
async fn the_first_cycle_creates_everybody_and_the_second_writes_nothing() {
    let (anna, ben) = (
        user("anna", "Sales"),
        with(
            user("ben", "Sales"),
            "manager",
            "CN=anna,OU=Sales,DC=contoso,DC=test",
        ),
    );
    let staff = group("staff", &[&anna, &ben]);
    // The group comes first, so that its members are unknown when it is read.
    let world = World::new(Tombstones::Kept, [staff, ben, anna]).await;
    assert_eq!(world.status().await, Status::Waiting);
    let first = world.cycle().await;
    assert_eq!(world.status().await, Status::Healthy);
    assert_eq!(
        (first.counts.created, first.counts.references_added),
        (3, 3)
    );
    assert_eq!(
        world.log(&first).await,
        ["Create anna", "Create ben", "Create staff"]
    );
    assert_eq!(world.names(ObjectKind::User).await, ["anna", "ben"]);
    assert_eq!(world.members("staff").await, ["anna", "ben"]);
    let ben = &world.objects(ObjectKind::User).await[1];
    let details = tenant::get(&world.backend, ben.id).await.unwrap();
    assert_eq!(details.manager.unwrap().display_name, "anna");
    assert_eq!(details.attributes.text("Department"), Some("Sales"));
    let source = tenant::source(&world.backend, ben.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(source.dn.to_string(), "CN=ben,OU=Sales,DC=contoso,DC=test");
    assert_eq!(source.attributes.text("department"), Some("Sales"));
    assert_eq!(source.directory.domain.as_str(), "contoso.test");

    let second = world.cycle().await;
    assert_eq!(second.outcome, CycleOutcome::Succeeded);
    assert_eq!(second.counts.changes(), 0);
    assert_eq!(world.log(&second).await, Vec::<String>::new());
    let third = world.restart().await;
    assert_eq!((third.counts.read, third.counts.changes()), (3, 0));
    assert_eq!(world.log(&third).await, Vec::<String>::new());
}

#[tokio::test]
async fn changes_moves_and_memberships_flow_and_each_costs_one_row() {
    let (anna, ben) = (user("anna", "Sales"), user("ben", "Sales"));
    let world = World::new(
        Tombstones::Kept,
        [group("staff", &[&anna]), anna.clone(), ben.clone()],
    )
    .await;
    world.cycle().await;
    let before = world.objects(ObjectKind::User).await;

    world
        .source
        .put(with(anna.clone(), "department", "Marketing"));
    let moved = SourceObject {
        dn: user("ben", "Support").dn,
        ..ben
    };
    world.source.put(moved.clone());
    world.source.put(group("staff", &[&anna, &moved]));
    let cycle = world.cycle().await;
    assert_eq!(
        world.log(&cycle).await,
        [
            "Update anna Department \"Sales\" → \"Marketing\"",
            "Update ben OnPremisesDistinguishedName \"CN=ben,OU=Sales,DC=contoso,DC=test\" → \
             \"CN=ben,OU=Support,DC=contoso,DC=test\"",
            "Update staff Member None → \"ben\"",
        ]
    );
    assert_eq!(cycle.counts.references_added, 1);
    let ids = |objects: &[TenantObjectSummary]| objects.iter().map(|o| o.id).collect::<Vec<_>>();
    assert_eq!(ids(&world.objects(ObjectKind::User).await), ids(&before));

    world.source.put(group("staff", &[&moved]));
    let cycle = world.cycle().await;
    assert_eq!(
        world.log(&cycle).await,
        ["Update staff Member \"anna\" → None"]
    );
    assert_eq!(world.members("staff").await, ["ben"]);
}

#[tokio::test]
async fn a_value_that_is_cleared_on_premises_is_cleared_in_the_tenant() {
    let anna = with(user("anna", "Sales"), "title", "Head of Sales");
    let world = World::new(Tombstones::Kept, [anna]).await;
    world.cycle().await;
    world.source.put(user("anna", "Sales"));
    let cycle = world.cycle().await;
    assert_eq!(
        world.log(&cycle).await,
        ["Update anna JobTitle \"Head of Sales\" → None"]
    );
}

#[tokio::test]
async fn one_object_that_cannot_be_written_holds_up_nobody_and_heals_when_it_is_corrected() {
    let bad = with(user("bad", "Sales"), "userPrincipalName", "no at sign");
    let world = World::new(Tombstones::Kept, [user("anna", "Sales"), bad]).await;
    let first = world.cycle().await;
    assert_eq!(first.outcome, CycleOutcome::EntryLevelErrors);
    assert_eq!((first.counts.created, first.counts.failed), (1, 1));
    assert_eq!(
        world.log(&first).await,
        ["Create anna", "Other bad IdentityDataValidationFailed"]
    );
    world.source.put(user("bad", "Sales"));
    assert_eq!(world.cycle().await.counts.created, 1);
    assert_eq!(world.names(ObjectKind::User).await.len(), 2);
}

#[tokio::test]
async fn a_cloud_user_with_the_same_name_is_taken_over_and_keeps_its_identity() {
    let world = World::new(Tombstones::Kept, [user("anna", "Sales")]).await;
    world.cycle().await;
    let before = world.objects(ObjectKind::User).await;
    // As if she had been made in the cloud: no anchor, managed by nobody.
    configurations::delete(&world.backend, &Actor::System, world.id)
        .await
        .unwrap();
    world
        .backend
        .clock
        .advance(configurations::UNDO_WINDOW + Duration::from_secs(1));
    assert!(worker::run_due(&world.backend).await.unwrap().is_empty());
    let mut write = world.backend.db.write().await.unwrap();
    sqlx::query("UPDATE tenant_objects SET source_anchor = NULL")
        .execute(write.connection())
        .await
        .unwrap();
    write.commit().await.unwrap();
    let new = NewConfiguration {
        domain: "contoso.test".to_owned(),
        password_hash_sync: false,
    };
    let id = configurations::create(&world.backend, &Actor::System, new)
        .await
        .unwrap();
    let world = World { id, ..world };
    world.save(settings(3), None).await;
    let cycle = world.cycle().await;
    assert_eq!((cycle.counts.created, cycle.counts.updated), (0, 1));
    assert_eq!(world.objects(ObjectKind::User).await[0].id, before[0].id);
}
