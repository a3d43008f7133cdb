//! Failures of single objects, quarantine, restart scopes, pause and start.

use engine::{
    configuration::{Percentage, QuarantineLimits, restart::RestartScope},
    health::{Health, QuarantineReason},
};

use super::*;

fn bad(name: &str) -> SourceObject {
    with(user(name, "Sales"), "userPrincipalName", "no at sign")
}

impl World {
    async fn health(&self) -> Health {
        configurations::state(&self.backend, self.id)
            .await
            .unwrap()
            .health
    }

    async fn failures(&self) -> u64 {
        configurations::state(&self.backend, self.id)
            .await
            .unwrap()
            .failures
    }

    async fn restart_of(&self, scope: RestartScope) -> CycleSummary {
        configurations::restart_with(&self.backend, &Actor::System, self.id, &[scope])
            .await
            .unwrap();
        self.cycle_after(Duration::ZERO).await
    }

    async fn small_limits(&self) {
        self.change(|configuration| {
            configuration.quarantine_limits = QuarantineLimits {
                minimum: 2,
                percentage: Percentage::FORTY,
                failures: 4,
                failures_with_references: 6,
            };
        })
        .await;
    }
}

#[tokio::test]
async fn too_large_a_share_of_failures_quarantines_and_repair_lifts_it() {
    let people: Vec<_> = (0..3).map(|n| bad(&format!("bad{n}"))).collect();
    let good = (0..3).map(|n| user(&format!("good{n}"), "Sales"));
    let world = World::new(Tombstones::Kept, people.iter().cloned().chain(good)).await;
    world.small_limits().await;
    let cycle = world.cycle().await;
    assert_eq!((cycle.counts.created, cycle.counts.failed), (3, 3));
    let Health::Quarantined(trouble) = world.health().await else {
        panic!("{:?}", world.health().await)
    };
    assert_eq!(
        trouble.reason,
        QuarantineReason::EncounteredEscrowProportionThreshold
    );
    let requests = trouble.requests.unwrap();
    for failed in [&requests.first, &requests.last] {
        assert!(
            failed.request.starts_with("Write the user CN=bad"),
            "{failed:?}"
        );
        assert!(failed.answer.contains("no at sign"), "{failed:?}");
    }
    assert_ne!(requests.first.request, requests.last.request);
    for n in 0..3 {
        world.source.put(user(&format!("bad{n}"), "Sales"));
    }
    world.cycle_after(Duration::from_secs(3_600)).await;
    assert_eq!(world.status().await, Status::Healthy);
    assert_eq!(world.failures().await, 0);
}

#[tokio::test]
async fn many_failures_quarantine_by_number_whatever_their_share() {
    let people = (0..5).map(|n| bad(&format!("bad{n}")));
    let good = (0..20).map(|n| user(&format!("good{n}"), "Sales"));
    let world = World::new(Tombstones::Kept, people.chain(good)).await;
    world.small_limits().await;
    world.cycle().await;
    assert_eq!(
        world.health().await.quarantine_reason(),
        Some(QuarantineReason::EncounteredBaseEscrowThreshold)
    );
}

#[tokio::test]
async fn a_failed_object_is_tried_at_the_next_cycle_and_then_less_and_less_often() {
    // Its name is taken by nobody the directory could name: the failure stays.
    let world = World::new(Tombstones::Kept, [user("good", "Sales"), bad("bad")]).await;
    world.cycle().await;
    let hours = |hours: u64| Duration::from_secs(hours * 3_600);
    let mut attempts = Vec::new();
    for (pause, expected) in [
        (Duration::from_secs(120), 1),
        (Duration::from_secs(120), 0),
        (hours(6), 1),
        (hours(1), 0),
        (hours(6), 1),
        (hours(24), 1),
    ] {
        let cycle = world.cycle_after(pause).await;
        attempts.push((cycle.counts.failed, expected));
    }
    let (found, expected): (Vec<_>, Vec<_>) = attempts.into_iter().unzip();
    assert_eq!(found, expected);
    assert_eq!(world.failures().await, 1);
    world.source.put(user("bad", "Sales"));
    world.cycle().await;
    assert_eq!(world.failures().await, 0);
}

#[tokio::test]
async fn a_quarantine_of_28_days_switches_the_configuration_off() {
    let world = World::new(Tombstones::Kept, [user("anna", "Sales")]).await;
    world.cycle().await;
    for _ in 0..40 {
        if world.status().await == Status::Disabled {
            break;
        }
        let refused = SourceError::BadCredentials {
            detail: "wrong password".to_owned(),
        };
        world.source.fail_next(Fault::Refuse(refused));
        world.cycle_after(Duration::from_secs(24 * 3_600)).await;
    }
    assert_eq!(world.status().await, Status::Disabled);
    assert_eq!(world.names(ObjectKind::User).await, ["anna"]);
}

#[tokio::test]
async fn clearing_a_quarantine_goes_on_where_the_last_good_cycle_ended() {
    let world = World::new(Tombstones::Kept, [user("anna", "Sales")]).await;
    world.cycle().await;
    let early = configurations::clear_quarantine(&world.backend, &Actor::System, world.id).await;
    assert!(early.is_err(), "there is none");
    world
        .source
        .fail_next(Fault::Refuse(SourceError::BadCredentials {
            detail: "wrong password".to_owned(),
        }));
    world.cycle().await;
    assert_eq!(world.status().await, Status::Quarantined);
    configurations::clear_quarantine(&world.backend, &Actor::System, world.id)
        .await
        .unwrap();
    assert_eq!(world.status().await, Status::Healthy);
    let delta = world.cycle_after(Duration::ZERO).await;
    assert_eq!(delta.counts.read, 0, "nothing changed meanwhile");
}

