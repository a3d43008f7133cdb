//! What a person can tell a configuration to do: restart, clear the quarantine, pause, start.

use engine::{
    configuration::{Configuration, ConfigurationId, Deployment, restart::RestartScope},
    health::{CycleEnd, Health, QuarantineReason},
};

use super::{
    held::{self, Allowed},
    store,
};
use crate::{
    Actor, Backend, Error, Result,
    audit::{self, Activity},
    database::Write,
};

/// Evaluates every object again, at once: lifts a quarantine, clears failures, reads everything,
/// keeps the links.
pub async fn restart(backend: &Backend, actor: &Actor, id: ConfigurationId) -> Result<()> {
    restart_with(backend, actor, id, &RestartScope::ORDINARY).await
}

/// Clears what `scopes` name, then runs at once; a paused configuration runs once it is started.
pub async fn restart_with(
    backend: &Backend,
    actor: &Actor,
    id: ConfigurationId,
    scopes: &[RestartScope],
) -> Result<()> {
    actor.may_change()?;
    let configuration = store::row(backend, id).await?.configuration;
    if configuration.deployment == Deployment::Disabled {
        return Err(Error::Conflict(
            "Enable the configuration first.".to_owned(),
        ));
    }
    let mut write = backend.db.write().await?;
    clear(backend, &mut write, id, scopes).await?;
    store::make_due(&mut write, id, backend.now()).await?;
    let names: Vec<String> = scopes.iter().map(|scope| format!("{scope:?}")).collect();
    let detail = match scopes == RestartScope::ORDINARY {
        true => String::new(),
        false => format!("Scope: {}.", names.join(", ")),
    };
    let activity = Activity::RestartProvisioningConfiguration;
    note(
        backend,
        &mut write,
        actor,
        activity,
        &configuration,
        &detail,
    )
    .await?;
    write.commit().await?;
    backend.wake_worker();
    Ok(())
}

async fn clear(
    backend: &Backend,
    write: &mut Write,
    id: ConfigurationId,
    scopes: &[RestartScope],
) -> Result<()> {
    let asks = |scope| scopes.iter().any(|asked| asked.includes(scope));
    if asks(RestartScope::ConnectorDataStore) {
        // A cycle under way stops at its next step: what it knows is of no use any more.
        store::take_lease_away(write, id).await?;
        crate::runs::forget(write, id).await?;
        crate::tenant::unlink(write, id).await?;
        store::forget_cursor(write, id).await?;
    }
    if asks(RestartScope::QuarantineState) {
        // Before they are forgotten: a quarantine without a repair comes back.
        crate::runs::retry_failures(write, id).await?;
    }
    if asks(RestartScope::Escrows) {
        crate::runs::forget_escrows(write, id).await?;
    }
    if asks(RestartScope::Watermark) || asks(RestartScope::ConnectorDataStore) {
        store::request_restart(write, id, backend.now()).await?;
    }
    if asks(RestartScope::QuarantineState) {
        lift_quarantine(backend, write, id).await?;
    }
    if asks(RestartScope::ForceDeletes) {
        held::approve(write, id, &Allowed::All).await?;
    }
    Ok(())
}

async fn lift_quarantine(backend: &Backend, write: &mut Write, id: ConfigurationId) -> Result<()> {
    let state = store::state_row(backend, write.connection(), id).await?;
    let health = match state.health {
        // What is held back stays held back, until a person decides or the cause is repaired.
        Health::Quarantined(_) | Health::Failing(_) if state.initial_cycle_done => Health::Healthy,
        Health::Quarantined(_) | Health::Failing(_) => Health::NotYetRun,
        other => other,
    };
    store::write_health(write, id, &health).await
}

