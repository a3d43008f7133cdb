//! What the provisioning log adds up to.

use engine::insights::{Insights, InsightsQuery};
use leptos::prelude::*;

use super::ApiError;

#[server(endpoint = "insights/count")]
pub async fn count(#[server(default)] query: InsightsQuery) -> Result<Insights, ApiError> {
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    Ok(backend::insights::count(&backend, &query).await?)
}
