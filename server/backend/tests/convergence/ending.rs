//! Everything heals; the product comes to rest, and the tenant is what the oracle says.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use backend::{Actor, configurations};
use engine::{
    configuration::ConfigurationId,
    directory::SourceAnchor,
    records::{CycleOutcome, CycleSummary},
};
use uuid::Uuid;

use crate::{
    mishap::Mishap,
    oracle,
    tenant::{self, Object},
    world::World,
};

impl World {
    /// Everything heals, and the product comes to rest.
    pub(crate) async fn heal(&mut self) {
        self.tell("everything heals");
        // A name of the cloud may have come to somebody else by changing places.
        let of_cloud = self.cloud.values();
        let of_cloud = of_cloud.filter_map(|one| one.value("UserPrincipalName"));
        self.quarrels.extend(of_cloud);
        for side in &mut self.sides {
            side.directory.give_up_names(&self.quarrels);
        }
        for side in 0..self.sides.len() {
            self.enable(side, true).await;
        }
        if self.needs_restart {
            for side in 0..self.sides.len() {
                let id = self.sides[side].id;
                configurations::restart(&self.server, &Actor::System, id)
                    .await
                    .unwrap();
            }
        }
        let mut quiet = 0;
        for _ in 0..60 {
            self.wait_until_due().await;
            let done = self.cycle(Mishap::Nothing).await;
            self.approve_everything().await;
            quiet = match self.is_at_rest(&done).await {
                true => quiet + 1,
                false => 0,
            };
            if quiet == 2 {
                return;
            }
        }
        let failures = tenant::failures(&self.server).await;
        panic!("it does not come to rest: {failures:#?}");
    }

    async fn wait_until_due(&mut self) {
        // Where deletions are found by absence, that is looked at every ten minutes only.
        let mut latest = self
            .server
            .now()
            .plus(self.server.settings.absence_interval);
        for side in &self.sides {
            let state = configurations::state(&self.server, side.id).await.unwrap();
            latest = latest.max(state.next_run.unwrap_or(latest));
            if state.failures > 0 {
                latest = latest.max(self.server.now().plus(Duration::from_secs(3_600)));
            }
        }
        let wait = latest.since(self.server.now()).as_secs();
        self.advance(i64::try_from(wait).unwrap());
    }

    async fn is_at_rest(&self, done: &[(ConfigurationId, CycleSummary)]) -> bool {
        let all_quiet = done.iter().all(|(_, summary)| {
            let counts = summary.counts;
            summary.outcome == CycleOutcome::Succeeded
                && counts.changes() + counts.references_added + counts.references_removed == 0
        });
        let mut nothing_waits = true;
        for side in &self.sides {
            let state = configurations::state(&self.server, side.id).await.unwrap();
            nothing_waits &= state.failures == 0 && state.held_deletions == 0;
        }
        all_quiet && nothing_waits && done.len() == self.sides.len()
    }

    /// The tenant is what the oracle says.
    pub(crate) async fn compare(&mut self) {
        let objects = tenant::objects(&self.server).await;
        let members = tenant::references(&self.server, "Member").await;
        let managers = tenant::references(&self.server, "Manager").await;
        for side in &self.sides {
            let own = side.id.to_string();
            let expected = oracle::expected(&side.directory, &side.choice);
            let actual: BTreeMap<&SourceAnchor, (&Uuid, &Object)> = objects
                .iter()
                .filter(|(_, one)| one.managed_by.as_deref() == Some(&own) && !one.is_deleted)
                .map(|(id, one)| (one.anchor.as_ref().unwrap(), (id, one)))
                .collect();
            let names = |anchors: Vec<&SourceAnchor>| -> Vec<String> {
                let name = |anchor: &&SourceAnchor| match side.directory.objects.get(*anchor) {
                    Some(object) => object.dn.to_string(),
                    None => actual[*anchor].1.value("DisplayName").unwrap_or_default(),
                };
                anchors.iter().map(name).collect()
            };
            assert_eq!(
                names(actual.keys().copied().collect()),
                names(expected.keys().collect()),
                "who is in the tenant, and who should be"
            );
            let of = |references: &BTreeMap<Uuid, BTreeSet<Uuid>>, id: &Uuid| {
                let targets = references.get(id).into_iter().flatten();
                targets
                    .filter_map(|target| {
                        let target = objects.get(target);
                        target
                            .expect("nobody refers to what is not there")
                            .anchor
                            .clone()
                    })
                    .collect::<BTreeSet<_>>()
            };
            for (anchor, expected) in &expected {
                let (id, object) = actual[anchor];
                let dn = &side.directory.objects[anchor].dn;
                for (name, value) in &expected.values {
                    assert_eq!(object.value(name), *value, "{name} of {dn}");
                }
                for (what, references, expected) in [
                    ("members", &members, &expected.members),
                    ("manager", &managers, &expected.manager),
                ] {
                    assert_eq!(
                        names(of(references, id).iter().collect()),
                        names(expected.iter().collect()),
                        "{what} of {dn}"
                    );
                }
            }
        }
    }
}