/// Lifts the quarantine. The next cycle tries every object again that failed, and goes on where the
/// last good one ended.
pub async fn clear_quarantine(backend: &Backend, actor: &Actor, id: ConfigurationId) -> Result<()> {
    let state = super::state(backend, id).await?;
    if !matches!(state.health, Health::Quarantined(_)) {
        return Err(Error::Conflict(
            "The configuration is not in quarantine.".to_owned(),
        ));
    }
    let scopes = [RestartScope::QuarantineState, RestartScope::Escrows];
    restart_with(backend, actor, id, &scopes).await
}

/// Puts a configuration into quarantine because a person wants it.
pub async fn quarantine(
    backend: &Backend,
    actor: &Actor,
    id: ConfigurationId,
    reason: &str,
) -> Result<()> {
    actor.may_change()?;
    let configuration = store::row(backend, id).await?.configuration;
    let mut write = backend.db.write().await?;
    let state = store::state_row(backend, write.connection(), id).await?;
    let end = CycleEnd::Quarantine {
        reason: QuarantineReason::QuarantinedOnDemand,
        message: reason.trim().to_owned(),
        requests: None,
    };
    let interval = backend.settings.cycle_interval;
    let health = state.health.after(end, backend.now(), interval);
    store::write_health(&mut write, id, &health).await?;
    let next = health.next_run(backend.now(), interval);
    store::make_due(&mut write, id, next).await?;
    let activity = Activity::Quarantine;
    note(backend, &mut write, actor, activity, &configuration, reason).await?;
    write.commit().await?;
    backend.announce_change();
    Ok(())
}

/// Stops after the cycle under way; everything is kept for the next start.
pub async fn pause(backend: &Backend, actor: &Actor, id: ConfigurationId) -> Result<()> {
    let activity = Activity::DisableProvisioningConfiguration;
    deploy(
        backend,
        actor,
        id,
        Deployment::Paused,
        activity,
        &[Deployment::Enabled],
    )
    .await
}

/// Goes on where the configuration was paused or disabled.
pub async fn start(backend: &Backend, actor: &Actor, id: ConfigurationId) -> Result<()> {
    let activity = Activity::EnableProvisioningConfiguration;
    let from = [Deployment::Paused, Deployment::Disabled];
    deploy(backend, actor, id, Deployment::Enabled, activity, &from).await
}

async fn deploy(
    backend: &Backend,
    actor: &Actor,
    id: ConfigurationId,
    wanted: Deployment,
    activity: Activity,
    from: &[Deployment],
) -> Result<()> {
    actor.may_change()?;
    let before = store::row(backend, id).await?.configuration;
    if !from.contains(&before.deployment) {
        return Err(Error::Conflict(match before.deployment {
            Deployment::Enabled => "The configuration is running.".to_owned(),
            Deployment::Paused => "The configuration is paused already.".to_owned(),
            Deployment::Disabled => "The configuration is disabled.".to_owned(),
        }));
    }
    let seen = before.revision;
    let after = Configuration {
        deployment: wanted,
        revision: seen + 1,
        ..before
    };
    let mut write = backend.db.write().await?;
    store::update(backend, &mut write, &after, seen).await?;
    let detail = match wanted {
        Deployment::Paused => "Paused; the next start goes on from here.",
        Deployment::Enabled | Deployment::Disabled => "",
    };
    note(backend, &mut write, actor, activity, &after, detail).await?;
    if wanted.is_enabled() {
        store::make_due(&mut write, id, backend.now()).await?;
    }
    write.commit().await?;
    backend.wake_worker();
    Ok(())
}

async fn note(
    backend: &Backend,
    write: &mut Write,
    actor: &Actor,
    activity: Activity,
    configuration: &Configuration,
    detail: &str,
) -> Result<()> {
    let domain = configuration.domain.as_str();
    audit::record(backend, write, actor, activity, domain, detail).await
}

/// Switches a configuration off that nobody repaired; part of a cycle's last transaction.
pub(crate) async fn disable(
    backend: &Backend,
    write: &mut Write,
    configuration: &Configuration,
) -> Result<()> {
    store::disable(backend, write, configuration.id).await
}
