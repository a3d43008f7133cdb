//! Configurations: create, change, enable, disable, restart, delete, undo.
//!
//! What people do to one stands in files of their own; here is what is shown of them, and what the
//! worker asks. What a cycle does with one is told in [`crate::runs`]; its SQL stands in `store`.

mod commands;
mod create;
mod delete;
mod failures;
mod held;
mod mappings;
mod put;
mod save;
mod store;

pub(crate) use commands::disable;
pub use commands::{clear_quarantine, pause, quarantine, restart, restart_with, start};
pub use create::create;
pub use delete::{UNDO_WINDOW, delete, undo_delete};
pub(crate) use delete::{purge_deleted, purge_deleted_of};
use engine::{
    configuration::{Configuration, ConfigurationId},
    health::Health,
    records::{ConfigurationDetails, ConfigurationState, ConfigurationSummary},
};
pub use failures::{delete_link, failures, link, unresolved_references};
pub use held::{Allowed, allow_deletes, held_deletions};
pub use mappings::{
    check_mapping, delete_mapping, dialect, restore_default_mappings, save_mapping, save_mappings,
};
pub(crate) use put::{fresh, put_changed, put_new};
pub(crate) use save::follow_renamed_scope;
pub use save::{check_scope, drafted, replace, save};
pub(crate) use store::StateRow;

use crate::{Backend, Result, database::Write, directories};

/// All configurations by domain.
pub async fn list(backend: &Backend) -> Result<Vec<ConfigurationSummary>> {
    let mut summaries = Vec::new();
    for row in store::all(backend).await? {
        let state = store::state(backend, &row.configuration).await?;
        summaries.push(ConfigurationSummary {
            id: row.configuration.id,
            domain: row.configuration.domain,
            deployment: row.configuration.deployment,
            password_hash_sync: row.configuration.password_hash_sync,
            state,
        });
    }
    Ok(summaries)
}

pub async fn get(backend: &Backend, id: ConfigurationId) -> Result<Configuration> {
    Ok(store::row(backend, id).await?.configuration)
}

pub async fn details(backend: &Backend, id: ConfigurationId) -> Result<ConfigurationDetails> {
    let row = store::row(backend, id).await?;
    Ok(ConfigurationDetails {
        directory: directories::summary(backend, row.directory_id).await?,
        state: store::state(backend, &row.configuration).await?,
        configuration: row.configuration,
        created_at: row.created_at,
        changed_at: row.changed_at,
    })
}

pub async fn state(backend: &Backend, id: ConfigurationId) -> Result<ConfigurationState> {
    let row = store::row(backend, id).await?;
    store::state(backend, &row.configuration).await
}

/// The next cycle reads and evaluates every object. Part of running a plan that a person saw.
pub(crate) async fn evaluate_everything(backend: &Backend, id: ConfigurationId) -> Result<()> {
    let mut write = backend.db.write().await?;
    store::request_restart(&mut write, id, backend.now()).await?;
    write.commit().await
}

/// Makes the next cycle do what a preview shows: it evaluates every object when a saved change asks
/// for it.
pub async fn follow_recommendation(backend: &Backend, id: ConfigurationId) -> Result<()> {
    if state(backend, id).await?.restart_recommended {
        evaluate_everything(backend, id).await?;
    }
    Ok(())
}

/// How many there are.
pub(crate) async fn count(backend: &Backend) -> Result<u64> {
    store::count_all(backend).await
}

/// What a cycle begins with.
pub(crate) async fn state_row_within(
    backend: &Backend,
    write: &mut Write,
    id: ConfigurationId,
) -> Result<StateRow> {
    store::state_row(backend, write.connection(), id).await
}

/// Whether deletions waited for a person already.
pub(crate) fn is_holding(health: &Health) -> bool {
    matches!(health, Health::DeletionsHeld { .. })
}

/// Frees what a server held that is gone. Only for a database that nobody else uses.
pub async fn release_all_leases(backend: &Backend) -> Result<()> {
    store::release_all_leases(backend).await
}

/// Enabled configurations whose time has come, those that waited longest first.
pub(crate) async fn due(backend: &Backend) -> Result<Vec<ConfigurationId>> {
    store::due(backend).await
}

/// Whether a cycle or a preview is under way.
pub(crate) async fn somebody_is_at_work(backend: &Backend) -> Result<bool> {
    store::somebody_is_at_work(backend).await
}

/// Makes an enabled configuration due at once, as if its time had come.
pub(crate) async fn run_soon(backend: &Backend, id: ConfigurationId) -> Result<()> {
    let mut write = backend.db.write().await?;
    store::make_due(&mut write, id, backend.now()).await?;
    write.commit().await?;
    backend.wake_worker();
    Ok(())
}

/// When the next configuration is due; none while nothing is enabled.
pub(crate) async fn next_due(backend: &Backend) -> Result<Option<engine::timestamp::Timestamp>> {
    store::next_due(backend).await
}

/// The health after a cycle; part of the cycle's last transaction. `restarts_seen` counts the
/// restarts that the cycle knew of and did not carry out.
pub(crate) async fn settle_health(
    backend: &Backend,
    write: &mut Write,
    id: ConfigurationId,
    holder: &str,
    health: &Health,
    restarts_seen: i64,
) -> Result<()> {
    let next_run = health.next_run(backend.now(), backend.settings.cycle_interval);
    store::set_health(write, id, holder, health, next_run, restarts_seen).await
}

pub(crate) mod lease {
    //! One server works on a configuration at a time; the right to do so expires by itself.

    pub(crate) use super::store::{
        extend_lease as extend, release_lease as release, take_lease as take,
    };
}
