//! Groups, attribute clauses, nested groups, flows, references out of scope.

use engine::configuration::{
    ObjectFlow, ScopingFilter,
    draft::ClauseDraft,
    scoping_filter::{Clause, Operator},
};

use super::*;

fn department_is(value: &str) -> ObjectFlow {
    ObjectFlow {
        scoping_filter: ScopingFilter {
            groups: vec![vec![Clause {
                attribute: "department".into(),
                operator: Operator::Equals,
                value: Some(value.to_owned()),
            }]],
        },
        ..ObjectFlow::default()
    }
}

#[tokio::test]
async fn a_scope_of_groups_follows_direct_membership() {
    let (anna, ben, cleo) = (
        user("anna", "Sales"),
        user("ben", "Sales"),
        user("cleo", "Sales"),
    );
    let nested = group("nested", &[&cleo]);
    let pilot = group("pilot", &[&anna, &nested]);
    let world = World::new(
        Tombstones::Kept,
        [
            pilot.clone(),
            nested.clone(),
            anna.clone(),
            ben.clone(),
            cleo.clone(),
        ],
    )
    .await;
    let scope = ScopeDraft {
        choice: ScopeChoice::SelectedSecurityGroups,
        groups: vec!["cn=PILOT,ou=Groups,dc=contoso,dc=test".to_owned()],
        ..ScopeDraft::default()
    };
    world.save(settings(3), Some(scope)).await;
    world.cycle().await;
    assert_eq!(world.names(ObjectKind::User).await, ["anna"]);
    assert_eq!(world.names(ObjectKind::Group).await, ["nested", "pilot"]);
    assert_eq!(world.members("nested").await, Vec::<String>::new());

    world.source.put(group("pilot", &[&ben, &nested]));
    world.cycle().await;
    assert_eq!(world.names(ObjectKind::User).await, ["ben"]);
    assert_eq!(world.members("pilot").await, ["ben", "nested"]);
}

#[tokio::test]
async fn attribute_clauses_decide_who_is_in_scope_and_the_log_says_why_once() {
    let world = World::new(
        Tombstones::Kept,
        [user("anna", "Sales"), user("ben", "Support")],
    )
    .await;
    world
        .change(|configuration| {
            let flow = department_is("Sales");
            configuration.object_flows.insert(ObjectKind::User, flow);
        })
        .await;
    let first = world.cycle().await;
    assert_eq!(world.names(ObjectKind::User).await, ["anna"]);
    assert_eq!(
        world.log(&first).await,
        ["Create anna", "Other ben EntrySynchronizationSkipped"]
    );
    assert_eq!(
        world.log(&world.restart().await).await,
        Vec::<String>::new()
    );
    world.source.put(user("ben", "Sales"));
    assert_eq!(world.cycle().await.counts.created, 1);
}

#[tokio::test]
async fn objects_that_leave_the_scope_stay_where_the_configuration_says_so() {
    let anna = user("anna", "Sales");
    let world = World::new(Tombstones::Kept, [anna.clone()]).await;
    world
        .change(|configuration| {
            let flow = department_is("Sales");
            configuration.object_flows.insert(ObjectKind::User, flow);
            configuration.skip_out_of_scope_deletions = true;
        })
        .await;
    world.cycle().await;
    world
        .source
        .put(with(anna.clone(), "department", "Support"));
    let left = world.cycle().await;
    assert_eq!(left.counts.deleted, 0);
    assert_eq!(
        world.log(&left).await,
        ["Other anna EntrySynchronizationSkipped"]
    );
    assert_eq!(world.names(ObjectKind::User).await, ["anna"]);
    world.source.remove(&anna.anchor);
    assert_eq!(
        world.cycle().await.counts.deleted,
        1,
        "it is about the scope only"
    );
}

#[tokio::test]
async fn flows_that_are_switched_off_leave_the_tenant_as_it_is() {
    let anna = user("anna", "Sales");
    let world = World::new(Tombstones::Kept, [anna.clone()]).await;
    world.cycle().await;
    world
        .change(|configuration| {
            let nothing = ObjectFlow {
                add: false,
                update: false,
                delete: false,
                ..ObjectFlow::default()
            };
            configuration.object_flows.insert(ObjectKind::User, nothing);
        })
        .await;
    world.source.put(user("ben", "Sales"));
    world.source.put(with(anna.clone(), "title", "Head"));
    let cycle = world.cycle().await;
    assert_eq!(
        world.log(&cycle).await,
        ["Other anna FlowSwitchedOff", "Other ben FlowSwitchedOff"]
    );
    world.source.remove(&anna.anchor);
    assert_eq!(world.cycle().await.counts.deleted, 0);
}

