//! `/azure-ad-connect`: the entry that the guide begins with.

use engine::records::{AgentSummary, ConfigurationSummary};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    cloud_sync::status,
    frame::{self, label},
    loading::when_loaded,
};
use crate::{
    api::{self, ApiError, resource::resource},
    components::{
        card::Card,
        essentials::Fact,
        icon::{Glyph, Icon},
        moment::Moment,
        page::Page,
        status_badge::StatusBadge,
    },
    live::keep_fresh,
    routes::Route,
    skin::word,
    wording::{count, number},
};

/// What the page shows.
#[derive(Clone, Serialize, Deserialize)]
struct Connect {
    configurations: Vec<ConfigurationSummary>,
    agents: Vec<AgentSummary>,
}

async fn load() -> Result<Connect, ApiError> {
    Ok(Connect {
        configurations: api::configurations::list().await?,
        agents: api::agents::list().await?,
    })
}

#[component]
pub fn AzureAdConnect() -> impl IntoView {
    let connect = resource(|| (), |()| load());
    when_loaded(connect, page)
}

fn page(connect: Connect) -> impl IntoView {
    let shown = RwSignal::new(connect);
    keep_fresh(shown, load);
    view! {
        <Page
            title=word("Azure AD Connect")
            subtitle=word("Azure Active Directory")
            glyph=Glyph::CloudSync
            above=frame::azure_active_directory()
            menu=frame::tenant_menu(label::AZURE_AD_CONNECT)
        >
            <div class="with-summary">
                <section class="stack" aria-labelledby="provision-title">
                    <h2 id="provision-title" class="page-heading">"Provision from Active Directory"</h2>
                    <p class="lead">
                        "Bring users, groups and contacts of your directory into this tenant with light agents."
                    </p>
                    <p>
                        <a class="big-link" href=Route::CloudSync.to_string()>
                            <Icon glyph=Glyph::ArrowSyncCircle/>
                            {word("Manage cloud sync")}
                        </a>
                    </p>
                    <p class="muted lead">
                        "Cloud sync reads a directory through an agent, works out what has changed, and "
                        "writes only that. What a configuration synchronizes, how values are mapped and "
                        "when deletions are held back is decided for each domain."
                    </p>
                </section>
                <aside aria-label="Summary">
                    <Card id="sync-status-title" title="Sync status">
                        <dl class="facts">{move || facts(&shown.read())}</dl>
                    </Card>
                </aside>
            </div>
        </Page>
    }
}

fn facts(connect: &Connect) -> impl IntoView + use<> {
    let Connect {
        configurations,
        agents,
    } = connect;
    let worst = configurations
        .iter()
        .map(|each| each.state.status)
        .max_by_key(|it| status::urgency(*it));
    let last = configurations
        .iter()
        .filter_map(|each| each.state.last_cycle.as_ref())
        .map(|it| it.ended_at)
        .max();
    let managed: u64 = configurations
        .iter()
        .map(|each| each.state.managed.total())
        .sum();
    let active = agents.iter().filter(|agent| agent.is_active).count();
    let number_of_configurations = count(configurations.len() as u64, "configuration");
    let active = format!("{active} active of {}", agents.len());
    view! {
        <Fact name="Cloud sync">{number_of_configurations}</Fact>
        <Fact name="Status">
            {match worst {
                Some(worst) => view! { <StatusBadge badge=status::badge(worst)/> }.into_any(),
                None => view! { <span class="muted">"Not configured"</span> }.into_any(),
            }}
        </Fact>
        <Fact name="Last sync">
            {match last {
                Some(last) => view! { <Moment at=last/> }.into_any(),
                None => view! { <span class="muted">"Not yet run"</span> }.into_any(),
            }}
        </Fact>
        <Fact name="Objects in sync">{number(managed)}</Fact>
        <Fact name="Agents">{active}</Fact>
    }
}
