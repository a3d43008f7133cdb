//! Attribute clauses: all of a group must hold, and one group is enough.

use engine::{
    configuration::{
        ConfigurationId, MappingSource,
        draft::{ClauseDraft, clause_field},
        scoping_filter::Operator,
    },
    directory::ObjectKind,
};
use leptos::{ev, prelude::*};

use crate::{
    api::ApiError,
    components::{
        button::{Button, IconButton, Weight},
        choice::{RadioChoice, Segments},
        field::{FieldError, FieldWarning},
        icon::Glyph,
    },
    pages::attribute_names::{AttributeNames, unknown_attributes},
};

const ATTRIBUTES: &str = "clause-attributes";

/// A clause as it is typed.
#[derive(Clone, Copy, PartialEq)]
pub struct Row {
    key: usize,
    kind: ObjectKind,
    group: u32,
    attribute: RwSignal<String>,
    operator: RwSignal<String>,
    value: RwSignal<String>,
}

/// All clauses of the pane.
#[derive(Clone, Copy)]
pub struct Clauses {
    configuration: ConfigurationId,
    rows: RwSignal<Vec<Row>>,
    next_key: StoredValue<usize>,
    /// What the server refused, by the position of the clause.
    refusal: RwSignal<Option<ApiError>>,
    /// Of the pane: what is typed into a clause outlives the group in which it is shown, which is
    /// drawn anew whenever there is another one.
    owner: StoredValue<Owner>,
}

impl Clauses {
    pub fn new(
        configuration: ConfigurationId,
        drafts: Vec<ClauseDraft>,
        refusal: RwSignal<Option<ApiError>>,
    ) -> Self {
        let rows = drafts.into_iter().enumerate().map(|(key, draft)| Row {
            key,
            kind: draft.kind,
            group: draft.group,
            attribute: RwSignal::new(draft.attribute),
            operator: RwSignal::new(draft.operator),
            value: RwSignal::new(draft.value),
        });
        let rows: Vec<Row> = rows.collect();
        Self {
            configuration,
            next_key: StoredValue::new(rows.len()),
            rows: RwSignal::new(rows),
            refusal,
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
        }
    }

    pub fn drafts(self) -> Vec<ClauseDraft> {
        let draft = |row: &Row| ClauseDraft {
            kind: row.kind,
            group: row.group,
            attribute: row.attribute.get(),
            operator: row.operator.get(),
            value: row.value.get(),
        };
        self.rows.read().iter().map(draft).collect()
    }

    /// The groups of a kind of object, in their order.
    fn groups(self, kind: ObjectKind) -> Vec<u32> {
        let mut groups: Vec<u32> = self.of(kind).map(|row| row.group).collect();
        groups.sort_unstable();
        groups.dedup();
        groups
    }

    fn of(self, kind: ObjectKind) -> impl Iterator<Item = Row> {
        let rows = self.rows.get();
        rows.into_iter().filter(move |row| row.kind == kind)
    }

    fn add(self, kind: ObjectKind, group: u32) {
        let key = self.next_key.get_value();
        self.next_key.set_value(key + 1);
        self.refusal.set(None);
        let row = self.owner.get_value().with(|| Row {
            key,
            kind,
            group,
            attribute: RwSignal::new(String::new()),
            operator: RwSignal::new(Operator::Equals.to_string()),
            value: RwSignal::new(String::new()),
        });
        self.rows.update(|rows| rows.push(row));
    }

    fn add_group(self, kind: ObjectKind) {
        let last = untrack(|| self.groups(kind)).last().copied();
        self.add(kind, last.map_or(0, |last| last + 1));
    }

    fn remove(self, key: usize) {
        // What was refused is named by position.
        self.refusal.set(None);
        self.rows.update(|rows| rows.retain(|row| row.key != key));
    }

    fn position(self, key: usize) -> usize {
        let rows = self.rows.read();
        let position = rows.iter().position(|row| row.key == key);
        position.unwrap_or_default()
    }

    fn error(self, key: usize, part: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            let field = clause_field(self.position(key), part);
            self.refusal.get()?.of_field(&field)
        })
    }

    /// The kind of object whose clause was refused first.
    pub fn refused_kind(self) -> Option<ObjectKind> {
        let rows = self.rows.get_untracked();
        let refusal = self.refusal.get_untracked()?;
        let is_refused = |position: usize| {
            let mut parts = ["attribute", "operator", "value"].into_iter();
            parts.any(|part| refusal.of_field(&clause_field(position, part)).is_some())
        };
        let first = (0..rows.len()).find(|position| is_refused(*position))?;
        Some(rows.get(first)?.kind)
    }
}