#[tokio::test]
async fn nested_groups_are_followed_as_deep_as_the_configuration_says() {
    let (anna, ben, cleo) = (
        user("anna", "Sales"),
        user("ben", "Sales"),
        user("cleo", "Sales"),
    );
    let inner = group("inner", &[&cleo]);
    let middle = group("middle", &[&ben, &inner]);
    let outer = group("outer", &[&anna, &middle]);
    let world = World::new(
        Tombstones::Kept,
        [
            outer.clone(),
            middle.clone(),
            inner.clone(),
            anna.clone(),
            ben.clone(),
            cleo.clone(),
        ],
    )
    .await;
    let scope = ScopeDraft {
        choice: ScopeChoice::SelectedSecurityGroups,
        groups: vec![outer.dn.to_string()],
        ..ScopeDraft::default()
    };
    world.save(settings(10), Some(scope)).await;
    world
        .change(|configuration| configuration.nested_group_depth = 1)
        .await;
    world.cycle().await;
    assert_eq!(world.names(ObjectKind::User).await, ["anna", "ben"]);

    world
        .change(|configuration| configuration.nested_group_depth = 2)
        .await;
    world.restart().await;
    assert_eq!(world.names(ObjectKind::User).await, ["anna", "ben", "cleo"]);

    // The middle group leaves: its members and those of the group below leave with it.
    world.source.put(group("outer", &[&anna]));
    world.cycle().await;
    assert_eq!(world.names(ObjectKind::User).await, ["anna"]);
    world.source.put(outer);
    world.cycle().await;
    assert_eq!(world.names(ObjectKind::User).await, ["anna", "ben", "cleo"]);
}

#[tokio::test]
async fn a_member_out_of_scope_is_left_out_told_once_and_linked_when_it_comes() {
    let (anna, ben) = (user("anna", "Sales"), user("ben", "Support"));
    let mut staff = group("staff", &[&anna, &ben]);
    staff.dn = Dn::parse("CN=staff,OU=Sales,DC=contoso,DC=test").unwrap();
    let world = World::new(Tombstones::Kept, [staff, anna, ben]).await;
    world.save(settings(3), units(&["Sales"])).await;
    let first = world.cycle().await;
    assert_eq!(world.members("staff").await, ["anna"]);
    let unresolved = "Other staff UnableToResolveReferenceAttributeValue".to_owned();
    assert!(world.log(&first).await.contains(&unresolved));
    let state = configurations::state(&world.backend, world.id)
        .await
        .unwrap();
    assert_eq!((state.failures, state.unresolved_references), (0, 1));
    assert!(
        !world
            .log(&world.restart().await)
            .await
            .contains(&unresolved)
    );

    world.save(settings(3), units(&["Sales", "Support"])).await;
    world.restart().await;
    assert_eq!(world.members("staff").await, ["anna", "ben"]);
    let state = configurations::state(&world.backend, world.id)
        .await
        .unwrap();
    assert_eq!(state.unresolved_references, 0);
}

#[tokio::test]
async fn a_clause_that_cannot_be_decided_deletes_nobody() {
    let anna = user("anna", "Sales");
    let world = World::new(Tombstones::Kept, [anna.clone()]).await;
    world.cycle().await;
    world
        .change(|configuration| {
            let mut flow = department_is("");
            flow.scoping_filter.groups[0][0].operator = Operator::RegexMatch;
            flow.scoping_filter.groups[0][0].value = Some("^(a+)+$".to_owned());
            configuration.object_flows.insert(ObjectKind::User, flow);
        })
        .await;
    let hostile = format!("{}!", "a".repeat(40_000));
    world.source.put(with(anna, "department", &hostile));
    let cycle = world.restart().await;
    assert_eq!(cycle.counts.deleted, 0);
    assert_eq!(world.log(&cycle).await, ["Other anna ScopingFilterFailed"]);
}

#[tokio::test]
async fn of_two_entries_with_one_anchor_one_is_written_the_other_told_and_others_are_deleted() {
    let anna = user("anna", "Sales");
    let double = SourceObject {
        anchor: anna.anchor.clone(),
        ..user("double", "Sales")
    };
    let people = [anna, user("ben", "Sales"), user("eve", "Sales")];
    let world = World::new(Tombstones::Forgotten, people).await;
    world.cycle().await;
    world.source.put_double(double);
    world.source.remove(&anchor("ben"));
    let cycle = world.restart().await;
    assert_eq!(cycle.counts.deleted, 1);
    assert_eq!(world.names(ObjectKind::User).await, ["anna", "eve"]);
    let directory = directories::list(&world.backend).await.unwrap().remove(0);
    let said = directory.last_contact.unwrap().error.unwrap();
    assert!(
        said.contains("CN=double,OU=Sales,DC=contoso,DC=test carries"),
        "{said}"
    );
}

#[tokio::test]
async fn somebody_who_got_the_anchor_of_another_entry_is_not_taken_for_deleted() {
    let (anna, ben) = (user("anna", "Sales"), user("ben", "Sales"));
    let world = World::new(Tombstones::Forgotten, [anna.clone(), ben.clone()]).await;
    world.cycle().await;
    world.source.remove(&ben.anchor);
    world.source.put_double(SourceObject {
        anchor: anna.anchor.clone(),
        ..ben
    });
    let cycle = world.restart().await;
    assert_eq!(cycle.counts.deleted, 0);
    assert_eq!(world.names(ObjectKind::User).await, ["anna", "ben"]);
}

