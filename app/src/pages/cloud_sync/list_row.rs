//! A configuration in the list: how it is, when it ran and runs, and what its menu does.

use engine::{
    configuration::ConfigurationId,
    records::{ConfigurationSummary, Status},
};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use super::{list::deployment_word, status};
use crate::{
    api, browser,
    components::{
        data_grid::{Cell, ColumnRoom, Row, RowHeader},
        icon::Glyph,
        menu::{MenuButton, MenuCommand},
        moment::Moment,
        progress::ProgressBar,
        status_badge::StatusBadgeButton,
    },
    preferences::Preference,
    routes::{Route, deletion_question},
    skin::word,
    wording::number,
};

#[component]
pub fn ConfigurationRow(configuration: Memo<ConfigurationSummary>) -> impl IntoView {
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
        } else {
            status::next_run(state)
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
            ask(&deletion_question(id), Default::default());
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
