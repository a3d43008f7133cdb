//! How many deletions of one cycle need a person's word.

use std::num::{NonZeroU8, NonZeroU32};

use serde::{Deserialize, Serialize};

use crate::directory::ObjectKind;

/// Holds back all deletions of a cycle that has at least `threshold` of them.
///
/// The boundary is "reached", not "exceeded": with 500, at most 499 pass (behaviour of the
/// original's interface; the texts disagree). The limits beside it are ours and off by default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeletionProtection {
    pub prevent_accidental_deletion: bool,
    /// Counted over users, groups and contacts together.
    pub threshold: NonZeroU32,
    /// Of what the configuration manages of one kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percentage: Option<Percentage>,
    /// For one kind of object by itself.
    #[serde(default, skip_serializing_if = "PerKind::is_empty")]
    pub threshold_of_kind: PerKind<NonZeroU32>,
    /// For the members that one group loses in one cycle.
    #[serde(default, skip_serializing_if = "LostMembers::is_off")]
    pub lost_members: LostMembers,
}

impl DeletionProtection {
    pub const DEFAULT_THRESHOLD: NonZeroU32 = NonZeroU32::new(500).unwrap();
}

impl Default for DeletionProtection {
    fn default() -> Self {
        Self {
            prevent_accidental_deletion: true,
            threshold: Self::DEFAULT_THRESHOLD,
            percentage: None,
            threshold_of_kind: PerKind::default(),
            lost_members: LostMembers::default(),
        }
    }
}

/// A share from 1 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Percentage(NonZeroU8);

impl Percentage {
    pub const FORTY: Self = Self(NonZeroU8::new(40).unwrap());

    pub fn new(percent: u8) -> Option<Self> {
        NonZeroU8::new(percent)
            .filter(|percent| percent.get() <= 100)
            .map(Self)
    }

    pub fn get(self) -> u8 {
        self.0.get()
    }

    /// Whether `part` of `whole` reaches the share. Of nothing, nothing does.
    pub fn is_reached(self, part: u64, whole: u64) -> bool {
        part > 0 && u128::from(part) * 100 >= u128::from(whole) * u128::from(self.get())
    }
}

impl<'de> Deserialize<'de> for Percentage {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let percent = u8::deserialize(deserializer)?;
        Self::new(percent)
            .ok_or_else(|| serde::de::Error::custom("a percentage is a whole number from 1 to 100"))
    }
}

/// A value for each kind of object, where there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PerKind<T> {
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    pub user: Option<T>,
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    pub group: Option<T>,
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    pub contact: Option<T>,
}

fn none<T>() -> Option<T> {
    None
}

impl<T> Default for PerKind<T> {
    fn default() -> Self {
        Self {
            user: None,
            group: None,
            contact: None,
        }
    }
}

impl<T: Copy> PerKind<T> {
    pub fn of(&self, kind: ObjectKind) -> Option<T> {
        match kind {
            ObjectKind::User => self.user,
            ObjectKind::Group => self.group,
            ObjectKind::Contact => self.contact,
        }
    }

    fn is_empty(&self) -> bool {
        ObjectKind::ALL.iter().all(|kind| self.of(*kind).is_none())
    }
}

/// When the members that a group loses need a person's word. Off without limits, like the
/// original, which lets memberships go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LostMembers {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<NonZeroU32>,
    /// Of the members that the group has in the target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percentage: Option<Percentage>,
}

impl LostMembers {
    pub fn is_off(&self) -> bool {
        self.threshold.is_none() && self.percentage.is_none()
    }

    /// Whether a group that has `members` and would lose `lost` of them needs a person's word.
    pub fn is_reached(&self, lost: u64, members: u64) -> bool {
        let by_count = |threshold: NonZeroU32| lost >= u64::from(threshold.get());
        self.threshold.is_some_and(by_count)
            || self
                .percentage
                .is_some_and(|percentage| percentage.is_reached(lost, members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_reached_at_its_boundary_and_never_by_nothing() {
        let forty = Percentage::new(40).unwrap();
        assert!(forty.is_reached(4, 10));
        assert!(!forty.is_reached(39, 100));
        assert!(!forty.is_reached(0, 0));
        assert_eq!(Percentage::new(0), None);
        assert_eq!(Percentage::new(101), None);
    }
}
