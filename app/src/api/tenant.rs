//! The tenant: what it is and what it holds.

use engine::records::TenantOverview;
use leptos::prelude::*;

use super::ApiError;

#[server(endpoint = "tenant/overview")]
pub async fn overview() -> Result<TenantOverview, ApiError> {
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    Ok(backend::tenant::overview(&backend).await?)
}
