//! `/cloud-sync/configurations/:id`: Edit provisioning configuration. The scope pane and the sync
//! status pane are addresses below it and open over it.

pub mod attribute_mappings;
pub mod deletion;
pub mod editor;
pub mod expression_builder;
pub mod get_started;
pub mod leaving;
pub mod next_step;
pub mod on_demand;
pub mod overview;
pub mod preview;
pub mod properties;
pub mod quarantine;
pub mod restart;
pub mod restart_bar;
pub mod review;
pub mod scoping_filters;
pub mod sections;
pub mod status;
pub mod summary;

use engine::{
    configuration::ConfigurationId,
    preview::PreviewSummary,
    records::{ConfigurationDetails, Status},
};
use leptos::{ev, prelude::*, server_fn::ServerFn};
use leptos_router::hooks::{use_location, use_navigate, use_params_map, use_query_map};

use self::editor::Editor;
use crate::{
    api::{self, ApiError, configurations::Save, previews::MakeOfDraft, resource::resource},
    components::{
        button::ButtonLink,
        command_bar::Command,
        icon::Glyph,
        message_bar::{MessageBar, Severity},
        page::Page,
        toast::{Toast, Toasts},
    },
    live::{self, keep_fresh},
    pages::{
        forms::{after, complain, go_to},
        frame::{self, label},
        loading::when_loaded,
    },
    routes::Route,
    skin::{Skin, word},
    wording::{count, number},
};

/// The form that **Save** sends.
const SAVE_FORM: &str = "configuration-form";

#[component]
pub fn EditConfiguration() -> impl IntoView {
    let id = configuration_in_address();
    let details = resource(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => api::configurations::details(id).await,
                None => Err(ApiError::NotFound(
                    "There is no such configuration.".to_owned(),
                )),
            }
        },
    );
    let skin = Skin::here();
    when_loaded(details, move |details| match skin {
        Skin::Classic => page(details).into_any(),
        Skin::New => overview::pages(details).into_any(),
    })
}

/// The configuration that the address names.
pub fn configuration_in_address() -> Memo<Option<ConfigurationId>> {
    let params = use_params_map();
    Memo::new(move |_| params.read().get("id")?.parse().ok())
}

fn page(details: ConfigurationDetails) -> impl IntoView {
    let id = details.configuration.id;
    let editor = Editor::new(details);
    follow_state(editor);
    let save = save_action(editor, |_| ());
    view! {
        <Page
            title="Edit provisioning configuration"
            subtitle=format!("{} · Active Directory to Azure AD", editor.domain())
            glyph=Glyph::ArrowSyncCircle
            above=frame::cloud_sync()
            here=editor.domain()
            menu=frame::configuration_menu(id, label::EDIT)
            commands=commands(editor, save)
            state=Signal::derive(move || unsaved_in_words(editor))
            state_needs_attention=Signal::derive(move || editor.has_changes())
        >
            <Bars editor save/>
            <div class="with-summary">
                <SaveForm editor save/>
                <summary::Summary editor/>
            </div>
            <deletion::Deletion editor/>
            <restart::RestartDialog editor/>
            <leaving::LeaveDialog unsaved=unsaved(editor)/>
            <Panes editor/>
        </Page>
    }
}

/// The panes belong to the page; every other address is left with a question.
fn unsaved(editor: Editor) -> leaving::Unsaved {
    let id = editor.id();
    let own = [
        Route::Configuration(id),
        Route::GetStarted(id),
        Route::Properties(id),
        Route::ScopingFilters(id),
        Route::SyncStatus(id),
    ];
    leaving::Unsaved {
        paths: own.map(|route| route.to_string()).into(),
        domain: editor.domain(),
        changes: Signal::derive(move || editor.changes().len() as u64),
        discard: Callback::new(move |()| editor.discard()),
    }
}

fn commands(editor: Editor, save: ServerAction<Save>) -> Vec<Command> {
    let nothing_to_save = Signal::derive(move || {
        let text = if save.pending().get() {
            "Saving."
        } else if editor.has_changes() {
            return None;
        } else {
            "Nothing has changed."
        };
        Some(text.to_owned())
    });
    let nothing_to_discard =
        Signal::derive(move || (!editor.has_changes()).then(|| "Nothing has changed.".to_owned()));
    vec![
        Command::submit("Save", Glyph::Save, SAVE_FORM)
            .primary()
            .unavailable_because(nothing_to_save),
        Command::run(
            "Discard",
            Glyph::ArrowUndo,
            Callback::new(move |()| editor.discard()),
        )
        .unavailable_because(nothing_to_discard),
    ]
    .into_iter()
    .chain(commands_of_both_skins(editor))
    .collect()
}

