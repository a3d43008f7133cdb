//! `/cloud-sync`: all configurations, how they are, and what needs a decision.

pub mod agents;
pub mod audit_logs;
pub mod configurations;
pub mod insights;
pub mod new;
pub mod provisioning_logs;
pub mod status;

use engine::{
    configuration::{ConfigurationId, Deployment},
    records::{AgentSummary, ConfigurationSummary, Status, TenantOverview},
};
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_query_map};
use serde::{Deserialize, Serialize};

use self::configurations::deletion;
use super::{
    frame::{self, label},
    loading::when_loaded,
};
use crate::api::resource::resource;
use crate::{
    api::{self, ApiError},
    browser,
    components::{
        button::{ButtonLink, GoButton, Weight},
        command_bar::Command,
        copy_button::CopyButton,
        data_grid::{Cell, Column, ColumnRoom, DataGrid, Row, RowHeader},
        empty_state::EmptyState,
        essentials::{Essentials, Fact},
        field::SearchBox,
        filters::{FilterChoice, FilterForm, FilterPill},
        icon::Glyph,
        menu::{MenuButton, MenuCommand},
        message_bar::{MessageBar, Severity},
        moment::Moment,
        page::Page,
        progress::ProgressBar,
        status_badge::{Badge, StatusBadge, StatusBadgeButton, Tone},
        title_row::PageTitle,
    },
    live::{self, keep_fresh},
    preferences::Preference,
    routes::Route,
    skin::word,
    wording::{count, number},
};

/// What the page shows.
#[derive(Clone, Serialize, Deserialize)]
struct Overview {
    tenant: TenantOverview,
    agents: Vec<AgentSummary>,
    configurations: Vec<ConfigurationSummary>,
}

async fn load() -> Result<Overview, ApiError> {
    Ok(Overview {
        tenant: api::tenant::overview().await?,
        agents: api::agents::list().await?,
        configurations: api::configurations::list().await?,
    })
}

#[component]
pub fn CloudSync() -> impl IntoView {
    let overview = resource(|| (), |()| load());
    when_loaded(overview, page)
}

fn page(overview: Overview) -> impl IntoView {
    let Overview {
        tenant,
        agents,
        configurations,
    } = overview;
    let configurations = RwSignal::new(configurations);
    keep_fresh(configurations, api::configurations::list);
    view! {
        <Page
            title=PageTitle::of(word("Azure AD Connect cloud sync"), label::CONFIGURATIONS)
            subtitle=tenant.name.clone()
            glyph=Glyph::CloudSync
            above=frame::azure_ad_connect()
            menu=frame::cloud_sync_menu(label::CONFIGURATIONS)
            commands=commands()
            state=live::last_update_in_words()
        >
            <Decisions configurations/>
            <Facts tenant agents=agents.clone() configurations/>
            <Configurations configurations agents/>
        </Page>
    }
}

fn commands() -> Vec<Command> {
    vec![
        Command::go("New configuration", Glyph::Add, Route::NewConfiguration).changes(),
        Command::run("Refresh", Glyph::ArrowClockwise, live::refresh()),
        Command::go("Logs", Glyph::DocumentBulletList, Route::ProvisioningLogs)
            .after_line()
            .optional(),
        Command::go("Review all agents", Glyph::ServerMultiple, Route::Agents).optional(),
    ]
}

/// A bar for the first configuration that waits for somebody's word.
#[component]
fn Decisions(configurations: RwSignal<Vec<ConfigurationSummary>>) -> impl IntoView {
    let waiting = Memo::new(move |_| {
        configurations.read().iter().find_map(|configuration| {
            let is_waiting = configuration.state.status == Status::DeleteThresholdExceeded;
            is_waiting.then(|| {
                (
                    configuration.id,
                    configuration.domain.to_string(),
                    configuration.state.held_deletions,
                )
            })
        })
    });
    move || {
        waiting.get().map(|(id, domain, held)| {
            let text = format!(
                "{domain} holds back {}. Nothing is deleted until you allow it.",
                count(held, "deletion"),
            );
            view! {
                <MessageBar id="decision" severity=Severity::Warning start="A decision is needed." text>
                    <ButtonLink label="Review held deletions" href=Route::SyncStatus(id) small=true/>
                </MessageBar>
            }
        })
    }
}

