//! `/demo/…`: what programs need that test or present the portal. Only in a demo; elsewhere these
//! addresses do not exist.
//!
//! | Call | What it does |
//! |---|---|
//! | `GET /demo/state` | how the demo stands |
//! | `POST /demo/reset` | puts the world back; `{"seed": 7}` makes another one |
//! | `POST /demo/clock` | moves the clock on; `{"advanceSeconds": 120}` or `{"to": "2026-12-01T08:00:00Z"}` |
//! | `POST /demo/settle` | waits until nothing is due and nobody is at work |
//! | `POST /demo/scenarios/NAME` | makes something happen |
//!
//! Each answers with JSON. Nobody has to sign in: in a demo, whoever opens a page is its
//! administrator. Pages of other sites are refused like everywhere.

use std::time::Duration;

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use backend::{Error, admins, demo};
use engine::configuration::draft::FieldError;
use engine::demo::Scenario;
use serde::{Deserialize, Serialize};

use crate::cli::moment;
use crate::portal::Portal;

/// How long somebody may wait for the service to have nothing to do.
const PATIENCE: Duration = Duration::from_secs(120);

/// These addresses exist in a demo only.
pub fn routes(portal: &Portal) -> Router<Portal> {
    Router::new()
        .route("/demo/state", get(state))
        .route("/demo/reset", post(reset))
        .route("/demo/clock", post(clock))
        .route("/demo/settle", post(settle))
        .route("/demo/scenarios/{name}", post(scenario))
        .route_layer(from_fn_with_state(portal.clone(), only_in_a_demo))
}

async fn only_in_a_demo(State(portal): State<Portal>, request: Request, next: Next) -> Response {
    match portal.backend.settings.demo {
        true => next.run(request).await,
        false => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn state(State(portal): State<Portal>) -> Response {
    answer(demo::state(&portal.backend).await)
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reset {
    seed: Option<u64>,
}

async fn reset(State(portal): State<Portal>, body: Option<Json<Reset>>) -> Response {
    let Reset { seed } = body.map(|Json(reset)| reset).unwrap_or_default();
    let actor = admins::demo_actor();
    answer(demo::reset(&portal.backend, &actor, seed).await)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, untagged)]
enum Move {
    By {
        #[serde(rename = "advanceSeconds")]
        advance_seconds: u64,
    },
    To {
        to: String,
    },
}

async fn clock(State(portal): State<Portal>, Json(wanted): Json<Move>) -> Response {
    let (backend, actor) = (&portal.backend, admins::demo_actor());
    answer(match wanted {
        Move::By { advance_seconds } => {
            demo::advance(backend, &actor, Duration::from_secs(advance_seconds)).await
        }
        Move::To { to } => match moment(&to) {
            Ok(to) => demo::advance_to(backend, &actor, to).await,
            Err(message) => Err(Error::field("to", message)),
        },
    })
}

async fn settle(State(portal): State<Portal>) -> Response {
    answer(demo::settle(&portal.backend, PATIENCE).await)
}

async fn scenario(State(portal): State<Portal>, Path(name): Path<String>) -> Response {
    match Scenario::parse(&name) {
        Some(scenario) => {
            let actor = admins::demo_actor();
            answer(demo::run(&portal.backend, &actor, scenario).await)
        }
        None => {
            let names: Vec<&str> = Scenario::ALL.into_iter().map(Scenario::as_str).collect();
            let message = format!(
                "There is no such scenario. There are: {}.",
                names.join(", ")
            );
            refusal(StatusCode::NOT_FOUND, message, Vec::new())
        }
    }
}

#[derive(Serialize)]
struct Refused {
    message: String,
    fields: Vec<FieldError>,
}

fn refusal(status: StatusCode, message: String, fields: Vec<FieldError>) -> Response {
    (status, Json(Refused { message, fields })).into_response()
}

fn answer<T: Serialize>(result: backend::Result<T>) -> Response {
    let error = match result {
        Ok(value) => return Json(value).into_response(),
        Err(error) => error,
    };
    let message = error.to_string();
    match error {
        Error::NotFound(_) => refusal(StatusCode::NOT_FOUND, message, Vec::new()),
        Error::Invalid(fields) => refusal(StatusCode::UNPROCESSABLE_ENTITY, message, fields),
        Error::Conflict(_) => refusal(StatusCode::CONFLICT, message, Vec::new()),
        Error::NotPermitted(_) => refusal(StatusCode::FORBIDDEN, message, Vec::new()),
        Error::Outside(_) => refusal(StatusCode::BAD_GATEWAY, message, Vec::new()),
        Error::DiskFull => refusal(StatusCode::SERVICE_UNAVAILABLE, message, Vec::new()),
        Error::Internal(error) => {
            tracing::error!(%error, "A call to the demo failed");
            let message = "The server could not do this. Its log says why.".to_owned();
            refusal(StatusCode::INTERNAL_SERVER_ERROR, message, Vec::new())
        }
    }
}