#[tokio::test]
async fn a_link_is_cut_only_while_the_configuration_is_paused() {
    let world = World::new(Tombstones::Kept, [user("anna", "Sales")]).await;
    world.cycle().await;
    let anna = anchor("anna");
    let link = configurations::link(&world.backend, world.id, &anna)
        .await
        .unwrap();
    assert_eq!(link.display_name, "anna");
    let cut = || configurations::delete_link(&world.backend, &Actor::System, world.id, &anna);
    assert!(cut().await.is_err(), "it is running");
    configurations::pause(&world.backend, &Actor::System, world.id)
        .await
        .unwrap();
    cut().await.unwrap();
    assert!(
        configurations::link(&world.backend, world.id, &anna)
            .await
            .is_err()
    );
    configurations::start(&world.backend, &Actor::System, world.id)
        .await
        .unwrap();
    let cycle = world.cycle_after(Duration::ZERO).await;
    assert_eq!(
        (cycle.counts.created, cycle.counts.updated),
        (0, 1),
        "matched anew"
    );
}

#[tokio::test]
async fn rows_of_the_log_go_after_thirty_days() {
    let world = World::new(Tombstones::Kept, [user("anna", "Sales")]).await;
    let first = world.cycle().await;
    assert_eq!(world.log(&first).await.len(), 1);
    world
        .cycle_after(Duration::from_secs(29 * 24 * 3_600))
        .await;
    assert_eq!(world.log(&first).await.len(), 1);
    world.cycle_after(Duration::from_secs(2 * 24 * 3_600)).await;
    assert_eq!(world.log(&first).await.len(), 0);
}

#[tokio::test]
async fn failures_and_references_without_a_target_are_listed_with_what_helps() {
    let bad = with(user("bad", "Sales"), "userPrincipalName", "no at sign");
    let stranger = user("stranger", "Elsewhere");
    let staff = group("staff", &[&stranger]);
    let world = World::new(Tombstones::Kept, [bad, staff]).await;
    world.cycle().await;
    let failures = configurations::failures(&world.backend, world.id, None, 10)
        .await
        .unwrap()
        .items;
    assert_eq!(failures.len(), 1);
    assert_eq!(failures[0].code, "IdentityDataValidationFailed");
    assert!(failures[0].advice.starts_with("Correct the name"));
    let unresolved = configurations::unresolved_references(&world.backend, world.id, None, 10)
        .await
        .unwrap()
        .items;
    assert_eq!(
        (unresolved[0].attribute.as_str(), unresolved[0].count),
        ("Member", 1)
    );
}

#[tokio::test]
async fn clauses_that_the_page_saves_decide_who_is_in_scope_until_it_removes_them() {
    let world = World::new(
        Tombstones::Kept,
        [user("anna", "Sales"), user("ben", "Support")],
    )
    .await;
    let clause = ClauseDraft {
        kind: ObjectKind::User,
        group: 0,
        attribute: "department".to_owned(),
        operator: "EQUALS".to_owned(),
        value: "Sales".to_owned(),
    };
    let scope = |clauses| ScopeDraft {
        nested_group_depth: Some("2".to_owned()),
        shows_clauses: true,
        clauses,
        ..ScopeDraft::default()
    };
    world.save(settings(3), Some(scope(vec![clause]))).await;
    world.cycle().await;
    assert_eq!(world.names(ObjectKind::User).await, ["anna"]);

    // A form that shows no clauses leaves them, and other settings do not touch the scope.
    world.save(settings(3), Some(ScopeDraft::default())).await;
    world.save(settings(4), None).await;
    let stored = configurations::get(&world.backend, world.id).await.unwrap();
    assert_eq!(stored.nested_group_depth, 2);
    assert_eq!(
        stored.object_flows[&ObjectKind::User],
        department_is("Sales")
    );

    world.save(settings(3), Some(scope(Vec::new()))).await;
    let state = configurations::state(&world.backend, world.id)
        .await
        .unwrap();
    assert!(state.restart_recommended);
    world.restart().await;
    assert_eq!(world.names(ObjectKind::User).await, ["anna", "ben"]);
}

#[tokio::test]
async fn a_scope_that_nobody_restarted_for_deletes_nobody_however_often_objects_change() {
    let people: Vec<_> = (0..6).map(|n| user(&format!("user{n}"), "Sales")).collect();
    let world = World::new(Tombstones::Kept, people.clone()).await;
    world.cycle().await;
    world.save(settings(3), units(&["Empty"])).await;
    for (n, person) in people.iter().enumerate() {
        let changed = with(person.clone(), "title", &format!("Changed {n}"));
        world.source.put(changed);
        assert_eq!(world.cycle().await.counts.deleted, 0);
    }
    assert_eq!(world.names(ObjectKind::User).await.len(), 6);
    // Who left the directory is deleted all the same.
    world.source.remove(&people[0].anchor);
    assert_eq!(world.cycle().await.counts.deleted, 1);
    let whole = world.restart().await;
    assert_eq!(
        whole.outcome,
        CycleOutcome::Held,
        "the guard sees all of them"
    );
    assert_eq!(world.names(ObjectKind::User).await.len(), 5);
}
