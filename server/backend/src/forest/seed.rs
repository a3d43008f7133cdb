//! What the demo forests hold on their first day. The same number gives the same forest, to the
//! byte; nothing here reads a clock or a database.

mod contoso;
mod directory;
mod fabrikam;
mod groups;
mod names;
mod odd_cases;
mod people;
mod random;

use engine::{
    directory::{Attributes, Dn, ObjectGuid},
    forest::{EntryClass, Forest},
};

/// The number from which the demo forests are made.
pub const DEFAULT_SEED: u64 = 1;

/// One entry of a forest. References (`member`, `manager`, `managedBy`) are names of entries of the
/// same forest, and every entry comes after its parent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeedObject {
    pub guid: ObjectGuid,
    pub class: EntryClass,
    pub dn: Dn,
    /// What the directory stores; `distinguishedName`, `objectGUID` and `objectClass` follow from
    /// the other fields.
    pub attributes: Attributes,
    /// Set for an entry that is there to show something.
    pub shows: Option<Shows>,
}

/// Why an odd entry is in the forest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shows {
    /// A stable name for tests and demonstrations, such as `upn.space`.
    pub case: &'static str,
    /// What is odd, and what becomes of it: one sentence for people.
    pub expect: &'static str,
}

/// What all security identifiers of the forest's domain have in common.
pub(super) fn domain_identifier(forest: Forest, seed: u64) -> Vec<u8> {
    directory::domain_identifier(forest, seed)
}

/// All entries of a forest.
pub fn seed(forest: Forest, seed: u64) -> Vec<SeedObject> {
    match forest {
        Forest::Contoso => contoso::entries(seed),
        Forest::Fabrikam => fabrikam::entries(seed),
    }
}

#[cfg(test)]
mod tests;