#[component]
fn Facts(
    tenant: TenantOverview,
    agents: Vec<AgentSummary>,
    configurations: RwSignal<Vec<ConfigurationSummary>>,
) -> impl IntoView {
    let id = tenant.id.to_string();
    let managed = move || {
        number(
            configurations
                .read()
                .iter()
                .map(|each| each.state.managed.total())
                .sum(),
        )
    };
    view! {
        <Essentials>
            <Fact name="Tenant">{tenant.name}</Fact>
            <Fact name="Agents">
                <StatusBadge badge=agents_badge(&agents)/>
                <a href=Route::Agents.to_string()>"Review all agents"</a>
            </Fact>
            <Fact name="Initial domain">{tenant.initial_domain.to_string()}</Fact>
            <Fact name="Objects in sync">{managed}</Fact>
            <Fact name="Tenant ID">
                <span class="monospace">{id.clone()}</span>
                <CopyButton what="tenant ID" text=id/>
            </Fact>
            <Fact name="Directories">
                <a href=Route::Directories.to_string()>"Review all directories"</a>
            </Fact>
        </Essentials>
    }
}

fn agents_badge(agents: &[AgentSummary]) -> Badge {
    let active = agents.iter().filter(|agent| agent.is_active).count();
    let words = format!("{active} of {} active", agents.len());
    if active == agents.len() {
        Badge::new(words, Glyph::CheckmarkCircleFilled, Tone::Good)
    } else {
        Badge::new(words, Glyph::WarningFilled, Tone::Warning)
    }
}

/// What the address narrows the list to.
#[derive(Clone, PartialEq, Eq)]
struct Narrowed {
    search: String,
    status: String,
    state: String,
}

impl Narrowed {
    fn fits(&self, configuration: &ConfigurationSummary) -> bool {
        let domain = configuration.domain.as_str();
        domain.contains(&self.search.to_lowercase())
            && (self.status.is_empty() || self.status == configuration.state.status.label())
            && (self.state.is_empty() || self.state == deployment_word(configuration.deployment))
    }
}

#[component]
fn Configurations(
    configurations: RwSignal<Vec<ConfigurationSummary>>,
    agents: Vec<AgentSummary>,
) -> impl IntoView {
    let query = use_query_map();
    let narrowed = Memo::new(move |_| {
        let query = query.read();
        let said = |name: &str| query.get(name).unwrap_or_default();
        Narrowed {
            search: said("search"),
            status: said("status"),
            state: said("state"),
        }
    });
    let rows = Memo::new(move |_| {
        let narrowed = narrowed.read();
        let all = configurations.read();
        all.iter()
            .filter(|each| narrowed.fits(each))
            .map(|each| each.id)
            .collect::<Vec<_>>()
    });
    let is_empty = Memo::new(move |_| configurations.read().is_empty());
    let found = Signal::derive(move || count(rows.read().len() as u64, "configuration"));
    let body = move || {
        if is_empty.get() {
            view! { <NoConfiguration agents=agents.clone()/> }.into_any()
        } else {
            view! {
                <FilterBar narrowed found/>
                <Grid configurations rows/>
            }
            .into_any()
        }
    };
    view! {
        <section class="stack" aria-labelledby="configurations-title">
            <h2 id="configurations-title" class="page-heading">"Configuration"</h2>
            {body}
        </section>
    }
}

#[component]
fn FilterBar(narrowed: Memo<Narrowed>, found: Signal<String>) -> impl IntoView {
    let search = RwSignal::new(narrowed.read_untracked().search.clone());
    let status = Signal::derive(move || narrowed.read().status.clone());
    let state = Signal::derive(move || narrowed.read().state.clone());
    view! {
        <FilterForm path=Route::CloudSync count=found>
            <SearchBox name="search" label="Search configurations" placeholder="Search by domain" value=search/>
            <FilterPill name="status" label="Status" current=status choices=status_choices()/>
            <FilterPill name="state" label="State" current=state choices=state_choices()/>
        </FilterForm>
    }
}

fn status_choices() -> Vec<FilterChoice> {
    let all = [
        Status::Healthy,
        Status::InitialCycleRunning,
        Status::Waiting,
        Status::Failing,
        Status::Quarantined,
        Status::DeleteThresholdExceeded,
        Status::Disabled,
        Status::Paused,
    ];
    let choices = all
        .into_iter()
        .map(|status| FilterChoice::new(status.label(), status.label()));
    std::iter::once(FilterChoice::new("", "All"))
        .chain(choices)
        .collect()
}

