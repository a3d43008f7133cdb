//! The cookie that carries a session's token between browser and server.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, header};
use backend::{Backend, admins::NewSession};

const NAME: &str = "cloud_sync_session";

/// The token that a request brought; whether it means anything is another question.
pub fn token(headers: &HeaderMap) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|cookies| cookies.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find_map(|(name, value)| (name == NAME && !value.is_empty()).then(|| value.to_owned()))
}

/// For the `Set-Cookie` header of the answer that signs somebody in.
pub fn begin(backend: &Backend, session: &NewSession) -> Option<HeaderValue> {
    let lasts = session.expires_at.since(backend.now());
    cookie(backend, session.token_text(), lasts)
}

/// For the `Set-Cookie` header of the answer that signs somebody out.
pub fn end(backend: &Backend) -> Option<HeaderValue> {
    cookie(backend, "", Duration::ZERO)
}

/// Out of reach of scripts, and not sent along when another site posts to this one.
fn cookie(backend: &Backend, token: &str, lasts: Duration) -> Option<HeaderValue> {
    let secure = if backend.settings.behind_https {
        "; Secure"
    } else {
        ""
    };
    let seconds = lasts.as_secs();
    let text = format!("{NAME}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    let mut value = HeaderValue::try_from(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}
