//! The plan is seen before it runs, and the run does exactly that plan.

use engine::preview::PreviewLine;

use super::*;
use crate::{Error, previews};

impl World {
    async fn preview(&self) -> engine::preview::PreviewSummary {
        previews::make(&self.backend, &Actor::System, self.id, None)
            .await
            .unwrap()
    }

    async fn lines(&self, id: Uuid) -> Vec<String> {
        let page = previews::lines(&self.backend, id, None, None, 1_000)
            .await
            .unwrap();
        let mut lines: Vec<String> = page.items.iter().map(PreviewLine::to_string).collect();
        lines.sort();
        lines
    }
}

#[tokio::test]
async fn a_preview_shows_the_whole_first_cycle_and_writes_nothing_and_the_run_does_exactly_that() {
    let (anna, ben) = (user("anna", "Sales"), user("ben", "Sales"));
    let bad = with(user("bad", "Sales"), "userPrincipalName", "no at sign");
    let staff = group("staff", &[&anna, &ben, &bad]);
    let world = World::new(Tombstones::Kept, [staff, anna, ben, bad]).await;
    let preview = world.preview().await;
    assert_eq!(
        world.lines(preview.id).await,
        [
            "create anna",
            "create ben",
            "create staff",
            "fail bad: The user principal name \"no at sign\" has no @. \
             (IdentityDataValidationFailed)",
            "references staff: Member 2 added, 0 removed",
        ]
    );
    assert_eq!(
        (preview.counts.creates.users, preview.counts.creates.groups),
        (2, 1)
    );
    assert!(world.objects(ObjectKind::User).await.is_empty());
    assert_eq!(world.status().await, Status::Waiting);

    let cycle = previews::run(&world.backend, &Actor::System, preview.id)
        .await
        .unwrap();
    assert_eq!(
        (
            cycle.counts.created,
            cycle.counts.failed,
            cycle.counts.references_added
        ),
        (3, 1, 2)
    );
    assert!(world.preview().await.counts.changes_nothing());
}

#[tokio::test]
async fn a_preview_of_the_next_cycle_shows_old_and_new_values_and_deletions() {
    let (anna, ben) = (user("anna", "Sales"), user("ben", "Sales"));
    let world = World::new(Tombstones::Forgotten, [anna.clone(), ben.clone()]).await;
    world.cycle().await;
    world.source.put(with(anna, "department", "Marketing"));
    world.source.remove(&ben.anchor);
    let preview = world.preview().await;
    assert!(!preview.covers_everything);
    assert_eq!(
        world.lines(preview.id).await,
        [
            "delete ben: The directory does not have the object any more.",
            "update anna: Department Sales → Marketing",
        ]
    );
    let cycle = previews::run(&world.backend, &Actor::System, preview.id)
        .await
        .unwrap();
    assert_eq!((cycle.counts.updated, cycle.counts.deleted), (1, 1));
}

#[tokio::test]
async fn a_run_is_refused_when_anything_changed_since_the_preview() {
    let anna = user("anna", "Sales");
    let world = World::new(Tombstones::Kept, [anna.clone()]).await;
    let preview = world.preview().await;
    world.source.put(with(anna, "title", "Head"));
    let refused = previews::run(&world.backend, &Actor::System, preview.id).await;
    assert!(matches!(refused, Err(Error::Conflict(_))));
    assert!(world.objects(ObjectKind::User).await.is_empty());

    let preview = world.preview().await;
    world.save(settings(4), units(&["Support"])).await;
    let refused = previews::run(&world.backend, &Actor::System, preview.id).await;
    assert!(matches!(refused, Err(Error::Conflict(_))));
}

#[tokio::test]
async fn a_preview_of_a_draft_shows_what_would_be_held_and_changes_nothing() {
    let people: Vec<_> = (0..8)
        .map(|n| {
            let unit = if n % 2 == 0 { "Sales" } else { "Support" };
            user(&format!("user{n}"), unit)
        })
        .collect();
    let members: Vec<_> = people.iter().collect();
    let mut staff = group("staff", &members);
    staff.dn = Dn::parse("CN=staff,OU=Sales,DC=contoso,DC=test").unwrap();
    let world = World::new(Tombstones::Kept, people.iter().cloned().chain([staff])).await;
    world.cycle().await;
    let draft = ConfigurationDraft {
        revision: 0,
        settings: settings(3),
        scope: units(&["Sales"]),
    };
    let draft = configurations::drafted(&world.backend, world.id, &draft)
        .await
        .unwrap();
    let preview = previews::make(&world.backend, &Actor::System, world.id, Some(draft))
        .await
        .unwrap();
    assert!(preview.is_draft && preview.covers_everything);
    assert_eq!(preview.counts.deletes.users, 4);
    assert_eq!(preview.counts.references_removed, 4);
    assert_eq!(
        preview.held_because.as_deref(),
        Some("the deletions reach the threshold of 3")
    );
    assert_eq!(world.cycle().await.counts.changes(), 0);
    assert_eq!(world.names(ObjectKind::User).await.len(), 8);
    assert_eq!(world.restart().await.counts.changes(), 0);
    assert_eq!(world.members("staff").await.len(), 8);

    world.save(settings(10), units(&["Sales"])).await;
    let preview = world.preview().await;
    let cycle = previews::run(&world.backend, &Actor::System, preview.id)
        .await
        .unwrap();
    assert_eq!(cycle.counts.deleted, 4);
}

#[tokio::test]
async fn a_preview_counts_what_nesting_adds() {
    let (anna, ben) = (user("anna", "Sales"), user("ben", "Sales"));
    let inner = group("inner", &[&ben]);
    let outer = group("outer", &[&anna, &inner]);
    let scope = ScopeDraft {
        choice: ScopeChoice::SelectedSecurityGroups,
        groups: vec![outer.dn.to_string()],
        ..ScopeDraft::default()
    };
    let world = World::new(Tombstones::Kept, [outer, inner, anna, ben]).await;
    world.save(settings(3), Some(scope)).await;
    world
        .change(|configuration| configuration.nested_group_depth = 1)
        .await;
    let preview = world.preview().await;
    assert_eq!(preview.added_by_nesting, 1);
    assert_eq!(preview.counts.creates.users, 2);
}

#[tokio::test]
async fn a_preview_over_a_failed_reading_says_so_and_plans_nothing() {
    let world = World::new(Tombstones::Forgotten, [user("anna", "Sales")]).await;
    world.cycle().await;
    world.source.fail_next(Fault::EmptyAnswer);
    let failed = previews::make(&world.backend, &Actor::System, world.id, None).await;
    assert!(matches!(failed, Err(Error::Outside(_))), "{failed:?}");
    assert!(
        previews::list(&world.backend, world.id)
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(world.cycle().await.counts.deleted, 0);
}
