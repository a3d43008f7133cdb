//! What every directory can be asked, whatever its protocol.

use std::collections::BTreeSet;

use async_trait::async_trait;
use engine::{
    directory::{AttributeName, Dn, ObjectGuid, ObjectKind, SourceAnchor, SourceObject},
    password_hash::NtHash,
    timestamp::Timestamp,
};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

/// A directory that objects are read from.
#[async_trait]
pub trait Source: Send + Sync {
    /// Connects, signs in, and says what is there or exactly what failed.
    async fn check(&self) -> Result<SourceReport, SourceError>;

    /// Starts a reading. Its pages are read while the caller consumes them.
    async fn read(&self, request: ReadRequest) -> Result<Reading, SourceError>;

    /// One object, as it is now; none where the directory has no such object.
    async fn fetch(&self, lookup: &Lookup) -> Result<Option<SourceObject>, SourceError>;

    /// Some objects of a kind whose names contain `part`, at most so many; nothing from a source that
    /// cannot search. Only what they are recognized by is read of them.
    async fn search(
        &self,
        kind: ObjectKind,
        part: &str,
        greatest_number: u16,
    ) -> Result<Vec<SourceObject>, SourceError> {
        let _ = (kind, part, greatest_number);
        Ok(Vec::new())
    }

    /// The containers directly below `parent`, for the tree in which a person chooses.
    async fn containers(&self, parent: &Dn) -> Result<Vec<Container>, SourceError>;

    /// Where the groups and containers are now that a person chose: one answer for each, in order.
    /// A source that cannot tell leaves every name as it is.
    async fn locate(&self, chosen: &[Chosen]) -> Result<Vec<Whereabouts>, SourceError> {
        let as_it_is = |chosen: &Chosen| Whereabouts::At {
            dn: chosen.dn.clone(),
            guid: chosen.guid,
        };
        Ok(chosen.iter().map(as_it_is).collect())
    }

    fn capabilities(&self) -> Capabilities;

    /// The attributes that its objects can have, as far as it says, for lists in which a person
    /// chooses. Asked each time, so that what was added to its schema is there at once.
    async fn attribute_names(&self) -> Result<BTreeSet<AttributeName>, SourceError> {
        Ok(BTreeSet::new())
    }

    /// Those of these attributes that its objects cannot have; none where it does not say. Unlike
    /// [`Self::attribute_names`], this knows every name of an attribute that has several.
    async fn unknown_attributes(
        &self,
        names: BTreeSet<AttributeName>,
    ) -> Result<BTreeSet<AttributeName>, SourceError> {
        let _ = names;
        Ok(BTreeSet::new())
    }

    /// Whose password may have changed since the cursor; everybody's that has one without a cursor.
    async fn changed_passwords(
        &self,
        since: Option<&Cursor>,
    ) -> Result<ChangedPasswords, SourceError> {
        let _ = since;
        Err(SourceError::no_password_hashes())
    }

    /// The passwords of these objects, as far as there are any; at most [`PASSWORDS_AT_ONCE`].
    async fn passwords(&self, of: &[SourceAnchor]) -> Result<Vec<SourcePassword>, SourceError> {
        let _ = of;
        Err(SourceError::no_password_hashes())
    }
}

/// How many objects may be named in one call of [`Source::passwords`].
pub const PASSWORDS_AT_ONCE: usize = 250;

/// What [`Source::changed_passwords`] answers. Names only: hashes are fetched a few at a time, and
/// held for as long as it takes to derive from them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedPasswords {
    pub of: Vec<SourceAnchor>,
    /// For the next call. Taken before the first object was looked at.
    pub cursor: Cursor,
}

/// The password of one object. Not to be cloned, stored or printed.
#[derive(Debug)]
pub struct SourcePassword {
    pub anchor: SourceAnchor,
    /// When it was set, where the directory says so.
    pub set_at: Option<Timestamp>,
    pub state: PasswordState,
}

#[derive(Debug)]
pub enum PasswordState {
    Usable(NtHash),
    /// To be changed at the next sign-in. Until then it is nobody's password.
    MustChange,
    /// There is something that is no hash; the sentence says what helps.
    Unusable(String),
}

/// What a source can do beyond reading everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// A reading of changes names the objects that are gone. Where false, deletions are found by
    /// [`ReadRequest::Changes`] with `detect_absence`.
    pub reports_deletions: bool,
}

/// Where the next reading of changes starts. Opaque outside the source that made it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(pub String);

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadRequest {
    /// Every object, with its attributes.
    Everything,
    /// What changed since the cursor. With `detect_absence` the objects that did not change are
    /// named too (as [`Observation::Unchanged`]), so that absence can be told from silence.
    Changes { since: Cursor, detect_absence: bool },
}

