//! Two directories, one tenant, and the product between them: one seed's story from its beginning
//! to its end.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use backend::{
    Actor, Backend,
    clock::Clock,
    configurations::{self, Allowed},
    directories,
    testing::{TestBackend, is_on_postgres},
    worker,
};
use connectors::memory::Fault;
use engine::{
    configuration::{
        ConfigurationId,
        draft::{ConfigurationDraft, NewConfiguration, ScopeChoice, ScopeDraft, SettingsDraft},
    },
    directory::SourceAnchor,
    records::{CycleOutcome, CycleSummary},
};
use uuid::Uuid;

use crate::{
    dice::Dice,
    directory::{Directory, UNITS},
    mishap::Mishap,
    oracle::{self, Choice},
    tenant::{self, Object, Objects},
};

/// One directory with its configuration.
pub(crate) struct Side {
    pub(crate) id: ConfigurationId,
    pub(crate) directory: Directory,
    pub(crate) choice: Choice,
    threshold: u64,
    /// Deletions that a person allowed and that did not happen yet.
    allowed: BTreeSet<SourceAnchor>,
}

pub(crate) struct World {
    pub(crate) dice: Dice,
    /// What happened, for whoever has to find out why.
    pub(crate) story: Vec<String>,
    test: TestBackend,
    server: Backend,
    pub(crate) sides: Vec<Side>,
    /// Objects that people made in the cloud, as they are.
    cloud: Objects,
    /// Those that a person of a directory will take over.
    adoptable: BTreeSet<Uuid>,
    /// Names that two claim, until everything heals.
    quarrels: BTreeSet<String>,
    /// Who became whom, for good.
    identities: BTreeMap<(String, SourceAnchor), Uuid>,
    /// Something happened that only an evaluation of everything puts right.
    needs_restart: bool,
}

