//! `/cloud-sync/audit-logs`: what administrators did, and what the service did by itself.

use engine::records::AuditEntry;
use leptos::prelude::*;

use crate::{
    api,
    components::{
        command_bar::Command,
        data_grid::{Cell, Column, ColumnRoom, Row, RowHeader, Sorted},
        empty_state::EmptyState,
        icon::Glyph,
        moment::{Moment, MomentForm},
        page::Page,
        status_badge::{Badge, StatusBadge, Tone},
    },
    list_address::ListAddress,
    live,
    pages::{
        frame::{self, label},
        paged_list::{Looks, PagedList},
    },
    routes::Route,
};

#[component]
pub fn AuditLogs() -> impl IntoView {
    let address = ListAddress::of(Route::AuditLogs);
    let after = Memo::new(move |_| address.with(ListAddress::after));
    let rows = Resource::new_blocking(move || after.get(), api::audit_logs::list);
    live::reload_on_change(rows);
    let commands = vec![
        Command::run("Refresh", Glyph::ArrowClockwise, live::refresh()),
        Command::go(
            "Provisioning logs",
            Glyph::DocumentBulletList,
            Route::ProvisioningLogs,
        )
        .after_line(),
    ];
    let empty = || {
        view! {
            <EmptyState
                glyph=Glyph::History
                title="No change was recorded"
                text="Each change of a setting leaves a row here."
            />
        }
    };
    view! {
        <Page
            title=label::AUDIT_LOGS
            subtitle="All configurations"
            glyph=Glyph::History
            above=frame::cloud_sync()
            menu=frame::cloud_sync_menu(label::AUDIT_LOGS)
            commands
        >
            <PagedList looks=looks() rows address row empty/>
        </Page>
    }
}

fn looks() -> Looks {
    let mut date = Column::new("Date");
    date.sorted = Some(Sorted::Descending);
    Looks {
        label: label::AUDIT_LOGS.to_owned(),
        noun: ["row", "rows"],
        columns: vec![
            date,
            Column::new("Activity"),
            Column::new("Target"),
            Column::new("Details").hidden_when_narrow(),
            Column::new("Status"),
            Column::new("Initiated by").hidden_when_medium(),
        ],
    }
}

fn row(entry: AuditEntry) -> AnyView {
    let AuditEntry {
        at,
        activity,
        succeeded,
        initiated_by,
        target,
        detail,
        ..
    } = entry;
    let badge = match succeeded {
        true => Badge::new("Success", Glyph::CheckmarkCircleFilled, Tone::Good),
        false => Badge::new("Failure", Glyph::ErrorCircleFilled, Tone::Bad),
    };
    view! {
        <Row>
            <Cell><span class="no-wrap"><Moment at form=MomentForm::Log/></span></Cell>
            <RowHeader>{activity}</RowHeader>
            <Cell>{target}</Cell>
            <Cell room=ColumnRoom::HiddenWhenNarrow>{detail}</Cell>
            <Cell><StatusBadge badge/></Cell>
            <Cell room=ColumnRoom::HiddenWhenMedium>{initiated_by}</Cell>
        </Row>
    }
    .into_any()
}
