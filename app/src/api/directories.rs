//! Directories on-premises: see, connect, test, change, disconnect.

use engine::{
    configuration::{ConfigurationId, draft::LdapDraft},
    directory::ObjectKind,
    records::{
        ConnectionReport, ContainerSummary, DirectoryDetails, DirectoryId, DirectorySummary,
        FoundObject,
    },
};
use leptos::prelude::*;

use super::ApiError;

#[server(endpoint = "directories/list")]
pub async fn list() -> Result<Vec<DirectorySummary>, ApiError> {
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    Ok(backend::directories::list(&backend).await?)
}

#[server(endpoint = "directories/details")]
pub async fn details(id: DirectoryId) -> Result<DirectoryDetails, ApiError> {
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    Ok(backend::directories::details(&backend, id).await?)
}

/// The containers directly below `parent`, or below the directory's head.
#[server(endpoint = "directories/containers")]
pub async fn containers(
    id: DirectoryId,
    parent: Option<String>,
) -> Result<Vec<ContainerSummary>, ApiError> {
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    Ok(backend::directories::containers(&backend, id, parent.as_deref()).await?)
}

/// As [`containers`], of the directory of a configuration.
#[server(endpoint = "directories/containers-of-configuration")]
pub async fn containers_of_configuration(
    id: ConfigurationId,
    parent: Option<String>,
) -> Result<Vec<ContainerSummary>, ApiError> {
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    let parent = parent.as_deref();
    Ok(backend::directories::containers_of_configuration(&backend, id, parent).await?)
}

/// The objects of a configuration's directory that a text may mean.
#[server(endpoint = "directories/find-objects")]
pub async fn find_objects(
    id: ConfigurationId,
    kind: ObjectKind,
    text: String,
) -> Result<Vec<FoundObject>, ApiError> {
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    Ok(backend::directories::find_objects(&backend, id, kind, &text).await?)
}

/// Tries a connection and stores nothing. With `existing`, an empty password is that directory's.
#[server(endpoint = "directories/test")]
pub async fn test(
    existing: Option<DirectoryId>,
    draft: LdapDraft,
) -> Result<ConnectionReport, ApiError> {
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    Ok(backend::directories::test(&backend, &actor, existing, draft).await?)
}

#[server(endpoint = "directories/connect")]
pub async fn connect(draft: LdapDraft) -> Result<DirectoryId, ApiError> {
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    let id = backend::directories::connect(&backend, &actor, draft).await?;
    super::caller::go_on_without_script(&crate::routes::Route::Directory(id).to_string());
    Ok(id)
}

#[server(endpoint = "directories/change")]
pub async fn change(id: DirectoryId, draft: LdapDraft) -> Result<(), ApiError> {
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    backend::directories::change(&backend, &actor, id, draft).await?;
    super::caller::go_on_without_script(&crate::routes::Route::Directory(id).to_string());
    Ok(())
}

#[server(endpoint = "directories/disconnect")]
pub async fn disconnect(id: DirectoryId) -> Result<(), ApiError> {
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    backend::directories::disconnect(&backend, &actor, id).await?;
    super::caller::go_on_without_script(&crate::routes::Route::Directories.to_string());
    Ok(())
}
