//! Who is signed in, and what each role may do.

use serde::{Deserialize, Serialize};

use crate::timestamp::ClockReading;

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
