//! Who calls, and what with: the only way from a server function to the backend.
#![cfg(feature = "ssr")]

pub(super) mod addresses;

use axum::http::{HeaderValue, Method, header, request::Parts};
use backend::{Actor, Backend, admins::Client};
use engine::records::SignedIn;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use secrecy::SecretString;

use super::ApiError;
use crate::{session_cookie, shown_once::Secret};

/// Somebody who is signed in, and the backend that acts for them.
pub(super) struct Caller {
    pub(super) backend: Backend,
    pub(super) actor: Actor,
}

/// The cookie that remembers which columns of the log somebody looks at.
pub(super) const LOG_COLUMNS: &str = "log-columns";

/// Whoever sent this request; an error when nobody is signed in.
pub(super) async fn caller() -> Result<Caller, ApiError> {
    // A page that is given up while it loads takes its context along.
    let backend = use_context::<Backend>().ok_or(ApiError::NoAnswer)?;
    match signed_in() {
        Some(actor) => Ok(Caller { backend, actor }),
        None => {
            ApiError::SignInRequired.set_status();
            Err(ApiError::SignInRequired)
        }
    }
}

/// Whoever sent this request, if they are signed in: the server found out before.
pub(crate) fn signed_in() -> Option<Actor> {
    use_context::<Parts>()?.extensions.get::<Actor>().cloned()
}

/// Where this request comes from, as far as counting attempts goes.
pub(super) fn client() -> Result<Client, ApiError> {
    use_context::<Parts>()
        .and_then(|parts| parts.extensions.get::<Client>().cloned())
        .ok_or(ApiError::NoAnswer)
}

/// The token of the session that this request belongs to.
pub(super) fn session_token() -> Option<String> {
    session_cookie::token(&use_context::<Parts>()?.headers)
}

/// Gives the browser a session, or takes it away.
pub(super) fn set_session_cookie(cookie: Option<HeaderValue>) {
    set_cookie(cookie);
}

/// Keeps a secret for the page that follows this form.
pub(super) fn bring(backend: &Backend, secret: Secret, text: &SecretString) {
    set_cookie(secret.bring(backend, text));
}

/// The secret that a form left for this page. The page after it does not get it any more.
pub(super) fn brought(backend: &Backend, secret: Secret) -> Option<SecretString> {
    let text = secret.brought_by(&use_context::<Parts>()?.headers)?;
    set_cookie(secret.take_away(backend));
    Some(text)
}

/// Lets the browser remember a choice for a year; `value` needs no escaping.
pub(super) fn remember(name: &str, value: &str) {
    const YEAR_IN_SECONDS: u32 = 365 * 24 * 60 * 60;
    let cookie = format!("{name}={value}; Path=/; Max-Age={YEAR_IN_SECONDS}; SameSite=Lax");
    set_cookie(HeaderValue::try_from(cookie).ok());
}

fn set_cookie(cookie: Option<HeaderValue>) {
    if let (Some(cookie), Some(response)) = (cookie, use_context::<ResponseOptions>()) {
        response.append_header(header::SET_COOKIE, cookie);
    }
}

/// A person as pages name them.
pub(super) fn introduce(backend: &Backend, actor: Actor) -> Option<SignedIn> {
    match actor {
        Actor::Program { .. } | Actor::CommandLine | Actor::System => None,
        Actor::Person {
            display_name,
            email,
            role,
            is_demo,
            ..
        } => Some(SignedIn {
            display_name,
            email,
            role,
            is_demo,
            tenant_name: backend.settings.tenant_name.clone(),
            clock: backend.clock.reading(),
        }),
    }
}

/// Where a form goes on that was sent without a script. With one, the page itself goes on.
pub(super) fn go_on_without_script(address: &str) {
    if is_form_without_script() {
        leptos_axum::redirect(address);
    }
}

/// Whether the browser itself sent a form, and shows whatever the answer is.
pub(super) fn is_form_without_script() -> bool {
    let Some(parts) = use_context::<Parts>() else {
        return false;
    };
    let accepted = parts.headers.get(header::ACCEPT);
    let accepts_pages = accepted
        .and_then(|accepted| accepted.to_str().ok())
        .is_some_and(|accepted| accepted.contains("text/html"));
    parts.method == Method::POST && accepts_pages
}
