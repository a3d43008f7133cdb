//! Values that directories hold and that are no reason to stop anybody else.

use super::*;

#[tokio::test]
async fn a_value_with_a_nul_character_costs_itself_and_nobody_else() {
    let odd = with(user("anna", "Sales"), "displayName", "A\0B");
    let world = World::new(Tombstones::Kept, [odd, user("ben", "Sales")]).await;
    let cycle = world.cycle().await;
    assert_eq!(
        (cycle.outcome, cycle.counts.created),
        (CycleOutcome::Succeeded, 2)
    );
    let directory = directories::list(&world.backend).await.unwrap().remove(0);
    let said = directory.last_contact.unwrap().error.unwrap();
    assert!(said.contains("displayName of CN=anna,OU=Sales"), "{said}");
}

#[tokio::test]
async fn a_second_value_keeps_nobody_from_being_disabled() {
    let anna = with(user("anna", "Sales"), "userAccountControl", "512");
    let world = World::new(Tombstones::Kept, [anna.clone()]).await;
    world
        .change(|configuration| {
            let expression = "Trim([telephoneNumber]) & \"\"".to_owned();
            let rows = configuration.mappings.get_mut(&ObjectKind::User).unwrap();
            let row = rows
                .iter_mut()
                .find(|row| row.target.as_str() == "TelephoneNumber")
                .unwrap();
            row.source = engine::configuration::MappingSource::Expression { expression };
        })
        .await;
    world.cycle().await;
    let mut leaver = with(anna, "userAccountControl", "514");
    leaver
        .attributes
        .set("telephoneNumber", vec!["+49 1".into(), "+49 2".into()]);
    world.source.put(leaver);
    let cycle = world.cycle().await;
    assert_eq!((cycle.counts.failed, cycle.counts.updated), (0, 1));
    let users = world.objects(ObjectKind::User).await;
    assert_eq!(users[0].account_enabled, Some(false));
}

#[tokio::test]
async fn a_name_that_cannot_be_written_keeps_nobody_from_being_disabled() {
    let anna = with(user("anna", "Sales"), "userAccountControl", "512");
    let world = World::new(Tombstones::Kept, [anna.clone()]).await;
    world.cycle().await;
    let leaver = with(anna, "userAccountControl", "514");
    world
        .source
        .put(with(leaver, "userPrincipalName", "no at sign"));
    let cycle = world.cycle().await;
    assert_eq!((cycle.counts.failed, cycle.counts.updated), (0, 1));
    let users = world.objects(ObjectKind::User).await;
    assert_eq!(users[0].account_enabled, Some(false));
    let told = world.log(&cycle).await.concat();
    assert!(told.starts_with("Update anna AccountEnabled"), "{told}");
    assert!(
        world.log(&world.cycle().await).await.is_empty(),
        "told once"
    );
}
