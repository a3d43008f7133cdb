//! A state as a shape with a word, and small tags beside headings.

use std::borrow::Cow;

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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Badge {
    pub word: Cow<'static, str>,
    pub glyph: Glyph,
    pub tone: Tone,
}

impl Badge {
    pub fn new(word: impl Into<Cow<'static, str>>, glyph: Glyph, tone: Tone) -> Self {
        Self {
            word: word.into(),
            glyph,
            tone,
        }
    }
}

/// A state that is only shown.
#[component]
pub fn StatusBadge(#[prop(into)] badge: Signal<Badge>) -> impl IntoView {
    view! {
        <span class=move || badge.read().tone.class()>
            <Icon glyph=Signal::derive(move || badge.read().glyph)/>
            <span>{move || badge.read().word.clone()}</span>
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
                class=move || badge.read().tone.class()
                aria-haspopup="dialog"
                aria-label=move || format!("{}, status of {name}", badge.read().word)
            >
                <Icon glyph=Signal::derive(move || badge.read().glyph)/>
                <span>{move || badge.read().word.clone()}</span>
            </button>
        </GoForm>
    }
}

/// A small word beside a heading.
#[component]
pub fn Tag(#[prop(into)] label: String, #[prop(optional)] class: &'static str) -> impl IntoView {
    view! { <span class=format!("tag {class}")>{label}</span> }
}
