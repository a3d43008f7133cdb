//! Everything that is not a page: one file per subject, each with its `routes()`.

pub mod demo;
pub mod events;
pub mod exports;
pub mod health;

use axum::Router;

use crate::portal::Portal;

/// All of them.
pub fn routes(portal: &Portal) -> Router<Portal> {
    health::routes()
        .merge(events::routes())
        .merge(exports::routes())
        .merge(demo::routes(portal))
}
