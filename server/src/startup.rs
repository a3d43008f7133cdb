//! What is opened before the first request, and what is said about it.

use std::net::SocketAddr;
use std::path::Path;

use anyhow::{Context, Result, bail};
use backend::clock::Clock;
use backend::database::{Database, DatabaseKind};
use backend::demo::{self, Wish};
use backend::installation::{self, DatabaseContents, DatabaseUse, InstallationKind};
use backend::notifications::MailServer;
use backend::secrets::Secrets;
use backend::{Backend, admins, configurations};
use secrecy::ExposeSecret;

use crate::settings::{Settings, Storage};

/// In the data folder: opens stored credentials.
pub const KEY_FILE: &str = "secrets.key";

/// Opens the database, bringing its tables up to date, and everything that hangs on it. A database
/// that is another one's is left as it is.
pub async fn open_backend(settings: &Settings) -> Result<Backend> {
    let kind = match settings.demo {
        true => InstallationKind::Demo,
        false => InstallationKind::Production,
    };
    let url = settings.database_url.expose_secret();
    let contents = look(url).await?;
    contents.judge(DatabaseUse::Serve(kind))?;
    make_folder(&settings.data)?;
    let secrets = key(&contents, &settings.data)?;
    let db = open_and_mark(url, kind, &secrets).await?;
    let clock = clock(&db, kind, settings.wish).await?;
    let backend = Backend::new(db, clock, secrets, backend_settings(settings)?);
    if backend.db.kind() == DatabaseKind::Sqlite {
        // Nobody else uses the file, so whoever held a lease is gone.
        configurations::release_all_leases(&backend)
            .await
            .context("freeing what was held")?;
    }
    if settings.demo {
        ensure_demo(&backend, settings.wish).await?;
    }
    Ok(backend)
}

/// Opens the same for one command, while a server may be at work on the same database: nobody's
/// lease is touched, no table is changed, and no world is made.
pub async fn open_backend_beside(storage: &Storage) -> Result<Backend> {
    let url = storage.database_url.expose_secret();
    let contents = look(url).await?;
    let kind = contents.judge(DatabaseUse::Command(storage.named_kind()))?;
    let secrets = key(&contents, &storage.data)?;
    let db = Database::connect(url)
        .await
        .context("opening the database")?;
    backend_beside(db, secrets, kind).await
}

/// As [`open_backend_beside`], for a command that may come before the first start: where there is
/// nothing yet, it begins an installation.
pub async fn open_or_begin_backend_beside(storage: &Storage) -> Result<Backend> {
    let url = storage.database_url.expose_secret();
    let contents = look(url).await?;
    if !matches!(contents, DatabaseContents::Nothing) {
        return open_backend_beside(storage).await;
    }
    let kind = storage.named_kind().unwrap_or(InstallationKind::Production);
    make_folder(&storage.data)?;
    let secrets = key(&contents, &storage.data)?;
    let db = open_and_mark(url, kind, &secrets).await?;
    let backend = backend_beside(db, secrets, kind).await?;
    if kind == InstallationKind::Demo {
        ensure_demo(&backend, Wish::default()).await?;
    }
    Ok(backend)
}

async fn backend_beside(db: Database, secrets: Secrets, kind: InstallationKind) -> Result<Backend> {
    let settings = backend::context::Settings {
        demo: kind == InstallationKind::Demo,
        ..backend::context::Settings::demo_defaults()
    };
    let clock = clock(&db, kind, Wish::default()).await?;
    Ok(Backend::new(db, clock, secrets, settings))
}

async fn open_and_mark(url: &str, kind: InstallationKind, secrets: &Secrets) -> Result<Database> {
    let db = Database::open(url).await.context("opening the database")?;
    // Somebody else may have begun at the same moment.
    if !installation::mark(&db, kind, secrets).await? {
        bail!("another server began on this database at the same moment; start again");
    }
    Ok(db)
}

async fn ensure_demo(backend: &Backend, wish: Wish) -> Result<()> {
    demo::ensure_world(backend, wish)
        .await
        .context("making the demo's world")
}

async fn look(url: &str) -> Result<DatabaseContents> {
    DatabaseContents::look(url)
        .await
        .context("looking at the database")
}

fn make_folder(data: &Path) -> Result<()> {
    std::fs::create_dir_all(data)
        .with_context(|| format!("making the data folder {}", data.display()))
}

fn key(contents: &DatabaseContents, data: &Path) -> Result<Secrets> {
    contents
        .key(&data.join(KEY_FILE))
        .context("reading the key that opens stored credentials")
}

async fn clock(db: &Database, kind: InstallationKind, wish: Wish) -> Result<Clock> {
    match kind {
        InstallationKind::Demo => demo::clock(db, wish).await.context("reading the clock"),
        InstallationKind::Production => Ok(Clock::System),
    }
}

fn backend_settings(settings: &Settings) -> Result<backend::context::Settings> {
    let mail_server = settings
        .smtp_url
        .as_ref()
        .map(|url| MailServer::new(url.clone(), &settings.mail_from))
        .transpose()
        .context("reading the mail server's settings")?;
    Ok(backend::context::Settings {
        portal_url: settings.portal_url.clone(),
        mail_server,
        demo: settings.demo,
        behind_https: settings.behind_https,
        cycle_interval: settings.cycle_interval,
        absence_interval: settings.absence_interval,
        ..backend::context::Settings::demo_defaults()
    })
}

/// Says on standard output where the portal is, and how to get in.
pub async fn greet(address: &SocketAddr, settings: &Settings, backend: &Backend) -> Result<()> {
    println!("Cloud sync is at http://{address}");
    if let Some(warning) = unprotected(address, settings) {
        println!("{warning}");
    }
    if settings.demo {
        println!("Demo: every browser is signed in as the demo administrator.");
    } else if let Some(token) = admins::first_start_link(backend).await? {
        let token = token.expose_secret();
        println!(
            "Create the first administrator, once: http://{address}/sign-in?invitation={token}"
        );
    } else {
        println!("Sign in with your email address and password.");
    }
    Ok(())
}

/// Said when others than this machine may listen in.
fn unprotected(address: &SocketAddr, settings: &Settings) -> Option<&'static str> {
    (!address.ip().is_loopback() && !settings.behind_https).then_some(
        "Warning: it listens beyond this machine without HTTPS, so passwords and sessions can be \
         read on the way. Put a proxy with HTTPS in front of it and start with --behind-https and \
         --portal-url.",
    )
}
