//! A directory whose connection cannot be made ready.

use std::sync::Arc;

use async_trait::async_trait;
use connectors::{
    Capabilities, Container, Lookup, ReadRequest, Reading, Source, SourceError, SourceReport,
};
use engine::{
    configuration::DomainName,
    directory::{Dn, SourceObject},
    records::DirectoryId,
};
use tracing::error;

use super::ConnectedDirectory;
use crate::Error;

/// Answers everything with the same error.
struct UnusableSource(SourceError);

/// The directory of a domain that could not be opened because of `error`.
pub(super) fn unusable(domain: &DomainName, error: &Error) -> ConnectedDirectory {
    ConnectedDirectory {
        id: DirectoryId::nil(),
        source: Arc::new(UnusableSource(reason(domain, error))),
        described: format!("the directory of {domain}"),
    }
}

/// A fault of our own may pass, so it is tried again like a directory that is away; what a person
/// stored has to be repaired by one.
fn reason(domain: &DomainName, error: &Error) -> SourceError {
    match error {
        Error::Internal(error) => {
            error!(%domain, %error, "The connection of a directory could not be read");
            SourceError::Unreachable {
                address: domain.to_string(),
                detail: "how it is connected could not be read. The server's log says why."
                    .to_owned(),
            }
        }
        other => SourceError::BadSettings {
            detail: other.to_string(),
        },
    }
}

#[async_trait]
impl Source for UnusableSource {
    async fn check(&self) -> Result<SourceReport, SourceError> {
        Err(self.0.clone())
    }

    async fn read(&self, _request: ReadRequest) -> Result<Reading, SourceError> {
        Err(self.0.clone())
    }

    async fn fetch(&self, _lookup: &Lookup) -> Result<Option<SourceObject>, SourceError> {
        Err(self.0.clone())
    }

    async fn containers(&self, _parent: &Dn) -> Result<Vec<Container>, SourceError> {
        Err(self.0.clone())
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            reports_deletions: true,
        }
    }
}
