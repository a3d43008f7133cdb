//! How one attribute of the target gets its value, and what a whole object gets.

use serde::{Deserialize, Serialize};

use crate::directory::AttributeName;

/// One row of the mapping table. At most one row names a target attribute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AttributeMapping {
    pub target: AttributeName,
    #[serde(flatten)]
    pub source: MappingSource,
    pub apply: Apply,
    /// Used when the source gives nothing, and only while the object is created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_value: Option<String>,
}

/// Where the value comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "mappingType")]
pub enum MappingSource {
    /// A copy of the source attribute.
    Direct { attribute: AttributeName },
    /// A fixed text.
    Constant { value: String },
    /// The value of an expression over the source attributes.
    Expression { expression: String },
    /// Nothing flows; an empty target gets the default value.
    None,
}

/// When a mapping applies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Apply {
    #[default]
    Always,
    OnlyDuringCreation,
}
