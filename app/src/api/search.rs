//! What the search of the top bar finds on the server.

use engine::records::{ConfigurationSummary, TenantObjectSummary};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::ApiError;

/// A few of each kind.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Found {
    pub configurations: Vec<ConfigurationSummary>,
    pub users: Vec<TenantObjectSummary>,
    pub groups: Vec<TenantObjectSummary>,
}

#[server(endpoint = "search")]
pub async fn find(text: String) -> Result<Found, ApiError> {
    use engine::directory::ObjectKind::{Group, User};
    const HITS: u32 = 5;
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    let mut configurations = backend::configurations::list(&backend).await?;
    configurations.retain(|each| each.domain.as_str().contains(&text.to_lowercase()));
    let users = backend::tenant::list(&backend, User, &text, None, HITS)
        .await?
        .items;
    let groups = backend::tenant::list(&backend, Group, &text, None, HITS)
        .await?
        .items;
    Ok(Found {
        configurations,
        users,
        groups,
    })
}
