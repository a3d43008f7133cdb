//! `/cloud-sync/configurations/:id/properties`, new skin: the settings, and the pane that changes
//! them.

use leptos::{ev, prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_query_map;

use super::{
    overview::{Facts, Shown},
    review::WholeDraft,
    sections::SettingsFields,
};
use crate::{
    api::configurations::Save,
    components::{
        button::{Button, GoButton, Weight},
        card::Card,
        icon::Glyph,
        pane::Pane,
    },
    pages::forms::go_to,
    routes::Route,
};

const FORM: &str = "properties-form";

#[component]
pub fn Properties(shown: Shown) -> impl IntoView {
    let query = use_query_map();
    let is_open = Memo::new(move |_| query.read().get("edit").is_some());
    let id = shown.editor.id();
    let edit = move || {
        view! {
            <GoButton
                label="Edit basics"
                glyph=Glyph::Edit
                small=true
                href=Route::Properties(id).with("edit", "basics")
            />
        }
    };
    view! {
        <Card id="basics-title" title="Basics" aside=edit><Facts editor=shown.editor/></Card>
        {move || is_open.get().then(|| view! { <EditBasics shown/> })}
    }
}

#[component]
fn EditBasics(shown: Shown) -> impl IntoView {
    let Shown { editor, save, .. } = shown;
    let id = editor.id();
    let close = go_to(Route::Properties(id).to_string());
    let cancel = Callback::new(move |()| {
        editor.discard();
        close.run(());
    });
    // What the server refuses stands beside its field, so the pane waits for the answer.
    let answers = save.version();
    Effect::new(move |earlier: Option<usize>| {
        let answered = answers.get();
        let is_new = earlier.is_some_and(|earlier| earlier != answered);
        if is_new
            && save
                .value()
                .with_untracked(|answer| matches!(answer, Some(Ok(_))))
        {
            close.run(());
        }
        answered
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        match editor.settings_draft().validate() {
            Ok(_) if editor.has_changes_untracked() => {
                save.dispatch(Save {
                    id,
                    draft: editor.draft(),
                });
            }
            Ok(_) => close.run(()),
            Err(errors) => editor.show_errors(errors),
        }
    };
    let footer = move || {
        view! {
            <Button label="Apply" weight=Weight::Primary form=FORM unavailable=save.pending()/>
            <Button label="Cancel" on_click=cancel/>
        }
    };
    view! {
        <Pane id="basics-pane" title="Basics" subtitle=editor.domain() on_close=cancel footer>
            <form id=FORM class="stack" method="post" action=Save::url() on:submit=submit novalidate>
                <WholeDraft editor with_settings=false/>
                <SettingsFields editor/>
            </form>
        </Pane>
    }
}
