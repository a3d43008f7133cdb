//! `/cloud-sync/insights` and the same below one configuration: what the provisioning log adds up
//! to. Every figure leads to the rows that it counts.

pub mod details;
pub mod links;
pub mod summary;

use engine::{
    configuration::ConfigurationId,
    insights::{DateRange, Insights as Figures, InsightsQuery},
    records::{ConfigurationDetails, ProvisioningAction, ProvisioningResult, SyncType},
};
use leptos::prelude::*;

use self::links::Links;
use super::provisioning_logs::filters::{ACTION, RANGE, STATUS, SYNC, all_and};
use crate::{
    api::{self, resource::resource},
    components::{
        breadcrumb::Crumb,
        button::ButtonLink,
        command_bar::Command,
        empty_state::EmptyState,
        filters::{FilterChoice, FilterForm, FilterPill},
        icon::Glyph,
        menu::MenuCommand,
        moment::Moment,
        page::Page,
        service_menu::Menu,
        tabs::{Tab, Tabs},
        title_row::PageTitle,
    },
    list_address::ListAddress,
    pages::{
        frame::{self, label},
        loading::{configuration_details, id_in_address, page_for},
        paged_list::NotLoaded,
    },
    routes::Route,
};

const TAB: &str = "tab";
const DETAILS: &str = "details";
const PANEL: &str = "insights-panel";
/// Objects are what people look for; nothing in the address means them.
const EVERYTHING: &str = "all";
/// Names the configuration where the path does not.
pub const CONFIGURATION: &str = "configuration";

/// Whose insights they are.
#[derive(Clone)]
struct Subject {
    configuration: Option<ConfigurationId>,
    title: PageTitle,
    subtitle: &'static str,
    route: Route,
    logs: Route,
    above: Vec<Crumb>,
    menu: Menu,
}

/// The insights of all configurations.
#[component]
pub fn Insights() -> impl IntoView {
    page(Subject {
        configuration: None,
        title: PageTitle::of("Azure AD Connect cloud sync", label::INSIGHTS),
        subtitle: "All configurations",
        route: Route::Insights,
        logs: Route::ProvisioningLogs,
        above: frame::cloud_sync(),
        menu: frame::cloud_sync_menu(label::INSIGHTS),
    })
}

/// The insights of the configuration that the address names.
#[component]
pub fn InsightsOfConfiguration() -> impl IntoView {
    page_for(
        id_in_address(),
        configuration_details,
        |details: ConfigurationDetails| {
            let id = details.configuration.id;
            let domain = details.configuration.domain.to_string();
            page(Subject {
                configuration: Some(id),
                above: frame::configuration(id, &domain),
                title: PageTitle::of(domain, label::INSIGHTS),
                subtitle: "Active Directory to Azure AD",
                route: Route::InsightsOf(id),
                logs: Route::ProvisioningLogsOf(id),
                menu: frame::configuration_menu(id, label::INSIGHTS),
            })
        },
    )
}

/// What the address narrows the figures to.
pub fn query(address: &ListAddress, configuration: Option<ConfigurationId>) -> InsightsQuery {
    InsightsQuery {
        configuration,
        range: address
            .get(RANGE)
            .and_then(DateRange::parse)
            .unwrap_or_default(),
        action: address.get(ACTION).and_then(ProvisioningAction::parse),
        result: address.get(STATUS).and_then(ProvisioningResult::parse),
        sync_type: match address.get(SYNC) {
            None => Some(SyncType::Object),
            Some(word) => SyncType::parse(word),
        },
    }
}

fn page(subject: Subject) -> impl IntoView {
    let (configuration, logs) = (subject.configuration, subject.logs);
    let address = ListAddress::of(subject.route);
    let wanted = Memo::new(move |_| address.with(|address| query(address, configuration)));
    let figures = resource(move || wanted.get(), api::insights::count);
    let is_details = Memo::new(move |_| address.read().get(TAB) == Some(DETAILS));
    let latest = resource(
        move || is_details.get().then(|| wanted.get()),
        details::latest_rows,
    );
    let to_logs = Signal::derive(move || Links::new(logs, wanted.get()).everything());
    let file = Signal::derive(move || vec![file(&address.read(), configuration)]);
    let commands = vec![
        Command::menu("Download", Glyph::ArrowDownload, "download-menu", file),
        Command::run(
            "Refresh",
            Glyph::ArrowClockwise,
            Callback::new(move |()| figures.refetch()),
        ),
        Command::go(
            "Open in provisioning logs",
            Glyph::DocumentBulletList,
            to_logs,
        )
        .after_line(),
    ];
    let shown = move || {
        Suspend::new(async move {
            match figures.await {
                Ok(figures) => {
                    let links = Links::new(logs, wanted.get_untracked());
                    view! { <Shown figures links is_details latest/> }.into_any()
                }
                Err(error) => {
                    view! { <NotLoaded error retry=move |()| figures.refetch()/> }.into_any()
                }
            }
        })
    };
    view! {
        <Page
            title=subject.title
            subtitle=subject.subtitle
            glyph=Glyph::DataBarVertical
            above=subject.above
            here=label::INSIGHTS
            menu=subject.menu
            commands
        >
            <Filters address/>
            <Tabs label="Insights" tabs=tabs(address) panel=PANEL/>
            <Transition>{shown}</Transition>
        </Page>
    }
}

