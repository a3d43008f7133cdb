//! The end of a cycle, in one transaction: counts, health, the next run, the row of the cycle.

use engine::{
    health::CycleEnd,
    records::{CycleOutcome, CycleSummary},
};

use super::{Cycle, store};
use crate::{Result, configurations, directories};

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
            store::settle_state(&mut write, id, self.before.restarts_requested).await?;
            store::release_all_held(&mut write, id).await?;
            store::forget_gone(&mut write, id).await?;
        }
        store::count_managed(&mut write, id).await?;
        if let Some(word) = self.directory_said {
            directories::note_contact(self.backend, &mut write, self.directory.id, word.as_deref())
                .await?;
        }
        match end {
            Some(end) => {
                let interval = self.backend.settings.cycle_interval;
                let health = self.before.health.after(end, now, interval);
                let holder = self.id.to_string();
                configurations::settle_health(self.backend, &mut write, id, &holder, &health)
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
}
