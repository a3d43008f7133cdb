//! Which changes of one kind of object flow to the target, and for which of its objects.

use serde::{Deserialize, Serialize};

use super::ScopingFilter;

/// What a configuration does with one kind of object (an object mapping of the original).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ObjectFlow {
    /// New objects are created.
    pub add: bool,
    /// Existing objects are changed.
    pub update: bool,
    /// Objects that are gone or out of scope are deleted.
    pub delete: bool,
    /// Attribute clauses; without groups they let everything pass.
    #[serde(skip_serializing_if = "ScopingFilter::is_empty")]
    pub scoping_filter: ScopingFilter,
}

impl Default for ObjectFlow {
    fn default() -> Self {
        Self {
            add: true,
            update: true,
            delete: true,
            scoping_filter: ScopingFilter::default(),
        }
    }
}