#[tokio::test]
async fn a_quarantine_keeps_what_was_asked_first_and_last_and_what_was_answered() {
    let world = World::new(Tombstones::Kept, [user("anna", "Sales")]).await;
    for detail in ["wrong password", "locked"] {
        let detail = detail.to_owned();
        let refused = SourceError::BadCredentials { detail };
        world.source.fail_next(Fault::Refuse(refused));
        world.cycle_after(Duration::from_secs(3_600)).await;
    }
    let Health::Quarantined(trouble) = world.health().await else {
        panic!("{:?}", world.health().await)
    };
    let requests = trouble.requests.unwrap();
    assert_eq!(
        requests.first.request,
        "Read every object below DC=contoso,DC=test from the embedded directory of contoso.test."
    );
    assert!(requests.first.answer.contains("wrong password"));
    assert!(requests.last.answer.contains("locked"));
    assert!(requests.first.at < requests.last.at);
}

#[tokio::test]
async fn each_restart_scope_clears_what_it_names_and_keeps_the_rest() {
    let world = World::new(Tombstones::Kept, [user("anna", "Sales"), bad("bad")]).await;
    world.cycle().await;
    let before = world.objects(ObjectKind::User).await;
    world.cycle().await;
    let only_woken = world.restart_of(RestartScope::None).await;
    assert_eq!((only_woken.counts.read, world.failures().await), (0, 1));
    world.restart_of(RestartScope::Escrows).await;
    assert_eq!(world.failures().await, 0);
    let all = world.restart_of(RestartScope::Watermark).await;
    assert_eq!((all.counts.read, world.failures().await), (2, 1));
    let anew = world.restart_of(RestartScope::ConnectorDataStore).await;
    assert_eq!((anew.counts.read, anew.counts.created), (2, 0));
    let full = world.restart_of(RestartScope::Full).await;
    assert_eq!((full.counts.read, full.counts.created), (2, 0));
    assert_eq!(world.objects(ObjectKind::User).await, before);
}

#[tokio::test]
async fn force_deletes_lets_pass_what_is_held_and_nothing_more() {
    let people: Vec<_> = (0..6).map(|n| user(&format!("user{n}"), "Sales")).collect();
    let world = World::new(Tombstones::Kept, people.clone()).await;
    world.cycle().await;
    people[..3]
        .iter()
        .for_each(|person| world.source.remove(&person.anchor));
    world.cycle().await;
    configurations::restart_with(
        &world.backend,
        &Actor::System,
        world.id,
        &[RestartScope::ForceDeletes],
    )
    .await
    .unwrap();
    assert_eq!(world.cycle_after(Duration::ZERO).await.counts.deleted, 3);
    assert_eq!(world.status().await, Status::Healthy);
}

#[tokio::test]
async fn a_pause_keeps_the_bookmark_and_a_start_goes_on_from_there() {
    let world = World::new(Tombstones::Kept, [user("anna", "Sales")]).await;
    world.cycle().await;
    configurations::pause(&world.backend, &Actor::System, world.id)
        .await
        .unwrap();
    world.backend.clock.advance(Duration::from_secs(3_600));
    assert!(worker::run_due(&world.backend).await.unwrap().is_empty());
    let twice = configurations::pause(&world.backend, &Actor::System, world.id).await;
    assert!(twice.is_err());
    world.source.put(user("ben", "Sales"));
    configurations::start(&world.backend, &Actor::System, world.id)
        .await
        .unwrap();
    let cycle = world.cycle_after(Duration::ZERO).await;
    assert_eq!((cycle.counts.read, cycle.counts.created), (1, 1));
}

#[tokio::test]
async fn a_person_can_put_a_configuration_into_quarantine() {
    let world = World::new(Tombstones::Kept, [user("anna", "Sales")]).await;
    world.cycle().await;
    let (backend, id) = (&world.backend, world.id);
    configurations::quarantine(backend, &Actor::System, id, "maintenance of the tenant")
        .await
        .unwrap();
    assert_eq!(
        world.health().await.quarantine_reason(),
        Some(QuarantineReason::QuarantinedOnDemand)
    );
    world.cycle().await;
    assert_eq!(world.status().await, Status::Healthy);
}

#[tokio::test]
async fn clearing_a_quarantine_without_a_repair_brings_it_back_and_loses_nobody() {
    let people: Vec<_> = (0..3).map(|n| bad(&format!("bad{n}"))).collect();
    let world = World::new(Tombstones::Kept, people).await;
    world.small_limits().await;
    world.cycle().await;
    assert_eq!(world.status().await, Status::Quarantined);
    configurations::clear_quarantine(&world.backend, &Actor::System, world.id)
        .await
        .unwrap();
    let again = world.cycle_after(Duration::ZERO).await;
    assert_eq!((again.counts.failed, world.failures().await), (3, 3));
    assert_eq!(world.status().await, Status::Quarantined);
}
