//! New skin: the last look before a configuration is enabled, and the question before it is
//! disabled.

use leptos::{ev, prelude::*, server_fn::ServerFn};

use super::{
    asked, close_pane,
    editor::{Editor, LIMITS},
    overview::{Facts, Shown},
};
use crate::{
    api::configurations::Save,
    components::{
        button::{Button, GoButton, Weight},
        dialog::Dialog,
    },
    routes::Route,
};

/// Open while the address asks `enable` or `disable`.
#[component]
pub fn ReviewDialog(shown: Shown) -> impl IntoView {
    let (enable, disable) = (asked("enable"), asked("disable"));
    view! {
        {move || enable.get().then(|| view! { <Question shown enables=true/> })}
        {move || disable.get().then(|| view! { <Question shown enables=false/> })}
    }
}

#[component]
fn Question(shown: Shown, enables: bool) -> impl IntoView {
    let Shown { editor, save, .. } = shown;
    let id = editor.id();
    let close = close_pane(editor);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        editor.enabled.set(enables.to_string());
        save.dispatch(Save {
            id,
            draft: untrack(|| editor.draft()),
        });
        close.run(());
    };
    let (title, yes) = match enables {
        true => ("Review and enable", "Enable configuration"),
        false => ("Disable this configuration?", "Disable configuration"),
    };
    let actions = move || {
        view! {
            <form class="button-form" method="post" action=Save::url() on:submit=submit>
                <WholeDraft editor with_settings=true enabled=enables/>
                <Button label=yes weight=Weight::Primary/>
            </form>
            <GoButton label="Cancel" href=Route::Configuration(id) autofocus=true/>
        }
    };
    let text = match enables {
        true => {
            "An initial cycle begins at once: everybody in scope is read, compared and written."
        }
        false => "The current cycle ends, and no other follows. Every object stays in the tenant.",
    };
    view! {
        <Dialog id="review-dialog" title on_cancel=close actions>
            <p>{text}</p>
            {enables.then(|| view! { <Facts editor/> })}
        </Dialog>
    }
}

/// Everything that the server function wants to know and the form does not show.
#[component]
pub fn WholeDraft(
    editor: Editor,
    /// Whether the settings are among what is not shown.
    with_settings: bool,
    /// Other than it is stored.
    #[prop(optional)]
    enabled: Option<bool>,
) -> impl IntoView {
    let saved = editor.saved.get_untracked().configuration;
    let enabled = enabled.unwrap_or(saved.deployment.is_enabled());
    let draft = untrack(|| editor.settings_draft());
    let settings = with_settings.then(|| {
        let limits = LIMITS.iter().zip(editor.limits);
        view! {
            {hidden("draft[settings][notification_email]", draft.notification_email)}
            {draft.prevent_accidental_deletion.then(|| {
                hidden("draft[settings][prevent_accidental_deletion]", "true".to_owned())
            })}
            {hidden("draft[settings][accidental_deletion_threshold]", draft.accidental_deletion_threshold)}
            {limits.map(|(limit, value)| hidden(limit.name, value.get_untracked())).collect_view()}
        }
    });
    view! {
        {hidden("id", editor.id().to_string())}
        {hidden("draft[revision]", saved.revision.to_string())}
        {draft.password_hash_sync.then(|| {
            hidden("draft[settings][password_hash_sync]", "true".to_owned())
        })}
        {hidden("draft[settings][enabled]", enabled.to_string())}
        {settings}
    }
}

fn hidden(name: &'static str, value: String) -> impl IntoView {
    view! { <input type="hidden" name=name value=value/> }
}
