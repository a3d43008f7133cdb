//! `/cloud-sync/provisioning-logs` and the same below one configuration: what happened to objects,
//! one row for each object and change, with the details of the selected row beside them.

pub mod columns;
pub mod details;
pub mod filters;

use engine::{
    configuration::ConfigurationId,
    records::{ConfigurationDetails, ProvisioningEntrySummary, ProvisioningResult},
};
use leptos::prelude::*;
use uuid::Uuid;

use self::{
    columns::{COLUMNS, ColumnsPane, LogColumn, PANE, before_identity, cell, headings, of_words},
    details::EntryDetails,
    filters::{Filters, filter, hours},
};
use crate::{
    api::{self, resource::resource},
    components::{
        breadcrumb::Crumb,
        button::GoForm,
        command_bar::Command,
        data_grid::{Row, RowHeader},
        empty_state::EmptyState,
        icon::Glyph,
        menu::MenuCommand,
        page::Page,
        service_menu::Menu,
        status_badge::{Badge, Tone},
    },
    list_address::ListAddress,
    live,
    pages::{
        frame::{self, label},
        loading::{configuration_details, id_in_address, page_for},
        paged_list::{Looks, PagedList, Rows, no_row_fits},
    },
    routes::Route,
};

const ENTRY: &str = "entry";
/// Behind the rows: each opens its entry.
const ENTRY_FORM: &str = "open-entry";
const TAB: &str = "tab";

/// Whose log it is.
#[derive(Clone)]
pub struct Subject {
    configuration: Option<ConfigurationId>,
    subtitle: String,
    route: Route,
    above: Vec<Crumb>,
    menu: Menu,
}

/// The log of all configurations.
#[component]
pub fn ProvisioningLogs() -> impl IntoView {
    page(Subject {
        configuration: None,
        subtitle: "All configurations".to_owned(),
        route: Route::ProvisioningLogs,
        above: frame::cloud_sync(),
        menu: frame::cloud_sync_menu(label::PROVISIONING_LOGS),
    })
}

/// The log of the configuration that the address names.
#[component]
pub fn ProvisioningLogsOfConfiguration() -> impl IntoView {
    page_for(
        id_in_address(),
        configuration_details,
        |details: ConfigurationDetails| {
            let id = details.configuration.id;
            let domain = details.configuration.domain.to_string();
            page(Subject {
                configuration: Some(id),
                route: Route::ProvisioningLogsOf(id),
                above: frame::configuration(id, &domain),
                menu: frame::configuration_menu(id, label::PROVISIONING_LOGS),
                subtitle: domain,
            })
        },
    )
}

fn page(subject: Subject) -> impl IntoView {
    let configuration = subject.configuration;
    let address = ListAddress::of(subject.route);
    let wanted = Memo::new(move |_| {
        address.with(|address| {
            (
                filter(address, configuration),
                hours(address),
                address.after(),
            )
        })
    });
    let rows = resource(
        move || wanted.get(),
        |(filter, hours, after)| api::provisioning_logs::list(filter, hours, after),
    );
    let selected = Memo::new(move |_| address.with(|address| address.read::<Uuid>(ENTRY)));
    let entry = resource(
        move || selected.get(),
        |id| async move {
            match id {
                Some(id) => Some(api::provisioning_logs::entry(id).await),
                None => None,
            }
        },
    );
    let is_live = RwSignal::new(false);
    live::reload_on_change_while(rows, is_live);
    let is_open = Memo::new(move |_| selected.get().is_some());
    let beside = move || {
        (move || {
            is_open
                .get()
                .then(|| view! { <EntryDetails entry selected rows address/> })
        })
        .into_any()
    };
    let empty = move || address.with(nothing);
    let chosen = resource(|| (), |()| api::provisioning_logs::columns());
    let list = move || {
        Suspend::new(async move {
            let chosen = of_words(Some(&chosen.await.unwrap_or_default().join(".")));
            let (looks, row) = (looks(&chosen), move |entry| row(&entry, &chosen, selected));
            view! { <PagedList looks rows address row empty/> }
        })
    };
    let opens = Signal::derive(move || address.read().without(&[ENTRY, TAB]).to_string());
    let is_choosing = Memo::new(move |_| address.read().get(PANE) == Some(COLUMNS));
    view! {
        <Page
            title=label::PROVISIONING_LOGS
            subtitle=subject.subtitle
            glyph=Glyph::DocumentBulletList
            above=subject.above
            menu=subject.menu
            commands=commands(rows, is_live, configuration, address)
            beside
        >
            <Filters configuration address/>
            <GoForm id=ENTRY_FORM href=opens stays=true chooses=ENTRY/>
            <Transition>{list}</Transition>
            {move || is_choosing.get().then(|| view! { <ColumnsPane chosen address/> })}
        </Page>
    }
}

