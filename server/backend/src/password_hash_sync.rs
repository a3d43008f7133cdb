//! Password hash sync: a job of its own for each configuration that asks for it, every two minutes,
//! beside the cycles.
//!
//! It asks the directory whose password may have changed, marks them, and then fetches a few hashes
//! at a time: of users whose mark is set, of users that it has not seen yet (so that switching it on
//! synchronizes everybody, and whoever is created later follows by itself), and of those whose last
//! try failed. From each hash it derives the credential, and forgets the hash; only a keyed digest
//! stays, to tell next time whether it is another one. What is derived, the end of the mark and the
//! row of the log are one transaction, so a crash loses nothing and doubles nothing.
//!
//! A password that must be changed at the next sign-in is not sent; the one before it stays. Users
//! only: groups and contacts have none.

mod derive;
mod store;

use std::{collections::HashMap, time::Duration};

use connectors::{PASSWORDS_AT_ONCE, Source, SourceError, SourcePassword};
use engine::{
    configuration::{Configuration, ConfigurationId, Deployment},
    directory::SourceAnchor,
    health::Health,
    records::{ConfigurationSummary, Status},
    sign_in::PasswordHashSyncState,
    timestamp::Timestamp,
};
use tracing::{info, warn};
use uuid::Uuid;

use self::{
    derive::{Derived, Outcome},
    store::{Candidate, JobRow},
};
use crate::{
    Backend, Error, Result, configurations, credentials,
    database::Write,
    directories,
    provisioning_logs::{self, PasswordEntry},
};

/// The pause between two runs, as documented for the original. Shorter where cycles come more often.
pub const INTERVAL: Duration = Duration::from_secs(120);

/// How long a server may be silent before another one takes over its job.
const LEASE: Duration = Duration::from_secs(60);

/// A run under way on this server.
struct Job<'a> {
    backend: &'a Backend,
    id: Uuid,
    configuration: Configuration,
    before: JobRow,
    written: u64,
}

