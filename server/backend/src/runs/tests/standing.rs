//! Cycles of configurations that are disabled, deleted, or brought back.

use super::*;

#[tokio::test]
async fn a_deleted_configuration_leaves_its_objects_and_comes_back_whole_by_undo() {
    let world = World::new(
        Tombstones::Kept,
        [user("anna", "Sales"), user("ben", "Sales")],
    )
    .await;
    world.cycle().await;
    configurations::delete(&world.backend, &Actor::System, world.id)
        .await
        .unwrap();
    assert!(
        configurations::list(&world.backend)
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(world.names(ObjectKind::User).await, ["anna", "ben"]);
    configurations::undo_delete(&world.backend, &Actor::System, world.id)
        .await
        .unwrap();
    world
        .source
        .put(with(user("anna", "Sales"), "title", "Still managed"));
    assert_eq!(world.cycle().await.counts.updated, 1);
}

#[tokio::test]
async fn a_disabled_configuration_does_not_run() {
    let world = World::new(Tombstones::Kept, [user("anna", "Sales")]).await;
    world.cycle().await;
    world
        .save(
            SettingsDraft {
                enabled: false,
                ..settings(3)
            },
            None,
        )
        .await;
    world.backend.clock.advance(Duration::from_secs(3_600));
    assert!(worker::run_due(&world.backend).await.unwrap().is_empty());
    assert_eq!(world.status().await, Status::Disabled);
}
