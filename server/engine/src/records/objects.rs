//! Single objects that a person may look after: those that failed, references that lead nowhere,
//! links, and deletions that wait.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Page;
use crate::{
    directory::{ObjectKind, SourceAnchor},
    tenant::TenantObjectId,
    timestamp::Timestamp,
};

/// An object that could not be written and waits for another try.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ObjectFailure {
    pub anchor: SourceAnchor,
    pub kind: ObjectKind,
    pub dn: String,
    /// One of [`crate::cycle::error_code::ErrorCode`].
    pub code: String,
    pub reason: String,
    pub advice: String,
    pub first_failed_at: Timestamp,
    pub attempts: u32,
    /// None once it is tried again only when something changes.
    pub next_attempt: Option<Timestamp>,
}

/// References of one object whose target is not in the tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UnresolvedReference {
    pub owner: SourceAnchor,
    pub kind: ObjectKind,
    pub dn: String,
    /// Of the target, for example `Member`.
    pub attribute: String,
    pub count: u64,
    pub since: Timestamp,
}

/// A stored pair of source object and tenant object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ObjectLink {
    pub anchor: SourceAnchor,
    pub kind: ObjectKind,
    pub target_id: TenantObjectId,
    pub display_name: String,
}

/// A deletion that waits for approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HeldDeletion {
    pub anchor: SourceAnchor,
    pub target_id: TenantObjectId,
    pub kind: ObjectKind,
    pub display_name: String,
    pub dn: String,
    /// Why the object would be deleted, in one sentence.
    pub reason: String,
}

/// The held deletions of a configuration, with the mark of exactly this list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HeldDeletions {
    /// The cycle that held them. An approval names it, and holds for this list only.
    pub cycle: Option<Uuid>,
    pub since: Option<Timestamp>,
    pub threshold: u32,
    /// How many were allowed and wait for the cycle that carries them out; they are not on the list.
    pub allowed: u64,
    pub page: Page<HeldDeletion>,
}
