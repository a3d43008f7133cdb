//! A table for many rows. Roles are written out, because on narrow screens the style sheet turns
//! rows into cards, and `display` would take the roles away.

use leptos::{ev, prelude::*};

use super::icon::{Glyph, Icon, IconSize};
use crate::browser;

/// When a column gives way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColumnRoom {
    /// Always there.
    #[default]
    Always,
    /// Not in cards.
    HiddenWhenNarrow,
    /// Only where there is much room.
    HiddenWhenMedium,
}

impl ColumnRoom {
    fn class(self) -> &'static str {
        match self {
            Self::Always => "",
            Self::HiddenWhenNarrow => "hide-narrow",
            Self::HiddenWhenMedium => "hide-medium hide-narrow",
        }
    }
}

/// How the rows are sorted by a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sorted {
    Ascending,
    Descending,
}

/// A column's heading. The cells of the column repeat its room and whether it holds numbers.
#[derive(Clone, Debug)]
pub struct Column {
    pub label: &'static str,
    pub room: ColumnRoom,
    pub is_number: bool,
    /// Where a click on the heading leads, when one can sort by it.
    pub sort_href: Option<String>,
    pub sorted: Option<Sorted>,
    /// For a column of menus: its label is only heard.
    pub is_actions: bool,
}

impl Column {
    pub fn new(label: &'static str) -> Self {
        Self {
            label,
            room: ColumnRoom::Always,
            is_number: false,
            sort_href: None,
            sorted: None,
            is_actions: false,
        }
    }

    /// The column of the row menus.
    pub fn actions() -> Self {
        Self {
            is_actions: true,
            ..Self::new("Row actions")
        }
    }

    #[must_use]
    pub fn hidden_when_narrow(self) -> Self {
        Self {
            room: ColumnRoom::HiddenWhenNarrow,
            ..self
        }
    }

    #[must_use]
    pub fn hidden_when_medium(self) -> Self {
        Self {
            room: ColumnRoom::HiddenWhenMedium,
            ..self
        }
    }

    #[must_use]
    pub fn number(self) -> Self {
        Self {
            is_number: true,
            ..self
        }
    }

    #[must_use]
    pub fn sortable(self, href: impl Into<String>, sorted: Option<Sorted>) -> Self {
        Self {
            sort_href: Some(href.into()),
            sorted,
            ..self
        }
    }
}

/// The table. `children` are its rows: [`Row`] with a [`RowHeader`] and [`Cell`]s.
#[component]
pub fn DataGrid(
    #[prop(into)] label: String,
    columns: Vec<Column>,
    /// Whether newer rows are on their way.
    #[prop(into, optional)]
    busy: Signal<bool>,
    /// Has so few columns that it stays a table where there is little room.
    #[prop(optional)]
    small: bool,
    children: Children,
) -> impl IntoView {
    let class = if small {
        "data-grid small-grid"
    } else {
        "data-grid"
    };
    view! {
        <div class=class aria-busy=move || busy.get().then_some("true")>
            <table role="table" aria-label=label>
                <thead role="rowgroup">
                    <tr role="row">{columns.into_iter().map(column_heading).collect_view()}</tr>
                </thead>
                <tbody role="rowgroup">{children()}</tbody>
            </table>
        </div>
    }
}

fn column_heading(column: Column) -> impl IntoView {
    let Column {
        label,
        room,
        is_number,
        sort_href,
        sorted,
        is_actions,
    } = column;
    let class = cell_class(room, is_number, is_actions);
    let (order, glyph) = match sorted {
        Some(Sorted::Ascending) => (Some("ascending"), Some(Glyph::ArrowSortUp)),
        Some(Sorted::Descending) => (Some("descending"), Some(Glyph::ArrowSortDown)),
        None => (None, None),
    };
    let content = match sort_href {
        Some(href) => view! {
            <a href=href>
                {label}
                {glyph.map(|glyph| view! { <Icon glyph size=IconSize::Sixteen/> })}
            </a>
        }
        .into_any(),
        None if is_actions => view! { <span class="visually-hidden">{label}</span> }.into_any(),
        None => label.into_any(),
    };
    view! { <th role="columnheader" scope="col" class=class aria-sort=order>{content}</th> }
}

/// One row.
#[component]
pub fn Row(
    #[prop(into, optional)] selected: Option<Signal<bool>>,
    /// The id of the row's menu, which a right click opens, too.
    #[prop(into, optional)]
    menu: Option<String>,
    children: Children,
) -> impl IntoView {
    let selected = move || selected.map(|selected| selected.get().to_string());
    let open_menu = move |event: ev::MouseEvent| {
        if let Some(menu) = &menu {
            browser::open_as_context_menu(&event, menu);
        }
    };
    view! { <tr role="row" aria-selected=selected on:contextmenu=open_menu>{children()}</tr> }
}

/// The cell that names its row.
#[component]
pub fn RowHeader(children: Children) -> impl IntoView {
    view! { <th role="rowheader" scope="row">{children()}</th> }
}

/// Any other cell.
#[component]
pub fn Cell(
    #[prop(optional)] room: ColumnRoom,
    #[prop(optional)] number: bool,
    /// Holds the row's menu.
    #[prop(optional)]
    actions: bool,
    /// Said before the value in cards, where no heading stands above.
    #[prop(optional)]
    label: Option<&'static str>,
    children: Children,
) -> impl IntoView {
    view! { <td role="cell" class=cell_class(room, number, actions) data-label=label>{children()}</td> }
}

fn cell_class(room: ColumnRoom, is_number: bool, is_actions: bool) -> String {
    let number = if is_number { " number" } else { "" };
    let actions = if is_actions { " row-actions" } else { "" };
    format!("{}{number}{actions}", room.class())
}
