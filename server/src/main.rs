//! `cloud-sync`: reads what it is to do, and does it. Mostly it serves, until it is asked to stop.

use std::process::ExitCode;

use anyhow::{Context, Result};
use backend::worker;
use server::commands::vectors::{self, VectorKind};
use server::settings::{Settings, Task};
use server::site::Site;
use server::{shutdown, startup, telemetry};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<ExitCode> {
    match Task::read() {
        Task::Serve(settings) => serve(&settings).await.map(|()| ExitCode::SUCCESS),
        Task::TestExpressions { file } => Ok(vectors::test(VectorKind::Expressions, &file)),
        Task::TestScopingFilters { file } => Ok(vectors::test(VectorKind::ScopingFilters, &file)),
    }
}

async fn serve(settings: &Settings) -> Result<()> {
    telemetry::start(&settings.log)?;
    let site = Site::find(settings.site.as_deref()).context("reading the portal's files")?;
    let backend = startup::open_backend(settings).await?;
    let listener = TcpListener::bind(settings.address)
        .await
        .with_context(|| format!("listening on {}", settings.address))?;
    startup::greet(&listener.local_addr()?, settings, &backend).await?;
    let shutdown = shutdown::on_signal();
    let worker = tokio::spawn(worker::work(backend.clone(), shutdown.clone()));
    server::serve(listener, backend, site, shutdown)
        .await
        .context("serving")?;
    worker.await.context("stopping the worker")
}
