//! Keeps what a page shows as it is on the server. The server says only *that* something changed,
//! and what time it is (`/events`); the page then asks for what it shows by the function it asked first, so
//! that who may see what is decided in one place.

use std::{cell::Cell, future::Future, rc::Rc};

use engine::timestamp::Timestamp;
use leptos::{prelude::*, task::spawn_local};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    api::{self, ApiError, resource::Resource},
    browser::{self, News},
    components::moment::ReadersClock,
    wording,
};

/// The line to the server; one for each open portal, provided by `root`.
#[derive(Clone, Copy)]
pub struct Live {
    /// Counts the changes that were announced.
    changes: RwSignal<u64>,
    is_lost: RwSignal<bool>,
    last_update: RwSignal<Option<Timestamp>>,
}

impl Default for Live {
    fn default() -> Self {
        Self::new()
    }
}

impl Live {
    /// A line that is not open yet.
    pub fn new() -> Self {
        Self {
            changes: RwSignal::new(0),
            is_lost: RwSignal::new(false),
            last_update: RwSignal::new(None),
        }
    }

    /// Opens the line as soon as a browser is there, for as long as the component lives that asks
    /// for it and somebody looks. The server speaks only to those who are signed in.
    pub fn open(self) {
        let clock = use_context::<ReadersClock>();
        Effect::new(move || {
            // The first news brings a page up to date, which has to be there.
            browser::once_taken_over(move || {
                browser::listen_while_visible(move |news| self.receive(&news, clock));
            });
        });
    }

    /// The server speaks as soon as it hears a page, so that a line that was lost, or that nobody
    /// needed for a while, begins with the news that something may have changed.
    fn receive(self, news: &News, clock: Option<ReadersClock>) {
        let News::Changed { data, heard_at } = news else {
            self.is_lost.set(true);
            spawn_local(self.tell_if_signed_out());
            return;
        };
        if let (Ok(reading), Some(clock)) = (serde_json::from_str(data), clock) {
            clock.follow(reading, *heard_at);
        }
        self.is_lost.set(false);
        self.changes.update(|count| *count += 1);
    }

    /// The line ends with the session, too. Then no waiting brings it back.
    async fn tell_if_signed_out(self) {
        if let Ok(None) = api::session::current().await {
            self.is_lost.set(false);
            browser::tell_signed_out();
        }
    }

    /// Whether the server cannot be heard at the moment.
    pub fn is_lost(self) -> Signal<bool> {
        self.is_lost.into()
    }

    /// When the page was last brought up to date.
    pub fn last_update(self) -> Signal<Option<Timestamp>> {
        self.last_update.into()
    }
}

/// Brings `shown` up to date whenever the server announces a change: one request at a time, and the
/// last change is never missed. A request that fails leaves what is shown.
pub fn keep_fresh<T, F>(shown: RwSignal<T>, fetch: impl Fn() -> F + 'static)
where
    T: Send + Sync + 'static,
    F: Future<Output = Result<T, ApiError>> + 'static,
{
    let Some(live) = use_context::<Live>() else {
        return;
    };
    let clock = use_context::<ReadersClock>();
    let fetch = Rc::new(fetch);
    let is_asking = Rc::new(Cell::new(false));
    Effect::new(move |earlier: Option<u64>| {
        let count = live.changes.get();
        let is_new = earlier.is_some_and(|earlier| earlier != count);
        if is_new && !is_asking.replace(true) {
            let (fetch, is_asking) = (fetch.clone(), is_asking.clone());
            spawn_local(async move {
                ask_until_still(live, shown, &*fetch, clock).await;
                is_asking.set(false);
            });
        }
        count
    });
}

/// Brings `shown` up to date when somebody begins to look, and at every change until they look away.
pub fn ask_while<T, F>(
    shown: RwSignal<T>,
    is_wanted: Signal<bool>,
    fetch: impl Fn() -> F + Clone + 'static,
) where
    T: Send + Sync + 'static,
    F: Future<Output = Result<T, ApiError>> + 'static,
{
    let Some(live) = use_context::<Live>() else {
        return;
    };
    Effect::new(move || {
        live.changes.track();
        if is_wanted.get() {
            let fetch = fetch.clone();
            spawn_local(async move {
                if let Ok(fresh) = fetch().await {
                    shown.try_set(fresh);
                }
            });
        }
    });
}

/// Loads a list again whenever the server announces a change, but not more often than every second.
pub fn reload_on_change<T>(list: Resource<T>)
where
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
{
    reload_on_change_while(list, true);
}

/// As [`reload_on_change`], for lists that somebody may want to stand still.
pub fn reload_on_change_while<T>(list: Resource<T>, is_wanted: impl Into<Signal<bool>>)
where
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
{
    let Some(live) = use_context::<Live>() else {
        return;
    };
    let is_wanted = is_wanted.into();
    let is_waiting = StoredValue::new(false);
    Effect::new(move |earlier: Option<u64>| {
        let count = live.changes.get();
        let is_new = earlier.is_some_and(|earlier| earlier != count);
        if is_new && is_wanted.get_untracked() && !is_waiting.get_value() {
            is_waiting.set_value(true);
            browser::after_seconds(1, move || {
                if is_waiting.try_set_value(false).is_none() {
                    list.refetch();
                }
            });
        }
        count
    });
}

async fn ask_until_still<T, F>(
    live: Live,
    shown: RwSignal<T>,
    fetch: &dyn Fn() -> F,
    clock: Option<ReadersClock>,
) where
    T: Send + Sync + 'static,
    F: Future<Output = Result<T, ApiError>>,
{
    loop {
        let Some(asked_at) = live.changes.try_get_untracked() else {
            return;
        };
        if let Ok(fresh) = fetch().await
            && shown.try_set(fresh).is_none()
        {
            live.last_update.set(clock.map(ReadersClock::read_again));
        }
        if live.changes.try_get_untracked() == Some(asked_at) {
            return;
        }
        browser::wait_a_moment().await;
    }
}

/// Brings the page up to date because somebody asks for it: for a page's **Refresh**.
pub fn refresh() -> Callback<()> {
    let live = use_context::<Live>();
    Callback::new(move |()| {
        if let Some(live) = live {
            live.changes.update(|count| *count += 1);
        }
    })
}

/// `Updates live`, with the time of the last one.
pub fn last_update_in_words() -> Signal<String> {
    let live = use_context::<Live>();
    Signal::derive(move || match live {
        Some(live) if live.is_lost.get() => "Connection lost".to_owned(),
        Some(live) => match live.last_update.get() {
            Some(at) => {
                let clock = wording::clock_time(at, browser::minutes_ahead_of_utc(at));
                format!("Updates live, last at {clock}")
            }
            None => "Updates live".to_owned(),
        },
        None => String::new(),
    })
}
