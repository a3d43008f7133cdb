//! Whose a database is: what a mistaken flag, folder or key must never do.

#![expect(clippy::unwrap_used, reason = "the helpers are part of the tests, too")]

use std::fs;
use std::path::PathBuf;

use backend::database::Database;
use backend::secrets::Secrets;
use backend::testing::fresh_database;
use backend::{Backend, admins, configurations, demo};
use clap::Parser;
use server::cli::CommandLine;
use server::settings::{Settings, Storage, Task};
use server::startup;
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Row};
use tempfile::TempDir;

/// A folder and a database that nobody used before.
struct Place {
    folder: TempDir,
    url: String,
}

impl Place {
    async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let url = fresh_database(&folder).await;
        Self { folder, url }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn key_file(&self) -> PathBuf {
        self.data().join(startup::KEY_FILE)
    }

    fn task(&self, words: &[&str]) -> Task {
        let data = self.data().display().to_string();
        let place = ["--data", &data, "--database-url", &self.url];
        let words = [&["cloud-sync"], words, &place].concat();
        CommandLine::parse_from(words).into()
    }

    async fn start(&self, words: &[&str]) -> anyhow::Result<Backend> {
        let Task::Serve(settings) = self.task(words) else {
            panic!("it serves");
        };
        let settings: Settings = *settings;
        startup::open_backend(&settings).await
    }

    async fn command(&self, words: &[&str]) -> anyhow::Result<Backend> {
        let Task::Plan { storage, .. } = self.task(words) else {
            panic!("it plans");
        };
        startup::open_backend_beside(&storage).await
    }

    /// As a person leaves it who began to use it.
    async fn in_real_use(&self) {
        let backend = self.start(&[]).await.unwrap();
        admins::first_start_link(&backend).await.unwrap();
        backend.db.close().await;
    }

    async fn demo(&self) {
        let backend = self.start(&["--demo"]).await.unwrap();
        backend.db.close().await;
    }

    async fn execute(&self, sql: &str) {
        sqlx::any::install_default_drivers();
        let mut connection = AnyConnection::connect(&self.url).await.unwrap();
        sqlx::query(AssertSqlSafe(sql.to_owned()))
            .execute(&mut connection)
            .await
            .unwrap();
        connection.close().await.unwrap();
    }

    async fn count(&self, table: &str) -> i64 {
        sqlx::any::install_default_drivers();
        let mut connection = AnyConnection::connect(&self.url).await.unwrap();
        let sql = format!("SELECT COUNT(*) AS n FROM {table}");
        let row = sqlx::query(AssertSqlSafe(sql))
            .fetch_one(&mut connection)
            .await
            .unwrap();
        connection.close().await.unwrap();
        row.get("n")
    }
}

fn sentence(result: anyhow::Result<Backend>) -> String {
    match result {
        Ok(_) => panic!("it was opened"),
        Err(error) => format!("{error:#}"),
    }
}

#[tokio::test]
async fn a_demo_never_begins_on_the_database_of_a_real_installation() {
    let place = Place::new().await;
    place.in_real_use().await;
    for words in [&["--demo"][..], &["demo"], &["demo", "--seed", "7"]] {
        let refusal = sentence(place.start(words).await);
        assert!(refusal.contains("a demo would empty it"), "{refusal}");
    }
    let refusal = sentence(place.command(&["plan", "contoso.test", "--demo"]).await);
    assert!(refusal.contains("a demo would empty it"), "{refusal}");
    assert_eq!(place.count("admin_invitations").await, 1);
    assert_eq!(place.count("demo_world").await, 0);
    place.start(&[]).await.unwrap();
}

#[tokio::test]
async fn a_real_installation_from_before_the_mark_is_recognised() {
    let place = Place::new().await;
    place.in_real_use().await;
    place.execute("DELETE FROM installation").await;
    let refusal = sentence(place.start(&["--demo"]).await);
    assert!(refusal.contains("a demo would empty it"), "{refusal}");
    place.start(&[]).await.unwrap();
    assert_eq!(place.count("installation").await, 1);
}

#[tokio::test]
async fn a_reset_refuses_real_data_whatever_the_settings_say() {
    let place = Place::new().await;
    let real = place.start(&[]).await.unwrap();
    let as_a_demo = Backend::new(
        real.db.clone(),
        real.clock.clone(),
        Secrets::ephemeral(),
        backend::context::Settings::demo_defaults(),
    );
    let refusal = demo::ensure_world(&as_a_demo, demo::Wish::default()).await;
    assert!(
        refusal
            .unwrap_err()
            .to_string()
            .contains("a demo would empty it")
    );
}

