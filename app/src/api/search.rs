//! What the search of the top bar finds on the server.

use engine::records::{ConfigurationSummary, TenantObjectSummary};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::ApiError;

/// A few of each kind, with no more than the bar shows: its code comes with every page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Found {
    pub configurations: Vec<Hit>,
    pub users: Vec<Hit>,
    pub groups: Vec<Hit>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hit {
    pub id: Uuid,
    pub label: String,
    pub detail: String,
}

impl From<ConfigurationSummary> for Hit {
    fn from(configuration: ConfigurationSummary) -> Self {
        Self {
            id: configuration.id.0,
            label: configuration.domain.to_string(),
            detail: configuration.state.status.label().to_owned(),
        }
    }
}

impl From<TenantObjectSummary> for Hit {
    fn from(object: TenantObjectSummary) -> Self {
        Self {
            id: object.id,
            label: object.display_name,
            detail: object
                .user_principal_name
                .or(object.mail)
                .unwrap_or_default(),
        }
    }
}

#[server(endpoint = "search")]
pub async fn find(text: String) -> Result<Found, ApiError> {
    use engine::directory::ObjectKind::{Group, User};
    const HITS: u32 = 5;
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    let mut configurations = backend::configurations::list(&backend).await?;
    configurations.retain(|each| each.domain.as_str().contains(&text.to_lowercase()));
    let users = backend::tenant::list(&backend, User, &text, None, HITS).await?;
    let groups = backend::tenant::list(&backend, Group, &text, None, HITS).await?;
    Ok(Found {
        configurations: configurations.into_iter().map(Hit::from).collect(),
        users: users.items.into_iter().map(Hit::from).collect(),
        groups: groups.items.into_iter().map(Hit::from).collect(),
    })
}
