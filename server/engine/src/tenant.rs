//! What the cloud holds: users, groups and contacts of the tenant, as a target shows them, and the
//! rules that hold for all of them.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    configuration::ConfigurationId,
    directory::{AttributeName, Attributes, ObjectKind, SourceAnchor},
};

/// Identifies an object of the tenant for its whole life.
pub type TenantObjectId = Uuid;

/// One object of the tenant. Attribute names are those of the target schema
/// ([`crate::configuration::schema`]); references are not among them, they are kept as links.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TenantObject {
    pub id: TenantObjectId,
    pub kind: ObjectKind,
    /// Set once an on-premises object is its source; a cloud-only object has none.
    pub source_anchor: Option<SourceAnchor>,
    /// The configuration that manages it. None for a cloud-only object, and for one whose
    /// configuration was deleted.
    pub managed_by: Option<ConfigurationId>,
    pub attributes: Attributes,
    /// In the recycle bin.
    pub is_deleted: bool,
    /// The role of an administrator, for example "Global Administrator".
    #[serde(default)]
    pub admin_role: Option<String>,
    /// Values that the object should have and another object has.
    #[serde(default)]
    pub held_back: Vec<HeldBack>,
}

/// A value that the tenant keeps back because another object has it (duplicate attribute
/// resiliency). It is put in place by itself once it is free.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HeldBack {
    pub attribute: AttributeName,
    pub value: String,
}

/// What an administrator of the tenant chose for all of its objects. The names are those of the
/// original's features for on-premises synchronization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TenantFeatures {
    /// Cloud-only users can be found by their user principal name, not by address only.
    pub soft_match_on_user_principal_name: bool,
    /// Nobody is taken over by name or address.
    pub block_soft_match: bool,
    /// Nobody who is managed in the cloud is taken over by source anchor.
    pub block_cloud_object_takeover_through_hard_match: bool,
    /// A user whose name another one has gets a placeholder instead of an error.
    pub quarantine_user_principal_name_on_conflict: bool,
    /// An address that another object has is left out instead of an error.
    pub quarantine_proxy_addresses_on_conflict: bool,
    /// Whether the account that synchronizes may still sign in to the tenant.
    pub synchronization_account: SynchronizationAccount,
}

impl Default for TenantFeatures {
    fn default() -> Self {
        Self {
            soft_match_on_user_principal_name: true,
            block_soft_match: false,
            block_cloud_object_takeover_through_hard_match: false,
            quarantine_user_principal_name_on_conflict: true,
            quarantine_proxy_addresses_on_conflict: true,
            synchronization_account: SynchronizationAccount::Working,
        }
    }
}

/// The cloud account by which the service writes to the tenant. It can be broken, and repaired.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SynchronizationAccount {
    #[default]
    Working,
    Missing,
    PasswordExpired,
}

/// Why the tenant takes no writes: a documented code with its sentence and what helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub code: &'static str,
    pub message: &'static str,
}

impl SynchronizationAccount {
    pub fn refusal(self) -> Option<Refusal> {
        match self {
            Self::Working => None,
            Self::Missing => Some(Refusal {
                code: "AzureActiveDirectoryInvalidCredential",
                message: "The tenant does not know the account that synchronizes. Repair the \
                          account.",
            }),
            Self::PasswordExpired => Some(Refusal {
                code: "AzureActiveDirectoryExpiredCredentials",
                message: "The password of the account that synchronizes has expired. Repair the \
                          account.",
            }),
        }
    }
}
