//! The product's cycles, with what goes wrong in them, and what a person does with held deletions.

use std::sync::atomic::Ordering;

use backend::{
    Actor, Backend, Result,
    clock::Clock,
    configurations::{self, Allowed},
    testing::is_on_postgres,
    worker,
};
use connectors::memory::Fault;
use engine::{configuration::ConfigurationId, directory::SourceAnchor, records::CycleSummary};

use crate::{mishap::Mishap, tenant, world::World};

/// Which configurations ran, and how it went.
pub(crate) type Done = Vec<(ConfigurationId, CycleSummary)>;

impl World {
    /// The next cycles, with something going wrong.
    pub(crate) async fn cycle(&mut self, mishap: Mishap) -> Done {
        self.tell(format!("cycle with {mishap:?}"));
        let side = self.dice.below(self.sides.len());
        self.advance(120);
        self.prepare(&mishap, side).await;
        let was_there = self.presence();
        let before = tenant::objects(&self.server).await;
        let done = match mishap {
            Mishap::Meddling => self.run_while_people_meddle(side).await,
            Mishap::TwoServers => self.run_on_two_servers().await,
            _ => worker::run_due(&self.server).await,
        };
        if matches!(mishap, Mishap::Refused { .. }) && !is_on_postgres() {
            tenant::run(&self.server, format!("DROP TRIGGER {}", self.refusal())).await;
        }
        self.server.db.death.never();
        self.tell_outcome(&done);
        let after = tenant::objects(&self.server).await;
        self.check(&was_there, &before, &after);
        if self.server.db.death.has_come() {
            self.start_again().await;
        }
        done.unwrap_or_default()
    }

    fn tell_outcome(&mut self, done: &Result<Done>) {
        match done {
            Ok(done) => {
                for (_, summary) in done {
                    self.tell(format!("  {:?} {:?}", summary.outcome, summary.counts));
                }
            }
            Err(error) => self.tell(format!("  error: {error}")),
        }
    }

    async fn prepare(&mut self, mishap: &Mishap, side: usize) {
        let source = self.sides[side].directory.source.clone();
        match mishap {
            Mishap::Nothing | Mishap::Meddling | Mishap::TwoServers => {}
            Mishap::Source(fault) => source.fail_next(fault.clone()),
            Mishap::EmptyAnswer => self.prepare_empty_answer(side).await,
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

    /// Only a reading of everything can be told to be implausible, and only where there was
    /// something.
    async fn prepare_empty_answer(&mut self, side: usize) {
        let one = &self.sides[side];
        let state = configurations::state(&self.server, one.id).await.unwrap();
        if state.managed.total() > 0 && one.is_enabled {
            configurations::restart(&self.server, &Actor::System, one.id)
                .await
                .unwrap();
            one.directory.source.fail_next(Fault::EmptyAnswer);
        }
    }

    /// A name for a trigger that none had before: SQLite looks at its connections' old schemas when
    /// it decides whether a name is free.
    fn refusal(&self) -> String {
        format!("refusal_at_{}", self.server.now().0)
    }

    /// Somebody changes the directory between two pages of its reading.
    async fn run_while_people_meddle(&mut self, side: usize) -> Result<Done> {
        let gate = self.sides[side].directory.source.hold_pages();
        let server = self.server.clone();
        let mut run = Box::pin(worker::run_due(&server));
        tokio::select! {
            done = &mut run => {
                gate.open();
                return done;
            }
            () = gate.until_a_page_waits() => {}
        }
        gate.let_through(self.dice.below(3));
        for _ in 0..self.dice.between(1, 4) {
            let change = self.sides[side].directory.change(&mut self.dice);
            self.tell(format!("  meanwhile, side {side}: {change}"));
        }
        gate.open();
        run.await
    }

    /// Another server works on the same database at the same time.
    async fn run_on_two_servers(&mut self) -> Result<Done> {
        let other = self.another_server().await;
        let (one, two) = tokio::join!(worker::run_due(&self.server), worker::run_due(&other));
        other.db.close().await;
        let (mut one, two) = (one?, two?);
        for done in &two {
            let is_double = one.iter().any(|(id, _)| *id == done.0);
            // A short cycle can be over before the other server looks, and is then due once more
            // for it; never both at once.
            self.story
                .push(format!("  the other server ran, too: {is_double}"));
        }
        one.extend(two);
        Ok(one)
    }

    async fn another_server(&self) -> Backend {
        let mut other = self.test.restarted().await;
        other.substitutes = self.server.substitutes.clone();
        other
    }

    /// Another process on the same database.
    async fn start_again(&mut self) {
        self.tell("  the process died and starts again");
        let next = self.another_server().await;
        let last = std::mem::replace(&mut self.server, next);
        last.db.close().await;
        if self.dice.chance(50) {
            configurations::release_all_leases(&self.server)
                .await
                .unwrap();
        }
    }

    pub(crate) fn advance(&self, seconds: i64) {
        if let Clock::Manual(now) = &self.server.clock {
            now.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
        }
    }

    /// A person looks at the lists of held deletions, and lets them pass, or some of them.
    pub(crate) async fn approve(&mut self) {
        for side in 0..self.sides.len() {
            let some = self.dice.chance(30);
            self.approve_on(side, some).await;
        }
    }

    pub(crate) async fn approve_everything(&mut self) {
        for side in 0..self.sides.len() {
            self.approve_on(side, false).await;
        }
    }

    async fn approve_on(&mut self, side: usize, only_some: bool) {
        let id = self.sides[side].id;
        let held = configurations::held_deletions(&self.server, id, None, 500)
            .await
            .unwrap();
        let mut anchors: Vec<SourceAnchor> =
            held.page.items.into_iter().map(|one| one.anchor).collect();
        if only_some {
            anchors.retain(|_| self.dice.chance(50));
        }
        let Some(cycle) = held.cycle.filter(|_| !anchors.is_empty()) else {
            return;
        };
        self.tell(format!("side {side}: {} deletions allowed", anchors.len()));
        let allowed = match only_some {
            true => Allowed::Selected(anchors.clone()),
            false => Allowed::All,
        };
        configurations::allow_deletes(&self.server, &Actor::System, id, cycle, allowed)
            .await
            .unwrap();
        self.sides[side].allowed.extend(anchors);
    }
}
