//! The audit log as a file, narrowed by the words of the page's own address.

use std::time::Duration;

use app::list_address::ListAddress;
use app::pages::cloud_sync::audit_logs::filters;
use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use backend::{Backend, audit};
use engine::records::{AuditEntry, AuditFilter};
use serde_json::json;

use super::{Writing, download, machine_readable};
use crate::portal::Portal;

/// Rows that are read at once.
const ROWS: u32 = 1_000;

const SERVICE: &str = "Account provisioning";
const CATEGORY: &str = "ProvisioningManagement";

const HEADING: [&str; 9] = [
    "date",
    "id",
    "service",
    "category",
    "activity",
    "status",
    "statusReason",
    "target",
    "initiatedBy",
];

pub(super) fn routes() -> Router<Portal> {
    Router::new().route("/cloud-sync/audit-logs/files/{file}", get(file))
}

async fn file(
    State(portal): State<Portal>,
    Path(file): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let writing = match file.as_str() {
        "AuditLogs.csv" => Writing::csv(&HEADING, |entry| vec![row(entry)]),
        "AuditLogs.json" => Writing::json(|entry| Ok(document(entry)?)),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    let backend = portal.backend;
    let filter = narrowed(&backend, &query.unwrap_or_default());
    download(&file, writing, move |after| {
        let (backend, filter) = (backend.clone(), filter.clone());
        async move { audit::search(&backend, &filter, after, ROWS).await }
    })
}

fn narrowed(backend: &Backend, query: &str) -> AuditFilter {
    let address = ListAddress::parse("", query);
    let range = |hours: u32| Duration::from_secs(u64::from(hours) * 3_600);
    AuditFilter {
        since: filters::hours(&address).map(|hours| backend.now().minus(range(hours))),
        ..filters::filter(&address)
    }
}

fn status(entry: &AuditEntry) -> &'static str {
    if entry.succeeded {
        "success"
    } else {
        "failure"
    }
}

fn row(entry: &AuditEntry) -> Vec<String> {
    vec![
        machine_readable(entry.at),
        entry.id.to_string(),
        SERVICE.to_owned(),
        CATEGORY.to_owned(),
        entry.activity.clone(),
        status(entry).to_owned(),
        entry.detail.clone(),
        entry.target.clone(),
        entry.initiated_by.clone(),
    ]
}

fn document(entry: &AuditEntry) -> serde_json::Result<Vec<u8>> {
    serde_json::to_vec(&json!({
        "id": entry.id,
        "activityDateTime": machine_readable(entry.at),
        "loggedByService": SERVICE,
        "category": CATEGORY,
        "activityDisplayName": entry.activity,
        "result": status(entry),
        "resultReason": entry.detail,
        "initiatedBy": entry.initiated_by,
        "targetResources": [{ "displayName": entry.target }],
    }))
}
