//! `cloud-sync`: reads what it is to do, and does it. Mostly it serves, until it is asked to stop.

use std::process::ExitCode;

use anyhow::{Context, Result};
use backend::worker;
use server::commands::vectors::{self, VectorKind};
use server::commands::{export, import, plan, replace_key, run};
use server::settings::{Settings, Task};
use server::site::Site;
use server::{shutdown, startup, telemetry};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> ExitCode {
    match work(Task::read()).await {
        Ok(status) => status,
        Err(error) => {
            eprintln!("Error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn work(task: Task) -> Result<ExitCode> {
    match task {
        Task::Serve(settings) => serve(&settings).await.map(|()| ExitCode::SUCCESS),
        Task::TestExpressions { file } => Ok(vectors::test(VectorKind::Expressions, &file)),
        Task::TestScopingFilters { file } => Ok(vectors::test(VectorKind::ScopingFilters, &file)),
        Task::Export { storage, output } => export::export(&storage, output.as_deref()).await,
        Task::Import {
            storage,
            file,
            dry_run,
            passwords,
        } => import::import(&storage, &file, dry_run, passwords).await,
        Task::Plan {
            storage,
            configuration,
            json,
        } => plan::plan(&storage, &configuration, json).await,
        Task::Run {
            storage,
            configuration,
        } => run::run(&storage, &configuration).await,
        Task::ReplaceKey { storage, is_sure } => replace_key::replace_key(&storage, is_sure).await,
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
