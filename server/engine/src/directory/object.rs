//! What a source hands over: one object of a directory.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Attributes, Dn, ObjectGuid, SourceAnchor};

/// The kinds of object that are synchronized.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ObjectKind {
    User,
    Group,
    Contact,
}

impl ObjectKind {
    pub const ALL: [Self; 3] = [Self::User, Self::Group, Self::Contact];

    /// The word that is stored and that stands in addresses: `user`, `group`, `contact`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Group => "group",
            Self::Contact => "contact",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

impl fmt::Display for ObjectKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One object as the directory has it: a person, a group or a contact.
///
/// Attribute names are the directory's own. References (`member`, `manager`) are texts of
/// [`ObjectReference`](super::ObjectReference).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceObject {
    pub anchor: SourceAnchor,
    pub dn: Dn,
    /// The identifier that the directory's references carry; none where they are names alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guid: Option<ObjectGuid>,
    pub kind: ObjectKind,
    pub attributes: Attributes,
}
