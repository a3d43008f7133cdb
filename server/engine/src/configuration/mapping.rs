//! How one attribute of the target gets its value, and what a whole object gets.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Configuration;
use crate::{directory::AttributeName, expression::Expression};

/// One row of the mapping table. At most one row names a target attribute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AttributeMapping {
    pub target: AttributeName,
    #[serde(flatten)]
    pub source: MappingSource,
    #[serde(default)]
    pub apply: Apply,
    #[serde(default, skip_serializing_if = "FlowBehavior::is_default")]
    pub flow_behavior: FlowBehavior,
    /// Used when the source gives nothing while the object is created. A mapping of the type
    /// [`MappingSource::None`] uses it whenever the target is empty.
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

/// When a mapping applies, and what of it flows (the flow types of the original, which has no
/// words for the last three in its portal).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Apply {
    /// The target always holds what the source gives.
    #[default]
    Always,
    /// `ObjectAddOnly`: the value is given once. An object that was there before is only given
    /// what it lacks.
    OnlyDuringCreation,
    /// Values are added to those of a target that takes several, and none is removed.
    MultiValueAddOnly,
    /// A value flows, but its removal does not.
    ValueAddOnly,
    /// A value flows while the target has none.
    AttributeAddOnly,
}

impl Apply {
    /// In the order in which they are offered.
    pub const ALL: [Self; 5] = [
        Self::Always,
        Self::OnlyDuringCreation,
        Self::ValueAddOnly,
        Self::MultiValueAddOnly,
        Self::AttributeAddOnly,
    ];

    pub fn label(self) -> &'static str {
        match self {
            Self::Always => "Always",
            Self::OnlyDuringCreation => "Only during creation",
            Self::ValueAddOnly => "Without removing a value",
            Self::MultiValueAddOnly => "Only adding values",
            Self::AttributeAddOnly => "Only while the target is empty",
        }
    }
}

/// Whether a value that the target has already is written again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FlowBehavior {
    #[default]
    FlowWhenChanged,
    /// Every time the object is looked at.
    FlowAlways,
}

impl FlowBehavior {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// The attributes that a mapping with this source looks at.
pub fn attributes_of(source: &MappingSource) -> BTreeSet<AttributeName> {
    match source {
        MappingSource::Direct { attribute } => BTreeSet::from([attribute.clone()]),
        MappingSource::Expression { expression } => {
            // One that does not parse is told about when the cycle compiles it.
            let parsed = Expression::parse(expression).ok();
            let read = parsed.iter().flat_map(Expression::attributes);
            read.cloned().collect()
        }
        MappingSource::Constant { .. } | MappingSource::None => BTreeSet::new(),
    }
}

/// The attributes that the source has to be asked for: those that mappings and attribute clauses
/// look at, each once.
pub fn source_attributes(configuration: &Configuration) -> BTreeSet<AttributeName> {
    let mappings = configuration.mappings.values().flatten();
    let mut names: BTreeSet<AttributeName> = mappings
        .flat_map(|mapping| attributes_of(&mapping.source))
        .collect();
    let flows = configuration.object_flows.values();
    let clauses = flows.flat_map(|flow| flow.scoping_filter.groups.iter().flatten());
    names.extend(clauses.map(|clause| clause.attribute.clone()));
    names
}
