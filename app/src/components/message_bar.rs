//! One line about the state of the whole page.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    button::IconButton,
    icon::{Glyph, Icon},
};

/// How serious something is; shared by message bars and toasts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Severity {
    #[default]
    Info,
    Success,
    Warning,
    Error,
    /// Still going on.
    Running,
}

impl Severity {
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Success => "success",
            Self::Warning => "warning",
            Self::Error => "error",
            Self::Running => "running",
        }
    }

    pub(super) fn glyph(self) -> Glyph {
        match self {
            Self::Info => Glyph::InfoFilled,
            Self::Success => Glyph::CheckmarkCircleFilled,
            Self::Warning => Glyph::WarningFilled,
            Self::Error => Glyph::ErrorCircleFilled,
            Self::Running => Glyph::ArrowSync,
        }
    }

    /// Errors interrupt a screen reader, everything else waits for its turn.
    pub(super) fn role(self) -> &'static str {
        match self {
            Self::Error => "alert",
            Self::Info | Self::Success | Self::Warning | Self::Running => "status",
        }
    }
}

/// `start` is bold and names the bar. `id` is unique on the page. `children` are its buttons.
#[component]
pub fn MessageBar(
    id: &'static str,
    #[prop(optional)] severity: Severity,
    #[prop(into)] start: Signal<String>,
    #[prop(into, optional)] text: Signal<String>,
    #[prop(into, optional)] on_dismiss: Option<Callback<()>>,
    /// Whether it is read out; for bars that appear after an action.
    #[prop(optional)]
    announced: bool,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let name = format!("{id}-start");
    let has_actions = children.is_some() || on_dismiss.is_some();
    let actions = has_actions.then(move || {
        view! {
            <div class="message-actions">
                {children.map(|children| children())}
                {on_dismiss.map(|on_click| view! {
                    <IconButton label="Dismiss message" glyph=Glyph::Dismiss on_click/>
                })}
            </div>
        }
    });
    view! {
        <div class=format!("message-bar {}", severity.class()) role="group" aria-labelledby=name>
            <Icon glyph=severity.glyph()/>
            <div class="message-text" role=announced.then(|| severity.role())>
                <strong id=name.clone()>{move || start.get()}</strong>
                " "
                {move || text.get()}
            </div>
            {actions}
        </div>
    }
}
