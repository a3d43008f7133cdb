//! `/cloud-sync/agents`: the agents that read directories.

use engine::records::AgentSummary;
use leptos::prelude::*;

use crate::{
    api::{self, resource::resource},
    components::{
        button::ButtonLink,
        command_bar::Command,
        copy_button::CopyButton,
        data_grid::{Cell, Column, ColumnRoom, DataGrid, Row, RowHeader},
        icon::Glyph,
        message_bar::MessageBar,
        moment::Moment,
        page::Page,
        status_badge::{Badge, StatusBadge, Tone},
    },
    live::{self, keep_fresh},
    pages::{
        frame::{self, label},
        loading::when_loaded,
    },
    routes::Route,
    skin::word,
    wording::{count, interval},
};

#[component]
pub fn Agents() -> impl IntoView {
    let agents = resource(|| (), |()| api::agents::list());
    when_loaded(agents, page)
}

fn page(agents: Vec<AgentSummary>) -> impl IntoView {
    let agents = RwSignal::new(agents);
    keep_fresh(agents, api::agents::list);
    let commands = vec![
        Command::run("Refresh", Glyph::ArrowClockwise, live::refresh()),
        Command::go(
            "Review all directories",
            Glyph::FolderPeople,
            Route::Directories,
        )
        .after_line(),
    ];
    view! {
        <Page
            title=word("On-premises provisioning agents")
            subtitle=word("Azure AD Connect cloud sync")
            glyph=Glyph::ServerMultiple
            above=frame::cloud_sync()
            menu=frame::cloud_sync_menu(label::AGENTS)
            commands
            state=live::last_update_in_words()
        >
            <p class="muted lead">
                "An agent reads the directories of its domains and answers the portal's questions about them."
            </p>
            <MessageBar
                id="no-download"
                start="No agent has to be installed."
                text="The one that is built in serves every directory that is connected here: name its address and an account that may read it."
            >
                <ButtonLink label="Connect a directory" href=Route::NewDirectory small=true/>
            </MessageBar>
            <Grid agents/>
            <p class="muted">{move || agents.read().iter().filter_map(deletions_in_words).collect_view()}</p>
        </Page>
    }
}

/// How long it may take until a deletion is noticed; none where every directory reports them.
fn deletions_in_words(agent: &AgentSummary) -> Option<String> {
    let (last, others) = agent.deletions_checked.split_last()?;
    let others: Vec<String> = others.iter().map(ToString::to_string).collect();
    let domains = match others.is_empty() {
        true => format!("{last} does"),
        false => format!("{} and {last} do", others.join(", ")),
    };
    let every = interval(agent.deletions_checked_every_seconds);
    Some(format!(
        "{domains} not report deletions: they are checked every {every}."
    ))
}

#[component]
fn Grid(agents: RwSignal<Vec<AgentSummary>>) -> impl IntoView {
    let columns = vec![
        Column::new("Machine name"),
        Column::new("Status"),
        Column::new("Domains"),
        Column::new("Version").hidden_when_narrow(),
        Column::new("Last contact"),
    ];
    let found = move || count(agents.read().len() as u64, "agent");
    view! {
        <p class="muted" role="status">{found}</p>
        <DataGrid label="Agents" columns>
            {move || agents.get().into_iter().map(row).collect_view()}
        </DataGrid>
    }
}

fn row(agent: AgentSummary) -> impl IntoView {
    let badge = if agent.is_active {
        Badge::new("active", Glyph::CheckmarkCircleFilled, Tone::Good)
    } else {
        Badge::new("inactive", Glyph::WarningFilled, Tone::Warning)
    };
    let domains: Vec<String> = agent.domains.iter().map(ToString::to_string).collect();
    view! {
        <Row>
            <RowHeader>
                <span class="row">
                    <span class="strong">{agent.machine_name.clone()}</span>
                    <CopyButton what="machine name" text=agent.machine_name/>
                </span>
            </RowHeader>
            <Cell><StatusBadge badge/></Cell>
            <Cell>{domains.join(", ")}</Cell>
            <Cell room=ColumnRoom::HiddenWhenNarrow label="Version">{agent.version}</Cell>
            <Cell><Moment at=agent.last_contact/></Cell>
        </Row>
    }
}
