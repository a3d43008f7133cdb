//! What the cloud holds: users, groups and contacts of the tenant, as a target shows them.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    configuration::ConfigurationId,
    directory::{Attributes, ObjectKind, SourceAnchor},
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
}
