//! Cycles against a directory in memory: data in, what the tenant and the log hold out.

mod convergence;
mod guards;
mod insights;
mod names;
mod on_demand;
mod previewing;
mod quarantine;
mod scoping;
mod unique_values;

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use connectors::{
    SourceError,
    memory::{Fault, MemorySource, Tombstones},
};
use engine::{
    configuration::{
        ConfigurationId,
        draft::{ConfigurationDraft, NewConfiguration, ScopeChoice, ScopeDraft, SettingsDraft},
    },
    directory::{Attributes, Dn, ObjectGuid, ObjectKind, SourceAnchor, SourceObject},
    records::{
        CycleOutcome, CycleSummary, ProvisioningAction, ProvisioningFilter, Status,
        TenantObjectSummary,
    },
};
use uuid::Uuid;

use crate::{
    Actor,
    configurations::{self, Allowed},
    directories, notifications, provisioning_logs, tenant,
    testing::TestBackend,
    worker,
};

/// A configuration for contoso.test over a directory in memory, enabled.
struct World {
    backend: TestBackend,
    source: MemorySource,
    id: ConfigurationId,
}

fn anchor(name: &str) -> SourceAnchor {
    ObjectGuid::from_uuid(Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes())).source_anchor()
}

fn user(name: &str, ou: &str) -> SourceObject {
    SourceObject {
        anchor: anchor(name),
        dn: Dn::parse(&format!("CN={name},OU={ou},DC=contoso,DC=test")).unwrap(),
        kind: ObjectKind::User,
        attributes: Attributes::new()
            .with("cn", name)
            .with("displayName", name)
            .with("userPrincipalName", format!("{name}@contoso.test"))
            .with("department", ou),
    }
}

fn group(name: &str, members: &[&SourceObject]) -> SourceObject {
    let mut attributes = Attributes::new()
        .with("cn", name)
        .with("groupType", "-2147483646");
    attributes.set(
        "member",
        members
            .iter()
            .map(|member| member.dn.as_str().into())
            .collect(),
    );
    SourceObject {
        anchor: anchor(name),
        dn: Dn::parse(&format!("CN={name},OU=Groups,DC=contoso,DC=test")).unwrap(),
        kind: ObjectKind::Group,
        attributes,
    }
}

fn with(mut object: SourceObject, name: &str, value: &str) -> SourceObject {
    object.attributes.set(name, vec![value.into()]);
    object
}

fn settings(threshold: u32) -> SettingsDraft {
    SettingsDraft {
        prevent_accidental_deletion: true,
        accidental_deletion_threshold: threshold.to_string(),
        notification_email: "ops@contoso.test".to_owned(),
        enabled: true,
        ..SettingsDraft::default()
    }
}

impl World {
    async fn new(tombstones: Tombstones, objects: impl IntoIterator<Item = SourceObject>) -> Self {
        let backend = TestBackend::new().await;
        directories::ensure_forests(&backend).await.unwrap();
        let source = MemorySource::new(tombstones);
        objects.into_iter().for_each(|object| source.put(object));
        let directory = directories::list(&backend).await.unwrap().remove(0);
        backend
            .substitutes
            .set(directory.id, Arc::new(source.clone()));
        let new = NewConfiguration {
            domain: directory.domain.to_string(),
            password_hash_sync: false,
        };
        let id = configurations::create(&backend, &Actor::System, new)
            .await
            .unwrap();
        let world = Self {
            backend,
            source,
            id,
        };
        world.save(settings(3), None).await;
        world
    }

    async fn save(&self, settings: SettingsDraft, scope: Option<ScopeDraft>) {
        let revision = configurations::get(&self.backend, self.id)
            .await
            .unwrap()
            .revision;
        let draft = ConfigurationDraft {
            revision,
            settings,
            scope,
        };
        configurations::save(&self.backend, &Actor::System, self.id, draft)
            .await
            .unwrap();
    }

