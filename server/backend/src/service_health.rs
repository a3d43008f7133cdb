//! Whether the service as a whole can do its work: is there room to store, does mail leave?
//!
//! A full disk is noticed where a write fails, and its end by trying: the worker stores a little now
//! and then while there was no room.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use engine::{records::ServiceTrouble, timestamp::Timestamp};
use tokio::time::timeout;
use tracing::{error, info};

use crate::{Backend, Error, Result, notifications};

/// Since when there is no room; none while there is.
#[derive(Clone, Default)]
pub(crate) struct DiskState(Arc<Mutex<Option<Timestamp>>>);

impl DiskState {
    pub(crate) fn full_since(&self) -> Option<Timestamp> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// True when that is new.
    fn set(&self, full_since: Option<Timestamp>) -> bool {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = state.is_some() != full_since.is_some();
        if is_new {
            *state = full_since;
        }
        is_new
    }
}

/// To be told of what failed where nobody else is told.
pub fn note_failure(backend: &Backend, error: &Error) {
    if matches!(error, Error::DiskFull) && backend.disk.set(Some(backend.now())) {
        error!("The disk that holds the database is full: nothing is stored or synchronized");
        backend.announce_change();
    }
}

/// Whether something can be stored. An error says why not.
pub async fn try_storing(backend: &Backend) -> Result<()> {
    let tried = backend.db.try_storing().await;
    match &tried {
        Ok(()) if backend.disk.set(None) => {
            info!("There is room on the disk again");
            backend.wake_worker();
        }
        Ok(()) => {}
        Err(error) => note_failure(backend, error),
    }
    tried
}

/// What keeps the service from working at this moment.
pub async fn troubles(backend: &Backend) -> Result<Vec<ServiceTrouble>> {
    let disk = backend.disk.full_since();
    let disk = disk.map(|since| ServiceTrouble::DiskFull { since });
    let mail = notifications::trouble(backend).await?;
    Ok(disk.into_iter().chain(mail).collect())
}

/// How the database answers a question and takes a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatabaseReadiness {
    Ready,
    DiskFull,
    NoAnswer,
}

impl DatabaseReadiness {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::DiskFull => "disk full",
            Self::NoAnswer => "does not answer",
        }
    }
}

/// Asks the database, for at most a second.
pub async fn database_readiness(backend: &Backend) -> DatabaseReadiness {
    const PATIENCE: Duration = Duration::from_secs(1);
    match timeout(PATIENCE, try_storing(backend)).await {
        Ok(Ok(())) => DatabaseReadiness::Ready,
        Ok(Err(Error::DiskFull)) => DatabaseReadiness::DiskFull,
        Ok(Err(_)) | Err(_) => DatabaseReadiness::NoAnswer,
    }
}
