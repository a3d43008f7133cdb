//! The world that a server lives in: there is one, and in a demo it can end, so that another one
//! begins.
//!
//! Whatever works for longer than one transaction stays in the world ([`World::stay`]). Who ends
//! it tells all of them to stop, waits until they have, and is alone then.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use tokio::sync::{OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock};
use tokio_util::sync::CancellationToken;

#[derive(Clone, Default)]
pub(crate) struct World(Arc<Inner>);

#[derive(Default)]
struct Inner {
    at_work: Arc<RwLock<()>>,
    ends: Mutex<CancellationToken>,
    agent_is_stopped: AtomicBool,
}

/// A place in the world. It does not end before this is dropped.
pub(crate) struct Stay {
    /// Cancelled when the world is to end.
    pub(crate) ends: CancellationToken,
    _at_work: OwnedRwLockReadGuard<()>,
}

/// Nobody is in the world until this is dropped.
pub(crate) struct Alone(#[expect(dead_code, reason = "held, not read")] OwnedRwLockWriteGuard<()>);

impl World {
    /// Not to be called by who stays already: who ends the world may be waiting in between.
    pub(crate) async fn stay(&self) -> Stay {
        let at_work = Arc::clone(&self.0.at_work).read_owned().await;
        Stay {
            ends: self.ends().clone(),
            _at_work: at_work,
        }
    }

    /// Tells everybody to stop, and waits until they have.
    pub(crate) async fn end(&self) -> Alone {
        self.ends().cancel();
        let alone = Arc::clone(&self.0.at_work).write_owned().await;
        *self.ends() = CancellationToken::new();
        Alone(alone)
    }

    fn ends(&self) -> std::sync::MutexGuard<'_, CancellationToken> {
        self.0.ends.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the agent of the embedded directories does not answer.
    pub(crate) fn agent_is_stopped(&self) -> bool {
        self.0.agent_is_stopped.load(Ordering::SeqCst)
    }

    pub(crate) fn set_agent_is_stopped(&self, is_stopped: bool) {
        self.0.agent_is_stopped.store(is_stopped, Ordering::SeqCst);
    }
}
