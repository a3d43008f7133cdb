//! How a configuration is, and when it runs again.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::timestamp::Timestamp;

/// What is known after the last cycle.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "state")]
pub enum Health {
    #[default]
    NotYetRun,
    Healthy,
    /// The last cycle could not be finished; it is tried again, less and less often.
    Failing(Trouble),
    /// A person is needed: the directory or the target refuses us.
    Quarantined(Trouble),
    /// Deletions are held back until a person decides.
    #[serde(rename_all = "camelCase")]
    DeletionsHeld {
        since: Timestamp,
        held: u64,
        threshold: u32,
    },
}

/// A series of failures with one cause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Trouble {
    pub message: String,
    pub since: Timestamp,
    pub attempts: u32,
    pub next_attempt: Timestamp,
}

/// How a cycle ended, as far as health is concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CycleEnd {
    Finished,
    Held {
        deletions: u64,
        threshold: u32,
    },
    /// The source or target did not answer, or the answer was cut.
    Failed {
        message: String,
    },
    /// Credentials or rights are missing: waiting does not help.
    Refused {
        message: String,
    },
}

/// The pause after the first failure doubles with every further one, up to a day
/// (our choice; the original only says "step by step to once a day").
pub fn backoff(interval: Duration, attempts: u32) -> Duration {
    const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
    let factor = 1_u32
        .checked_shl(attempts.saturating_sub(1))
        .unwrap_or(u32::MAX);
    interval.checked_mul(factor).unwrap_or(LONGEST).min(LONGEST)
}

impl Health {
    /// The state after a cycle ended at `now`; `interval` is the ordinary pause between cycles.
    #[must_use]
    pub fn after(&self, end: CycleEnd, now: Timestamp, interval: Duration) -> Self {
        match end {
            CycleEnd::Finished => Self::Healthy,
            CycleEnd::Held {
                deletions,
                threshold,
            } => {
                let since = match self {
                    Self::DeletionsHeld { since, .. } => *since,
                    _ => now,
                };
                Self::DeletionsHeld {
                    since,
                    held: deletions,
                    threshold,
                }
            }
            CycleEnd::Failed { message } => {
                Self::Failing(self.trouble_after(message, now, interval))
            }
            CycleEnd::Refused { message } => {
                Self::Quarantined(self.trouble_after(message, now, interval))
            }
        }
    }

    fn trouble_after(&self, message: String, now: Timestamp, interval: Duration) -> Trouble {
        let (since, attempts) = match self {
            Self::Failing(trouble) | Self::Quarantined(trouble) => {
                (trouble.since, trouble.attempts.saturating_add(1))
            }
            Self::NotYetRun | Self::Healthy | Self::DeletionsHeld { .. } => (now, 1),
        };
        Trouble {
            message,
            since,
            attempts,
            next_attempt: now.plus(backoff(interval, attempts)),
        }
    }

    /// When the next cycle is due after one that ended at `last_end`.
    pub fn next_run(&self, last_end: Timestamp, interval: Duration) -> Timestamp {
        match self {
            Self::NotYetRun | Self::Healthy => last_end.plus(interval),
            Self::Failing(trouble) | Self::Quarantined(trouble) => trouble.next_attempt,
            // Nothing changes until somebody decides, so look again rarely.
            Self::DeletionsHeld { since, .. } => {
                let waited = last_end.since(*since);
                last_end.plus(interval.max(waited.min(Duration::from_secs(3_600))))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INTERVAL: Duration = Duration::from_secs(120);

    fn failed() -> CycleEnd {
        CycleEnd::Failed {
            message: "gone".to_owned(),
        }
    }

    #[test]
    fn pauses_double_with_every_failure_and_end_with_the_first_success() {
        let mut health = Health::Healthy;
        let mut now = Timestamp(0);
        let mut pauses = Vec::new();
        for _ in 0..12 {
            health = health.after(failed(), now, INTERVAL);
            let next = health.next_run(now, INTERVAL);
            pauses.push(next.since(now).as_secs() / 60);
            now = next;
        }
        assert_eq!(
            pauses,
            [2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 1440, 1440]
        );
        health = health.after(CycleEnd::Finished, now, INTERVAL);
        assert_eq!(health, Health::Healthy);
        assert_eq!(health.next_run(now, INTERVAL).since(now), INTERVAL);
    }

    #[test]
    fn a_series_of_held_cycles_keeps_the_time_when_it_began() {
        let held = |deletions| CycleEnd::Held {
            deletions,
            threshold: 3,
        };
        let first = Health::Healthy.after(held(4), Timestamp(10), INTERVAL);
        let second = first.after(held(5), Timestamp(20), INTERVAL);
        assert_eq!(
            second,
            Health::DeletionsHeld {
                since: Timestamp(10),
                held: 5,
                threshold: 3
            }
        );
    }
}
