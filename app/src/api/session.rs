//! Who is signed in; signing in and out.

use engine::records::SignedIn;
use leptos::prelude::*;

use super::ApiError;

/// Who looks at this page; nobody when a sign-in is needed first.
#[server(endpoint = "session/current")]
pub async fn current() -> Result<Option<SignedIn>, ApiError> {
    let backend: backend::Backend = expect_context();
    Ok(super::caller::signed_in().and_then(|actor| super::caller::introduce(&backend, actor)))
}

/// Signs somebody in; `next` is where they wanted to go.
#[server(endpoint = "session/sign-in")]
pub async fn sign_in(email: String, password: String, next: String) -> Result<(), ApiError> {
    let backend: backend::Backend = expect_context();
    let client = super::caller::client()?;
    let session = backend::admins::sign_in(&backend, &email, password.into(), &client).await?;
    super::caller::set_session_cookie(crate::session_cookie::begin(&backend, &session));
    super::caller::go_on_without_script(&crate::routes::own_address(&next));
    Ok(())
}

#[server(endpoint = "session/sign-out")]
pub async fn sign_out() -> Result<(), ApiError> {
    let backend: backend::Backend = expect_context();
    if let Some(token) = super::caller::session_token() {
        backend::admins::sign_out(&backend, &token).await?;
    }
    super::caller::set_session_cookie(crate::session_cookie::end(&backend));
    super::caller::go_on_without_script(&crate::routes::Route::SignIn.to_string());
    Ok(())
}

/// Whether an invitation can still be used.
#[server(endpoint = "session/invitation-is-valid")]
pub async fn invitation_is_valid(invitation: String) -> Result<bool, ApiError> {
    let backend: backend::Backend = expect_context();
    Ok(backend::admins::invitation_is_valid(&backend, &invitation).await?)
}

/// Makes a person of whoever has the link, and signs them in.
#[server(endpoint = "session/accept-invitation")]
pub async fn accept_invitation(
    invitation: String,
    display_name: String,
    email: String,
    password: String,
) -> Result<(), ApiError> {
    let backend: backend::Backend = expect_context();
    let password = password.into();
    let acceptance = backend::admins::Acceptance {
        display_name,
        email,
        password,
    };
    let session = backend::admins::accept_invitation(&backend, &invitation, acceptance).await?;
    super::caller::set_session_cookie(crate::session_cookie::begin(&backend, &session));
    super::caller::go_on_without_script(&crate::routes::Route::AzureActiveDirectory.to_string());
    Ok(())
}
