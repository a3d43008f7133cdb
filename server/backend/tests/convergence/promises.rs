//! What must be true after every cycle, however it went.

use std::collections::BTreeSet;

use engine::directory::SourceAnchor;

use crate::{
    oracle,
    tenant::Objects,
    world::{Side, World},
};

/// Who is in scope of each side, by anchor.
pub(crate) type Presence = Vec<BTreeSet<SourceAnchor>>;

impl World {
    pub(crate) fn presence(&self) -> Presence {
        let of_side = |side: &Side| {
            let objects = side.directory.objects.values();
            let in_scope =
                objects.filter(|one| oracle::is_in_scope(&side.directory, &side.choice, one));
            in_scope.map(|one| one.anchor.clone()).collect()
        };
        self.sides.iter().map(of_side).collect()
    }

    /// `was_there`: when the cycle began. People may have changed the directory meanwhile.
    pub(crate) fn check(&mut self, was_there: &Presence, before: &Objects, after: &Objects) {
        let is_there = self.presence();
        self.check_cloud(after);
        for side in 0..self.sides.len() {
            let stays: BTreeSet<_> = was_there[side].intersection(&is_there[side]).collect();
            self.check_deletions(side, &stays, before, after);
        }
        self.check_identities(after);
    }

    /// What people made in the cloud is nobody else's.
    fn check_cloud(&mut self, after: &Objects) {
        let mut adopted = Vec::new();
        for (id, object) in &self.cloud {
            match after.get(id) {
                Some(now) if now == object => {}
                Some(now) if self.adoptable.contains(id) && now.managed_by.is_some() => {
                    adopted.push(*id);
                }
                now => panic!("an object of the cloud was touched: {object:?} became {now:?}"),
            }
        }
        for id in adopted {
            self.cloud.remove(&id);
        }
    }

    /// Nobody is deleted who is there, and never too many at once.
    fn check_deletions(
        &mut self,
        side: usize,
        stays: &BTreeSet<&SourceAnchor>,
        before: &Objects,
        after: &Objects,
    ) {
        let one = &mut self.sides[side];
        let own = one.id.to_string();
        let mut unasked = 0;
        for (id, object) in before {
            let is_own = object.managed_by.as_deref() == Some(&own) && !object.is_deleted;
            let is_live = after.get(id).is_some_and(|now| !now.is_deleted);
            if !is_own || is_live {
                continue;
            }
            let anchor = object
                .anchor
                .clone()
                .expect("what is managed has an anchor");
            assert!(
                !stays.contains(&anchor),
                "deleted, and still there and in scope: {object:?}"
            );
            if !one.allowed.remove(&anchor) {
                unasked += 1;
            }
        }
        assert!(
            unasked < one.threshold,
            "{unasked} deletions without a question, where {} are too many",
            one.threshold
        );
    }

    fn check_identities(&mut self, after: &Objects) {
        let mut seen = BTreeSet::new();
        for (id, object) in after {
            let (Some(owner), Some(anchor)) = (&object.managed_by, &object.anchor) else {
                continue;
            };
            if object.is_deleted {
                continue;
            }
            let key = (owner.clone(), anchor.clone());
            assert!(seen.insert(key.clone()), "there twice: {object:?}");
            let first = *self.identities.entry(key).or_insert(*id);
            assert_eq!(first, *id, "another identity: {object:?}");
        }
    }
}
