//! Rows about passwords. They say that one was set, and never which.

use engine::{
    configuration::ConfigurationId,
    directory::{ObjectKind, SourceAnchor},
    records::{
        ModifiedProperty, ProvisioningAction, ProvisioningDetail, ProvisioningError,
        ProvisioningResult, ProvisioningStep, StepType, SyncType,
    },
    tenant::TenantObjectId,
};
use uuid::Uuid;

use super::store::{LogRow, insert};
use crate::{Backend, Result, database::Write};

/// What password hash sync did for one user.
pub(crate) struct PasswordEntry<'a> {
    pub(crate) result: ProvisioningResult,
    pub(crate) target: TenantObjectId,
    pub(crate) display_name: &'a str,
    pub(crate) anchor: &'a SourceAnchor,
    pub(crate) dn: &'a str,
    pub(crate) description: &'static str,
    pub(crate) error: Option<ProvisioningError>,
}

/// What stands in the place of a password.
const REDACTED: &str = "•••";

pub(crate) async fn record_passwords(
    backend: &Backend,
    write: &mut Write,
    configuration: ConfigurationId,
    run: Uuid,
    source_system: &str,
    entries: &[PasswordEntry<'_>],
) -> Result<()> {
    let rows: Vec<LogRow> = entries
        .iter()
        .map(|entry| LogRow {
            id: backend.new_id(),
            kind: ObjectKind::User,
            action: ProvisioningAction::Update,
            result: entry.result,
            display_name: entry.display_name.to_owned(),
            anchor: entry.anchor.clone(),
            dn: entry.dn.to_owned(),
            target_id: Some(entry.target),
            detail: password_detail(entry),
            sync_type: SyncType::Password,
        })
        .collect();
    insert(backend, write, configuration, run, source_system, &rows).await
}

fn password_detail(entry: &PasswordEntry<'_>) -> ProvisioningDetail {
    let is_set = entry.result == ProvisioningResult::Success;
    let property = is_set.then(|| ModifiedProperty {
        name: "CredentialData".to_owned(),
        old_value: None,
        new_value: Some(REDACTED.to_owned()),
    });
    ProvisioningDetail {
        steps: vec![ProvisioningStep {
            step_type: StepType::Export,
            result: entry.result,
            description: entry.description.to_owned(),
        }],
        modified_properties: property.into_iter().collect(),
        error: entry.error.clone(),
    }
}
