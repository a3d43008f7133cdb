//! Two directories, one tenant, and the product between them, with what people do to all three.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use backend::{Actor, Backend, configurations, directories, testing::TestBackend};
use engine::{
    configuration::{
        ConfigurationId,
        draft::{ConfigurationDraft, NewConfiguration, ScopeChoice, ScopeDraft, SettingsDraft},
    },
    directory::SourceAnchor,
};
use uuid::Uuid;

use crate::{
    dice::Dice,
    directory::{Directory, UNITS},
    oracle::Choice,
    tenant::{self, Object, Objects},
};

/// One directory with its configuration.
pub(crate) struct Side {
    pub(crate) id: ConfigurationId,
    pub(crate) directory: Directory,
    pub(crate) choice: Choice,
    pub(crate) is_enabled: bool,
    pub(crate) threshold: u64,
    /// Deletions that a person allowed and that did not happen yet.
    pub(crate) allowed: BTreeSet<SourceAnchor>,
}

pub(crate) struct World {
    pub(crate) dice: Dice,
    /// What happened, for whoever has to find out why.
    pub(crate) story: Vec<String>,
    pub(crate) test: TestBackend,
    pub(crate) server: Backend,
    pub(crate) sides: Vec<Side>,
    /// Objects that people made in the cloud, as they are.
    pub(crate) cloud: Objects,
    /// Those that a person of a directory will take over.
    pub(crate) adoptable: BTreeSet<Uuid>,
    /// Names that two claim, until everything heals.
    pub(crate) quarrels: BTreeSet<String>,
    /// Who became whom, for good.
    pub(crate) identities: BTreeMap<(String, SourceAnchor), Uuid>,
    /// Something happened that only an evaluation of everything puts right.
    pub(crate) needs_restart: bool,
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
                is_enabled: true,
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

    pub(crate) fn tell(&mut self, what: impl Into<String>) {
        self.story.push(what.into());
    }

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
                enabled: one.is_enabled,
                ..SettingsDraft::default()
            },
            scope: Some(scope),
        };
        configurations::save(&self.server, &Actor::System, one.id, draft)
            .await
            .unwrap();
        one.choice = choice;
    }

    /// Switches a configuration on or off.
    pub(crate) async fn enable(&mut self, side: usize, is_enabled: bool) {
        if self.sides[side].is_enabled != is_enabled {
            self.sides[side].is_enabled = is_enabled;
            self.tell(format!("side {side}: enabled {is_enabled}"));
            let choice = self.sides[side].choice.clone();
            self.save(side, choice).await;
        }
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
            if self.dice.chance(10) {
                let is_enabled = !self.sides[side].is_enabled;
                self.enable(side, is_enabled).await;
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
