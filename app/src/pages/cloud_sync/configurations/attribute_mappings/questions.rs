//! What is asked before the schema is stored or begins again.

use engine::records::Status;
use leptos::prelude::*;

use super::Shown;
use crate::{
    api::{
        self, ApiError,
        mappings::{RestoreDefaults, Save},
        resource::resource,
    },
    components::{
        button::{Button, GoButton, Weight},
        choice::CheckBox,
        dialog::Dialog,
        message_bar::{MessageBar, Severity},
        toast::{Toast, Toasts},
    },
    pages::forms::{CommandForm, after, complain},
    wording::{count, number},
};

#[component]
pub fn SaveQuestion(
    shown: Shown,
    is_asked: Memo<bool>,
    /// Hears of every save.
    #[prop(into)]
    on_save: Callback<()>,
) -> impl IntoView {
    let editor = shown.editor;
    let save = ServerAction::<Save>::new();
    let (toasts, close) = (Toasts::here(), shown.close());
    after(save, move |details| {
        let changed = editor.changes_untracked();
        editor.take_over(details);
        let text = format!("{} changed. {}", count(changed, "mapping"), next(shown));
        toasts.show(Toast::success("Schema saved", text));
        on_save.run(());
    });
    Effect::new(move || match save.value().get() {
        Some(Err(ApiError::Conflict(text))) => editor.conflict.set(Some(text)),
        Some(Err(error)) => toasts.show(Toast::error("Not saved", error.to_string())),
        Some(Ok(_)) | None => {}
    });
    let ok = Callback::new(move |()| {
        save.dispatch(Save {
            id: editor.id(),
            draft: editor.draft(),
        });
        close.run(());
    });
    let back = shown.plain();
    let question = move || {
        let actions = move || {
            view! {
                <Button label="OK" weight=Weight::Primary on_click=ok/>
                <GoButton label="Cancel" href=back autofocus=true/>
            }
        };
        view! {
            <Dialog id="save-dialog" title="Save schema?" on_cancel=close actions>
                <p>{text(shown)}</p>
                <UnknownAttributes shown/>
            </Dialog>
        }
    };
    move || (is_asked.get() && editor.changes_untracked() > 0).then(question)
}

/// What the directory has not, of all that the changed mappings read.
#[component]
fn UnknownAttributes(shown: Shown) -> impl IntoView {
    let editor = shown.editor;
    let unknown = resource(
        || (),
        move |()| api::expressions::unknown_attributes(editor.id(), editor.changed_sources()),
    );
    let warning = move || {
        Suspend::new(async move {
            let found = unknown.await.ok().flatten();
            found.map(|text| view! {
                <MessageBar id="unknown-attributes" severity=Severity::Warning start="Values would be empty." text announced=true/>
            })
        })
    };
    view! { <Transition>{warning}</Transition> }
}

fn text(shown: Shown) -> String {
    let changes = shown.editor.changes_untracked();
    let verb = if changes == 1 { "changes" } else { "change" };
    let saved = shown.editor.saved.read_untracked();
    let about = match saved.state.managed.total() {
        0 => String::new(),
        managed => format!(", about {}", number(managed)),
    };
    let start = match saved.state.status {
        Status::Disabled => "The configuration is switched off: nothing starts yet.".to_owned(),
        _ => format!("Saving starts a synchronization of every object{about}."),
    };
    format!("{start} {} {verb}.", count(changes, "mapping"))
}

/// What follows from a saved schema.
fn next(shown: Shown) -> &'static str {
    match shown.editor.saved.read_untracked().state.status {
        Status::Disabled => "They hold from the next cycle on.",
        _ => "Every object is evaluated again.",
    }
}

#[component]
pub fn RestoreQuestion(shown: Shown, is_asked: Memo<bool>) -> impl IntoView {
    let editor = shown.editor;
    let restore = ServerAction::<RestoreDefaults>::new();
    let (toasts, close) = (Toasts::here(), shown.close());
    after(restore, move |details| {
        editor.take_over(details);
        close.run(());
        let text = format!("{}: the mappings are as new.", editor.domain());
        toasts.show(Toast::success("Default mappings restored", text));
    });
    complain(restore.value().into(), "Not restored");
    let back = shown.plain();
    let confirmed = RwSignal::new(false);
    let question = move || {
        let unconfirmed = Signal::derive(move || !confirmed.get());
        let actions = move || {
            view! {
                <CommandForm id="restore-form" action=restore>
                    <input type="hidden" name="id" value=editor.id().to_string()/>
                    <input
                        type="hidden"
                        name="revision"
                        value=editor.saved.read_untracked().configuration.revision.to_string()
                    />
                    <Button label="Restore" weight=Weight::Primary unavailable=unconfirmed/>
                </CommandForm>
                <GoButton label="Cancel" href=back autofocus=true/>
            }
        };
        let text = format!(
            "All mappings of {} return to their defaults. Changes of yours are lost, saved or not. \
             Every object is evaluated again.",
            editor.domain()
        );
        view! {
            <Dialog id="restore-dialog" title="Restore default mappings?" on_cancel=close actions>
                <p>{text}</p>
                <CheckBox name="confirmed" label="Restore default mappings" checked=confirmed/>
            </Dialog>
        }
    };
    Effect::new(move || {
        if !is_asked.get() {
            confirmed.set(false);
        }
    });
    move || (is_asked.get() && editor.differs_from_defaults()).then(question)
}