fn state_choices() -> Vec<FilterChoice> {
    let all = [
        Deployment::Enabled,
        Deployment::Disabled,
        Deployment::Paused,
    ]
    .map(deployment_word);
    let choices = all.into_iter().map(|word| FilterChoice::new(word, word));
    std::iter::once(FilterChoice::new("", "All"))
        .chain(choices)
        .collect()
}

fn deployment_word(deployment: Deployment) -> &'static str {
    match deployment {
        Deployment::Enabled => "Enabled",
        Deployment::Disabled => "Disabled",
        Deployment::Paused => "Paused",
    }
}

#[component]
fn NoConfiguration(agents: Vec<AgentSummary>) -> impl IntoView {
    let domains: Vec<String> = agents
        .iter()
        .flat_map(|agent| &agent.domains)
        .map(ToString::to_string)
        .collect();
    let text = if domains.is_empty() {
        "A configuration connects one directory domain with this tenant. Connect a directory to begin."
            .to_owned()
    } else {
        format!(
            "A configuration connects one Active Directory domain with this tenant. An agent already \
             serves {}, so you can begin.",
            domains.join(" and "),
        )
    };
    view! {
        <div class="card">
            <EmptyState glyph=Glyph::CloudSync title="No configuration yet" text>
                <GoButton label="Create the first one" href=Route::NewConfiguration weight=Weight::Primary/>
                <ButtonLink label="Review all directories" href=Route::Directories/>
            </EmptyState>
        </div>
    }
}

#[component]
fn Grid(
    configurations: RwSignal<Vec<ConfigurationSummary>>,
    rows: Memo<Vec<ConfigurationId>>,
) -> impl IntoView {
    let columns = vec![
        Column::new("Configuration"),
        Column::new("Status"),
        Column::new("Last run"),
        Column::new("Next run").hidden_when_medium(),
        Column::new("Objects").number().hidden_when_medium(),
        Column::new("Password hash sync").hidden_when_medium(),
        Column::new("State").hidden_when_narrow(),
        Column::actions(),
    ];
    let row = move |id: ConfigurationId| {
        let find = move || {
            configurations
                .read()
                .iter()
                .find(|each| each.id == id)
                .cloned()
        };
        let initial =
            configurations.with_untracked(|all| all.iter().find(|each| each.id == id).cloned());
        initial.map(|initial| {
            let configuration = Memo::new(move |last: Option<&ConfigurationSummary>| {
                find()
                    .or_else(|| last.cloned())
                    .unwrap_or_else(|| initial.clone())
            });
            view! { <ConfigurationRow configuration/> }
        })
    };
    view! {
        <DataGrid label="Configurations" columns>
            <For each=move || rows.get() key=|id| *id children=row/>
        </DataGrid>
    }
}

#[component]
fn ConfigurationRow(configuration: Memo<ConfigurationSummary>) -> impl IntoView {
    let ConfigurationSummary { id, domain, .. } = configuration.get_untracked();
    let domain = domain.to_string();
    let badge = Signal::derive(move || status::badge(configuration.read().state.status));
    let objects = move || number(configuration.read().state.managed.total());
    let hashes = move || {
        if configuration.read().password_hash_sync {
            "On"
        } else {
            "Off"
        }
    };
    let deployment = move || deployment_word(configuration.read().deployment);
    let menu = row_menu(configuration);
    let menu_id = format!("actions-{id}");
    let menu_label = format!("More actions for {domain}");
    let (link, name) = (domain.clone(), domain.clone());
    view! {
        <Row menu=menu_id.clone()>
            <RowHeader>
                <span class="two-lines">
                    <a href=Route::Configuration(id).to_string()>{link}</a>
                    <small>{word("Active Directory to Azure AD")}</small>
                </span>
            </RowHeader>
            <Cell><StatusBadgeButton badge name href=Route::SyncStatus(id)/></Cell>
            <Cell><LastRun configuration domain/></Cell>
            <Cell room=ColumnRoom::HiddenWhenMedium><NextRun configuration/></Cell>
            <Cell room=ColumnRoom::HiddenWhenMedium number=true label="Objects">{objects}</Cell>
            <Cell room=ColumnRoom::HiddenWhenMedium label="Password hash sync">{hashes}</Cell>
            <Cell room=ColumnRoom::HiddenWhenNarrow label="State">{deployment}</Cell>
            <Cell actions=true>
                <MenuButton
                    id=menu_id
                    label=menu_label
                    commands=menu
                />
            </Cell>
        </Row>
    }
}

