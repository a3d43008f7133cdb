//! The first tab: figures, what was done each day, how the objects are, and what fails.

use engine::{
    insights::{Insights, InsightsStep, RecentError, RowCounts},
    records::{ProvisioningAction, ProvisioningResult},
};
use leptos::prelude::*;

use super::links::Links;
use crate::{
    components::{
        card::Card,
        chart::{Bar, Legend, Series, SeriesLook, Share, Shares, Swatch, stacked_bars},
        data_grid::{Cell, Column, DataGrid, Row, RowHeader},
        moment::{Moment, MomentForm},
    },
    routes::Route,
    wording::{self, change, count, number},
};

#[component]
pub fn Summary(figures: Insights, links: Links) -> impl IntoView {
    let actions = actions(&figures, &links);
    let (side, errors) = (side(&figures, &links), errors(&figures, &links));
    view! {
        <div class="stack">
            <Tiles figures links/>
            <div class="chart-and-side">
                {actions}
                {side}
            </div>
            {errors}
        </div>
    }
}

/// A figure: its name and colour, how to count it, and where it leads.
struct Tile {
    name: &'static str,
    look: SeriesLook,
    value: fn(&RowCounts) -> u64,
    href: String,
}

#[component]
fn Tiles(figures: Insights, links: Links) -> impl IntoView {
    let since = figures.since;
    let action = |action| links.of_action(since, action);
    let tiles = vec![
        Tile {
            name: "Created",
            look: SeriesLook::Create,
            value: |counts| counts.of_action(ProvisioningAction::Create),
            href: action(ProvisioningAction::Create),
        },
        Tile {
            name: "Updated",
            look: SeriesLook::Update,
            value: |counts| counts.of_action(ProvisioningAction::Update),
            href: action(ProvisioningAction::Update),
        },
        Tile {
            name: "Deleted",
            look: SeriesLook::Delete,
            value: |counts| counts.of_action(ProvisioningAction::Delete),
            href: action(ProvisioningAction::Delete),
        },
        Tile {
            name: "Staged deletes",
            look: SeriesLook::Staged,
            value: |counts| counts.of_action(ProvisioningAction::StagedDelete),
            href: action(ProvisioningAction::StagedDelete),
        },
        Tile {
            name: "Failures",
            look: SeriesLook::Bad,
            value: |counts| counts.of_result(ProvisioningResult::Failure),
            href: links.of_result(since, ProvisioningResult::Failure),
        },
    ];
    let before = before_in_words(&links);
    let tile = |Tile {
                    name,
                    look,
                    value,
                    href,
                }: Tile| {
        let now = value(&figures.total);
        let change = figures
            .before
            .and_then(|before| change(now, value(&before)));
        let note = change.map(|change| format!("{change} {before}"));
        view! {
            <a href=href>
                <span class="tile-name"><Swatch look/>{name}</span>
                <span class="tile-value">{number(now)}</span>
                <span class="tile-note">{note}</span>
            </a>
        }
    };
    view! { <div class="linked-figures">{tiles.into_iter().map(tile).collect_view()}</div> }
}

fn before_in_words(links: &Links) -> String {
    let range = links.query().range.label().to_lowercase();
    let range = range.trim_start_matches("last ");
    format!("on the {range} before")
}

/// The actions in the order in which a bar is built up.
const ACTIONS: [(ProvisioningAction, Series); 6] = [
    (
        ProvisioningAction::Update,
        series("Update", SeriesLook::Update),
    ),
    (
        ProvisioningAction::Create,
        series("Create", SeriesLook::Create),
    ),
    (
        ProvisioningAction::Delete,
        series("Delete", SeriesLook::Delete),
    ),
    (
        ProvisioningAction::Disable,
        series("Disable", SeriesLook::Disable),
    ),
    (
        ProvisioningAction::StagedDelete,
        series("Staged delete", SeriesLook::Staged),
    ),
    (
        ProvisioningAction::Other,
        series("Other", SeriesLook::Other),
    ),
];

const fn series(label: &'static str, look: SeriesLook) -> Series {
    Series { label, look }
}

/// `day` or `hour`, as the range has steps.
pub fn step_noun(links: &Links) -> &'static str {
    match links.query().range.step().as_secs() {
        3_600 => "hour",
        _ => "day",
    }
}

/// What stands under the bar of a step.
pub fn step_label(links: &Links, step: &InsightsStep) -> String {
    match step_noun(links) {
        "hour" => wording::hour_of_day(step.start),
        _ => wording::day_and_month(step.start),
    }
}

fn actions(figures: &Insights, links: &Links) -> AnyView {
    let occurring: Vec<(ProvisioningAction, Series)> = ACTIONS
        .into_iter()
        .filter(|(action, _)| figures.total.of_action(*action) > 0)
        .collect();
    let series = occurring.iter().map(|(_, series)| *series).collect();
    let counted = |counts: &RowCounts| -> Vec<u64> {
        let values = occurring.iter();
        values
            .map(|(action, _)| counts.of_action(*action))
            .collect()
    };
    let title = format!("Actions per {}", step_noun(links));
    per_step(title, figures, links, series, counted)
}

/// A card with a bar for each step, and the same as a table.
pub fn per_step(
    title: String,
    figures: &Insights,
    links: &Links,
    series: Vec<Series>,
    counted: impl Fn(&RowCounts) -> Vec<u64>,
) -> AnyView {
    let bar = |step: &InsightsStep| Bar {
        label: step_label(links, step),
        values: counted(&step.counts),
    };
    let bars: Vec<Bar> = figures.steps.iter().map(bar).collect();
    let summary = in_a_sentence(&title, &series, &bars);
    let hrefs = figures.steps.iter().map(|step| links.during(step.start));
    let lines = hrefs.zip(bars.iter().cloned()).collect();
    let table = steps_table(title.clone(), step_noun(links), &series, lines);
    let chart = stacked_bars(&summary, &series, &bars, table).into_any();
    view! {
        <Card id="per-step-title" title aside=move || view! { <Legend series/> }>{chart}</Card>
    }
    .into_any()
}

