//! Matching, take-over, and names that only one object may have.

use engine::{
    configuration::schema::{PROXY_ADDRESSES, USER_PRINCIPAL_NAME},
    tenant::{SynchronizationAccount, TenantFeatures},
};

use super::*;

impl World {
    async fn features(&self, features: TenantFeatures) {
        tenant::set_features(&self.backend, &Actor::System, features)
            .await
            .unwrap();
    }

    async fn user_principal_name(&self, display_name: &str) -> String {
        let users = self.objects(ObjectKind::User).await;
        let user = users.iter().find(|one| one.display_name == display_name);
        let details = tenant::get(&self.backend, user.unwrap().id).await.unwrap();
        details
            .attributes
            .text(USER_PRINCIPAL_NAME)
            .unwrap()
            .to_owned()
    }

    async fn addresses(&self, display_name: &str) -> Vec<String> {
        let users = self.objects(ObjectKind::User).await;
        let user = users.iter().find(|one| one.display_name == display_name);
        let details = tenant::get(&self.backend, user.unwrap().id).await.unwrap();
        let values = details.attributes.values(PROXY_ADDRESSES);
        values.iter().map(ToString::to_string).collect()
    }

    /// Makes every object of the tenant one of the cloud: no anchor, managed by nobody.
    async fn forget_where_objects_come_from(&self, role: Option<&str>) {
        let mut write = self.backend.db.write().await.unwrap();
        for sql in [
            "UPDATE tenant_objects SET source_anchor = NULL, managed_by = NULL, admin_role = $1",
            "DELETE FROM links WHERE $1 IS NULL OR 1 = 1",
        ] {
            sqlx::query(sql)
                .bind(role.map(str::to_owned))
                .execute(write.connection())
                .await
                .unwrap();
        }
        write.commit().await.unwrap();
    }
}

fn named(name: &str, user_principal_name: &str) -> SourceObject {
    with(
        user(name, "Sales"),
        "userPrincipalName",
        user_principal_name,
    )
}

#[tokio::test]
async fn two_people_with_one_name_are_both_written_and_the_second_gets_it_once_it_is_free() {
    let (anna, twin) = (
        named("anna", "anna@contoso.test"),
        named("twin", "ANNA@contoso.test"),
    );
    let world = World::new(Tombstones::Kept, [anna.clone(), twin.clone()]).await;
    let first = world.cycle().await;
    assert_eq!((first.counts.created, first.counts.failed), (2, 0));
    let mut names = [
        world.user_principal_name("anna").await,
        world.user_principal_name("twin").await,
    ];
    names.sort_by_key(String::len);
    assert!(
        names[0].eq_ignore_ascii_case("anna@contoso.test"),
        "{names:?}"
    );
    assert!(
        names[1].to_lowercase().starts_with("anna+")
            && names[1].ends_with("@contoso.onmicrosoft.test"),
        "{names:?}"
    );
    let log = world.log(&first).await;
    let told = log
        .iter()
        .filter(|line| line.ends_with("AttributeValueMustBeUnique"));
    assert_eq!(told.count(), 1, "{log:?}");
    assert_eq!(
        world.restart().await.counts.changes(),
        0,
        "it waits quietly"
    );

    let holder = if world.user_principal_name("anna").await.contains('+') {
        twin
    } else {
        anna
    };
    let waiting = if holder.dn.name() == "anna" {
        "twin"
    } else {
        "anna"
    };
    world
        .source
        .put(with(holder, "userPrincipalName", "other@contoso.test"));
    world.cycle().await;
    world.cycle().await;
    let healed = world.user_principal_name(waiting).await;
    assert!(healed.eq_ignore_ascii_case("anna@contoso.test"), "{healed}");
}

#[tokio::test]
async fn with_resiliency_switched_off_the_second_one_fails() {
    let world = World::new(
        Tombstones::Kept,
        [
            named("anna", "anna@contoso.test"),
            named("twin", "anna@contoso.test"),
        ],
    )
    .await;
    world
        .features(TenantFeatures {
            quarantine_user_principal_name_on_conflict: false,
            ..TenantFeatures::default()
        })
        .await;
    let cycle = world.cycle().await;
    assert_eq!((cycle.counts.created, cycle.counts.failed), (1, 1));
}

#[tokio::test]
async fn an_address_that_somebody_has_is_left_out_and_follows_when_it_is_free() {
    let with_addresses = |name: &str, addresses: &[&str]| {
        let mut person = user(name, "Sales");
        let values = addresses.iter().map(|address| (*address).into()).collect();
        person.attributes.set("proxyAddresses", values);
        person
    };
    let world = World::new(
        Tombstones::Kept,
        [with_addresses(
            "anna",
            &["SMTP:anna@x.test", "smtp:team@x.test"],
        )],
    )
    .await;
    world.cycle().await;
    world.source.put(with_addresses(
        "ben",
        &["SMTP:ben@x.test", "smtp:TEAM@x.test", "x500:/o=team"],
    ));
    assert_eq!(world.cycle().await.counts.created, 1);
    assert_eq!(
        world.addresses("ben").await,
        ["SMTP:ben@x.test", "x500:/o=team"]
    );
    world
        .source
        .put(with_addresses("anna", &["SMTP:anna@x.test"]));
    world.cycle().await;
    world.cycle().await;
    assert_eq!(
        world.addresses("ben").await,
        ["SMTP:ben@x.test", "smtp:TEAM@x.test", "x500:/o=team"]
    );
}

