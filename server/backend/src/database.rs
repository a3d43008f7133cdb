//! SQLite or PostgreSQL behind one set of SQL.
//!
//! Placeholders are `$1`, types are TEXT and BIGINT, times are microseconds, documents are JSON
//! text, identifiers are made by the program. What differs between the two stands in this file.

pub(crate) mod columns;
#[cfg(any(test, feature = "testing"))]
pub mod death;

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
};

use sqlx::{
    Any, AnyConnection, AnyPool, AssertSqlSafe, Connection, Transaction,
    any::{AnyArguments, AnyConnectOptions, AnyPoolOptions},
    migrate::Migrator,
    query::Query,
    sqlite::SqliteConnectOptions,
};
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::error::{Error, Result};

/// A pool of connections.
#[derive(Clone)]
pub struct Database {
    pool: AnyPool,
    kind: DatabaseKind,
    /// SQLite has one writer at a time. Waiting here is fair and costs nothing; waiting inside
    /// SQLite means polling and, in the worst case, `database is locked`.
    writer: Arc<Mutex<()>>,
    /// Of SQLite.
    file: Option<Arc<Path>>,
    #[cfg(any(test, feature = "testing"))]
    pub death: death::Death,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatabaseKind {
    Sqlite,
    Postgres,
}

impl DatabaseKind {
    /// The kind that an address names.
    pub(crate) fn of(url: &str) -> Result<Self> {
        match url.split(':').next() {
            Some("sqlite") => Ok(Self::Sqlite),
            Some("postgres" | "postgresql") => Ok(Self::Postgres),
            _ => Err(Error::Outside(
                "DATABASE_URL must begin with sqlite: or postgres:.".to_owned(),
            )),
        }
    }
}

/// The tables that this program works with.
pub(crate) static SCHEMA: Migrator = sqlx::migrate!();

/// Whether there is anything to connect to. A server that is named is: what it says is an answer.
pub(crate) async fn exists(url: &str) -> Result<bool> {
    match sqlite_file(url)? {
        None => Ok(true),
        Some(file) => tokio::fs::try_exists(file).await.map_err(Error::internal),
    }
}

fn sqlite_file(url: &str) -> Result<Option<PathBuf>> {
    match DatabaseKind::of(url)? {
        DatabaseKind::Postgres => Ok(None),
        DatabaseKind::Sqlite => {
            let options = SqliteConnectOptions::from_str(url)?;
            Ok(Some(options.get_filename().to_owned()))
        }
    }
}

/// One connection beside every pool, which leaves the database's settings as they are.
pub(crate) async fn connect_once(url: &str) -> Result<AnyConnection> {
    sqlx::any::install_default_drivers();
    Ok(AnyConnection::connect(url).await?)
}

/// An open transaction that writes. Dropped without [`Self::commit`] it leaves no trace.
pub struct Write {
    transaction: Transaction<'static, Any>,
    _turn: Option<OwnedMutexGuard<()>>,
    #[cfg(any(test, feature = "testing"))]
    death: death::Death,
}

impl Write {
    #[cfg(not(any(test, feature = "testing")))]
    pub async fn commit(self) -> Result<()> {
        self.transaction.commit().await?;
        Ok(())
    }

    #[cfg(any(test, feature = "testing"))]
    pub async fn commit(self) -> Result<()> {
        self.death.check()?;
        if self.death.strikes() == Some(death::Moment::BeforeCommit) {
            return self.death.check();
        }
        self.transaction.commit().await?;
        self.death.check()
    }

    pub fn connection(&mut self) -> &mut sqlx::AnyConnection {
        &mut self.transaction
    }
}

impl Database {
    /// Opens `sqlite:PATH` or `postgres://…` and brings its tables up to date.
    pub async fn open(url: &str) -> Result<Self> {
        let db = Self::connect(url).await?;
        SCHEMA.run(&db.pool).await.map_err(Error::internal)?;
        Ok(db)
    }

    /// Opens it with the tables as they are.
    pub async fn connect(url: &str) -> Result<Self> {
        sqlx::any::install_default_drivers();
        let kind = DatabaseKind::of(url)?;
        let options = AnyConnectOptions::from_str(url)?;
        let pool = AnyPoolOptions::new()
            .max_connections(16)
            .after_connect(move |connection, _| {
                Box::pin(async move {
                    if kind == DatabaseKind::Sqlite {
                        prepare_sqlite(connection).await?;
                    }
                    Ok(())
                })
            })
            .after_release(|connection, _| Box::pin(is_outside_of_transactions(connection)))
            .connect_with(options)
            .await?;
        Ok(Self {
            pool,
            kind,
            writer: Arc::default(),
            file: sqlite_file(url)?.map(Into::into),
            #[cfg(any(test, feature = "testing"))]
            death: death::Death::default(),
        })
    }

    pub fn kind(&self) -> DatabaseKind {
        self.kind
    }

    /// For reading: any connection of the pool.
    pub fn read(&self) -> &AnyPool {
        &self.pool
    }

