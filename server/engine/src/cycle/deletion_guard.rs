//! May the plan be carried out? Judged on the whole plan, before the first write.
//!
//! The only maker of [`ApprovedPlan`]: whoever writes to a target has to show one.

use serde::{Deserialize, Serialize};

use super::plan::Change;
use crate::configuration::DeletionProtection;

/// What a whole plan would delete.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Deletions {
    /// Allowed by a person who saw them listed.
    pub allowed: u64,
    /// Everything else, whatever the cause: deleted on-premises, left the scope.
    pub others: u64,
}

/// A plan that may be carried out. Cannot be made outside this module.
#[derive(Debug, PartialEq, Eq)]
pub struct ApprovedPlan {
    may_delete: bool,
}

impl ApprovedPlan {
    /// Whether this change is covered by the approval.
    pub fn covers(&self, change: &Change) -> bool {
        self.may_delete || !matches!(change, Change::Delete { .. })
    }
}

/// A plan that waits for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeldPlan {
    pub deletions: u64,
    pub threshold: u32,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    Approved(ApprovedPlan),
    Held(HeldPlan),
}

/// Judges a whole plan. Trips when the threshold is reached: with 500, at most 499 pass.
/// Counted per cycle; removed group members do not count.
pub fn judge(deletions: Deletions, protection: DeletionProtection) -> Verdict {
    let threshold = protection.threshold.get();
    if protection.prevent_accidental_deletion && deletions.others >= u64::from(threshold) {
        Verdict::Held(HeldPlan {
            deletions: deletions.others,
            threshold,
        })
    } else {
        Verdict::Approved(ApprovedPlan { may_delete: true })
    }
}

/// A configuration that manages nothing yet cannot delete anything, so its plan need not be known
/// as a whole: it flows from reading to writing. The approval does not cover deletions.
pub fn approve_without_deletions(manages_anything: bool) -> Option<ApprovedPlan> {
    (!manages_anything).then_some(ApprovedPlan { may_delete: false })
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::*;

    fn protection(threshold: u32) -> DeletionProtection {
        DeletionProtection {
            prevent_accidental_deletion: true,
            threshold: NonZeroU32::new(threshold).unwrap(),
            ..DeletionProtection::default()
        }
    }

    fn is_held(allowed: u64, others: u64, protection: DeletionProtection) -> bool {
        matches!(
            judge(Deletions { allowed, others }, protection),
            Verdict::Held(_)
        )
    }

    #[test]
    fn four_hundred_and_ninety_nine_deletions_pass_and_five_hundred_are_held() {
        assert!(!is_held(0, 499, protection(500)));
        assert!(is_held(0, 500, protection(500)));
        assert!(is_held(0, 1, protection(1)));
        assert!(!is_held(0, 0, protection(1)));
    }

    #[test]
    fn allowed_deletions_do_not_count_and_do_not_let_others_pass() {
        assert!(!is_held(1_000, 499, protection(500)));
        assert!(is_held(1_000, 500, protection(500)));
    }

    #[test]
    fn without_protection_everything_passes() {
        let off = DeletionProtection {
            prevent_accidental_deletion: false,
            ..protection(1)
        };
        assert!(!is_held(0, 1_000_000, off));
    }

    #[test]
    fn only_a_configuration_that_manages_nothing_skips_the_judgement() {
        assert!(approve_without_deletions(true).is_none());
        let approved = approve_without_deletions(false).unwrap();
        assert!(!approved.covers(&Change::Delete {
            target_id: uuid::Uuid::nil()
        }));
    }
}
