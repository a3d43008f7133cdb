//! The binary's parts: they only put things together.
//!
//! In reading order: [`cli`] and [`settings`] (what a person may choose), [`startup`] (what is
//! opened before the first request), [`portal`] (the pages), [`site`] (the files beside them),
//! [`http`] (everything that is not a page), [`sessions`] (who asks), [`browser_security`], [`shutdown`], [`telemetry`].
//! [`commands`] is what the program can do besides serving.

pub mod browser_security;
pub mod cli;
pub mod commands;
pub mod http;
pub mod portal;
pub mod sessions;
pub mod settings;
pub mod shutdown;
pub mod site;
pub mod startup;
pub mod telemetry;

use std::future::IntoFuture;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::middleware::from_fn_with_state;
use backend::Backend;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::portal::Portal;
use crate::site::Site;

/// How long requests that are under way may still take once the server was asked to stop.
const PATIENCE: Duration = Duration::from_secs(10);

/// Answers requests until `shutdown` is cancelled and what was under way has been answered.
pub async fn serve(
    listener: TcpListener,
    backend: Backend,
    site: Site,
    shutdown: CancellationToken,
) -> io::Result<()> {
    let router = router(Portal::new(backend, site, shutdown.clone()));
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, service)
        .with_graceful_shutdown(shutdown.clone().cancelled_owned())
        .into_future();
    tokio::select! {
        outcome = serving => outcome,
        () = out_of_patience(shutdown) => Ok(()),
    }
}

/// Every address the server answers.
pub fn router(portal: Portal) -> Router {
    let portal_url = portal.backend.settings.portal_url.clone();
    let routes = http::routes(&portal)
        .merge(portal::routes(&portal))
        .layer(from_fn_with_state(portal.clone(), sessions::recognise))
        .with_state(portal);
    browser_security::protect(routes, &portal_url)
}

async fn out_of_patience(shutdown: CancellationToken) {
    shutdown.cancelled().await;
    tokio::time::sleep(PATIENCE).await;
    tracing::warn!("Stopping although requests are still under way");
}
