//! The table of one kind of object.

use engine::{
    configuration::{Apply, AttributeMapping, MappingSource, draft::mapping::MappingType},
    cycle::matching::precedence,
    directory::ObjectKind,
};
use leptos::{ev, prelude::*, server_fn::ServerFn};

use super::{
    APPLY, CHANGED, EDIT, PANEL, SEARCH, Shown, TARGET, TYPE, editor::is_required, kind_label,
};
use crate::{
    api::mappings::Delete,
    components::{
        button::GoForm,
        data_grid::{Cell, Column, ColumnRoom, DataGrid, Row, RowHeader},
        empty_state::EmptyState,
        field::SearchBox,
        filters::{FilterChoice, FilterForm, FilterPill, search_text},
        icon::{Glyph, Icon},
        status_badge::Tag,
        toast::{Toast, Toasts},
    },
    list_address::ListAddress,
    wording::count,
};

const DELETE_FORM: &str = "delete-mapping";
const EDIT_FORM: &str = "edit-mapping";

#[component]
pub fn Grid(shown: Shown) -> impl IntoView {
    let address = shown.address;
    let said = move |name: &'static str| {
        Signal::derive(move || address.with(|address| address.text(name)))
    };
    let search = search_text(said(SEARCH));
    let kept = Signal::derive(move || shown.kept_by_filters());
    let rows = Memo::new(move |_| {
        let searched = address.with(|address| address.text(SEARCH)).to_lowercase();
        let mut rows = shown.editor.rows(shown.kind.get());
        let wanted = address.with(Wanted::of);
        rows.retain(|row| {
            let fits = row.target.as_str().to_lowercase().contains(&searched)
                || source(row).to_lowercase().contains(&searched);
            fits && wanted.has(shown, row)
        });
        rows
    });
    let counted = Signal::derive(move || count(rows.read().len() as u64, "mapping"));
    let path = address.with_untracked(|address| address.path().to_owned());
    view! {
        <div class="stack" role="tabpanel" id=PANEL aria-label=move || kind_label(shown.kind.get())>
            <FilterForm path kept count=counted>
                <SearchBox name=SEARCH label="Search mappings" placeholder="Search source or target" value=search/>
                <FilterPill name=TYPE label="Mapping type" current=said(TYPE) choices=type_choices()/>
                <FilterPill name=APPLY label="Apply" current=said(APPLY) choices=apply_choices()/>
                <FilterPill name=CHANGED label="Changed by you" current=said(CHANGED) choices=changed_choices()/>
            </FilterForm>
            <form id=DELETE_FORM class="button-form" method="post" action=Delete::url()>
                <input type="hidden" name="id" value=shown.editor.id().to_string()/>
                <input type="hidden" name="kind" value=move || shown.kind.get().to_string()/>
            </form>
            <GoForm id=EDIT_FORM href=shown.at_pane(EDIT) stays=true chooses=TARGET/>
            {move || match rows.read().is_empty() {
                true => nothing().into_any(),
                false => view! { <Table shown rows/> }.into_any(),
            }}
        </div>
    }
}

/// What the pills let through.
struct Wanted {
    type_label: String,
    apply: String,
    changed: String,
}

impl Wanted {
    fn of(address: &ListAddress) -> Self {
        Self {
            type_label: address.text(TYPE),
            apply: address.text(APPLY),
            changed: address.text(CHANGED),
        }
    }

    fn has(&self, shown: Shown, row: &AttributeMapping) -> bool {
        let is_or_any = |wanted: &str, own: &str| wanted.is_empty() || wanted == own;
        let kind = shown.kind.get();
        let changed = || match shown.editor.is_changed(kind, row) {
            true => YES,
            false => NO,
        };
        is_or_any(&self.type_label, type_label(row))
            && is_or_any(&self.apply, row.apply.label())
            && (self.changed.is_empty() || self.changed == changed())
    }
}

const YES: &str = "yes";
const NO: &str = "no";

fn type_choices() -> Vec<FilterChoice> {
    let types = MappingType::ALL.map(|of| FilterChoice::new(of.label(), of.label()));
    [FilterChoice::new("", "All")]
        .into_iter()
        .chain(types)
        .collect()
}

fn apply_choices() -> Vec<FilterChoice> {
    let applies = Apply::ALL.map(|apply| FilterChoice::new(apply.label(), apply.label()));
    [FilterChoice::new("", "All")]
        .into_iter()
        .chain(applies)
        .collect()
}

fn changed_choices() -> Vec<FilterChoice> {
    vec![
        FilterChoice::new("", "All"),
        FilterChoice::new(YES, "Yes"),
        FilterChoice::new(NO, "No"),
    ]
}

