//! Who may use the portal: people, invitations, access tokens.
//!
//! What is made here is shown once. A form that was sent without a script gets its secret by a
//! cookie that lives for a minute (`shown_once`).

use engine::{
    access::{AccessToken, AccessTokenDraft, PeopleAndInvitations},
    records::Role,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::ApiError;

/// The access tokens, and the one that was made just before this page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokensPage {
    pub tokens: Vec<AccessToken>,
    pub new: Option<String>,
}

/// The people, and the link of the invitation that was made just before this page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeoplePage {
    pub access: PeopleAndInvitations,
    pub new_link: Option<String>,
}

#[server(endpoint = "access/people")]
pub async fn people() -> Result<PeoplePage, ApiError> {
    use crate::shown_once::Secret;
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    let new = super::caller::brought(&backend, Secret::Invitation);
    Ok(PeoplePage {
        access: backend::admins::people(&backend, &actor).await?,
        new_link: new.map(|token| super::caller::addresses::invitation(&backend, &token)),
    })
}

/// Makes a link for one more person and answers with it.
#[server(endpoint = "access/invite")]
pub async fn invite(role: Role) -> Result<String, ApiError> {
    use crate::{routes::Route, shown_once::Secret};
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    let token = backend::admins::invite(&backend, &actor, role).await?;
    if super::caller::is_form_without_script() {
        super::caller::bring(&backend, Secret::Invitation, &token);
    }
    super::caller::go_on_without_script(&Route::PeopleAndRoles.to_string());
    Ok(super::caller::addresses::invitation(&backend, &token))
}

#[server(endpoint = "access/withdraw-invitation")]
pub async fn withdraw_invitation(id: Uuid) -> Result<(), ApiError> {
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    backend::admins::withdraw_invitation(&backend, &actor, id).await?;
    super::caller::go_on_without_script(
        &crate::routes::Route::PeopleAndRoles.with("notice", "withdrawn"),
    );
    Ok(())
}

#[server(endpoint = "access/change-role")]
pub async fn change_role(id: Uuid, role: Role) -> Result<(), ApiError> {
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    backend::admins::change_role(&backend, &actor, id, role).await?;
    super::caller::go_on_without_script(
        &crate::routes::Route::PeopleAndRoles.with("notice", "role-changed"),
    );
    Ok(())
}

/// Takes somebody's way in.
#[server(endpoint = "access/remove-person")]
pub async fn remove_person(id: Uuid) -> Result<(), ApiError> {
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    backend::admins::remove(&backend, &actor, id).await?;
    super::caller::go_on_without_script(
        &crate::routes::Route::PeopleAndRoles.with("notice", "person-removed"),
    );
    Ok(())
}

#[server(endpoint = "access/tokens")]
pub async fn tokens() -> Result<TokensPage, ApiError> {
    use crate::shown_once::Secret;
    use secrecy::ExposeSecret;
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    let new = super::caller::brought(&backend, Secret::AccessToken);
    Ok(TokensPage {
        tokens: backend::admins::tokens(&backend, &actor).await?,
        new: new.map(|token| token.expose_secret().to_owned()),
    })
}

/// Makes a token for whoever asks and answers with it, this once.
#[server(endpoint = "access/create-token")]
pub async fn create_token(draft: AccessTokenDraft) -> Result<String, ApiError> {
    use crate::{routes::Route, shown_once::Secret};
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    let new = backend::admins::create_token(&backend, &actor, &draft).await?;
    if super::caller::is_form_without_script() {
        super::caller::bring(&backend, Secret::AccessToken, &new.token);
    }
    super::caller::go_on_without_script(&Route::AccessTokens.to_string());
    Ok(new.text().to_owned())
}

#[server(endpoint = "access/revoke-token")]
pub async fn revoke_token(id: Uuid) -> Result<(), ApiError> {
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    backend::admins::revoke_token(&backend, &actor, id).await?;
    super::caller::go_on_without_script(
        &crate::routes::Route::AccessTokens.with("notice", "token-revoked"),
    );
    Ok(())
}
