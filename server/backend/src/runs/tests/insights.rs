//! What insights say is what the log says, whatever narrows it.

use engine::{
    insights::{DateRange, InsightsQuery},
    records::{
        PageKey, ProvisioningAction, ProvisioningEntry, ProvisioningFilter, ProvisioningResult,
    },
};

use super::*;
use crate::{insights, provisioning_logs};

/// Every row of the log that fits, by walking it.
async fn rows(world: &World, filter: &ProvisioningFilter) -> Vec<ProvisioningEntry> {
    let (mut rows, mut after): (Vec<_>, Option<PageKey>) = (Vec::new(), None);
    loop {
        let page = provisioning_logs::entries(&world.backend, filter, after, 2)
            .await
            .unwrap();
        rows.extend(page.items);
        after = page.next;
        if after.is_none() {
            return rows;
        }
    }
}

/// Counts once by the hour's sums and once by the rows themselves.
async fn check(world: &World, query: InsightsQuery) {
    let counted = insights::count(&world.backend, &query).await.unwrap();
    let filter = ProvisioningFilter {
        configuration: query.configuration,
        action: query.action,
        result: query.result,
        since: Some(counted.since),
        ..ProvisioningFilter::default()
    };
    let rows = rows(world, &filter).await;
    assert_eq!(counted.total.total(), rows.len() as u64, "{query:?}");
    for action in ProvisioningAction::ALL {
        let own = rows
            .iter()
            .filter(|row| row.summary.action == action)
            .count();
        assert_eq!(counted.total.of_action(action), own as u64, "{action:?}");
    }
    for result in ProvisioningResult::ALL {
        let own = rows
            .iter()
            .filter(|row| row.summary.result == result)
            .count();
        assert_eq!(counted.total.of_result(result), own as u64, "{result:?}");
    }
    for step in &counted.steps {
        let end = step.start.plus(query.range.step());
        let own = rows
            .iter()
            .filter(|row| row.summary.at >= step.start && row.summary.at < end);
        assert_eq!(step.counts.total(), own.count() as u64, "{step:?}");
    }
    for error in &counted.errors {
        let code = |row: &&ProvisioningEntry| {
            row.detail
                .error
                .as_ref()
                .is_some_and(|own| own.code == error.code)
        };
        assert_eq!(
            error.rows,
            rows.iter().filter(code).count() as u64,
            "{error:?}"
        );
    }
    let objects: u64 = counted.objects.iter().map(|(_, objects)| objects).sum();
    let mut sources: Vec<_> = rows.iter().map(|row| &row.summary.source_id).collect();
    sources.sort();
    sources.dedup();
    assert_eq!(objects, sources.len() as u64);
}

#[tokio::test]
async fn insights_add_up_to_the_log() {
    let bad = with(user("bad", "Sales"), "userPrincipalName", "no at sign");
    let anna = user("anna", "Sales");
    let world = World::new(
        Tombstones::Kept,
        [anna.clone(), group("team", &[&anna]), bad],
    )
    .await;
    world.cycle().await;
    for (hours, department) in [(3, "Sales"), (30, "Marketing"), (24 * 9, "Research")] {
        world
            .backend
            .clock
            .advance(Duration::from_secs(hours * 3_600));
        world
            .source
            .put(with(anna.clone(), "department", department));
        world.cycle().await;
    }
    for range in DateRange::ALL {
        let all = InsightsQuery {
            range,
            ..InsightsQuery::default()
        };
        check(&world, all.clone()).await;
        check(
            &world,
            InsightsQuery {
                configuration: Some(world.id),
                ..all.clone()
            },
        )
        .await;
        let result = Some(ProvisioningResult::Success);
        check(
            &world,
            InsightsQuery {
                result,
                ..all.clone()
            },
        )
        .await;
        let action = Some(ProvisioningAction::Update);
        check(&world, InsightsQuery { action, ..all }).await;
    }
    let month = InsightsQuery {
        range: DateRange::Month,
        ..InsightsQuery::default()
    };
    let counted = insights::count(&world.backend, &month).await.unwrap();
    assert!(counted.total.of_action(ProvisioningAction::Update) >= 2);
    assert!(!counted.errors.is_empty());
}

#[tokio::test]
async fn what_the_log_forgets_insights_forget() {
    let world = World::new(Tombstones::Kept, [user("anna", "Sales")]).await;
    world.cycle().await;
    let kept_for = provisioning_logs::KEPT_FOR + Duration::from_secs(2 * 3_600);
    world.backend.clock.advance(kept_for);
    world.source.put(user("bert", "Sales"));
    world.cycle().await;
    provisioning_logs::forget_old(&world.backend).await.unwrap();
    let row = sqlx::query("SELECT CAST(SUM(log_rows) AS BIGINT) AS n FROM provisioning_counts")
        .fetch_one(world.backend.db.read())
        .await
        .unwrap();
    let counted = sqlx::Row::get::<i64, _>(&row, "n");
    let left = rows(&world, &ProvisioningFilter::default()).await.len();
    assert_eq!(counted, i64::try_from(left).unwrap());
}
