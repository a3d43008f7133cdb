//! What is shown afterwards: summaries, runs, log entries. Plain data that the server fills and
//! the portal shows; both compile these types, so that nothing between them is loosely typed.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    configuration::{AttributeMapping, Configuration, ConfigurationId, Deployment, DomainName},
    directory::{Attributes, Dn, ObjectKind, SourceAnchor},
    health::Health,
    tenant::TenantObjectId,
    timestamp::{ClockReading, Timestamp},
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

/// A configuration's state in one word, as its badge shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Status {
    Disabled,
    Paused,
    /// Enabled, its first cycle has not begun.
    Waiting,
    InitialCycleRunning,
    Healthy,
    /// The last cycle failed and is tried again.
    Failing,
    Quarantined,
    DeleteThresholdExceeded,
}

impl Status {
    /// The badge of a configuration. A running incremental cycle does not change it.
    pub fn of(deployment: Deployment, health: &Health, initial_cycle_runs: bool) -> Self {
        if initial_cycle_runs {
            return Self::InitialCycleRunning;
        }
        match (deployment, health) {
            (Deployment::Disabled, _) => Self::Disabled,
            (Deployment::Paused, _) => Self::Paused,
            (Deployment::Enabled, Health::NotYetRun) => Self::Waiting,
            (Deployment::Enabled, Health::Healthy) => Self::Healthy,
            (Deployment::Enabled, Health::Failing(_)) => Self::Failing,
            (Deployment::Enabled, Health::Quarantined(_)) => Self::Quarantined,
            (Deployment::Enabled, Health::DeletionsHeld { .. }) => Self::DeleteThresholdExceeded,
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Disabled => "Disabled",
            Self::Paused => "Paused",
            Self::Waiting => "Waiting for the first cycle",
            Self::InitialCycleRunning => "Initial cycle running",
            Self::Healthy => "Healthy",
            Self::Failing => "Last cycle failed",
            Self::Quarantined => "Quarantined",
            Self::DeleteThresholdExceeded => "Delete threshold exceeded",
        }
    }
}

/// A row of the configurations list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConfigurationSummary {
    pub id: ConfigurationId,
    pub domain: DomainName,
    pub deployment: Deployment,
    pub password_hash_sync: bool,
    pub state: ConfigurationState,
}

/// Everything about a configuration that changes by itself: what live pages listen for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConfigurationState {
    pub status: Status,
    pub health: Health,
    /// The cycle under way.
    pub progress: Option<CycleProgress>,
    pub last_cycle: Option<CycleSummary>,
    /// None while disabled.
    pub next_run: Option<Timestamp>,
    pub managed: ManagedCounts,
    pub held_deletions: u64,
    /// Objects whose last write failed and is tried again.
    pub failures: u64,
    /// References whose target is not in the tenant.
    #[serde(default)]
    pub unresolved_references: u64,
    /// Scope or mappings were saved and not every object was evaluated since.
    pub restart_recommended: bool,
}

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

/// How many tenant objects a configuration manages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ManagedCounts {
    pub users: u64,
    pub groups: u64,
    pub contacts: u64,
}

impl ManagedCounts {
    /// One more object of that kind.
    pub fn count(&mut self, kind: ObjectKind) {
        match kind {
            ObjectKind::User => self.users += 1,
            ObjectKind::Group => self.groups += 1,
            ObjectKind::Contact => self.contacts += 1,
        }
    }

    pub fn of(self, kind: ObjectKind) -> u64 {
        match kind {
            ObjectKind::User => self.users,
            ObjectKind::Group => self.groups,
            ObjectKind::Contact => self.contacts,
        }
    }

    pub fn total(self) -> u64 {
        self.users + self.groups + self.contacts
    }
}

/// All that the configuration page shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConfigurationDetails {
    pub configuration: Configuration,
    pub directory: DirectorySummary,
    pub state: ConfigurationState,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum CycleKind {
    /// Reads and plans only; not a cycle of its own.
    Preview,
    /// Every object is read and evaluated.
    Initial,
    /// Only changes are read.
    Incremental,
}

/// What a cycle does at this moment, in the order in which it does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum CyclePhase {
    Reading,
    Planning,
    Writing,
    References,
}

/// A cycle under way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CycleProgress {
    pub cycle: Uuid,
    pub kind: CycleKind,
    pub phase: CyclePhase,
    pub started_at: Timestamp,
    pub observed_at: Timestamp,
    pub objects_read: u64,
    /// Where the directory said so, or as many as the last complete reading had.
    pub objects_expected: Option<u64>,
    /// Planned changes that are not written yet.
    pub to_write: u64,
    pub written: u64,
    /// Of the present phase.
    pub objects_per_second: f64,
    pub seconds_left: Option<u64>,
}

/// What a cycle counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CycleCounts {
    pub read: u64,
    pub created: u64,
    pub updated: u64,
    pub restored: u64,
    pub deleted: u64,
    pub failed: u64,
    /// Left as they are, for a reason that was not told before.
    #[serde(default)]
    pub skipped: u64,
    pub held: u64,
    pub references_added: u64,
    pub references_removed: u64,
}

