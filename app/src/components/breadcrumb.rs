//! Where a page stands: the journey by place, not by clicks.

use leptos::prelude::*;

/// One place above the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crumb {
    pub label: String,
    pub href: String,
}

impl Crumb {
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            href: href.into(),
        }
    }
}

/// The places above the page as links, and the page itself as text.
#[component]
pub fn Breadcrumb(above: Vec<Crumb>, #[prop(into)] here: Signal<String>) -> impl IntoView {
    let links = above
        .into_iter()
        .map(|Crumb { label, href }| view! { <li><a href=href>{label}</a></li> })
        .collect_view();
    view! {
        <nav class="breadcrumb" aria-label="Breadcrumb">
            <ol>
                {links}
                <li><span aria-current="page">{move || here.get()}</span></li>
            </ol>
        </nav>
    }
}
