//! What the expression builder asks. Expressions are read and evaluated on the server only, so that
//! the browser need not load their evaluator.

use engine::{
    configuration::{ConfigurationId, MappingSource},
    directory::ObjectKind,
    expression_builder::{Offer, Question, TestResult},
};
use leptos::{prelude::*, server_fn::codec::Json};

use super::ApiError;

/// Functions and attributes to build with.
#[server(endpoint = "expressions/offer")]
pub async fn offered(id: ConfigurationId) -> Result<Offer, ApiError> {
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    Ok(backend::expressions::offer(&backend, id).await?)
}

/// Attributes of the directory that mappings can read.
#[server(endpoint = "expressions/source-attributes")]
pub async fn source_attributes(id: ConfigurationId) -> Result<Vec<String>, ApiError> {
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    Ok(backend::expressions::source_attributes(&backend, id).await?)
}

/// What the directory has not, of all that these sources read; none when it has everything, or does
/// not say.
#[server(endpoint = "expressions/unknown-attributes", input = Json)]
pub async fn unknown_attributes(
    id: ConfigurationId,
    sources: Vec<MappingSource>,
) -> Result<Option<String>, ApiError> {
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    Ok(backend::expressions::unknown_attributes(&backend, id, &sources).await?)
}

/// What an expression comes to. Writes nothing.
#[server(endpoint = "expressions/test", input = Json)]
pub async fn test(
    id: ConfigurationId,
    kind: ObjectKind,
    question: Question,
) -> Result<TestResult, ApiError> {
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    Ok(backend::expressions::test(&backend, id, kind, question).await?)
}
