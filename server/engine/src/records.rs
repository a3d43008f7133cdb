//! What is shown afterwards: summaries, runs, log entries. Plain data that the server fills and
//! the portal shows; both compile these types, so that nothing between them is loosely typed.
//!
//! One file a noun; here is what lists of all of them have in common.

mod audit;
mod configurations;
mod cycles;
mod directories;
mod mail;
mod objects;
mod people;
mod provisioning;
mod service;
mod tenant;

use serde::{Deserialize, Serialize};

pub use self::{
    audit::{AuditEntry, AuditFilter, AuditValues},
    configurations::{
        ConfigurationDetails, ConfigurationState, ConfigurationSummary, DeletionCheck,
        ManagedCounts, Status,
    },
    cycles::{CycleCounts, CycleKind, CycleOutcome, CyclePhase, CycleProgress, CycleSummary},
    directories::{
        AgentSummary, ConnectionReport, Contact, ContainerSummary, DirectoryDetails, DirectoryId,
        DirectoryKind, DirectorySummary, FoundObject, LdapConnection, SeenObjects,
    },
    mail::{MailDelivery, MailDetails, MailSetup, MailSummary, NotifiedConfiguration},
    objects::{HeldDeletion, HeldDeletions, ObjectFailure, ObjectLink, UnresolvedReference},
    people::{Role, SignedIn},
    provisioning::{
        ModifiedProperty, ProvisioningAction, ProvisioningDetail, ProvisioningEntry,
        ProvisioningEntrySummary, ProvisioningError, ProvisioningFilter, ProvisioningResult,
        ProvisioningStep, StepType, SyncType,
    },
    service::ServiceTrouble,
    tenant::{
        TenantCounts, TenantObjectDetails, TenantObjectSource, TenantObjectSummary, TenantOverview,
    },
};

/// One page of a list that is walked by key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Hand this back to get the page that follows; none on the last one.
    pub next: Option<PageKey>,
    /// How many there are in all, where that is kept.
    pub total: Option<u64>,
}

impl<T> Default for Page<T> {
    /// A list without anything.
    fn default() -> Self {
        Self {
            items: Vec::new(),
            next: None,
            total: Some(0),
        }
    }
}

/// Where a page starts. Opaque to everybody but the list that made it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PageKey(pub String);
