//! `…/:id/scoping-filters`: the pane that chooses who is synchronized. **Done** keeps the choice on
//! the page; **Save** there stores it.

use engine::{
    configuration::draft::{
        DISTINGUISHED_NAME, FieldError, SCOPE_CHOICE, ScopeChoice, ScopeDraft, scope_name,
    },
    directory::Dn,
};
use leptos::{ev, prelude::*};

use super::{close_pane, editor::Editor};
use crate::{
    browser,
    components::{
        button::{Button, IconButton, Weight},
        choice::{RadioChoice, RadioGroup},
        field::{Field, TextInput, TextKind},
        icon::{Glyph, Icon},
        pane::Pane,
    },
};

const ALL: &str = "allUsers";
const GROUPS: &str = "selectedSecurityGroups";
const UNITS: &str = "selectedOrganizationalUnits";

/// What the pane holds until **Done**.
#[derive(Clone, Copy)]
struct Choice {
    editor: Editor,
    word: RwSignal<String>,
    groups: RwSignal<Vec<String>>,
    units: RwSignal<Vec<String>>,
    typed: RwSignal<String>,
    error: RwSignal<Option<String>>,
}

impl Choice {
    fn new(editor: Editor) -> Self {
        let scope = editor.scope.get_untracked();
        Self {
            editor,
            word: RwSignal::new(word_of(scope.choice).to_owned()),
            groups: RwSignal::new(scope.groups),
            units: RwSignal::new(scope.organizational_units),
            typed: RwSignal::new(String::new()),
            error: RwSignal::new(None),
        }
    }

    fn draft(self) -> ScopeDraft {
        ScopeDraft {
            choice: choice_of(&self.word.read()),
            groups: self.groups.get(),
            organizational_units: self.units.get(),
        }
    }

    /// The list that the choice shows; none for all users.
    fn list(self) -> Option<RwSignal<Vec<String>>> {
        match choice_of(&self.word.read()) {
            ScopeChoice::AllUsers => None,
            ScopeChoice::SelectedSecurityGroups => Some(self.groups),
            ScopeChoice::SelectedOrganizationalUnits => Some(self.units),
        }
    }

    /// Puts what was typed into the list; says whether nothing is left to put in.
    fn add(self) -> bool {
        let Some(list) = untrack(|| self.list()) else {
            return true;
        };
        let typed = self.typed.get_untracked();
        let already: Vec<Dn> = list
            .read_untracked()
            .iter()
            .filter_map(|name| Dn::parse(name).ok())
            .collect();
        match scope_name(&typed, &self.editor.base_dn(), &already) {
            Ok(name) => {
                list.update(|list| list.push(name.to_string()));
                self.typed.set(String::new());
                self.error.set(None);
                true
            }
            Err(FieldError { message, .. }) => {
                self.error.set(Some(message));
                browser::focus_by_id(DISTINGUISHED_NAME);
                false
            }
        }
    }

    fn remove(self, name: &str) {
        if let Some(list) = untrack(|| self.list()) {
            list.update(|list| list.retain(|own| own != name));
        }
        browser::focus_by_id(DISTINGUISHED_NAME);
    }

    /// Leaves the choice on the page, when it makes sense.
    fn done(self) -> bool {
        let typed_something = !self.typed.read_untracked().trim().is_empty();
        if typed_something && untrack(|| self.list()).is_some() && !self.add() {
            return false;
        }
        let draft = untrack(|| self.draft());
        match draft.validate(&self.editor.base_dn()) {
            Ok(_) => {
                self.editor.scope.set(draft);
                true
            }
            Err(errors) => {
                self.error
                    .set(errors.into_iter().next().map(|error| error.message));
                browser::focus_by_id(DISTINGUISHED_NAME);
                false
            }
        }
    }
}

/// The pane over the configuration page.
#[component]
pub fn ScopingFilters(editor: Editor) -> impl IntoView {
    let choice = Choice::new(editor);
    let close = close_pane(editor);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if choice.done() {
            close.run(());
        }
    };
    let footer = move || {
        view! {
            <Button label="Done" weight=Weight::Primary form="scope-form"/>
            <Button label="Cancel" on_click=close/>
            <span class="note">"Done keeps the choice; Save on the page stores it."</span>
        }
    };
    view! {
        <Pane id="scope-pane" title="Scope users" subtitle=editor.domain() on_close=close focuses_field=true footer>
            <form id="scope-form" class="stack wide" on:submit=submit>
                <RadioGroup name=SCOPE_CHOICE legend="Synchronize" value=choice.word choices=choices() autofocus=true/>
                {move || choice.list().map(|list| view! {
                    <NameField choice/>
                    <Chosen choice list/>
                })}
            </form>
        </Pane>
    }
}

