//! What happened to objects: one row per object and cycle, searched and walked by key. Only cycles
//! and password hash sync write here, in the transaction of the change itself.

mod counts;
mod passwords;
mod search;
mod store;

use std::time::Duration;

use engine::{
    configuration::ConfigurationId,
    cycle::{
        error_code::ErrorCode,
        plan::{Failure, PlannedChange},
    },
    directory::SourceAnchor,
    records::{
        ModifiedProperty, Page, PageKey, ProvisioningAction, ProvisioningEntry,
        ProvisioningEntrySummary, ProvisioningError, ProvisioningFilter, ProvisioningResult,
    },
    tenant::TenantObjectId,
};
use uuid::Uuid;

pub(crate) use passwords::{PasswordEntry, record_passwords};
pub(crate) use store::{record, record_references, record_unresolved};

use crate::{Backend, Error, Result};

/// One row that is to be written.
pub(crate) struct NewEntry<'a> {
    pub(crate) action: ProvisioningAction,
    pub(crate) result: ProvisioningResult,
    pub(crate) target_id: Option<TenantObjectId>,
    pub(crate) planned: &'a PlannedChange,
}

/// What the second pass did to one reference attribute of one object.
pub(crate) struct ReferenceChange {
    pub(crate) owner: SourceAnchor,
    pub(crate) added: u64,
    pub(crate) removed: u64,
    /// The attribute, with names where they are few: removed ones as old, added ones as new value.
    pub(crate) property: ModifiedProperty,
}

/// References of one object whose target is not in the tenant.
pub(crate) struct UnresolvedReferences {
    pub(crate) owner: SourceAnchor,
    pub(crate) attribute: String,
    pub(crate) count: u64,
}

impl UnresolvedReferences {
    fn as_error(&self) -> ProvisioningError {
        let (count, attribute) = (self.count, &self.attribute);
        let reason = match count {
            1 => format!("{attribute}: 1 object that it refers to is not in the tenant."),
            _ => format!("{attribute}: {count} objects that it refers to are not in the tenant."),
        };
        Failure::new(ErrorCode::UnableToResolveReferenceAttributeValue, reason).as_error()
    }
}

/// How long a row is kept, in a tenant with the larger licence.
pub const KEPT_FOR: Duration = Duration::from_secs(30 * 24 * 3_600);

/// Removes rows that are older than [`KEPT_FOR`].
pub(crate) async fn forget_old(backend: &Backend) -> Result<()> {
    store::forget_before(backend, backend.now().minus(KEPT_FOR)).await
}

/// Newest first.
pub async fn list(
    backend: &Backend,
    filter: &ProvisioningFilter,
    after: Option<PageKey>,
    limit: u32,
) -> Result<Page<ProvisioningEntrySummary>> {
    search::list(backend, filter, after, limit).await
}

/// As [`list`], with everything that is kept of each row: for files.
pub async fn entries(
    backend: &Backend,
    filter: &ProvisioningFilter,
    after: Option<PageKey>,
    limit: u32,
) -> Result<Page<ProvisioningEntry>> {
    search::entries(backend, filter, after, limit).await
}

pub async fn get(backend: &Backend, id: Uuid) -> Result<ProvisioningEntry> {
    store::get(backend, id)
        .await?
        .ok_or(Error::NotFound("provisioning log entry"))
}

/// How many objects there are by the latest result of each, among the rows that fit.
pub(crate) async fn objects_by_result(
    backend: &Backend,
    filter: &ProvisioningFilter,
) -> Result<Vec<(ProvisioningResult, u64)>> {
    search::objects_by_result(backend, filter).await
}

/// The actions and results that occur, so that a filter offers nothing that finds nothing.
pub async fn filter_values(
    backend: &Backend,
    configuration: Option<ConfigurationId>,
) -> Result<(Vec<ProvisioningAction>, Vec<ProvisioningResult>)> {
    store::filter_values(backend, configuration).await
}
