//! Configurations: see, create, change, restart, delete.

use engine::{
    configuration::{
        ConfigurationId,
        draft::{ConfigurationDraft, NewConfiguration, ScopeDraft},
    },
    directory::SourceAnchor,
    records::{
        ConfigurationDetails, ConfigurationState, ConfigurationSummary, HeldDeletions,
        ObjectFailure, Page, PageKey,
    },
    sign_in::PasswordHashSyncState,
};
use leptos::{prelude::*, server_fn::codec::Json};
use uuid::Uuid;

use super::ApiError;

#[server(endpoint = "configurations/list")]
pub async fn list() -> Result<Vec<ConfigurationSummary>, ApiError> {
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    Ok(backend::configurations::list(&backend).await?)
}

#[server(endpoint = "configurations/details")]
pub async fn details(id: ConfigurationId) -> Result<ConfigurationDetails, ApiError> {
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    Ok(backend::configurations::details(&backend, id).await?)
}

/// What changes by itself; live pages ask for it again and again. None once the configuration is
/// gone, which is no error for a page that only looks again.
#[server(endpoint = "configurations/state")]
pub async fn state(id: ConfigurationId) -> Result<Option<ConfigurationState>, ApiError> {
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    match backend::configurations::state(&backend, id).await {
        Err(backend::Error::NotFound(_)) => Ok(None),
        state => Ok(Some(state?)),
    }
}

/// How the passwords of a configuration stand.
#[server(endpoint = "configurations/password-hash-sync")]
pub async fn password_hash_sync(id: ConfigurationId) -> Result<PasswordHashSyncState, ApiError> {
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    Ok(backend::password_hash_sync::state(&backend, id).await?)
}

/// Makes a configuration and opens its page.
#[server(endpoint = "configurations/create")]
pub async fn create(new: NewConfiguration) -> Result<ConfigurationId, ApiError> {
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    let id = backend::configurations::create(&backend, &actor, new).await?;
    let begin = crate::shell::skin().choose(
        crate::routes::Route::Configuration(id),
        crate::routes::Route::GetStarted(id),
    );
    leptos_axum::redirect(&begin.with("notice", "created"));
    Ok(id)
}

/// Stores what the page's **Save** sends, and answers with the configuration as it is then.
#[server(endpoint = "configurations/save")]
pub async fn save(
    id: ConfigurationId,
    draft: ConfigurationDraft,
) -> Result<ConfigurationDetails, ApiError> {
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    backend::configurations::save(&backend, &actor, id, draft).await?;
    super::caller::go_on_without_script(
        &crate::routes::Route::Configuration(id).with("notice", "saved"),
    );
    Ok(backend::configurations::details(&backend, id).await?)
}

/// **Done** of the scope pane: whether the scope could be saved. The browser knows names; the server
/// also knows the patterns of clauses.
#[server(endpoint = "configurations/check-scope", input = Json)]
pub async fn check_scope(id: ConfigurationId, draft: ScopeDraft) -> Result<(), ApiError> {
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    Ok(backend::configurations::check_scope(&backend, id, &draft).await?)
}

#[server(endpoint = "configurations/restart")]
pub async fn restart(id: ConfigurationId) -> Result<(), ApiError> {
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    backend::configurations::restart(&backend, &actor, id).await?;
    super::caller::go_on_without_script(
        &crate::routes::Route::Configuration(id).with("notice", "restarted"),
    );
    Ok(())
}

/// Deletes and shows the list, where it can be undone. Without a script nobody was asked yet who
/// wants to be asked.
#[server(endpoint = "configurations/delete")]
pub async fn delete(
    id: ConfigurationId,
    #[server(default)] is_confirmed: bool,
) -> Result<(), ApiError> {
    use crate::{
        preferences::Preference,
        routes::{Route, deletion_question},
        shell,
    };
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    let wants_to_be_asked = shell::is_switched_on(Preference::ConfirmDeleting);
    if !is_confirmed && wants_to_be_asked && super::caller::is_form_without_script() {
        leptos_axum::redirect(&deletion_question(id));
        return Ok(());
    }
    let domain = backend::configurations::get(&backend, id).await?.domain;
    backend::configurations::delete(&backend, &actor, id).await?;
    leptos_axum::redirect(&format!(
        "{}?deleted={id}&domain={domain}",
        Route::CloudSync
    ));
    Ok(())
}

