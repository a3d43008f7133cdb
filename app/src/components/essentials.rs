//! The facts of a page that everybody looks for first.

use leptos::prelude::*;

use super::{button::IconButton, icon::Glyph};

/// The box; `children` are [`Fact`]s, at most five a column.
#[component]
pub fn Essentials(children: Children) -> impl IntoView {
    let is_expanded = RwSignal::new(true);
    let name = Signal::derive(move || {
        if is_expanded.get() {
            "Collapse essentials"
        } else {
            "Expand essentials"
        }
        .to_owned()
    });
    let glyph = Signal::derive(move || {
        if is_expanded.get() {
            Glyph::ChevronUp
        } else {
            Glyph::ChevronDown
        }
    });
    let toggle = move |()| is_expanded.update(|expanded| *expanded = !*expanded);
    view! {
        <section class="essentials" class:collapsed=move || !is_expanded.get() aria-labelledby="essentials-title">
            <div class="essentials-head">
                <IconButton label=name glyph expanded=is_expanded on_click=toggle/>
                <h2 id="essentials-title">"Essentials"</h2>
            </div>
            <dl hidden=move || !is_expanded.get()>{children()}</dl>
        </section>
    }
}

/// A name and its value, in essentials and in lists of facts.
#[component]
pub fn Fact(#[prop(into)] name: String, children: Children) -> impl IntoView {
    view! {
        <div>
            <dt>{name}</dt>
            <dd>{children()}</dd>
        </div>
    }
}
