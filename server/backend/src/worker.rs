//! Wakes by timer or signal, asks who is due, runs with a limit, stops cleanly.

use std::{sync::Arc, time::Duration};

use engine::{configuration::ConfigurationId, records::CycleSummary};
use tokio::{sync::Semaphore, task::JoinSet};
use tokio_util::sync::CancellationToken;
use tracing::error;

use crate::{
    Backend, Result, configurations, credentials, notifications, password_hash_sync,
    provisioning_logs, runs, service_health, tenant,
};

/// Cycles at the same time. More would only wait for each other at the database.
const CYCLES_AT_ONCE: usize = 2;

/// How long the worker sleeps at most; whoever changes something wakes it earlier.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);

/// Works until `stop` is cancelled, then waits until the cycles under way have stopped.
pub async fn work(backend: Backend, stop: CancellationToken) {
    let places = Arc::new(Semaphore::new(CYCLES_AT_ONCE));
    let mut cycles = JoinSet::new();
    let mails = tokio::spawn(deliver_mails(backend.clone(), stop.clone()));
    while !stop.is_cancelled() {
        if let Err(error) = work_once(&backend, &places, &mut cycles, &stop).await {
            service_health::note_failure(&backend, &error);
            error!(%error, "The worker could not look who is due");
        }
        tokio::select! {
            () = stop.cancelled() => break,
            () = backend.woken() => {}
            Some(_) = cycles.join_next() => {}
            () = tokio::time::sleep(until_next(&backend).await) => {}
        }
    }
    while cycles.join_next().await.is_some() {}
    // Nothing is lost when the mail server takes its time: unsent mails stay in the outbox.
    mails.abort();
}

/// In a task of its own: a mail server may take its time.
async fn deliver_mails(backend: Backend, stop: CancellationToken) {
    const PAUSE: Duration = Duration::from_secs(15);
    while !stop.is_cancelled() {
        if let Err(error) = notifications::deliver_due(&backend).await {
            service_health::note_failure(&backend, &error);
            error!(%error, "Mails could not be delivered");
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

/// Nothing is begun that could not be stored: it would fail, be due again at once, and fill the log.
async fn work_once(
    backend: &Backend,
    places: &Arc<Semaphore>,
    cycles: &mut JoinSet<()>,
    stop: &CancellationToken,
) -> Result<()> {
    if backend.disk.full_since().is_some() && service_health::try_storing(backend).await.is_err() {
        return Ok(());
    }
    start_due(backend, places, cycles, stop).await
}

async fn start_due(
    backend: &Backend,
    places: &Arc<Semaphore>,
    cycles: &mut JoinSet<()>,
    stop: &CancellationToken,
) -> Result<()> {
    house_keeping(backend).await?;
    for id in password_hash_sync::due(backend).await? {
        let backend = backend.for_job(&format!("password hash sync {id}"));
        cycles.spawn(async move {
            if let Err(error) = password_hash_sync::run(&backend, id).await {
                service_health::note_failure(&backend, &error);
                error!(configuration.id = %id, %error, "Password hash sync could not be begun");
            }
        });
    }
    for id in configurations::due(backend).await? {
        let Ok(place) = Arc::clone(places).try_acquire_owned() else {
            break;
        };
        let backend = backend.for_job(&format!("cycle {id}"));
        let stop = stop.clone();
        cycles.spawn(async move {
            let _place = place;
            if let Err(error) = runs::run_cycle(&backend, id, stop).await {
                service_health::note_failure(&backend, &error);
                error!(configuration.id = %id, %error, "A cycle could not be begun or settled");
            }
        });
    }
    Ok(())
}

async fn house_keeping(backend: &Backend) -> Result<()> {
    configurations::purge_deleted(backend).await?;
    credentials::forget_deleted(backend).await?;
    provisioning_logs::forget_old(backend).await?;
    tenant::empty_recycle_bin(backend).await
}

/// How long the worker sleeps while nothing can be stored, or the database does not answer.
const PAUSE_IN_TROUBLE: Duration = Duration::from_secs(5);

async fn until_next(backend: &Backend) -> Duration {
    if backend.disk.full_since().is_some() {
        return PAUSE_IN_TROUBLE;
    }
    let next = match (
        configurations::next_due(backend).await,
        password_hash_sync::next_due(backend).await,
    ) {
        (Ok(cycle), Ok(passwords)) => Ok(cycle.into_iter().chain(passwords).min()),
        (Err(error), _) | (_, Err(error)) => Err(error),
    };
    match next {
        // Never quite zero: what is due but cannot be begun must not make the worker spin.
        Ok(Some(next)) => next
            .since(backend.now())
            .clamp(Duration::from_millis(200), LONGEST_SLEEP),
        Ok(None) => LONGEST_SLEEP,
        Err(_) => PAUSE_IN_TROUBLE,
    }
}

/// Runs everything that is due at this moment, one after the other. For tests and for the command
/// line, where the clock stands still.
pub async fn run_due(backend: &Backend) -> Result<Vec<(ConfigurationId, CycleSummary)>> {
    house_keeping(backend).await?;
    let mut summaries = Vec::new();
    for id in configurations::due(backend).await? {
        let stop = CancellationToken::new();
        if let Some(summary) = runs::run_cycle(backend, id, stop).await? {
            summaries.push((id, summary));
        }
    }
    Ok(summaries)
}
