//! What runs at this moment.

use engine::{configuration::ConfigurationId, records::CycleProgress};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::ApiError;

/// A cycle under way, with no more than the notification centre shows: its code comes with every
/// page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunningCycle {
    pub configuration: ConfigurationId,
    pub domain: String,
    pub progress: CycleProgress,
}

#[server(endpoint = "running")]
pub async fn list() -> Result<Vec<RunningCycle>, ApiError> {
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    let configurations = backend::configurations::list(&backend).await?;
    let cycle = |configuration: engine::records::ConfigurationSummary| {
        Some(RunningCycle {
            configuration: configuration.id,
            domain: configuration.domain.to_string(),
            progress: configuration.state.progress?,
        })
    };
    Ok(configurations.into_iter().filter_map(cycle).collect())
}
