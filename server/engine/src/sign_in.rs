//! What pages say of passwords: whether one works in the tenant, and how their synchronization
//! stands. Never a password, never a hash.

use serde::{Deserialize, Serialize};

use crate::timestamp::Timestamp;

/// What a password that somebody typed on a user's page turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SignInCheck {
    Accepted,
    /// The password is right; the account is disabled and could not sign in.
    AcceptedButDisabled,
    Wrong,
    /// The tenant has no password of this user yet.
    NothingSynchronized,
    /// Passwords were tried too often; further ones are not looked at for a while.
    TooManyAttempts,
}

impl SignInCheck {
    pub const ALL: [Self; 5] = [
        Self::Accepted,
        Self::AcceptedButDisabled,
        Self::Wrong,
        Self::NothingSynchronized,
        Self::TooManyAttempts,
    ];

    /// As it stands in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::AcceptedButDisabled => "accepted-but-disabled",
            Self::Wrong => "wrong",
            Self::NothingSynchronized => "nothing-synchronized",
            Self::TooManyAttempts => "too-many-attempts",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|check| check.as_str() == word)
    }
}

/// How a configuration's passwords stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PasswordHashSyncState {
    pub last_run: Option<Timestamp>,
    pub next_run: Option<Timestamp>,
    /// Why the last run stopped; none when it came to its end.
    pub error: Option<String>,
    /// Users whose password is in the tenant.
    pub synchronized: u64,
    /// Users who must change their password first.
    pub must_change: u64,
    /// Users whose password is tried again.
    pub failed: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_in_addresses_are_read_back() {
        for check in SignInCheck::ALL {
            assert_eq!(SignInCheck::parse(check.as_str()), Some(check));
        }
        assert_eq!(SignInCheck::parse("certainly"), None);
    }
}
