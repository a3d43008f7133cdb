//! What the provisioning log adds up to: figures, charts and the errors that recur. Plain data that
//! the server counts and the portal draws.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{
    configuration::{ConfigurationId, DomainName},
    records::{ProvisioningAction, ProvisioningResult, SyncType},
    timestamp::Timestamp,
};

/// How far back insights look, and in what steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DateRange {
    Day,
    Week,
    #[default]
    Fortnight,
    Month,
}

impl DateRange {
    pub const ALL: [Self; 4] = [Self::Fortnight, Self::Day, Self::Week, Self::Month];

    /// As it stands in addresses; the usual one needs no word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fortnight => "",
            Self::Day => "24h",
            Self::Week => "7d",
            Self::Month => "30d",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|range| range.as_str() == word)
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Day => "Last 24 hours",
            Self::Week => "Last 7 days",
            Self::Fortnight => "Last 14 days",
            Self::Month => "Last 30 days",
        }
    }

    /// How many steps the range has.
    pub fn steps(self) -> u32 {
        match self {
            Self::Day => 24,
            Self::Week => 7,
            Self::Fortnight => 14,
            Self::Month => 30,
        }
    }

    /// How long one step is: an hour or a day.
    pub fn step(self) -> Duration {
        let hours = if self == Self::Day { 1 } else { 24 };
        Duration::from_secs(hours * 3_600)
    }

    /// The first instant that counts; the step under way is the last one.
    pub fn start(self, now: Timestamp) -> Timestamp {
        let current = match self {
            Self::Day => now.start_of_hour(),
            Self::Week | Self::Fortnight | Self::Month => now.start_of_day(),
        };
        current.minus(self.step() * (self.steps() - 1))
    }

    /// Whether the log still has all of the range before.
    pub fn has_range_before(self) -> bool {
        self != Self::Month
    }
}

/// What is counted; an empty query counts everything of the usual range.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct InsightsQuery {
    pub configuration: Option<ConfigurationId>,
    pub range: DateRange,
    pub action: Option<ProvisioningAction>,
    pub result: Option<ProvisioningResult>,
    pub sync_type: Option<SyncType>,
}

/// How many log rows there are of each action and of each result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RowCounts {
    actions: [u64; 6],
    results: [u64; 4],
}

impl RowCounts {
    pub fn add(&mut self, action: ProvisioningAction, result: ProvisioningResult, rows: u64) {
        self.actions[action as usize] += rows;
        self.results[result as usize] += rows;
    }

    pub fn of_action(&self, action: ProvisioningAction) -> u64 {
        self.actions[action as usize]
    }

    pub fn of_result(&self, result: ProvisioningResult) -> u64 {
        self.results[result as usize]
    }

    pub fn total(&self) -> u64 {
        self.results.iter().sum()
    }
}

/// The rows of one hour or day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InsightsStep {
    pub start: Timestamp,
    pub counts: RowCounts,
}

/// How many rows one configuration has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConfigurationRows {
    pub id: ConfigurationId,
    pub domain: DomainName,
    pub rows: u64,
}

/// An error code of one configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecentError {
    pub code: String,
    pub configuration: ConfigurationId,
    pub domain: DomainName,
    pub rows: u64,
    pub latest_at: Timestamp,
}

/// All that the insights page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Insights {
    pub counted_at: Timestamp,
    /// The first instant that counts.
    pub since: Timestamp,
    pub total: RowCounts,
    /// The rows of the range before, where the log still has all of it.
    pub before: Option<RowCounts>,
    /// Every step of the range, the empty ones too.
    pub steps: Vec<InsightsStep>,
    /// The most active first.
    pub configurations: Vec<ConfigurationRows>,
    /// The latest first.
    pub errors: Vec<RecentError>,
    /// Each object counts once, with its latest result.
    pub objects: Vec<(ProvisioningResult, u64)>,
}
