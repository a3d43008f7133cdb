//! The tenant: what it is and what it holds; deleted users can be restored.

use engine::{
    configuration::ConfigurationId,
    directory::{ObjectKind, SourceAnchor},
    records::{
        ObjectLink, Page, PageKey, TenantObjectDetails, TenantObjectSource, TenantObjectSummary,
        TenantOverview,
    },
    sign_in::SignInCheck,
    tenant::TenantObjectId,
};
use leptos::prelude::*;

use super::ApiError;

#[server(endpoint = "tenant/overview")]
pub async fn overview() -> Result<TenantOverview, ApiError> {
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    Ok(backend::tenant::overview(&backend).await?)
}

/// One page of the users, groups or contacts whose name or address contains `search`.
#[server(endpoint = "tenant/list")]
pub async fn list(
    kind: ObjectKind,
    search: String,
    after: Option<PageKey>,
) -> Result<Page<TenantObjectSummary>, ApiError> {
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    Ok(backend::tenant::list(
        &backend,
        kind,
        &search,
        after,
        crate::list_address::ROWS_PER_PAGE,
    )
    .await?)
}

/// One page of the recycle bin, latest deletion first.
#[server(endpoint = "tenant/deleted-users")]
pub async fn deleted_users(after: Option<PageKey>) -> Result<Page<TenantObjectSummary>, ApiError> {
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    Ok(backend::tenant::deleted_users(&backend, after, crate::list_address::ROWS_PER_PAGE).await?)
}

/// One object, and where it comes from.
#[server(endpoint = "tenant/object")]
pub async fn object(
    id: TenantObjectId,
) -> Result<(TenantObjectDetails, Option<TenantObjectSource>), ApiError> {
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    let details = backend::tenant::get(&backend, id).await?;
    Ok((details, backend::tenant::source(&backend, id).await?))
}

/// One page of a group's direct members.
#[server(endpoint = "tenant/members")]
pub async fn members(
    id: TenantObjectId,
    after: Option<PageKey>,
) -> Result<Page<TenantObjectSummary>, ApiError> {
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    Ok(backend::tenant::references(
        &backend,
        id,
        engine::configuration::schema::MEMBER,
        after,
        crate::list_address::ROWS_PER_PAGE,
    )
    .await?)
}

/// One page of the groups that an object is a direct member of.
#[server(endpoint = "tenant/member-of")]
pub async fn member_of(
    id: TenantObjectId,
    after: Option<PageKey>,
) -> Result<Page<TenantObjectSummary>, ApiError> {
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    Ok(backend::tenant::referring(
        &backend,
        id,
        engine::configuration::schema::MEMBER,
        after,
        crate::list_address::ROWS_PER_PAGE,
    )
    .await?)
}

/// Takes a user out of the recycle bin.
#[server(endpoint = "tenant/restore")]
pub async fn restore(id: TenantObjectId) -> Result<(), ApiError> {
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    backend::tenant::restore(&backend, &actor, id).await?;
    super::caller::go_on_without_script(&crate::routes::Route::User(id).to_string());
    Ok(())
}

/// The link of a source object that a configuration manages; none once it was cut.
#[server(endpoint = "tenant/link")]
pub async fn link(
    configuration: ConfigurationId,
    anchor: SourceAnchor,
) -> Result<Option<ObjectLink>, ApiError> {
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    match backend::configurations::link(&backend, configuration, &anchor).await {
        Err(backend::Error::NotFound(_)) => Ok(None),
        link => Ok(Some(link?)),
    }
}

/// Cuts a link while its configuration rests; the next cycle matches the object anew.
#[server(endpoint = "tenant/delete-link")]
pub async fn delete_link(
    configuration: ConfigurationId,
    anchor: SourceAnchor,
) -> Result<(), ApiError> {
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    let link = backend::configurations::link(&backend, configuration, &anchor).await?;
    backend::configurations::delete_link(&backend, &actor, configuration, &anchor).await?;
    let page = crate::pages::tenant_objects::page_of(link.kind, link.target_id);
    super::caller::go_on_without_script(&page.to_string());
    Ok(())
}

/// Whether a user could sign in to the tenant with this password.
#[server(endpoint = "tenant/check-sign-in")]
pub async fn check_sign_in(id: TenantObjectId, password: String) -> Result<SignInCheck, ApiError> {
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    let check = backend::credentials::check_sign_in(&backend, &actor, id, password.into()).await?;
    let page = crate::routes::Route::User(id);
    super::caller::go_on_without_script(&page.with("sign-in", check.as_str()));
    Ok(check)
}
