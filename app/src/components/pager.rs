//! From one page of a list to the next. Lists are paged by key, so there is a next and a first
//! page, and no jump to the middle.

use leptos::prelude::*;

use super::{
    button::GoForm,
    icon::{Glyph, Icon},
};

/// Addresses of the neighbouring pages, where there are any, and what is shown now.
#[component]
pub fn Pager(
    #[prop(into)] summary: String,
    previous: Option<String>,
    next: Option<String>,
) -> impl IntoView {
    view! {
        <div class="pager">
            <span>{summary}</span>
            <nav aria-label="Pages">
                {page_button("Previous page", Glyph::ChevronLeft, previous)}
                {page_button("Next page", Glyph::ChevronRight, next)}
            </nav>
        </div>
    }
}

fn page_button(label: &'static str, glyph: Glyph, href: Option<String>) -> AnyView {
    let is_missing = href.is_none();
    let button = view! {
        <button
            type=if is_missing { "button" } else { "submit" }
            class="icon-button"
            aria-label=label
            title=label
            aria-disabled=is_missing.then_some("true")
        >
            <Icon glyph/>
        </button>
    };
    match href {
        Some(href) => view! { <GoForm href>{button}</GoForm> }.into_any(),
        None => button.into_any(),
    }
}
