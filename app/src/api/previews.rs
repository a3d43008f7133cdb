//! Plans that are seen before they run.

use engine::{
    configuration::{ConfigurationId, draft::ConfigurationDraft},
    preview::{PreviewLine, PreviewSummary},
    records::{CycleSummary, Page, PageKey},
};
use leptos::prelude::*;
use uuid::Uuid;

use super::ApiError;

/// Reads the directory and plans, and shows the plan.
#[server(endpoint = "previews/make")]
pub async fn make(id: ConfigurationId) -> Result<Uuid, ApiError> {
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    let preview = backend::previews::make(&backend, &actor, id, None).await?;
    let page = crate::routes::Route::Preview(id).with("preview", preview.id);
    leptos_axum::redirect(&page);
    Ok(preview.id)
}

/// The same for what somebody typed and did not save yet.
#[server(endpoint = "previews/make-of-draft")]
pub async fn make_of_draft(
    id: ConfigurationId,
    draft: ConfigurationDraft,
) -> Result<PreviewSummary, ApiError> {
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    let draft = backend::configurations::drafted(&backend, id, &draft).await?;
    Ok(backend::previews::make(&backend, &actor, id, Some(draft)).await?)
}

/// The previews of a configuration, latest first.
#[server(endpoint = "previews/list")]
pub async fn list(id: ConfigurationId) -> Result<Vec<PreviewSummary>, ApiError> {
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    Ok(backend::previews::list(&backend, id).await?)
}

/// Lines of a plan; `action` is one of the words of [`PreviewLine::action`], or empty for all.
#[server(endpoint = "previews/lines")]
pub async fn lines(
    preview: Option<Uuid>,
    action: String,
    after: Option<PageKey>,
) -> Result<Page<PreviewLine>, ApiError> {
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    let Some(preview) = preview else {
        return Ok(Page::default());
    };
    let action = Some(action.as_str()).filter(|action| !action.is_empty());
    let rows = crate::list_address::ROWS_PER_PAGE;
    Ok(backend::previews::lines(&backend, preview, action, after, rows).await?)
}

/// Carries out exactly this plan, or nothing.
#[server(endpoint = "previews/run")]
pub async fn run(id: ConfigurationId, preview: Uuid) -> Result<CycleSummary, ApiError> {
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    let cycle = backend::previews::run(&backend, &actor, preview).await?;
    super::caller::go_on_without_script(
        &crate::routes::Route::SyncStatus(id).with("notice", "carried-out"),
    );
    Ok(cycle)
}
