//! What keeps the service as a whole from working.

use engine::records::ServiceTrouble;
use leptos::prelude::*;

use super::ApiError;

/// Nothing for who is not signed in: every page asks, the one for signing in, too.
#[server(endpoint = "service-troubles")]
pub async fn troubles() -> Result<Vec<ServiceTrouble>, ApiError> {
    let backend: backend::Backend = expect_context();
    Ok(match super::caller::signed_in() {
        Some(_) => backend::service_health::troubles(&backend).await?,
        None => Vec::new(),
    })
}
