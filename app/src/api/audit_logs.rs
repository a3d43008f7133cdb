//! What administrators did.

use engine::records::{AuditEntry, AuditFilter, AuditValues, Page, PageKey};
use leptos::prelude::*;

use super::ApiError;

/// One page of what is not older than so many hours, newest first.
#[server(endpoint = "audit-logs/list")]
pub async fn list(
    #[server(default)] filter: AuditFilter,
    hours: Option<u32>,
    after: Option<PageKey>,
) -> Result<Page<AuditEntry>, ApiError> {
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    let range = |hours| std::time::Duration::from_secs(u64::from(hours) * 3_600);
    let since = hours.map(|hours: u32| backend.now().minus(range(hours)));
    let filter = AuditFilter { since, ..filter };
    let rows = crate::list_address::ROWS_PER_PAGE;
    Ok(backend::audit::search(&backend, &filter, after, rows).await?)
}

/// The activities and people that occur.
#[server(endpoint = "audit-logs/filter-values")]
pub async fn filter_values() -> Result<AuditValues, ApiError> {
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    Ok(backend::audit::values(&backend).await?)
}
