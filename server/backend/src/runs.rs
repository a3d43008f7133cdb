//! One cycle as a story: lease → observe → plan → judge → export → settle.
//!
//! What keeps it safe:
//!
//! - `observe` writes only what was seen; `plan` writes only plans. The tenant is touched by
//!   `export` alone, and `export` has to show an approved plan.
//! - Rows of `source_objects` stay marked until what follows from them is settled, in the same
//!   transaction as the write itself. A crash at any instant loses nothing and doubles nothing:
//!   the next cycle plans again for whatever is still marked.
//! - Every transaction of a cycle extends its lease, and is not committed when the lease is gone.
//! - Everything goes in pages; nobody holds all objects.

mod end;
mod export;
mod held;
mod identities;
mod membership;
mod observe;
mod on_demand;
mod planning;
mod preview;
mod progress;
mod references;
mod scope_names;
mod settle;
mod stop;
mod store;
mod taken;
#[cfg(test)]
mod tests;
mod unresolved;

use std::time::Duration;

use connectors::Skipped;
use engine::{
    configuration::{Configuration, ConfigurationId},
    cycle::{
        deletion_guard::{self, ApprovedPlan, Verdict},
        plan::ScopeDoubt,
    },
    records::{CycleCounts, CycleKind, CycleProgress, CycleSummary},
    timestamp::Timestamp,
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

pub use on_demand::{on_demand_test, provision_on_demand};
pub(crate) use planning::surroundings;
pub(crate) use preview::preview;
pub(crate) use store::{forget, forget_escrows, retry_failures, source_object};

use self::{
    end::Finish,
    identities::Identities,
    membership::Reach,
    stop::{Stop, Stopped},
    taken::Taken,
};
use crate::{
    Backend, Error, Result,
    configurations::{self, StateRow, lease},
    database::Write,
    directories::{self, ConnectedDirectory},
    tenant,
};

/// How long a server may be silent before another one takes over its cycle.
const LEASE: Duration = Duration::from_secs(30);

/// Objects per transaction: large enough that a commit costs little, small enough that other
/// writers wait only some milliseconds.
const PAGE: usize = 500;

/// A cycle under way on this server.
struct Cycle<'a> {
    backend: &'a Backend,
    id: Uuid,
    configuration: Configuration,
    directory: ConnectedDirectory,
    before: StateRow,
    kind: CycleKind,
    started_at: Timestamp,
    counts: CycleCounts,
    progress: CycleProgress,
    phase_began: Timestamp,
    /// How the reading went, where it came to an end: none for well, else the sentence.
    directory_said: Option<Option<String>>,
    stop: Stop,
    purpose: Purpose,
    /// Why no tenant object may be deleted for being out of scope.
    scope_doubt: Option<ScopeDoubt>,
    /// The groups whose members are in scope, as of the last look.
    reach: Option<Reach>,
    /// The values that nobody may choose any more.
    taken: Taken,
    /// Who was named by a reading of everything.
    identities: Identities,
    /// By the reading under way.
    values_left_out: Skipped,
    /// Whether the reading under way lists objects that are not known.
    lists_unknown: bool,
    reads_everything: bool,
    /// The only plan that may be carried out, by its digest.
    expected_plan: Option<String>,
}

/// What the plan is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    /// It is carried out, as far as the guard lets it.
    Cycle,
    /// A person looks at what the next cycle would do.
    PreviewOfNextCycle,
    /// A person looks at what would follow from evaluating every object.
    PreviewOfEverything,
}

/// Runs one cycle of a configuration; none when another server is at it or it is gone.
pub async fn run_cycle(
    backend: &Backend,
    id: ConfigurationId,
    stop: CancellationToken,
) -> Result<Option<CycleSummary>> {
    let stop = Stop::new(backend, stop).await;
    let Some(cycle) = Cycle::begin(backend, id, stop).await? else {
        return Ok(None);
    };
    cycle.run().await
}

/// Runs one cycle only if its plan is the one with this digest; otherwise it does nothing, and its
/// outcome says so.
pub(crate) async fn run_cycle_as_planned(
    backend: &Backend,
    id: ConfigurationId,
    digest: String,
    stop: CancellationToken,
) -> Result<Option<CycleSummary>> {
    let stop = Stop::new(backend, stop).await;
    let Some(mut cycle) = Cycle::begin(backend, id, stop).await? else {
        return Ok(None);
    };
    cycle.expected_plan = Some(digest);
    cycle.run().await
}

impl Cycle<'_> {
    async fn run(mut self) -> Result<Option<CycleSummary>> {
        let result = self.work().await;
        self.end(result).await
    }
}

