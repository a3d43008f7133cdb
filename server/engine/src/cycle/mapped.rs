//! A source object seen through the attribute mappings: what the target should hold.
//!
//! In `convert`, values take the form that the target keeps. In `flow`, they meet the values that
//! the target has. In `one_value`, one of several is chosen.

mod convert;
mod flow;
mod one_value;

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use crate::{
    configuration::{
        Apply, AttributeMapping, Configuration, DirectoryExtension, FlowBehavior, MappingSource,
        extension::{self, Target},
        schema::{self, AttributeType},
    },
    directory::{
        AttributeName, AttributeValue, Attributes, ObjectKind, SourceAnchor, SourceObject, Values,
    },
    expression::{Evaluated, EvaluationContext, EvaluationError, Expression, ParseError, Seed},
};
use flow::{FlowRule, Onto, REPLACE};

use super::taken_values::TakenValues;

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

/// On which occasion an object is mapped.
#[derive(Clone, Copy)]
pub enum Occasion<'a> {
    /// It is not linked yet; mappings that apply only during creation flow, and may not choose
    /// what is taken.
    Creation(&'a TakenValues),
    Update,
}

impl Occasion<'_> {
    fn is_creation(self) -> bool {
        matches!(self, Self::Creation(_))
    }

    fn is_taken(self, attribute: &AttributeName, value: &str, anchor: &SourceAnchor) -> bool {
        match self {
            Self::Creation(taken) => taken.is_taken(attribute, value, anchor),
            Self::Update => false,
        }
    }
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
    target: Target,
    source: CompiledSource,
    apply: Apply,
    flow_behavior: FlowBehavior,
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

/// Why an attribute cannot be mapped. It alone is left as it is, unless the object could not come to
/// exist without it.
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
    #[error("{target} takes at most {most} values, but its mapping gives {count}.")]
    TooManyValues {
        target: AttributeName,
        most: usize,
        count: usize,
    },
    #[error("{target} takes at most {most} characters, but its mapping gives {count}.")]
    TooLong {
        target: AttributeName,
        most: usize,
        count: usize,
    },
    #[error("Directory extensions hold at most {most} values of an object, and here are {count}.")]
    TooManyExtensionValues { most: usize, count: usize },
}

impl MappingError {
    /// Messages quote values, and this one must not.
    fn redacted(self) -> Self {
        match self {
            Self::WrongType { target, wanted, .. } => Self::WrongType {
                target,
                wanted,
                value: REDACTED.to_owned(),
            },
            other => other,
        }
    }
}

/// What logs and previews show in the place of a value that an expression redacts.
pub(super) const REDACTED: &str = "[Redact]";

/// What flows to the target: the values of each attribute, and for some a rule that says how they
/// meet what the target has. An attribute with no values is cleared there, unless its rule says
/// otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapped {
    values: BTreeMap<AttributeName, Values>,
    rules: BTreeMap<AttributeName, FlowRule>,
    left_as_they_are: Vec<String>,
    notes: Vec<String>,
}

impl Mapped {
    pub fn flows(&self) -> impl Iterator<Item = (&AttributeName, &[AttributeValue])> {
        self.values
            .iter()
            .map(|(name, values)| (name, values.as_slice()))
    }

    /// Whether the attribute is set or cleared; otherwise it is left alone.
    pub fn flows_to(&self, name: &str) -> bool {
        self.values.contains_key(&AttributeName::from(name))
    }

    pub fn values(&self, name: &str) -> &[AttributeValue] {
        self.values
            .get(&AttributeName::from(name))
            .map_or(&[], Vec::as_slice)
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        self.values(name).first().and_then(AttributeValue::as_text)
    }

    fn add(&mut self, name: &AttributeName, flowing: Flowing) {
        self.notes.extend(flowing.note);
        let Some((values, rule)) = flowing.values else {
            return;
        };
        self.values.insert(name.clone(), values);
        if rule != REPLACE {
            self.rules.insert(name.clone(), rule);
        }
    }

    /// Lets other values flow than those that were mapped.
    pub(super) fn replace(&mut self, name: &str, values: Values) {
        self.values.insert(AttributeName::from(name), values);
    }

    /// Leaves an attribute as the target has it, and says why.
    pub(super) fn leave_as_it_is(&mut self, name: &AttributeName, reason: String) {
        self.values.remove(name);
        self.rules.remove(name);
        self.left_as_they_are.push(reason);
    }

    /// Why attributes are left as the target has them, a sentence each.
    pub fn left_as_they_are(&self) -> &[String] {
        &self.left_as_they_are
    }

    /// What a person may want to know of how values were chosen, a sentence each.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// As a new object holds it.
    pub fn into_attributes(self) -> Attributes {
        self.values.into_iter().collect()
    }

    /// How the attribute's values meet those of the target.
    pub(super) fn rule(&self, name: &AttributeName) -> &FlowRule {
        self.rules.get(name).unwrap_or(&REPLACE)
    }
}

