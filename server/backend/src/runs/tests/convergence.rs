//! What `cargo xtask prove` found, each as a short story of its own.

use engine::configuration::draft::ScopeChoice;
use sqlx::Row;

use super::*;

/// Deletions that a directory reports are in no later reading of changes.
#[tokio::test]
async fn who_left_before_a_reading_that_had_to_skip_something_is_still_found_to_be_gone() {
    let people = [user("anna", "Sales"), user("ben", "Sales")];
    let world = World::new(Tombstones::Kept, people).await;
    world.cycle().await;
    world.source.remove(&anchor("ben"));
    world.source.forget_history();
    world.source.fail_next(Fault::Skipped { objects: 1 });
    world.cycle().await;
    assert_eq!(world.names(ObjectKind::User).await, ["anna", "ben"]);
    assert_eq!(world.cycle().await.counts.deleted, 1);
    assert_eq!(world.names(ObjectKind::User).await, ["anna"]);
}

#[tokio::test]
async fn an_object_that_was_deleted_for_good_in_the_cloud_is_made_again() {
    let world = World::new(Tombstones::Kept, [user("anna", "Sales")]).await;
    world.cycle().await;
    let mut write = world.backend.db.write().await.unwrap();
    sqlx::query("DELETE FROM tenant_objects")
        .execute(write.connection())
        .await
        .unwrap();
    write.commit().await.unwrap();
    let cycle = world.restart().await;
    assert_eq!((cycle.counts.created, cycle.counts.failed), (1, 0));
    assert_eq!(world.names(ObjectKind::User).await, ["anna"]);
}

#[tokio::test]
async fn who_enters_the_scope_unchanged_brings_its_references_along() {
    let anna = user("anna", "Sales");
    let nested = group("Nested", &[&anna]);
    let chosen = group("Chosen", &[&anna]);
    let world = World::new(
        Tombstones::Kept,
        [anna.clone(), nested.clone(), chosen.clone()],
    )
    .await;
    let scope = ScopeDraft {
        choice: ScopeChoice::SelectedSecurityGroups,
        groups: vec![chosen.dn.to_string()],
        ..ScopeDraft::default()
    };
    world.save(settings(3), Some(scope)).await;
    world.cycle().await;
    world.source.put(group("Chosen", &[&anna, &nested]));
    world.cycle().await;
    assert_eq!(world.members("Nested").await, ["anna"]);
}

#[tokio::test]
async fn nobody_refers_to_somebody_who_was_deleted_in_the_cloud_until_they_come_back() {
    let (anna, ben) = (user("anna", "Sales"), user("ben", "Sales"));
    let world = World::new(Tombstones::Kept, [anna.clone(), group("Team", &[&anna])]).await;
    world.cycle().await;
    let mut write = world.backend.db.write().await.unwrap();
    for sql in [
        "DELETE FROM tenant_references",
        "DELETE FROM tenant_objects WHERE kind = 'user'",
    ] {
        sqlx::query(sql).execute(write.connection()).await.unwrap();
    }
    write.commit().await.unwrap();
    world.source.put(ben.clone());
    world.source.put(group("Team", &[&anna, &ben]));
    world.cycle().await;
    let references = sqlx::query("SELECT COUNT(*) AS n FROM tenant_references");
    let row = references.fetch_one(world.backend.db.read()).await.unwrap();
    assert_eq!(row.get::<i64, _>("n"), 1);
    world.restart().await;
    assert_eq!(world.members("Team").await, ["anna", "ben"]);
}

#[tokio::test]
async fn a_first_reading_that_had_to_skip_something_owes_nothing() {
    let world = World::new(Tombstones::Kept, [user("anna", "Sales")]).await;
    world.source.fail_next(Fault::Skipped { objects: 1 });
    world.cycle().await;
    assert_eq!(world.cycle().await.counts.read, 0);
}