/// A reading under way.
#[derive(Debug)]
pub struct Reading {
    /// Whether every object of the directory will be named. Only then does absence mean anything.
    pub names_every_object: bool,
    /// How many objects will come, where the directory says so beforehand.
    pub expected_objects: Option<u64>,
    pub events: mpsc::Receiver<Result<ReadEvent, SourceError>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadEvent {
    Page(Vec<Observation>),
    /// The directory said that this was all. Nothing follows.
    End(ReadEnd),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadEnd {
    /// For the next [`ReadRequest::Changes`]. Taken before the first page was read: what changes
    /// meanwhile is read twice rather than missed.
    pub cursor: Cursor,
    /// What was there but could not be taken.
    pub skipped: Skipped,
}

impl ReadEnd {
    /// Whether what was not named is not there. While objects are skipped nobody can say which,
    /// so absence means nothing.
    pub fn absence_means_deletion(&self) -> bool {
        self.skipped.count == 0
    }
}

/// Objects that the directory has and the reading could not take, for example because the bind
/// account may not see what identifies them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Skipped {
    pub count: u64,
    /// The first few, each a sentence that names the object and the reason.
    pub examples: Vec<String>,
}

impl Skipped {
    const EXAMPLES: usize = 10;

    /// Adds what was skipped elsewhere.
    pub fn extend(&mut self, other: Self) {
        self.count += other.count;
        let room = Self::EXAMPLES.saturating_sub(self.examples.len());
        self.examples.extend(other.examples.into_iter().take(room));
    }

    /// Counts one more, and keeps its sentence while there are few.
    pub fn add(&mut self, sentence: impl FnOnce() -> String) {
        self.count += 1;
        if self.examples.len() < Self::EXAMPLES {
            self.examples.push(sentence());
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Observation {
    Present(SourceObject),
    /// Still there; its attributes were not asked for.
    Unchanged(SourceAnchor),
    /// The directory says that it is gone.
    Gone(SourceAnchor),
}

/// A group or a container that a person chose by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    pub dn: Dn,
    /// As [`Whereabouts`] told it before: then this object is meant, whatever its name, and what
    /// got the name since is not.
    pub guid: Option<ObjectGuid>,
}

/// What [`Source::locate`] answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whereabouts {
    At {
        dn: Dn,
        /// Where the directory gives its entries identifiers.
        guid: Option<ObjectGuid>,
    },
    /// It was deleted, or the bind account may not see it.
    NotFound,
}

/// How one object is named by a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    Dn(Dn),
    Anchor(SourceAnchor),
    /// `userPrincipalName`, `mail` or `uid`, without case.
    Name(String),
}

/// A container: an organizational unit, a domain head.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Container {
    pub dn: Dn,
    pub name: String,
    pub has_containers: bool,
}

/// What **Test connection** found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SourceReport {
    /// For example "OpenLDAP", "Active Directory", "Demo forest".
    pub product: String,
    /// How many objects of each kind the first look saw; at most a page of each is counted, and
    /// then `more` is true.
    pub seen: Vec<Seen>,
    /// What works but will surprise, each a sentence with its remedy.
    pub warnings: Vec<String>,
    /// Password hashes can be had.
    pub delivers_password_hashes: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Seen {
    pub kind: ObjectKind,
    pub count: u64,
    pub more: bool,
}

/// Why a source did not answer. Each sentence says what happened and what helps; the variants are
/// what a caller chooses by: wait, ask for a person, or read everything again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    #[error("{address} cannot be reached: {detail}")]
    Unreachable { address: String, detail: String },
    #[error("The secure connection to {address} failed: {detail}")]
    Untrusted { address: String, detail: String },
    #[error("The directory refused the bind account: {detail}")]
    BadCredentials { detail: String },
    #[error("The bind account may not do this: {detail}")]
    AccessDenied { detail: String },
    #[error("The directory has no entry {base}, or the bind account may not see it.")]
    BaseNotFound { base: String },
    #[error(
        "The directory cut the reading short after {entries} entries (size limit). Allow the bind \
         account to read without a limit."
    )]
    SizeLimitExceeded { entries: u64 },
    #[error(
        "The directory cut the reading short after {entries} entries (time limit). Allow the bind \
         account to read for longer."
    )]
    TimeLimitExceeded { entries: u64 },
    #[error("The connection was lost during the reading: {detail}")]
    ConnectionLost { detail: String },
    #[error("The directory did not answer within {seconds} seconds.")]
    TimedOut { seconds: u64 },
    #[error(
        "The directory no longer knows where the last reading ended; everything is read again."
    )]
    CursorRejected,
    #[error("The directory's answer was not understood: {detail}")]
    Protocol { detail: String },
    #[error("The connection settings are not usable: {detail}")]
    BadSettings { detail: String },
    #[error("The directory does not give out password hashes: {detail}")]
    NoPasswordHashes { detail: String },
}

impl SourceError {
    fn no_password_hashes() -> Self {
        Self::NoPasswordHashes {
            detail: "this kind of directory cannot.".to_owned(),
        }
    }
}