/// What stands behind the first commands of a configuration's page, whatever the skin.
fn commands_of_both_skins(editor: Editor) -> [Command; 5] {
    let id = editor.id();
    let delete = Skin::here().choose("Delete", "Delete configuration");
    [
        Command::go(
            word("Restart provisioning"),
            Glyph::ArrowSync,
            Route::Configuration(id).with("ask", "restart"),
        )
        .changes()
        .after_line()
        .optional()
        .unavailable_because(not_enabled(editor)),
        Command::submit(delete, Glyph::Delete, deletion::DELETE_FORM)
            .danger()
            .optional(),
        preview_command(editor),
        Command::go(
            "Provisioning logs",
            Glyph::DocumentBulletList,
            Route::ProvisioningLogsOf(id),
        )
        .after_line()
        .optional(),
        Command::run("Refresh", Glyph::ArrowClockwise, live::refresh()).optional(),
    ]
}

/// Why a command cannot be used that needs an enabled configuration.
fn not_enabled(editor: Editor) -> Signal<Option<String>> {
    Signal::derive(move || {
        let is_off = editor.state.read().status == Status::Disabled;
        is_off.then(|| "Enable the configuration first.".to_owned())
    })
}

/// The plan of what the form says, saved or not.
fn preview_command(editor: Editor) -> Command {
    let id = editor.id();
    let make = ServerAction::<MakeOfDraft>::new();
    let toasts = Toasts::here();
    // Whoever edits stays here: what was typed is not saved yet.
    after(make, move |preview: PreviewSummary| {
        let title = "What saving and restarting would do";
        let text = preview_in_words(&preview);
        toasts.show(match preview.counts.failures.total() {
            0 => Toast::success(title, text),
            _ => Toast::warning(title, text),
        });
    });
    complain(make.value().into(), "No preview");
    let busy = Signal::derive(move || {
        let is_busy = make.pending().get();
        is_busy.then(|| "The directory is being read and compared with the tenant.".to_owned())
    });
    let navigate = use_navigate();
    let look = Callback::new(move |()| {
        if editor.has_changes_untracked() {
            let draft = untrack(|| editor.draft());
            make.dispatch(MakeOfDraft { id, draft });
        } else {
            navigate(&Route::Preview(id).to_string(), Default::default());
        }
    });
    Command::run("Preview", Glyph::Beaker, look)
        .changes()
        .optional()
        .unavailable_because(busy)
}

fn preview_in_words(preview: &PreviewSummary) -> String {
    let counts = &preview.counts;
    let held = match &preview.held_because {
        Some(why) => {
            format!(" Deletions would be held: {why}. No other change would be written either.")
        }
        None => String::new(),
    };
    format!(
        "{} created, {} changed, {} deleted, {} failed.{held} The Preview page shows each of them.",
        number(counts.creates.total() + counts.restores.total()),
        number(counts.updates.total() + counts.take_overs.total()),
        number(counts.deletes.total()),
        number(counts.failures.total()),
    )
}

fn unsaved_in_words(editor: Editor) -> String {
    match editor.changes().len() as u64 {
        0 => String::new(),
        changes => count(changes, "unsaved change"),
    }
}

/// Keeps the state as it is on the server, and notices when the configuration is gone.
fn follow_state(editor: Editor) {
    let id = editor.id();
    let latest = RwSignal::new(Some(editor.state.get_untracked()));
    keep_fresh(latest, move || api::configurations::state(id));
    Effect::new(move || match latest.get() {
        Some(state) => editor.state.set(state),
        None => editor.is_gone.set(true),
    });
}

