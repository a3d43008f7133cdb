//! Deletions at the threshold: held, approved for the list that was seen, taken back.

use super::*;

#[tokio::test]
async fn deletions_below_the_threshold_pass_and_at_the_threshold_all_are_held() {
    let people: Vec<_> = (0..10)
        .map(|n| user(&format!("user{n}"), "Sales"))
        .collect();
    let world = World::new(Tombstones::Kept, people.clone()).await;
    world.cycle().await;
    for person in &people[..2] {
        world.source.remove(&person.anchor);
    }
    let passed = world.cycle().await;
    assert_eq!(
        (passed.counts.deleted, world.status().await),
        (2, Status::Healthy)
    );

    for person in &people[2..5] {
        world.source.remove(&person.anchor);
    }
    world
        .source
        .put(with(people[9].clone(), "title", "Waits too"));
    let held = world.cycle().await;
    assert_eq!(held.outcome, CycleOutcome::Held);
    assert_eq!(world.status().await, Status::DeleteThresholdExceeded);
    assert_eq!(world.names(ObjectKind::User).await.len(), 8);
    assert_eq!(
        world.log(&held).await,
        [
            "StagedDelete user2",
            "StagedDelete user3",
            "StagedDelete user4"
        ]
    );
    let again = world.cycle().await;
    assert_eq!(again.outcome, CycleOutcome::Held);
    assert_eq!(world.log(&again).await, Vec::<String>::new(), "told once");

    let list = configurations::held_deletions(&world.backend, world.id, None, 50)
        .await
        .unwrap();
    assert_eq!(list.page.total, Some(3));
    let cycle = list.cycle.unwrap();
    configurations::allow_deletes(
        &world.backend,
        &Actor::System,
        world.id,
        cycle,
        Allowed::All,
    )
    .await
    .unwrap();
    let allowed = world.cycle().await;
    assert_eq!((allowed.counts.deleted, allowed.counts.updated), (3, 1));
    assert_eq!(world.status().await, Status::Healthy);
    assert_eq!(
        tenant::deleted_users(&world.backend, None, 50)
            .await
            .unwrap()
            .items
            .len(),
        5
    );
}

#[tokio::test]
async fn an_approval_holds_for_the_list_that_was_seen_and_for_nothing_else() {
    let people: Vec<_> = (0..10)
        .map(|n| user(&format!("user{n}"), "Sales"))
        .collect();
    let world = World::new(Tombstones::Kept, people.clone()).await;
    world.cycle().await;
    people[..3]
        .iter()
        .for_each(|person| world.source.remove(&person.anchor));
    world.cycle().await;
    let seen = configurations::held_deletions(&world.backend, world.id, None, 50)
        .await
        .unwrap();

    people[3..6]
        .iter()
        .for_each(|person| world.source.remove(&person.anchor));
    world.cycle().await;
    let refused = configurations::allow_deletes(
        &world.backend,
        &Actor::System,
        world.id,
        seen.cycle.unwrap(),
        Allowed::All,
    );
    assert!(
        refused
            .await
            .unwrap_err()
            .to_string()
            .contains("has changed")
    );

    let seen = configurations::held_deletions(&world.backend, world.id, None, 50)
        .await
        .unwrap();
    let cycle = seen.cycle.unwrap();
    configurations::allow_deletes(
        &world.backend,
        &Actor::System,
        world.id,
        cycle,
        Allowed::All,
    )
    .await
    .unwrap();
    let waiting = configurations::held_deletions(&world.backend, world.id, None, 50)
        .await
        .unwrap();
    assert_eq!(
        (waiting.allowed, waiting.page.total),
        (6, Some(0)),
        "what is allowed waits for its cycle, and is no longer asked for"
    );
    people[6..9]
        .iter()
        .for_each(|person| world.source.remove(&person.anchor));
    let held = world.cycle().await;
    assert_eq!(
        held.outcome,
        CycleOutcome::Held,
        "three more reach the threshold again"
    );
    assert_eq!(
        held.counts.deleted, 6,
        "what was allowed is done, while the others wait"
    );
    assert_eq!(world.names(ObjectKind::User).await.len(), 4);
    assert_eq!(world.restart().await.counts.deleted, 0, "allowed once");
}