impl CycleCounts {
    pub fn changes(&self) -> u64 {
        self.created + self.updated + self.restored + self.deleted
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "outcome", content = "message")]
pub enum CycleOutcome {
    Succeeded,
    /// Finished, but some objects failed.
    EntryLevelErrors,
    /// Stopped before the first write, because deletions wait for approval.
    Held,
    Failed(String),
    /// Stopped before the first write, because the plan was not the one that a person had seen.
    PlanChanged,
    /// The server stopped in mid-cycle; the next cycle continued its work.
    Interrupted,
}

/// A cycle that ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CycleSummary {
    pub id: Uuid,
    pub kind: CycleKind,
    pub started_at: Timestamp,
    pub ended_at: Timestamp,
    pub outcome: CycleOutcome,
    pub counts: CycleCounts,
}

/// What was done to an object (Graph: `provisioningAction`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ProvisioningAction {
    Create,
    Update,
    Delete,
    Disable,
    StagedDelete,
    Other,
}

impl ProvisioningAction {
    pub const ALL: [Self; 6] = [
        Self::Create,
        Self::Update,
        Self::Delete,
        Self::Disable,
        Self::StagedDelete,
        Self::Other,
    ];

    /// As it is stored and stands in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Disable => "disable",
            Self::StagedDelete => "stagedDelete",
            Self::Other => "other",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.as_str() == word)
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Create => "Create",
            Self::Update => "Update",
            Self::Delete => "Delete",
            Self::Disable => "Disable",
            Self::StagedDelete => "StagedDelete",
            Self::Other => "Other",
        }
    }
}

/// How it went (Graph: `provisioningResult`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ProvisioningResult {
    Success,
    Failure,
    Skipped,
    Warning,
}

impl ProvisioningResult {
    pub const ALL: [Self; 4] = [Self::Success, Self::Failure, Self::Skipped, Self::Warning];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Skipped => "skipped",
            Self::Warning => "warning",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|result| result.as_str() == word)
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Success => "Success",
            Self::Failure => "Failure",
            Self::Skipped => "Skipped",
            Self::Warning => "Warning",
        }
    }
}

/// What was synchronized (the insights' *SyncType*).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SyncType {
    Object,
    Password,
}

impl SyncType {
    pub const ALL: [Self; 2] = [Self::Object, Self::Password];

    /// As it is stored and stands in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Object => "object",
            Self::Password => "password",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Object => "Objects",
            Self::Password => "Passwords",
        }
    }
}

/// A row of the provisioning log: one object, one change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProvisioningEntrySummary {
    /// The change's id: the handle for support.
    pub id: Uuid,
    pub at: Timestamp,
    pub configuration: ConfigurationId,
    pub cycle: Uuid,
    pub kind: ObjectKind,
    pub action: ProvisioningAction,
    pub result: ProvisioningResult,
    pub display_name: String,
    /// The object's identifier in the directory (objectGUID, entryUUID), else its anchor.
    pub source_id: String,
    pub target_id: Option<TenantObjectId>,
    pub source_system: String,
    pub target_system: String,
}

/// The whole entry with its four tabs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProvisioningEntry {
    pub summary: ProvisioningEntrySummary,
    pub source_dn: String,
    #[serde(flatten)]
    pub detail: ProvisioningDetail,
}

/// What is stored as one document beside the row's columns.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ProvisioningDetail {
    pub steps: Vec<ProvisioningStep>,
    pub modified_properties: Vec<ModifiedProperty>,
    pub error: Option<ProvisioningError>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum StepType {
    Import,
    Scoping,
    Matching,
    Processing,
    ReferenceResolution,
    Export,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProvisioningStep {
    pub step_type: StepType,
    pub result: ProvisioningResult,
    pub description: String,
}

/// One attribute's value before and after. Several values stand on lines of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ModifiedProperty {
    pub name: String,
    pub old_value: Option<String>,
    pub new_value: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProvisioningError {
    pub code: String,
    pub reason: String,
    pub advice: String,
}

/// What the log list is narrowed to; an empty filter shows everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ProvisioningFilter {
    pub configuration: Option<ConfigurationId>,
    pub cycle: Option<Uuid>,
    pub action: Option<ProvisioningAction>,
    pub result: Option<ProvisioningResult>,
    pub kind: Option<ObjectKind>,
    /// Part of a name, a user principal name, a DN, an objectGUID, an anchor or a target id.
    pub identity: Option<String>,
    pub error_code: Option<String>,
    pub sync_type: Option<SyncType>,
    pub since: Option<Timestamp>,
    /// The first instant that is too late.
    pub until: Option<Timestamp>,
}

/// What an administrator did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditEntry {
    pub id: Uuid,
    pub at: Timestamp,
    pub activity: String,
    pub succeeded: bool,
    pub initiated_by: String,
    pub target: String,
    pub detail: String,
}

