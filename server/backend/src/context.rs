//! What everything needs: database, clock, settings, and the bell that wakes the worker.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use connectors::Source;

use engine::{
    configuration::{ConfigurationId, DomainName},
    records::DirectoryId,
    timestamp::Timestamp,
};
use tokio::sync::{Notify, watch};
use uuid::Uuid;

use crate::{
    Actor, Error, Result, call_limit::CallLimit, clock::Clock, database::Database,
    demo::world::World, identifiers::Identifiers, notifications::MailServer, secrets::Secrets,
    service_health::DiskState,
};

/// Cheap to clone; every function of this crate takes it first.
#[derive(Clone)]
pub struct Backend {
    pub db: Database,
    pub clock: Clock,
    pub settings: Arc<Settings>,
    wake: Arc<Notify>,
    changes: Arc<watch::Sender<u64>>,
    identifiers: Identifiers,
    pub(crate) world: World,
    pub(crate) secrets: Secrets,
    on_demand_calls: Arc<CallLimit<ConfigurationId>>,
    connection_tests: Arc<CallLimit<String>>,
    pub(crate) disk: DiskState,
    /// Sources that stand in for a directory's own.
    pub substitutes: Substitutes,
}

/// Sources that stand in for those of connected directories, for faults that no real directory
/// can be made to have.
#[derive(Clone, Default)]
pub struct Substitutes(Arc<Mutex<HashMap<DirectoryId, Arc<dyn Source>>>>);

impl Substitutes {
    pub fn set(&self, directory: DirectoryId, source: Arc<dyn Source>) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(directory, source);
    }

    pub(crate) fn get(&self, directory: DirectoryId) -> Option<Arc<dyn Source>> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&directory)
            .cloned()
    }
}

/// What is fixed for as long as the server runs.
#[derive(Clone, Debug)]
pub struct Settings {
    pub tenant_name: String,
    pub initial_domain: DomainName,
    /// The pause between two incremental cycles of a configuration.
    pub cycle_interval: Duration,
    /// How often an incremental cycle looks for deletions in a directory that does not report them.
    pub absence_interval: Duration,
    /// Names this server in leases.
    pub server_name: String,
    /// Demo start: seeded forests, everybody is signed in as the demo administrator.
    pub demo: bool,
    /// Browsers reach the server over HTTPS only, so its cookies are for HTTPS only.
    pub behind_https: bool,
    /// Where people find the portal, for links in mails.
    pub portal_url: String,
    /// Without one, mails stay in the outbox.
    pub mail_server: Option<MailServer>,
}

impl Settings {
    /// The embedded defaults.
    pub fn demo_defaults() -> Self {
        Self {
            tenant_name: "Contoso".to_owned(),
            initial_domain: DomainName::parse("contoso.onmicrosoft.test")
                .expect("the literal is a domain name"),
            cycle_interval: Duration::from_secs(120),
            absence_interval: Duration::from_secs(600),
            server_name: Uuid::new_v4().to_string(),
            demo: true,
            behind_https: false,
            portal_url: "http://127.0.0.1:3000".to_owned(),
            mail_server: None,
        }
    }
}

impl Backend {
    pub fn new(db: Database, clock: Clock, secrets: Secrets, settings: Settings) -> Self {
        Self {
            db,
            clock,
            settings: Arc::new(settings),
            wake: Arc::new(Notify::new()),
            changes: Arc::new(watch::Sender::new(0)),
            identifiers: Identifiers::default(),
            world: World::default(),
            secrets,
            on_demand_calls: Arc::new(CallLimit::new(5, Duration::from_secs(10))),
            connection_tests: Arc::new(CallLimit::new(10, Duration::from_secs(60))),
            disk: DiskState::default(),
            substitutes: Substitutes::default(),
        }
    }

    /// Counts one test of a single object; an error when there were too many in a short time.
    pub(crate) fn count_on_demand_call(&self, configuration: ConfigurationId) -> Result<()> {
        let counted = self.on_demand_calls.count(configuration, self.now());
        counted.map_err(|wait| {
            let calls = "objects can be tested";
            Error::Conflict(self.on_demand_calls.refusal(calls, wait))
        })
    }

    /// Counts one try of a directory's connection; an error when there were too many in a short
    /// time: it could be used to look for servers or for passwords.
    pub(crate) fn count_connection_test(&self, actor: &Actor) -> Result<()> {
        let counted = self
            .connection_tests
            .count(actor.name().to_owned(), self.now());
        counted.map_err(|wait| {
            let calls = "connections can be tested";
            Error::Conflict(self.connection_tests.refusal(calls, wait))
        })
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A new identifier; later ones sort after earlier ones, so that logs are walked by key.
    pub fn new_id(&self) -> Uuid {
        self.identifiers.next(self.now())
    }

    /// For a job that goes on beside others, see [`Identifiers::branch`].
    pub(crate) fn for_job(&self, name: &str) -> Self {
        Self {
            identifiers: self.identifiers.branch(name),
            ..self.clone()
        }
    }

    /// A job that [`Self::for_job`] was called for has its lease.
    pub(crate) fn job_has_begun(&self) {
        self.identifiers.begun();
    }

    /// From now on, identifiers follow from a number and the clock.
    pub(crate) fn begin_identifiers(&self, seed: u64) {
        self.identifiers.begin_again(seed);
    }

    pub(crate) fn forget_on_demand_calls(&self) {
        self.on_demand_calls.forget();
    }

    /// Makes the worker look at once who is due.
    pub fn wake_worker(&self) {
        self.wake.notify_one();
        self.announce_change();
    }

    pub(crate) async fn woken(&self) {
        self.wake.notified().await;
    }

    /// Tells live pages that something may look different now.
    pub fn announce_change(&self) {
        self.changes.send_modify(|count| *count += 1);
    }

    /// Resolves whenever something was announced; several announcements may arrive as one.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }
}