impl World {
    pub(crate) async fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let test = TestBackend::quick().await;
        directories::ensure_forests(&test).await.unwrap();
        let mut sides = Vec::new();
        for summary in directories::list(&test).await.unwrap() {
            let domain = match summary.domain.as_str() {
                "contoso.test" => "contoso.test",
                _ => "fabrikam.test",
            };
            let directory = Directory::new(domain, &mut dice);
            let source = Arc::new(directory.source.clone());
            test.substitutes.set(summary.id, source);
            let new = NewConfiguration {
                domain: domain.to_owned(),
                password_hash_sync: false,
            };
            sides.push(Side {
                id: configurations::create(&test, &Actor::System, new)
                    .await
                    .unwrap(),
                directory,
                choice: Choice::Everything,
                threshold: dice.between(2, 6) as u64,
                allowed: BTreeSet::new(),
            });
        }
        let server = test.backend.clone();
        let mut world = Self {
            dice,
            story: Vec::new(),
            test,
            server,
            sides,
            cloud: Objects::new(),
            adoptable: BTreeSet::new(),
            quarrels: BTreeSet::new(),
            identities: BTreeMap::new(),
            needs_restart: false,
        };
        for side in 0..world.sides.len() {
            let choice = world.any_choice(side);
            world.save(side, choice).await;
        }
        for _ in 0..world.dice.below(4) {
            world.add_to_cloud().await;
        }
        world
    }

    fn tell(&mut self, what: impl Into<String>) {
        self.story.push(what.into());
    }

    // What people do.

    fn any_choice(&mut self, side: usize) -> Choice {
        let directory = &self.sides[side].directory;
        match self.dice.below(5) {
            0 | 1 => Choice::Everything,
            2 => Choice::ChosenGroup,
            _ => {
                let units = UNITS.iter().filter(|_| self.dice.chance(50));
                let units: Vec<_> = units.map(|unit| directory.dn(unit)).collect();
                match units.is_empty() {
                    true => Choice::Everything,
                    false => Choice::Units(units),
                }
            }
        }
    }

    async fn save(&mut self, side: usize, choice: Choice) {
        self.tell(format!("side {side}: scope {choice:?}"));
        let one = &mut self.sides[side];
        let group = one.directory.chosen_group().to_string();
        let scope = scope_draft(&choice, group);
        let draft = ConfigurationDraft {
            revision: configurations::get(&self.server, one.id)
                .await
                .unwrap()
                .revision,
            settings: SettingsDraft {
                prevent_accidental_deletion: true,
                accidental_deletion_threshold: one.threshold.to_string(),
                enabled: true,
                ..SettingsDraft::default()
            },
            scope: Some(scope),
        };
        configurations::save(&self.server, &Actor::System, one.id, draft)
            .await
            .unwrap();
        one.choice = choice;
    }

    async fn add_to_cloud(&mut self) {
        let id = Uuid::from_u128(u128::from(self.dice.next()));
        let kind = self.dice.pick(&["user", "group"]);
        let name = format!("cloud-{id}@contoso.test");
        tenant::add_cloud_object(&self.server, id, kind, &name).await;
        self.tell(format!("{kind} {name} is made in the cloud"));
        self.note_cloud(id).await;
    }

    async fn note_cloud(&mut self, id: Uuid) {
        let mut objects = tenant::objects(&self.server).await;
        self.cloud.insert(id, objects.remove(&id).unwrap());
    }

    /// Somebody who is in the cloud already comes to a directory, too: the same person.
    async fn adopt(&mut self, side: usize) {
        let name = self.sides[side].directory.add_user(&mut self.dice);
        let id = Uuid::from_u128(u128::from(self.dice.next()));
        tenant::add_cloud_object(&self.server, id, "user", &name).await;
        self.tell(format!("{name} is made in the cloud and in its directory"));
        self.note_cloud(id).await;
        self.adoptable.insert(id);
    }

    /// Somebody claims a name that somebody else has: in the cloud, or in the other directory.
    fn quarrel(&mut self, side: usize) {
        let mut names = self.sides[1 - side].directory.user_names();
        names.extend(
            self.cloud
                .values()
                .filter_map(|one| one.value("UserPrincipalName")),
        );
        if names.is_empty() {
            return;
        }
        let name = self.dice.pick(&names);
        let taken = self.sides[side].directory.take_name(&mut self.dice, &name);
        if let Some(said) = taken {
            self.tell(format!("side {side}: {said}"));
            // Who is not in the tenant yet may be taken for the one in the cloud.
            let holders = self.cloud.iter();
            let holders =
                holders.filter(|(_, one)| one.value("UserPrincipalName").as_deref() == Some(&name));
            self.adoptable.extend(holders.map(|(id, _)| *id));
            self.quarrels.insert(name);
        }
    }

    /// People change a directory, the tenant, or what is in scope.
    pub(crate) async fn perturb(&mut self) {
        for side in 0..self.sides.len() {
            for _ in 0..self.dice.below(8) {
                let change = self.sides[side].directory.change(&mut self.dice);
                self.tell(format!("side {side}: {change}"));
            }
            if self.dice.chance(15) {
                self.many_leave(side);
            }
            if self.dice.chance(10) {
                self.adopt(side).await;
            }
            if self.dice.chance(20) {
                self.quarrel(side);
            }
            if self.dice.chance(12) {
                let choice = self.any_choice(side);
                self.needs_restart |= choice != self.sides[side].choice;
                self.save(side, choice).await;
            }
        }
        if self.dice.chance(25) {
            self.add_to_cloud().await;
        }
        if self.dice.chance(25) {
            self.perturb_tenant().await;
        }
    }

    fn many_leave(&mut self, side: usize) {
        for _ in 0..self.dice.between(3, 9) {
            let directory = &mut self.sides[side].directory;
            if let Some(change) = directory.remove(&mut self.dice) {
                self.tell(format!("side {side}: {change}, with many others"));
            }
        }
    }

    async fn perturb_tenant(&mut self) {
        let objects = tenant::objects(&self.server).await;
        let managed: Vec<(&Uuid, &Object)> = objects
            .iter()
            .filter(|(_, object)| object.managed_by.is_some() && !object.is_deleted)
            .collect();
        if managed.is_empty() {
            return;
        }
        let (id, object) = self.dice.pick(&managed);
        self.needs_restart = true;
        let name = object.value("DisplayName").unwrap_or_default();
        let act = match self.dice.below(3) {
            0 => {
                tenant::drift(&self.server, *id, object).await;
                "changed"
            }
            1 if object.kind == "user" => {
                tenant::delete_softly(&self.server, *id).await;
                "deleted"
            }
            _ => {
                tenant::delete_for_good(&self.server, *id).await;
                // Who it was is forgotten with it.
                self.identities.retain(|_, identity| identity != id);
                "deleted for good"
            }
        };
        self.tell(format!("{name} is {act} in the cloud"));
    }

    // What the product does.

    /// The next cycles, with something going wrong.
    pub(crate) async fn cycle(&mut self, mishap: Mishap) -> Vec<(ConfigurationId, CycleSummary)> {
        self.tell(format!("cycle with {mishap:?}"));
        let side = self.dice.below(self.sides.len());
        self.advance(120);
        self.prepare(&mishap, side).await;
        let before = tenant::objects(&self.server).await;
        let done = worker::run_due(&self.server).await;
        if matches!(mishap, Mishap::Refused { .. }) && !is_on_postgres() {
            tenant::run(&self.server, format!("DROP TRIGGER {}", self.refusal())).await;
        }
        self.server.db.death.never();
        match &done {
            Ok(done) => {
                for (_, summary) in done {
                    self.story
                        .push(format!("  {:?} {:?}", summary.outcome, summary.counts));
                }
            }
            Err(error) => self.tell(format!("  error: {error}")),
        }
        let after = tenant::objects(&self.server).await;
        self.check(&before, &after);
        if self.server.db.death.has_come() {
            self.start_again().await;
        }
        done.unwrap_or_default()
    }

    async fn prepare(&mut self, mishap: &Mishap, side: usize) {
        let source = self.sides[side].directory.source.clone();
        match mishap {
            Mishap::Nothing => {}
            Mishap::Source(fault) => source.fail_next(fault.clone()),
            Mishap::EmptyAnswer => {
                // Only a reading of everything can be told to be implausible, and only where there
                // was something.
                let id = self.sides[side].id;
                let is_managing = configurations::state(&self.server, id).await.unwrap();
                if is_managing.managed.total() > 0 {
                    configurations::restart(&self.server, &Actor::System, id)
                        .await
                        .unwrap();
                    source.fail_next(Fault::EmptyAnswer);
                }
            }
            Mishap::HistoryForgotten => source.forget_history(),
            Mishap::Death { commit, moment } => self.server.db.death.at(*commit, *moment),
            // PostgreSQL would want another text.
            Mishap::Refused { .. } if is_on_postgres() => {}
            Mishap::Refused { table } => {
                let refusal = self.refusal();
                let sql = format!(
                    "CREATE TRIGGER {refusal} BEFORE INSERT ON {table}
                     BEGIN SELECT RAISE(ABORT, 'refused, as the test wanted'); END"
                );
                tenant::run(&self.server, sql).await;
            }
            Mishap::ClockJump(minutes) => self.advance(minutes * 60),
        }
    }

    /// A name for a trigger that none had before: SQLite looks at its connections' old schemas when
    /// it decides whether a name is free.
    fn refusal(&self) -> String {
        format!("refusal_at_{}", self.server.now().0)
    }

    /// Another process on the same database.
    async fn start_again(&mut self) {
        self.tell("  the process died and starts again");
        let mut next = self.test.restarted().await;
        next.substitutes = self.server.substitutes.clone();
        let last = std::mem::replace(&mut self.server, next);
        last.db.close().await;
        if self.dice.chance(50) {
            configurations::release_all_leases(&self.server)
                .await
                .unwrap();
        }
    }

    fn advance(&self, seconds: i64) {
        if let Clock::Manual(now) = &self.server.clock {
            now.fetch_add(seconds * 1_000_000, std::sync::atomic::Ordering::SeqCst);
        }
    }

    /// Sometimes a person looks at the list and lets it pass.
    pub(crate) async fn approve(&mut self) {
        for side in 0..self.sides.len() {
            let id = self.sides[side].id;
            let held = configurations::held_deletions(&self.server, id, None, 500)
                .await
                .unwrap();
            let Some(cycle) = held.cycle.filter(|_| !held.page.items.is_empty()) else {
                continue;
            };
            let anchors = held.page.items.into_iter().map(|one| one.anchor);
            let anchors: BTreeSet<_> = anchors.collect();
            self.tell(format!("side {side}: {} deletions allowed", anchors.len()));
            allow(&self.server, id, cycle).await;
            self.sides[side].allowed.extend(anchors);
        }
    }

    // What must be true after every cycle.

    fn check(&mut self, before: &Objects, after: &Objects) {
        self.check_cloud(after);
        for side in 0..self.sides.len() {
            self.check_deletions(side, before, after);
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
    fn check_deletions(&mut self, side: usize, before: &Objects, after: &Objects) {
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
            let source = one.directory.objects.get(&anchor);
            let is_there = source
                .is_some_and(|source| oracle::is_in_scope(&one.directory, &one.choice, source));
            assert!(
                !is_there,
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

    // The end.

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
            self.approve().await;
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
                    .filter_map(|target| objects[target].anchor.clone())
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

fn scope_draft(choice: &Choice, group: String) -> ScopeDraft {
    match choice {
        Choice::Everything => ScopeDraft::default(),
        Choice::Units(units) => ScopeDraft {
            choice: ScopeChoice::SelectedOrganizationalUnits,
            organizational_units: units.iter().map(ToString::to_string).collect(),
            ..ScopeDraft::default()
        },
        Choice::ChosenGroup => ScopeDraft {
            choice: ScopeChoice::SelectedSecurityGroups,
            groups: vec![group],
            ..ScopeDraft::default()
        },
    }
}

async fn allow(server: &Backend, id: ConfigurationId, cycle: Uuid) {
    configurations::allow_deletes(server, &Actor::System, id, cycle, Allowed::All)
        .await
        .unwrap();
}
