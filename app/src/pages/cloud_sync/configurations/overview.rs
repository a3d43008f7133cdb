//! `/cloud-sync/configurations/:id`, new skin: the overview, and the frame of the pages that share
//! its editor (Get started, Properties). Panes open over the overview as in the classic skin.

use engine::records::{ConfigurationDetails, Status};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::{
    Bars, Panes, commands_of_both_skins, deletion,
    editor::Editor,
    follow_state,
    get_started::GetStarted,
    leaving,
    next_step::{Nudge, Step},
    not_enabled,
    properties::Properties,
    restart, review, save_action, summary, unsaved, unsaved_in_words,
};
use crate::{
    api::configurations::Save,
    components::{
        card::Card, command_bar::Command, essentials::Fact, icon::Glyph, page::Page,
        title_row::PageTitle,
    },
    pages::frame::{self, label},
    routes::Route,
    skin::word,
    wording::count,
};

/// What the pages of one configuration share.
#[derive(Clone, Copy)]
pub struct Shown {
    pub editor: Editor,
    pub save: ServerAction<Save>,
    /// What was saved last.
    pub saved: RwSignal<Option<Step>>,
}

/// Which of the pages is open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Overview,
    GetStarted,
    Properties,
}

pub fn pages(details: ConfigurationDetails) -> impl IntoView {
    let editor = Editor::new(details);
    follow_state(editor);
    let saved = RwSignal::new(None);
    let save = save_action(editor, move |changes| {
        saved.set(Some(Step::of_changes(changes)));
    });
    let shown = Shown {
        editor,
        save,
        saved,
    };
    save_scope_at_once(shown);
    let path = use_location().pathname;
    let id = editor.id();
    let place = Memo::new(move |_| {
        let path = path.read();
        match path.as_str() {
            path if path == Route::GetStarted(id).to_string() => Place::GetStarted,
            path if path == Route::Properties(id).to_string() => Place::Properties,
            _ => Place::Overview,
        }
    });
    move || page(shown, place.get())
}

/// In this skin the scope has a page of its own, and what is chosen there is saved there.
fn save_scope_at_once(shown: Shown) {
    let Shown { editor, save, .. } = shown;
    Effect::new(move || {
        if editor.scope_to_save().is_some() && !save.pending().get_untracked() {
            let draft = untrack(|| editor.draft());
            save.dispatch(Save {
                id: editor.id(),
                draft,
            });
        }
    });
}

fn page(shown: Shown, place: Place) -> impl IntoView {
    let editor = shown.editor;
    let id = editor.id();
    let is_enabled =
        Signal::derive(move || editor.saved.read().configuration.deployment.is_enabled());
    let (current, body) = match place {
        Place::Overview => (label::EDIT, view! { <Overview shown/> }.into_any()),
        Place::GetStarted => (label::GET_STARTED, view! { <GetStarted shown/> }.into_any()),
        Place::Properties => (label::PROPERTIES, view! { <Properties shown/> }.into_any()),
    };
    view! {
        <Page
            title=PageTitle::of(editor.domain(), word(current))
            subtitle=word("Active Directory to Azure AD")
            glyph=Glyph::ArrowSyncCircle
            above=frame::cloud_sync()
            here=editor.domain()
            menu=frame::configuration_menu(id, current)
            commands=commands(editor)
            state=Signal::derive(move || unsaved_in_words(editor))
            state_needs_attention=Signal::derive(move || editor.has_changes())
        >
            <Bars editor save=shown.save/>
            <Nudge id is_enabled saved=shown.saved/>
            {body}
            <deletion::Deletion editor/>
            <restart::RestartDialog editor/>
            <review::ReviewDialog shown/>
            <leaving::LeaveDialog unsaved=unsaved(editor)/>
            <Panes editor/>
        </Page>
    }
}

fn commands(editor: Editor) -> Vec<Command> {
    let id = editor.id();
    let enabled_already = Signal::derive(move || {
        let is_on = editor.state.read().status != Status::Disabled;
        is_on.then(|| "The configuration is enabled.".to_owned())
    });
    vec![
        Command::go(
            "Review and enable",
            Glyph::PlayCircle,
            Route::Configuration(id).with("ask", "enable"),
        )
        .changes()
        .primary()
        .unavailable_because(enabled_already),
        Command::go(
            "Disable",
            Glyph::Prohibited,
            Route::Configuration(id).with("ask", "disable"),
        )
        .changes()
        .unavailable_because(not_enabled(editor)),
    ]
    .into_iter()
    .chain(commands_of_both_skins(editor))
    .collect()
}

#[component]
fn Overview(shown: Shown) -> impl IntoView {
    let editor = shown.editor;
    view! {
        <div class="with-summary">
            <Card id="configuration-title" title="Configuration"><Facts editor/></Card>
            <summary::Summary editor/>
        </div>
    }
}

/// What is chosen, each with the way to change it.
#[component]
pub fn Facts(editor: Editor) -> impl IntoView {
    let id = editor.id();
    let scope = move || editor.saved.read().configuration.scope.summary();
    let mappings = move || {
        let saved = editor.saved.read();
        let rows = saved.configuration.mappings.values();
        count(rows.map(|rows| rows.len() as u64).sum(), "mapping")
    };
    let protection = move || {
        let saved = editor.saved.read();
        let protection = saved.configuration.deletion_protection;
        match protection.prevent_accidental_deletion {
            true => format!("On, threshold {}", protection.threshold),
            false => "Off".to_owned(),
        }
    };
    let mail = move || {
        let saved = editor.saved.read();
        match saved.configuration.notification_emails.as_slice() {
            [] => "Nobody is notified".to_owned(),
            addresses => addresses.join("; "),
        }
    };
    let hashes = move || match editor.saved.read().configuration.password_hash_sync {
        true => "On",
        false => "Off",
    };
    view! {
        <dl class="facts wide-names">
            <Fact name="Objects in scope">
                <a href=Route::ScopingFilters(id).to_string()>{scope}</a>
            </Fact>
            <Fact name="Attribute mapping">
                <a href=Route::AttributeMappings(id).to_string()>{mappings}</a>
            </Fact>
            <Fact name="Prevent accidental deletion">
                <a href=Route::Properties(id).to_string()>{protection}</a>
            </Fact>
            <Fact name="Notification email">
                <a href=Route::Properties(id).to_string()>{mail}</a>
            </Fact>
            <Fact name="Password hash sync">{hashes}</Fact>
        </dl>
    }
}
