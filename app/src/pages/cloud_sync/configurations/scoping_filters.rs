//! `…/:id/scoping-filters`: the pane that chooses who is synchronized. **Done** keeps the choice on
//! the page; **Save** there stores it.

pub mod browse;
pub mod clauses;
pub mod effect;

use engine::{
    configuration::draft::{
        DISTINGUISHED_NAME, FieldError, MOST_ORGANIZATIONAL_UNITS, NESTED_GROUP_DEPTH,
        SCOPE_CHOICE, ScopeChoice, ScopeDraft, scope_name, too_many_units,
    },
    directory::{Dn, ObjectKind},
};
use leptos::{ev, prelude::*, task::spawn_local};

use self::{
    browse::Browse,
    clauses::{AttributeFilters, Clauses},
    effect::EffectOnTenant,
};
use super::{close_pane, editor::Editor};
use crate::{
    api::{self, ApiError, configurations::CheckScope},
    browser,
    components::{
        button::{Button, IconButton, Weight},
        choice::{RadioChoice, RadioGroup},
        field::{Field, SelectField, SelectOption, TextInput, TextKind},
        icon::{Glyph, Icon},
        pane::Pane,
    },
    pages::{
        forms::{WholeFormRefusal, after, refusal},
        object_field::Suggestions,
    },
    skin::Skin,
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
    /// How many levels of nested groups are followed.
    depth: RwSignal<String>,
    clauses: Clauses,
    /// Whose clauses are shown.
    clause_kind: RwSignal<String>,
    /// What the server said of the whole.
    refusal: RwSignal<Option<ApiError>>,
}

