//! What the pages of a demo forest show.

use serde::{Deserialize, Serialize};

use super::{EntryClass, Forest};
use crate::{
    directory::{Attributes, Dn, ObjectGuid, SourceAnchor},
    records::DirectoryId,
    timestamp::Timestamp,
};

/// A forest at a glance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ForestSummary {
    pub forest: Forest,
    pub base_dn: Dn,
    pub users: u64,
    pub disabled_users: u64,
    pub groups: u64,
    pub contacts: u64,
}

/// A node of the tree. The tree comes as a list in which parents stand before their children.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TreeNode {
    pub id: ObjectGuid,
    pub parent: Option<ObjectGuid>,
    pub class: EntryClass,
    pub name: String,
    pub dn: Dn,
    /// 0 for the domain.
    pub depth: u32,
    /// Entries directly in it that are no containers.
    pub entries: u64,
}

/// Which entries of a forest a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EntryFilter {
    /// Directly in this container; in the whole forest when none.
    pub container: Option<ObjectGuid>,
    /// A part of a name, an account name, a user name, an address or a title.
    pub search: String,
    pub class: Option<EntryClass>,
}

/// A row of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EntrySummary {
    pub id: ObjectGuid,
    pub class: EntryClass,
    pub dn: Dn,
    /// The name in the directory, which is not always the display name.
    pub name: String,
    pub display_name: Option<String>,
    pub user_principal_name: Option<String>,
    pub mail: Option<String>,
    pub title: Option<String>,
    pub description: Option<String>,
    /// Users and computers only.
    pub account_enabled: Option<bool>,
}

impl EntrySummary {
    /// What to call it on a page.
    pub fn label(&self) -> &str {
        let shown = self
            .display_name
            .as_deref()
            .filter(|name| !name.trim().is_empty());
        shown.unwrap_or(&self.name)
    }
}

/// One entry with all that is known of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EntryDetails {
    pub summary: EntrySummary,
    /// The container that it lies in; none for the domain.
    pub parent: Option<ObjectGuid>,
    pub source_anchor: SourceAnchor,
    /// Without references.
    pub attributes: Attributes,
    pub manager: Option<EntrySummary>,
    pub managed_by: Option<EntrySummary>,
    /// Groups only.
    pub member_count: u64,
    pub member_of_count: u64,
    pub changed_at: Timestamp,
}

/// An odd entry that the forest has to show something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Showcase {
    pub directory: DirectoryId,
    pub id: ObjectGuid,
    pub name: String,
    /// A stable name for demonstrations, such as `userName.blank`.
    pub case: String,
    /// What is odd, and what becomes of it: one sentence.
    pub expect: String,
}