/// The figures of every hour or day, as a file.
fn file(address: &ListAddress, configuration: Option<ConfigurationId>) -> MenuCommand {
    let path = format!("{}/Insights.csv", Route::InsightsFiles);
    let address = address.at_path(&path).without(&[TAB]);
    let address = match configuration {
        Some(id) => address.with(CONFIGURATION, id.to_string()),
        None => address,
    };
    MenuCommand::download("CSV", Glyph::ArrowDownload, address.to_string())
}

fn tabs(address: Memo<ListAddress>) -> Signal<Vec<Tab>> {
    Signal::derive(move || {
        let address = address.read();
        let is_details = address.get(TAB) == Some(DETAILS);
        let tab = |label: &str, href: ListAddress, is_selected| Tab {
            label: label.to_owned(),
            href: href.to_string(),
            is_selected,
        };
        vec![
            tab("Sync summary", address.without(&[TAB]), !is_details),
            tab("Sync details", address.with(TAB, DETAILS), is_details),
        ]
    })
}

#[component]
fn Filters(address: Memo<ListAddress>) -> impl IntoView {
    let said = move |name| Signal::derive(move || address.with(|address| address.text(name)));
    let kept = Signal::derive(move || {
        address.with(|address| address.beside(&[RANGE, STATUS, ACTION, SYNC]))
    });
    let ranges = DateRange::ALL
        .map(|range| FilterChoice::new(range.as_str(), range.label()))
        .to_vec();
    let statuses = ProvisioningResult::ALL
        .map(|result| FilterChoice::new(result.as_str(), result.label()))
        .into_iter();
    let actions = ProvisioningAction::ALL
        .map(|action| FilterChoice::new(action.as_str(), action.label()))
        .into_iter();
    let kinds = vec![
        FilterChoice::new("", SyncType::Object.label()),
        FilterChoice::new(SyncType::Password.as_str(), SyncType::Password.label()),
        FilterChoice::new(EVERYTHING, "All"),
    ];
    view! {
        <FilterForm path=address.with_untracked(|address| address.path().to_owned()) kept>
            <FilterPill name=RANGE label="Date range" current=said(RANGE) choices=ranges/>
            <FilterPill name=STATUS label="Status" current=said(STATUS) choices=all_and(statuses)/>
            <FilterPill name=ACTION label="Action" current=said(ACTION) choices=all_and(actions)/>
            <FilterPill name=SYNC label="Sync type" current=said(SYNC) choices=kinds/>
        </FilterForm>
    }
}

#[component]
fn Shown(
    figures: Figures,
    links: Links,
    is_details: Memo<bool>,
    latest: details::LatestRows,
) -> impl IntoView {
    let counted_at = figures.counted_at;
    let panel = move || {
        let (figures, links) = (figures.clone(), links.clone());
        match (figures.total.total(), is_details.get()) {
            (0, _) => view! { <Nothing/> }.into_any(),
            (_, false) => view! { <summary::Summary figures links/> }.into_any(),
            (_, true) => details::details(&figures, &links, latest),
        }
    };
    view! {
        <div id=PANEL class="stack" role="tabpanel" aria-label="Insights">{panel}</div>
        <p class="hint">"Counted "<Moment at=counted_at/>". Days and hours are those of UTC."</p>
    }
}

#[component]
fn Nothing() -> impl IntoView {
    view! {
        <EmptyState
            glyph=Glyph::DataBarVertical
            title="Not enough data"
            text="Figures appear after the first cycle, for what the filters let through."
        >
            <ButtonLink label="Back to configurations" href=Route::CloudSync/>
        </EmptyState>
    }
}
