//! One row of the mapping table as a person typed it, and what may become of it.
//!
//! [`add`], [`edit`], [`delete`] change a copy of the mappings, as the page does before **Save
//! schema**; [`validated`] looks at all of them, as the server does when they arrive.

mod table;

use serde::{Deserialize, Serialize};

use super::FieldError;
use crate::{
    configuration::{
        Apply, AttributeMapping, DirectoryExtension, FlowBehavior, MappingSource, Mappings,
        extension::{self, Target},
        schema::{self, AttributeType, PROXY_ADDRESSES, SOURCE_ANCHOR, USER_PRINCIPAL_NAME},
    },
    cycle::mapped,
    directory::{AttributeName, ObjectKind},
    expression::{Expression, PARAMETERS},
};

pub use table::{add, delete, edit, put, restore_defaults, validated};

pub const TARGET: &str = "target";
pub const SOURCE_ATTRIBUTE: &str = "source_attribute";
pub const CONSTANT_VALUE: &str = "constant_value";
pub const EXPRESSION: &str = "expression";
pub const DEFAULT_VALUE: &str = "default_value";
pub const APPLY: &str = "apply";
pub const MAPPING_TYPE: &str = "mapping_type";

/// The four types of a mapping.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum MappingType {
    #[default]
    Direct,
    Constant,
    Expression,
    None,
}

impl MappingType {
    pub const ALL: [Self; 4] = [Self::Direct, Self::Constant, Self::Expression, Self::None];

    pub fn label(self) -> &'static str {
        match self {
            Self::Direct => "Direct",
            Self::Constant => "Constant",
            Self::Expression => "Expression",
            Self::None => "None",
        }
    }
}

/// What the pane of a mapping sends. What was typed for another type is kept and not looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappingDraft {
    pub kind: ObjectKind,
    pub target: String,
    #[serde(default)]
    pub mapping_type: MappingType,
    #[serde(default)]
    pub source_attribute: String,
    #[serde(default)]
    pub constant_value: String,
    #[serde(default)]
    pub expression: String,
    #[serde(default)]
    pub default_value: String,
    #[serde(default)]
    pub apply: Apply,
    #[serde(default)]
    pub flow_behavior: FlowBehavior,
}

/// All mappings of a configuration, as **Save schema** sends them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappingsDraft {
    /// The revision that the person saw.
    pub revision: i64,
    pub mappings: Mappings,
    /// None leaves the directory extensions as they are.
    #[serde(default)]
    pub extensions: Option<Vec<DirectoryExtension>>,
}

impl MappingDraft {
    pub fn new(kind: ObjectKind) -> Self {
        Self {
            kind,
            target: String::new(),
            mapping_type: MappingType::default(),
            source_attribute: String::new(),
            constant_value: String::new(),
            expression: String::new(),
            default_value: String::new(),
            apply: Apply::default(),
            flow_behavior: FlowBehavior::default(),
        }
    }

    pub fn of(kind: ObjectKind, mapping: &AttributeMapping) -> Self {
        let draft = Self {
            target: mapping.target.to_string(),
            default_value: mapping.default_value.clone().unwrap_or_default(),
            apply: mapping.apply,
            flow_behavior: mapping.flow_behavior,
            ..Self::new(kind)
        };
        match mapping.source.clone() {
            MappingSource::Direct { attribute } => Self {
                source_attribute: attribute.to_string(),
                ..draft
            },
            MappingSource::Constant { value } => Self {
                mapping_type: MappingType::Constant,
                constant_value: value,
                ..draft
            },
            MappingSource::Expression { expression } => Self {
                mapping_type: MappingType::Expression,
                expression,
                ..draft
            },
            MappingSource::None => Self {
                mapping_type: MappingType::None,
                ..draft
            },
        }
    }