impl<'a> Cycle<'a> {
    async fn begin(backend: &'a Backend, id: ConfigurationId, stop: Stop) -> Result<Option<Self>> {
        let configuration = configurations::get(backend, id).await?;
        let cycle_id = backend.new_id();
        let now = backend.now();
        let mut write = backend.db.write().await?;
        let holder = cycle_id.to_string();
        if !lease::take(backend, &mut write, id, &holder, now.plus(LEASE)).await? {
            return Ok(None);
        }
        backend.job_has_begun();
        let before = configurations::state_row_within(backend, &mut write, id).await?;
        let reads_everything = before.cursor.is_none() || before.restarts_requested > 0;
        let kind = match reads_everything || !before.initial_cycle_done {
            true => CycleKind::Initial,
            false => CycleKind::Incremental,
        };
        store::insert_cycle(&mut write, cycle_id, id, kind, now).await?;
        store::discard_plan(&mut write, id).await?;
        store::mark_due_escrows(&mut write, id, now).await?;
        store::mark_held_back(&mut write, id).await?;
        write.commit().await?;
        let directory = directories::connected_or_unusable(backend, &configuration.domain).await;
        let purpose = Purpose::Cycle;
        let cycle = Self::new(
            backend,
            cycle_id,
            configuration,
            directory,
            before,
            kind,
            purpose,
            stop,
        );
        Ok(Some(cycle))
    }

    #[expect(clippy::too_many_arguments, reason = "what a cycle begins with")]
    fn new(
        backend: &'a Backend,
        id: Uuid,
        configuration: Configuration,
        directory: ConnectedDirectory,
        before: StateRow,
        kind: CycleKind,
        purpose: Purpose,
        stop: Stop,
    ) -> Self {
        let now = backend.now();
        let progress = progress::first(id, kind, now, before.objects_expected);
        Self {
            backend,
            id,
            configuration,
            directory,
            before,
            kind,
            started_at: now,
            counts: CycleCounts::default(),
            progress,
            phase_began: now,
            directory_said: None,
            stop,
            purpose,
            scope_doubt: None,
            reach: None,
            taken: Taken::default(),
            identities: Identities::default(),
            values_left_out: Skipped::default(),
            lists_unknown: false,
            reads_everything: false,
            expected_plan: None,
        }
    }

    /// The story itself.
    async fn work(&mut self) -> Result<Finish, Stopped> {
        let observed = self.observe().await;
        self.directory_said = match &observed {
            // A reading that had to skip something said so already.
            Ok(()) => self.directory_said.take().or(Some(None)),
            Err(Stopped::Source { message, .. }) => Some(Some(message.clone())),
            Err(_) => None,
        };
        observed?;
        let rules = self.rules().await?;
        if self.expected_plan.is_none()
            && let Some(approved) =
                deletion_guard::approve_without_deletions(self.manages_anything().await?)
        {
            self.check_target().await?;
            self.plan_and_export(&rules, &approved).await?;
            return Ok(Finish::Done);
        }
        let deletions = self.plan(&rules).await?;
        if let Some(expected) = self.expected_plan.take()
            && self.digest().await? != expected
        {
            return Err(Stopped::PlanChanged);
        }
        match deletion_guard::judge(deletions, self.configuration.deletion_protection) {
            Verdict::Approved(approved) => {
                self.export(&rules, &approved).await?;
                Ok(Finish::Done)
            }
            Verdict::Held(held) => {
                self.export_allowed(&held.allowed).await?;
                self.hold(held.limit).await?;
                Ok(Finish::Held {
                    deletions: held.deletions,
                    threshold: held.threshold,
                    limit: held.limit,
                })
            }
        }
    }

    /// Asked of the links themselves: counts that are kept may lag behind a crash.
    async fn manages_anything(&self) -> Result<bool> {
        tenant::is_managing(self.backend, self.configuration.id).await
    }

    /// Opens a transaction of this cycle.
    async fn write(&self) -> Result<Write, Stopped> {
        if self.stop.is_asked_for() {
            return Err(Stopped::ServerStops);
        }
        Ok(self.backend.db.write().await?)
    }

    /// Commits it if the lease is still ours, together with the progress that pages show.
    async fn commit(&mut self, mut write: Write) -> Result<(), Stopped> {
        self.update_rates();
        let until = self.backend.now().plus(LEASE);
        let holder = self.id.to_string();
        if !lease::extend(
            &mut write,
            self.configuration.id,
            &holder,
            until,
            &self.progress,
        )
        .await?
        {
            return Err(Stopped::LeaseLost);
        }
        write.commit().await?;
        self.backend.announce_change();
        Ok(())
    }
}

/// What an approved plan is needed for.
fn refuse_uncovered(
    approved: &ApprovedPlan,
    changes: &[engine::cycle::plan::PlannedChange],
    are_allowed: bool,
) -> Result<(), Error> {
    match changes
        .iter()
        .find(|planned| !approved.covers(&planned.change, are_allowed))
    {
        None => Ok(()),
        Some(planned) => Err(Error::internal(format!(
            "the approval does not cover: {planned}"
        ))),
    }
}
