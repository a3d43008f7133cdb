//! The attribute mappings of a configuration: check and store.

use engine::{
    configuration::{
        AttributeMapping, ConfigurationId,
        draft::mapping::{MappingDraft, MappingsDraft},
    },
    directory::{AttributeName, ObjectKind},
    records::ConfigurationDetails,
};
use leptos::{prelude::*, server_fn::codec::Json};

use super::ApiError;

/// **Apply**: the row that a draft becomes. The page keeps it until **Save schema**; without a
/// script nothing could keep it, so it is stored at once.
#[server(endpoint = "mappings/apply")]
pub async fn apply(
    id: ConfigurationId,
    #[server(default)] original: Option<AttributeName>,
    draft: MappingDraft,
) -> Result<AttributeMapping, ApiError> {
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    let row = backend::configurations::check_mapping(&backend, id, &draft).await?;
    if super::caller::is_form_without_script() {
        let original = original.as_ref();
        backend::configurations::save_mapping(&backend, &actor, id, original, &draft).await?;
        leptos_axum::redirect(&super::caller::addresses::saved_mappings(id, draft.kind));
    }
    Ok(row)
}

/// For forms without a script only: with one, the page takes the row out by itself.
#[server(endpoint = "mappings/delete")]
pub async fn delete(
    id: ConfigurationId,
    kind: ObjectKind,
    target: AttributeName,
) -> Result<(), ApiError> {
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    backend::configurations::delete_mapping(&backend, &actor, id, kind, &target).await?;
    super::caller::go_on_without_script(&super::caller::addresses::saved_mappings(id, kind));
    Ok(())
}

/// **Save schema**: all mappings or none.
#[server(endpoint = "mappings/save", input = Json)]
pub async fn save(
    id: ConfigurationId,
    draft: MappingsDraft,
) -> Result<ConfigurationDetails, ApiError> {
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    backend::configurations::save_mappings(&backend, &actor, id, draft).await?;
    Ok(backend::configurations::details(&backend, id).await?)
}

/// Begins again with the mappings of a new configuration.
#[server(endpoint = "mappings/restore-defaults")]
pub async fn restore_defaults(
    id: ConfigurationId,
    revision: i64,
) -> Result<ConfigurationDetails, ApiError> {
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    backend::configurations::restore_default_mappings(&backend, &actor, id, revision).await?;
    super::caller::go_on_without_script(&super::caller::addresses::saved_mappings(
        id,
        ObjectKind::User,
    ));
    Ok(backend::configurations::details(&backend, id).await?)
}
