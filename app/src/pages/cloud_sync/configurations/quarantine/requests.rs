//! What failed: the first and the last request with their answers, and the objects that fail.

use engine::{
    configuration::ConfigurationId,
    health::{FailedRequest, FailedRequests},
    records::{ObjectFailure, Page},
};
use leptos::prelude::*;

use crate::{
    components::{
        card::Card,
        data_grid::{Cell, Column, ColumnRoom, DataGrid, Row, RowHeader},
        essentials::Fact,
        moment::{Moment, MomentForm},
    },
    pages::cloud_sync::provisioning_logs::filters::failures_of,
    wording::number,
};

#[component]
pub fn Requests(requests: FailedRequests) -> impl IntoView {
    let FailedRequests { first, last } = requests;
    view! {
        <Request id="first-request-title" title="First failed request" request=first/>
        <Request id="last-request-title" title="Last failed request" request=last/>
    }
}

#[component]
fn Request(id: &'static str, title: &'static str, request: FailedRequest) -> impl IntoView {
    let FailedRequest {
        at,
        request,
        answer,
    } = request;
    view! {
        <Card id title>
            <dl class="facts">
                <Fact name="When"><Moment at form=MomentForm::Exact/></Fact>
                <Fact name="Request">{request}</Fact>
                <Fact name="Answer"><strong>{answer}</strong></Fact>
            </dl>
        </Card>
    }
}

/// The objects that fail, as many as stand on one page; nothing where none does.
#[component]
pub fn FailingObjects(id: ConfigurationId, failures: Signal<Page<ObjectFailure>>) -> impl IntoView {
    move || {
        let Page { items, next, .. } = failures.get();
        (!items.is_empty()).then(|| {
            let shown = number(items.len() as u64);
            let more = next.map(|_| format!("The first {shown}. "));
            view! {
                <Card id="failing-objects-title" title="Objects that fail">
                    <DataGrid label="Objects that fail" columns=columns()>
                        {items.into_iter().map(failure_row).collect_view()}
                    </DataGrid>
                    <p class="muted">
                        {more}<a href=failures_of(id)>"View all in provisioning logs"</a>
                    </p>
                </Card>
            }
        })
    }
}

fn columns() -> Vec<Column> {
    vec![
        Column::new("Object"),
        Column::new("Error"),
        Column::new("Since").hidden_when_narrow(),
        Column::new("Attempts").number().hidden_when_medium(),
        Column::new("Next attempt").hidden_when_medium(),
    ]
}

fn failure_row(failure: ObjectFailure) -> impl IntoView {
    let ObjectFailure {
        dn,
        code,
        reason,
        advice,
        first_failed_at,
        attempts,
        next_attempt,
        ..
    } = failure;
    let next = match next_attempt {
        Some(at) => view! { <Moment at due=true/> }.into_any(),
        None => "When it changes".into_any(),
    };
    view! {
        <Row>
            <RowHeader><span class="break-anywhere">{dn}</span></RowHeader>
            <Cell label="Error">
                <span class="two-lines" title=advice>
                    <span>{reason}</span>
                    <small class="monospace">{code}</small>
                </span>
            </Cell>
            <Cell room=ColumnRoom::HiddenWhenNarrow label="Since"><Moment at=first_failed_at/></Cell>
            <Cell room=ColumnRoom::HiddenWhenMedium number=true label="Attempts">{number(attempts.into())}</Cell>
            <Cell room=ColumnRoom::HiddenWhenMedium label="Next attempt">{next}</Cell>
        </Row>
    }
}
