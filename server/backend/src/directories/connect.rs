//! Connecting an LDAP directory: what a person typed, the test, and what is stored.

use std::sync::Arc;

use connectors::Source;
use engine::{
    configuration::{
        DomainName,
        draft::{self, FieldError, LdapDraft},
    },
    directory::Dn,
    records::{ConnectionReport, DirectoryId},
};

use super::store::DirectoryRow;
use crate::{Actor, Backend, Error, Result};

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