#[tokio::test]
async fn names_that_change_hands_are_exchanged_in_one_cycle() {
    let world = World::new(
        Tombstones::Kept,
        [
            named("anna", "one@contoso.test"),
            named("ben", "two@contoso.test"),
            named("cleo", "three@contoso.test"),
        ],
    )
    .await;
    world.cycle().await;
    world.source.put(named("anna", "two@contoso.test"));
    world.source.put(named("ben", "three@contoso.test"));
    world.source.put(named("cleo", "one@contoso.test"));
    let cycle = world.cycle().await;
    assert_eq!((cycle.counts.updated, cycle.counts.failed), (3, 0));
    assert_eq!(world.user_principal_name("anna").await, "two@contoso.test");
    assert_eq!(world.user_principal_name("ben").await, "three@contoso.test");
    assert_eq!(world.user_principal_name("cleo").await, "one@contoso.test");
    assert_eq!(world.restart().await.counts.changes(), 0);
}

#[tokio::test]
async fn a_name_that_a_deletion_frees_is_given_to_the_next_one_in_the_same_cycle() {
    let anna = named("anna", "head@contoso.test");
    let world = World::new(Tombstones::Kept, [anna.clone()]).await;
    world.cycle().await;
    world.source.remove(&anna.anchor);
    world.source.put(named("ben", "head@contoso.test"));
    let cycle = world.cycle().await;
    assert_eq!((cycle.counts.deleted, cycle.counts.created), (1, 1));
    assert_eq!(world.user_principal_name("ben").await, "head@contoso.test");
}

#[tokio::test]
async fn a_block_on_soft_matching_refuses_to_take_cloud_users_over() {
    let world = World::new(Tombstones::Kept, [user("anna", "Sales")]).await;
    world.cycle().await;
    world.forget_where_objects_come_from(None).await;
    world
        .features(TenantFeatures {
            block_soft_match: true,
            ..TenantFeatures::default()
        })
        .await;
    let blocked = world.restart().await;
    assert_eq!(world.log(&blocked).await, ["Other anna InvalidSoftMatch"]);
    world.features(TenantFeatures::default()).await;
    assert_eq!(world.restart().await.counts.updated, 1);
}

#[tokio::test]
async fn a_block_on_hard_matching_refuses_to_take_cloud_managed_objects_over() {
    let world = World::new(Tombstones::Kept, [user("anna", "Sales")]).await;
    world.cycle().await;
    let mut write = world.backend.db.write().await.unwrap();
    for sql in [
        "UPDATE tenant_objects SET managed_by = NULL",
        "DELETE FROM links",
    ] {
        sqlx::query(sql).execute(write.connection()).await.unwrap();
    }
    write.commit().await.unwrap();
    world
        .features(TenantFeatures {
            block_cloud_object_takeover_through_hard_match: true,
            ..TenantFeatures::default()
        })
        .await;
    let blocked = world.restart().await;
    assert_eq!(world.log(&blocked).await, ["Other anna InvalidHardMatch"]);
}

#[tokio::test]
async fn who_holds_the_role_of_an_administrator_is_not_taken_over() {
    let world = World::new(Tombstones::Kept, [user("anna", "Sales")]).await;
    world.cycle().await;
    world
        .forget_where_objects_come_from(Some("Global Administrator"))
        .await;
    let refused = world.restart().await;
    assert_eq!(
        world.log(&refused).await,
        ["Other anna ExistingAdminRoleConflict"]
    );
}

#[tokio::test]
async fn a_tenant_that_refuses_the_account_gets_a_quarantine_that_a_repair_lifts() {
    let world = World::new(Tombstones::Kept, [user("anna", "Sales")]).await;
    world
        .features(TenantFeatures {
            synchronization_account: SynchronizationAccount::Missing,
            ..TenantFeatures::default()
        })
        .await;
    let refused = world.cycle().await;
    let CycleOutcome::Failed(message) = refused.outcome else {
        panic!("{refused:?}")
    };
    assert!(
        message.starts_with("AzureActiveDirectoryInvalidCredential"),
        "{message}"
    );
    assert_eq!(world.status().await, Status::Quarantined);
    tenant::repair_synchronization_account(&world.backend, &Actor::System)
        .await
        .unwrap();
    assert_eq!(world.cycle().await.counts.created, 1);
    assert_eq!(world.status().await, Status::Healthy);
}

#[tokio::test]
async fn who_gives_a_name_up_and_cannot_have_the_next_one_stands_in_nobodys_way() {
    let world = World::new(
        Tombstones::Kept,
        [
            named("anna", "one@contoso.test"),
            named("ben", "two@contoso.test"),
            named("cleo", "three@contoso.test"),
        ],
    )
    .await;
    world.cycle().await;
    for (first, second) in [("anna", "ben"), ("ben", "anna")] {
        world.source.put(named(first, "two@contoso.test"));
        world.source.put(named(second, "three@contoso.test"));
        let cycle = world.cycle().await;
        assert_eq!(cycle.outcome, CycleOutcome::Succeeded);
        let names = [
            world.user_principal_name("anna").await,
            world.user_principal_name("ben").await,
            world.user_principal_name("cleo").await,
        ];
        let different: std::collections::BTreeSet<_> = names.iter().collect();
        assert_eq!(different.len(), 3, "{names:?}");
        assert_eq!(names[2], "three@contoso.test");
        assert_eq!(world.restart().await.outcome, CycleOutcome::Succeeded);
    }
}
