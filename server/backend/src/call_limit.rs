//! How often something may be asked for: calls are counted by who or what they are about, in a
//! window of time that moves along.

use std::{
    collections::{HashMap, VecDeque},
    hash::Hash,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use engine::timestamp::Timestamp;

/// At most so many calls in so long, for each key.
pub(crate) struct CallLimit<K> {
    most: usize,
    window: Duration,
    calls: Mutex<HashMap<K, VecDeque<Timestamp>>>,
}

impl<K: Eq + Hash> CallLimit<K> {
    pub(crate) fn new(most: usize, window: Duration) -> Self {
        Self {
            most,
            window,
            calls: Mutex::default(),
        }
    }

    /// Counts one call; the time to wait when there were too many.
    pub(crate) fn count(&self, key: K, now: Timestamp) -> Result<(), Duration> {
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        // Keys that nobody calls by any more are forgotten.
        calls.retain(|_, times| {
            times.retain(|at| now.since(*at) < self.window);
            !times.is_empty()
        });
        let times = calls.entry(key).or_default();
        if let Some(first) = times.front().filter(|_| times.len() >= self.most) {
            return Err(self.window.saturating_sub(now.since(*first)));
        }
        times.push_back(now);
        Ok(())
    }

    pub(crate) fn forget(&self) {
        self.calls
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    /// The sentence for who called too often; `calls` says what is counted.
    pub(crate) fn refusal(&self, calls: &str, wait: Duration) -> String {
        let (most, window) = (self.most, self.window.as_secs());
        let wait = wait.as_secs().max(1);
        format!(
            "Too many requests: {most} {calls} in {window} seconds. Try again in {wait} seconds."
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_beyond_the_limit_wait_until_the_window_has_moved_on() {
        let limit = CallLimit::new(2, Duration::from_secs(60));
        let at = |seconds: i64| Timestamp(seconds * 1_000_000);
        assert_eq!(limit.count("anna", at(0)), Ok(()));
        assert_eq!(limit.count("anna", at(10)), Ok(()));
        assert_eq!(limit.count("anna", at(20)), Err(Duration::from_secs(40)));
        assert_eq!(limit.count("bert", at(20)), Ok(()));
        assert_eq!(limit.count("anna", at(60)), Ok(()));
    }
}
