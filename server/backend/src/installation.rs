//! Whose a database is: a real installation's or a demo's, which program wrote it, and which key
//! opens what it holds.
//!
//! A demo empties its world at will, so it must never meet real data. What a database holds is
//! therefore looked at before anything is done with it ([`DatabaseContents::look`], which changes
//! nothing, not even the tables), judged ([`DatabaseContents::judge`]), and marked at the first
//! start ([`mark`]).

mod contents;

use std::path::PathBuf;

use secrecy::SecretString;
use sqlx::{Any, Executor, Row};

pub use self::contents::{DatabaseContents, SchemaAge, StoredInstallation};
use crate::{
    Error, Result,
    database::{Database, Write},
    secrets::Secrets,
};

/// What an installation is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InstallationKind {
    Production,
    Demo,
}

impl InstallationKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Demo => "demo",
        }
    }

    /// A word that nobody here wrote counts as real data: that is the side on which nothing is lost.
    fn parse(word: &str) -> Self {
        match word {
            "demo" => Self::Demo,
            _ => Self::Production,
        }
    }
}

/// Why a database is left alone. Nothing was changed; each sentence says what helps.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum InstallationRefusal {
    #[error(
        "This database belongs to a real installation, and a demo would empty it. Nothing was \
         changed. Name another folder with --data, or another database with --database-url."
    )]
    DemoOnRealData,
    #[error(
        "This database belongs to a demo. Nothing was changed. Start it with `cloud-sync demo`, or \
         name another folder with --data or another database with --database-url."
    )]
    RealStartOnDemo,
    #[error(
        "This database holds tables of another program. Nothing was changed. Name an empty one."
    )]
    AnotherProgram,
    #[error(
        "This database was changed by a newer version of Cloud sync. Nothing was changed. Start \
         that version."
    )]
    NewerSchema,
    #[error(
        "This database was last used by an older version of Cloud sync. Nothing was changed. Start \
         the server once: it brings the database up to date."
    )]
    OlderSchema,
    #[error("There is no Cloud sync in this database yet. Start the server first.")]
    NothingThere,
    #[error(
        "The key file {path} is missing, and the database holds credentials that only this key \
         opens. Nothing was changed. Put the file back, for example from a backup. If it is lost \
         for good, `cloud-sync replace-key` makes a new one and forgets the credentials."
    )]
    KeyMissing { path: PathBuf },
    #[error(
        "The key file {path} is damaged: it holds no key of this program. Nothing was changed. Put \
         the file back, for example from a backup. If it is lost for good, `cloud-sync replace-key` \
         makes a new one and forgets the credentials."
    )]
    DamagedKey { path: PathBuf },
    #[error(
        "The key of this installation was replaced while the server was running, so nothing was \
         stored. Start the server again."
    )]
    KeyReplaced,
    #[error(
        "The key file {path} is not the one that sealed the credentials in this database. Nothing \
         was changed. Put the right file back, for example from a backup. If it is lost for good, \
         `cloud-sync replace-key` makes a new one and forgets the credentials."
    )]
    WrongKey { path: PathBuf },
}

impl From<InstallationRefusal> for Error {
    fn from(refusal: InstallationRefusal) -> Self {
        Self::Conflict(refusal.to_string())
    }
}

/// What somebody wants to do with a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatabaseUse {
    /// To serve from it. Tables are made or brought up to date.
    Serve(InstallationKind),
    /// To work beside a server, or instead of one, on what is there. Of which kind it is matters
    /// only to who named one.
    Command(Option<InstallationKind>),
}

const KEY_CHECK_PURPOSE: &str = "key check";
const KEY_CHECK: &str = "cloud-sync";

/// Marks a database at the first start; afterwards it only looks. False when the database turns out
/// to be marked for another kind or another key, because somebody else was faster.
pub async fn mark(db: &Database, kind: InstallationKind, secrets: &Secrets) -> Result<bool> {
    let mut write = db.write().await?;
    let known = SecretString::from(KEY_CHECK);
    sqlx::query(
        "INSERT INTO installation (id, kind, key_check) VALUES (1, $1, $2)
         ON CONFLICT (id) DO NOTHING",
    )
    .bind(kind.as_str())
    .bind(secrets.seal(KEY_CHECK_PURPOSE, &known)?)
    .execute(write.connection())
    .await?;
    let stored = stored_mark(write.connection()).await?;
    write.commit().await?;
    Ok(stored.is_some_and(|stored| stored.kind == kind && stored.is_sealed_with(secrets)))
}

/// Gives the installation a new key. What the old one sealed is forgotten: the bind passwords of
/// directories have to be entered again.
///
/// Returns how many directories that concerns.
pub async fn replace_key(write: &mut Write, secrets: &Secrets) -> Result<u64> {
    let known = SecretString::from(KEY_CHECK);
    sqlx::query("UPDATE installation SET key_check = $1 WHERE id = 1")
        .bind(secrets.seal(KEY_CHECK_PURPOSE, &known)?)
        .execute(write.connection())
        .await?;
    let forgotten =
        sqlx::query("UPDATE directories SET sealed_password = NULL WHERE kind = 'ldap'")
            .execute(write.connection())
            .await?;
    Ok(forgotten.rows_affected())
}

/// Whether the installation still goes by this key. One without a mark, as in tests, does.
pub(crate) async fn is_sealed_with(write: &mut Write, secrets: &Secrets) -> Result<bool> {
    let stored = stored_mark(write.connection()).await?;
    Ok(stored.is_none_or(|stored| stored.is_sealed_with(secrets)))
}

/// Whether the world in this database may be emptied: the last guard, whatever was checked before.
pub(crate) async fn is_real(write: &mut Write) -> Result<bool> {
    let stored = stored_mark(write.connection()).await?;
    Ok(stored.is_some_and(|stored| stored.kind == InstallationKind::Production))
}

/// The mark of a database.
#[derive(Debug)]
struct StoredMark {
    kind: InstallationKind,
    key_check: String,
}

impl StoredMark {
    fn is_sealed_with(&self, secrets: &Secrets) -> bool {
        secrets.open(KEY_CHECK_PURPOSE, &self.key_check).is_ok()
    }
}

async fn stored_mark<'e>(
    executor: impl Executor<'e, Database = Any>,
) -> Result<Option<StoredMark>> {
    let row = sqlx::query("SELECT kind, key_check FROM installation WHERE id = 1")
        .fetch_optional(executor)
        .await?;
    row.map(|row| {
        Ok(StoredMark {
            kind: InstallationKind::parse(&row.try_get::<String, _>("kind")?),
            key_check: row.try_get("key_check")?,
        })
    })
    .transpose()
}
