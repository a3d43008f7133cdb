//! The boxes of the columns in their order, which buttons change: they work with a mouse, a finger
//! and a keyboard alike. Before a script runs, boxes can be ticked and the order stays.

use leptos::prelude::*;

use super::LogColumn;
use crate::{
    browser,
    components::icon::{Glyph, Icon},
};

/// Where a move leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    Up,
    Down,
}

impl Direction {
    fn label(self) -> &'static str {
        match self {
            Self::Up => "Move up",
            Self::Down => "Move down",
        }
    }

    fn glyph(self) -> Glyph {
        match self {
            Self::Up => Glyph::ChevronUp,
            Self::Down => Glyph::ChevronDown,
        }
    }

    /// The place beside that one among `all`; none at the end.
    fn from(self, place: usize, all: usize) -> Option<usize> {
        match self {
            Self::Up => place.checked_sub(1),
            Self::Down => Some(place + 1).filter(|next| *next < all),
        }
    }
}

/// What is being chosen.
#[derive(Clone, Copy)]
struct Order {
    columns: RwSignal<Vec<LogColumn>>,
    /// What the last move did, for those who do not see it.
    told: RwSignal<String>,
}

impl Order {
    fn place(self, column: LogColumn) -> usize {
        let columns = self.columns.read();
        let place = columns.iter().position(|other| *other == column);
        place.unwrap_or_default()
    }

    fn can_move(self, column: LogColumn, direction: Direction) -> bool {
        let all = self.columns.read().len();
        direction.from(self.place(column), all).is_some()
    }

    fn shift(self, column: LogColumn, direction: Direction) {
        let (place, all) = untrack(|| (self.place(column), self.columns.read().len()));
        let Some(next) = direction.from(place, all) else {
            return;
        };
        self.columns.update(|columns| columns.swap(place, next));
        let label = column.label();
        self.told
            .set(format!("{label} is at place {} of {all} now.", next + 1));
        // The row went to another place of the document, and lost the focus on its way.
        browser::after_milliseconds(0, move || {
            browser::focus_by_id(&button_id(column, direction));
        });
    }
}

/// The chosen ones first, in their order; then the others.
fn in_order(chosen: &[LogColumn]) -> Vec<LogColumn> {
    let others = LogColumn::ALL
        .into_iter()
        .filter(|column| !chosen.contains(column));
    chosen.iter().copied().chain(others).collect()
}

fn button_id(column: LogColumn, direction: Direction) -> String {
    let direction = match direction {
        Direction::Up => "up",
        Direction::Down => "down",
    };
    format!("column-{}-{direction}", column.as_str())
}

/// Every column with its box and its two buttons.
#[component]
pub fn ColumnOrder(chosen: Vec<LogColumn>) -> impl IntoView {
    let order = Order {
        columns: RwSignal::new(in_order(&chosen)),
        told: RwSignal::new(String::new()),
    };
    let row = move |column: LogColumn| {
        let is_chosen = chosen.contains(&column);
        view! { <ColumnRow order column is_chosen/> }
    };
    view! {
        <ol class="column-order">
            <For each=move || order.columns.get() key=|column| column.as_str() children=row/>
        </ol>
        <p class="visually-hidden" role="status">{move || order.told.get()}</p>
    }
}

#[component]
fn ColumnRow(order: Order, column: LogColumn, is_chosen: bool) -> impl IntoView {
    let id = format!("column-{}", column.as_str());
    view! {
        <li class="choice">
            <input
                id=id.clone()
                type="checkbox"
                name=move || format!("columns[{}]", order.place(column))
                value=column.as_str()
                checked=is_chosen
            />
            <label for=id>{column.label()}</label>
            <MoveButton order column direction=Direction::Up/>
            <MoveButton order column direction=Direction::Down/>
        </li>
    }
}

#[component]
fn MoveButton(order: Order, column: LogColumn, direction: Direction) -> impl IntoView {
    let label = format!("{} {}", direction.label(), column.label());
    view! {
        <button
            id=button_id(column, direction)
            type="button"
            class="icon-button inline"
            aria-label=label.clone()
            title=label
            aria-disabled=move || (!order.can_move(column, direction)).then_some("true")
            on:click=move |_| order.shift(column, direction)
        >
            <Icon glyph=direction.glyph()/>
        </button>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chosen_columns_come_first_and_every_column_comes_once() {
        let order = in_order(&[LogColumn::Status, LogColumn::Date]);
        assert_eq!(order[..2], [LogColumn::Status, LogColumn::Date]);
        assert_eq!(order.len(), LogColumn::ALL.len());
    }

    #[test]
    fn nothing_moves_over_the_ends() {
        assert_eq!(Direction::Up.from(0, 3), None);
        assert_eq!(Direction::Down.from(2, 3), None);
        assert_eq!(Direction::Down.from(0, 3), Some(1));
        assert_eq!(Direction::Up.from(2, 3), Some(1));
    }
}