    /// The row that it becomes, whatever other rows there are.
    pub fn validate(
        &self,
        extensions: &[DirectoryExtension],
    ) -> Result<AttributeMapping, Vec<FieldError>> {
        let target = self.known_target(extensions).map_err(|error| vec![error])?;
        let source = self.source(&target);
        let mut errors = Vec::new();
        errors.extend(source.as_ref().err().cloned());
        errors.extend(self.default_problem(&target));
        errors.extend(self.apply_problem(&target));
        if target.name == SOURCE_ANCHOR.into() && !self.is_of_source_anchor() {
            errors.push(FieldError::new(TARGET, SOURCE_ANCHOR_STAYS));
        }
        match source {
            Ok(source) if errors.is_empty() => Ok(AttributeMapping {
                target: target.name,
                source,
                apply: self.apply,
                flow_behavior: self.flow_behavior,
                default_value: Some(self.default_value.clone()).filter(|text| !text.is_empty()),
            }),
            _ => Err(errors),
        }
    }

    fn known_target(&self, extensions: &[DirectoryExtension]) -> Result<Target, FieldError> {
        let name = self.target.trim();
        if name.is_empty() {
            return Err(FieldError::new(TARGET, "Choose a target attribute."));
        }
        extension::target(extensions, self.kind, &name.into()).ok_or_else(|| {
            FieldError::new(
                TARGET,
                format!("The tenant's {}s have no attribute {name}.", self.kind),
            )
        })
    }

    /// The anchor is who an object is: no mapping can make it another one.
    fn is_of_source_anchor(&self) -> bool {
        self.mapping_type == MappingType::Direct
            && self.source_attribute.eq_ignore_ascii_case("sourceAnchor")
            && self.apply == Apply::OnlyDuringCreation
            && self.default_value.is_empty()
    }

    fn source(&self, target: &Target) -> Result<MappingSource, FieldError> {
        let is_reference = target.attribute_type == AttributeType::Reference;
        if is_reference && self.mapping_type != MappingType::Direct {
            return Err(FieldError::new(
                MAPPING_TYPE,
                format!(
                    "{} refers to other objects: its mapping must be direct.",
                    target.name
                ),
            ));
        }
        match self.mapping_type {
            MappingType::Direct => self.direct(target),
            MappingType::Constant => self.constant(target),
            MappingType::Expression => self.expression(target),
            MappingType::None if target.required => Err(FieldError::new(
                MAPPING_TYPE,
                format!(
                    "{} is required: choose where its value comes from.",
                    target.name
                ),
            )),
            MappingType::None => Ok(MappingSource::None),
        }
    }

    fn direct(&self, target: &Target) -> Result<MappingSource, FieldError> {
        let refuse = |message: String| Err(FieldError::new(SOURCE_ATTRIBUTE, message));
        let name = self.source_attribute.trim();
        if name.is_empty() {
            return refuse("Choose a source attribute.".to_owned());
        }
        let attribute = AttributeName::from(name);
        if let Some(problem) = source_name_problem(&attribute) {
            return refuse(problem);
        }
        let is_reference = schema::is_source_reference(&attribute);
        match (
            target.attribute_type == AttributeType::Reference,
            is_reference,
        ) {
            (true, false) => refuse(format!(
                "{} refers to other objects. Choose one of {}.",
                target.name,
                schema::SOURCE_REFERENCES.join(", ")
            )),
            (false, true) => refuse(refers(&attribute)),
            _ => Ok(MappingSource::Direct { attribute }),
        }
    }

    fn constant(&self, target: &Target) -> Result<MappingSource, FieldError> {
        let refuse = |message: String| Err(FieldError::new(CONSTANT_VALUE, message));
        let value = &self.constant_value;
        if value.is_empty() {
            return refuse("Enter a value.".to_owned());
        }
        if target.name == USER_PRINCIPAL_NAME.into() {
            return refuse("Every user needs a user principal name of its own.".to_owned());
        }
        match mapped::text_problem(target, value) {
            Some(problem) => refuse(problem),
            None => Ok(MappingSource::Constant {
                value: value.clone(),
            }),
        }
    }