#[server(endpoint = "configurations/undo-delete")]
pub async fn undo_delete(id: ConfigurationId) -> Result<(), ApiError> {
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    backend::configurations::undo_delete(&backend, &actor, id).await?;
    leptos_axum::redirect(&crate::routes::Route::CloudSync.with("notice", "restored"));
    Ok(())
}

/// One page of the deletions that wait for somebody's word.
#[server(endpoint = "configurations/held")]
pub async fn held(id: ConfigurationId, after: Option<PageKey>) -> Result<HeldDeletions, ApiError> {
    const ROWS: u32 = 50;
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    Ok(backend::configurations::held_deletions(&backend, id, after, ROWS).await?)
}

/// The first page of the objects that failed and wait for another try.
#[server(endpoint = "configurations/failures")]
pub async fn failures(id: ConfigurationId) -> Result<Page<ObjectFailure>, ApiError> {
    const ROWS: u32 = 50;
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    Ok(backend::configurations::failures(&backend, id, None, ROWS).await?)
}

/// Lifts the quarantine and forgets the failures; goes on where the last good cycle ended.
#[server(endpoint = "configurations/clear-quarantine")]
pub async fn clear_quarantine(id: ConfigurationId) -> Result<(), ApiError> {
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    backend::configurations::clear_quarantine(&backend, &actor, id).await?;
    super::caller::go_on_without_script(
        &crate::routes::Route::Quarantine(id).with("notice", "quarantine-cleared"),
    );
    Ok(())
}

/// Stops for a while; everything is kept.
#[server(endpoint = "configurations/pause")]
pub async fn pause(id: ConfigurationId) -> Result<(), ApiError> {
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    backend::configurations::pause(&backend, &actor, id).await?;
    super::caller::go_on_without_script(
        &crate::routes::Route::SyncStatus(id).with("notice", "paused"),
    );
    Ok(())
}

/// Goes on where the configuration was paused.
#[server(endpoint = "configurations/start")]
pub async fn start(id: ConfigurationId) -> Result<(), ApiError> {
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    backend::configurations::start(&backend, &actor, id).await?;
    super::caller::go_on_without_script(
        &crate::routes::Route::SyncStatus(id).with("notice", "started"),
    );
    Ok(())
}

/// Lets the selected ones of the held deletions pass; the others wait for a word of their own.
#[server(endpoint = "configurations/allow-selected")]
pub async fn allow_selected(
    id: ConfigurationId,
    cycle: Uuid,
    #[server(default)] selected: Vec<SourceAnchor>,
) -> Result<u64, ApiError> {
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    if selected.is_empty() {
        return Err(ApiError::Conflict(
            "Select the deletions that are to pass.".to_owned(),
        ));
    }
    let selected = backend::configurations::Allowed::Selected(selected);
    let allowed =
        backend::configurations::allow_deletes(&backend, &actor, id, cycle, selected).await?;
    super::caller::go_on_without_script(
        &crate::routes::Route::SyncStatus(id).with("notice", "allowed"),
    );
    Ok(allowed)
}

/// Lets the deletions pass that this cycle held back, and no others.
#[server(endpoint = "configurations/allow-deletes")]
pub async fn allow_deletes(id: ConfigurationId, cycle: Uuid) -> Result<u64, ApiError> {
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    let allowed = backend::configurations::allow_deletes(
        &backend,
        &actor,
        id,
        cycle,
        backend::configurations::Allowed::All,
    )
    .await?;
    super::caller::go_on_without_script(
        &crate::routes::Route::SyncStatus(id).with("notice", "allowed"),
    );
    Ok(allowed)
}
