//! Why a configuration is in quarantine, in short: for the status pane and above the settings.

use engine::health::Trouble;
use leptos::prelude::*;

use super::{
    super::editor::Editor,
    rules::{Failed, rule_in_words},
};
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
    pages::cloud_sync::provisioning_logs::filters::failures_of,
    routes::Route,
    wording::{count, number},
};

fn told(editor: Editor, trouble: &Trouble) -> String {
    let limits = editor.saved.read().configuration.quarantine_limits;
    rule_in_words(trouble.reason, Failed::of(&editor.state.read()), &limits)
}

/// What is known of the quarantine, in the status pane.
#[component]
pub fn Quarantine(editor: Editor, trouble: Trouble) -> impl IntoView {
    let trouble_told = trouble.clone();
    let rule = move || told(editor, &trouble_told);
    let given_up_at = trouble.since.plus(Trouble::GIVEN_UP_AFTER);
    let logs = failures_of(editor.id());
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
            <p>
                <a href=Route::Quarantine(editor.id()).to_string()>"What was asked and answered"</a>
            </p>
        </Callout>
    }
}

/// The same in one line, above the settings.
#[component]
pub fn QuarantineBar(editor: Editor, trouble: Trouble) -> impl IntoView {
    let attempts = count(trouble.attempts.into(), "attempt");
    let text = Signal::derive(move || format!("{}. {attempts} so far.", told(editor, &trouble)));
    view! {
        <MessageBar id="quarantined" severity=Severity::Error start="Quarantined." text>
            <GoButton label="View error" href=Route::Quarantine(editor.id()) small=true/>
        </MessageBar>
    }
}
