//! The bound on what one evaluation may cost.

use std::cell::Cell;

use super::value::Unreadable;

/// What one evaluation may still produce or examine: bytes of values, and steps of patterns.
pub(crate) struct Allowance(Cell<u64>);

/// Enough for a group of 50,000 members, not enough to fill the memory of a server.
const WHOLE: u64 = 64 * 1024 * 1024;

impl Allowance {
    pub(crate) fn new() -> Self {
        Self(Cell::new(WHOLE))
    }

    /// Takes a part of what is left; nothing is left after the first refusal.
    pub(crate) fn take(&self, weight: u64) -> Result<(), Unreadable> {
        let left = self.0.get().checked_sub(weight);
        self.0.set(left.unwrap_or(0));
        match left {
            Some(_) => Ok(()),
            None => Err("takes too much time or memory to compute".to_owned()),
        }
    }
}
