//! What runs at this moment, in the notification centre: asked for while somebody looks.

use leptos::prelude::*;

use crate::{
    api::{self, running::RunningCycle},
    components::progress::ProgressBar,
    live,
    pages::cloud_sync::status,
    routes::Route,
};

#[component]
pub fn Running(is_open: Signal<bool>) -> impl IntoView {
    // No resource: the bar around this is made in its own time, and resources are told apart by the
    // order in which they are made.
    let list = RwSignal::new(Vec::<RunningCycle>::new());
    live::ask_while(list, is_open, api::running::list);
    view! {
        <ul class="running-list" aria-label="Running">
            {move || list.read().iter().map(cycle).collect_view()}
        </ul>
    }
}

fn cycle(running: &RunningCycle) -> impl IntoView + use<> {
    let (done, total) = status::reached(&running.progress);
    let kind = status::kind_in_words(running.progress.kind);
    let href = Route::SyncStatus(running.configuration).to_string();
    let words = status::progress_in_words(&running.progress);
    view! {
        <li>
            <strong><a href=href>{format!("{kind} cycle of {}", running.domain)}</a></strong>
            <ProgressBar label=format!("Cycle of {}", running.domain) done total full_width=true/>
            <span class="muted small">{words}</span>
        </li>
    }
}
