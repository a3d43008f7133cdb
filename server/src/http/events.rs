//! `GET /events`: tells open pages that something changed, so that they ask again.
//!
//! A message carries the server's time and nothing else. It says when to look, never what is there:
//! whoever looks does so through the server functions, with their own rights. It goes on for as
//! long as the session does.
//!
//! `GET /events/shared.js` lets all pages of a browser listen to one stream.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::routing::get;
use axum::{Extension, Router};
use backend::{Actor, Backend};
use futures::{Stream, StreamExt, stream};
use tokio::sync::watch;
use tokio::time::timeout;

use crate::portal::Portal;
use crate::sessions;

/// A page is told at most so often; a running cycle changes something many times a second.
const PAUSE: Duration = Duration::from_millis(400);

/// How long a stream may go on when nothing changes before the session is looked at again.
const SESSION_CHECK: Duration = Duration::from_secs(15);

/// A worker goes by the policy of its own script, and this one may do nothing but listen.
const MAY_LISTEN: &str = "default-src 'none'; connect-src 'self'; frame-ancestors 'none'";

pub fn routes() -> Router<Portal> {
    Router::new()
        .route("/events", get(changes))
        .route("/events/shared.js", get(shared_stream))
}

/// For whoever is signed in; the extension is missing otherwise, and that is refused.
async fn changes(
    State(portal): State<Portal>,
    actor: Option<Extension<Actor>>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, StatusCode> {
    if actor.is_none() {
        return Err(StatusCode::UNAUTHORIZED);
    }
    let listener = Listener {
        changes: portal.backend.changes(),
        backend: portal.backend,
        headers,
        is_new: true,
    };
    let messages = stream::unfold(listener, |mut listener| async move {
        let message = listener.next_message().await?;
        Some((Ok(message), listener))
    });
    // The server waits for open answers when it is asked to stop, so this one ends by itself.
    let until_shutdown = messages.take_until(portal.shutdown.cancelled_owned());
    Ok(Sse::new(until_shutdown).keep_alive(KeepAlive::default()))
}

/// Somebody who listens for changes.
struct Listener {
    changes: watch::Receiver<u64>,
    backend: Backend,
    /// Of the request, because they say whose session this is.
    headers: HeaderMap,
    is_new: bool,
}

impl Listener {
    /// The first at once, and one more after each change; none once the session has ended.
    async fn next_message(&mut self) -> Option<Event> {
        if !self.is_new {
            self.next_change().await?;
            tokio::time::sleep(PAUSE).await;
        }
        self.is_new = false;
        self.changes.borrow_and_update();
        Event::default()
            .json_data(self.backend.clock.reading())
            .ok()
    }

    async fn next_change(&mut self) -> Option<()> {
        loop {
            let change = timeout(SESSION_CHECK, self.changes.changed()).await;
            if !sessions::goes_on(&self.backend, &self.headers).await {
                return None;
            }
            if let Ok(change) = change {
                return change.ok();
            }
        }
    }
}

async fn shared_stream() -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, MAY_LISTEN),
    ];
    (headers, include_str!("events/shared.js"))
}
