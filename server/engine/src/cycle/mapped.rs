//! A source object seen through the attribute mappings: what the target should hold.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::{
    configuration::{
        Apply, AttributeMapping, Configuration, MappingSource,
        schema::{self, AttributeType, TargetAttribute},
    },
    directory::{
        AttributeName, AttributeValue, Attributes, ObjectKind, SourceAnchor, SourceObject, Values,
    },
    expression::{Evaluated, EvaluationContext, EvaluationError, Expression, ParseError, Seed},
};

/// What expressions can refer to besides the object's attributes.
pub struct Surroundings {
    /// The instant that `Now` gives in this cycle.
    pub now: time::OffsetDateTime,
    /// `%DomainFQDN%` and its like.
    pub parameters: BTreeMap<String, String>,
    pub default_domain: String,
    /// Nobody can guess it; everything that is random in a cycle is made of it.
    pub seed: Uuid,
}

impl Surroundings {
    /// Random for this object: made of the cycle's seed and the anchor.
    fn seed_of(&self, anchor: &SourceAnchor) -> Seed {
        let half = |salt| Uuid::new_v5(&self.seed, format!("{anchor} {salt}").as_bytes());
        let mut seed = Seed::default();
        seed[..16].copy_from_slice(half(1).as_bytes());
        seed[16..].copy_from_slice(half(2).as_bytes());
        seed
    }

    /// For one mapping: the object's seed, told apart by the mapping's place.
    fn context(&self, mut seed: Seed, mapping: usize) -> EvaluationContext<'_> {
        for (byte, place) in seed.iter_mut().zip(mapping.to_le_bytes()) {
            *byte ^= place;
        }
        EvaluationContext {
            parameters: &self.parameters,
            default_domain: Some(&self.default_domain),
            seed,
            ..EvaluationContext::at(self.now)
        }
    }
}

/// A configuration's mappings, parsed once per cycle.
pub struct CompiledMappings {
    rows: BTreeMap<ObjectKind, Vec<CompiledMapping>>,
}

struct CompiledMapping {
    target: TargetAttribute,
    name: AttributeName,
    source: CompiledSource,
    apply: Apply,
    default_value: Option<String>,
}

enum CompiledSource {
    Direct(AttributeName),
    Constant(String),
    Expression(Box<Expression>),
    Nothing,
}

/// A stored expression that does not parse any more.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("The mapping of {target} cannot be used: {error}")]
pub struct BadMapping {
    pub target: AttributeName,
    pub error: ParseError,
}

/// Why an object cannot be mapped. The whole object fails, not only the attribute.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    #[error("The mapping of {target} failed: {error}")]
    Evaluation {
        target: AttributeName,
        error: EvaluationError,
    },
    #[error("{target} takes one value, but its mapping gives {count}.")]
    SeveralValues { target: AttributeName, count: usize },
    #[error("{target} takes {wanted}, but its mapping gives \"{value}\".")]
    WrongType {
        target: AttributeName,
        wanted: &'static str,
        value: String,
    },
}

/// What flows to the target. An attribute with no values is cleared there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapped(BTreeMap<AttributeName, Values>);

impl Mapped {
    pub fn flows(&self) -> impl Iterator<Item = (&AttributeName, &[AttributeValue])> {
        self.0
            .iter()
            .map(|(name, values)| (name, values.as_slice()))
    }

    /// Whether the attribute is set or cleared; otherwise it is left alone.
    pub fn flows_to(&self, name: &str) -> bool {
        self.0.contains_key(&AttributeName::from(name))
    }

    pub fn values(&self, name: &str) -> &[AttributeValue] {
        self.0
            .get(&AttributeName::from(name))
            .map_or(&[], Vec::as_slice)
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        self.values(name).first().and_then(AttributeValue::as_text)
    }

    /// Lets other values flow than those that were mapped.
    pub(super) fn replace(&mut self, name: &str, values: Values) {
        self.0.insert(AttributeName::from(name), values);
    }

