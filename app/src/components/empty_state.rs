//! Why nothing is here, and what to do about it.

use leptos::prelude::*;

use super::icon::{Glyph, Icon, IconSize};

/// `children` are up to two buttons.
#[component]
pub fn EmptyState(
    glyph: Glyph,
    #[prop(into)] title: String,
    #[prop(into)] text: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty-state">
            <span class="empty-state-picture"><Icon glyph size=IconSize::ThirtySix/></span>
            <h2>{title}</h2>
            <p>{text}</p>
            {children.map(|children| view! { <div class="empty-state-actions">{children()}</div> })}
        </div>
    }
}
