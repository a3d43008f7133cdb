//! What is opened before the first request, and what is said about it.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use backend::Backend;
use backend::clock::Clock;
use backend::database::Database;
use secrecy::ExposeSecret;

use crate::settings::Settings;

/// Opens the database, bringing its tables up to date.
pub async fn open_backend(settings: &Settings) -> Result<Backend> {
    std::fs::create_dir_all(&settings.data)
        .with_context(|| format!("making the data folder {}", settings.data.display()))?;
    let db = Database::open(settings.database_url.expose_secret())
        .await
        .context("opening the database")?;
    let defaults = backend::context::Settings::demo_defaults();
    let settings = backend::context::Settings {
        demo: settings.demo,
        ..defaults
    };
    Ok(Backend::new(db, Clock::System, settings))
}

/// Says on standard output where the portal is.
pub fn greet(address: &SocketAddr, settings: &Settings) {
    println!("Cloud sync is at http://{address}");
    if settings.demo {
        println!("Demo: every browser is signed in as the demo administrator.");
    }
}
