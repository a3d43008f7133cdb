//! The provisioning log as files: three tables that join by the change's id, or one list of
//! documents. The address narrows them by the words of the page's own address.

use std::sync::Arc;
use std::time::Duration;

use app::list_address::ListAddress;
use app::pages::cloud_sync::provisioning_logs::filters;
use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use backend::{Backend, provisioning_logs, tenant};
use engine::configuration::ConfigurationId;
use engine::directory::ObjectKind;
use engine::records::{ProvisioningEntry, ProvisioningFilter, StepType};
use serde_json::json;

use super::{Writing, download, machine_readable};
use crate::portal::Portal;

/// Rows that are read at once.
const ROWS: u32 = 500;

const ENTRIES: [&str; 20] = [
    "activityDateTime",
    "changeId",
    "cycleId",
    "jobId",
    "tenantId",
    "provisioningAction",
    "status",
    "errorCode",
    "reason",
    "recommendedAction",
    "sourceIdentityId",
    "sourceIdentityDisplayName",
    "sourceIdentityType",
    "sourceIdentityDistinguishedName",
    "targetIdentityId",
    "targetIdentityDisplayName",
    "targetIdentityType",
    "sourceSystem",
    "targetSystem",
    "initiatedBy",
];
const STEPS: [&str; 5] = ["changeId", "position", "type", "status", "description"];
const PROPERTIES: [&str; 4] = ["changeId", "displayName", "oldValue", "newValue"];

pub(super) fn routes() -> Router<Portal> {
    Router::new().route("/cloud-sync/provisioning-logs/files/{file}", get(file))
}

async fn file(
    State(portal): State<Portal>,
    Path(file): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let backend = portal.backend;
    let tenant: Arc<str> = tenant::id(&backend).to_string().into();
    let writing = match file.as_str() {
        "ProvisioningLogs.csv" => Writing::csv(&ENTRIES, move |entry| vec![row(entry, &tenant)]),
        "ProvisioningLogs_ProvisioningSteps.csv" => Writing::csv(&STEPS, steps),
        "ProvisioningLogs_ModifiedProperties.csv" => Writing::csv(&PROPERTIES, properties),
        "ProvisioningLogs.json" => Writing::json(move |entry| Ok(document(entry, &tenant)?)),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    let filter = narrowed(&backend, &query.unwrap_or_default());
    download(&file, writing, move |after| {
        let (backend, filter) = (backend.clone(), filter.clone());
        async move { provisioning_logs::entries(&backend, &filter, after, ROWS).await }
    })
}

/// As the page narrows its list, from now on: what happens meanwhile does not come into the file.
fn narrowed(backend: &Backend, query: &str) -> ProvisioningFilter {
    let address = ListAddress::parse("", query);
    let configuration: Option<ConfigurationId> = address.read("configuration");
    let filter = filters::filter(&address, configuration);
    let now = backend.now();
    let range = Duration::from_secs(u64::from(filters::hours(&address)) * 3_600);
    ProvisioningFilter {
        since: filter.since.or(Some(now.minus(range))),
        until: filter.until.or(Some(now.plus(Duration::from_micros(1)))),
        ..filter
    }
}

fn row(entry: &ProvisioningEntry, tenant: &str) -> Vec<String> {
    let summary = &entry.summary;
    let error = entry.detail.error.clone();
    let (code, reason, advice) = error.map_or_else(Default::default, |error| {
        (error.code, error.reason, error.advice)
    });
    let target = summary.target_id.map(|id| id.to_string());
    let of_target = |text: &str| match target {
        Some(_) => text.to_owned(),
        None => String::new(),
    };
    vec![
        machine_readable(summary.at),
        summary.id.to_string(),
        summary.cycle.to_string(),
        summary.configuration.job_id(),
        tenant.to_string(),
        summary.action.as_str().to_owned(),
        summary.result.as_str().to_owned(),
        code,
        reason,
        advice,
        summary.source_id.clone(),
        summary.display_name.clone(),
        identity_type(summary.kind).to_owned(),
        entry.source_dn.clone(),
        target.clone().unwrap_or_default(),
        of_target(&summary.display_name),
        of_target(identity_type(summary.kind)),
        summary.source_system.clone(),
        summary.target_system.clone(),
        INITIATOR.to_owned(),
    ]
}

/// Nobody but the service provisions.
const INITIATOR: &str = "Cloud sync";

fn identity_type(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::User => "User",
        ObjectKind::Group => "Group",
        ObjectKind::Contact => "Contact",
    }
}

