//! Who is signed in.

use engine::records::SignedIn;
use leptos::prelude::*;

use super::ApiError;

/// Who looks at this page; nobody when a sign-in is needed first.
#[server(endpoint = "session/current")]
pub async fn current() -> Result<Option<SignedIn>, ApiError> {
    let backend: backend::Backend = expect_context();
    Ok(super::caller::signed_in().and_then(|actor| super::caller::introduce(&backend, actor)))
}