impl Choice {
    fn new(editor: Editor) -> Self {
        let scope = editor.scope.get_untracked();
        let refusal = RwSignal::new(None);
        Self {
            depth: RwSignal::new(scope.nested_group_depth.unwrap_or_default()),
            clauses: Clauses::new(editor.id(), scope.clauses, refusal),
            clause_kind: RwSignal::new(ObjectKind::User.to_string()),
            refusal,
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
            nested_group_depth: Some(self.depth.get()),
            shows_clauses: true,
            clauses: self.clauses.drafts(),
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
        let one_more = match choice_of(&self.word.read_untracked()) {
            ScopeChoice::SelectedOrganizationalUnits => too_many_units(already.len() + 1),
            _ => None,
        };
        let name = scope_name(&typed, &self.editor.base_dn(), &already);
        match one_more.map_or(name, Err) {
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

    /// Looks for a group that was named by something else than its distinguished name.
    fn find_group(self) {
        let id = self.editor.id();
        let typed = self.typed.get_untracked();
        spawn_local(async move {
            let text = typed.trim().to_owned();
            let found = api::directories::find_objects(id, ObjectKind::Group, text).await;
            match found.as_deref() {
                Ok([only]) => {
                    self.typed.set(only.dn.to_string());
                    self.add();
                }
                Ok([]) => self.complain(format!("The directory has no group \"{typed}\".")),
                Ok(_) => self.complain(format!(
                    "Several groups fit \"{typed}\". Choose one of those offered."
                )),
                Err(error) => self.complain(error.to_string()),
            }
        });
    }

    fn complain(self, message: String) {
        self.error.set(Some(message));
        browser::focus_by_id(DISTINGUISHED_NAME);
    }

    /// Adds what was typed: a distinguished name, or any name of a group.
    fn add_typed(self) -> bool {
        let is_group =
            choice_of(&self.word.read_untracked()) == ScopeChoice::SelectedSecurityGroups;
        let is_dn = self.typed.read_untracked().contains('=');
        let is_empty = self.typed.read_untracked().trim().is_empty();
        if is_group && !is_dn && !is_empty {
            self.find_group();
            return false;
        }
        self.add()
    }

    /// Whether the choice of names makes sense; otherwise the pane says why not.
    fn names_are_fine(self) -> bool {
        let typed_something = !self.typed.read_untracked().trim().is_empty();
        if typed_something && untrack(|| self.list()).is_some() && !self.add_typed() {
            return false;
        }
        let draft = untrack(|| self.draft());
        match draft.scope(&self.editor.base_dn()) {
            Ok(_) => true,
            Err(errors) => {
                let first = errors.into_iter().next();
                self.complain(first.map(|error| error.message).unwrap_or_default());
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
    let id = editor.id();
    let check = ServerAction::<CheckScope>::new();
    let checked = StoredValue::new(None::<ScopeDraft>);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if choice.names_are_fine() {
            let draft = untrack(|| choice.draft());
            checked.set_value(Some(draft.clone()));
            check.dispatch(CheckScope { id, draft });
        }
    };
    after(check, move |()| {
        if let Some(draft) = checked.get_value() {
            editor.scope.set(draft);
        }
        close.run(());
    });
    show_refusal(choice, check);
    let footer = move || {
        view! {
            <Button label=Skin::here().choose("Done", "Save") weight=Weight::Primary form="scope-form"/>
            <Button label="Cancel" on_click=close/>
            <span class="note">"Done keeps the choice; Save on the page stores it."</span>
        }
    };
    view! {
        <Pane id="scope-pane" title="Scope users" subtitle=editor.domain() on_close=close focuses_field=true footer>
            <WholeFormRefusal refusal=refusal(check) start="Not checked."/>
            <form id="scope-form" class="stack wide" on:submit=submit>
                <RadioGroup name=SCOPE_CHOICE legend="Synchronize" value=choice.word choices=choices() autofocus=true/>
                {move || choice.list().map(|list| view! {
                    <NameField choice/>
                    <Chosen choice list/>
                })}
                <NestedGroups choice/>
                <AttributeFilters clauses=choice.clauses kind=choice.clause_kind/>
            </form>
            <EffectOnTenant editor draft=Signal::derive(move || choice.draft())/>
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
            "The groups with their members. Meant for pilots.",
        ),
        RadioChoice::new(
            UNITS,
            "Selected organizational units",
            "Everything inside, nested units too. Groups and units cannot be mixed.",
        ),
    ]
}

/// Brings the clauses into view that were refused, and leads to the first of them.
fn show_refusal(choice: Choice, check: ServerAction<CheckScope>) {
    let refused = refusal(check);
    Effect::new(move || {
        choice.refusal.set(refused.get());
        if let Some(ApiError::Invalid(errors)) = refused.get() {
            if let Some(kind) = choice.clauses.refused_kind() {
                choice.clause_kind.set(kind.to_string());
            }
            let first = errors.into_iter().next().map(|error| error.field);
            browser::after_milliseconds(0, move || {
                browser::focus_by_id(&first.unwrap_or_default());
            });
        }
    });
}

#[component]
fn NameField(choice: Choice) -> impl IntoView {
    let editor = choice.editor;
    let is_groups = choice_of(&choice.word.read_untracked()) == ScopeChoice::SelectedSecurityGroups;
    let hint = match is_groups {
        true => "A part of the group's name, or its distinguished name.".to_owned(),
        false => format!("A distinguished name that ends with {}.", editor.base_dn()),
    };
    let pressed = move |event: ev::KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            choice.add_typed();
        }
    };
    let add = move |()| {
        choice.add_typed();
    };
    let is_browsing = RwSignal::new(false);
    let browse = move |()| is_browsing.update(|browsing| *browsing = !*browsing);
    let choose = Callback::new(move |name| {
        choice.typed.set(name);
        choice.add();
    });
    view! {
        <Field id=DISTINGUISHED_NAME label="Distinguished name" hint error=choice.error class="full-width">
            <div class="with-button" on:keydown=pressed>
                <TextInput name=DISTINGUISHED_NAME value=choice.typed kind=TextKind::Technical error=choice.error suggestions=Some("scope-suggestions")/>
                <Button label="Add" glyph=Glyph::Add on_click=add/>
                {(!is_groups).then(|| view! { <Button label="Browse" glyph=Glyph::FolderPeople on_click=browse/> })}
            </div>
        </Field>
        {match is_groups {
            true => view! { <Suggestions id=editor.id() kind=ObjectKind::Group list="scope-suggestions" value=choice.typed/> }.into_any(),
            false => view! { <datalist id="scope-suggestions"></datalist> }.into_any(),
        }}
        {move || is_browsing.get().then(|| view! {
            <Browse editor on_choose=choose/>
        })}
    }
}

/// Only groups can lie in groups.
#[component]
fn NestedGroups(choice: Choice) -> impl IntoView {
    const OFFERED: u8 = 10;
    let stored = choice.depth.get_untracked();
    let mut options = vec![SelectOption::new("0", "Direct members only")];
    options.push(SelectOption::new("1", "1 level of nested groups"));
    options.extend((2..=OFFERED).map(|depth| {
        SelectOption::new(
            depth.to_string(),
            format!("{depth} levels of nested groups"),
        )
    }));
    if !options.iter().any(|option| option.value == stored) {
        options.push(SelectOption::new(
            stored.clone(),
            format!("{stored} levels of nested groups"),
        ));
    }
    let error = Signal::derive(move || choice.refusal.get()?.of_field(NESTED_GROUP_DEPTH));
    let is_hidden = move || choice_of(&choice.word.read()) != ScopeChoice::SelectedSecurityGroups;
    view! {
        <div hidden=is_hidden>
            <SelectField
                name=NESTED_GROUP_DEPTH
                label="Members"
                value=choice.depth
                options
                hint="Whose members are synchronized, counted from the selected groups."
                error
                class="narrow"
            />
        </div>
    }
}

#[component]
fn Chosen(choice: Choice, list: RwSignal<Vec<String>>) -> impl IntoView {
    let heading = move || {
        let chosen = list.read().len();
        match choice_of(&choice.word.read()) {
            ScopeChoice::SelectedSecurityGroups => format!("Selected security groups ({chosen})"),
            _ => format!("Selected organizational units ({chosen} of {MOST_ORGANIZATIONAL_UNITS})"),
        }
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
    let depth = scope.nested_group_depth.clone().unwrap_or_default();
    let clauses = scope.clauses.clone().into_iter().enumerate();
    let clauses = clauses.flat_map(|(position, clause)| {
        let field = move |part: &str| format!("draft[scope][clauses][{position}][{part}]");
        [
            (field("kind"), clause.kind.to_string()),
            (field("group"), clause.group.to_string()),
            (field("attribute"), clause.attribute),
            (field("operator"), clause.operator),
            (field("value"), clause.value),
        ]
    });
    let clauses =
        clauses.map(|(name, value)| view! { <input type="hidden" name=name value=value/> });
    view! {
        <input type="hidden" name="draft[scope][choice]" value=word_of(scope.choice)/>
        <input type="hidden" name="draft[scope][nested_group_depth]" value=depth/>
        <input type="hidden" name="draft[scope][shows_clauses]" value="true"/>
        {names.collect_view()}
        {clauses.collect_view()}
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
