//! The one place that reads the time.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use engine::timestamp::{ClockReading, Timestamp};
use time::OffsetDateTime;

/// Tells the time: the machine's, or one that is moved by hand.
#[derive(Clone, Debug)]
pub enum Clock {
    System,
    /// The machine's time plus an offset, so that a demo can jump and still goes on ticking.
    Shifted(Arc<AtomicI64>),
    /// Stands still until a test moves it.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    pub fn manual(start: Timestamp) -> Self {
        Self::Manual(Arc::new(AtomicI64::new(start.0)))
    }

    pub fn shifted() -> Self {
        Self::Shifted(Arc::new(AtomicI64::new(0)))
    }

    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => system_time(),
            Self::Shifted(offset) => Timestamp(
                system_time()
                    .0
                    .saturating_add(offset.load(Ordering::SeqCst)),
            ),
            Self::Manual(now) => Timestamp(now.load(Ordering::SeqCst)),
        }
    }

    /// The time, and whether it passes by itself.
    pub fn reading(&self) -> ClockReading {
        ClockReading {
            now: self.now(),
            stands_still: matches!(self, Self::Manual(_)),
        }
    }

    /// Where a clock by hand stands, or by how many microseconds a shifted one is ahead: what has to
    /// be kept for going on after a restart.
    pub fn position(&self) -> i64 {
        match self {
            Self::System => 0,
            Self::Shifted(value) | Self::Manual(value) => value.load(Ordering::SeqCst),
        }
    }

    /// Puts the clock where [`Self::position`] said it was.
    pub fn set_position(&self, position: i64) {
        match self {
            Self::System => {}
            Self::Shifted(value) | Self::Manual(value) => value.store(position, Ordering::SeqCst),
        }
    }

    /// Moves a clock that can be moved; false for the machine's own.
    pub fn advance(&self, by: std::time::Duration) -> bool {
        let micros = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
        match self {
            Self::System => false,
            Self::Shifted(value) | Self::Manual(value) => {
                value.fetch_add(micros, Ordering::SeqCst);
                true
            }
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the time"
)]
fn system_time() -> Timestamp {
    OffsetDateTime::now_utc().into()
}