fn nothing() -> impl IntoView {
    view! {
        <EmptyState
            glyph=Glyph::FilterDismiss
            title="No mapping fits"
            text="Clear the search or add a mapping."
        />
    }
}

#[component]
fn Table(shown: Shown, rows: Memo<Vec<AttributeMapping>>) -> impl IntoView {
    let kind = shown.kind.get_untracked();
    let columns = vec![
        Column::new("Target attribute"),
        Column::new("Source"),
        Column::new("Mapping type"),
        Column::new("Apply this mapping"),
        Column::new("Matching").hidden_when_medium(),
        Column::new("Default value").hidden_when_medium(),
        Column::actions(),
    ];
    let row = move |row: AttributeMapping| view! { <MappingRow shown kind row/> };
    view! {
        <DataGrid label=format!("Attribute mappings, {kind}") columns>
            <For each=move || rows.get() key=move |row| format!("{kind} {row:?}") children=row/>
        </DataGrid>
    }
}

#[component]
fn MappingRow(shown: Shown, kind: ObjectKind, row: AttributeMapping) -> impl IntoView {
    let name = row.target.to_string();
    let own = row.clone();
    let is_unsaved = Memo::new(move |_| shown.editor.is_unsaved(kind, &own));
    let default = row.default_value.clone().unwrap_or_default();
    let (source, type_label, applies) = (source(&row), type_label(&row), row.apply.label());
    let is_changed = shown.editor.is_changed(kind, &row);
    let matching = precedence(kind, &row.target).map(|precedence| precedence.to_string());
    let edit = format!("Edit mapping {name}");
    let (label, of_label) = (name.clone(), name.clone());
    let tooltip = edit.clone();
    view! {
        <Row>
            <RowHeader>
                <button type="submit" form=EDIT_FORM name=TARGET value=of_label class="link-button">{label}</button>
                {move || match (is_unsaved.get(), is_changed) {
                    (true, _) => Some(view! { " "<Tag label="Not saved" class="warning"/> }.into_any()),
                    (false, true) => Some(view! { " "<Tag label="Changed"/> }.into_any()),
                    (false, false) => None,
                }}
            </RowHeader>
            <Cell><span class="monospace break-anywhere">{source}</span></Cell>
            <Cell label="Type:">{type_label}</Cell>
            <Cell label="Applies:">{applies}</Cell>
            <Cell room=ColumnRoom::HiddenWhenMedium>{matching}</Cell>
            <Cell room=ColumnRoom::HiddenWhenMedium><span class="monospace break-anywhere">{default}</span></Cell>
            <Cell actions=true>
                <button type="submit" form=EDIT_FORM name=TARGET value=name class="icon-button" aria-label=edit title=tooltip>
                    <Icon glyph=Glyph::Edit/>
                </button>
                <DeleteButton shown kind row/>
            </Cell>
        </Row>
    }
}

/// A required target shows a lock where others have the button.
#[component]
fn DeleteButton(shown: Shown, kind: ObjectKind, row: AttributeMapping) -> impl IntoView {
    let target = row.target;
    if is_required(kind, &target) {
        const REASON: &str = "Required, cannot be deleted";
        return view! {
            <span class="icon-button" role="img" aria-label=REASON title=REASON>
                <Icon glyph=Glyph::LockClosed/>
            </span>
        }
        .into_any();
    }
    let label = format!("Delete mapping {target}");
    let name = target.to_string();
    let toasts = Toasts::here();
    let click = move |event: ev::MouseEvent| {
        event.prevent_default();
        if let Err(error) = shown.editor.delete(kind, &target) {
            toasts.show(Toast::error("Not deleted", error.message));
        }
    };
    view! {
        <button
            type="submit"
            form=DELETE_FORM
            name="target"
            value=name
            class="icon-button"
            aria-label=label.clone()
            title=label
            on:click=click
        >
            <Icon glyph=Glyph::Delete/>
        </button>
    }
    .into_any()
}

/// Where the value comes from, as it is written.
fn source(row: &AttributeMapping) -> String {
    match &row.source {
        MappingSource::Direct { attribute } => attribute.to_string(),
        MappingSource::Constant { value } => format!("\"{value}\""),
        MappingSource::Expression { expression } => expression.clone(),
        MappingSource::None => String::new(),
    }
}

fn type_label(row: &AttributeMapping) -> &'static str {
    match &row.source {
        MappingSource::Direct { .. } => "Direct",
        MappingSource::Constant { .. } => "Constant",
        MappingSource::Expression { .. } => "Expression",
        MappingSource::None => "None",
    }
}