#[component]
pub fn AttributeFilters(
    clauses: Clauses,
    /// Whose clauses are shown.
    kind: RwSignal<String>,
) -> impl IntoView {
    let shown = Memo::new(move |_| ObjectKind::parse(&kind.read()).unwrap_or(ObjectKind::User));
    let choices = vec![
        RadioChoice::new("user", "Users", ""),
        RadioChoice::new("group", "Groups", ""),
        RadioChoice::new("contact", "Contacts", ""),
    ];
    let groups = Memo::new(move |_| clauses.groups(shown.get()));
    let add = Callback::new(move |()| clauses.add_group(shown.get_untracked()));
    let label = Signal::derive(move || match groups.read().is_empty() {
        true => "Add attribute filter".to_owned(),
        false => "Add another group".to_owned(),
    });
    view! {
        <section class="stack" aria-labelledby="attribute-filters-title">
            <div class="samples-head">
                <h3 id="attribute-filters-title">"Attribute filters"</h3>
                <Segments name="clause_kind" legend="Object type" value=kind choices/>
            </div>
            <p class="hint">
                "Objects of the chosen scope must meet every clause of one group. Those that meet no \
                 group leave the scope. Texts are compared with regard to case."
            </p>
            {move || {
                let kind = shown.get();
                groups.get().into_iter().enumerate()
                    .map(|(index, group)| view! { <ClauseGroup clauses kind group number=index + 1/> })
                    .collect_view()
            }}
            <div class="row"><Button label glyph=Glyph::Add on_click=add/></div>
            <AttributeNames id=clauses.configuration list=ATTRIBUTES/>
        </section>
    }
}

#[component]
fn ClauseGroup(clauses: Clauses, kind: ObjectKind, group: u32, number: usize) -> impl IntoView {
    let rows = move || {
        let of_group = clauses.of(kind).filter(|row| row.group == group);
        of_group.collect::<Vec<Row>>()
    };
    let add = Callback::new(move |()| clauses.add(kind, group));
    let row = move |row: Row| view! { <Clause clauses row/> };
    view! {
        {(number > 1).then(|| view! { <p class="or-line"><span>"or"</span></p> })}
        <fieldset class="clause-group">
            <legend>{format!("Group {number}")}</legend>
            <For each=rows key=|row| row.key children=row/>
            <div class="row"><Button label="Add clause" weight=Weight::Subtle small=true glyph=Glyph::Add on_click=add/></div>
        </fieldset>
    }
}

#[component]
fn Clause(clauses: Clauses, row: Row) -> impl IntoView {
    let takes_value =
        Memo::new(move |_| Operator::parse(&row.operator.read()).is_ok_and(Operator::takes_value));
    let remove = Callback::new(move |()| clauses.remove(row.key));
    let label = Signal::derive(move || format!("Remove clause {}", row.attribute.get()));
    let unknown = unknown_attributes(clauses.configuration, move || MappingSource::Direct {
        attribute: row.attribute.read().trim().into(),
    });
    view! {
        <div class="clause" role="group" aria-label="Clause">
            <ClauseText clauses row part="attribute" label="Attribute" value=row.attribute warning=unknown/>
            <ClauseOperator clauses row/>
            <div class="clause-value" hidden=move || !takes_value.get()>
                <ClauseText clauses row part="value" label="Value" value=row.value/>
            </div>
            <IconButton label glyph=Glyph::Delete on_click=remove/>
        </div>
    }
}

#[component]
fn ClauseText(
    clauses: Clauses,
    row: Row,
    part: &'static str,
    label: &'static str,
    value: RwSignal<String>,
    #[prop(into, optional)] warning: Signal<Option<String>>,
) -> impl IntoView {
    let id = Memo::new(move |_| clause_field(clauses.position(row.key), part));
    let error = clauses.error(row.key, part);
    let error_id = format!("clause-error-{}-{part}", row.key);
    let warning_id = format!("clause-warning-{}-{part}", row.key);
    let typed = move |event: ev::Event| value.set(event_target_value(&event));
    view! {
        <div class="field">
            <input
                id=move || id.get()
                class="input monospace"
                type="text"
                autocomplete="off"
                spellcheck="false"
                list=(part == "attribute").then_some(ATTRIBUTES)
                aria-label=label
                placeholder=label
                prop:value=move || value.get()
                value=value.get_untracked()
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=format!("{error_id} {warning_id}")
                on:input=typed
            />
            <FieldError id=error_id error/>
            <FieldWarning id=warning_id warning/>
        </div>
    }
}

#[component]
fn ClauseOperator(clauses: Clauses, row: Row) -> impl IntoView {
    let id = Memo::new(move |_| clause_field(clauses.position(row.key), "operator"));
    let error = clauses.error(row.key, "operator");
    let error_id = format!("clause-error-{}-operator", row.key);
    let current = row.operator.get_untracked();
    let mut offered: Vec<String> = Operator::OFFERED
        .map(|operator| operator.to_string())
        .into();
    // Read from an older filter, and not offered for new ones.
    if !offered.contains(&current) {
        offered.push(current.clone());
    }
    let option = |name: String| {
        let is_chosen = name == current;
        view! { <option selected=is_chosen value=name.clone()>{name.clone()}</option> }
    };
    let options = offered.into_iter().map(option).collect_view();
    let chosen = move |event: ev::Event| row.operator.set(event_target_value(&event));
    view! {
        <div class="field">
            <select
                id=move || id.get()
                class="input"
                aria-label="Operator"
                aria-describedby=error_id.clone()
                on:change=chosen
            >
                {options}
            </select>
            <FieldError id=error_id error/>
        </div>
    }
}