fn choices() -> Vec<RadioChoice> {
    vec![
        RadioChoice::new(
            ALL,
            "All users",
            "Every user, group and contact of the domain.",
        ),
        RadioChoice::new(
            GROUPS,
            "Selected security groups",
            "Direct members only. Meant for pilots.",
        ),
        RadioChoice::new(
            UNITS,
            "Selected organizational units",
            "Everything inside, nested units too. Groups and units cannot be mixed.",
        ),
    ]
}

#[component]
fn NameField(choice: Choice) -> impl IntoView {
    let hint = format!(
        "A distinguished name that ends with {}.",
        choice.editor.base_dn()
    );
    let pressed = move |event: ev::KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            choice.add();
        }
    };
    let add = move |()| {
        choice.add();
    };
    view! {
        <Field id=DISTINGUISHED_NAME label="Distinguished name" hint error=choice.error class="full-width">
            <div class="with-button" on:keydown=pressed>
                <TextInput name=DISTINGUISHED_NAME value=choice.typed kind=TextKind::Technical error=choice.error/>
                <Button label="Add" glyph=Glyph::Add on_click=add/>
            </div>
        </Field>
    }
}

#[component]
fn Chosen(choice: Choice, list: RwSignal<Vec<String>>) -> impl IntoView {
    let heading = move || {
        let what = match choice_of(&choice.word.read()) {
            ScopeChoice::SelectedSecurityGroups => "Selected security groups",
            _ => "Selected organizational units",
        };
        format!("{what} ({})", list.read().len())
    };
    let nothing = move || {
        let what = match choice_of(&choice.word.read()) {
            ScopeChoice::SelectedSecurityGroups => "group",
            _ => "unit",
        };
        format!("Nothing selected. Add a {what}, or choose All users.")
    };
    let glyph = match choice_of(&choice.word.read_untracked()) {
        ScopeChoice::SelectedSecurityGroups => Glyph::PeopleTeam,
        _ => Glyph::FolderPeople,
    };
    let entry = move |name: String| view! { <ChosenName choice name glyph/> };
    view! {
        <div>
            <h3 id="chosen-title">{heading}</h3>
            <p class="muted" hidden=move || !list.read().is_empty()>{nothing}</p>
            <ul class="chosen-list" aria-labelledby="chosen-title" hidden=move || list.read().is_empty()>
                <For each=move || list.get() key=Clone::clone children=entry/>
            </ul>
        </div>
    }
}

#[component]
fn ChosenName(choice: Choice, name: String, glyph: Glyph) -> impl IntoView {
    let short = Dn::parse(&name).map_or_else(|_| name.clone(), |dn| dn.name());
    let label = format!("Remove {short}");
    let full = name.clone();
    let remove = move |()| choice.remove(&name);
    view! {
        <li>
            <Icon glyph/>
            <span class="two-lines">
                <span class="strong">{short}</span>
                <small class="monospace break-anywhere">{full}</small>
            </span>
            <IconButton label glyph=Glyph::Dismiss on_click=remove/>
        </li>
    }
}

/// The scope as fields of the page's form, for a form that is sent without a script.
pub(super) fn hidden_inputs(scope: &ScopeDraft) -> impl IntoView + use<> {
    let list = match scope.choice {
        ScopeChoice::SelectedSecurityGroups => "groups",
        ScopeChoice::AllUsers | ScopeChoice::SelectedOrganizationalUnits => "organizational_units",
    };
    let names = scope.names().iter().enumerate().map(|(position, name)| {
        let field = format!("draft[scope][{list}][{position}]");
        view! { <input type="hidden" name=field value=name.clone()/> }
    });
    view! {
        <input type="hidden" name="draft[scope][choice]" value=word_of(scope.choice)/>
        {names.collect_view()}
    }
}

fn word_of(choice: ScopeChoice) -> &'static str {
    match choice {
        ScopeChoice::AllUsers => ALL,
        ScopeChoice::SelectedSecurityGroups => GROUPS,
        ScopeChoice::SelectedOrganizationalUnits => UNITS,
    }
}

fn choice_of(word: &str) -> ScopeChoice {
    match word {
        GROUPS => ScopeChoice::SelectedSecurityGroups,
        UNITS => ScopeChoice::SelectedOrganizationalUnits,
        _ => ScopeChoice::AllUsers,
    }
}
