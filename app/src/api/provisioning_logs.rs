//! What happened to objects.

use engine::{
    configuration::ConfigurationId,
    records::{
        Page, PageKey, ProvisioningAction, ProvisioningEntry, ProvisioningEntrySummary,
        ProvisioningFilter, ProvisioningResult,
    },
};
use leptos::prelude::*;
use uuid::Uuid;

use super::ApiError;

/// One page of the entries that are not older than so many hours, newest first.
#[server(endpoint = "provisioning-logs/list")]
pub async fn list(
    #[server(default)] filter: ProvisioningFilter,
    hours: u32,
    after: Option<PageKey>,
) -> Result<Page<ProvisioningEntrySummary>, ApiError> {
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    let range = std::time::Duration::from_secs(u64::from(hours) * 3_600);
    let since = Some(backend.now().minus(range));
    let filter = ProvisioningFilter { since, ..filter };
    Ok(backend::provisioning_logs::list(
        &backend,
        &filter,
        after,
        crate::list_address::ROWS_PER_PAGE,
    )
    .await?)
}

#[server(endpoint = "provisioning-logs/entry")]
pub async fn entry(id: Uuid) -> Result<ProvisioningEntry, ApiError> {
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    Ok(backend::provisioning_logs::get(&backend, id).await?)
}

/// The actions and results that occur.
#[server(endpoint = "provisioning-logs/filter-values")]
pub async fn filter_values(
    configuration: Option<ConfigurationId>,
) -> Result<(Vec<ProvisioningAction>, Vec<ProvisioningResult>), ApiError> {
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    Ok(backend::provisioning_logs::filter_values(&backend, configuration).await?)
}
