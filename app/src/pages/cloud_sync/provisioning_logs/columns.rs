//! Which columns the log shows. A cookie remembers the choice, so that the server renders the page
//! as it will stay.

pub mod order;

use engine::records::ProvisioningEntrySummary;
use leptos::prelude::*;

use super::{badge, shortened};
use crate::{
    api::{ApiError, provisioning_logs::ChooseColumns, resource::Resource},
    components::{
        button::{Button, GoButton, Weight},
        data_grid::{Cell, Column, ColumnRoom, Sorted},
        moment::{Moment, MomentForm},
        pane::{Pane, PaneWidth},
        status_badge::StatusBadge,
    },
    list_address::ListAddress,
    pages::{
        forms::{CommandForm, after, go_to},
        tenant_objects::words,
    },
};

pub const PANE: &str = "pane";
pub const COLUMNS: &str = "columns";
const FORM: &str = "columns-form";

/// A column beside the identity, which is always there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogColumn {
    Date,
    Action,
    ObjectType,
    SourceSystem,
    SourceId,
    TargetSystem,
    TargetId,
    Status,
    CycleId,
    ChangeId,
}

impl LogColumn {
    pub const ALL: [Self; 10] = [
        Self::Date,
        Self::Action,
        Self::ObjectType,
        Self::SourceSystem,
        Self::SourceId,
        Self::TargetSystem,
        Self::TargetId,
        Self::Status,
        Self::CycleId,
        Self::ChangeId,
    ];
    /// While nobody has chosen.
    const USUAL: [Self; 5] = [
        Self::Date,
        Self::Action,
        Self::SourceSystem,
        Self::TargetSystem,
        Self::Status,
    ];

    /// As the cookie and the form say it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::Action => "action",
            Self::ObjectType => "type",
            Self::SourceSystem => "source",
            Self::SourceId => "sourceId",
            Self::TargetSystem => "target",
            Self::TargetId => "targetId",
            Self::Status => "status",
            Self::CycleId => "cycle",
            Self::ChangeId => "change",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.as_str() == word)
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Date => "Date",
            Self::Action => "Action",
            Self::ObjectType => "Object type",
            Self::SourceSystem => "Source system",
            Self::SourceId => "Source ID",
            Self::TargetSystem => "Target system",
            Self::TargetId => "Target ID",
            Self::Status => "Status",
            Self::CycleId => "Cycle ID",
            Self::ChangeId => "Change ID",
        }
    }

    fn room(self) -> ColumnRoom {
        match self {
            Self::Date | Self::Action | Self::Status => ColumnRoom::Always,
            _ => ColumnRoom::HiddenWhenMedium,
        }
    }

    fn heading(self) -> Column {
        Column {
            room: self.room(),
            sorted: (self == Self::Date).then_some(Sorted::Descending),
            ..Column::new(self.label())
        }
    }
}

/// The chosen ones in their order; the usual ones while nobody has chosen.
pub fn of_words(words: Option<&str>) -> Vec<LogColumn> {
    match words {
        None => LogColumn::USUAL.to_vec(),
        Some(words) => {
            let mut chosen = Vec::new();
            for column in words.split('.').filter_map(LogColumn::parse) {
                if !chosen.contains(&column) {
                    chosen.push(column);
                }
            }
            chosen
        }
    }
}

/// The date comes before the identity, everything else after it.
pub fn headings(chosen: &[LogColumn]) -> Vec<Column> {
    let (before, after) = chosen.split_at(before_identity(chosen));
    let heading = |column: &LogColumn| column.heading();
    let identity = std::iter::once(Column::new("Identity"));
    let before = before.iter().map(heading).chain(identity);
    before.chain(after.iter().map(heading)).collect()
}

/// How many cells stand before the identity.
pub fn before_identity(chosen: &[LogColumn]) -> usize {
    usize::from(chosen.first() == Some(&LogColumn::Date))
}

pub fn cell(column: LogColumn, entry: &ProvisioningEntrySummary) -> AnyView {
    let id = |id: String| {
        let short = shortened(&id);
        view! { <span class="monospace" title=id>{short}</span> }.into_any()
    };
    let at = entry.at;
    let content = match column {
        LogColumn::Date => {
            view! { <span class="no-wrap"><Moment at form=MomentForm::Log/></span> }.into_any()
        }
        LogColumn::Action => entry.action.label().into_any(),
        LogColumn::ObjectType => words(entry.kind).title.into_any(),
        LogColumn::SourceSystem => entry.source_system.clone().into_any(),
        LogColumn::SourceId => id(entry.source_id.clone()),
        LogColumn::TargetSystem => entry.target_system.clone().into_any(),
        LogColumn::TargetId => match entry.target_id {
            Some(target) => id(target.to_string()),
            None => ().into_any(),
        },
        LogColumn::Status => view! { <StatusBadge badge=badge(entry.result)/> }.into_any(),
        LogColumn::CycleId => id(entry.cycle.to_string()),
        LogColumn::ChangeId => id(entry.id.to_string()),
    };
    view! { <Cell room=column.room()>{content}</Cell> }.into_any()
}

/// The pane in which columns are chosen.
#[component]
pub fn ColumnsPane(
    chosen: Resource<Result<Vec<String>, ApiError>>,
    address: Memo<ListAddress>,
) -> impl IntoView {
    let choose = ServerAction::<ChooseColumns>::new();
    let back = Signal::derive(move || address.read().without(&[PANE]).to_string());
    let close = go_to(back);
    after(choose, move |()| {
        chosen.refetch();
        close.run(());
    });
    let footer = move || {
        view! {
            <Button label="Save" weight=Weight::Primary form=FORM unavailable=choose.pending() for_readers=true/>
            <GoButton label="Cancel" href=back/>
        }
    };
    let list = move || {
        Suspend::new(async move {
            let words = chosen.await.unwrap_or_default();
            let chosen = words.iter().filter_map(|word| LogColumn::parse(word));
            let chosen = chosen.collect::<Vec<_>>();
            view! { <order::ColumnOrder chosen/> }
        })
    };
    view! {
        <Pane id="columns-pane" title="Columns" width=PaneWidth::Narrow315 on_close=close footer>
            <CommandForm id=FORM action=choose>
                <input type="hidden" name="back" value=move || back.get()/>
                <fieldset class="choice-group">
                    <legend class="visually-hidden">"Columns"</legend>
                    <Suspense>{list}</Suspense>
                </fieldset>
                <p class="hint">"The identity is always shown, behind the date where that comes first. This browser remembers the choice."</p>
            </CommandForm>
        </Pane>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_columns_are_shown_until_somebody_chooses() {
        let labels = |words| -> Vec<_> {
            headings(&of_words(words))
                .iter()
                .map(|column| column.label)
                .collect()
        };
        assert_eq!(
            labels(None),
            [
                "Date",
                "Identity",
                "Action",
                "Source system",
                "Target system",
                "Status"
            ]
        );
        assert_eq!(
            labels(Some("status.sourceId.nonsense.status")),
            ["Identity", "Status", "Source ID"]
        );
        assert_eq!(labels(Some("identity")), ["Identity"]);
    }
}
