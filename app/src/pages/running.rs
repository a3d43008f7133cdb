//! What runs at this moment, in the notification centre: asked for while somebody looks.

use engine::records::ConfigurationSummary;
use leptos::prelude::*;

use crate::{
    api, components::progress::ProgressBar, live, pages::cloud_sync::status, routes::Route,
};

#[component]
pub fn Running(is_open: Signal<bool>) -> impl IntoView {
    // No resource: the bar around this is made in its own time, and resources are told apart by the
    // order in which they are made.
    let list = RwSignal::new(Vec::<ConfigurationSummary>::new());
    live::ask_while(list, is_open, api::configurations::list);
    let running = move || {
        let mut all = list.get();
        all.retain(|configuration| configuration.state.progress.is_some());
        all
    };
    view! {
        <ul class="running-list" aria-label="Running">
            {move || running().into_iter().filter_map(cycle).collect_view()}
        </ul>
    }
}

fn cycle(configuration: ConfigurationSummary) -> Option<impl IntoView> {
    let progress = configuration.state.progress?;
    let (done, total) = status::reached(&progress);
    let kind = status::kind_in_words(progress.kind);
    let href = Route::SyncStatus(configuration.id).to_string();
    let words = status::progress_in_words(&progress);
    Some(view! {
        <li>
            <strong><a href=href>{format!("{kind} cycle of {}", configuration.domain)}</a></strong>
            <ProgressBar label=format!("Cycle of {}", configuration.domain) done total full_width=true/>
            <span class="muted small">{words}</span>
        </li>
    })
}
