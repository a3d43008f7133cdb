//! Finds out who sent a request, before anything else looks at it.
//!
//! What others find in the request's extensions: the [`Client`] always, the [`Actor`] when somebody
//! is signed in. In a demo whoever opens a page is signed in as the demo administrator.

use std::net::SocketAddr;

use app::session_cookie;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderValue, Method, header};
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
    let token = session_cookie::token(request.headers());
    let wants_page = asks_for_a_page(&request);
    let mut actor = signed_in(backend, token).await;
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
