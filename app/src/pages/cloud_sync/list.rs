//! The list of configurations: what the address narrows it to, and what it says when it is empty.

use engine::{
    configuration::{ConfigurationId, Deployment},
    records::{AgentSummary, ConfigurationSummary, Status},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::list_row::ConfigurationRow;
use crate::{
    components::{
        button::{ButtonLink, GoButton, Weight},
        data_grid::{Column, DataGrid},
        empty_state::EmptyState,
        field::SearchBox,
        filters::{FilterChoice, FilterForm, FilterPill, search_text},
        icon::Glyph,
    },
    pages::directories::NoDirectory,
    routes::Route,
    wording::count,
};

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
pub fn Configurations(
    configurations: RwSignal<Vec<ConfigurationSummary>>,
    agents: RwSignal<Vec<AgentSummary>>,
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
            view! { <NoConfiguration agents/> }.into_any()
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
    let search = search_text(Signal::derive(move || narrowed.read().search.clone()));
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

pub fn deployment_word(deployment: Deployment) -> &'static str {
    match deployment {
        Deployment::Enabled => "Enabled",
        Deployment::Disabled => "Disabled",
        Deployment::Paused => "Paused",
    }
}

#[component]
fn NoConfiguration(agents: RwSignal<Vec<AgentSummary>>) -> impl IntoView {
    let domains = Memo::new(move |_| {
        let agents = agents.read();
        let domains = agents.iter().flat_map(|agent| &agent.domains);
        domains.map(ToString::to_string).collect::<Vec<_>>()
    });
    move || {
        let domains = domains.read();
        let body = match domains.is_empty() {
            true => view! { <NoDirectory/> }.into_any(),
            false => ready_to_begin(&domains.join(" and ")).into_any(),
        };
        view! { <div class="card">{body}</div> }
    }
}

fn ready_to_begin(domains: &str) -> impl IntoView + use<> {
    let text = format!(
        "A configuration connects one Active Directory domain with this tenant. An agent already \
         serves {domains}, so you can begin.",
    );
    view! {
        <EmptyState glyph=Glyph::CloudSync title="No configuration yet" text>
            <GoButton label="Create the first one" href=Route::NewConfiguration weight=Weight::Primary/>
            <ButtonLink label="Review all directories" href=Route::Directories/>
        </EmptyState>
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