    /// Begins a transaction that writes.
    pub async fn write(&self) -> Result<Write> {
        #[cfg(any(test, feature = "testing"))]
        self.death.check()?;
        let (turn, begin) = match self.kind {
            // IMMEDIATE: a reader that turns writer in mid-transaction would be refused.
            DatabaseKind::Sqlite => (
                Some(Arc::clone(&self.writer).lock_owned().await),
                "BEGIN IMMEDIATE",
            ),
            DatabaseKind::Postgres => (None, "BEGIN"),
        };
        Ok(Write {
            transaction: self.pool.begin_with(begin).await?,
            _turn: turn,
            #[cfg(any(test, feature = "testing"))]
            death: self.death.clone(),
        })
    }

    /// Stores a little, to see whether that works; an error, too, when there is hardly any room left.
    pub async fn try_storing(&self) -> Result<()> {
        if self.free_bytes().is_some_and(|free| free < LEAST_ROOM) {
            return Err(Error::DiskFull);
        }
        let mut write = self.write().await?;
        sqlx::query("UPDATE installation SET kind = kind")
            .execute(write.connection())
            .await?;
        write.commit().await
    }

    /// How much room the disk has; none where that cannot be known.
    fn free_bytes(&self) -> Option<u64> {
        let disk = rustix::fs::statvfs(self.file.as_deref()?.parent()?).ok()?;
        Some(disk.f_bavail.saturating_mul(disk.f_frsize))
    }

    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// Whether a statement failed because there is no room: SQLite's `SQLITE_FULL` and
/// `SQLITE_IOERR_SHMSIZE`, PostgreSQL's `disk_full`.
pub(crate) fn is_disk_full(error: &sqlx::Error) -> bool {
    const CODES: [&str; 3] = ["13", "4874", "53100"];
    let error = error.as_database_error();
    let code = error.and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|code| CODES.contains(&code.as_ref()))
}

/// Whether a connection may be used again. After a commit that failed, as on a full disk, SQLite has
/// ended the transaction by itself and the driver still counts it: such a connection would refuse
/// to begin another one for ever, so it is closed.
async fn is_outside_of_transactions(connection: &mut AnyConnection) -> sqlx::Result<bool> {
    if connection.is_in_transaction() {
        // A transaction that was dropped is rolled back in the background; this waits for it.
        connection.ping().await?;
    }
    Ok(!connection.is_in_transaction())
}

async fn prepare_sqlite(connection: &mut sqlx::AnyConnection) -> sqlx::Result<()> {
    for pragma in [
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = NORMAL",
        "PRAGMA busy_timeout = 10000",
        "PRAGMA foreign_keys = ON",
        "PRAGMA temp_store = MEMORY",
        "PRAGMA cache_size = -16384",
    ] {
        sqlx::query(pragma).execute(&mut *connection).await?;
    }
    Ok(())
}

/// With less room than this, a cycle would soon find none.
const LEAST_ROOM: u64 = 16 * 1024 * 1024;

/// How many placeholders one statement may carry: SQLite's limit is 32,766, PostgreSQL's 65,535.
const MAX_PLACEHOLDERS: usize = 32_000;

/// Rows that fit into one statement of `columns` placeholders each.
pub fn rows_per_statement(columns: usize) -> usize {
    (MAX_PLACEHOLDERS / columns.max(1)).min(1_000)
}

/// `($1, $2), ($3, $4)` for `rows` rows of `columns` values, counted on from `first`.
pub fn value_rows(first: usize, rows: usize, columns: usize) -> String {
    let mut text = String::with_capacity(rows * columns * 6);
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..columns {
            let comma = if column == 0 { "" } else { ", " };
            let _ = write!(text, "{comma}${}", first + row * columns + column);
        }
        text.push(')');
    }
    text
}

/// `$3, $4, $5` for a list of `count` values, counted on from `first`.
pub fn value_list(first: usize, count: usize) -> String {
    let mut text = String::with_capacity(count * 6);
    for index in 0..count {
        let comma = if index == 0 { "" } else { ", " };
        let _ = write!(text, "{comma}${}", first + index);
    }
    text
}

/// A statement whose text was put together here, from literals and [`value_rows`] only: values
/// always travel as placeholders.
pub fn assembled<'q>(sql: String) -> Query<'q, Any, AnyArguments> {
    sqlx::query(AssertSqlSafe(sql))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::TestBackend;

    /// As on a full disk: the commit fails, and the transaction is gone.
    async fn fail_to_commit(db: &Database) {
        let mut write = db.write().await.unwrap();
        sqlx::query("DELETE FROM mails")
            .execute(write.connection())
            .await
            .unwrap();
        // Behind the driver's back, as SQLite does it by itself.
        sqlx::query("ROLLBACK")
            .execute(write.connection())
            .await
            .unwrap();
        let committed = write.commit().await;
        assert_eq!(committed.is_err(), db.kind() == DatabaseKind::Sqlite);
    }

    #[tokio::test]
    async fn a_connection_whose_commit_failed_is_not_used_again() {
        let backend = TestBackend::new().await;
        for _ in 0..40 {
            fail_to_commit(&backend.db).await;
            backend.db.try_storing().await.unwrap();
        }
    }
}