    pub fn into_attributes(self) -> Attributes {
        self.0.into_iter().collect()
    }
}

impl CompiledMappings {
    pub fn compile(configuration: &Configuration) -> Result<Self, BadMapping> {
        let mut rows = BTreeMap::new();
        for (kind, mappings) in &configuration.mappings {
            let compiled = mappings
                .iter()
                .map(|mapping| compile(*kind, mapping))
                .collect::<Result<_, _>>()?;
            rows.insert(*kind, compiled);
        }
        Ok(Self { rows })
    }

    /// The object's attributes for the target. References are not among them: they are links.
    pub fn apply(
        &self,
        object: &SourceObject,
        creating: bool,
        surroundings: &Surroundings,
    ) -> Result<Mapped, MappingError> {
        let source = with_derived_attributes(object);
        let seed = surroundings.seed_of(&object.anchor);
        let mut mapped = Mapped::default();
        for (place, row) in self
            .rows
            .get(&object.kind)
            .into_iter()
            .flatten()
            .enumerate()
        {
            let applies = creating || row.apply == Apply::Always;
            if !applies || row.target.attribute_type == AttributeType::Reference {
                continue;
            }
            let context = surroundings.context(seed, place);
            if let Some(values) = row.values(&source, creating, &context)? {
                mapped.0.insert(row.name.clone(), values);
            }
        }
        Ok(mapped)
    }

    /// Which source attribute holds the names behind each reference attribute of the target.
    pub fn references(&self, kind: ObjectKind) -> Vec<(&AttributeName, &AttributeName)> {
        let rows = self.rows.get(&kind).into_iter().flatten();
        rows.filter(|row| row.target.attribute_type == AttributeType::Reference)
            .filter_map(|row| match &row.source {
                CompiledSource::Direct(source) => Some((source, &row.name)),
                CompiledSource::Constant(_)
                | CompiledSource::Expression(_)
                | CompiledSource::Nothing => None,
            })
            .collect()
    }
}

fn compile(kind: ObjectKind, mapping: &AttributeMapping) -> Result<CompiledMapping, BadMapping> {
    let source = match &mapping.source {
        MappingSource::Direct { attribute } => CompiledSource::Direct(attribute.clone()),
        MappingSource::Constant { value } => CompiledSource::Constant(value.clone()),
        MappingSource::Expression { expression } => Expression::parse(expression)
            .map(|parsed| CompiledSource::Expression(Box::new(parsed)))
            .map_err(|error| BadMapping {
                target: mapping.target.clone(),
                error,
            })?,
        MappingSource::None => CompiledSource::Nothing,
    };
    let target = schema::target_attribute(kind, &mapping.target);
    Ok(CompiledMapping {
        target: target.unwrap_or(TargetAttribute {
            name: "",
            attribute_type: AttributeType::Text,
            multi_valued: true,
            required: false,
        }),
        name: target.map_or_else(
            || mapping.target.clone(),
            |known| AttributeName::new(known.name),
        ),
        source,
        apply: mapping.apply,
        default_value: mapping.default_value.clone(),
    })
}

impl CompiledMapping {
    /// The values that flow; none where the attribute is left alone.
    fn values(
        &self,
        source: &Attributes,
        creating: bool,
        context: &EvaluationContext<'_>,
    ) -> Result<Option<Values>, MappingError> {
        let values = match &self.source {
            CompiledSource::Nothing => return Ok(self.default_on_creation(creating)),
            CompiledSource::Direct(attribute) => source.get(attribute).to_vec(),
            CompiledSource::Constant(value) => vec![AttributeValue::Text(value.clone())],
            CompiledSource::Expression(expression) => {
                let evaluated = expression.evaluate(source, context).map_err(|error| {
                    MappingError::Evaluation {
                        target: self.name.clone(),
                        error,
                    }
                })?;
                match evaluated {
                    Evaluated::Values(values) => values,
                    Evaluated::Skip => return Ok(None),
                }
            }
        };
        let mut values = self.converted(values)?;
        if values.is_empty()
            && let Some(default) = self.default_on_creation(creating)
        {
            values = self.converted(default)?;
        }
        Ok(Some(values))
    }