impl CompiledMappings {
    pub fn compile(configuration: &Configuration) -> Result<Self, BadMapping> {
        let mut rows = BTreeMap::new();
        for (kind, mappings) in &configuration.mappings {
            let compiled = mappings
                .iter()
                .map(|mapping| compile(&configuration.extensions, *kind, mapping))
                .collect::<Result<_, _>>()?;
            rows.insert(*kind, compiled);
        }
        Ok(Self { rows })
    }

    /// The object's attributes for the target. References are not among them: they are links.
    pub fn apply(
        &self,
        object: &SourceObject,
        occasion: Occasion<'_>,
        surroundings: &Surroundings,
    ) -> Result<Mapped, MappingError> {
        let creating = occasion.is_creation();
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
            if !row.flows(creating) {
                continue;
            }
            let is_taken = |value: &str| occasion.is_taken(&row.target.name, value, &object.anchor);
            let context = EvaluationContext {
                is_taken: &is_taken,
                ..surroundings.context(seed, place)
            };
            let name = &row.target.name;
            match row.flow(object, &source, creating, &context) {
                Ok(flowing) => mapped.add(name, flowing),
                Err(error) if creating && row.is_needed_to_exist() => return Err(error),
                Err(error) => mapped.leave_as_it_is(name, error.to_string()),
            }
        }
        self.limit_extensions(object.kind, &mut mapped);
        Ok(mapped)
    }

    /// Of too many values nobody could say which ones to leave out, so all of them stay as they are.
    fn limit_extensions(&self, kind: ObjectKind, mapped: &mut Mapped) {
        let rows = self.rows.get(&kind).into_iter().flatten();
        let names: Vec<_> = rows
            .filter(|row| row.target.is_extension)
            .map(|row| &row.target.name)
            .collect();
        let of = |name: &&AttributeName| mapped.values.get(*name).map_or(0, Vec::len);
        let count = names.iter().map(of).sum();
        let most = DirectoryExtension::MOST_VALUES;
        if count > most {
            for name in names {
                mapped.values.remove(name);
                mapped.rules.remove(name);
            }
            let error = MappingError::TooManyExtensionValues { most, count };
            mapped.left_as_they_are.push(error.to_string());
        }
    }

    /// The attributes whose values are chosen by what the target has.
    pub fn unique_targets(&self) -> BTreeSet<AttributeName> {
        let rows = self.rows.values().flatten();
        rows.filter(|row| row.selects_unique_value())
            .map(|row| row.target.name.clone())
            .collect()
    }

    /// Which source attribute holds the names behind each reference attribute of the target.
    pub fn references(&self, kind: ObjectKind) -> Vec<(&AttributeName, &AttributeName)> {
        let rows = self.rows.get(&kind).into_iter().flatten();
        rows.filter(|row| row.target.attribute_type == AttributeType::Reference)
            .filter_map(|row| match &row.source {
                CompiledSource::Direct(source) => Some((source, &row.target.name)),
                CompiledSource::Constant(_)
                | CompiledSource::Expression(_)
                | CompiledSource::Nothing => None,
            })
            .collect()
    }
}

fn compile(
    extensions: &[DirectoryExtension],
    kind: ObjectKind,
    mapping: &AttributeMapping,
) -> Result<CompiledMapping, BadMapping> {
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
    Ok(CompiledMapping {
        target: extension::target(extensions, kind, &mapping.target)
            .unwrap_or_else(|| Target::unknown(mapping.target.clone())),
        source,
        apply: mapping.apply,
        flow_behavior: mapping.flow_behavior,
        default_value: mapping.default_value.clone(),
    })
}

/// What one mapping gives.
struct Flowing {
    /// The values that flow, and how they meet those of the target; none where the attribute is
    /// left alone.
    values: Option<(Values, FlowRule)>,
    note: Option<String>,
}

impl CompiledMapping {
    /// Whether an object may not come to exist without the attribute. Somebody who was created
    /// without a word about whether they are enabled could sign in; and a value that nobody else has
    /// is chosen at no other time.
    fn is_needed_to_exist(&self) -> bool {
        self.target.required
            || self.target.name == AttributeName::from(schema::ACCOUNT_ENABLED)
            || self.selects_unique_value()
    }

    /// Whether it applies at all. References are not among what flows: they are links.
    fn flows(&self, creating: bool) -> bool {
        let applies = creating || self.apply != Apply::OnlyDuringCreation;
        applies && self.target.attribute_type != AttributeType::Reference
    }

    /// Attributes of LDAP directories have several values where the tenant takes one (RFC 4519, 2798:
    /// `mail`, `cn`, `telephoneNumber`). An expression that cannot do anything with several gets one
    /// of each.
    fn flow(
        &self,
        object: &SourceObject,
        source: &Attributes,
        creating: bool,
        context: &EvaluationContext<'_>,
    ) -> Result<Flowing, MappingError> {
        let given = self.flow_of(source, creating, context);
        let CompiledSource::Expression(expression) = &self.source else {
            return given.map(|values| Flowing { values, note: None });
        };
        match given {
            Ok(values) => Ok(Flowing { values, note: None }),
            Err(error) => {
                let reduced = one_value::of_each(&object.dn, source, &expression.attributes());
                let (reduced, note) = reduced.ok_or_else(|| error.clone())?;
                let values = self.flow_of(&reduced, creating, context);
                let values = values.map_err(|_| error)?;
                let note = Some(note);
                Ok(Flowing { values, note })
            }
        }
    }

