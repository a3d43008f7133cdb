//! Deleted configurations: brought back within an hour, or gone for good.

use std::time::Duration;

use engine::configuration::{ConfigurationId, DomainName};

use super::store;
use crate::{
    Actor, Backend, Result,
    audit::{self, Activity},
    database::Write,
};

/// How long a deleted configuration can be brought back.
pub const UNDO_WINDOW: Duration = Duration::from_secs(3_600);

/// Removes the configuration without a question. What it synchronized stays in the tenant; for
/// [`UNDO_WINDOW`] the configuration can be brought back.
pub async fn delete(backend: &Backend, actor: &Actor, id: ConfigurationId) -> Result<()> {
    actor.may_change()?;
    let configuration = store::row(backend, id).await?.configuration;
    let mut write = backend.db.write().await?;
    store::mark_deleted(&mut write, id, backend.now()).await?;
    let activity = Activity::DeleteProvisioningConfiguration;
    let detail = "The synchronized objects stay in the tenant.";
    audit::record(
        backend,
        &mut write,
        actor,
        activity,
        configuration.domain.as_str(),
        detail,
    )
    .await?;
    write.commit().await?;
    backend.wake_worker();
    Ok(())
}

/// Brings a deleted configuration back, with its links and its state.
pub async fn undo_delete(backend: &Backend, actor: &Actor, id: ConfigurationId) -> Result<()> {
    actor.may_change()?;
    let mut write = backend.db.write().await?;
    let domain = store::restore(&mut write, id).await?;
    audit::record(
        backend,
        &mut write,
        actor,
        Activity::UndoDeletion,
        domain.as_str(),
        "",
    )
    .await?;
    write.commit().await?;
    backend.wake_worker();
    Ok(())
}

/// Removes for good what was deleted longer than [`UNDO_WINDOW`] ago.
pub(crate) async fn purge_deleted(backend: &Backend) -> Result<()> {
    let before = backend.now().minus(UNDO_WINDOW);
    let expired = store::deleted_before(backend, before).await?;
    for id in expired {
        let mut write = backend.db.write().await?;
        purge(&mut write, id).await?;
        write.commit().await?;
    }
    Ok(())
}

/// Removes for good what was deleted of a domain and could still be brought back.
pub(crate) async fn purge_deleted_of(write: &mut Write, domain: &DomainName) -> Result<()> {
    for deleted in store::deleted_for_domain(write, domain).await? {
        purge(write, deleted).await?;
    }
    Ok(())
}

async fn purge(write: &mut Write, id: ConfigurationId) -> Result<()> {
    crate::runs::forget(write, id).await?;
    crate::tenant::release(write, id).await?;
    store::remove(write, id).await
}
