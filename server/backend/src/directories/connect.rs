//! Connecting an LDAP directory: what a person typed, the test, and what is stored.

use std::sync::Arc;

use connectors::Source;
use engine::{
    configuration::{DomainName, draft::FieldError},
    directory::Dn,
    records::{ConnectionReport, DirectoryId},
};
use serde::{Deserialize, Serialize};

use super::store::DirectoryRow;
use crate::{Actor, Backend, Error, Result};

/// An LDAP connection as it was typed. An empty password leaves the stored one as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LdapDraft {
    pub url: String,
    pub start_tls: bool,
    pub ca_certificate_pem: String,
    pub bind_dn: String,
    pub bind_password: String,
    pub base_dn: String,
}

pub async fn test(
    backend: &Backend,
    actor: &Actor,
    existing: Option<DirectoryId>,
    draft: LdapDraft,
) -> Result<ConnectionReport> {
    todo!()
}
pub async fn connect(backend: &Backend, actor: &Actor, draft: LdapDraft) -> Result<DirectoryId> {
    todo!()
}
pub async fn change(
    backend: &Backend,
    actor: &Actor,
    id: DirectoryId,
    draft: LdapDraft,
) -> Result<()> {
    todo!()
}
pub async fn disconnect(backend: &Backend, actor: &Actor, id: DirectoryId) -> Result<()> {
    todo!()
}
pub(super) fn open(backend: &Backend, row: &DirectoryRow) -> Result<Arc<dyn Source>> {
    todo!()
}
