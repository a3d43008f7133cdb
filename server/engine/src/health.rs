//! How a configuration is, and when it runs again.

use std::{fmt, time::Duration};

use serde::{Deserialize, Serialize};

use crate::{cycle::deletion_guard::Limit, timestamp::Timestamp};

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
        /// Which limit was reached; the threshold in states that were stored before there were
        /// others.
        #[serde(default)]
        limit: Option<Limit>,
    },
}

/// Why a configuration is in quarantine, in the words of the original's interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum QuarantineReason {
    /// Too many objects failed.
    EncounteredBaseEscrowThreshold,
    /// Too many objects and references failed.
    EncounteredTotalEscrowThreshold,
    /// Too large a share of all objects failed.
    EncounteredEscrowProportionThreshold,
    /// Directory or target refuse us; waiting does not help.
    EncounteredQuarantineException,
    #[default]
    Unknown,
    /// A person asked for it.
    QuarantinedOnDemand,
    /// Deletions are held back.
    TooManyDeletes,
    /// The directory could not be read for a long time.
    IngestionInterrupted,
}

impl fmt::Display for QuarantineReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// A series of failures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Trouble {
    /// The rule of a quarantine; of no meaning before.
    #[serde(default)]
    pub reason: QuarantineReason,
    /// What failed last: a sentence with the answer that came.
    pub message: String,
    /// What failed first.
    #[serde(default)]
    pub first_message: String,
    /// When the series began.
    pub since: Timestamp,
    /// When the reason that counts now came up.
    #[serde(default)]
    pub current_since: Timestamp,
    pub attempts: u32,
    pub next_attempt: Timestamp,
    /// None in states that were stored before requests were kept, and where a person asked for the
    /// quarantine.
    #[serde(default)]
    pub requests: Option<FailedRequests>,
}

/// What was asked of the directory or of the tenant, and what came back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FailedRequest {
    pub at: Timestamp,
    pub request: String,
    pub answer: String,
}

/// The two ends of a series of failed requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FailedRequests {
    pub first: FailedRequest,
    pub last: FailedRequest,
}

impl FailedRequests {
    /// A series of one.
    pub fn only(request: FailedRequest) -> Self {
        Self {
            first: request.clone(),
            last: request,
        }
    }

    /// The series that goes on with these.
    fn since(self, earlier: Option<&Self>) -> Self {
        match earlier {
            Some(earlier) => Self {
                first: earlier.first.clone(),
                last: self.last,
            },
            None => self,
        }
    }
}

impl Trouble {
    /// After so long in quarantine nobody waits for the configuration any more: it is disabled.
    pub const GIVEN_UP_AFTER: Duration = Duration::from_secs(28 * 24 * 3_600);

    pub fn is_given_up(&self, now: Timestamp) -> bool {
        now.since(self.since) >= Self::GIVEN_UP_AFTER
    }
}

/// How a cycle ended, as far as health is concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CycleEnd {
    Finished,
    Held {
        deletions: u64,
        threshold: u32,
        limit: Limit,
    },
    /// The source or target did not answer, or the answer was cut.
    Failed {
        message: String,
        requests: Option<FailedRequests>,
    },
    /// A person is needed.
    Quarantine {
        reason: QuarantineReason,
        message: String,
        requests: Option<FailedRequests>,
    },
}

/// Why a cycle did not end well.
struct Cause {
    reason: QuarantineReason,
    message: String,
    requests: Option<FailedRequests>,
}

