//! What is opened before the first request, and what is said about it.

use std::net::SocketAddr;
use std::path::Path;

use anyhow::{Context, Result};
use backend::clock::Clock;
use backend::database::{Database, DatabaseKind};
use backend::demo::{self, Wish};
use backend::notifications::MailServer;
use backend::secrets::Secrets;
use backend::{Backend, admins, configurations};
use secrecy::{ExposeSecret, SecretString};

use crate::settings::{Settings, Storage};

/// Opens the database, bringing its tables up to date, and everything that hangs on it.
pub async fn open_backend(settings: &Settings) -> Result<Backend> {
    let backend = open(
        &settings.data,
        &settings.database_url,
        backend_settings(settings)?,
        settings.wish,
    )
    .await?;
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
/// lease is touched.
pub async fn open_backend_beside(storage: &Storage) -> Result<Backend> {
    let settings = backend::context::Settings {
        demo: storage.demo,
        ..backend::context::Settings::demo_defaults()
    };
    let wish = Wish::default();
    let backend = open(&storage.data, &storage.database_url, settings, wish).await?;
    if storage.demo {
        ensure_demo(&backend, wish).await?;
    }
    Ok(backend)
}

async fn open(
    data: &Path,
    database_url: &SecretString,
    settings: backend::context::Settings,
    wish: Wish,
) -> Result<Backend> {
    std::fs::create_dir_all(data)
        .with_context(|| format!("making the data folder {}", data.display()))?;
    let db = Database::open(database_url.expose_secret())
        .await
        .context("opening the database")?;
    let clock = match settings.demo {
        true => demo::clock(&db, wish).await.context("reading the clock")?,
        false => Clock::System,
    };
    let secrets = Secrets::open_or_create(&data.join("secrets.key"))
        .context("reading the key that opens stored credentials")?;
    Ok(Backend::new(db, clock, secrets, settings))
}

async fn ensure_demo(backend: &Backend, wish: Wish) -> Result<()> {
    demo::ensure_world(backend, wish)
        .await
        .context("making the demo's world")
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
