//! `/cloud-sync`: all configurations, how they are, and what needs a decision.

pub mod agents;
pub mod audit_logs;
pub mod configurations;
pub mod insights;
pub mod list;
pub mod list_row;
pub mod new;
pub mod provisioning_logs;
pub mod status;

use engine::{
    cycle::deletion_guard::PAUSED,
    records::{AgentSummary, ConfigurationSummary, Status, TenantOverview},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use self::list::Configurations;
use super::{
    frame::{self, label},
    loading::when_loaded,
};
use crate::{
    api::{self, ApiError, resource::resource},
    components::{
        button::ButtonLink,
        command_bar::Command,
        copy_button::CopyButton,
        essentials::{Essentials, Fact},
        icon::Glyph,
        message_bar::{MessageBar, Severity},
        page::Page,
        status_badge::{Badge, StatusBadge, Tone},
        title_row::PageTitle,
    },
    live::{self, keep_fresh},
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
    let (configurations, agents) = (RwSignal::new(configurations), RwSignal::new(agents));
    keep_fresh(configurations, api::configurations::list);
    keep_fresh(agents, api::agents::list);
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
            <Facts tenant agents configurations/>
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
            let verb = if held == 1 { "is" } else { "are" };
            let text = format!("{} {verb} held in {domain}. {PAUSED}", count(held, "deletion"));
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
    agents: RwSignal<Vec<AgentSummary>>,
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
                <StatusBadge badge=Signal::derive(move || agents_badge(&agents.read()))/>
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