/// Why a run stopped before its end.
#[derive(Debug, thiserror::Error)]
enum Stopped {
    #[error(transparent)]
    Source(#[from] SourceError),
    #[error("Another server took over, or the configuration is gone.")]
    LeaseLost,
    #[error(transparent)]
    Error(#[from] Error),
}

impl From<sqlx::Error> for Stopped {
    fn from(error: sqlx::Error) -> Self {
        Self::Error(error.into())
    }
}

/// Configurations whose job is due, those that waited longest first.
pub(crate) async fn due(backend: &Backend) -> Result<Vec<ConfigurationId>> {
    let all = configurations::list(backend).await?;
    let wanting: Vec<_> = all.iter().filter(|one| one.password_hash_sync).collect();
    store::keep_jobs_of(backend, &wanting).await?;
    let of = |id: &ConfigurationId| wanting.iter().find(|one| one.id == *id);
    let due = store::due(backend).await?;
    let is_ready = |id: &ConfigurationId| of(id).is_some_and(|one| may_run(one));
    let (ready, waiting): (Vec<_>, Vec<_>) = due.into_iter().partition(is_ready);
    // Whose first cycle is under way becomes due with its end, perhaps at this very moment.
    let is_not_begun = |id: &ConfigurationId| of(id).is_some_and(|one| is_before_first_cycle(one));
    let postponed: Vec<_> = waiting.into_iter().filter(|id| !is_not_begun(id)).collect();
    store::postpone(backend, &postponed, next_run(backend)).await?;
    Ok(ready)
}

fn next_run(backend: &Backend) -> Timestamp {
    let interval = backend.settings.cycle_interval.min(INTERVAL);
    backend.now().plus(interval)
}

/// Then there is nobody yet to have a password.
fn is_before_first_cycle(configuration: &ConfigurationSummary) -> bool {
    configuration.deployment == Deployment::Enabled
        && configuration.state.health == Health::NotYetRun
}

/// A directory that refuses the cycles is not asked for passwords in between.
fn may_run(configuration: &ConfigurationSummary) -> bool {
    configuration.deployment == Deployment::Enabled
        && !is_before_first_cycle(configuration)
        && configuration.state.status != Status::Quarantined
}

/// Whether a run is under way.
pub(crate) async fn somebody_is_at_work(backend: &Backend) -> Result<bool> {
    store::somebody_is_at_work(backend).await
}

/// Makes the job of a configuration due: its people have just arrived in the tenant.
pub(crate) async fn run_soon(
    backend: &Backend,
    write: &mut Write,
    id: ConfigurationId,
) -> Result<()> {
    store::make_due(write, id, backend.now()).await
}

/// When the next job is due; none while no configuration asks for it.
pub(crate) async fn next_due(backend: &Backend) -> Result<Option<Timestamp>> {
    store::next_due(backend).await
}

/// Runs every job that is due at this moment, one after the other.
pub async fn run_due(backend: &Backend) -> Result<()> {
    for id in due(backend).await? {
        run(backend, id).await?;
    }
    Ok(())
}

/// How the passwords of a configuration stand.
pub async fn state(backend: &Backend, id: ConfigurationId) -> Result<PasswordHashSyncState> {
    store::state(backend, id).await
}

/// One run of a configuration's job; nothing when another server is at it.
pub(crate) async fn run(backend: &Backend, id: ConfigurationId) -> Result<()> {
    let _stay = backend.world.stay().await;
    let Some(mut job) = Job::begin(backend, id).await? else {
        return Ok(());
    };
    let result = job.work().await;
    job.end(result).await
}

impl<'a> Job<'a> {
    async fn begin(backend: &'a Backend, id: ConfigurationId) -> Result<Option<Self>> {
        let configuration = configurations::get(backend, id).await?;
        let run = backend.new_id();
        let until = backend.now().plus(LEASE);
        let before = store::take_lease(backend, id, run, until).await?;
        if before.is_some() {
            backend.job_has_begun();
        }
        Ok(before.map(|before| Self {
            backend,
            id: run,
            configuration,
            before,
            written: 0,
        }))
    }

    async fn work(&mut self) -> Result<(), Stopped> {
        let domain = &self.configuration.domain;
        let source = directories::connected(self.backend, domain).await?.source;
        self.mark_changed(source.as_ref()).await?;
        let mut after = None;
        loop {
            let page = store::candidates(
                self.backend,
                self.configuration.id,
                after.as_ref(),
                PASSWORDS_AT_ONCE,
            )
            .await?;
            let Some(last) = page.last() else {
                return Ok(());
            };
            after = Some(last.anchor.clone());
            self.synchronize(source.as_ref(), page).await?;
        }
    }

    /// Asks whose password may have changed. Their marks and the place to go on from are kept
    /// together.
    async fn mark_changed(&self, source: &dyn Source) -> Result<(), Stopped> {
        let changed = match source.changed_passwords(self.before.cursor.as_ref()).await {
            // The directory was restored or is another one: everybody is compared.
            Err(SourceError::CursorRejected) => source.changed_passwords(None).await?,
            answer => answer?,
        };
        let mut write = self.backend.db.write().await?;
        let id = self.configuration.id;
        store::forget_unlinked(&mut write, id).await?;
        store::mark(&mut write, id, &changed.of).await?;
        store::set_cursor(&mut write, id, &changed.cursor).await?;
        self.commit(write).await
    }

    /// Fetches, derives and stores for a few users.
    async fn synchronize(
        &mut self,
        source: &dyn Source,
        candidates: Vec<Candidate>,
    ) -> Result<(), Stopped> {
        let anchors: Vec<_> = candidates.iter().map(|one| one.anchor.clone()).collect();
        let passwords = passwords(source, &anchors).await?;
        let mut derived = derive::all(self.backend, candidates, passwords).await?;
        // The log tells them in the order in which people chose them.
        derived.sort_by_key(|one| one.set_at);
        let mut write = self.backend.db.write().await?;
        let id = self.configuration.id;
        // Meanwhile a cycle may have deleted one of them.
        let linked = store::linked(&mut write, id, &anchors).await?;
        derived.retain(|one| linked.get(&one.candidate.anchor) == Some(&one.candidate.target));
        self.record(&mut write, &derived).await?;
        store::settle(self.backend, &mut write, id, &derived).await?;
        let (count, credentials) = credentials_of(derived);
        credentials::put(self.backend, &mut write, &credentials).await?;
        self.commit(write).await?;
        self.written += count;
        Ok(())
    }

    async fn record(&self, write: &mut Write, derived: &[Derived]) -> Result<()> {
        let entries: Vec<PasswordEntry<'_>> = derived.iter().filter_map(Derived::entry).collect();
        provisioning_logs::record_passwords(
            self.backend,
            write,
            self.configuration.id,
            self.id,
            self.configuration.domain.as_str(),
            &entries,
        )
        .await
    }

    /// Commits if the lease is still ours.
    async fn commit(&self, mut write: Write) -> Result<(), Stopped> {
        let until = self.backend.now().plus(LEASE);
        if !store::extend_lease(&mut write, self.configuration.id, self.id, until).await? {
            return Err(Stopped::LeaseLost);
        }
        Ok(write.commit().await?)
    }

    async fn end(self, result: Result<(), Stopped>) -> Result<()> {
        let domain = &self.configuration.domain;
        let error = match result {
            Ok(()) => None,
            Err(Stopped::LeaseLost) => return Ok(()),
            Err(Stopped::Source(error)) => Some(error.to_string()),
            Err(Stopped::Error(error)) => {
                warn!(configuration.id = %self.configuration.id, %error, "Password hash sync failed");
                Some("The server could not finish. Its log says why.".to_owned())
            }
        };
        if self.written > 0 {
            info!(
                configuration.id = %self.configuration.id,
                "Password hash sync of {domain}: {} passwords set", self.written
            );
        }
        let next_run = next_run(self.backend);
        store::end(
            self.backend,
            self.configuration.id,
            self.id,
            next_run,
            error,
        )
        .await?;
        self.backend.announce_change();
        Ok(())
    }
}

/// By anchor. Where two entries of the directory claim one identity, nobody can say whose password
/// it is.
async fn passwords(
    source: &dyn Source,
    anchors: &[SourceAnchor],
) -> Result<HashMap<SourceAnchor, Vec<SourcePassword>>, SourceError> {
    let mut passwords: HashMap<_, Vec<_>> = HashMap::new();
    for password in source.passwords(anchors).await? {
        let of = passwords.entry(password.anchor.clone()).or_default();
        of.push(password);
    }
    Ok(passwords)
}

fn credentials_of(derived: Vec<Derived>) -> (u64, Vec<credentials::NewCredential>) {
    let credentials: Vec<_> = derived
        .into_iter()
        .filter_map(|one| match one.outcome {
            Outcome::Set { credential, .. } => Some(credentials::NewCredential {
                of: one.candidate.target,
                credential,
                set_at: one.set_at,
            }),
            _ => None,
        })
        .collect();
    (credentials.len() as u64, credentials)
}

#[cfg(test)]
mod tests;
