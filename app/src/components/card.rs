//! A block with a heading and a border.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// A region named by its heading. `id` is unique on the page.
#[component]
pub fn Card(
    id: &'static str,
    #[prop(into)] title: String,
    /// A second colour, for cards that explain.
    #[prop(optional)]
    inset: bool,
    /// What stands beside the heading.
    #[prop(into, optional)]
    aside: ViewFnOnce,
    children: Children,
) -> impl IntoView {
    view! {
        <section class=if inset { "card inset" } else { "card" } aria-labelledby=id>
            <div class="card-head">
                <h2 id=id>{title}</h2>
                {aside.run()}
            </div>
            {children()}
        </section>
    }
}

/// A danger that needs a decision; named by its heading.
#[component]
pub fn Callout(
    id: &'static str,
    #[prop(into)] title: String,
    glyph: Glyph,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="callout" aria-labelledby=id>
            <Icon glyph/>
            <div>
                <h2 id=id>{title}</h2>
                {children()}
            </div>
        </section>
    }
}

/// Short sentences, one a line, each with the same drawing.
#[component]
pub fn Points(#[prop(into)] points: Signal<Vec<String>>, glyph: Glyph) -> impl IntoView {
    let line = move |point: String| view! { <li><Icon glyph/><span>{point}</span></li> };
    view! { <ul class="points">{move || points.get().into_iter().map(line).collect_view()}</ul> }
}