/// Cycles in a row that may fail before the failing counts as a quarantine. With the ordinary
/// interval and the pauses between them that is a working day (our choice: the original names no
/// number).
const FAILURES_BEFORE_QUARANTINE: u32 = 9;

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
    /// Deletions that are still held are told with the limit that they reached when they were held.
    fn limit_to_tell(&self, limit: Limit) -> Limit {
        match (limit, self) {
            (
                Limit::StillHeld,
                Self::DeletionsHeld {
                    limit: Some(reached),
                    ..
                },
            ) => *reached,
            (limit, _) => limit,
        }
    }

    /// The state after a cycle ended at `now`; `interval` is the ordinary pause between cycles.
    #[must_use]
    pub fn after(&self, end: CycleEnd, now: Timestamp, interval: Duration) -> Self {
        match end {
            CycleEnd::Finished => Self::Healthy,
            CycleEnd::Held {
                deletions,
                threshold,
                limit,
            } => {
                let since = match self {
                    Self::DeletionsHeld { since, .. } => *since,
                    _ => now,
                };
                Self::DeletionsHeld {
                    since,
                    held: deletions,
                    threshold,
                    limit: Some(self.limit_to_tell(limit)),
                }
            }
            CycleEnd::Failed { message, requests } => {
                let cause = Cause {
                    reason: QuarantineReason::IngestionInterrupted,
                    message,
                    requests,
                };
                let trouble = self.trouble_after(cause, now, interval);
                if trouble.attempts > FAILURES_BEFORE_QUARANTINE {
                    Self::Quarantined(trouble)
                } else {
                    Self::Failing(trouble)
                }
            }
            CycleEnd::Quarantine {
                reason,
                message,
                requests,
            } => {
                let cause = Cause {
                    reason,
                    message,
                    requests,
                };
                Self::Quarantined(self.trouble_after(cause, now, interval))
            }
        }
    }

    fn trouble_after(&self, cause: Cause, now: Timestamp, interval: Duration) -> Trouble {
        let Cause {
            reason,
            message,
            requests,
        } = cause;
        let fresh = Trouble {
            reason,
            first_message: message.clone(),
            message,
            since: now,
            current_since: now,
            attempts: 1,
            next_attempt: now.plus(backoff(interval, 1)),
            requests,
        };
        let (Self::Failing(before) | Self::Quarantined(before)) = self else {
            return fresh;
        };
        let attempts = before.attempts.saturating_add(1);
        let is_same = matches!(self, Self::Quarantined(_)) && before.reason == reason;
        Trouble {
            first_message: before.first_message.clone(),
            since: before.since,
            current_since: if is_same { before.current_since } else { now },
            attempts,
            next_attempt: now.plus(backoff(interval, attempts)),
            requests: match fresh.requests {
                Some(requests) => Some(requests.since(before.requests.as_ref())),
                None => before.requests.clone(),
            },
            ..fresh
        }
    }

    /// The reason of a quarantine; held deletions are one too.
    pub fn quarantine_reason(&self) -> Option<QuarantineReason> {
        match self {
            Self::Quarantined(trouble) => Some(trouble.reason),
            Self::DeletionsHeld { .. } => Some(QuarantineReason::TooManyDeletes),
            Self::NotYetRun | Self::Healthy | Self::Failing(_) => None,
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
            requests: None,
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
    fn a_directory_that_stays_silent_for_long_is_a_quarantine_that_is_given_up_after_28_days() {
        let mut health = Health::Healthy;
        let mut now = Timestamp(0);
        let mut failures = 0;
        while !matches!(health, Health::Quarantined(_)) {
            health = health.after(failed(), now, INTERVAL);
            now = health.next_run(now, INTERVAL);
            failures += 1;
        }
        assert_eq!(failures, 10);
        let Health::Quarantined(trouble) = health else {
            unreachable!("the loop ended with it")
        };
        assert_eq!(trouble.reason, QuarantineReason::IngestionInterrupted);
        let days = |days: u64| Timestamp(0).plus(Duration::from_secs(days * 24 * 3_600));
        assert!(!trouble.is_given_up(days(27)));
        assert!(trouble.is_given_up(days(28)));
    }

    #[test]
    fn another_reason_begins_afresh_within_the_same_series() {
        let request = |at| FailedRequest {
            at: Timestamp(at),
            request: "Read what changed.".to_owned(),
            answer: format!("Answer {at}"),
        };
        let end = |reason, at| CycleEnd::Quarantine {
            reason,
            message: format!("{reason}"),
            requests: Some(FailedRequests::only(request(at))),
        };
        let first = QuarantineReason::EncounteredQuarantineException;
        let second = QuarantineReason::EncounteredBaseEscrowThreshold;
        let health = Health::Healthy
            .after(end(first, 10), Timestamp(10), INTERVAL)
            .after(end(first, 20), Timestamp(20), INTERVAL)
            .after(end(second, 30), Timestamp(30), INTERVAL);
        let Health::Quarantined(trouble) = health else {
            panic!("{health:?}")
        };
        assert_eq!(
            (trouble.since, trouble.current_since, trouble.attempts),
            (Timestamp(10), Timestamp(30), 3)
        );
        assert_eq!(trouble.first_message, "EncounteredQuarantineException");
        assert_eq!(trouble.message, "EncounteredBaseEscrowThreshold");
        let requests = FailedRequests {
            first: request(10),
            last: request(30),
        };
        assert_eq!(trouble.requests, Some(requests));
    }

    #[test]
    fn a_series_of_held_cycles_keeps_the_time_when_it_began() {
        let held = |deletions| CycleEnd::Held {
            deletions,
            threshold: 3,
            limit: Limit::Threshold { threshold: 3 },
        };
        let first = Health::Healthy.after(held(4), Timestamp(10), INTERVAL);
        let second = first.after(held(5), Timestamp(20), INTERVAL);
        assert_eq!(
            second,
            Health::DeletionsHeld {
                since: Timestamp(10),
                held: 5,
                threshold: 3,
                limit: Some(Limit::Threshold { threshold: 3 }),
            }
        );
    }
}
