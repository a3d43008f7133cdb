//! Whole configurations from a file, stored in the transaction of an import.

use engine::{
    configuration::{Configuration, ConfigurationId, Deployment},
    records::{DirectoryId, DirectorySummary},
};

use super::{create::with_defaults, purge_deleted_of, store};
use crate::{
    Actor, Backend, Result,
    audit::{self, Activity},
    database::Write,
};

/// What a new configuration of this directory begins with.
pub(crate) fn fresh(id: ConfigurationId, directory: &DirectorySummary) -> Configuration {
    with_defaults(id, directory, false)
}

/// Stores a configuration that was not there.
pub(crate) async fn put_new(
    backend: &Backend,
    write: &mut Write,
    actor: &Actor,
    configuration: &Configuration,
    directory: DirectoryId,
) -> Result<()> {
    purge_deleted_of(write, &configuration.domain).await?;
    store::insert(backend, write, configuration, directory).await?;
    let activity = Activity::AddProvisioningConfiguration;
    let domain = configuration.domain.as_str();
    audit::record(backend, write, actor, activity, domain, "From a file.").await?;
    if configuration.deployment.is_enabled() {
        let activity = Activity::EnableProvisioningConfiguration;
        audit::record(backend, write, actor, activity, domain, "").await?;
        store::make_due(write, configuration.id, backend.now()).await?;
    }
    Ok(())
}

/// Replaces a configuration, unless somebody saved it since it was read. `detail` tells the audit
/// log what changed.
pub(crate) async fn put_changed(
    backend: &Backend,
    write: &mut Write,
    actor: &Actor,
    before: &Configuration,
    after: &Configuration,
    detail: &str,
) -> Result<()> {
    let after = Configuration {
        revision: before.revision + 1,
        ..after.clone()
    };
    let domain = after.domain.as_str();
    store::update(backend, write, &after, before.revision).await?;
    let asks_anew = asks_another_question(before, &after);
    let activity = if asks_anew {
        Activity::UpdateAttributeMappingsOrScope
    } else {
        Activity::UpdateProvisioningSetting
    };
    audit::record(backend, write, actor, activity, domain, detail).await?;
    if asks_anew {
        store::request_restart(write, after.id, backend.now()).await?;
    }
    if after.deployment == before.deployment {
        return Ok(());
    }
    let activity = match after.deployment {
        Deployment::Enabled => Activity::EnableProvisioningConfiguration,
        Deployment::Disabled | Deployment::Paused => Activity::DisableProvisioningConfiguration,
    };
    audit::record(backend, write, actor, activity, domain, "").await?;
    if after.deployment.is_enabled() {
        store::make_due(write, after.id, backend.now()).await?;
    }
    Ok(())
}

/// Whether every object has to be looked at again.
fn asks_another_question(before: &Configuration, after: &Configuration) -> bool {
    before.scope != after.scope
        || before.nested_group_depth != after.nested_group_depth
        || before.mappings != after.mappings
        || before.extensions != after.extensions
        || before.object_flows != after.object_flows
        || before.skip_out_of_scope_deletions != after.skip_out_of_scope_deletions
}
