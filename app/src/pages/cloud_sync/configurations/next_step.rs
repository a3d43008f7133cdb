//! New skin: what is still to do on the way to a configuration that runs.

use engine::configuration::ConfigurationId;
use leptos::prelude::*;

use crate::{
    components::{
        button::ButtonLink,
        message_bar::{MessageBar, Severity},
    },
    routes::Route,
};

/// The five steps, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    AddScopingFilters,
    MapAttributes,
    Test,
    ViewProperties,
    Enable,
}

impl Step {
    pub const ALL: [Self; 5] = [
        Self::AddScopingFilters,
        Self::MapAttributes,
        Self::Test,
        Self::ViewProperties,
        Self::Enable,
    ];

    pub fn label(self) -> &'static str {
        match self {
            Self::AddScopingFilters => "Add scoping filters",
            Self::MapAttributes => "Map attributes",
            Self::Test => "Test",
            Self::ViewProperties => "View default properties",
            Self::Enable => "Enable your configuration",
        }
    }

    pub fn lead(self) -> &'static str {
        match self {
            Self::AddScopingFilters => "Choose who is synchronized: all, some groups, some units.",
            Self::MapAttributes => "See and change how values of the directory reach the tenant.",
            Self::Test => "Try one person, group or contact before everybody follows.",
            Self::ViewProperties => "Say who is told about problems, and when deletions are held.",
            Self::Enable => "Look at everything once more, then let the initial cycle begin.",
        }
    }

    pub fn address(self, id: ConfigurationId) -> String {
        match self {
            Self::AddScopingFilters => Route::ScopingFilters(id).to_string(),
            Self::MapAttributes => Route::AttributeMappings(id).to_string(),
            Self::Test => Route::ProvisionOnDemand(id).to_string(),
            Self::ViewProperties => Route::Properties(id).to_string(),
            Self::Enable => Route::Configuration(id).with("ask", "enable"),
        }
    }

    /// The step after this one; enabling comes last.
    pub fn next(self) -> Self {
        let position = Self::ALL.iter().position(|step| *step == self);
        let next = position.map_or(0, |position| position + 1);
        Self::ALL.get(next).copied().unwrap_or(Self::Enable)
    }

    /// The step that a list of saved changes belongs to.
    pub fn of_changes(changes: &[String]) -> Self {
        let begins = |word: &str| changes.iter().any(|change| change.starts_with(word));
        match (begins("Deploy"), begins("Scope")) {
            (true, _) => Self::Enable,
            (_, true) => Self::AddScopingFilters,
            _ => Self::ViewProperties,
        }
    }
}

/// After something was saved: what remains, with the way there.
#[component]
pub fn Nudge(
    id: ConfigurationId,
    #[prop(into)] is_enabled: Signal<bool>,
    saved: RwSignal<Option<Step>>,
) -> impl IntoView {
    move || {
        let step = saved.get()?;
        let dismiss = Callback::new(move |()| saved.set(None));
        if is_enabled.get() {
            return Some(
                view! {
                    <MessageBar
                        id="next-step"
                        severity=Severity::Success
                        start="Saved."
                        text="Nothing is left to do: the configuration is enabled."
                        on_dismiss=dismiss
                        announced=true
                    />
                }
                .into_any(),
            );
        }
        let next = step.next();
        let text = format!("Still to do: {}.", next.label().to_lowercase());
        Some(
            view! {
                <MessageBar
                    id="next-step"
                    severity=Severity::Success
                    start="Saved."
                    text
                    on_dismiss=dismiss
                    announced=true
                >
                    <ButtonLink label=next.label() href=next.address(id) small=true/>
                </MessageBar>
            }
            .into_any(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_leads_to_the_next_one_and_the_last_to_itself() {
        assert_eq!(Step::AddScopingFilters.next(), Step::MapAttributes);
        assert_eq!(Step::ViewProperties.next(), Step::Enable);
        assert_eq!(Step::Enable.next(), Step::Enable);
    }

    #[test]
    fn saved_changes_belong_to_a_step() {
        let of = |change: &str| Step::of_changes(&[change.to_owned()]);
        assert_eq!(of("Scope: All users to 1 group"), Step::AddScopingFilters);
        assert_eq!(of("Threshold: 500 to 3"), Step::ViewProperties);
        assert_eq!(of("Deploy: enabled"), Step::Enable);
    }
}
