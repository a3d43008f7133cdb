//! From one page of a list to the next. Lists are paged by key, so there is a next and a first
//! page, and no jump to the middle.

use leptos::prelude::*;

use super::{
    button::{GoForm, IconButton},
    icon::Glyph,
};

/// Addresses of the neighbouring pages, where there are any, and what is shown now.
#[component]
pub fn Pager(
    #[prop(into)] summary: Signal<String>,
    #[prop(into)] previous: Signal<Option<String>>,
    #[prop(into)] next: Signal<Option<String>>,
) -> impl IntoView {
    view! {
        <div class="pager">
            <span>{move || summary.get()}</span>
            <nav aria-label="Pages">
                <PageButton label="Previous page" glyph=Glyph::ChevronLeft href=previous/>
                <PageButton label="Next page" glyph=Glyph::ChevronRight href=next/>
            </nav>
        </div>
    }
}

#[component]
fn PageButton(label: &'static str, glyph: Glyph, href: Signal<Option<String>>) -> impl IntoView {
    let target = Signal::derive(move || href.get().unwrap_or_default());
    let is_missing = Signal::derive(move || href.with(Option::is_none));
    view! {
        <GoForm href=target unavailable=is_missing>
            <IconButton label glyph unavailable=is_missing/>
        </GoForm>
    }
}
