//! `…/:id/attribute-mappings`: how values of the directory become values of the tenant. Rows are
//! changed on the page; **Save schema** stores all of them.

pub mod editor;
pub mod grid;
pub mod pane;
pub mod questions;
pub mod trial;

use engine::{directory::ObjectKind, records::ConfigurationDetails};
use leptos::prelude::*;

use self::editor::SchemaEditor;
use super::{
    asked,
    expression_builder::{Builder, ExpressionBuilder},
    leaving,
    next_step::{Nudge, Step},
    restart_bar::RestartBar,
};
use crate::{
    api::{self, configurations::Details},
    components::{
        button::{Button, GoForm},
        command_bar::Command,
        icon::Glyph,
        message_bar::{MessageBar, Severity},
        page::Page,
        tabs::{Tab, Tabs},
        toast::{Toast, Toasts},
    },
    list_address::ListAddress,
    live::keep_fresh,
    pages::{
        forms::{after, complain, go_to},
        frame::{self, label},
        loading::{configuration_details, id_in_address, page_for},
    },
    routes::Route,
    skin::{Skin, word},
    wording::count,
};

/// Parts of the address.
const KIND: &str = "kind";
const PANE: &str = "pane";
const TARGET: &str = "target";
const ADD: &str = "add";
const EDIT: &str = "edit";
const SEARCH: &str = "search";
const TYPE: &str = "type";
const APPLY: &str = "apply";
const CHANGED: &str = "changed";
/// What the expression builder gives back where no script runs.
const EXPRESSION: &str = "expression";

const SAVE_FORM: &str = "save-schema";
const PANEL: &str = "mappings";

#[component]
pub fn AttributeMappings() -> impl IntoView {
    page_for(id_in_address(), configuration_details, page)
}

/// The page with its editor, as its parts see it.
#[derive(Clone, Copy)]
pub struct Shown {
    editor: SchemaEditor,
    address: Memo<ListAddress>,
    kind: Memo<ObjectKind>,
    /// What the expression builder gave back, until the mapping's pane takes it.
    built: RwSignal<Option<String>>,
}

impl Shown {
    fn new(editor: SchemaEditor) -> Self {
        let address = ListAddress::of(Route::AttributeMappings(editor.id()));
        let kind = Memo::new(move |_| {
            let word = address.with(|address| address.text(KIND));
            ObjectKind::parse(&word).unwrap_or(ObjectKind::User)
        });
        Self {
            editor,
            address,
            kind,
            built: RwSignal::new(None),
        }
    }

    pub fn address_untracked(self) -> ListAddress {
        self.address.get_untracked()
    }

    /// Gives an expression to the pane of the mapping that it was built for.
    pub fn apply_expression(self, expression: String) {
        self.built.set(Some(expression));
    }

    /// What stays open while somebody narrows the table.
    fn kept_by_filters(self) -> Vec<(String, String)> {
        let told_once = [EXPRESSION, "ask", "notice"];
        let filters = [SEARCH, TYPE, APPLY, CHANGED];
        self.address
            .with(|address| address.without(&told_once).beside(&filters))
    }

    /// The page without pane or question.
    fn plain(self) -> Signal<String> {
        Signal::derive(move || {
            self.address
                .with(|address| address.without(&[PANE, TARGET, EXPRESSION, "ask", "notice"]))
                .to_string()
        })
    }

    fn at_pane(self, pane: &'static str) -> Signal<String> {
        Signal::derive(move || {
            self.address
                .with(|address| address.without(&[TARGET]).with(PANE, pane))
                .to_string()
        })
    }

    fn asking(self, question: &'static str) -> Signal<String> {
        Signal::derive(move || {
            self.address
                .with(|address| address.without(&[PANE, TARGET]).with("ask", question))
                .to_string()
        })
    }

    /// Back to the page under a pane or a question.
    fn close(self) -> Callback<()> {
        go_to(self.plain())
    }
}

fn page(details: ConfigurationDetails) -> impl IntoView {
    let id = details.configuration.id;
    let domain = details.configuration.domain.to_string();
    let editor = SchemaEditor::new(details);
    let shown = Shown::new(editor);
    let builder = Builder::new(id, shown);
    follow_state(editor);
    let refresh = refresh(editor);
    let unsaved = Signal::derive(move || editor.changes());
    let leaving = leaving::Unsaved {
        paths: [Route::AttributeMappings(id), Route::ExpressionBuilder(id)]
            .map(|route| route.to_string())
            .into(),
        domain: domain.clone(),
        changes: unsaved,
        discard: Callback::new(move |()| editor.discard()),
    };
    let is_enabled =
        Signal::derive(move || editor.saved.read().configuration.deployment.is_enabled());
    let (saved, skin) = (RwSignal::new(None), Skin::here());
    let on_save = Callback::new(move |()| {
        if skin.is_new() {
            saved.set(Some(Step::MapAttributes));
        }
    });
    view! {
        <Page
            title=word("Attribute mappings")
            subtitle=format!("{domain} · {}", word("Active Directory to Azure AD"))
            glyph=Glyph::ArrowSwap
            above=frame::configuration(id, &domain)
            menu=frame::configuration_menu(id, label::ATTRIBUTE_MAPPINGS)
            commands=commands(shown, refresh)
            state=Signal::derive(move || unsaved_in_words(unsaved.get()))
            state_needs_attention=Signal::derive(move || unsaved.get() > 0)
        >
            <RestartBar id start="Mappings or scope were changed." state=Signal::derive(move || editor.saved.read().state.clone())/>
            <ConflictBar editor refresh/>
            <Nudge id is_enabled saved/>
            <GoForm id=SAVE_FORM href=shown.asking("save") stays=true/>
            <Tabs label="Object type" tabs=tabs(shown) panel=PANEL/>
            <grid::Grid shown/>
        </Page>
        <OpenPane shown/>
        <ExpressionBuilder builder/>
        <questions::SaveQuestion shown is_asked=asked("save") on_save/>
        <questions::RestoreQuestion shown is_asked=asked("restore")/>
        <leaving::LeaveDialog unsaved=leaving/>
    }
}

