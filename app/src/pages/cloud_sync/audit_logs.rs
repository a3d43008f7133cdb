//! `/cloud-sync/audit-logs`: what administrators did, and what the service did by itself.

pub mod filters;

use engine::records::AuditEntry;
use leptos::prelude::*;

use self::filters::{Filters, filter, hours};
use crate::{
    api::{self, resource::resource},
    components::{
        command_bar::Command,
        data_grid::{Cell, Column, ColumnRoom, Row, RowHeader, Sorted},
        empty_state::EmptyState,
        icon::Glyph,
        menu::MenuCommand,
        moment::{Moment, MomentForm},
        page::Page,
        status_badge::{Badge, StatusBadge, Tone},
    },
    list_address::ListAddress,
    live,
    pages::{
        frame::{self, label},
        paged_list::{Looks, PagedList, no_row_fits},
    },
    routes::Route,
};

#[component]
pub fn AuditLogs() -> impl IntoView {
    let address = ListAddress::of(Route::AuditLogs);
    let wanted = Memo::new(move |_| {
        address.with(|address| (filter(address), hours(address), address.after()))
    });
    let rows = resource(
        move || wanted.get(),
        |(filter, hours, after)| api::audit_logs::list(filter, hours, after),
    );
    live::reload_on_change(rows);
    let files = Signal::derive(move || files(&address.read()));
    let commands = vec![
        Command::menu("Download", Glyph::ArrowDownload, "download-menu", files),
        Command::run("Refresh", Glyph::ArrowClockwise, live::refresh()),
        Command::go(
            "Provisioning logs",
            Glyph::DocumentBulletList,
            Route::ProvisioningLogs,
        )
        .after_line()
        .optional(),
    ];
    let empty = move || address.with(nothing);
    view! {
        <Page
            title=label::AUDIT_LOGS
            subtitle="All configurations"
            glyph=Glyph::History
            above=frame::cloud_sync()
            menu=frame::cloud_sync_menu(label::AUDIT_LOGS)
            commands
        >
            <Filters address/>
            <PagedList looks=looks() rows address row empty/>
        </Page>
    }
}

/// What the page shows, all of it, as files.
fn files(address: &ListAddress) -> Vec<MenuCommand> {
    let file = |(label, name): (&str, &str)| {
        let path = format!("{}/{name}", Route::AuditLogFiles);
        MenuCommand::download(
            label,
            Glyph::ArrowDownload,
            address.at_path(&path).to_string(),
        )
    };
    [("CSV", "AuditLogs.csv"), ("JSON", "AuditLogs.json")]
        .map(file)
        .into()
}

fn nothing(address: &ListAddress) -> AnyView {
    if !filters::is_narrowed(address) {
        return view! {
            <EmptyState
                glyph=Glyph::History
                title="No change was recorded"
                text="Each change of a setting leaves a row here."
            />
        }
        .into_any();
    }
    no_row_fits(address)
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
