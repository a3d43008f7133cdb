//! How a cycle ends: what is logged, kept and told of it.

use connectors::ReadRequest;
use engine::{
    cycle::deletion_guard::Limit,
    health::{CycleEnd, FailedRequest, FailedRequests, QuarantineReason},
    records::{CycleCounts, CycleOutcome, CycleSummary},
};
use tracing::{info, warn};

use super::{Cycle, Stopped};
use crate::{Result, service_health};

/// How a cycle ended that was not stopped.
pub(super) enum Finish {
    Done,
    Held {
        deletions: u64,
        threshold: u32,
        limit: Limit,
    },
}

impl Cycle<'_> {
    /// Settles how the cycle ended. Errors of our own are settled like failures of the source, so
    /// that a defect cannot make a cycle run in a circle.
    pub(super) async fn end(self, result: Result<Finish, Stopped>) -> Result<Option<CycleSummary>> {
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
                service_health::note_failure(self.backend, error);
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
