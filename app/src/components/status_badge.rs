//! A state as a shape with a word, and small tags beside headings.

use leptos::prelude::*;

use super::{
    button::GoForm,
    icon::{Glyph, Icon},
};

/// What colour a state has; never without its own shape and word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Good,
    Bad,
    Warning,
    Running,
    Off,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Self::Good => "status-badge good",
            Self::Bad => "status-badge bad",
            Self::Warning => "status-badge warning",
            Self::Running => "status-badge running",
            Self::Off => "status-badge off",
        }
    }
}

/// Word, drawing and colour of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Badge {
    pub word: &'static str,
    pub glyph: Glyph,
    pub tone: Tone,
}

impl Badge {
    pub const fn new(word: &'static str, glyph: Glyph, tone: Tone) -> Self {
        Self { word, glyph, tone }
    }
}

/// A state that is only shown.
#[component]
pub fn StatusBadge(#[prop(into)] badge: Signal<Badge>) -> impl IntoView {
    view! {
        <span class=move || badge.get().tone.class()>
            <Icon glyph=Signal::derive(move || badge.get().glyph)/>
            <span>{move || badge.get().word}</span>
        </span>
    }
}

/// A state that opens the sync status of `name` at `href`.
#[component]
pub fn StatusBadgeButton(
    #[prop(into)] badge: Signal<Badge>,
    #[prop(into)] name: String,
    #[prop(into)] href: String,
) -> impl IntoView {
    view! {
        <GoForm href>
            <button
                type="submit"
                class=move || badge.get().tone.class()
                aria-haspopup="dialog"
                aria-label=move || format!("{}, status of {name}", badge.get().word)
            >
                <Icon glyph=Signal::derive(move || badge.get().glyph)/>
                <span>{move || badge.get().word}</span>
            </button>
        </GoForm>
    }
}

/// A small word beside a heading.
#[component]
pub fn Tag(#[prop(into)] label: String, #[prop(optional)] class: &'static str) -> impl IntoView {
    view! { <span class=format!("tag {class}")>{label}</span> }
}
