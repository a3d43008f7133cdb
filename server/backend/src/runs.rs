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

mod export;
mod held;
mod identities;
mod membership;
mod observe;
mod on_demand;
mod planning;
mod preview;
mod references;
mod settle;
mod store;
mod taken;
#[cfg(test)]
mod tests;
mod unresolved;

use std::time::Duration;

use connectors::ReadRequest;
use engine::{
    configuration::{Configuration, ConfigurationId},
    cycle::deletion_guard::{self, ApprovedPlan, Limit, Verdict},
    health::{CycleEnd, FailedRequest, FailedRequests, QuarantineReason},
    records::{CycleCounts, CycleKind, CycleOutcome, CyclePhase, CycleProgress, CycleSummary},
    timestamp::Timestamp,
};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};
use uuid::Uuid;

pub(crate) use on_demand::Calls;
pub use on_demand::{on_demand_test, provision_on_demand};
pub(crate) use planning::surroundings;
pub(crate) use preview::preview;
pub(crate) use store::{forget, forget_escrows, source_object};

use self::{identities::Identities, membership::Reach, taken::Taken};
use crate::{
    Backend, Error, Result,
    configurations::{self, StateRow, lease},
    database::Write,
    demo::world::Stay,
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
    /// The groups whose members are in scope, as of the last look.
    reach: Option<Reach>,
    /// The values that nobody may choose any more.
    taken: Taken,
    /// Who was named by a reading of everything.
    identities: Identities,
    reads_everything: bool,
    /// The only plan that may be carried out, by its digest.
    expected_plan: Option<String>,
}

/// Tells a cycle to stop at its next step.
struct Stop {
    server: CancellationToken,
    /// The world does not end while the cycle is under way.
    stay: Stay,
}

impl Stop {
    async fn new(backend: &Backend, server: CancellationToken) -> Self {
        let stay = backend.world.stay().await;
        Self { server, stay }
    }

    fn is_asked_for(&self) -> bool {
        self.server.is_cancelled() || self.stay.ends.is_cancelled()
    }

    async fn asked_for(&self) {
        tokio::select! {
            () = self.server.cancelled() => {}
            () = self.stay.ends.cancelled() => {}
        }
    }
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

/// Why a cycle stopped before its end.
#[derive(Debug, thiserror::Error)]
enum Stopped {
    /// The directory: the sentence is for people.
    #[error("{message}")]
    Source {
        message: String,
        needs_a_person: bool,
    },
    /// The tenant takes no writes.
    #[error("{0}: {1}")]
    Target(&'static str, &'static str),
    #[error("The plan is not the one that was seen.")]
    PlanChanged,
    #[error("The lease was lost: the configuration was deleted, or another server took over.")]
    LeaseLost,
    #[error("The server is stopping.")]
    ServerStops,
    #[error(transparent)]
    Error(#[from] Error),
}

impl From<sqlx::Error> for Stopped {
    fn from(error: sqlx::Error) -> Self {
        Self::Error(error.into())
    }
}

impl From<serde_json::Error> for Stopped {
    fn from(error: serde_json::Error) -> Self {
        Self::Error(error.into())
    }
}

/// How a cycle ended that was not stopped.
enum Finish {
    Done,
    Held {
        deletions: u64,
        threshold: u32,
        limit: Limit,
    },
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
        let directory = directories::connected(backend, &configuration.domain).await?;
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
        let progress = first_progress(id, kind, now, before.objects_expected);
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
            reach: None,
            taken: Taken::default(),
            identities: Identities::default(),
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

    fn enter(&mut self, phase: CyclePhase) {
        self.progress.phase = phase;
        self.phase_began = self.backend.now();
    }

    fn update_rates(&mut self) {
        let now = self.backend.now();
        let progress = &mut self.progress;
        progress.observed_at = now;
        let (done, left) = match progress.phase {
            CyclePhase::Reading | CyclePhase::Planning => (
                progress.objects_read,
                progress
                    .objects_expected
                    .map(|expected| expected.saturating_sub(progress.objects_read)),
            ),
            CyclePhase::Writing | CyclePhase::References => {
                (progress.written, Some(progress.to_write))
            }
        };
        let seconds = now.since(self.phase_began).as_secs_f64();
        #[expect(clippy::cast_precision_loss, reason = "a rate for people, not a count")]
        let rate = if seconds > 0.0 {
            done as f64 / seconds
        } else {
            0.0
        };
        progress.objects_per_second = rate;
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a time for people"
        )]
        let seconds_left = left
            .filter(|_| rate > 0.0)
            .map(|left| (left as f64 / rate).ceil() as u64);
        progress.seconds_left = seconds_left;
    }

