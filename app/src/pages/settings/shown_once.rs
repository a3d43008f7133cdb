//! A secret that was just made. It is shown now and never again, with or without a script.

use leptos::prelude::*;

use crate::components::{
    card::Card,
    copy_button::CopyButton,
    icon::{Glyph, Icon},
};

/// `secret` is shown while there is one; `what` completes "Copy …".
#[component]
pub fn ShownOnce(
    id: &'static str,
    title: &'static str,
    what: &'static str,
    hint: &'static str,
    secret: RwSignal<Option<String>>,
) -> impl IntoView {
    move || {
        secret.get().map(|text| {
            view! {
                <div class="shown-once" role="status">
                    <Card id title inset=true>
                        <div class="stack close">
                            <p class="secret">
                                <Icon glyph=Glyph::Key/>
                                <code>{text.clone()}</code>
                                <CopyButton what text/>
                            </p>
                            <p class="hint">{hint}</p>
                        </div>
                    </Card>
                </div>
            }
        })
    }
}
