//! May the plan be carried out? Judged on the whole plan, before the first write.
//!
//! The only maker of [`ApprovedPlan`]: whoever writes to a target has to show one.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::plan::Change;
use crate::{
    configuration::{DeletionProtection, Percentage},
    directory::ObjectKind,
    records::ManagedCounts,
};

/// What a whole plan would take away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Deletions {
    /// Allowed by a person who saw them listed.
    pub allowed: u64,
    /// Held before, and nobody allowed them yet: they wait until somebody does or their cause is
    /// gone, however few are left and whatever the limits are by now.
    #[serde(default)]
    pub still_held: u64,
    /// Everything else, whatever the cause: deleted on-premises, left the scope.
    pub others: ManagedCounts,
    /// What the configuration manages now.
    pub managed: ManagedCounts,
    /// Groups that lose so many members that a person has to look, and nobody did yet.
    pub groups_losing_members: u64,
}

/// A plan that may be carried out. Cannot be made outside this module.
#[derive(Debug, PartialEq, Eq)]
pub struct ApprovedPlan {
    extent: Extent,
}

#[derive(Debug, PartialEq, Eq)]
enum Extent {
    Everything,
    EverythingButDeletions,
    /// The deletions that a person allowed, while the rest of the plan waits.
    AllowedDeletionsOnly,
}

impl ApprovedPlan {
    /// Whether this change is covered by the approval. `is_allowed` says whether a person allowed
    /// this very deletion.
    pub fn covers(&self, change: &Change, is_allowed: bool) -> bool {
        let is_deletion = matches!(change, Change::Delete { .. });
        match self.extent {
            Extent::Everything => true,
            Extent::EverythingButDeletions => !is_deletion,
            Extent::AllowedDeletionsOnly => is_deletion && is_allowed,
        }
    }
}

/// A plan that waits for a person.
#[derive(Debug, PartialEq, Eq)]
pub struct HeldPlan {
    pub deletions: u64,
    pub threshold: u32,
    pub limit: Limit,
    /// For what was allowed of it.
    pub allowed: ApprovedPlan,
}

/// Which limit a plan reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "limit")]
pub enum Limit {
    Threshold {
        threshold: u32,
    },
    ThresholdOfKind {
        kind: ObjectKind,
        threshold: u32,
    },
    PercentageOfKind {
        kind: ObjectKind,
        percentage: Percentage,
        managed: u64,
    },
    LostMembers {
        groups: u64,
    },
    /// Deletions that were held before and that nobody allowed yet.
    #[serde(alias = "notAllowed")]
    StillHeld,
}

/// For example "3 deletions reach the threshold of 3".
impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Threshold { threshold } => {
                write!(f, "the deletions reach the threshold of {threshold}")
            }
            Self::ThresholdOfKind { kind, threshold } => write!(
                f,
                "the deletions of {kind}s reach their threshold of {threshold}"
            ),
            Self::PercentageOfKind {
                kind,
                percentage,
                managed,
            } => write!(
                f,
                "the deletions of {kind}s reach {} % of the {managed} that are managed",
                percentage.get()
            ),
            Self::LostMembers { groups: 1 } => f.write_str("one group would lose many members"),
            Self::LostMembers { groups } => write!(f, "{groups} groups would lose many members"),
            Self::StillHeld => f.write_str("they were held before, and nobody has allowed them"),
        }
    }
}

/// What a held plan means for everything else in it, in the words of pages, mails and commands.
pub const PAUSED: &str =
    "Provisioning is paused: no changes, including new users, are written until you decide.";

#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    Approved(ApprovedPlan),
    Held(HeldPlan),
}

/// Judges a whole plan. Trips when a limit is reached: with 500, at most 499 pass. Counted per
/// cycle; what a person allowed does not count.
pub fn judge(deletions: Deletions, protection: DeletionProtection) -> Verdict {
    match limit_reached(deletions, protection) {
        None => Verdict::Approved(ApprovedPlan {
            extent: Extent::Everything,
        }),
        Some(limit) => Verdict::Held(HeldPlan {
            deletions: deletions.others.total() + deletions.still_held,
            threshold: protection.threshold.get(),
            limit,
            allowed: ApprovedPlan {
                extent: Extent::AllowedDeletionsOnly,
            },
        }),
    }
}

fn limit_reached(deletions: Deletions, protection: DeletionProtection) -> Option<Limit> {
    if !protection.prevent_accidental_deletion {
        return None;
    }
    let threshold = protection.threshold.get();
    if deletions.others.total() >= u64::from(threshold) {
        return Some(Limit::Threshold { threshold });
    }
    let of_a_kind = ObjectKind::ALL.into_iter().find_map(|kind| {
        limit_of_kind(
            kind,
            deletions.others.of(kind),
            deletions.managed.of(kind),
            protection,
        )
    });
    let groups = deletions.groups_losing_members;
    of_a_kind
        .or_else(|| (groups > 0).then_some(Limit::LostMembers { groups }))
        .or_else(|| (deletions.still_held > 0).then_some(Limit::StillHeld))
}

