//! The end of a cycle, in one transaction: counts, health, the next run, the row of the cycle.

use engine::{
    health::{CycleEnd, Health},
    records::{CycleOutcome, CycleSummary},
};

use super::{Cycle, store};
use crate::{
    Actor, Result,
    audit::{self, Activity},
    configurations,
    database::Write,
    directories,
    notifications::{self, Notice},
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
        if matches!(end, Some(CycleEnd::Finished)) {
            store::note_initial_cycle(&mut write, id).await?;
            store::release_all_held(&mut write, id).await?;
            store::forget_gone(&mut write, id).await?;
        }
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

    /// Tells once that a person is needed, and again when the reason changes.
    async fn announce_quarantine(&self, write: &mut Write, after: &Health) -> Result<()> {
        let Health::Quarantined(trouble) = after else {
            return Ok(());
        };
        let notice = match &self.before.health {
            Health::Quarantined(before) if before.message == trouble.message => return Ok(()),
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
