//! LDAP v3 directories: OpenLDAP, Active Directory and their relatives.
//!
//! In reading order: [`settings`] (what a person fills in), `connection` with `tls`, `codec` and
//! `refusal` (bytes, and failures in words), `search` and `filter` (pages), `dialect`, `attributes`,
//! `schema`, `extended_names`, `decode` and `ranges` (what directories say, in the engine's words), `position` and `reading`
//! (everything, or what changed), `passwords` (their hashes), `lookup` and `report` (what a page
//! asks for).
//!
//! - Reading is paged and pulled: a message is taken from the socket when it is needed, and a page
//!   is asked for when the one before was handed on. Half a million entries pass through a few
//!   megabytes.
//! - Whatever a directory sends is bounded: in size, depth, number and time. Nothing it sends may
//!   end the process; a panic while reading becomes an error of that reading.
//! - Deletions are found by absence. Each reading that names every object is complete, or it has
//!   no [`ReadEvent::End`](crate::ReadEvent::End).

mod attributes;
mod codec;
mod connection;
mod decode;
mod dialect;
mod extended_names;
mod filter;
mod lookup;
mod passwords;
mod position;
mod ranges;
mod reading;
mod refusal;
mod report;
mod schema;
mod search;
pub mod settings;
mod tls;

use std::{any::Any, collections::BTreeSet, future::Future, panic::AssertUnwindSafe, sync::Arc};

use async_trait::async_trait;
use engine::directory::{AttributeName, Dn, ObjectKind, SourceAnchor, SourceObject};
use futures::FutureExt;
use tokio::sync::mpsc;

pub use attributes::ASKED_FOR;
use connection::Connection;
use dialect::Dialect;
use position::Position;
use reading::{Events, Extent, Stop};
pub use settings::{
    LdapSettings, LdapSettingsDraft, LdapSettingsField, LdapSettingsMistake, LdapTimeouts,
};

use crate::source::{
    Capabilities, ChangedPasswords, Chosen, Container, Cursor, Lookup, ReadRequest, Reading,
    Source, SourceError, SourcePassword, SourceReport, Whereabouts,
};

/// A directory that speaks LDAP. Every question has a connection of its own.
#[derive(Clone, Debug)]
pub struct LdapSource {
    settings: Arc<LdapSettings>,
}

impl LdapSource {
    pub fn new(settings: LdapSettings) -> Self {
        Self {
            settings: Arc::new(settings),
        }
    }
}

/// A connection, and what the directory said of itself.
struct Session {
    settings: Arc<LdapSettings>,
    connection: Connection,
    dialect: Dialect,
}

impl Session {
    async fn open(settings: &Arc<LdapSettings>) -> Result<Self, SourceError> {
        let mut connection = Connection::open(settings).await?;
        let dialect = Dialect::of(&mut connection, settings).await?;
        Ok(Self {
            settings: Arc::clone(settings),
            connection,
            dialect,
        })
    }
}

#[async_trait]
impl Source for LdapSource {
    async fn check(&self) -> Result<SourceReport, SourceError> {
        contained(async {
            let mut session = Session::open(&self.settings).await?;
            let report = session.report().await?;
            session.connection.close().await;
            Ok(report)
        })
        .await
    }

    async fn read(&self, request: ReadRequest) -> Result<Reading, SourceError> {
        contained(self.begin(request)).await
    }

    async fn fetch(&self, lookup: &Lookup) -> Result<Option<SourceObject>, SourceError> {
        contained(async {
            let mut session = Session::open(&self.settings).await?;
            let object = session.fetch(lookup).await?;
            session.connection.close().await;
            Ok(object)
        })
        .await
    }

    async fn search(
        &self,
        kind: ObjectKind,
        part: &str,
        greatest_number: u16,
    ) -> Result<Vec<SourceObject>, SourceError> {
        contained(async {
            let mut session = Session::open(&self.settings).await?;
            let objects = session.search(kind, part, greatest_number).await?;
            session.connection.close().await;
            Ok(objects)
        })
        .await
    }

    async fn containers(&self, parent: &Dn) -> Result<Vec<Container>, SourceError> {
        contained(async {
            let mut session = Session::open(&self.settings).await?;
            let containers = session.containers(parent).await?;
            session.connection.close().await;
            Ok(containers)
        })
        .await
    }

