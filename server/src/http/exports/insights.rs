//! What the log adds up to, as a table: one row for each hour or day, counted by action and by
//! result, narrowed by the words of the page's own address.

use app::list_address::ListAddress;
use app::pages::cloud_sync::insights;
use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use engine::insights::{InsightsQuery, InsightsStep};
use engine::records::{Page, ProvisioningAction, ProvisioningResult};

use super::{Writing, download, machine_readable};
use crate::portal::Portal;

const FILE: &str = "Insights.csv";

/// The moments are those of UTC, as on the page.
const HEADING: [&str; 12] = [
    "startUtc",
    "create",
    "update",
    "delete",
    "disable",
    "stagedDelete",
    "other",
    "success",
    "failure",
    "skipped",
    "warning",
    "total",
];

pub(super) fn routes() -> Router<Portal> {
    Router::new().route("/cloud-sync/insights/files/{file}", get(file))
}

async fn file(
    State(portal): State<Portal>,
    Path(file): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    if file != FILE {
        return StatusCode::NOT_FOUND.into_response();
    }
    let query = narrowed(&query.unwrap_or_default());
    let writing = Writing::csv(&HEADING, |step| vec![row(step)]);
    download(FILE, writing, move |_| {
        let (backend, query) = (portal.backend.clone(), query.clone());
        async move {
            let figures = backend::insights::count(&backend, &query).await?;
            Ok(Page {
                items: figures.steps,
                next: None,
                total: None,
            })
        }
    })
}

fn narrowed(query: &str) -> InsightsQuery {
    let address = ListAddress::parse("", query);
    insights::query(&address, address.read(insights::CONFIGURATION))
}

fn row(step: &InsightsStep) -> Vec<String> {
    let counts = &step.counts;
    let actions = ProvisioningAction::ALL.map(|action| counts.of_action(action));
    let results = ProvisioningResult::ALL.map(|result| counts.of_result(result));
    std::iter::once(machine_readable(step.start))
        .chain(actions.iter().chain(&results).map(ToString::to_string))
        .chain(std::iter::once(counts.total().to_string()))
        .collect()
}

#[cfg(test)]
mod tests {
    use engine::{insights::RowCounts, timestamp::Timestamp};

    use super::*;

    #[test]
    fn a_day_is_a_row_that_adds_up() {
        let mut counts = RowCounts::default();
        counts.add(ProvisioningAction::Create, ProvisioningResult::Success, 3);
        counts.add(ProvisioningAction::Update, ProvisioningResult::Failure, 2);
        let start = Timestamp(0);
        let row = row(&InsightsStep { start, counts });
        assert_eq!(row.len(), HEADING.len());
        let told: Vec<_> = HEADING
            .into_iter()
            .zip(&row)
            .filter(|(_, value)| *value != "0")
            .map(|(name, value)| format!("{name} {value}"))
            .collect();
        let expected = [
            "startUtc 1970-01-01T00:00:00Z",
            "create 3",
            "update 2",
            "success 3",
            "failure 2",
            "total 5",
        ];
        assert_eq!(told, expected);
    }
}