/// What the audit log is narrowed to; an empty filter shows everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AuditFilter {
    pub activity: Option<String>,
    pub initiated_by: Option<String>,
    pub succeeded: Option<bool>,
    /// Part of what was acted upon.
    pub target: Option<String>,
    pub since: Option<Timestamp>,
}

/// What occurs in the audit log, so that a filter offers nothing that finds nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditValues {
    pub activities: Vec<String>,
    pub initiators: Vec<String>,
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HeldDeletions {
    /// The cycle that held them. An approval names it, and holds for this list only.
    pub cycle: Option<Uuid>,
    pub since: Option<Timestamp>,
    pub threshold: u32,
    pub page: Page<HeldDeletion>,
}

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

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DirectoryKind {
    /// An embedded demo forest.
    Forest,
    Ldap,
}

/// Identifies a connected directory.
pub type DirectoryId = Uuid;

/// A row of the directories list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DirectorySummary {
    pub id: DirectoryId,
    pub kind: DirectoryKind,
    pub domain: DomainName,
    pub base_dn: Dn,
    /// `ldap://…`, or "embedded".
    pub address: String,
    /// The configuration for its domain, where there is one.
    pub configuration: Option<ConfigurationId>,
    /// What the last test or reading said; none when nobody tried yet.
    pub last_contact: Option<Contact>,
    pub delivers_password_hashes: bool,
}

/// The last word of a directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Contact {
    pub at: Timestamp,
    /// None when all went well.
    pub error: Option<String>,
}

/// How an LDAP directory is connected, as a person reads it back; never with the password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LdapConnection {
    pub url: String,
    pub start_tls: bool,
    pub ca_certificate_pem: Option<String>,
    pub bind_dn: String,
    pub base_dn: Dn,
}

/// All that a directory's page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DirectoryDetails {
    pub summary: DirectorySummary,
    /// LDAP directories only.
    pub connection: Option<LdapConnection>,
}

/// What **Test connection** answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionReport {
    pub product: String,
    /// For example "1,000 or more users".
    pub seen: Vec<SeenObjects>,
    pub warnings: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SeenObjects {
    pub kind: ObjectKind,
    pub count: u64,
    /// There are more; the test looked at one page.
    pub more: bool,
}

/// A container of a directory, for trees in which a person chooses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ContainerSummary {
    pub dn: Dn,
    pub name: String,
    pub has_containers: bool,
}

/// An object of a directory, for lists in which a person chooses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FoundObject {
    pub dn: Dn,
    pub name: String,
    /// What tells it from others of its name: a user principal name, a mail address, a description.
    pub detail: String,
}

/// The provisioning agent of the domains it serves. The embedded one is part of the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AgentSummary {
    pub machine_name: String,
    pub is_active: bool,
    pub domains: Vec<DomainName>,
    pub version: String,
    pub last_contact: Timestamp,
}

/// Who is signed in, as every page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SignedIn {
    pub display_name: String,
    pub email: String,
    pub role: Role,
    /// Signed in by the demo itself, without a password.
    pub is_demo: bool,
    pub tenant_name: String,
    /// Pages go by it, too.
    pub clock: ClockReading,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Role {
    /// May do everything.
    HybridIdentityAdministrator,
    /// May read everything and change nothing.
    ReportsReader,
}

impl Role {
    pub const ALL: [Self; 2] = [Self::HybridIdentityAdministrator, Self::ReportsReader];

    /// As it is stored and stands in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::HybridIdentityAdministrator => "hybridIdentityAdministrator",
            Self::ReportsReader => "reportsReader",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }

    /// What is left of this role for somebody who has only `other`.
    #[must_use]
    pub fn at_most(self, other: Self) -> Self {
        match (self, other) {
            (Self::HybridIdentityAdministrator, Self::HybridIdentityAdministrator) => self,
            (_, Self::ReportsReader) | (Self::ReportsReader, _) => Self::ReportsReader,
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::HybridIdentityAdministrator => "Hybrid Identity Administrator",
            Self::ReportsReader => "Reports Reader",
        }
    }
}

/// A mail of the outbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MailSummary {
    pub id: Uuid,
    pub at: Timestamp,
    pub recipients: Vec<String>,
    pub subject: String,
    pub delivery: MailDelivery,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "state")]
pub enum MailDelivery {
    /// No mail server is configured: the outbox is where the mail is read.
    Kept,
    Waiting {
        attempts: u32,
        last_error: Option<String>,
    },
    Delivered {
        at: Timestamp,
    },
    GivenUp {
        error: String,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MailDetails {
    pub summary: MailSummary,
    pub text: String,
    pub html: String,
}

/// How mails leave this server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MailSetup {
    /// Without its password; none when mails stay in the mailbox.
    pub server: Option<String>,
    pub sender: Option<String>,
    /// Where links in mails lead.
    pub portal_url: String,
    pub configurations: Vec<NotifiedConfiguration>,
    /// The last mails, newest first.
    pub latest: Vec<MailSummary>,
}

/// Whom a configuration tells of its troubles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NotifiedConfiguration {
    pub id: ConfigurationId,
    pub domain: DomainName,
    pub addresses: Vec<String>,
}
