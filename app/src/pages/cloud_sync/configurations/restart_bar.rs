//! Says that a full evaluation is due which the configuration will not start by itself.

use engine::{
    configuration::ConfigurationId,
    records::{ConfigurationState, Status},
};
use leptos::prelude::*;

use crate::{
    components::{button::GoButton, message_bar::MessageBar},
    routes::Route,
    skin::word,
};

#[component]
pub fn RestartBar(
    id: ConfigurationId,
    /// What was changed, as a sentence.
    start: &'static str,
    #[prop(into)] state: Signal<ConfigurationState>,
) -> impl IntoView {
    let is_due = Memo::new(move |_| {
        let state = state.read();
        state.restart_recommended && state.status != Status::Disabled
    });
    move || {
        is_due.get().then(|| {
            view! {
                <MessageBar
                    id="restart-is-due"
                    start
                    text="Restart provisioning to apply it to every object now. Until then only objects that change are evaluated, and none is deleted for being out of scope."
                >
                    <GoButton
                        label=word("Restart provisioning")
                        href=Route::Configuration(id).with("ask", "restart")
                        small=true
                    />
                </MessageBar>
            }
        })
    }
}
