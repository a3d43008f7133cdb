//! The process dies at a chosen commit, for tests: what a crash between any two steps leaves behind.
//!
//! A transaction that was not committed leaves no trace, so a crash is told by how many commits came
//! before it, and by whether the last one still reached the disk. Afterwards nothing is written any
//! more, whatever the code does that does not know yet that it is dead.

use std::sync::{Arc, Mutex, PoisonError};

use crate::{Error, Result};

/// When the process dies, as seen from a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// The transaction never reached the disk.
    BeforeCommit,
    /// It did, and nobody heard of it.
    AfterCommit,
}

/// Shared by everything that writes to one database as one process.
#[derive(Clone, Debug, Default)]
pub struct Death(Arc<Mutex<Fate>>);

#[derive(Clone, Copy, Debug, Default)]
enum Fate {
    #[default]
    Lives,
    Dies {
        commits_left: u32,
        moment: Moment,
    },
    IsDead,
}

impl Death {
    /// Dies at a commit: 0 is the next one.
    pub fn at(&self, commit: u32, moment: Moment) {
        *self.fate() = Fate::Dies {
            commits_left: commit,
            moment,
        };
    }

    /// Lives on, where it did not come to that.
    pub fn never(&self) {
        if !self.has_come() {
            *self.fate() = Fate::Lives;
        }
    }

    /// Whether it came to that.
    pub fn has_come(&self) -> bool {
        matches!(*self.fate(), Fate::IsDead)
    }

    /// Passes whoever lives.
    pub(super) fn check(&self) -> Result<()> {
        match self.has_come() {
            false => Ok(()),
            true => Err(Error::internal("the process died here, as the test wanted")),
        }
    }

    /// Counts one commit, and says whether it is the last one.
    pub(super) fn strikes(&self) -> Option<Moment> {
        let mut fate = self.fate();
        match *fate {
            Fate::Lives | Fate::IsDead => None,
            Fate::Dies {
                commits_left: 0,
                moment,
            } => {
                *fate = Fate::IsDead;
                Some(moment)
            }
            Fate::Dies {
                commits_left,
                moment,
            } => {
                *fate = Fate::Dies {
                    commits_left: commits_left - 1,
                    moment,
                };
                None
            }
        }
    }

    fn fate(&self) -> std::sync::MutexGuard<'_, Fate> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
