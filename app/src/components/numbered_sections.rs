//! Sections in the order in which one works through them, and the name–value lists inside them.

use leptos::prelude::*;

/// The line of numbers; `children` are [`NumberedSection`]s.
#[component]
pub fn NumberedSections(#[prop(into)] label: String, children: Children) -> impl IntoView {
    view! { <ol class="numbered-sections" aria-label=label>{children()}</ol> }
}

/// One section. Its number is part of its heading for those who do not see the circle.
#[component]
pub fn NumberedSection(
    id: &'static str,
    number: u8,
    #[prop(into)] title: String,
    #[prop(into)] lead: String,
    /// Whether the circle is filled.
    #[prop(into, optional)]
    done: Signal<bool>,
    /// What stands behind the heading, a tag.
    #[prop(into, optional)]
    tag: ViewFnOnce,
    children: Children,
) -> impl IntoView {
    view! {
        <li>
            <span class="section-number" class:done=move || done.get() aria-hidden="true">{number}</span>
            <section aria-labelledby=id>
                <h2 id=id>
                    <span class="visually-hidden">{number}". "</span>
                    {title}
                    " "
                    {tag.run()}
                </h2>
                <p class="section-lead">{lead}</p>
                <div class="section-body">{children()}</div>
            </section>
        </li>
    }
}
