//! Why a configuration is in quarantine: the rule in words with its count, the first and the last
//! failure with the answers that came, and what happens next.

use engine::{
    configuration::QuarantineLimits,
    health::{QuarantineReason, Trouble},
    records::ConfigurationState,
};
use leptos::prelude::*;

use super::editor::Editor;
use crate::{
    components::{
        button::GoButton,
        card::Callout,
        copy_button::CopyButton,
        essentials::Fact,
        icon::Glyph,
        message_bar::{MessageBar, Severity},
        moment::{Moment, MomentForm},
    },
    routes::Route,
    wording::{count, number},
};

/// How many objects and references failed, as the rules count them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Failed {
    objects: u64,
    references: u64,
}

impl Failed {
    fn of(state: &ConfigurationState) -> Self {
        Self {
            objects: state.failures,
            references: state.unresolved_references,
        }
    }
}

/// The rule that put the configuration into quarantine.
fn rule_in_words(reason: QuarantineReason, failed: Failed, limits: &QuarantineLimits) -> String {
    let Failed {
        objects,
        references,
    } = failed;
    match reason {
        QuarantineReason::EncounteredBaseEscrowThreshold => format!(
            "Too many objects failed ({}, limit {})",
            number(objects),
            number(limits.failures)
        ),
        QuarantineReason::EncounteredTotalEscrowThreshold => format!(
            "Too many objects and references failed ({}, limit {})",
            number(objects.saturating_add(references)),
            number(limits.failures_with_references)
        ),
        QuarantineReason::EncounteredEscrowProportionThreshold => format!(
            "{} failed, more than {} % of all in scope",
            count(objects, "object"),
            limits.percentage.get()
        ),
        QuarantineReason::EncounteredQuarantineException => {
            "The target or the sign-in refused every call".to_owned()
        }
        QuarantineReason::TooManyDeletes => "Delete threshold exceeded".to_owned(),
        QuarantineReason::QuarantinedOnDemand => "Put on hold by the operator".to_owned(),
        QuarantineReason::IngestionInterrupted => {
            "Reading the directory was interrupted".to_owned()
        }
        QuarantineReason::Unknown => "Cause not known".to_owned(),
    }
}

fn rule(editor: Editor, trouble: &Trouble) -> String {
    let limits = editor.saved.read().configuration.quarantine_limits;
    rule_in_words(trouble.reason, Failed::of(&editor.state.read()), &limits)
}

/// All that is known of the quarantine, in the status pane.
#[component]
pub fn Quarantine(editor: Editor, trouble: Trouble) -> impl IntoView {
    let told = trouble.clone();
    let rule = move || rule(editor, &told);
    let given_up_at = trouble.since.plus(Trouble::GIVEN_UP_AFTER);
    let logs = Route::ProvisioningLogsOf(editor.id()).with("range=30d&status", "failure");
    let code = trouble.reason.to_string();
    let failed =
        move |value: fn(Failed) -> u64| move || number(value(Failed::of(&editor.state.read())));
    view! {
        <Callout id="trouble-title" title="Quarantined" glyph=Glyph::ErrorCircleFilled>
            <p class="strong">{rule}"."</p>
            <dl class="facts">
                <Fact name="Rule">
                    <span class="monospace break-anywhere">{code.clone()}</span>
                    <CopyButton what="error code" text=code/>
                </Fact>
                <Fact name="Failed objects"><a href=logs>{failed(|failed| failed.objects)}</a></Fact>
                <Fact name="References">{failed(|failed| failed.references)}" without a target"</Fact>
                <Fact name="In quarantine">"Since "<Moment at=trouble.current_since form=MomentForm::Exact/></Fact>
                <Fact name="First failure">
                    <Moment at=trouble.since form=MomentForm::Exact/><br/>{trouble.first_message}
                </Fact>
                <Fact name="Last failure">{trouble.message}</Fact>
                <Fact name="Attempts">{number(trouble.attempts.into())}</Fact>
                <Fact name="Next attempt"><Moment at=trouble.next_attempt due=true/></Fact>
                <Fact name="Switched off">
                    "By itself "<Moment at=given_up_at form=MomentForm::Exact/>", if nothing changes"
                </Fact>
            </dl>
            <p class="muted">
                "Attempts become rarer, down to one a day. Repair the cause, then choose Clear quarantine."
            </p>
        </Callout>
    }
}

/// The same in one line, above the settings.
#[component]
pub fn QuarantineBar(editor: Editor, trouble: Trouble) -> impl IntoView {
    let attempts = count(trouble.attempts.into(), "attempt");
    let text = Signal::derive(move || format!("{}. {attempts} so far.", rule(editor, &trouble)));
    view! {
        <MessageBar id="quarantined" severity=Severity::Error start="Quarantined." text>
            <GoButton label="View error" href=Route::SyncStatus(editor.id()) small=true/>
        </MessageBar>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_is_told_with_what_it_counts() {
        let failed = Failed {
            objects: 40_001,
            references: 30_000,
        };
        let told = |reason| rule_in_words(reason, failed, &QuarantineLimits::default());
        assert_eq!(
            told(QuarantineReason::EncounteredBaseEscrowThreshold),
            "Too many objects failed (40,001, limit 40,000)"
        );
        assert_eq!(
            told(QuarantineReason::EncounteredTotalEscrowThreshold),
            "Too many objects and references failed (70,001, limit 60,000)"
        );
        assert_eq!(
            told(QuarantineReason::EncounteredEscrowProportionThreshold),
            "40,001 objects failed, more than 40 % of all in scope"
        );
    }
}