fn steps(entry: &ProvisioningEntry) -> Vec<Vec<String>> {
    let steps = entry.detail.steps.iter().enumerate();
    let row = |(position, step): (usize, &engine::records::ProvisioningStep)| {
        vec![
            entry.summary.id.to_string(),
            (position + 1).to_string(),
            step_type(step.step_type).to_owned(),
            step.result.as_str().to_owned(),
            step.description.clone(),
        ]
    };
    steps.map(row).collect()
}

fn step_type(step: StepType) -> &'static str {
    match step {
        StepType::Import => "import",
        StepType::Scoping => "scoping",
        StepType::Matching => "matching",
        StepType::Processing => "processing",
        StepType::ReferenceResolution => "referenceResolution",
        StepType::Export => "export",
    }
}

fn properties(entry: &ProvisioningEntry) -> Vec<Vec<String>> {
    let properties = entry.detail.modified_properties.iter();
    let row = |property: &engine::records::ModifiedProperty| {
        vec![
            entry.summary.id.to_string(),
            property.name.clone(),
            property.old_value.clone().unwrap_or_default(),
            property.new_value.clone().unwrap_or_default(),
        ]
    };
    properties.map(row).collect()
}

/// The whole entry by the names of Graph's `provisioningObjectSummary`.
/// <https://learn.microsoft.com/graph/api/resources/provisioningobjectsummary>
fn document(entry: &ProvisioningEntry, tenant: &str) -> serde_json::Result<Vec<u8>> {
    let (summary, detail) = (&entry.summary, &entry.detail);
    let kind = identity_type(summary.kind);
    let error = detail.error.as_ref().map(|error| {
        json!({
            "errorCode": error.code,
            "reason": error.reason,
            "recommendedAction": error.advice,
        })
    });
    let target = summary
        .target_id
        .map(|id| json!({ "id": id, "displayName": summary.display_name, "identityType": kind }));
    let steps = detail.steps.iter().map(|step| {
        json!({
            "provisioningStepType": step_type(step.step_type),
            "status": step.result.as_str(),
            "description": step.description,
        })
    });
    let properties = detail.modified_properties.iter().map(|property| {
        json!({
            "displayName": property.name,
            "oldValue": property.old_value,
            "newValue": property.new_value,
        })
    });
    serde_json::to_vec(&json!({
        "id": summary.id,
        "activityDateTime": machine_readable(summary.at),
        "changeId": summary.id,
        "cycleId": summary.cycle,
        "jobId": summary.configuration.job_id(),
        "tenantId": tenant,
        "provisioningAction": summary.action.as_str(),
        "provisioningStatusInfo": { "status": summary.result.as_str(), "errorInformation": error },
        "sourceIdentity": {
            "id": summary.source_id,
            "displayName": summary.display_name,
            "identityType": kind,
            "details": { "distinguishedName": entry.source_dn },
        },
        "targetIdentity": target,
        "sourceSystem": { "displayName": summary.source_system },
        "targetSystem": { "displayName": summary.target_system },
        "initiatedBy": { "displayName": INITIATOR, "initiatorType": "system" },
        "provisioningSteps": steps.collect::<Vec<_>>(),
        "modifiedProperties": properties.collect::<Vec<_>>(),
    }))
}
