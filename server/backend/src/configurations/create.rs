//! New configurations: for which directory, and with which defaults.

use std::collections::BTreeMap;

use engine::{
    configuration::{
        Configuration, ConfigurationId, DeletionProtection, Deployment, DomainName,
        QuarantineLimits, Scope, defaults,
        draft::{DOMAIN, NewConfiguration},
    },
    records::DirectorySummary,
};

use super::{mappings, purge_deleted_of, store};
use crate::{
    Actor, Backend, Error, Result,
    audit::{self, Activity},
    directories,
};

/// Makes a configuration with the defaults: all users, threshold 500, disabled.
pub async fn create(
    backend: &Backend,
    actor: &Actor,
    new: NewConfiguration,
) -> Result<ConfigurationId> {
    actor.may_change()?;
    let directory = directory_for(backend, &new.domain).await?;
    let id = ConfigurationId(backend.new_id());
    let configuration = with_defaults(id, &directory, new.password_hash_sync);
    let mut write = backend.db.write().await?;
    // A configuration that waits for its undo would stand in the way of the new one's links.
    purge_deleted_of(&mut write, &configuration.domain).await?;
    store::insert(backend, &mut write, &configuration, directory.id).await?;
    audit::record(
        backend,
        &mut write,
        actor,
        Activity::AddProvisioningConfiguration,
        configuration.domain.as_str(),
        "Created, disabled, with all users in scope.",
    )
    .await?;
    write.commit().await?;
    backend.announce_change();
    Ok(id)
}

async fn directory_for(backend: &Backend, domain: &str) -> Result<DirectorySummary> {
    let wanted = DomainName::parse(domain)
        .map_err(|_| Error::field(DOMAIN, "Choose the domain of a connected directory."))?;
    let directory = directories::list(backend)
        .await?
        .into_iter()
        .find(|directory| directory.domain == wanted)
        .ok_or_else(|| {
            Error::field(
                DOMAIN,
                format!("No directory with the domain {wanted} is connected. Connect it first."),
            )
        })?;
    if directory.configuration.is_some() {
        return Err(Error::field(
            DOMAIN,
            format!("{wanted} has a configuration already."),
        ));
    }
    Ok(directory)
}

pub(super) fn with_defaults(
    id: ConfigurationId,
    directory: &DirectorySummary,
    password_hash_sync: bool,
) -> Configuration {
    let dialect = mappings::dialect(directory.kind);
    Configuration {
        id,
        domain: directory.domain.clone(),
        base_dn: directory.base_dn.clone(),
        password_hash_sync: password_hash_sync && directory.delivers_password_hashes,
        scope: Scope::All,
        nested_group_depth: 0,
        mappings: defaults::mappings(dialect),
        extensions: Vec::new(),
        object_flows: BTreeMap::new(),
        skip_out_of_scope_deletions: false,
        notification_emails: Vec::new(),
        deletion_protection: DeletionProtection::default(),
        quarantine_limits: QuarantineLimits::default(),
        deployment: Deployment::Disabled,
        revision: 1,
    }
}