fn limit_of_kind(
    kind: ObjectKind,
    deletions: u64,
    managed: u64,
    protection: DeletionProtection,
) -> Option<Limit> {
    let by_count = protection.threshold_of_kind.of(kind);
    if let Some(threshold) = by_count.filter(|limit| deletions >= u64::from(limit.get())) {
        let threshold = threshold.get();
        return Some(Limit::ThresholdOfKind { kind, threshold });
    }
    let percentage = protection.percentage?;
    percentage
        .is_reached(deletions, managed)
        .then_some(Limit::PercentageOfKind {
            kind,
            percentage,
            managed,
        })
}

/// A configuration that manages nothing yet cannot delete anything, so its plan need not be known
/// as a whole: it flows from reading to writing. The approval does not cover deletions.
pub fn approve_without_deletions(manages_anything: bool) -> Option<ApprovedPlan> {
    (!manages_anything).then_some(ApprovedPlan {
        extent: Extent::EverythingButDeletions,
    })
}

/// For one object that a person tests by name: it is written, and nothing is ever deleted.
pub fn approve_one_object() -> ApprovedPlan {
    ApprovedPlan {
        extent: Extent::EverythingButDeletions,
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::*;
    use crate::configuration::PerKind;

    fn protection(threshold: u32) -> DeletionProtection {
        DeletionProtection {
            threshold: NonZeroU32::new(threshold).unwrap(),
            ..DeletionProtection::default()
        }
    }

    fn users(count: u64) -> Deletions {
        Deletions {
            others: ManagedCounts {
                users: count,
                ..ManagedCounts::default()
            },
            managed: ManagedCounts {
                users: 10_000,
                groups: 100,
                contacts: 0,
            },
            ..Deletions::default()
        }
    }

    fn limit(deletions: Deletions, protection: DeletionProtection) -> Option<Limit> {
        match judge(deletions, protection) {
            Verdict::Approved(_) => None,
            Verdict::Held(held) => Some(held.limit),
        }
    }

    const DELETE: Change = Change::Delete {
        target_id: uuid::Uuid::nil(),
    };

    #[test]
    fn four_hundred_and_ninety_nine_deletions_pass_and_five_hundred_are_held() {
        assert_eq!(limit(users(499), protection(500)), None);
        let reached = Some(Limit::Threshold { threshold: 500 });
        assert_eq!(limit(users(500), protection(500)), reached);
        assert!(limit(users(1), protection(1)).is_some());
        assert_eq!(limit(users(0), protection(1)), None);
    }

    #[test]
    fn allowed_deletions_do_not_count_and_do_not_let_others_pass() {
        let with_allowed = |others| Deletions {
            allowed: 1_000,
            ..users(others)
        };
        assert_eq!(limit(with_allowed(499), protection(500)), None);
        assert!(limit(with_allowed(500), protection(500)).is_some());
    }

    #[test]
    fn deletions_that_were_held_wait_until_somebody_allows_them_however_few_are_left() {
        let still_held = Deletions {
            allowed: 3,
            still_held: 1,
            ..users(0)
        };
        let Verdict::Held(held) = judge(still_held, protection(500)) else {
            panic!("one waits")
        };
        assert_eq!((held.deletions, held.limit), (1, Limit::StillHeld));
        assert!(held.allowed.covers(&DELETE, true));
        assert!(!held.allowed.covers(&DELETE, false));
        assert!(!held.allowed.covers(&Change::Nothing, true));
    }

    #[test]
    fn each_kind_has_a_limit_of_its_own_by_count_and_by_share() {
        let groups = Deletions {
            others: ManagedCounts {
                groups: 10,
                ..ManagedCounts::default()
            },
            ..users(0)
        };
        assert_eq!(limit(groups, protection(500)), None);
        let by_count = DeletionProtection {
            threshold_of_kind: PerKind {
                group: NonZeroU32::new(10),
                ..PerKind::default()
            },
            ..protection(500)
        };
        assert!(matches!(
            limit(groups, by_count),
            Some(Limit::ThresholdOfKind {
                kind: ObjectKind::Group,
                threshold: 10
            })
        ));
        assert_eq!(limit(users(11), by_count), None);
        let by_share = DeletionProtection {
            percentage: Percentage::new(10),
            ..protection(5_000)
        };
        assert!(matches!(
            limit(groups, by_share),
            Some(Limit::PercentageOfKind { managed: 100, .. })
        ));
        assert_eq!(limit(users(999), by_share), None);
        assert!(limit(users(1_000), by_share).is_some());
    }

    #[test]
    fn without_protection_everything_passes() {
        let off = DeletionProtection {
            prevent_accidental_deletion: false,
            ..protection(1)
        };
        let everything = Deletions {
            still_held: 1,
            groups_losing_members: 1,
            ..users(1_000_000)
        };
        assert_eq!(limit(everything, off), None);
    }

    #[test]
    fn only_a_configuration_that_manages_nothing_skips_the_judgement() {
        assert!(approve_without_deletions(true).is_none());
        let approved = approve_without_deletions(false).unwrap();
        assert!(!approved.covers(&DELETE, true));
    }
}