    fn default_on_creation(&self, creating: bool) -> Option<Values> {
        let default = self.default_value.as_ref().filter(|_| creating)?;
        Some(vec![AttributeValue::Text(default.clone())])
    }

    fn converted(&self, values: Values) -> Result<Values, MappingError> {
        let values: Values = values
            .into_iter()
            .filter(|value| value.as_text() != Some(""))
            .map(|value| self.converted_value(value))
            .collect::<Result<_, _>>()?;
        if values.len() > 1 && !self.target.multi_valued {
            // Directories allow several values where the tenant takes one (cn, telephoneNumber):
            // a copy takes the first, a computed value must say what it means.
            if matches!(self.source, CompiledSource::Direct(_)) {
                return Ok(values.into_iter().take(1).collect());
            }
            return Err(MappingError::SeveralValues {
                target: self.name.clone(),
                count: values.len(),
            });
        }
        Ok(values)
    }

    fn converted_value(&self, value: AttributeValue) -> Result<AttributeValue, MappingError> {
        use AttributeValue::{Boolean, Integer, Text};
        let wrong = |wanted, value: &AttributeValue| {
            Err(MappingError::WrongType {
                target: self.name.clone(),
                wanted,
                value: value.to_string(),
            })
        };
        match (self.target.attribute_type, value) {
            (AttributeType::Boolean, Text(text)) if text.eq_ignore_ascii_case("true") => {
                Ok(Boolean(true))
            }
            (AttributeType::Boolean, Text(text)) if text.eq_ignore_ascii_case("false") => {
                Ok(Boolean(false))
            }
            (AttributeType::Boolean, value @ Boolean(_)) => Ok(value),
            (AttributeType::Boolean, value) => wrong("True or False", &value),
            (AttributeType::Integer, Text(text)) => match text.trim().parse() {
                Ok(number) => Ok(Integer(number)),
                Err(_) => wrong("a whole number", &Text(text)),
            },
            (AttributeType::Integer, value @ Integer(_)) => Ok(value),
            (AttributeType::Integer, value) => wrong("a whole number", &value),
            (AttributeType::Text, value @ (Boolean(_) | Integer(_))) => Ok(Text(value.to_string())),
            (_, value) => Ok(value),
        }
    }
}

/// The object's attributes with those that are computed from the object itself: `sourceAnchor`,
/// `distinguishedName`, `accountDisabled`.
pub fn with_derived_attributes(object: &SourceObject) -> Attributes {
    let mut attributes = object.attributes.clone();
    attributes.set("sourceAnchor", vec![object.anchor.as_str().into()]);
    attributes.set("distinguishedName", vec![object.dn.as_str().into()]);
    if object.kind == ObjectKind::User {
        let disabled = is_disabled(&object.attributes);
        attributes.set("accountDisabled", vec![disabled.into()]);
    }
    attributes
}

/// Active Directory: bit 2 of `userAccountControl` (MS-ADTS 2.2.16). 389 Directory Server:
/// `nsAccountLock`. OpenLDAP's password policy: `pwdAccountLockedTime` of "000001010000Z", locked
/// until an administrator unlocks it (draft-behera-ldap-password-policy, 5.3.3).
fn is_disabled(attributes: &Attributes) -> bool {
    const ACCOUNT_DISABLE: i64 = 2;
    let control = match attributes.values("userAccountControl").first() {
        Some(AttributeValue::Integer(number)) => Some(*number),
        Some(AttributeValue::Text(text)) => text.parse().ok(),
        _ => None,
    };
    control.is_some_and(|control| control & ACCOUNT_DISABLE != 0)
        || attributes
            .text("nsAccountLock")
            .is_some_and(|lock| lock.eq_ignore_ascii_case("true"))
        || attributes.text("pwdAccountLockedTime") == Some("000001010000Z")
}
