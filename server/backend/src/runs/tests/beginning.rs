//! What goes wrong between the lease and the first question to the directory.

use tokio_util::sync::CancellationToken;

use super::*;
use crate::{Backend, previews, runs};

/// The server after a restart, with a directory whose password was sealed with another key.
async fn with_a_password_that_does_not_open(world: &World) -> Backend {
    let backend = world.backend.restarted().await;
    let mut write = backend.db.write().await.unwrap();
    sqlx::query(
        "UPDATE directories SET kind = 'ldap', connection = $1, sealed_password = 'v1:AAAA'",
    )
    .bind(
        r#"{"url": "ldaps://dc1.contoso.test", "startTls": false, "bindDn": "CN=sync",
                "caCertificatePem": null, "baseDn": "DC=contoso,DC=test"}"#,
    )
    .execute(write.connection())
    .await
    .unwrap();
    write.commit().await.unwrap();
    backend
}

#[tokio::test]
async fn a_password_that_does_not_open_fails_the_cycle_and_gives_the_lease_back() {
    let world = World::new(Tombstones::Kept, [user("anna", "Sales")]).await;
    let backend = with_a_password_that_does_not_open(&world).await;
    for _ in 0..2 {
        let cycle = runs::run_cycle(&backend, world.id, CancellationToken::new()).await;
        let cycle = cycle.unwrap().expect("the lease is free");
        let CycleOutcome::Failed(reason) = cycle.outcome else {
            panic!("{:?}", cycle.outcome);
        };
        assert!(
            reason.contains("cannot be opened with this key"),
            "{reason}"
        );
    }
    assert_eq!(world.status().await, Status::Quarantined);
}

#[tokio::test]
async fn a_preview_that_cannot_begin_gives_the_lease_back() {
    let world = World::new(Tombstones::Kept, [user("anna", "Sales")]).await;
    let backend = with_a_password_that_does_not_open(&world).await;
    let refusal = previews::make(&backend, &Actor::System, world.id, None).await;
    let sentence = refusal.unwrap_err().to_string();
    assert!(
        sentence.contains("cannot be opened with this key"),
        "{sentence}"
    );
    let at_work = configurations::somebody_is_at_work(&backend).await;
    assert!(!at_work.unwrap());
}
