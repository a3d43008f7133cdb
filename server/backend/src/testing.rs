//! A fresh database and a clock by hand for every test.
//!
//! With `TEST_DATABASE_URL=postgres://…` each test gets a PostgreSQL database of its own, otherwise
//! a SQLite file of its own; the same tests pass on both.

use engine::timestamp::Timestamp;
use sqlx::{AssertSqlSafe, Connection};
use tempfile::TempDir;
use uuid::Uuid;

use crate::{Backend, clock::Clock, context::Settings, database::Database, secrets::Secrets};

/// 2026-01-05, a Monday, nine o'clock UTC: when every test begins.
pub const START: Timestamp = Timestamp(1_767_603_600_000_000);

/// A backend whose database goes when this is dropped.
pub struct TestBackend {
    pub backend: Backend,
    pub database_url: String,
    _folder: TempDir,
}

impl std::ops::Deref for TestBackend {
    type Target = Backend;

    fn deref(&self) -> &Backend {
        &self.backend
    }
}

impl TestBackend {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let database_url = fresh_database(&folder).await;
        Self::on(folder, database_url).await
    }

    /// As [`Self::new`], on a copy of a database that was made once: for tests that need thousands.
    /// On SQLite in memory, where the machine offers that.
    pub async fn quick() -> Self {
        static TEMPLATE: tokio::sync::OnceCell<Vec<u8>> = tokio::sync::OnceCell::const_new();
        if server_url().is_some() {
            return Self::new().await;
        }
        let template = TEMPLATE.get_or_init(empty_database).await;
        let folder = folder_in_memory();
        let file = folder.path().join("test.db");
        std::fs::write(&file, template).expect("the folder can be written to");
        Self::on(folder, format!("sqlite:{}", file.display())).await
    }

    async fn on(folder: TempDir, database_url: String) -> Self {
        let db = Database::open(&database_url)
            .await
            .expect("a fresh database opens");
        let backend = Backend::new(
            db,
            Clock::manual(START),
            Secrets::ephemeral(),
            Settings::demo_defaults(),
        );
        Self {
            backend,
            database_url,
            _folder: folder,
        }
    }

    /// Another server on the same database, as after a restart.
    pub async fn restarted(&self) -> Backend {
        let db = Database::open(&self.database_url)
            .await
            .expect("the database opens again");
        Backend::new(
            db,
            self.backend.clock.clone(),
            self.backend.secrets.clone(),
            Settings::demo_defaults(),
        )
    }
}

/// Whether tests run on a PostgreSQL, where a fresh database takes seconds.
pub fn is_on_postgres() -> bool {
    server_url().is_some()
}

fn folder_in_memory() -> TempDir {
    let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
    folder.expect("a temporary folder can be made")
}

/// The file of a database with tables and nothing in them.
async fn empty_database() -> Vec<u8> {
    let folder = folder_in_memory();
    let url = fresh_database(&folder).await;
    let db = Database::open(&url).await.expect("a fresh database opens");
    // The last one to leave puts everything into the one file.
    db.close().await;
    std::fs::read(folder.path().join("test.db")).expect("the database is a file")
}

/// The address of an empty database.
pub async fn fresh_database(folder: &TempDir) -> String {
    match server_url() {
        Some(server) => fresh_postgres_database(&server).await,
        None => format!(
            "sqlite:{}?mode=rwc",
            folder.path().join("test.db").display()
        ),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests choose their database by the environment"
)]
fn server_url() -> Option<String> {
    std::env::var("TEST_DATABASE_URL")
        .ok()
        .filter(|url| !url.is_empty())
}

async fn fresh_postgres_database(server: &str) -> String {
    sqlx::any::install_default_drivers();
    let name = format!("test_{}", Uuid::new_v4().simple());
    let mut connection = sqlx::AnyConnection::connect(server)
        .await
        .expect("the test server answers");
    let create =
        format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C'");
    sqlx::query(AssertSqlSafe(create))
        .execute(&mut connection)
        .await
        .expect("it may create one");
    let (before, after) = server
        .rsplit_once('/')
        .expect("the address ends with a database");
    let query = after
        .split_once('?')
        .map(|(_, query)| format!("?{query}"))
        .unwrap_or_default();
    format!("{before}/{name}{query}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Actor, audit};

    #[tokio::test]
    async fn what_is_committed_is_read_back_and_what_is_not_leaves_no_trace() {
        let backend = TestBackend::new().await;
        for (target, commit) in [("kept", true), ("dropped", false)] {
            let mut write = backend.db.write().await.unwrap();
            audit::record(
                &backend,
                &mut write,
                &Actor::System,
                audit::Activity::Quarantine,
                target,
                "",
            )
            .await
            .unwrap();
            if commit {
                write.commit().await.unwrap();
            }
        }
        let page = audit::list(&backend, None, 10).await.unwrap();
        let targets: Vec<_> = page
            .items
            .iter()
            .map(|entry| entry.target.as_str())
            .collect();
        assert_eq!(targets, ["kept"]);
    }
}
