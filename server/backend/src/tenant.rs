//! The embedded cloud tenant: users, groups, contacts, their links, the recycle bin.
//!
//! Cycles write through [`apply`] only; people restore deleted users here.

mod apply;
mod features;
mod names;
mod store;

use std::time::Duration;

use engine::{
    configuration::ConfigurationId,
    cycle::mapped::with_derived_attributes,
    directory::ObjectKind,
    records::{
        Page, PageKey, TenantCounts, TenantObjectDetails, TenantObjectSource, TenantObjectSummary,
        TenantOverview,
    },
    tenant::TenantObjectId,
};
use uuid::Uuid;

pub(crate) use apply::apply;
pub(crate) use features::refusal;
pub use features::{features, repair_synchronization_account, set_features};
pub(crate) use store::{candidates, linked, release, taken_values, unlink};

use crate::{
    Actor, Backend, Error, Result,
    audit::{self, Activity},
    configurations, directories, runs,
};

/// How long a deleted user can be restored.
pub const RECYCLE_BIN: Duration = Duration::from_secs(30 * 24 * 3_600);

/// The tenant's identifier: made of its initial domain, so that it is the same on every start.
pub fn id(backend: &Backend) -> Uuid {
    Uuid::new_v5(
        &Uuid::NAMESPACE_DNS,
        backend.settings.initial_domain.as_str().as_bytes(),
    )
}

pub async fn overview(backend: &Backend) -> Result<TenantOverview> {
    Ok(TenantOverview {
        name: backend.settings.tenant_name.clone(),
        id: id(backend),
        initial_domain: backend.settings.initial_domain.clone(),
        counts: counts(backend).await?,
        configurations: configurations::count(backend).await?,
    })
}

pub async fn counts(backend: &Backend) -> Result<TenantCounts> {
    store::counts(backend).await
}

/// Users, groups or contacts by name; `search` is a part of the name, the user principal name or
/// the mail address.
pub async fn list(
    backend: &Backend,
    kind: ObjectKind,
    search: &str,
    after: Option<PageKey>,
    limit: u32,
) -> Result<Page<TenantObjectSummary>> {
    store::list(backend, kind, search, after, limit).await
}

/// The recycle bin, latest deletion first.
pub async fn deleted_users(
    backend: &Backend,
    after: Option<PageKey>,
    limit: u32,
) -> Result<Page<TenantObjectSummary>> {
    store::deleted_users(backend, after, limit).await
}

/// One object with everything that is known of it; also from the recycle bin.
pub async fn get(backend: &Backend, id: TenantObjectId) -> Result<TenantObjectDetails> {
    store::details(backend, id)
        .await?
        .ok_or(Error::NotFound("object of the tenant"))
}

/// Where an object comes from; nothing for one that no configuration manages, or whose directory
/// has it no more.
pub async fn source(backend: &Backend, id: TenantObjectId) -> Result<Option<TenantObjectSource>> {
    let details = get(backend, id).await?;
    let (Some(configuration), Some(anchor)) = (details.managed_by, details.source_anchor) else {
        return Ok(None);
    };
    let Some(object) = runs::source_object(backend, configuration, &anchor).await? else {
        return Ok(None);
    };
    let mut configuration = configurations::get(backend, configuration).await?;
    let mappings = configuration.mappings.remove(&object.kind);
    Ok(Some(TenantObjectSource {
        configuration: configuration.id,
        directory: directories::of_domain(backend, &configuration.domain).await?,
        attributes: with_derived_attributes(&object),
        dn: object.dn,
        mappings: mappings.unwrap_or_default(),
    }))
}

/// The objects that `id` refers to by an attribute, for example its members, by name.
pub async fn references(
    backend: &Backend,
    id: TenantObjectId,
    attribute: &str,
    after: Option<PageKey>,
    limit: u32,
) -> Result<Page<TenantObjectSummary>> {
    store::references(backend, id, attribute, after, limit).await
}

/// The objects that refer to `id` by an attribute, for example the groups it is a member of.
pub async fn referring(
    backend: &Backend,
    id: TenantObjectId,
    attribute: &str,
    after: Option<PageKey>,
    limit: u32,
) -> Result<Page<TenantObjectSummary>> {
    store::referring(backend, id, attribute, after, limit).await
}

/// Takes a user out of the recycle bin.
pub async fn restore(backend: &Backend, actor: &Actor, id: TenantObjectId) -> Result<()> {
    actor.may_change()?;
    let mut write = backend.db.write().await?;
    let name = store::restore(backend, &mut write, id).await?;
    let activity = Activity::RestoreUser;
    audit::record(backend, &mut write, actor, activity, &name, "").await?;
    write.commit().await?;
    backend.announce_change();
    Ok(())
}

/// Removes for good what lies in the recycle bin longer than [`RECYCLE_BIN`].
pub(crate) async fn empty_recycle_bin(backend: &Backend) -> Result<()> {
    store::empty_recycle_bin(backend, backend.now().minus(RECYCLE_BIN)).await
}

/// Whether any object of the tenant is managed by the configuration.
pub(crate) async fn is_managing(backend: &Backend, id: ConfigurationId) -> Result<bool> {
    store::is_managing(backend, id).await
}
