//! Who is taken for deleted, and who is not, whatever a reading lacks.

use super::*;

#[tokio::test]
async fn no_failed_cut_or_empty_reading_deletes_anybody() {
    let people: Vec<_> = (0..10)
        .map(|n| user(&format!("user{n}"), "Sales"))
        .collect();
    let world = World::new(Tombstones::Forgotten, people).await;
    world.source.set_page_size(3);
    world
        .save(
            SettingsDraft {
                prevent_accidental_deletion: false,
                ..settings(1)
            },
            None,
        )
        .await;
    world.cycle().await;
    let lost = || SourceError::ConnectionLost {
        detail: "reset by peer".to_owned(),
    };
    for fault in [
        Fault::Refuse(SourceError::Unreachable {
            address: "dc1".to_owned(),
            detail: "connection refused".to_owned(),
        }),
        Fault::FailAfterPages {
            pages: 0,
            error: lost(),
        },
        Fault::FailAfterPages {
            pages: 2,
            error: lost(),
        },
        Fault::FailAfterPages {
            pages: 1,
            error: SourceError::SizeLimitExceeded { entries: 3 },
        },
        Fault::CutAfterPages { pages: 1 },
        Fault::EmptyAnswer,
    ] {
        world.source.fail_next(fault.clone());
        let failed = world.restart().await;
        assert!(
            matches!(failed.outcome, CycleOutcome::Failed(_)),
            "{fault:?}"
        );
        assert_eq!(world.names(ObjectKind::User).await.len(), 10, "{fault:?}");
        assert!(matches!(
            world.status().await,
            Status::Failing | Status::Quarantined
        ));
        let recovered = world.restart().await;
        assert_eq!(
            (recovered.counts.read, recovered.counts.changes()),
            (10, 0),
            "{fault:?}"
        );
        assert_eq!(world.status().await, Status::Healthy);
    }
}

#[tokio::test]
async fn a_directory_that_refuses_the_account_is_told_once_and_tried_less_and_less_often() {
    let world = World::new(Tombstones::Kept, [user("anna", "Sales")]).await;
    world.cycle().await;
    let refused = |detail: &str| {
        Fault::Refuse(SourceError::BadCredentials {
            detail: detail.to_owned(),
        })
    };
    for (detail, mails) in [("wrong password", 1), ("wrong password", 1), ("locked", 2)] {
        world.source.fail_next(refused(detail));
        world.backend.clock.advance(Duration::from_secs(3_600));
        worker::run_due(&world.backend).await.unwrap();
        assert_eq!(world.status().await, Status::Quarantined);
        let sent = notifications::list(&world.backend, None, 10)
            .await
            .unwrap()
            .items;
        assert_eq!(sent.len(), mails, "{detail}");
    }
    let state = configurations::state(&world.backend, world.id)
        .await
        .unwrap();
    let pause = state.next_run.unwrap().since(world.backend.now());
    assert_eq!(
        pause,
        Duration::from_secs(4 * 120),
        "the third failure in a row"
    );
}

#[tokio::test]
async fn nobody_is_taken_for_deleted_by_a_reading_that_had_to_skip_objects() {
    let people: Vec<_> = (0..4).map(|n| user(&format!("user{n}"), "Sales")).collect();
    let world = World::new(Tombstones::Forgotten, people.clone()).await;
    world.cycle().await;
    world.source.remove(&people[0].anchor);
    world.source.fail_next(Fault::Skipped { objects: 1 });
    assert_eq!(world.restart().await.counts.deleted, 0);
    let directory = directories::list(&world.backend).await.unwrap().remove(0);
    let said = directory.last_contact.unwrap().error.unwrap();
    assert!(said.starts_with("1 objects could not be read"), "{said}");
    assert_eq!(world.restart().await.counts.deleted, 1);
}

#[tokio::test]
async fn deletions_that_a_directory_does_not_report_are_found_by_absence() {
    let people: Vec<_> = (0..4).map(|n| user(&format!("user{n}"), "Sales")).collect();
    let world = World::new(Tombstones::Forgotten, people.clone()).await;
    world.cycle().await;
    world.source.remove(&people[0].anchor);
    assert_eq!(
        world.cycle().await.counts.deleted,
        0,
        "not every cycle looks for absence"
    );
    world.backend.clock.advance(Duration::from_secs(600));
    assert_eq!(world.cycle().await.counts.deleted, 1);
    assert_eq!(
        world.names(ObjectKind::User).await,
        ["user1", "user2", "user3"]
    );
}

#[tokio::test]
async fn somebody_with_a_mark_from_the_past_arrives_with_the_next_look_at_everybody() {
    let world = World::new(Tombstones::Forgotten, [user("anna", "Sales")]).await;
    world.cycle().await;
    world.source.put_late(user("late", "Sales"));
    assert_eq!(
        world.cycle().await.counts.created,
        0,
        "no change names them"
    );
    let looked = world.cycle_after(Duration::from_secs(3_600)).await;
    assert_eq!(
        (looked.outcome, looked.counts.created),
        (CycleOutcome::Succeeded, 1)
    );
    assert_eq!(world.names(ObjectKind::User).await, ["anna", "late"]);
}
