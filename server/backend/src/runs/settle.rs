//! The end of a cycle, in one transaction: counts, health, the next run, the row of the cycle.

use engine::{
    configuration::quarantine_limits::Failures,
    health::{CycleEnd, Health, QuarantineReason, Trouble},
    records::{CycleOutcome, CycleSummary},
};

use super::{Cycle, held, store};
use crate::{
    Actor, Result,
    audit::{self, Activity},
    configurations,
    database::Write,
    directories,
    notifications::{self, Notice},
    password_hash_sync,
};

impl Cycle<'_> {
    pub(super) async fn settle(
        self,
        outcome: CycleOutcome,
        end: Option<CycleEnd>,
    ) -> Result<CycleSummary> {
        let now = self.backend.now();
        let id = self.configuration.id;
        let mut write = self.backend.db.write().await?;
        let end = match end {
            Some(CycleEnd::Finished) => {
                store::note_initial_cycle(&mut write, id).await?;
                held::release_all(&mut write, id).await?;
                store::forget_gone(&mut write, id).await?;
                Some(self.end_by_failures(&mut write).await?)
            }
            other => other,
        };
        store::count_managed(&mut write, id).await?;
        if let Some(word) = &self.directory_said {
            directories::note_contact(self.backend, &mut write, self.directory.id, word.as_deref())
                .await?;
        }
        match end {
            Some(end) => {
                let interval = self.backend.settings.cycle_interval;
                let health = self.before.health.after(end, now, interval);
                self.announce_quarantine(&mut write, &health).await?;
                self.give_up(&mut write, &health).await?;
                if self.before.health == Health::NotYetRun {
                    password_hash_sync::run_soon(self.backend, &mut write, id).await?;
                }
                let holder = self.id.to_string();
                configurations::settle_health(
                    self.backend,
                    &mut write,
                    id,
                    &holder,
                    &health,
                    self.before.restarts_requested,
                )
                .await?;
            }
            None => {
                configurations::lease::release(&mut write, id, &self.id.to_string()).await?;
            }
        }
        store::end_cycle(&mut write, self.id, now, &outcome, &self.counts).await?;
        write.commit().await?;
        Ok(CycleSummary {
            id: self.id,
            kind: self.kind,
            started_at: self.started_at,
            ended_at: now,
            outcome,
            counts: self.counts,
        })
    }

    /// Whether so many objects failed that a person is needed.
    async fn end_by_failures(&self, write: &mut Write) -> Result<CycleEnd> {
        let failures = store::count_failures(write, self.configuration.id).await?;
        let Some(reason) = self.configuration.quarantine_limits.judge(failures) else {
            return Ok(CycleEnd::Finished);
        };
        let Failures {
            objects,
            references,
            in_scope,
        } = failures;
        Ok(CycleEnd::Quarantine {
            requests: store::failed_requests(write, self.configuration.id).await?,
            reason,
            message: format!(
                "{reason}: {objects} of {in_scope} objects failed, and {references} references \
                 have no target. The provisioning log names them."
            ),
        })
    }

    /// Disables the configuration that nobody repaired for four weeks.
    async fn give_up(&self, write: &mut Write, after: &Health) -> Result<()> {
        let now = self.backend.now();
        let since = match after {
            Health::Quarantined(trouble) if trouble.is_given_up(now) => trouble.since,
            Health::DeletionsHeld { since, .. } if now.since(*since) >= Trouble::GIVEN_UP_AFTER => {
                *since
            }
            _ => return Ok(()),
        };
        configurations::disable(self.backend, write, &self.configuration).await?;
        let domain = self.configuration.domain.as_str();
        let activity = Activity::DisableProvisioningConfiguration;
        let detail = "It was in quarantine for four weeks.";
        audit::record(
            self.backend,
            write,
            &Actor::System,
            activity,
            domain,
            detail,
        )
        .await?;
        let notice = Notice::SwitchedOff {
            in_quarantine_since: since,
        };
        notifications::enqueue(self.backend, write, &self.configuration, &notice).await
    }

    /// Tells once that a person is needed, and again when the reason changes.
    async fn announce_quarantine(&self, write: &mut Write, after: &Health) -> Result<()> {
        let Health::Quarantined(trouble) = after else {
            return Ok(());
        };
        let notice = match &self.before.health {
            Health::Quarantined(before) if is_same_trouble(before, trouble) => return Ok(()),
            Health::Quarantined(before) => Notice::QuarantineReasonChanged {
                before: before.message.clone(),
                reason: trouble.message.clone(),
                since: trouble.since,
                next_attempt: trouble.next_attempt,
            },
            _ => Notice::Quarantined {
                reason: trouble.message.clone(),
                since: trouble.since,
                next_attempt: trouble.next_attempt,
            },
        };
        let domain = self.configuration.domain.as_str();
        let activity = Activity::Quarantine;
        audit::record(
            self.backend,
            write,
            &Actor::System,
            activity,
            domain,
            &trouble.message,
        )
        .await?;
        notifications::enqueue(self.backend, write, &self.configuration, &notice).await
    }
}

/// Whether a mail about `after` would say the same as the one about `before`. Answers of the
/// source or the target are part of the reason; numbers of failures are not.
fn is_same_trouble(before: &Trouble, after: &Trouble) -> bool {
    before.reason == after.reason
        && (before.reason != QuarantineReason::EncounteredQuarantineException
            || before.message == after.message)
}
