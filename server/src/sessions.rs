//! Finds out who sent a request, before anything else looks at it.
//!
//! What others find in the request's extensions: the [`Client`] always, the [`Actor`] when somebody
//! is signed in or a program brings an access token. In a demo whoever opens a page is signed in as
//! the demo administrator.

use std::net::SocketAddr;

use app::session_cookie;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::Response;
use backend::admins::{self, Client};
use backend::{Actor, Backend};
use tracing::error;

use crate::portal::Portal;

pub async fn recognise(
    State(portal): State<Portal>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    mut request: Request,
    next: Next,
) -> Response {
    let backend = &portal.backend;
    let mut cookie = None;
    let token = access_token(request.headers());
    // Whoever brings a token that is none shall learn so.
    let wants_page = token.is_none() && asks_for_a_page(&request);
    let mut actor = match token {
        Some(token) => program(backend, token).await,
        None => signed_in(backend, session_cookie::token(request.headers())).await,
    };
    if actor.is_none() && backend.settings.demo && wants_page {
        (actor, cookie) = sign_in_to_demo(backend).await;
    }
    request
        .extensions_mut()
        .insert(Client::from_address(address.ip()));
    if let Some(actor) = actor {
        request.extensions_mut().insert(actor);
    }
    let mut response = next.run(request).await;
    // Whoever signs in or out in this very request knows better.
    if let Some(cookie) = cookie
        && !response.headers().contains_key(header::SET_COOKIE)
    {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Whether those who sent a request with these headers are still who they were. Asking is no use of
/// the session: it does not keep it from ending. A database that cannot be asked ends none.
pub async fn goes_on(backend: &Backend, headers: &HeaderMap) -> bool {
    let lookup = match access_token(headers) {
        Some(token) => admins::program(backend, token)
            .await
            .map(|actor| actor.is_some()),
        None => match session_cookie::token(headers) {
            Some(token) => admins::session_goes_on(backend, &token).await,
            None => Ok(false),
        },
    };
    lookup.unwrap_or_else(|error| {
        error!(%error, "Whether a session goes on could not be looked up");
        true
    })
}

/// The token that a program sends with its request (RFC 6750, 2.1).
fn access_token(headers: &HeaderMap) -> Option<&str> {
    let words = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = words.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

async fn program(backend: &Backend, token: &str) -> Option<Actor> {
    admins::program(backend, token)
        .await
        .unwrap_or_else(|error| {
            error!(%error, "An access token could not be looked up");
            None
        })
}

async fn signed_in(backend: &Backend, token: Option<String>) -> Option<Actor> {
    let token = token?;
    admins::session(backend, &token)
        .await
        .unwrap_or_else(|error| {
            error!(%error, "A session could not be looked up");
            None
        })
}

fn asks_for_a_page(request: &Request) -> bool {
    let accepts_pages = request
        .headers()
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    *request.method() == Method::GET && accepts_pages
}

async fn sign_in_to_demo(backend: &Backend) -> (Option<Actor>, Option<HeaderValue>) {
    match admins::demo_session(backend).await {
        Ok(session) => {
            let cookie = session_cookie::begin(backend, &session);
            (Some(session.actor), cookie)
        }
        Err(error) => {
            error!(%error, "The demo administrator could not be signed in");
            (None, None)
        }
    }
}
