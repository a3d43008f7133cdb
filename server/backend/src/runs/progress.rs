//! How far a cycle is, and how long it may take yet, as pages show it.

use engine::{
    records::{CycleKind, CyclePhase, CycleProgress},
    timestamp::Timestamp,
};
use uuid::Uuid;

use super::Cycle;

pub(super) fn first(
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

impl Cycle<'_> {
    pub(super) fn enter(&mut self, phase: CyclePhase) {
        self.progress.phase = phase;
        self.phase_began = self.backend.now();
    }

    pub(super) fn update_rates(&mut self) {
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
}