    fn expression(&self, target: &Target) -> Result<MappingSource, FieldError> {
        match expression_problem(&self.expression, target, self.apply) {
            Some(problem) => Err(FieldError::new(EXPRESSION, problem)),
            None => Ok(MappingSource::Expression {
                expression: self.expression.clone(),
            }),
        }
    }

    fn default_problem(&self, target: &Target) -> Option<FieldError> {
        if self.default_value.is_empty() {
            return None;
        }
        let problem = if target.attribute_type == AttributeType::Reference {
            Some(format!(
                "{} refers to other objects and has no default.",
                target.name
            ))
        } else {
            mapped::text_problem(target, &self.default_value)
        };
        problem.map(|problem| FieldError::new(DEFAULT_VALUE, problem))
    }

    fn apply_problem(&self, target: &Target) -> Option<FieldError> {
        let name = &target.name;
        let is_matched = [USER_PRINCIPAL_NAME, SOURCE_ANCHOR].map(AttributeName::from);
        let problem = match self.apply {
            Apply::Always => return None,
            _ if target.attribute_type == AttributeType::Reference => {
                format!("{name} refers to other objects: its mapping must apply always.")
            }
            Apply::OnlyDuringCreation => return None,
            Apply::MultiValueAddOnly if !target.multi_valued => {
                format!("{name} takes one value: nothing can be added to it.")
            }
            _ if is_matched.contains(name) => {
                format!("{name} applies always or only during creation.")
            }
            Apply::MultiValueAddOnly | Apply::ValueAddOnly | Apply::AttributeAddOnly => {
                return None;
            }
        };
        Some(FieldError::new(APPLY, problem))
    }
}

const SOURCE_ANCHOR_STAYS: &str =
    "The source anchor says who an object is. Its mapping cannot be changed.";

fn refers(attribute: &AttributeName) -> String {
    format!("{attribute} holds the names of other objects and can fill a reference only.")
}

fn source_name_problem(attribute: &AttributeName) -> Option<String> {
    if !schema::is_source_name(attribute.as_str()) {
        return Some(format!(
            "\"{attribute}\" cannot be the name of an attribute."
        ));
    }
    schema::is_source_secret(attribute)
        .then(|| format!("{attribute} holds a password. It cannot be mapped."))
}

fn expression_problem(text: &str, target: &Target, apply: Apply) -> Option<String> {
    if text.trim().is_empty() {
        return Some("Enter an expression.".to_owned());
    }
    let expression = match Expression::parse(text) {
        Ok(expression) => expression,
        Err(error) => return Some(error.to_string()),
    };
    let is_known = |name: &str| {
        PARAMETERS
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name))
    };
    if let Some(name) = expression
        .parameters()
        .into_iter()
        .find(|name| !is_known(name))
    {
        let known = PARAMETERS.map(|known| format!("%{known}%")).join(", ");
        return Some(format!(
            "There is no parameter %{name}%. Use one of {known}."
        ));
    }
    if let Some(problem) = unique_value_problem(&expression, target, apply) {
        return Some(problem);
    }
    expression.attributes().into_iter().find_map(|attribute| {
        source_name_problem(attribute)
            .or_else(|| schema::is_source_reference(attribute).then(|| refers(attribute)))
    })
}

fn unique_value_problem(expression: &Expression, target: &Target, apply: Apply) -> Option<String> {
    if !expression.selects_unique_value() {
        return None;
    }
    if apply != Apply::OnlyDuringCreation {
        return Some(
            "SelectUniqueValue works only during creation: choose it below Apply this mapping."
                .to_owned(),
        );
    }
    let matched = [SOURCE_ANCHOR, USER_PRINCIPAL_NAME, PROXY_ADDRESSES].map(AttributeName::from);
    matched.contains(&target.name).then(|| {
        format!(
            "{} is compared to find objects: SelectUniqueValue cannot fill it.",
            target.name
        )
    })
}

#[cfg(test)]
mod tests;
