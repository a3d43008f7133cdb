//! The words of a demo: what can be made to happen in it, and how it stands.

use serde::{Deserialize, Serialize};

use crate::{configuration::draft::FieldError, timestamp::Timestamp};

/// Something that can be made to happen in a demo. Each changes the directory, the tenant or the
/// clock, and leaves the rest to the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scenario {
    /// The state most demonstrations start from.
    Synchronized,
    MassDeletion,
    UnitLeavesScope,
    DuplicateUserPrincipalNames,
    CredentialsRefused,
    CredentialsAccepted,
    AgentStops,
    AgentStarts,
    FourWeeksPass,
}

impl Scenario {
    pub const ALL: [Self; 9] = [
        Self::Synchronized,
        Self::MassDeletion,
        Self::UnitLeavesScope,
        Self::DuplicateUserPrincipalNames,
        Self::CredentialsRefused,
        Self::CredentialsAccepted,
        Self::AgentStops,
        Self::AgentStarts,
        Self::FourWeeksPass,
    ];

    /// As it stands in addresses and forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Synchronized => "synchronized",
            Self::MassDeletion => "mass-deletion",
            Self::UnitLeavesScope => "unit-leaves-scope",
            Self::DuplicateUserPrincipalNames => "duplicate-user-principal-names",
            Self::CredentialsRefused => "credentials-refused",
            Self::CredentialsAccepted => "credentials-accepted",
            Self::AgentStops => "agent-stops",
            Self::AgentStarts => "agent-starts",
            Self::FourWeeksPass => "four-weeks-pass",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|scenario| scenario.as_str() == word)
    }

    /// What stands on its button.
    pub fn label(self) -> &'static str {
        match self {
            Self::Synchronized => "Synchronize contoso.test",
            Self::MassDeletion => "Mass deletion on-premises",
            Self::UnitLeavesScope => "OU moved out of scope",
            Self::DuplicateUserPrincipalNames => "Duplicate user principal names",
            Self::CredentialsRefused => "Target refuses credentials",
            Self::CredentialsAccepted => "Target accepts credentials again",
            Self::AgentStops => "Agent stops",
            Self::AgentStarts => "Agent starts again",
            Self::FourWeeksPass => "28 days pass",
        }
    }

    /// What it does, and what there is to see then.
    pub fn story(self) -> &'static str {
        match self {
            Self::Synchronized => {
                "Makes a configuration for contoso.test, enables it and runs its initial cycle: \
                 people, groups and contacts arrive in the tenant."
            }
            Self::MassDeletion => {
                "Somebody deletes the unit Sales with its 40 people. The threshold is set to 20, \
                 so the deletions are held, and everything else waits, until you allow them or undo \
                 their cause."
            }
            Self::UnitLeavesScope => {
                "The unit Engineering is moved below Out Of Scope, where nobody is synchronized. \
                 40 deletions are held; moving it back ends them."
            }
            Self::DuplicateUserPrincipalNames => {
                "A person of fabrikam.test gets the user principal name of a person of \
                 contoso.test. The second one gets a placeholder until the name is free."
            }
            Self::CredentialsRefused => {
                "The password of the synchronization account expires, and a title changes \
                 on-premises. Writing it fails: the configuration goes into quarantine."
            }
            Self::CredentialsAccepted => {
                "The synchronization account is repaired. Clear the quarantine, or wait for the \
                 next attempt."
            }
            Self::AgentStops => {
                "The agent that reads the demo directories stops. Cycles fail, are tried less \
                 and less often, and nobody is deleted."
            }
            Self::AgentStarts => "The agent runs again; the next attempt succeeds.",
            Self::FourWeeksPass => {
                "The clock moves on by 28 days: logs grow old, and a configuration that was in \
                 quarantine all the time is disabled."
            }
        }
    }
}

/// The number of a world as a person typed it; none for an empty field.
pub fn seed(text: &str) -> Result<Option<u64>, FieldError> {
    match text.trim() {
        "" => Ok(None),
        digits => digits
            .parse()
            .map(Some)
            .map_err(|_| FieldError::new("seed", "Enter a whole number from 0 on, for example 7.")),
    }
}

/// How the demo stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DemoState {
    /// The number that the world is made from.
    pub seed: u64,
    pub now: Timestamp,
    /// Whether time passes only when somebody moves the clock.
    pub clock_stands_still: bool,
    pub agent_is_active: bool,
    /// Whether the tenant takes what the service writes.
    pub target_accepts_credentials: bool,
}

/// What a scenario did: one sentence for each act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ScenarioOutcome {
    pub scenario: Scenario,
    pub done: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scenario_is_found_by_its_word() {
        for scenario in Scenario::ALL {
            assert_eq!(Scenario::parse(scenario.as_str()), Some(scenario));
            let json = serde_json::to_string(&scenario).unwrap();
            assert_eq!(json, format!("\"{}\"", scenario.as_str()));
        }
        assert_eq!(Scenario::parse("everything-burns"), None);
    }

    #[test]
    fn the_number_of_a_world_is_whole_and_not_negative() {
        assert_eq!(seed(" 7 "), Ok(Some(7)));
        assert_eq!(seed(""), Ok(None));
        for wrong in ["-1", "1.5", "seven", "99999999999999999999999"] {
            assert_eq!(seed(wrong).unwrap_err().field, "seed", "{wrong}");
        }
    }
}
