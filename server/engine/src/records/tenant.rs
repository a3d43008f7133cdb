//! The tenant and its objects, as its pages show them.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::DirectorySummary;
use crate::{
    configuration::{AttributeMapping, ConfigurationId, DomainName},
    directory::{Attributes, Dn, ObjectKind, SourceAnchor},
    tenant::TenantObjectId,
    timestamp::Timestamp,
};

/// A row of the tenant's users, groups or deleted users.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TenantObjectSummary {
    pub id: TenantObjectId,
    pub kind: ObjectKind,
    pub display_name: String,
    pub user_principal_name: Option<String>,
    pub mail: Option<String>,
    /// Users only.
    pub account_enabled: Option<bool>,
    /// Whether its source is a directory on-premises.
    pub is_synchronized: bool,
    pub deleted_at: Option<Timestamp>,
    /// When a deleted object goes for good.
    pub purge_at: Option<Timestamp>,
}

/// One object of the tenant with everything that is known of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TenantObjectDetails {
    pub summary: TenantObjectSummary,
    pub attributes: Attributes,
    pub source_anchor: Option<SourceAnchor>,
    pub managed_by: Option<ConfigurationId>,
    pub managed_by_domain: Option<DomainName>,
    pub manager: Option<TenantObjectSummary>,
    pub member_count: u64,
    pub member_of_count: u64,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
}

/// Where a synchronized object of the tenant comes from, as the last reading saw it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TenantObjectSource {
    pub configuration: ConfigurationId,
    pub directory: DirectorySummary,
    pub dn: Dn,
    /// The directory's own, and those that mappings find beside them.
    pub attributes: Attributes,
    /// How the configuration makes the object's attributes of them.
    pub mappings: Vec<AttributeMapping>,
}

/// Counts for the tenant's overview.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TenantCounts {
    pub users: u64,
    pub groups: u64,
    pub contacts: u64,
    pub deleted_users: u64,
}

/// The tenant itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TenantOverview {
    pub name: String,
    pub id: Uuid,
    pub initial_domain: DomainName,
    pub counts: TenantCounts,
    pub configurations: u64,
}
