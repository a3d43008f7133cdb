//! Whether the server is there: for load balancers and for tests that wait for it.

use axum::Router;
use axum::routing::get;

use crate::portal::Portal;

/// `GET /healthz`
pub fn routes() -> Router<Portal> {
    Router::new().route("/healthz", get(async || "ok"))
}
