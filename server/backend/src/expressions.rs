//! What the expression builder asks: what there is to build with, and what an expression comes to.
//!
//! A test reads one object and writes nothing. It sees what a cycle would see: the attributes of the
//! directory with those that are computed, without passwords and without references.

use std::collections::BTreeSet;

use engine::{
    configuration::{
        Apply, AttributeMapping, Configuration, ConfigurationId, FlowBehavior, MappingSource,
        defaults, mapping, schema,
    },
    cycle::mapped::with_derived_attributes,
    directory::{AttributeName, Attributes, ObjectKind},
    expression::{EvaluationContext, Expression, Seed},
    expression_builder::{self, Offer, Outcome, Question, Sample, TestResult},
};

use crate::{Backend, Error, Result, configurations, directories, runs};

/// The field that names the object of a test.
const OBJECT: &str = "object";

/// Functions and attributes for the expressions of one configuration.
pub async fn offer(backend: &Backend, id: ConfigurationId) -> Result<Offer> {
    Ok(Offer {
        functions: expression_builder::functions(),
        attributes: source_attributes(backend, id).await?,
    })
}

/// What mappings can read, by name: what the directory knows, what the default mappings of such a
/// directory read, and what the configuration's own ones do. Others may exist and can be typed.
pub async fn source_attributes(backend: &Backend, id: ConfigurationId) -> Result<Vec<String>> {
    let configuration = configurations::get(backend, id).await?;
    let mut names: BTreeSet<AttributeName> = mapping::source_attributes(&configuration);
    names.extend(always_readable(backend, &configuration).await?);
    names.extend(directories::attribute_names(backend, &configuration.domain).await?);
    let readable = names
        .into_iter()
        .filter(|name| !schema::is_source_reference(name) && !schema::is_source_secret(name));
    let mut names: Vec<String> = readable.map(|name| name.to_string()).collect();
    names.sort_by_key(|name| name.to_lowercase());
    Ok(names)
}

/// What the default mappings of such a directory read, and what every object has.
async fn always_readable(
    backend: &Backend,
    configuration: &Configuration,
) -> Result<BTreeSet<AttributeName>> {
    let directory = directories::of_domain(backend, &configuration.domain).await?;
    let dialect = configurations::dialect(directory.kind);
    let by_default = defaults::mappings(dialect);
    let mappings = by_default.values().flatten();
    let read = mappings.flat_map(|row| mapping::attributes_of(&row.source));
    let of_every_object = ["distinguishedName", "sourceAnchor"].map(AttributeName::from);
    Ok(read.chain(of_every_object).collect())
}

/// The attributes that these sources read and that the directory does not have, in a sentence: a
/// mapping of them would empty its target. None while the directory does not say what it has.
pub async fn unknown_attributes(
    backend: &Backend,
    id: ConfigurationId,
    sources: &[MappingSource],
) -> Result<Option<String>> {
    let configuration = configurations::get(backend, id).await?;
    let mut names: BTreeSet<AttributeName> =
        sources.iter().flat_map(mapping::attributes_of).collect();
    for known in always_readable(backend, &configuration).await? {
        names.remove(&known);
    }
    if names.is_empty() {
        return Ok(None);
    }
    let domain = &configuration.domain;
    let unknown = directories::unknown_attributes(backend, domain, names).await?;
    let unknown: Vec<&str> = unknown.iter().map(AttributeName::as_str).collect();
    Ok(match unknown.as_slice() {
        [] => None,
        [one] => Some(format!("{domain} has no attribute {one}.")),
        [several @ .., last] => {
            let several = several.join(", ");
            Some(format!("{domain} has no attributes {several} and {last}."))
        }
    })
}

/// Evaluates an expression, saved or not.
pub async fn test(
    backend: &Backend,
    id: ConfigurationId,
    kind: ObjectKind,
    question: Question,
) -> Result<TestResult> {
    let expression = match expression_builder::read(&question.expression) {
        Ok(expression) => expression,
        Err(remark) => return Ok(TestResult::refused(remark)),
    };
    let configuration = configurations::get(backend, id).await?;
    let (object, attributes) = match question.sample {
        Sample::None => return Ok(TestResult::without_parts(Outcome::Accepted)),
        Sample::Typed { attribute, value } => (None, typed(&attribute, value)),
        Sample::Object(name) => {
            let (dn, attributes) =
                attributes_of(backend, &configuration, &expression, kind, &name).await?;
            (Some(dn), attributes)
        }
    };
    let text = question.expression;
    let result = evaluate(backend, &configuration, text, expression, attributes).await?;
    Ok(TestResult { object, ..result })
}

fn typed(attribute: &str, value: String) -> Attributes {
    let attribute = attribute
        .trim()
        .trim_start_matches('[')
        .trim_end_matches(']');
    match attribute.is_empty() || value.is_empty() {
        true => Attributes::new(),
        false => Attributes::new().with(attribute, value),
    }
}

async fn attributes_of(
    backend: &Backend,
    configuration: &Configuration,
    expression: &Expression,
    kind: ObjectKind,
    name: &str,
) -> Result<(String, Attributes)> {
    if name.trim().is_empty() {
        return Err(Error::field(OBJECT, "Choose an object of the directory."));
    }
    let reading = with_expression(configuration, expression, kind);
    let directory = directories::connected_for(backend, &reading).await?;
    let source = directory.source.as_ref();
    let found = directories::object_named(backend, configuration.id, source, kind, name).await?;
    let object = found.ok_or_else(|| {
        Error::field(
            OBJECT,
            format!(
                "The directory has no {kind} that \"{}\" names, or several. Choose one of those \
                 offered, or enter a distinguished name.",
                name.trim()
            ),
        )
    })?;
    let mut attributes = with_derived_attributes(&object);
    for reference in schema::SOURCE_REFERENCES {
        attributes.set(reference, Vec::new());
    }
    Ok((object.dn.to_string(), attributes))
}

/// The configuration with one mapping more, so that the directory is asked for its attributes.
fn with_expression(
    configuration: &Configuration,
    expression: &Expression,
    kind: ObjectKind,
) -> Configuration {
    let mut configuration = configuration.clone();
    let row = AttributeMapping {
        target: "test".into(),
        source: MappingSource::Expression {
            expression: expression.to_string(),
        },
        apply: Apply::default(),
        flow_behavior: FlowBehavior::default(),
        default_value: None,
    };
    configuration.mappings.entry(kind).or_default().push(row);
    configuration
}

/// Beside the tasks that serve people: an expression may take its time.
async fn evaluate(
    backend: &Backend,
    configuration: &Configuration,
    text: String,
    expression: Expression,
    attributes: Attributes,
) -> Result<TestResult> {
    let now = backend.now().to_date_time();
    let surroundings = runs::surroundings(backend, configuration, now);
    let seed = seed(backend);
    let evaluated = tokio::task::spawn_blocking(move || {
        let context = EvaluationContext {
            parameters: &surroundings.parameters,
            default_domain: Some(&surroundings.default_domain),
            seed,
            ..EvaluationContext::at(surroundings.now)
        };
        expression_builder::test(&text, &expression, &attributes, &context)
    });
    evaluated.await.map_err(Error::internal)
}

/// Another one for every test: what is random shows that it is.
fn seed(backend: &Backend) -> Seed {
    let mut seed = Seed::default();
    seed[..16].copy_from_slice(backend.new_id().as_bytes());
    seed[16..].copy_from_slice(backend.new_id().as_bytes());
    seed
}

#[cfg(test)]
mod tests;