/// Where a line of the table leads, and what it says.
type Line = (String, Bar);

fn steps_table(
    label: String,
    noun: &'static str,
    series: &[Series],
    lines: Vec<Line>,
) -> impl IntoView + use<> {
    let first = Column::new(if noun == "hour" { "Hour" } else { "Day" });
    let columns: Vec<Column> = std::iter::once(first)
        .chain(
            series
                .iter()
                .map(|series| Column::new(series.label).number()),
        )
        .collect();
    let line = |(href, Bar { label, values }): Line| {
        let value = |value: u64| view! { <Cell number=true>{number(value)}</Cell> };
        view! {
            <Row>
                <RowHeader><a href=href>{label}</a></RowHeader>
                {values.into_iter().map(value).collect_view()}
            </Row>
        }
    };
    view! {
        <DataGrid label columns small=true>{lines.into_iter().map(line).collect_view()}</DataGrid>
    }
}

/// What the picture shows, for those who do not see it.
fn in_a_sentence(title: &str, series: &[Series], bars: &[Bar]) -> String {
    let label = |bar: Option<&Bar>| bar.map(|bar| bar.label.clone()).unwrap_or_default();
    let total = |position: usize| bars.iter().map(|bar| bar.values[position]).sum();
    let totals: Vec<u64> = (0..series.len()).map(total).collect();
    let sum = |bar: &Bar| bar.values.iter().sum::<u64>();
    let leading = series.iter().zip(&totals).max_by_key(|(_, total)| **total);
    let highest = bars.iter().max_by_key(|bar| sum(bar));
    let leading = leading.map_or(String::new(), |(series, total)| {
        format!(" {} leads with {}.", series.label, number(*total))
    });
    let highest = highest.map_or(String::new(), |bar| {
        let rows = count(sum(bar), "row");
        format!(" The highest bar is {} with {rows}.", bar.label)
    });
    format!(
        "{title}, {} to {}.{leading}{highest} The table below holds the numbers.",
        label(bars.first()),
        label(bars.last()),
    )
}

fn side(figures: &Insights, links: &Links) -> AnyView {
    let (since, objects) = (figures.since, objects_by_status(figures, links));
    let configurations: Vec<Share> = figures
        .configurations
        .iter()
        .map(|one| Share {
            label: one.domain.to_string(),
            value: one.rows,
            look: SeriesLook::Update,
            href: links.of_route(since, Route::ProvisioningLogsOf(one.id)),
        })
        .collect();
    let of_all = links.query().configuration.is_none() && !configurations.is_empty();
    view! {
        <div class="stack">
            {objects}
            {of_all.then(|| view! {
                <Card id="configurations-title" title="Changes by configuration">
                    <Shares shares=configurations/>
                </Card>
            })}
        </div>
    }
    .into_any()
}

/// Each with its own result, as a card.
pub fn objects_by_status(figures: &Insights, links: &Links) -> AnyView {
    let since = figures.since;
    let share = |(result, objects): (ProvisioningResult, u64)| Share {
        label: result.label().to_owned(),
        value: objects,
        look: look_of(result),
        href: links.of_result(since, result),
    };
    let shares: Vec<Share> = figures.objects.iter().copied().map(share).collect();
    view! {
        <Card id="objects-title" title="Objects by status">
            <div class="stack">
                <Shares shares/>
                <p class="hint">"Each object counts once, with its latest result."</p>
            </div>
        </Card>
    }
    .into_any()
}

pub fn look_of(result: ProvisioningResult) -> SeriesLook {
    match result {
        ProvisioningResult::Success => SeriesLook::Good,
        ProvisioningResult::Failure => SeriesLook::Bad,
        ProvisioningResult::Warning => SeriesLook::Warning,
        ProvisioningResult::Skipped => SeriesLook::Other,
    }
}

fn errors(figures: &Insights, links: &Links) -> AnyView {
    let (since, errors) = (figures.since, figures.errors.clone());
    let all = links.of_result(since, ProvisioningResult::Failure);
    let row = |error: RecentError| {
        let route = Route::ProvisioningLogsOf(error.configuration);
        let href = links.of_code(since, route, &error.code);
        let at = error.latest_at;
        view! {
            <Row>
                <RowHeader><a class="monospace" href=href>{error.code}</a></RowHeader>
                <Cell label="Configuration">{error.domain.to_string()}</Cell>
                <Cell number=true label="Rows">{number(error.rows)}</Cell>
                <Cell label="Latest"><span class="no-wrap"><Moment at form=MomentForm::Log/></span></Cell>
            </Row>
        }
    };
    let columns = vec![
        Column::new("Error code"),
        Column::new("Configuration"),
        Column::new("Rows").number(),
        Column::new("Latest"),
    ];
    let is_empty = errors.is_empty();
    let rows = errors.into_iter().map(row).collect_view();
    let list = match is_empty {
        true => view! { <p class="muted">"Nothing failed in this time."</p> }.into_any(),
        false => view! {
            <DataGrid label="Recent errors" columns>
                {rows}
            </DataGrid>
        }
        .into_any(),
    };
    view! {
        <Card
            id="errors-title"
            title="Recent errors"
            aside=move || view! { <a href=all>"View all in provisioning logs"</a> }
        >
            {list}
        </Card>
    }
    .into_any()
}
