//! One object at a time, explained.

use engine::{
    on_demand::OnDemand,
    records::{ProvisioningAction, ProvisioningResult},
};

use super::*;
use crate::{Error, runs};

impl World {
    async fn test(&self, subject: &str) -> OnDemand {
        self.backend.clock.advance(Duration::from_secs(10));
        runs::provision_on_demand(&self.backend, &Actor::System, self.id, subject)
            .await
            .unwrap()
    }
}

fn results(test: &OnDemand) -> Vec<ProvisioningResult> {
    test.steps.iter().map(|step| step.result).collect()
}

fn detail<'a>(test: &'a OnDemand, step: usize, name: &str) -> Option<&'a str> {
    let details = &test.steps[step].details;
    let found = details.iter().find(|found| found.name == name);
    found?.new_value.as_deref()
}

#[tokio::test]
async fn one_person_is_created_then_updated_and_every_step_is_explained() {
    let anna = with(user("anna", "Sales"), "mail", "anna@contoso.test");
    let world = World::new(Tombstones::Kept, [anna.clone(), user("ben", "Sales")]).await;
    let first = world.test(anna.dn.as_str()).await;
    assert!(first.succeeded(), "{first:?}");
    assert_eq!(detail(&first, 0, "department"), Some("Sales"));
    assert_eq!(
        detail(&first, 1, "Scoping filter evaluation passed"),
        Some("True")
    );
    assert_eq!(
        detail(&first, 1, "Active in the source system"),
        Some("True")
    );
    assert!(first.steps[2].explanation.contains("Create"));
    assert_eq!(detail(&first, 3, "Department"), Some("Sales"));
    assert_eq!(world.names(ObjectKind::User).await, ["anna"]);

    world.source.put(with(anna, "department", "Support"));
    for subject in ["anna@contoso.test", "ANNA@contoso.test"] {
        assert!(world.test(subject).await.succeeded());
    }
    let again = world.test(anchor("anna").as_str()).await;
    assert!(again.steps[2].explanation.contains("no operation"));
    assert_eq!(detail(&again, 2, "Department"), Some("Support"));

    let cycle = world.cycle().await;
    assert_eq!((cycle.counts.created, cycle.counts.updated), (1, 0));
    assert_eq!(world.names(ObjectKind::User).await, ["anna", "ben"]);
}

#[tokio::test]
async fn a_group_gets_the_members_that_the_tenant_has() {
    let (anna, ben) = (user("anna", "Sales"), user("ben", "Sales"));
    let staff = group("staff", &[&anna]);
    let world = World::new(Tombstones::Kept, [anna.clone(), ben.clone(), staff]).await;
    world.cycle().await;
    world.source.put(group("staff", &[&anna, &ben]));
    let test = world.test("CN=staff,OU=Groups,DC=contoso,DC=test").await;
    assert!(test.succeeded(), "{test:?}");
    assert_eq!(world.members("staff").await, ["anna", "ben"]);
}

#[tokio::test]
async fn the_scope_is_told_and_does_not_stop_the_test() {
    let world = World::new(Tombstones::Kept, [user("anna", "Support")]).await;
    world.save(settings(3), units(&["Sales"])).await;
    let test = world.test("anna@contoso.test").await;
    assert_eq!(
        results(&test),
        [
            ProvisioningResult::Success,
            ProvisioningResult::Warning,
            ProvisioningResult::Success,
            ProvisioningResult::Success
        ]
    );
    assert_eq!(
        detail(&test, 1, "Scoping filter evaluation passed"),
        Some("False")
    );
    assert_eq!(world.names(ObjectKind::User).await, ["anna"]);
    assert!(test.is_out_of_scope());
    assert_eq!(test.written, Some(ProvisioningAction::Create));
    let state = configurations::state(&world.backend, world.id)
        .await
        .unwrap();
    assert_eq!(
        state.managed.users, 1,
        "what was written is counted at once"
    );
    let again = world.test("anna@contoso.test").await;
    assert_eq!((again.is_out_of_scope(), again.written), (true, None));
}

#[tokio::test]
async fn what_fails_is_shown_at_its_step() {
    let bad = with(user("bad", "Sales"), "userPrincipalName", "no at sign");
    let world = World::new(Tombstones::Kept, [bad.clone()]).await;
    let unknown = world.test("nobody@contoso.test").await;
    assert_eq!(results(&unknown), [ProvisioningResult::Failure]);
    assert!(unknown.steps[0].explanation.contains("nobody@contoso.test"));
    let refused = world.test(bad.dn.as_str()).await;
    assert!(!refused.succeeded());
    let error = refused.steps.last().unwrap().error.as_ref().unwrap();
    assert_eq!(error.code, "IdentityDataValidationFailed");
    world
        .source
        .fail_next(Fault::Refuse(SourceError::TimedOut { seconds: 30 }));
    let unreachable = world.test(bad.dn.as_str()).await;
    assert!(unreachable.steps[0].explanation.contains("30 seconds"));
}

#[tokio::test]
async fn it_works_while_disabled_and_paused_and_five_times_in_ten_seconds() {
    let world = World::new(Tombstones::Kept, [user("anna", "Sales")]).await;
    configurations::pause(&world.backend, &Actor::System, world.id)
        .await
        .unwrap();
    assert_eq!(world.status().await, Status::Paused);
    assert!(world.test("anna@contoso.test").await.succeeded());
    let ask = || {
        runs::provision_on_demand(
            &world.backend,
            &Actor::System,
            world.id,
            "anna@contoso.test",
        )
    };
    for _ in 0..4 {
        ask().await.unwrap();
    }
    let refused = ask().await.unwrap_err();
    assert!(matches!(&refused, Error::Conflict(text) if text.contains("10 seconds")));
    world.backend.clock.advance(Duration::from_secs(10));
    ask().await.unwrap();
}
