//! Charts, drawn as SVG on the server. To assistive technology a chart is one picture with a
//! sentence; the numbers stand in a table behind "Show as table".

use leptos::prelude::*;

use crate::wording::number;

/// What one colour of a chart stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Series {
    pub label: &'static str,
    pub look: SeriesLook,
}

/// Colour and filling; never without a word beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeriesLook {
    Create,
    Update,
    Delete,
    Disable,
    /// Hatched: held, not done.
    Staged,
    Other,
    Good,
    Bad,
    Warning,
}

impl SeriesLook {
    fn class(self) -> &'static str {
        match self {
            Self::Create => "series-create",
            Self::Update => "series-update",
            Self::Delete => "series-delete",
            Self::Disable => "series-disable",
            Self::Staged => "series-staged",
            Self::Other => "series-other",
            Self::Good => "series-good",
            Self::Bad => "series-bad",
            Self::Warning => "series-warning",
        }
    }

    /// By the hatching with this id; every other filling is the style sheet's.
    fn filling(self, hatching: &str) -> Option<String> {
        (self == Self::Staged).then(|| format!("url(#{hatching})"))
    }
}

/// Lines across, for what was held and not done. An `id` may stand on a page several times: all of
/// them look the same.
fn hatching(id: &'static str) -> impl IntoView {
    view! {
        <defs>
            <pattern id=id width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                <line class="hatch" x1="1" y1="0" x2="1" y2="5"/>
            </pattern>
        </defs>
    }
}

/// One bar: what stands under it, and a value for each series.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    pub label: String,
    pub values: Vec<u64>,
}

/// A small square in the colour of a series.
#[component]
pub fn Swatch(look: SeriesLook) -> impl IntoView {
    view! {
        <svg class="swatch" viewBox="0 0 10 10" aria-hidden="true" focusable="false">
            {(look == SeriesLook::Staged).then(|| hatching("hatch-swatch"))}
            <rect
                class=look.class()
                fill=look.filling("hatch-swatch")
                x="0.5"
                y="0.5"
                width="9"
                height="9"
                rx="2"
            />
        </svg>
    }
}

#[component]
pub fn Legend(series: Vec<Series>) -> impl IntoView {
    let line = |Series { label, look }: Series| view! { <li><Swatch look/>{label}</li> };
    view! { <ul class="legend" aria-label="Legend">{series.into_iter().map(line).collect_view()}</ul> }
}

/// Bars of several parts, one upon the other. `summary` says in a sentence what is to be seen.
/// `table` is the same in numbers.
pub fn stacked_bars(
    summary: &str,
    series: &[Series],
    bars: &[Bar],
    table: impl IntoView,
) -> impl IntoView {
    let wide = drawing(&WIDE, summary, series, bars);
    let narrow = drawing(&NARROW, summary, series, bars);
    view! {
        {wide}
        {narrow}
        <details class="chart-table">
            <summary>"Show as table"</summary>
            {table}
        </details>
    }
}

/// The measures of a drawing, in its own units.
struct Measures {
    class: &'static str,
    hatching: &'static str,
    width: f64,
    height: f64,
    left: f64,
    /// How many bars may have a label.
    labels: usize,
}

const WIDE: Measures = Measures {
    class: "chart on-wide",
    hatching: "hatch-wide",
    width: 760.0,
    height: 300.0,
    left: 44.0,
    labels: 10,
};
const NARROW: Measures = Measures {
    class: "chart on-narrow",
    hatching: "hatch-narrow",
    width: 340.0,
    height: 230.0,
    left: 36.0,
    labels: 4,
};
const TOP: f64 = 12.0;
const BELOW: f64 = 26.0;

impl Measures {
    fn bottom(&self) -> f64 {
        self.height - BELOW
    }

    /// How high a value is drawn under a scale that ends at `most`.
    fn height_of(&self, value: u64, most: u64) -> f64 {
        (self.bottom() - TOP) * as_float(value) / as_float(most)
    }

    /// Left edge and width of the bar at a position.
    fn place(&self, position: usize, bars: usize) -> (f64, f64) {
        let room = (self.width - self.left - 8.0) / as_float(bars.max(1) as u64);
        let width = (room * 0.56).min(30.0);
        let left = self.left + room * as_float(position as u64) + (room - width) / 2.0;
        (left, width)
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a drawing has far fewer points than a float has digits"
)]
fn as_float(value: u64) -> f64 {
    value as f64
}

/// The next round number from which four lines can be drawn: 1, 2 or 5 with zeros, times four.
fn scale(most: u64) -> u64 {
    let mut step = 1_u64;
    loop {
        for factor in [1, 2, 5] {
            let top = step.saturating_mul(factor).saturating_mul(4);
            if top >= most {
                return top;
            }
        }
        step = step.saturating_mul(10);
    }
}