    /// Settles how the cycle ended. Errors of our own are settled like failures of the source, so
    /// that a defect cannot make a cycle run in a circle.
    async fn end(self, result: Result<Finish, Stopped>) -> Result<Option<CycleSummary>> {
        let (outcome, end) = match &result {
            Ok(Finish::Done) if self.counts.failed > 0 => {
                (CycleOutcome::EntryLevelErrors, Some(CycleEnd::Finished))
            }
            Ok(Finish::Done) => (CycleOutcome::Succeeded, Some(CycleEnd::Finished)),
            Ok(Finish::Held {
                deletions,
                threshold,
                limit,
            }) => (
                CycleOutcome::Held,
                Some(CycleEnd::Held {
                    deletions: *deletions,
                    threshold: *threshold,
                    limit: *limit,
                }),
            ),
            Err(stopped) => self.after_stop(stopped),
        };
        self.log_end(&outcome);
        let backend = self.backend;
        let summary = self.settle(outcome, end).await?;
        backend.announce_change();
        Ok(Some(summary))
    }

    /// What a cycle ends with that was stopped.
    fn after_stop(&self, stopped: &Stopped) -> (CycleOutcome, Option<CycleEnd>) {
        let message = stopped.to_string();
        let end = match stopped {
            Stopped::PlanChanged => return (CycleOutcome::PlanChanged, None),
            Stopped::LeaseLost | Stopped::ServerStops => return (CycleOutcome::Interrupted, None),
            Stopped::Target(..)
            | Stopped::Source {
                needs_a_person: true,
                ..
            } => CycleEnd::Quarantine {
                reason: QuarantineReason::EncounteredQuarantineException,
                requests: self.failed_request(stopped),
                message: message.clone(),
            },
            Stopped::Source { .. } => CycleEnd::Failed {
                requests: self.failed_request(stopped),
                message: message.clone(),
            },
            Stopped::Error(error) => {
                warn!(configuration.id = %self.configuration.id, %error, "Cycle failed");
                let message = "The server could not finish the cycle. Its log says why.".to_owned();
                let end = CycleEnd::Failed {
                    message: message.clone(),
                    requests: None,
                };
                return (CycleOutcome::Failed(message), Some(end));
            }
        };
        (CycleOutcome::Failed(message), Some(end))
    }

    /// What the directory or the tenant was asked when it refused.
    fn failed_request(&self, stopped: &Stopped) -> Option<FailedRequests> {
        let request = match stopped {
            Stopped::Target(..) => format!(
                "Write changes to {} as the synchronization account.",
                self.backend.settings.initial_domain
            ),
            Stopped::Source { .. } => {
                let what = match self.request() {
                    ReadRequest::Everything => "every object",
                    ReadRequest::Changes { .. } => "what changed",
                };
                let base = &self.configuration.base_dn;
                format!(
                    "Read {what} below {base} from {}.",
                    self.directory.described
                )
            }
            _ => return None,
        };
        Some(FailedRequests::only(FailedRequest {
            at: self.backend.now(),
            request,
            answer: stopped.to_string(),
        }))
    }

    fn log_end(&self, outcome: &CycleOutcome) {
        let CycleCounts {
            created,
            updated,
            deleted,
            failed,
            ..
        } = self.counts;
        info!(
            configuration.id = %self.configuration.id,
            cycle.id = %self.id,
            ?outcome,
            "Cycle of {} ended: {created} created, {updated} updated, {deleted} deleted, {failed} \
             failed",
            self.configuration.domain
        );
    }
}

fn first_progress(
    cycle: Uuid,
    kind: CycleKind,
    now: Timestamp,
    objects_expected: Option<u64>,
) -> CycleProgress {
    CycleProgress {
        cycle,
        kind,
        phase: CyclePhase::Reading,
        started_at: now,
        observed_at: now,
        objects_read: 0,
        objects_expected: objects_expected.filter(|_| kind == CycleKind::Initial),
        to_write: 0,
        written: 0,
        objects_per_second: 0.0,
        seconds_left: None,
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