    /// The next scheduled cycle.
    async fn cycle(&self) -> CycleSummary {
        self.backend.clock.advance(Duration::from_secs(120));
        let mut done = worker::run_due(&self.backend).await.unwrap();
        assert_eq!(done.len(), 1, "one configuration is due");
        done.remove(0).1
    }

    async fn restart(&self) -> CycleSummary {
        configurations::restart(&self.backend, &Actor::System, self.id)
            .await
            .unwrap();
        self.cycle().await
    }

    async fn objects(&self, kind: ObjectKind) -> Vec<TenantObjectSummary> {
        tenant::list(&self.backend, kind, "", None, 1_000)
            .await
            .unwrap()
            .items
    }

    async fn names(&self, kind: ObjectKind) -> Vec<String> {
        self.objects(kind)
            .await
            .into_iter()
            .map(|object| object.display_name)
            .collect()
    }

    async fn members(&self, group: &str) -> Vec<String> {
        let groups = self.objects(ObjectKind::Group).await;
        let group = groups.iter().find(|one| one.display_name == group).unwrap();
        let members = tenant::references(&self.backend, group.id, "Member", None, 1_000).await;
        members
            .unwrap()
            .items
            .into_iter()
            .map(|object| object.display_name)
            .collect()
    }

    async fn log(&self, cycle: &CycleSummary) -> Vec<String> {
        let filter = ProvisioningFilter {
            cycle: Some(cycle.id),
            ..ProvisioningFilter::default()
        };
        let page = provisioning_logs::list(&self.backend, &filter, None, 1_000)
            .await
            .unwrap();
        let mut lines = Vec::new();
        for entry in page.items.iter().rev() {
            let detail = provisioning_logs::get(&self.backend, entry.id)
                .await
                .unwrap()
                .detail;
            let changes: Vec<_> = detail
                .modified_properties
                .iter()
                .filter(|_| entry.action == ProvisioningAction::Update)
                .map(|p| format!(" {} {:?} → {:?}", p.name, p.old_value, p.new_value))
                .collect();
            let error = detail
                .error
                .map(|error| format!(" {}", error.code))
                .unwrap_or_default();
            lines.push(format!(
                "{} {}{}{error}",
                entry.action.label(),
                entry.display_name,
                changes.concat().replace("Some(", "").replace(')', "")
            ));
        }
        lines.sort();
        lines
    }

    async fn status(&self) -> Status {
        configurations::state(&self.backend, self.id)
            .await
            .unwrap()
            .status
    }
}

fn units(names: &[&str]) -> Option<ScopeDraft> {
    Some(ScopeDraft {
        choice: ScopeChoice::SelectedOrganizationalUnits,
        organizational_units: names
            .iter()
            .map(|name| format!("OU={name},DC=contoso,DC=test"))
            .collect(),
        ..ScopeDraft::default()
    })
}

