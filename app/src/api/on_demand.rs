//! Testing the configuration on one object.

use engine::{configuration::ConfigurationId, on_demand::OnDemand};
use leptos::prelude::*;
use uuid::Uuid;

use super::ApiError;

/// Applies the saved configuration to the object, and shows what came of it.
#[server(endpoint = "on-demand/provision")]
pub async fn provision(id: ConfigurationId, subject: String) -> Result<Uuid, ApiError> {
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    let test = backend::runs::provision_on_demand(&backend, &actor, id, &subject).await?;
    let page = crate::routes::Route::ProvisionOnDemand(id).with("test", test.id);
    leptos_axum::redirect(&page);
    Ok(test.id)
}

/// What an earlier test found.
#[server(endpoint = "on-demand/test")]
pub async fn test(id: Uuid) -> Result<OnDemand, ApiError> {
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    Ok(backend::runs::on_demand_test(&backend, id).await?)
}
