//! What a restart clears. The words are those of the original's interface (its restart criteria).

use serde::{Deserialize, Serialize};

/// One thing that a restart does; several can be asked for at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum RestartScope {
    /// Only wakes the configuration.
    None,
    /// Forgets the objects that were read and the links; all are matched anew.
    ConnectorDataStore,
    /// Forgets the failures of single objects.
    Escrows,
    /// Reads and evaluates everything again.
    Watermark,
    /// Lifts the quarantine.
    QuarantineState,
    /// All of the above.
    Full,
    /// Lets the deletions pass that are held back at this moment.
    ForceDeletes,
}

/// A word that is none of the scopes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{0}\" is no restart scope. There are None, ConnectorDataStore, Escrows, Watermark, \
     QuarantineState, Full and ForceDeletes."
)]
pub struct UnknownRestartScope(String);

impl RestartScope {
    pub const ALL: [Self; 7] = [
        Self::None,
        Self::ConnectorDataStore,
        Self::Escrows,
        Self::Watermark,
        Self::QuarantineState,
        Self::Full,
        Self::ForceDeletes,
    ];

    /// What the portal's **Restart provisioning** clears.
    pub const ORDINARY: [Self; 3] = [Self::QuarantineState, Self::Watermark, Self::Escrows];

    /// Words separated by commas, for example `Watermark, Escrows`; nothing is [`Self::ORDINARY`].
    pub fn parse_list(text: &str) -> Result<Vec<Self>, UnknownRestartScope> {
        let words: Vec<&str> = text
            .split(',')
            .map(str::trim)
            .filter(|word| !word.is_empty())
            .collect();
        if words.is_empty() {
            return Ok(Self::ORDINARY.to_vec());
        }
        words.into_iter().map(Self::parse).collect()
    }

    fn parse(word: &str) -> Result<Self, UnknownRestartScope> {
        Self::ALL
            .into_iter()
            .find(|scope| format!("{scope:?}").eq_ignore_ascii_case(word))
            .ok_or_else(|| UnknownRestartScope(word.to_owned()))
    }

    /// Whether asking for `self` includes `other`.
    pub fn includes(self, other: Self) -> bool {
        self == other || (self == Self::Full && !matches!(other, Self::None | Self::ForceDeletes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_combined_with_commas() {
        use RestartScope::{Escrows, Watermark};
        let parsed = RestartScope::parse_list("watermark, Escrows");
        assert_eq!(parsed.unwrap(), [Watermark, Escrows]);
        assert_eq!(
            RestartScope::parse_list(" ").unwrap(),
            RestartScope::ORDINARY
        );
        let unknown = RestartScope::parse_list("Everything").unwrap_err();
        assert!(unknown.to_string().starts_with("\"Everything\" is no"));
    }

    #[test]
    fn full_includes_everything_but_the_permission_to_delete() {
        assert!(RestartScope::Full.includes(RestartScope::ConnectorDataStore));
        assert!(!RestartScope::Full.includes(RestartScope::ForceDeletes));
    }
}
