//! How many failures quarantine a configuration.
//!
//! Source of rules and numbers: the documentation's article on quarantine (behaviour of the
//! original, part 5.1). Which of its codes belongs to which number is our reading of their names.

use serde::{Deserialize, Serialize};

use super::Percentage;
use crate::health::QuarantineReason;

/// The documented numbers are the defaults; a small tenant needs smaller ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct QuarantineLimits {
    /// Fewer failures than this never quarantine.
    pub minimum: u64,
    /// More than this share of all objects.
    pub percentage: Percentage,
    /// More failures than this, references not counted.
    pub failures: u64,
    /// More failures than this, references counted.
    pub failures_with_references: u64,
}

impl Default for QuarantineLimits {
    fn default() -> Self {
        Self {
            minimum: 5_000,
            percentage: Percentage::FORTY,
            failures: 40_000,
            failures_with_references: 60_000,
        }
    }
}

/// What a finished cycle leaves behind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Failures {
    /// Objects that could not be written.
    pub objects: u64,
    /// References whose target is unknown.
    pub references: u64,
    /// Objects in scope, with those that failed.
    pub in_scope: u64,
}

impl QuarantineLimits {
    /// Whether so many failures quarantine, and by which rule.
    pub fn judge(&self, failures: Failures) -> Option<QuarantineReason> {
        let all = failures.objects.saturating_add(failures.references);
        if all < self.minimum {
            return None;
        }
        if failures.objects > self.failures {
            return Some(QuarantineReason::EncounteredBaseEscrowThreshold);
        }
        if all > self.failures_with_references {
            return Some(QuarantineReason::EncounteredTotalEscrowThreshold);
        }
        let share = u128::from(failures.objects) * 100;
        let limit = u128::from(failures.in_scope) * u128::from(self.percentage.get());
        let is_exceeded = failures.objects >= self.minimum && share > limit;
        is_exceeded.then_some(QuarantineReason::EncounteredEscrowProportionThreshold)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(objects: u64, references: u64, fine: u64) -> Option<QuarantineReason> {
        QuarantineLimits::default().judge(Failures {
            objects,
            references,
            in_scope: objects + fine,
        })
    }

    #[test]
    fn four_thousand_failures_never_quarantine() {
        assert_eq!(judged(4_000, 0, 0), None);
        assert_eq!(judged(4_999, 0, 0), None);
    }

    #[test]
    fn forty_five_thousand_failed_users_quarantine() {
        let reason = Some(QuarantineReason::EncounteredBaseEscrowThreshold);
        assert_eq!(judged(45_000, 0, 1_000_000), reason);
        assert_eq!(judged(40_000, 0, 1_000_000), None);
    }

    #[test]
    fn thirty_thousand_failed_and_five_thousand_fine_quarantine() {
        let reason = Some(QuarantineReason::EncounteredEscrowProportionThreshold);
        assert_eq!(judged(30_000, 0, 5_000), reason);
    }

    #[test]
    fn twenty_thousand_failed_and_a_hundred_thousand_fine_do_not_quarantine() {
        assert_eq!(judged(20_000, 0, 100_000), None);
    }

    #[test]
    fn forty_thousand_failed_users_and_twenty_one_thousand_failed_managers_quarantine() {
        let reason = Some(QuarantineReason::EncounteredTotalEscrowThreshold);
        assert_eq!(judged(40_000, 21_000, 1_000_000), reason);
        assert_eq!(judged(0, 60_000, 1_000_000), None);
    }
}