    fn flow_of(
        &self,
        source: &Attributes,
        creating: bool,
        context: &EvaluationContext<'_>,
    ) -> Result<Option<(Values, FlowRule)>, MappingError> {
        let Some(values) = self.evaluate(source, context)? else {
            return Ok(None);
        };
        let values = convert::values(&self.target, values, self.copies()).map_err(|error| {
            if self.is_redacted() {
                error.redacted()
            } else {
                error
            }
        })?;
        let (default, rule) = (self.default()?, self.rule());
        if !values.is_empty() {
            return Ok(Some((values, rule)));
        }
        let is_none = matches!(self.source, CompiledSource::Nothing);
        // An object cannot exist without a required attribute, even if its source runs dry.
        let uses_default = creating || is_none || self.target.required;
        Ok(match default {
            Some(default) if uses_default => Some((default, FlowRule::new(Onto::Fill))),
            Some(default) if rule.onto == Onto::Replace => {
                Some((values, FlowRule::new(Onto::ReplaceUnlessIs(default))))
            }
            None if is_none => None,
            _ => Some((values, rule)),
        })
    }

    /// No values for a mapping without a source; none at all where the expression says "skip".
    fn evaluate(
        &self,
        source: &Attributes,
        context: &EvaluationContext<'_>,
    ) -> Result<Option<Values>, MappingError> {
        Ok(match &self.source {
            CompiledSource::Nothing => Some(Values::new()),
            CompiledSource::Direct(attribute) => Some(source.get(attribute).to_vec()),
            CompiledSource::Constant(value) => Some(vec![AttributeValue::Text(value.clone())]),
            CompiledSource::Expression(expression) => {
                let evaluated = expression.evaluate(source, context).map_err(|error| {
                    MappingError::Evaluation {
                        target: self.target.name.clone(),
                        error,
                    }
                })?;
                match evaluated {
                    Evaluated::Values(values) => Some(values),
                    Evaluated::Skip => None,
                }
            }
        })
    }

    fn default(&self) -> Result<Option<Values>, MappingError> {
        let Some(default) = self.default_value.as_ref().filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        let values = vec![AttributeValue::Text(default.clone())];
        convert::values(&self.target, values, self.copies()).map(Some)
    }

    fn is_redacted(&self) -> bool {
        match &self.source {
            CompiledSource::Expression(expression) => expression.is_redacted(),
            CompiledSource::Direct(_) | CompiledSource::Constant(_) | CompiledSource::Nothing => {
                false
            }
        }
    }

    fn selects_unique_value(&self) -> bool {
        match &self.source {
            CompiledSource::Expression(expression) => expression.selects_unique_value(),
            CompiledSource::Direct(_) | CompiledSource::Constant(_) | CompiledSource::Nothing => {
                false
            }
        }
    }

    fn copies(&self) -> bool {
        matches!(self.source, CompiledSource::Direct(_))
    }

    fn rule(&self) -> FlowRule {
        let onto = match self.apply {
            Apply::Always => Onto::Replace,
            Apply::OnlyDuringCreation | Apply::AttributeAddOnly => Onto::Fill,
            Apply::ValueAddOnly | Apply::MultiValueAddOnly if self.target.multi_valued => {
                Onto::Extend
            }
            Apply::ValueAddOnly => Onto::ReplaceUnlessEmpty,
            Apply::MultiValueAddOnly => Onto::Replace,
        };
        FlowRule {
            onto,
            is_written_always: self.flow_behavior == FlowBehavior::FlowAlways,
            is_redacted: self.is_redacted(),
        }
    }
}

/// Why a text that a person typed cannot be a value of the target, in a sentence.
pub(crate) fn text_problem(target: &Target, text: &str) -> Option<String> {
    if target.attribute_type == AttributeType::Binary {
        return Some(format!(
            "{} takes bytes, which cannot be typed.",
            target.name
        ));
    }
    let problem = convert::values(target, vec![AttributeValue::from(text)], false).err()?;
    Some(match problem {
        MappingError::WrongType { target, wanted, .. } => format!("{target} takes {wanted}."),
        MappingError::TooLong { target, most, .. } => {
            format!("{target} takes at most {most} characters.")
        }
        other => other.to_string(),
    })
}

/// Attributes that are computed from the object itself, and that no directory has.
const DERIVED: [&str; 2] = ["sourceAnchor", "accountDisabled"];

pub fn is_derived(name: &AttributeName) -> bool {
    DERIVED
        .iter()
        .any(|derived| derived.eq_ignore_ascii_case(name.as_str()))
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