    async fn locate(&self, chosen: &[Chosen]) -> Result<Vec<Whereabouts>, SourceError> {
        contained(async {
            let mut session = Session::open(&self.settings).await?;
            let mut found = Vec::new();
            for one in chosen {
                found.push(session.locate(one).await?);
            }
            session.connection.close().await;
            Ok(found)
        })
        .await
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            reports_deletions: false,
        }
    }

    async fn attribute_names(&self) -> Result<BTreeSet<AttributeName>, SourceError> {
        contained(async {
            let mut session = Session::open(&self.settings).await?;
            let names = session.attribute_names().await?;
            session.connection.close().await;
            Ok(names)
        })
        .await
    }

    async fn unknown_attributes(
        &self,
        names: BTreeSet<AttributeName>,
    ) -> Result<BTreeSet<AttributeName>, SourceError> {
        contained(async {
            let mut session = Session::open(&self.settings).await?;
            let unknown = session.unknown_attributes(names).await?;
            session.connection.close().await;
            Ok(unknown)
        })
        .await
    }

    async fn changed_passwords(
        &self,
        since: Option<&Cursor>,
    ) -> Result<ChangedPasswords, SourceError> {
        contained(async {
            let mut session = Session::open(&self.settings).await?;
            let changed = session.changed_passwords(since).await?;
            session.connection.close().await;
            Ok(changed)
        })
        .await
    }

    async fn passwords(&self, of: &[SourceAnchor]) -> Result<Vec<SourcePassword>, SourceError> {
        contained(async {
            let mut session = Session::open(&self.settings).await?;
            let passwords = session.passwords(of).await?;
            session.connection.close().await;
            Ok(passwords)
        })
        .await
    }
}

impl LdapSource {
    async fn begin(&self, request: ReadRequest) -> Result<Reading, SourceError> {
        let since = match &request {
            ReadRequest::Everything => None,
            ReadRequest::Changes { since, .. } => {
                Some(Position::from_cursor(since, &self.settings)?)
            }
        };
        let Session {
            settings,
            mut connection,
            dialect,
        } = Session::open(&self.settings).await?;
        let position = Position::of(&mut connection, &settings, &dialect).await?;
        let extent = extent(&request, since, &position)?;
        let names_every_object = match &extent {
            Extent::Everything => true,
            Extent::Changes { detect_absence, .. } => *detect_absence,
        };
        // One page is on its way while one is consumed.
        let (sender, events) = mpsc::channel(1);
        tokio::spawn(async move {
            let reading = reading::read(connection, settings, dialect, position, extent, &sender);
            supervise(reading, &sender).await;
        });
        Ok(Reading {
            names_every_object,
            expected_objects: None,
            events,
        })
    }
}

fn extent(
    request: &ReadRequest,
    since: Option<Position>,
    now: &Position,
) -> Result<Extent, SourceError> {
    match (request, since) {
        (ReadRequest::Changes { detect_absence, .. }, Some(since)) => Ok(Extent::Changes {
            filter: since.changes_until(now)?,
            since,
            detect_absence: *detect_absence,
        }),
        _ => Ok(Extent::Everything),
    }
}

/// Follows a reading to its end, for as long as somebody listens; then the connection is closed by
/// dropping it.
async fn supervise(reading: impl Future<Output = Result<(), Stop>>, events: &Events) {
    let outcome = tokio::select! {
        outcome = AssertUnwindSafe(reading).catch_unwind() => outcome,
        () = events.closed() => return,
    };
    let error = match outcome {
        Ok(Ok(()) | Err(Stop::NobodyListens)) => return,
        Ok(Err(Stop::Failed(error))) => error,
        Err(panic) => panicked(panic.as_ref()),
    };
    // Nobody listening any more is no mistake.
    let _ = events.send(Err(error)).await;
}

/// A panic over something that a directory sent is an answer that was not understood.
async fn contained<T>(
    question: impl Future<Output = Result<T, SourceError>>,
) -> Result<T, SourceError> {
    AssertUnwindSafe(question)
        .catch_unwind()
        .await
        .unwrap_or_else(|panic| Err(panicked(panic.as_ref())))
}

fn panicked(panic: &(dyn Any + Send)) -> SourceError {
    let message = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    tracing::error!(message, "Reading a directory ended in a panic");
    SourceError::Protocol {
        detail: "reading it failed in a way that should not happen; the log says more.".to_owned(),
    }
}
