//! The demo forests: look and change. Every act names the forest, so that none reaches another.

use engine::{
    directory::ObjectGuid,
    forest::{
        Forest,
        draft::{GroupDraft, OrganizationalUnitDraft, PersonDraft},
        editable::ChangeDraft,
        entry::{EntryDetails, EntryFilter, EntrySummary, TreeNode},
    },
    records::{Page, PageKey},
};
use leptos::prelude::*;

use super::ApiError;

#[server(endpoint = "forest/tree")]
pub async fn tree(forest: Forest) -> Result<Vec<TreeNode>, ApiError> {
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    Ok(backend::forest::browse::tree(&backend, forest).await?)
}

#[server(endpoint = "forest/list")]
pub async fn list(
    forest: Forest,
    #[server(default)] filter: EntryFilter,
    after: Option<PageKey>,
) -> Result<Page<EntrySummary>, ApiError> {
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    Ok(backend::forest::browse::list(
        &backend,
        forest,
        &filter,
        after,
        crate::list_address::ROWS_PER_PAGE,
    )
    .await?)
}

#[server(endpoint = "forest/entry")]
pub async fn entry(forest: Forest, id: ObjectGuid) -> Result<EntryDetails, ApiError> {
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    Ok(backend::forest::browse::entry(&backend, forest, id).await?)
}

/// One page of a group's direct members.
#[server(endpoint = "forest/members")]
pub async fn members(
    id: ObjectGuid,
    after: Option<PageKey>,
) -> Result<Page<EntrySummary>, ApiError> {
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    Ok(
        backend::forest::browse::members(&backend, id, after, crate::list_address::ROWS_PER_PAGE)
            .await?,
    )
}

/// One page of the groups that an entry is a direct member of.
#[server(endpoint = "forest/member-of")]
pub async fn member_of(
    id: ObjectGuid,
    after: Option<PageKey>,
) -> Result<Page<EntrySummary>, ApiError> {
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    Ok(
        backend::forest::browse::member_of(&backend, id, after, crate::list_address::ROWS_PER_PAGE)
            .await?,
    )
}

#[server(endpoint = "forest/add-person")]
pub async fn add_person(forest: Forest, draft: PersonDraft) -> Result<ObjectGuid, ApiError> {
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    let id = backend::forest::edit::add_person(&backend, &actor, forest, &draft).await?;
    super::caller::go_on_without_script(&super::caller::addresses::in_forest(forest, Some(id)));
    Ok(id)
}

#[server(endpoint = "forest/add-group")]
pub async fn add_group(forest: Forest, draft: GroupDraft) -> Result<ObjectGuid, ApiError> {
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    let id = backend::forest::edit::add_group(&backend, &actor, forest, &draft).await?;
    super::caller::go_on_without_script(&super::caller::addresses::in_forest(forest, Some(id)));
    Ok(id)
}

#[server(endpoint = "forest/add-organizational-unit")]
pub async fn add_organizational_unit(
    forest: Forest,
    draft: OrganizationalUnitDraft,
) -> Result<ObjectGuid, ApiError> {
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    let id =
        backend::forest::edit::add_organizational_unit(&backend, &actor, forest, &draft).await?;
    super::caller::go_on_without_script(&super::caller::addresses::in_forest(forest, Some(id)));
    Ok(id)
}

/// Gives attributes new values; those that the draft does not name stay.
#[server(endpoint = "forest/change-attributes")]
pub async fn change_attributes(
    forest: Forest,
    id: ObjectGuid,
    #[server(default)] draft: ChangeDraft,
) -> Result<(), ApiError> {
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    backend::forest::edit::change_attributes(&backend, &actor, forest, id, &draft).await?;
    super::caller::go_on_without_script(&super::caller::addresses::in_forest(forest, Some(id)));
    Ok(())
}

/// Moves an entry, with everything below it, to another container.
#[server(endpoint = "forest/move-to")]
pub async fn move_to(forest: Forest, id: ObjectGuid, container: String) -> Result<(), ApiError> {
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    backend::forest::edit::move_to(&backend, &actor, forest, id, &container).await?;
    super::caller::go_on_without_script(&super::caller::addresses::in_forest(forest, Some(id)));
    Ok(())
}

#[server(endpoint = "forest/rename")]
pub async fn rename(forest: Forest, id: ObjectGuid, name: String) -> Result<(), ApiError> {
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    backend::forest::edit::rename(&backend, &actor, forest, id, &name).await?;
    super::caller::go_on_without_script(&super::caller::addresses::in_forest(forest, Some(id)));
    Ok(())
}

#[server(endpoint = "forest/set-account-enabled")]
pub async fn set_account_enabled(
    forest: Forest,
    id: ObjectGuid,
    enabled: bool,
) -> Result<(), ApiError> {
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    backend::forest::edit::set_account_enabled(&backend, &actor, forest, id, enabled).await?;
    super::caller::go_on_without_script(&super::caller::addresses::in_forest(forest, Some(id)));
    Ok(())
}

/// Sets a person's password.
#[server(endpoint = "forest/set-password")]
pub async fn set_password(
    forest: Forest,
    id: ObjectGuid,
    password: String,
    #[server(default)] must_change: bool,
) -> Result<(), ApiError> {
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    let password = password.into();
    backend::forest::edit::set_password(&backend, &actor, forest, id, &password, must_change)
        .await?;
    super::caller::go_on_without_script(&super::caller::addresses::in_forest(forest, Some(id)));
    Ok(())
}

/// Deletes an entry with everything below it; says how many entries went.
#[server(endpoint = "forest/delete")]
pub async fn delete(forest: Forest, id: ObjectGuid) -> Result<usize, ApiError> {
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    let count = backend::forest::edit::delete(&backend, &actor, forest, id).await?;
    super::caller::go_on_without_script(&super::caller::addresses::in_forest(forest, None));
    Ok(count)
}

/// Adds members to a group, each named on a line of its own.
#[server(endpoint = "forest/add-members")]
pub async fn add_members(
    forest: Forest,
    group: ObjectGuid,
    member: String,
) -> Result<(), ApiError> {
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    let names: Vec<String> = member.lines().map(str::to_owned).collect();
    backend::forest::edit::add_members(&backend, &actor, forest, group, &names).await?;
    super::caller::go_on_without_script(&super::caller::addresses::in_forest(forest, Some(group)));
    Ok(())
}

#[server(endpoint = "forest/remove-member")]
pub async fn remove_member(
    forest: Forest,
    group: ObjectGuid,
    member: ObjectGuid,
) -> Result<(), ApiError> {
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    backend::forest::edit::remove_members(&backend, &actor, forest, group, &[member]).await?;
    super::caller::go_on_without_script(&super::caller::addresses::in_forest(forest, Some(group)));
    Ok(())
}
