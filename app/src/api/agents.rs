//! Provisioning agents.

use engine::records::AgentSummary;
use leptos::prelude::*;

use super::ApiError;

#[server(endpoint = "agents")]
pub async fn list() -> Result<Vec<AgentSummary>, ApiError> {
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    Ok(backend::directories::agents(&backend).await?)
}
