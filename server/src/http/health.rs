//! Whether the server is there, and whether it can do its work: for load balancers, for those who
//! watch it, and for tests that wait for it.
//!
//! `/livez` (and `/healthz`, its older name) says that the process answers. `/readyz` says that the
//! database takes what has to be stored, and whether mail leaves; a mail server's fault is told but
//! does not make this server unready.

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use backend::service_health::{self, DatabaseReadiness};
use engine::records::ServiceTrouble;
use serde::Serialize;

use crate::portal::Portal;

pub fn routes() -> Router<Portal> {
    Router::new()
        .route("/healthz", get(async || "ok"))
        .route("/livez", get(async || "ok"))
        .route("/readyz", get(readiness))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Readiness {
    ready: bool,
    database: &'static str,
    mail: String,
}

async fn readiness(State(portal): State<Portal>) -> (StatusCode, Json<Readiness>) {
    let database = service_health::database_readiness(&portal.backend).await;
    let ready = database == DatabaseReadiness::Ready;
    let status = match ready {
        true => StatusCode::OK,
        false => StatusCode::SERVICE_UNAVAILABLE,
    };
    let mail = match database {
        DatabaseReadiness::NoAnswer => "unknown".to_owned(),
        DatabaseReadiness::Ready | DatabaseReadiness::DiskFull => mail(&portal).await,
    };
    let readiness = Readiness {
        ready,
        database: database.as_str(),
        mail,
    };
    (status, Json(readiness))
}

/// Without the error: whoever asks need not be signed in.
async fn mail(portal: &Portal) -> String {
    let Ok(troubles) = service_health::troubles(&portal.backend).await else {
        return "unknown".to_owned();
    };
    let waiting = troubles.iter().find_map(|trouble| match trouble {
        ServiceTrouble::MailNotLeaving { mails, .. } => Some(mails),
        ServiceTrouble::DiskFull { .. } => None,
    });
    match waiting {
        None => "ready".to_owned(),
        Some(mails) => format!("{mails} not delivered"),
    }
}