#[tokio::test]
async fn the_first_cycle_creates_everybody_and_the_second_writes_nothing() {
    let (anna, ben) = (
        user("anna", "Sales"),
        with(
            user("ben", "Sales"),
            "manager",
            "CN=anna,OU=Sales,DC=contoso,DC=test",
        ),
    );
    let staff = group("staff", &[&anna, &ben]);
    // The group comes first, so that its members are unknown when it is read.
    let world = World::new(Tombstones::Kept, [staff, ben, anna]).await;
    assert_eq!(world.status().await, Status::Waiting);
    let first = world.cycle().await;
    assert_eq!(world.status().await, Status::Healthy);
    assert_eq!(
        (first.counts.created, first.counts.references_added),
        (3, 3)
    );
    assert_eq!(
        world.log(&first).await,
        ["Create anna", "Create ben", "Create staff"]
    );
    assert_eq!(world.names(ObjectKind::User).await, ["anna", "ben"]);
    assert_eq!(world.members("staff").await, ["anna", "ben"]);
    let ben = &world.objects(ObjectKind::User).await[1];
    let details = tenant::get(&world.backend, ben.id).await.unwrap();
    assert_eq!(details.manager.unwrap().display_name, "anna");
    assert_eq!(details.attributes.text("Department"), Some("Sales"));
    let source = tenant::source(&world.backend, ben.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(source.dn.to_string(), "CN=ben,OU=Sales,DC=contoso,DC=test");
    assert_eq!(source.attributes.text("department"), Some("Sales"));
    assert_eq!(source.directory.domain.as_str(), "contoso.test");

    let second = world.cycle().await;
    assert_eq!(second.outcome, CycleOutcome::Succeeded);
    assert_eq!(second.counts.changes(), 0);
    assert_eq!(world.log(&second).await, Vec::<String>::new());
    let third = world.restart().await;
    assert_eq!((third.counts.read, third.counts.changes()), (3, 0));
    assert_eq!(world.log(&third).await, Vec::<String>::new());
}

#[tokio::test]
async fn changes_moves_and_memberships_flow_and_each_costs_one_row() {
    let (anna, ben) = (user("anna", "Sales"), user("ben", "Sales"));
    let world = World::new(
        Tombstones::Kept,
        [group("staff", &[&anna]), anna.clone(), ben.clone()],
    )
    .await;
    world.cycle().await;
    let before = world.objects(ObjectKind::User).await;

    world
        .source
        .put(with(anna.clone(), "department", "Marketing"));
    let moved = SourceObject {
        dn: user("ben", "Support").dn,
        ..ben
    };
    world.source.put(moved.clone());
    world.source.put(group("staff", &[&anna, &moved]));
    let cycle = world.cycle().await;
    assert_eq!(
        world.log(&cycle).await,
        [
            "Update anna Department \"Sales\" → \"Marketing\"",
            "Update ben OnPremisesDistinguishedName \"CN=ben,OU=Sales,DC=contoso,DC=test\" → \
             \"CN=ben,OU=Support,DC=contoso,DC=test\"",
            "Update staff Member None → \"ben\"",
        ]
    );
    assert_eq!(cycle.counts.references_added, 1);
    let ids = |objects: &[TenantObjectSummary]| objects.iter().map(|o| o.id).collect::<Vec<_>>();
    assert_eq!(ids(&world.objects(ObjectKind::User).await), ids(&before));

    world.source.put(group("staff", &[&moved]));
    let cycle = world.cycle().await;
    assert_eq!(
        world.log(&cycle).await,
        ["Update staff Member \"anna\" → None"]
    );
    assert_eq!(world.members("staff").await, ["ben"]);
}

#[tokio::test]
async fn a_value_that_is_cleared_on_premises_is_cleared_in_the_tenant() {
    let anna = with(user("anna", "Sales"), "title", "Head of Sales");
    let world = World::new(Tombstones::Kept, [anna]).await;
    world.cycle().await;
    world.source.put(user("anna", "Sales"));
    let cycle = world.cycle().await;
    assert_eq!(
        world.log(&cycle).await,
        ["Update anna JobTitle \"Head of Sales\" → None"]
    );
}

#[tokio::test]
async fn deletions_below_the_threshold_pass_and_at_the_threshold_all_are_held() {
    let people: Vec<_> = (0..10)
        .map(|n| user(&format!("user{n}"), "Sales"))
        .collect();
    let world = World::new(Tombstones::Kept, people.clone()).await;
    world.cycle().await;
    for person in &people[..2] {
        world.source.remove(&person.anchor);
    }
    let passed = world.cycle().await;
    assert_eq!(
        (passed.counts.deleted, world.status().await),
        (2, Status::Healthy)
    );

    for person in &people[2..5] {
        world.source.remove(&person.anchor);
    }
    world
        .source
        .put(with(people[9].clone(), "title", "Waits too"));
    let held = world.cycle().await;
    assert_eq!(held.outcome, CycleOutcome::Held);
    assert_eq!(world.status().await, Status::DeleteThresholdExceeded);
    assert_eq!(world.names(ObjectKind::User).await.len(), 8);
    assert_eq!(
        world.log(&held).await,
        [
            "StagedDelete user2",
            "StagedDelete user3",
            "StagedDelete user4"
        ]
    );
    let again = world.cycle().await;
    assert_eq!(again.outcome, CycleOutcome::Held);
    assert_eq!(world.log(&again).await, Vec::<String>::new(), "told once");

    let list = configurations::held_deletions(&world.backend, world.id, None, 50)
        .await
        .unwrap();
    assert_eq!(list.page.total, Some(3));
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
    let allowed = world.cycle().await;
    assert_eq!((allowed.counts.deleted, allowed.counts.updated), (3, 1));
    assert_eq!(world.status().await, Status::Healthy);
    assert_eq!(
        tenant::deleted_users(&world.backend, None, 50)
            .await
            .unwrap()
            .items
            .len(),
        5
    );
}

#[tokio::test]
async fn an_approval_holds_for_the_list_that_was_seen_and_for_nothing_else() {
    let people: Vec<_> = (0..10)
        .map(|n| user(&format!("user{n}"), "Sales"))
        .collect();
    let world = World::new(Tombstones::Kept, people.clone()).await;
    world.cycle().await;
    people[..3]
        .iter()
        .for_each(|person| world.source.remove(&person.anchor));
    world.cycle().await;
    let seen = configurations::held_deletions(&world.backend, world.id, None, 50)
        .await
        .unwrap();

    people[3..6]
        .iter()
        .for_each(|person| world.source.remove(&person.anchor));
    world.cycle().await;
    let refused = configurations::allow_deletes(
        &world.backend,
        &Actor::System,
        world.id,
        seen.cycle.unwrap(),
        Allowed::All,
    );
    assert!(
        refused
            .await
            .unwrap_err()
            .to_string()
            .contains("has changed")
    );

    let seen = configurations::held_deletions(&world.backend, world.id, None, 50)
        .await
        .unwrap();
    let cycle = seen.cycle.unwrap();
    configurations::allow_deletes(
        &world.backend,
        &Actor::System,
        world.id,
        cycle,
        Allowed::All,
    )
    .await
    .unwrap();
    people[6..9]
        .iter()
        .for_each(|person| world.source.remove(&person.anchor));
    let held = world.cycle().await;
    assert_eq!(
        held.outcome,
        CycleOutcome::Held,
        "three more reach the threshold again"
    );
    assert_eq!(
        held.counts.deleted, 6,
        "what was allowed is done, while the others wait"
    );
    assert_eq!(world.names(ObjectKind::User).await.len(), 4);
    assert_eq!(world.restart().await.counts.deleted, 0, "allowed once");
}

#[tokio::test]
async fn narrowing_the_scope_is_held_and_widening_it_again_restores_the_same_identities() {
    let people: Vec<_> = (0..8)
        .map(|n| {
            user(
                &format!("user{n}"),
                if n % 2 == 0 { "Sales" } else { "Support" },
            )
        })
        .collect();
    let members: Vec<_> = people.iter().collect();
    let world = World::new(
        Tombstones::Kept,
        people.iter().cloned().chain([group("staff", &members)]),
    )
    .await;
    world.cycle().await;
    let before = (
        world.objects(ObjectKind::User).await,
        world.objects(ObjectKind::Group).await,
    );

    world.save(settings(3), units(&["Sales"])).await;
    assert!(
        configurations::state(&world.backend, world.id)
            .await
            .unwrap()
            .restart_recommended
    );
    assert_eq!(
        world.cycle().await.counts.changes(),
        0,
        "nothing happens before the restart"
    );
    assert_eq!(world.restart().await.outcome, CycleOutcome::Held);
    assert!(
        worker::run_due(&world.backend).await.unwrap().is_empty(),
        "one restart, one cycle"
    );
    let held = configurations::held_deletions(&world.backend, world.id, None, 50)
        .await
        .unwrap();
    assert_eq!(
        held.page.items.len(),
        5,
        "four people of Support and the group"
    );
    assert!(
        held.page.items[0]
            .reason
            .contains("none of the chosen organizational units")
    );
    let cycle = held.cycle.unwrap();
    configurations::allow_deletes(
        &world.backend,
        &Actor::System,
        world.id,
        cycle,
        Allowed::All,
    )
    .await
    .unwrap();
    assert_eq!(world.cycle().await.counts.deleted, 5);
    assert_eq!(
        world.names(ObjectKind::User).await,
        ["user0", "user2", "user4", "user6"]
    );
    assert_eq!(world.names(ObjectKind::Group).await, Vec::<String>::new());

    let everybody = ScopeDraft::default();
    world.save(settings(3), Some(everybody)).await;
    let back = world.restart().await;
    assert_eq!((back.counts.restored, back.counts.created), (4, 1));
    let after = (
        world.objects(ObjectKind::User).await,
        world.objects(ObjectKind::Group).await,
    );
    assert_eq!(before, after);
    assert_eq!(world.members("staff").await.len(), 8);
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
async fn one_object_that_cannot_be_written_holds_up_nobody_and_heals_when_it_is_corrected() {
    let bad = with(user("bad", "Sales"), "userPrincipalName", "no at sign");
    let world = World::new(Tombstones::Kept, [user("anna", "Sales"), bad]).await;
    let first = world.cycle().await;
    assert_eq!(first.outcome, CycleOutcome::EntryLevelErrors);
    assert_eq!((first.counts.created, first.counts.failed), (1, 1));
    assert_eq!(
        world.log(&first).await,
        ["Create anna", "Other bad IdentityDataValidationFailed"]
    );
    world.source.put(user("bad", "Sales"));
    assert_eq!(world.cycle().await.counts.created, 1);
    assert_eq!(world.names(ObjectKind::User).await.len(), 2);
}

#[tokio::test]
async fn a_cloud_user_with_the_same_name_is_taken_over_and_keeps_its_identity() {
    let world = World::new(Tombstones::Kept, [user("anna", "Sales")]).await;
    world.cycle().await;
    let before = world.objects(ObjectKind::User).await;
    // As if she had been made in the cloud: no anchor, managed by nobody.
    configurations::delete(&world.backend, &Actor::System, world.id)
        .await
        .unwrap();
    world
        .backend
        .clock
        .advance(configurations::UNDO_WINDOW + Duration::from_secs(1));
    assert!(worker::run_due(&world.backend).await.unwrap().is_empty());
    let mut write = world.backend.db.write().await.unwrap();
    sqlx::query("UPDATE tenant_objects SET source_anchor = NULL")
        .execute(write.connection())
        .await
        .unwrap();
    write.commit().await.unwrap();
    let new = NewConfiguration {
        domain: "contoso.test".to_owned(),
        password_hash_sync: false,
    };
    let id = configurations::create(&world.backend, &Actor::System, new)
        .await
        .unwrap();
    let world = World { id, ..world };
    world.save(settings(3), None).await;
    let cycle = world.cycle().await;
    assert_eq!((cycle.counts.created, cycle.counts.updated), (0, 1));
    assert_eq!(world.objects(ObjectKind::User).await[0].id, before[0].id);
}

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

#[tokio::test]
async fn the_threshold_is_that_of_the_configuration() {
    let world = World::new(Tombstones::Kept, [user("anna", "Sales")]).await;
    let stored = configurations::get(&world.backend, world.id).await.unwrap();
    assert_eq!(
        stored.deletion_protection.threshold,
        NonZeroU32::new(3).unwrap()
    );
}
