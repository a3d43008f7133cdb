//! What stops a cycle before its end.

use tokio_util::sync::CancellationToken;

use crate::{Backend, Error, demo::world::Stay};

/// Tells a cycle to stop at its next step.
pub(super) struct Stop {
    server: CancellationToken,
    /// The world does not end while the cycle is under way.
    stay: Stay,
}

impl Stop {
    pub(super) async fn new(backend: &Backend, server: CancellationToken) -> Self {
        let stay = backend.world.stay().await;
        Self { server, stay }
    }

    pub(super) fn is_asked_for(&self) -> bool {
        self.server.is_cancelled() || self.stay.ends.is_cancelled()
    }

    pub(super) async fn asked_for(&self) {
        tokio::select! {
            () = self.server.cancelled() => {}
            () = self.stay.ends.cancelled() => {}
        }
    }
}

/// Why a cycle stopped before its end.
#[derive(Debug, thiserror::Error)]
pub(super) enum Stopped {
    /// The directory: the sentence is for people.
    #[error("{message}")]
    Source {
        message: String,
        needs_a_person: bool,
    },
    /// The tenant takes no writes.
    #[error("{0}: {1}")]
    Target(&'static str, &'static str),
    #[error("The plan is not the one that was seen.")]
    PlanChanged,
    #[error("The lease was lost: the configuration was deleted, or another server took over.")]
    LeaseLost,
    #[error("The server is stopping.")]
    ServerStops,
    #[error(transparent)]
    Error(#[from] Error),
}

impl From<sqlx::Error> for Stopped {
    fn from(error: sqlx::Error) -> Self {
        Self::Error(error.into())
    }
}

impl From<serde_json::Error> for Stopped {
    fn from(error: serde_json::Error) -> Self {
        Self::Error(error.into())
    }
}