#[tokio::test]
async fn narrowing_the_scope_is_held_and_widening_it_again_restores_the_same_identities() {
    let people: Vec<_> = (0..8)
        .map(|n| {
            user(
                &format!("user{n}"),
                if n % 2 == 0 { "Sales" } else { "Support" },
            )
        })
        .collect();
    let members: Vec<_> = people.iter().collect();
    let world = World::new(
        Tombstones::Kept,
        people.iter().cloned().chain([group("staff", &members)]),
    )
    .await;
    world.cycle().await;
    let before = (
        world.objects(ObjectKind::User).await,
        world.objects(ObjectKind::Group).await,
    );

    world.save(settings(3), units(&["Sales"])).await;
    assert!(
        configurations::state(&world.backend, world.id)
            .await
            .unwrap()
            .restart_recommended
    );
    assert_eq!(
        world.cycle().await.counts.changes(),
        0,
        "nothing happens before the restart"
    );
    assert_eq!(world.restart().await.outcome, CycleOutcome::Held);
    assert!(
        worker::run_due(&world.backend).await.unwrap().is_empty(),
        "one restart, one cycle"
    );
    let held = configurations::held_deletions(&world.backend, world.id, None, 50)
        .await
        .unwrap();
    assert_eq!(
        held.page.items.len(),
        5,
        "four people of Support and the group"
    );
    assert!(
        held.page.items[0]
            .reason
            .contains("none of the chosen organizational units")
    );
    let cycle = held.cycle.unwrap();
    configurations::allow_deletes(
        &world.backend,
        &Actor::System,
        world.id,
        cycle,
        Allowed::All,
    )
    .await
    .unwrap();
    assert_eq!(world.cycle().await.counts.deleted, 5);
    assert_eq!(
        world.names(ObjectKind::User).await,
        ["user0", "user2", "user4", "user6"]
    );
    assert_eq!(world.names(ObjectKind::Group).await, Vec::<String>::new());

    let everybody = ScopeDraft::default();
    world.save(settings(3), Some(everybody)).await;
    let back = world.restart().await;
    assert_eq!((back.counts.restored, back.counts.created), (4, 1));
    let after = (
        world.objects(ObjectKind::User).await,
        world.objects(ObjectKind::Group).await,
    );
    assert_eq!(before, after);
    assert_eq!(world.members("staff").await.len(), 8);
}

#[tokio::test]
async fn the_threshold_is_that_of_the_configuration() {
    let world = World::new(Tombstones::Kept, [user("anna", "Sales")]).await;
    let stored = configurations::get(&world.backend, world.id).await.unwrap();
    assert_eq!(
        stored.deletion_protection.threshold,
        NonZeroU32::new(3).unwrap()
    );
}

/// While deletions are held, a cycle looks at least so often whether they still have to be.
const HOUR: Duration = Duration::from_secs(3_600);

/// Three people are held back at a threshold of three.
async fn three_held() -> (World, Vec<SourceObject>) {
    let people: Vec<_> = (0..8).map(|n| user(&format!("user{n}"), "Sales")).collect();
    let world = World::new(Tombstones::Kept, people.clone()).await;
    world.cycle().await;
    for person in &people[..3] {
        world.source.remove(&person.anchor);
    }
    assert_eq!(world.cycle().await.outcome, CycleOutcome::Held);
    (world, people)
}

async fn are_held(world: &World, names: &[&str]) {
    let list = configurations::held_deletions(&world.backend, world.id, None, 50).await;
    let list = list.unwrap();
    let mut held: Vec<_> = list
        .page
        .items
        .iter()
        .map(|held| held.display_name.as_str())
        .collect();
    held.sort_unstable();
    assert_eq!(held, names);
    assert_eq!(world.status().await, Status::DeleteThresholdExceeded);
    assert_eq!(
        world.names(ObjectKind::User).await.len(),
        8,
        "nobody is deleted"
    );
}

#[tokio::test]
async fn repairing_one_held_deletion_does_not_let_the_others_pass() {
    let (world, people) = three_held().await;
    world.source.put(people[0].clone());
    for _ in 0..2 {
        assert_eq!(world.cycle_after(HOUR).await.outcome, CycleOutcome::Held);
        are_held(&world, &["user1", "user2"]).await;
    }
    world.source.put(people[1].clone());
    assert_eq!(world.restart().await.outcome, CycleOutcome::Held);
    are_held(&world, &["user2"]).await;
    world.source.put(people[2].clone());
    assert_eq!(
        world.cycle_after(HOUR).await.outcome,
        CycleOutcome::Succeeded
    );
    assert_eq!(world.status().await, Status::Healthy);
}

#[tokio::test]
async fn raising_the_threshold_does_not_let_held_deletions_pass() {
    let (world, _) = three_held().await;
    world
        .change(|configuration| {
            configuration.deletion_protection.threshold = NonZeroU32::new(400).unwrap();
        })
        .await;
    assert_eq!(world.cycle_after(HOUR).await.outcome, CycleOutcome::Held);
    are_held(&world, &["user0", "user1", "user2"]).await;
}