/// Saving, and what is said when the answer comes.
fn save_action(editor: Editor, saved: impl Fn(&[String]) + 'static) -> ServerAction<Save> {
    let save = ServerAction::<Save>::new();
    // A form that was sent without a script comes back with its errors.
    if let Some(Err(ApiError::Invalid(errors))) = save.value().get_untracked() {
        editor.errors.set(errors);
    }
    let toasts = Toasts::here();
    Effect::new(move || match save.value().get() {
        Some(Ok(details)) => {
            let changes = editor.changes_untracked();
            editor.take_over(details);
            saved(&changes);
            toasts.show(Toast::success(
                "Settings saved",
                format!("{}.", changes.join(", ")),
            ));
        }
        Some(Err(ApiError::Invalid(errors))) => editor.show_errors(errors),
        Some(Err(error)) => toasts.show(Toast::error("Not saved", error.to_string())),
        None => {}
    });
    save
}

/// What concerns the whole page: a restart that is due, what is switched off, what went wrong.
#[component]
fn Bars(editor: Editor, save: ServerAction<Save>) -> impl IntoView {
    let id = editor.id();
    let refused = Memo::new(move |_| {
        let answer = save.value();
        let answer = answer.read();
        answer
            .as_ref()?
            .as_ref()
            .err()
            .and_then(ApiError::of_whole_form)
    });
    let is_off = Memo::new(move |_| editor.state.read().status == Status::Disabled);
    let quarantine = Memo::new(move |_| {
        let state = editor.state.read();
        let is_quarantined = state.status == Status::Quarantined;
        status::trouble_of(&state).filter(|_| is_quarantined)
    });
    view! {
        {move || editor.is_gone.get().then(|| view! {
            <MessageBar
                id="gone"
                severity=Severity::Error
                start="This configuration was deleted."
                text="Nothing can be saved here any more."
                announced=true
            >
                <ButtonLink label="Back to configurations" href=Route::CloudSync small=true/>
            </MessageBar>
        })}
        {move || refused.get().map(|text| view! {
            <MessageBar id="not-saved" severity=Severity::Error start="Not saved." text announced=true/>
        })}
        {move || quarantine.get().map(|trouble| view! {
            <quarantine::callout::QuarantineBar editor trouble/>
        })}
        <restart_bar::RestartBar id start="Scope was changed." state=editor.state/>
        {move || is_off.get().then(|| view! {
            <MessageBar
                id="switched-off"
                start="This configuration is switched off."
                text=Skin::here().choose(
                    "Check scope and settings, then choose Enable and Save.",
                    "Check scope and properties, then choose Review and enable.",
                )
            />
        })}
    }
}

#[component]
fn SaveForm(editor: Editor, save: ServerAction<Save>) -> impl IntoView {
    let id = editor.id();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if !editor.has_changes_untracked() || save.pending().get_untracked() {
            return;
        }
        match editor.settings_draft().validate() {
            Ok(_) => {
                save.dispatch(Save {
                    id,
                    draft: editor.draft(),
                });
            }
            Err(errors) => editor.show_errors(errors),
        }
    };
    view! {
        <form id=SAVE_FORM method="post" action=Save::url() on:submit=submit novalidate data-save>
            <input type="hidden" name="id" value=id.to_string()/>
            <input type="hidden" name="draft[revision]" value=move || editor.saved.read().configuration.revision.to_string()/>
            {move || editor.scope_to_save().map(|scope| scoping_filters::hidden_inputs(&scope))}
            <sections::Sections editor/>
        </form>
        <sections::FormsOfLinks id/>
    }
}

/// Which question the address asks.
fn asked(question: &'static str) -> Memo<bool> {
    let query = use_query_map();
    Memo::new(move |_| query.read().get("ask").is_some_and(|ask| ask == question))
}

/// The panes that have addresses below the page's.
#[component]
fn Panes(editor: Editor) -> impl IntoView {
    let path = use_location().pathname;
    let id = editor.id();
    let is_open = move |pane: Route| Memo::new(move |_| *path.read() == pane.to_string());
    let scope_is_open = is_open(Route::ScopingFilters(id));
    let status_is_open = is_open(Route::SyncStatus(id));
    view! {
        {move || scope_is_open.get().then(|| view! { <scoping_filters::ScopingFilters editor/> })}
        {move || status_is_open.get().then(|| view! { <status::SyncStatus editor/> })}
    }
}

/// Back to the page under a pane or a question.
fn close_pane(editor: Editor) -> Callback<()> {
    go_to(Route::Configuration(editor.id()).to_string())
}
