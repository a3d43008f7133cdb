//! What keeps the service as a whole from working.

use engine::records::ServiceTrouble;
use leptos::prelude::*;

use super::ApiError;

#[server(endpoint = "service-troubles")]
pub async fn troubles() -> Result<Vec<ServiceTrouble>, ApiError> {
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    Ok(backend::service_health::troubles(&backend).await?)
}