fn commands(
    rows: Rows<ProvisioningEntrySummary>,
    is_live: RwSignal<bool>,
    configuration: Option<ConfigurationId>,
    address: Memo<ListAddress>,
) -> Vec<Command> {
    let refresh = Callback::new(move |()| rows.refetch());
    let toggle = Callback::new(move |()| is_live.update(|is_live| *is_live = !*is_live));
    let files = Signal::derive(move || files(&address.read(), configuration));
    let columns = Signal::derive(move || address.read().with(PANE, COLUMNS).to_string());
    vec![
        Command::menu("Download", Glyph::ArrowDownload, "download-menu", files),
        Command::go("Columns", Glyph::ColumnEdit, columns),
        Command::run("Refresh", Glyph::ArrowClockwise, refresh),
        Command::run("Live update", Glyph::Pulse, toggle)
            .pressed(is_live)
            .after_line()
            .optional(),
        Command::go("Audit logs", Glyph::History, Route::AuditLogs).optional(),
    ]
}

/// What the page shows, all of it, as files.
fn files(address: &ListAddress, configuration: Option<ConfigurationId>) -> Vec<MenuCommand> {
    let names = [
        ("CSV: provisioning logs", "ProvisioningLogs.csv"),
        ("CSV: steps", "ProvisioningLogs_ProvisioningSteps.csv"),
        (
            "CSV: modified properties",
            "ProvisioningLogs_ModifiedProperties.csv",
        ),
        ("JSON", "ProvisioningLogs.json"),
    ];
    let file = |(label, name): (&str, &str)| {
        let path = format!("{}/{name}", Route::ProvisioningLogFiles);
        let href = address.at_path(&path).without(&[ENTRY, TAB, PANE]);
        let href = match configuration {
            Some(configuration) => href.with("configuration", configuration),
            None => href,
        };
        MenuCommand::download(label, Glyph::ArrowDownload, href.to_string())
    };
    names.map(file).into()
}

fn looks(chosen: &[LogColumn]) -> Looks {
    Looks {
        label: label::PROVISIONING_LOGS.to_owned(),
        noun: ["row", "rows"],
        columns: headings(chosen),
    }
}

fn row(
    entry: &ProvisioningEntrySummary,
    chosen: &[LogColumn],
    selected: Memo<Option<Uuid>>,
) -> AnyView {
    let id = entry.id;
    let is_selected = Signal::derive(move || selected.get() == Some(id));
    let expanded = move || is_selected.get().to_string();
    let (before, after) = chosen.split_at(before_identity(chosen));
    let cells = |columns: &[LogColumn]| -> Vec<AnyView> {
        columns.iter().map(|column| cell(*column, entry)).collect()
    };
    let (before, after) = (cells(before), cells(after));
    let source_id = entry.source_id.clone();
    let (name, short) = (
        named(&entry.display_name, &source_id),
        shortened(&source_id),
    );
    view! {
        <Row selected=is_selected>
            {before}
            <RowHeader>
                <span class="two-lines">
                    <button type="submit" form=ENTRY_FORM name=ENTRY value=id.to_string() class="link-button" aria-expanded=expanded>{name}</button>
                    <small class="monospace" title=source_id>{short}</small>
                </span>
            </RowHeader>
            {after}
        </Row>
    }
    .into_any()
}

/// What to call the object of an entry; there is always an identifier, not always a name.
pub fn named(display_name: &str, source_id: &str) -> String {
    match display_name.trim() {
        "" => source_id.to_owned(),
        name => name.to_owned(),
    }
}

/// The beginning and the end, which tell identifiers apart; the whole stands in the details.
fn shortened(id: &str) -> String {
    let characters: Vec<char> = id.chars().collect();
    match characters.as_slice() {
        [a, b, c, d, .., w, x, y, z] if characters.len() > 12 => {
            [a, b, c, d, &'…', w, x, y, z].into_iter().collect()
        }
        _ => id.to_owned(),
    }
}

/// The list with the details of one entry beside it, at the tab that suits the entry.
fn entry_address(address: &ListAddress, id: Uuid) -> String {
    address.without(&[TAB]).with(ENTRY, id).to_string()
}

/// A result as it looks.
pub fn badge(result: ProvisioningResult) -> Badge {
    let (glyph, tone) = match result {
        ProvisioningResult::Success => (Glyph::CheckmarkCircleFilled, Tone::Good),
        ProvisioningResult::Failure => (Glyph::ErrorCircleFilled, Tone::Bad),
        ProvisioningResult::Warning => (Glyph::WarningFilled, Tone::Warning),
        ProvisioningResult::Skipped => (Glyph::ArrowCircleRight, Tone::Off),
    };
    Badge::new(result.label(), glyph, tone)
}

fn nothing(address: &ListAddress) -> AnyView {
    if !filters::is_narrowed(address) {
        return view! {
            <EmptyState
                glyph=Glyph::DocumentBulletList
                title="Nothing was provisioned in the last 24 hours"
                text="Rows appear as soon as a cycle changes something. Older ones need a longer date range."
            />
        }
        .into_any();
    }
    no_row_fits(address)
}
