//! A moment as people read it: "1 min ago", with the exact time and zone in the tooltip.
//!
//! The server knows neither the reader's zone nor when the reader looks. So it writes the time in
//! UTC, and the script turns it into a relative text once it runs; the text's place stays.

use engine::timestamp::{ClockReading, Timestamp};
use leptos::prelude::*;
use time::format_description::well_known::Rfc3339;

use crate::{browser, wording};

/// What the reader's clock says, once the script runs. Provided by `root`, so that one timer moves
/// all texts.
#[derive(Clone, Copy)]
pub struct ReadersClock {
    now: RwSignal<Option<Timestamp>>,
    course: StoredValue<Course>,
    /// Whether the reader wants every time to the second.
    is_exact: RwSignal<bool>,
}

/// How the clock goes.
#[derive(Clone, Copy)]
enum Course {
    /// So many microseconds ahead of the browser's.
    Ahead(i64),
    /// Not at all.
    StandingAt(Timestamp),
}

/// What the server's clock may differ from the browser's, in microseconds, before texts go by it:
/// less is the way of a message.
const WAY_OF_A_MESSAGE: i64 = 5_000_000;

impl ReadersClock {
    /// Starts the clock as soon as a browser has taken the page over, and moves it every ten seconds.
    pub fn start() -> Self {
        let clock = Self {
            now: RwSignal::new(None),
            course: StoredValue::new(Course::Ahead(0)),
            is_exact: RwSignal::new(false),
        };
        Effect::new(move || {
            browser::once_taken_over(move || {
                clock.read_again();
                browser::every(10, move || {
                    clock.read_again();
                });
            });
        });
        clock
    }

    /// Tells every time to the second, or not any more.
    pub fn tell_exactly(self, is_exact: bool) {
        self.is_exact.set(is_exact);
    }

    /// Goes by the server's clock from now on, which read so when the browser's was at `heard_at`.
    pub fn follow(self, server: ClockReading, heard_at: Timestamp) {
        let ahead = server.now.0 - heard_at.0;
        self.course.set_value(match server.stands_still {
            true => Course::StandingAt(server.now),
            false if ahead.abs() < WAY_OF_A_MESSAGE => Course::Ahead(0),
            false => Course::Ahead(ahead),
        });
        self.read_again();
    }

    /// Reads the clock again, because what is shown is newer than its last reading.
    pub fn read_again(self) -> Timestamp {
        let now = match self.course.get_value() {
            Course::Ahead(ahead) => Timestamp(browser::now().0 + ahead),
            Course::StandingAt(now) => now,
        };
        if browser::is_taken_over() {
            self.now.set(Some(now));
        }
        now
    }

    /// Now, and how many minutes the reader's clock is ahead of UTC at `at`; nothing before the
    /// script runs.
    fn read(self, at: Timestamp) -> Option<(Timestamp, i32)> {
        self.now
            .get()
            .map(|now| (now, browser::minutes_ahead_of_utc(at)))
    }
}

/// How a moment is read. Its tooltip is always exact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MomentForm {
    /// `1 min ago`
    #[default]
    Relative,
    /// `17 Mar 2026, 09:41:57`
    Exact,
    /// `17 Mar 09:41:57`, for lists that reach back some weeks.
    Log,
}

impl MomentForm {
    /// As the reader's clock says it; in UTC where that is not known.
    fn text(self, at: Timestamp, reading: Option<(Timestamp, i32)>) -> String {
        let minutes = reading.map_or(0, |(_, minutes)| minutes);
        match (self, reading) {
            (Self::Relative, Some((now, _))) => wording::relative_time(at, now, minutes),
            (Self::Relative, None) => with_zone(at, 0),
            (Self::Exact, _) => wording::exact_time(at, minutes),
            (Self::Log, _) => wording::log_time(at, minutes),
        }
    }
}

/// A moment.
#[component]
pub fn Moment(
    #[prop(into)] at: Signal<Timestamp>,
    #[prop(optional)] form: MomentForm,
    /// Whether something is due then; once it is, the text is "now".
    #[prop(optional)]
    due: bool,
) -> impl IntoView {
    let clock = use_context::<ReadersClock>();
    let reading = move || clock.and_then(|clock| clock.read(at.get()));
    let form = move || match clock {
        Some(clock) if clock.is_exact.get() && form == MomentForm::Relative => MomentForm::Exact,
        _ => form,
    };
    let text = move || match reading() {
        Some((now, _)) if due && at.get() <= now => "now".to_owned(),
        // Due since ever: at once.
        None if due && at.get() == Timestamp::default() => "now".to_owned(),
        reading => form().text(at.get(), reading),
    };
    let tooltip = move || with_zone(at.get(), reading().map_or(0, |(_, minutes)| minutes));
    view! { <time datetime=move || machine_readable(at.get()) title=tooltip>{text}</time> }
}

fn with_zone(at: Timestamp, minutes_ahead_of_utc: i32) -> String {
    let zone = wording::zone(minutes_ahead_of_utc);
    format!("{} {zone}", wording::exact_time(at, minutes_ahead_of_utc))
}

fn machine_readable(at: Timestamp) -> String {
    at.to_date_time().format(&Rfc3339).unwrap_or_default()
}
