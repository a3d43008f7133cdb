//! `/directories`: the directories on-premises that can be read, and how they are.

pub mod connection;
pub mod id;
pub mod new;

use engine::records::{Contact, DirectoryKind, DirectorySummary};
use leptos::prelude::*;

use super::{
    frame::{self, label},
    loading::when_loaded,
};
use crate::{
    api::{self, resource::resource},
    components::{
        button::{GoButton, Weight},
        command_bar::Command,
        data_grid::{Cell, Column, ColumnRoom, DataGrid, Row, RowHeader},
        empty_state::EmptyState,
        icon::Glyph,
        moment::Moment,
        page::Page,
        status_badge::{Badge, StatusBadge, Tone},
    },
    live::{self, keep_fresh},
    routes::Route,
};

#[component]
pub fn Directories() -> impl IntoView {
    let directories = resource(|| (), |()| api::directories::list());
    when_loaded(directories, page)
}

fn page(directories: Vec<DirectorySummary>) -> impl IntoView {
    let directories = RwSignal::new(directories);
    keep_fresh(directories, api::directories::list);
    let commands = vec![
        Command::go("Connect directory", Glyph::Add, Route::NewDirectory).changes(),
        Command::run("Refresh", Glyph::ArrowClockwise, live::refresh()),
        Command::go("Review all agents", Glyph::ServerMultiple, Route::Agents)
            .after_line()
            .optional(),
    ];
    let is_empty = Memo::new(move |_| directories.read().is_empty());
    view! {
        <Page
            title=label::DIRECTORIES
            subtitle="The directories that agents can read"
            glyph=Glyph::FolderPeople
            above=frame::azure_active_directory()
            menu=frame::tenant_menu(label::DIRECTORIES)
            commands
        >
            {move || match is_empty.get() {
                true => view! { <div class="card"><NoDirectory/></div> }.into_any(),
                false => view! { <Grid directories/> }.into_any(),
            }}
        </Page>
    }
}

/// What stands where directories would, and what a new installation begins with.
#[component]
pub fn NoDirectory() -> impl IntoView {
    view! {
        <EmptyState
            glyph=Glyph::FolderPeople
            title="No directory is connected yet"
            text="A configuration synchronizes the users, groups and contacts of one directory. Connect a directory to begin."
        >
            <GoButton label="Connect a directory" href=Route::NewDirectory weight=Weight::Primary/>
        </EmptyState>
    }
}

#[component]
fn Grid(directories: RwSignal<Vec<DirectorySummary>>) -> impl IntoView {
    let columns = vec![
        Column::new("Domain"),
        Column::new("Kind"),
        Column::new("Address").hidden_when_medium(),
        Column::new("State"),
        Column::new("Configuration").hidden_when_narrow(),
    ];
    view! {
        <DataGrid label="Directories" columns>
            <For each=move || directories.get() key=|row| format!("{row:?}") children=row/>
        </DataGrid>
    }
}

fn row(directory: DirectorySummary) -> impl IntoView {
    let kind = kind_in_words(directory.kind);
    let href = Route::Directory(directory.id).to_string();
    let contact = directory.last_contact.as_ref();
    let (badge, at) = (badge(&directory), contact.map(|contact| contact.at));
    let configuration = directory.configuration.map(|id| {
        let href = Route::Configuration(id).to_string();
        view! { <a href=href>"Open configuration"</a> }
    });
    let configuration = match configuration {
        Some(link) => link.into_any(),
        None => view! { <span class="muted">"None"</span> }.into_any(),
    };
    view! {
        <Row>
            <RowHeader><a href=href>{directory.domain.to_string()}</a></RowHeader>
            <Cell>{kind}</Cell>
            <Cell room=ColumnRoom::HiddenWhenMedium>{directory.address}</Cell>
            <Cell>
                <span class="row">
                    <StatusBadge badge/>
                    {at.map(|at| view! { <span class="muted"><Moment at/></span> })}
                </span>
            </Cell>
            <Cell room=ColumnRoom::HiddenWhenNarrow>{configuration}</Cell>
        </Row>
    }
}

pub fn kind_in_words(kind: DirectoryKind) -> &'static str {
    match kind {
        DirectoryKind::Forest => "Demo forest",
        DirectoryKind::Ldap => "LDAP directory",
    }
}

/// The last word of a directory. A demo forest is always there.
pub fn badge(directory: &DirectorySummary) -> Badge {
    match (directory.kind, &directory.last_contact) {
        (_, Some(Contact { error: Some(_), .. })) => {
            Badge::new("Not answering", Glyph::ErrorCircleFilled, Tone::Bad)
        }
        (_, Some(_)) | (DirectoryKind::Forest, None) => {
            Badge::new("Connected", Glyph::CheckmarkCircleFilled, Tone::Good)
        }
        (DirectoryKind::Ldap, None) => Badge::new("Not tried yet", Glyph::CircleOff, Tone::Off),
    }
}
