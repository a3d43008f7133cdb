//! How far something is. The words with the numbers stand beside the bar, never in it.

use leptos::prelude::*;

/// A bar; without a total it only says that something happens.
#[component]
pub fn ProgressBar(
    #[prop(into)] label: String,
    #[prop(into)] done: Signal<u64>,
    #[prop(into)] total: Signal<Option<u64>>,
    #[prop(optional)] full_width: bool,
) -> impl IntoView {
    let class = if full_width {
        "progress-bar full-width"
    } else {
        "progress-bar"
    };
    let total = Memo::new(move |_| total.get().filter(|total| *total > 0));
    let value = move || total.get().map(|total| done.get().min(total).to_string());
    view! {
        <progress
            class=class
            aria-label=label
            max=move || total.get().map(|total| total.to_string())
            value=value
        ></progress>
    }
}
