//! Held deletions: by share, by kind, by members lost, allowed one by one.

use engine::configuration::{Configuration, DeletionProtection, LostMembers, PerKind, Percentage};

use super::*;

async fn held(world: &World) -> engine::records::HeldDeletions {
    configurations::held_deletions(&world.backend, world.id, None, 100)
        .await
        .unwrap()
}

fn people(count: usize) -> Vec<SourceObject> {
    (0..count)
        .map(|n| user(&format!("user{n}"), "Sales"))
        .collect()
}

#[tokio::test]
async fn selected_deletions_are_carried_out_and_the_others_wait_however_few_they_are() {
    let people = people(10);
    let world = World::new(Tombstones::Kept, people.clone()).await;
    world.cycle().await;
    people[..4]
        .iter()
        .for_each(|person| world.source.remove(&person.anchor));
    assert_eq!(world.cycle().await.outcome, CycleOutcome::Held);
    let list = held(&world).await;
    let chosen = Allowed::Selected(vec![people[0].anchor.clone(), people[1].anchor.clone()]);
    let cycle = list.cycle.unwrap();
    configurations::allow_deletes(&world.backend, &Actor::System, world.id, cycle, chosen)
        .await
        .unwrap();
    let next = world.cycle().await;
    assert_eq!((next.outcome, next.counts.deleted), (CycleOutcome::Held, 2));
    assert_eq!(world.names(ObjectKind::User).await.len(), 8);
    let waiting: Vec<_> = held(&world).await.page.items;
    let mut names: Vec<_> = waiting
        .iter()
        .map(|one| one.display_name.as_str())
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["user2", "user3"]);

    // The rest is taken back, by repairing the cause.
    world.source.put(people[2].clone());
    world.source.put(people[3].clone());
    assert_eq!(world.restart().await.outcome, CycleOutcome::Succeeded);
    assert_eq!(world.names(ObjectKind::User).await.len(), 8);
    assert_eq!(held(&world).await.page.total, Some(0));
}

#[tokio::test]
async fn a_deletion_that_is_not_held_cannot_be_selected() {
    let people = people(6);
    let world = World::new(Tombstones::Kept, people.clone()).await;
    world.cycle().await;
    people[..3]
        .iter()
        .for_each(|person| world.source.remove(&person.anchor));
    world.cycle().await;
    let cycle = held(&world).await.cycle.unwrap();
    let chosen = Allowed::Selected(vec![people[5].anchor.clone()]);
    let refused =
        configurations::allow_deletes(&world.backend, &Actor::System, world.id, cycle, chosen);
    assert!(refused.await.unwrap_err().to_string().contains("not held"));
    assert_eq!(world.restart().await.counts.deleted, 0);
}

#[tokio::test]
async fn a_share_of_what_is_managed_holds_the_deletions_of_one_kind() {
    let (members, groups) = (people(2), ["a", "b", "c", "d"]);
    let groups = groups.map(|name| group(name, &[&members[0]]));
    let world = World::new(
        Tombstones::Kept,
        members.iter().cloned().chain(groups.clone()),
    )
    .await;
    world
        .change(|configuration| {
            configuration.deletion_protection = DeletionProtection {
                percentage: Percentage::new(50),
                threshold_of_kind: PerKind {
                    user: NonZeroU32::new(1),
                    ..PerKind::default()
                },
                ..DeletionProtection::default()
            };
        })
        .await;
    world.cycle().await;
    world.source.remove(&groups[0].anchor);
    assert_eq!(world.cycle().await.counts.deleted, 1, "a quarter of them");
    world.source.remove(&groups[1].anchor);
    world.source.remove(&groups[2].anchor);
    assert_eq!(world.cycle().await.outcome, CycleOutcome::Held);
    world.source.put(groups[1].clone());
    world.source.put(groups[2].clone());
    assert_eq!(world.restart().await.outcome, CycleOutcome::Succeeded);
    world.source.remove(&members[1].anchor);
    assert_eq!(
        world.cycle().await.outcome,
        CycleOutcome::Held,
        "one user is the limit of users"
    );
}

#[tokio::test]
async fn removing_many_members_is_not_guarded_unless_a_limit_says_so() {
    let people = people(20);
    let all: Vec<&SourceObject> = people.iter().collect();
    let world = World::new(
        Tombstones::Kept,
        people.iter().cloned().chain([group("staff", &all)]),
    )
    .await;
    world.cycle().await;
    world.source.put(group("staff", &all[..5]));
    let free = world.cycle().await;
    assert_eq!(free.counts.references_removed, 15);

    world.source.put(group("staff", &all));
    world.cycle().await;
    world
        .change(|configuration| {
            configuration.deletion_protection.lost_members = LostMembers {
                threshold: NonZeroU32::new(10),
                percentage: None,
            };
        })
        .await;
    world.source.put(group("staff", &all[..10]));
    let guarded = world.cycle().await;
    assert_eq!(guarded.outcome, CycleOutcome::Held);
    assert_eq!(world.members("staff").await.len(), 20);
    let list = held(&world).await;
    assert_eq!(
        list.page.items[0].reason,
        "It would lose 10 of its 20 members."
    );
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
    assert_eq!(world.cycle().await.outcome, CycleOutcome::Succeeded);
    assert_eq!(world.members("staff").await.len(), 10);
}

#[tokio::test]
async fn deletions_are_counted_per_cycle_and_not_added_up() {
    let people = people(10);
    let world = World::new(Tombstones::Kept, people.clone()).await;
    world.cycle().await;
    for pair in people.chunks(2).take(3) {
        pair.iter()
            .for_each(|person| world.source.remove(&person.anchor));
        assert_eq!(world.cycle().await.counts.deleted, 2);
    }
}

#[tokio::test]
async fn a_hold_is_told_by_one_mail_and_disabled_after_four_weeks() {
    let people = people(5);
    let world = World::new(Tombstones::Kept, people.clone()).await;
    world.cycle().await;
    people[..3]
        .iter()
        .for_each(|person| world.source.remove(&person.anchor));
    for _ in 0..3 {
        world.cycle_after(Duration::from_secs(3_600)).await;
    }
    let mails = || async {
        let page = notifications::list(&world.backend, None, 10).await.unwrap();
        let subjects = page.items.into_iter().map(|mail| mail.subject);
        subjects.collect::<Vec<_>>()
    };
    assert_eq!(
        mails().await,
        ["Cloud sync: 3 deletions held in contoso.test"]
    );
    world
        .cycle_after(Duration::from_secs(28 * 24 * 3_600))
        .await;
    assert_eq!(world.status().await, Status::Disabled);
    assert_eq!(
        mails().await[0],
        "Cloud sync: contoso.test was switched off"
    );
    assert_eq!(world.names(ObjectKind::User).await.len(), 5);
}

impl World {
    /// Changes what no form offers.
    pub(super) async fn change(&self, change: impl FnOnce(&mut Configuration)) {
        let mut configuration = configurations::get(&self.backend, self.id).await.unwrap();
        let seen = configuration.revision;
        change(&mut configuration);
        configuration.revision += 1;
        configurations::replace(&self.backend, &Actor::System, configuration, seen)
            .await
            .unwrap();
    }

    pub(super) async fn cycle_after(&self, pause: Duration) -> CycleSummary {
        self.backend.clock.advance(pause);
        let mut done = worker::run_due(&self.backend).await.unwrap();
        assert_eq!(done.len(), 1, "one configuration is due");
        done.remove(0).1
    }
}
