//! A configuration as lists and its page show it: its badge, its state, how much it manages.

use serde::{Deserialize, Serialize};

use super::{CycleProgress, CycleSummary, DirectorySummary};
use crate::{
    configuration::{Configuration, ConfigurationId, Deployment, DomainName},
    directory::ObjectKind,
    health::Health,
    timestamp::Timestamp,
};

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
    /// None where the directory reports deletions.
    #[serde(default)]
    pub deletion_check: Option<DeletionCheck>,
}

/// When deletions are looked for in a directory that does not report them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeletionCheck {
    /// None before the first one.
    pub last: Option<Timestamp>,
    /// None while no cycle runs.
    pub next: Option<Timestamp>,
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