#[component]
fn LastRun(configuration: Memo<ConfigurationSummary>, domain: String) -> impl IntoView {
    let progress = Memo::new(move |_| configuration.read().state.progress.clone());
    let cycle = Memo::new(move |_| configuration.read().state.last_cycle.clone());
    let words = move || progress.read().as_ref().map(status::progress_in_words);
    let done = Signal::derive(move || {
        progress
            .read()
            .as_ref()
            .map_or(0, |it| status::reached(it).0)
    });
    let total = Signal::derive(move || {
        progress
            .read()
            .as_ref()
            .and_then(|it| status::reached(it).1)
    });
    let is_running = Memo::new(move |_| progress.read().is_some());
    move || {
        if is_running.get() {
            let label = format!("Cycle of {domain}");
            view! {
                <span class="two-lines">
                    <span>{words}</span>
                    <ProgressBar label done total/>
                </span>
            }
            .into_any()
        } else if let Some(cycle) = cycle.get() {
            view! {
                <span class="two-lines">
                    <Moment at=cycle.ended_at/>
                    <small>{status::outcome_in_words(&cycle)}</small>
                </span>
            }
            .into_any()
        } else {
            view! { <span class="muted">"Not yet run"</span> }.into_any()
        }
    }
}

#[component]
fn NextRun(configuration: Memo<ConfigurationSummary>) -> impl IntoView {
    move || {
        let configuration = configuration.read();
        let state = &configuration.state;
        if let Some(progress) = &state.progress {
            status::time_left(progress)
                .unwrap_or_else(|| "running".to_owned())
                .into_any()
        } else if let Some(at) = state.next_run {
            view! { <Moment at due=true/> }.into_any()
        } else {
            view! { <span class="muted">"None"</span> }.into_any()
        }
    }
}

/// What the state of a configuration asks for: held deletions are allowed, a quarantine is cleared
/// where one sees why it is.
fn way_out(id: ConfigurationId, status: Status) -> MenuCommand {
    match status {
        Status::Quarantined => MenuCommand::go(
            "Clear quarantine",
            Glyph::ShieldCheckmark,
            Route::Quarantine(id).with("ask", "clear"),
        ),
        _ => MenuCommand::go(
            "Allow deletes",
            Glyph::ShieldTask,
            Route::SyncStatus(id).with("ask", "allow"),
        )
        .unavailable_because(
            (status != Status::DeleteThresholdExceeded).then_some("No deletions are held."),
        ),
    }
}

fn row_menu(configuration: Memo<ConfigurationSummary>) -> Signal<Vec<MenuCommand>> {
    let id = configuration.read_untracked().id;
    let delete = ServerAction::<api::configurations::Delete>::new();
    let navigate = use_navigate();
    let ask = navigate.clone();
    let delete = Callback::new(move |()| {
        if browser::prefers(Preference::ConfirmDeleting) {
            ask(&deletion::question(id), Default::default());
        } else {
            delete.dispatch(api::configurations::Delete {
                id,
                is_confirmed: false,
            });
        }
    });
    let enable = Callback::new(move |()| {
        navigate(
            &format!("{}#deploy", Route::Configuration(id)),
            Default::default(),
        );
    });
    Signal::derive(move || {
        let configuration = configuration.read();
        let is_enabled = configuration.deployment.is_enabled();
        let not_enabled = (!is_enabled).then_some("Enable the configuration first.");
        let mut commands = vec![
            MenuCommand::go(
                "View provisioning logs",
                Glyph::DocumentBulletList,
                Route::ProvisioningLogsOf(id),
            ),
            MenuCommand::go("View agents", Glyph::ServerMultiple, Route::Agents),
            MenuCommand::go("View sync status", Glyph::HeartPulse, Route::SyncStatus(id)),
            way_out(id, configuration.state.status)
                .changes()
                .after_line(),
            MenuCommand::go(
                word("Restart provisioning"),
                Glyph::ArrowSync,
                Route::Configuration(id).with("ask", "restart"),
            )
            .changes()
            .unavailable_because(not_enabled),
        ];
        if !is_enabled {
            commands.push(MenuCommand::run("Enable…", Glyph::PlayCircle, enable).changes());
        }
        commands.push(
            MenuCommand::run("Delete", Glyph::Delete, delete)
                .danger()
                .after_line(),
        );
        commands
    })
}
