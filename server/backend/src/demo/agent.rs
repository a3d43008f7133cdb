//! What an agent answers that does not run: nothing, whatever it is asked.

use async_trait::async_trait;
use connectors::{
    Capabilities, Container, Lookup, ReadRequest, Reading, Source, SourceError, SourceReport,
};
use engine::directory::{Dn, SourceObject};

/// Stands in for the embedded directories while the demo's agent is stopped.
pub(crate) struct StoppedAgent;

impl StoppedAgent {
    /// The documented code 4 of the original.
    fn silence() -> SourceError {
        SourceError::Unreachable {
            address: "The embedded agent".to_owned(),
            detail: "HybridIdentityServiceNoActiveAgents: an agent is registered for this domain, \
                     and none is running. Start the agent's service."
                .to_owned(),
        }
    }
}

#[async_trait]
impl Source for StoppedAgent {
    async fn check(&self) -> Result<SourceReport, SourceError> {
        Err(Self::silence())
    }

    async fn read(&self, _request: ReadRequest) -> Result<Reading, SourceError> {
        Err(Self::silence())
    }

    async fn fetch(&self, _lookup: &Lookup) -> Result<Option<SourceObject>, SourceError> {
        Err(Self::silence())
    }

    async fn containers(&self, _parent: &Dn) -> Result<Vec<Container>, SourceError> {
        Err(Self::silence())
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            reports_deletions: true,
        }
    }
}