fn commands(shown: Shown, refresh: Callback<()>) -> Vec<Command> {
    let editor = shown.editor;
    let nothing =
        Signal::derive(move || (editor.changes() == 0).then(|| "Nothing has changed.".to_owned()));
    let as_by_default = Signal::derive(move || {
        let reason = "The mappings are those of a new configuration.";
        (!editor.differs_from_defaults()).then(|| reason.to_owned())
    });
    vec![
        Command::submit("Save schema", Glyph::Save, SAVE_FORM)
            .primary()
            .unavailable_because(nothing),
        Command::run(
            "Discard",
            Glyph::ArrowUndo,
            Callback::new(move |()| editor.discard()),
        )
        .unavailable_because(nothing),
        Command::go("Add attribute mapping", Glyph::Add, shown.at_pane(ADD))
            .changes()
            .after_line(),
        Command::go(
            "Restore default mappings",
            Glyph::ArrowReset,
            shown.asking("restore"),
        )
        .changes()
        .optional()
        .unavailable_because(as_by_default),
        Command::run("Refresh", Glyph::ArrowClockwise, refresh)
            .after_line()
            .optional(),
    ]
}

fn unsaved_in_words(changes: u64) -> String {
    match changes {
        0 => String::new(),
        changes => count(changes, "unsaved change"),
    }
}

fn tabs(shown: Shown) -> Signal<Vec<Tab>> {
    Signal::derive(move || {
        let tab = |kind| {
            let rows = shown.editor.rows(kind).len();
            let word = kind_label(kind);
            Tab {
                label: format!("{word} ({rows})"),
                href: Route::AttributeMappings(shown.editor.id()).with(KIND, kind),
                is_selected: shown.kind.get() == kind,
            }
        };
        ObjectKind::ALL.map(tab).into()
    })
}

pub fn kind_label(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::User => "User",
        ObjectKind::Group => "Group",
        ObjectKind::Contact => "Contact",
    }
}

fn follow_state(editor: SchemaEditor) {
    let id = editor.id();
    let latest = RwSignal::new(Some(editor.saved.read_untracked().state.clone()));
    keep_fresh(latest, move || api::configurations::state(id));
    Effect::new(move || {
        if let Some(state) = latest.get() {
            editor.saved.update(|saved| saved.state = state);
        }
    });
}

/// Somebody else saved meanwhile.
#[component]
fn ConflictBar(editor: SchemaEditor, refresh: Callback<()>) -> impl IntoView {
    move || {
        editor.conflict.get().map(|text| {
            view! {
                <MessageBar id="conflict" severity=Severity::Warning start="Not saved." text announced=true>
                    <Button label="Load the newer mappings" small=true on_click=refresh/>
                </MessageBar>
            }
        })
    }
}

/// Loads what the server has, and keeps what is not saved.
fn refresh(editor: SchemaEditor) -> Callback<()> {
    let load = ServerAction::<Details>::new();
    let toasts = Toasts::here();
    after(load, move |details| {
        editor.rebase(details);
        if editor.changes_untracked() > 0 {
            let text = "Your changes stand on top of the newer mappings and are not saved yet.";
            toasts.show(Toast::success("Mappings loaded", text.to_owned()));
        }
    });
    complain(load.value().into(), "Not loaded");
    Callback::new(move |()| {
        load.dispatch(Details { id: editor.id() });
    })
}

/// The pane that the address names.
#[component]
fn OpenPane(shown: Shown) -> impl IntoView {
    let open = Memo::new(move |_| {
        let (pane, target) = shown
            .address
            .with(|address| (address.text(PANE), address.text(TARGET)));
        (pane, target, shown.kind.get())
    });
    move || {
        let (pane, target, kind) = open.get();
        let original = match pane.as_str() {
            ADD => None,
            EDIT => Some(shown.editor.row_untracked(kind, &target)?),
            _ => return None,
        };
        Some(view! { <pane::MappingPane shown kind original/> })
    }
}
