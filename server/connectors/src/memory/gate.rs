//! Where a test holds the pages of a reading back, so that "in the middle of a reading" is a place
//! and not a moment.

use std::sync::Arc;

use tokio::sync::{Semaphore, watch};

/// Lets pages pass one by one. Clones are the same gate.
#[derive(Clone, Debug)]
pub struct Gate {
    permits: Arc<Semaphore>,
    waiting: Arc<watch::Sender<usize>>,
}

impl Gate {
    pub(super) fn closed() -> Self {
        Self {
            permits: Arc::new(Semaphore::new(0)),
            waiting: Arc::new(watch::Sender::new(0)),
        }
    }

    /// So many more pages may pass.
    pub fn let_through(&self, pages: usize) {
        self.permits.add_permits(pages);
    }

    /// Everything may pass, from now on.
    pub fn open(&self) {
        self.permits.close();
    }

    /// Comes back once a reading waits here with a page.
    pub async fn until_a_page_waits(&self) {
        let mut waiting = self.waiting.subscribe();
        // The sender lives in `self`, so waiting cannot fail.
        let _ = waiting.wait_for(|&count| count > 0).await;
    }

    pub(super) async fn pass(&self) {
        let _place = Place::taken(&self.waiting);
        // A closed semaphore is an open gate.
        if let Ok(permit) = self.permits.acquire().await {
            permit.forget();
        }
    }
}

/// One page that stands at the gate, counted until it passes or its reading ends.
struct Place<'a> {
    waiting: &'a watch::Sender<usize>,
}

impl<'a> Place<'a> {
    fn taken(waiting: &'a watch::Sender<usize>) -> Self {
        waiting.send_modify(|count| *count += 1);
        Self { waiting }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.waiting.send_modify(|count| *count -= 1);
    }
}
