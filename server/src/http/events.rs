//! `GET /events`: tells open pages that something changed, so that they ask again.
//!
//! A message carries the server's time and nothing else. It says when to look, never what is there:
//! whoever looks does so through the server functions, with their own rights.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::routing::get;
use axum::{Extension, Router};
use backend::Actor;
use futures::{Stream, StreamExt, stream};

use crate::portal::Portal;

/// A page is told at most so often; a running cycle changes something many times a second.
const PAUSE: Duration = Duration::from_millis(400);

pub fn routes() -> Router<Portal> {
    Router::new().route("/events", get(changes))
}

/// For whoever is signed in; the extension is missing otherwise, and that is refused.
async fn changes(
    State(portal): State<Portal>,
    actor: Option<Extension<Actor>>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, StatusCode> {
    if actor.is_none() {
        return Err(StatusCode::UNAUTHORIZED);
    }
    let changes = portal.backend.changes();
    let clock = portal.backend.clock.clone();
    let messages = stream::unfold((changes, true), move |(mut changes, is_first)| {
        let clock = clock.clone();
        async move {
            if !is_first {
                changes.changed().await.ok()?;
                tokio::time::sleep(PAUSE).await;
            }
            changes.borrow_and_update();
            let message = Event::default().json_data(clock.reading()).ok()?;
            Some((Ok(message), (changes, false)))
        }
    });
    // The server waits for open answers when it is asked to stop, so this one ends by itself.
    let until_shutdown = messages.take_until(portal.shutdown.clone().cancelled_owned());
    Ok(Sse::new(until_shutdown).keep_alive(KeepAlive::default()))
}