fn drawing(
    measures: &Measures,
    summary: &str,
    series: &[Series],
    bars: &[Bar],
) -> impl IntoView + use<> {
    let most = bars.iter().map(|bar| bar.values.iter().sum()).max();
    let most = scale(most.unwrap_or(0).max(4));
    let every = bars.len().div_ceil(measures.labels).max(1);
    let last = bars.len().saturating_sub(1);
    let columns: Vec<AnyView> = bars
        .iter()
        .enumerate()
        .map(|(position, bar)| {
            let is_labelled = (last - position).is_multiple_of(every);
            column(
                measures,
                series,
                bar,
                position,
                bars.len(),
                most,
                is_labelled,
            )
        })
        .collect();
    let box_of = format!("0 0 {} {}", measures.width, measures.height);
    view! {
        <svg class=measures.class viewBox=box_of role="img" aria-label=summary.to_owned()>
            {hatching(measures.hatching)}
            {lines(measures, most)}
            {columns}
        </svg>
    }
}

/// The lines of the scale with their numbers.
fn lines(measures: &Measures, most: u64) -> Vec<AnyView> {
    let line = |quarter: u64| {
        let value = most / 4 * quarter;
        let y = measures.bottom() - measures.height_of(value, most);
        let class = if quarter == 0 { "axis" } else { "grid-line" };
        let (left, right) = (
            measures.left.to_string(),
            (measures.width - 8.0).to_string(),
        );
        view! {
            <line class=class x1=left x2=right y1=rounded(y) y2=rounded(y)/>
            <text x=rounded(measures.left - 8.0) y=rounded(y + 4.0) text-anchor="end">{number(value)}</text>
        }
        .into_any()
    };
    (0..=4).map(line).collect()
}

fn column(
    measures: &Measures,
    series: &[Series],
    bar: &Bar,
    position: usize,
    bars: usize,
    most: u64,
    is_labelled: bool,
) -> AnyView {
    let (left, width) = measures.place(position, bars);
    let mut y = measures.bottom();
    let mut parts: Vec<AnyView> = Vec::new();
    for (one, value) in series
        .iter()
        .zip(&bar.values)
        .filter(|(_, value)| **value > 0)
    {
        // A part that is there is seen, however small.
        let height = measures.height_of(*value, most).max(1.5);
        y -= height;
        let height = (height - 0.75).max(1.0);
        parts.push(
            view! {
                <rect
                    class=one.look.class()
                    fill=one.look.filling(measures.hatching)
                    x=rounded(left)
                    y=rounded(y)
                    width=rounded(width)
                    height=rounded(height)
                    rx="1.5"
                />
            }
            .into_any(),
        );
    }
    let label = is_labelled.then(|| {
        let (x, y) = (rounded(left + width / 2.0), rounded(measures.height - 8.0));
        view! { <text x=x y=y text-anchor="middle">{bar.label.clone()}</text> }
    });
    view! { {parts}{label} }.into_any()
}

fn rounded(value: f64) -> String {
    format!("{value:.1}")
}

/// One line of [`Shares`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    pub label: String,
    pub value: u64,
    pub look: SeriesLook,
    /// Where its name leads.
    pub href: String,
}

/// Bars side by side to compare a few values; each is a link with its number.
#[component]
pub fn Shares(shares: Vec<Share>) -> impl IntoView {
    let most = shares
        .iter()
        .map(|share| share.value)
        .max()
        .unwrap_or(0)
        .max(1);
    let line = move |share: Share| {
        let width = rounded((100.0 * as_float(share.value) / as_float(most)).max(1.0));
        view! {
            <li>
                <span class="share">
                    <a href=share.href>{share.label}</a>
                    <span class="strong">{number(share.value)}</span>
                </span>
                <svg class="share-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">
                    <rect class="track" width="100" height="8"/>
                    <rect class=share.look.class() width=width height="8"/>
                </svg>
            </li>
        }
    };
    view! { <ul class="shares">{shares.into_iter().map(line).collect_view()}</ul> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_end_at_round_numbers_above_the_highest_bar() {
        let scales = [
            (0, 4),
            (4, 4),
            (5, 8),
            (9, 20),
            (295, 400),
            (401, 800),
            (150_000, 200_000),
        ];
        for (most, end) in scales {
            assert_eq!(scale(most), end, "{most}");
        }
    }

    #[test]
    fn bars_stand_beside_each_other_within_the_drawing() {
        for measures in [WIDE, NARROW] {
            let (mut end, bars) = (measures.left, 30);
            for position in 0..bars {
                let (left, width) = measures.place(position, bars);
                assert!(left >= end, "{position}");
                end = left + width;
            }
            assert!(end <= measures.width);
        }
    }
}
