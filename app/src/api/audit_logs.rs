//! What administrators did.

use engine::records::{AuditEntry, Page, PageKey};
use leptos::prelude::*;

use super::ApiError;

/// One page, newest first.
#[server(endpoint = "audit-logs/list")]
pub async fn list(after: Option<PageKey>) -> Result<Page<AuditEntry>, ApiError> {
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    Ok(backend::audit::list(&backend, after, crate::list_address::ROWS_PER_PAGE).await?)
}