#[tokio::test]
async fn a_real_start_leaves_a_demo_alone() {
    let place = Place::new().await;
    place.demo().await;
    let refusal = sentence(place.start(&[]).await);
    assert!(refusal.contains("belongs to a demo"), "{refusal}");
    assert_eq!(place.count("admin_invitations").await, 0);
    // A demo from before the mark is one, too.
    place.execute("DELETE FROM installation").await;
    let refusal = sentence(place.start(&[]).await);
    assert!(refusal.contains("belongs to a demo"), "{refusal}");
    place.demo().await;
    // A command works on what is there.
    let backend = place.command(&["plan", "contoso.test"]).await.unwrap();
    assert!(backend.settings.demo);
}

#[tokio::test]
async fn a_command_makes_no_world_no_folder_and_no_table() {
    let place = Place::new().await;
    for words in [
        &["plan", "contoso.test"][..],
        &["plan", "contoso.test", "--demo"],
    ] {
        let refusal = sentence(place.command(words).await);
        assert!(
            refusal.contains("no Cloud sync in this database"),
            "{refusal}"
        );
    }
    assert_eq!(fs::read_dir(place.folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_command_does_not_bring_an_older_database_up_to_date() {
    let place = Place::new().await;
    place.in_real_use().await;
    place.execute("DROP TABLE installation").await;
    place
        .execute("DELETE FROM _sqlx_migrations WHERE version = 170")
        .await;
    let refusal = sentence(place.command(&["plan", "contoso.test"]).await);
    assert!(refusal.contains("older version"), "{refusal}");
    let before = place.count("_sqlx_migrations").await;
    place.start(&[]).await.unwrap();
    assert_eq!(place.count("_sqlx_migrations").await, before + 1);
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_left_alone() {
    let place = Place::new().await;
    place.in_real_use().await;
    place
        .execute("UPDATE _sqlx_migrations SET version = 99990 WHERE version = 160")
        .await;
    for words in [&[][..], &["--demo"]] {
        assert!(place.start(words).await.is_err());
    }
    let refusal = sentence(place.start(&[]).await);
    assert!(refusal.contains("newer version"), "{refusal}");
}

#[tokio::test]
async fn a_database_of_another_program_is_left_alone() {
    let place = Place::new().await;
    place.execute("CREATE TABLE customers (id BIGINT)").await;
    for words in [&[][..], &["--demo"]] {
        let refusal = sentence(place.start(words).await);
        assert!(refusal.contains("another program"), "{refusal}");
    }
    assert!(!place.data().exists());
}

#[tokio::test]
async fn a_server_without_its_key_does_not_start_and_makes_no_other() {
    let place = Place::new().await;
    place.in_real_use().await;
    let key = fs::read(place.key_file()).unwrap();
    fs::remove_file(place.key_file()).unwrap();
    let refusal = sentence(place.start(&[]).await);
    assert!(refusal.contains("is missing"), "{refusal}");
    let refusal = sentence(place.command(&["plan", "contoso.test"]).await);
    assert!(refusal.contains("is missing"), "{refusal}");
    assert!(!place.key_file().exists());

    fs::write(place.key_file(), "").unwrap();
    let refusal = sentence(place.start(&[]).await);
    assert!(refusal.contains("is damaged"), "{refusal}");
    fs::remove_file(place.key_file()).unwrap();

    Secrets::open_or_create(&place.key_file()).unwrap();
    let refusal = sentence(place.start(&[]).await);
    assert!(refusal.contains("is not the one that sealed"), "{refusal}");

    fs::write(place.key_file(), key).unwrap();
    place.start(&[]).await.unwrap();
}

#[tokio::test]
async fn a_lost_key_is_replaced_only_when_somebody_says_so() {
    let place = Place::new().await;
    place.in_real_use().await;
    let replace = async |words: &[&str]| {
        let Task::ReplaceKey { storage, is_sure } = place.task(words) else {
            panic!("it replaces the key");
        };
        let storage: Storage = storage;
        let told = server::commands::replace_key::replace_key(&storage, is_sure).await;
        told.unwrap() == std::process::ExitCode::SUCCESS
    };
    assert!(replace(&["replace-key", "--yes"]).await, "it fits");
    fs::remove_file(place.key_file()).unwrap();
    assert!(!replace(&["replace-key"]).await);
    assert!(!place.key_file().exists());
    assert!(replace(&["replace-key", "--yes"]).await);
    let backend = place.start(&[]).await.unwrap();
    assert!(configurations::list(&backend).await.unwrap().is_empty());
    fs::write(place.key_file(), "damaged").unwrap();
    assert!(replace(&["replace-key", "--yes"]).await);
    let aside = fs::read_to_string(place.data().join("secrets.damaged"));
    assert_eq!(aside.unwrap(), "damaged");
    place.start(&[]).await.unwrap();
}

#[tokio::test]
async fn a_start_that_was_cut_off_before_its_mark_can_be_repeated() {
    let place = Place::new().await;
    Database::open(&place.url).await.unwrap().close().await;
    place.demo().await;
}
