//! The second tab: results of each day, how the objects are, and the latest rows themselves.

use engine::{
    insights::{Insights, InsightsQuery, RowCounts},
    records::{ProvisioningEntrySummary, ProvisioningFilter, ProvisioningResult},
};
use leptos::prelude::*;

use super::{
    links::Links,
    summary::{look_of, objects_by_status, per_step, step_noun},
};
use crate::{
    api::{self, ApiError, resource::Resource},
    components::{
        card::Card,
        chart::Series,
        data_grid::{Cell, Column, ColumnRoom, DataGrid, Row, RowHeader},
        moment::{Moment, MomentForm},
        status_badge::StatusBadge,
    },
    pages::{
        cloud_sync::provisioning_logs::{badge, named},
        tenant_objects::words,
    },
    routes::Route,
};

pub fn details(figures: &Insights, links: &Links, latest: LatestRows) -> AnyView {
    let results: Vec<ProvisioningResult> = ProvisioningResult::ALL
        .into_iter()
        .filter(|result| figures.total.of_result(*result) > 0)
        .collect();
    let series = results
        .iter()
        .map(|result| Series {
            label: result.label(),
            look: look_of(*result),
        })
        .collect();
    let counted = move |counts: &RowCounts| -> Vec<u64> {
        results
            .iter()
            .map(|result| counts.of_result(*result))
            .collect()
    };
    let title = format!("Results per {}", step_noun(links));
    let results = per_step(title, figures, links, series, counted);
    let (objects, all) = (objects_by_status(figures, links), links.everything());
    view! {
            <div class="stack">
                <div class="chart-and-side">
                    {results}
                    {objects}
                </div>
                <Latest latest all/>
            </div>
    }
    .into_any()
}

/// The latest rows that are counted.
pub type LatestRows = Resource<Result<Vec<ProvisioningEntrySummary>, ApiError>>;

/// What [`details`] lists; nothing while it is not shown.
pub async fn latest_rows(
    query: Option<InsightsQuery>,
) -> Result<Vec<ProvisioningEntrySummary>, ApiError> {
    let Some(query) = query else {
        return Ok(Vec::new());
    };
    let filter = ProvisioningFilter {
        configuration: query.configuration,
        action: query.action,
        result: query.result,
        sync_type: query.sync_type,
        ..ProvisioningFilter::default()
    };
    let range = query.range.step().as_secs() / 3_600 * u64::from(query.range.steps());
    let hours = u32::try_from(range).unwrap_or(u32::MAX);
    Ok(api::provisioning_logs::list(filter, hours, None)
        .await?
        .items)
}

#[component]
fn Latest(latest: LatestRows, all: String) -> impl IntoView {
    let list = move || Suspend::new(async move { latest.await.map(table).ok() });
    view! {
        <Card
            id="latest-rows-title"
            title="Latest rows"
            aside=move || view! { <a href=all>"View all in provisioning logs"</a> }
        >
            <Suspense>{list}</Suspense>
        </Card>
    }
}

fn table(rows: Vec<ProvisioningEntrySummary>) -> impl IntoView {
    const SHOWN: usize = 20;
    let columns = vec![
        Column::new("Date"),
        Column::new("Identity"),
        Column::new("Object type").hidden_when_narrow(),
        Column::new("Action"),
        Column::new("Status"),
    ];
    let row = |entry: ProvisioningEntrySummary| {
        let href = Route::ProvisioningLogs.with("range=30d&entry", entry.id);
        let at = entry.at;
        view! {
            <Row>
                <Cell><span class="no-wrap"><Moment at form=MomentForm::Log/></span></Cell>
                <RowHeader><a href=href>{named(&entry.display_name, &entry.source_id)}</a></RowHeader>
                <Cell room=ColumnRoom::HiddenWhenNarrow>{words(entry.kind).title}</Cell>
                <Cell>{entry.action.label()}</Cell>
                <Cell><StatusBadge badge=badge(entry.result)/></Cell>
            </Row>
        }
    };
    view! {
        <DataGrid label="Latest rows" columns>
            {rows.into_iter().take(SHOWN).map(row).collect_view()}
        </DataGrid>
    }
}
