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

/// One page of the entries, newest first. Where the filter names no time, they are not older than
/// so many hours.
#[server(endpoint = "provisioning-logs/list")]
pub async fn list(
    #[server(default)] filter: ProvisioningFilter,
    hours: u32,
    after: Option<PageKey>,
) -> Result<Page<ProvisioningEntrySummary>, ApiError> {
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    let range = std::time::Duration::from_secs(u64::from(hours) * 3_600);
    let since = filter.since.or(Some(backend.now().minus(range)));
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

/// The words of the columns that whoever asks looks at.
#[server(endpoint = "provisioning-logs/columns")]
pub async fn columns() -> Result<Vec<String>, ApiError> {
    use crate::pages::cloud_sync::provisioning_logs::columns;
    let chosen = crate::shell::cookie(super::caller::LOG_COLUMNS);
    let chosen = columns::of_words(chosen.as_deref()).into_iter();
    Ok(chosen.map(|column| column.as_str().to_owned()).collect())
}

/// Remembers the columns; `back` is the page they were chosen on.
#[server(endpoint = "provisioning-logs/choose-columns")]
pub async fn choose_columns(
    #[server(default)] columns: Vec<String>,
    back: String,
) -> Result<(), ApiError> {
    use crate::pages::cloud_sync::provisioning_logs::columns::LogColumn;
    let known = columns.iter().filter_map(|word| LogColumn::parse(word));
    // The identity is always there, and says that somebody has chosen.
    let words: Vec<_> = std::iter::once("identity")
        .chain(known.map(LogColumn::as_str))
        .collect();
    super::caller::remember(super::caller::LOG_COLUMNS, &words.join("."));
    super::caller::go_on_without_script(&crate::routes::own_address(&back));
    Ok(())
}
