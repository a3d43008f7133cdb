//! Deleting a configuration: at once, with **Undo** in the list that follows, or after a question
//! where the reader wants to be asked.

use leptos::{ev, prelude::*, server_fn::ServerFn};

use super::{asked, close_pane, editor::Editor};
use crate::{
    api::configurations::Delete,
    browser,
    components::{
        button::{Button, GoButton, Weight},
        dialog::Dialog,
    },
    pages::forms::{complain, staying},
    preferences::Preference,
    routes::{self, Route},
    wording::count,
};

/// The form behind the command.
pub const DELETE_FORM: &str = "delete-form";

/// What the command sends, and the question before it.
#[component]
pub fn Deletion(editor: Editor) -> impl IntoView {
    let id = editor.id();
    let delete = ServerAction::<Delete>::new();
    complain(delete.value().into(), "Not deleted");
    let go = staying();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if browser::prefers(Preference::ConfirmDeleting) {
            go.run(routes::deletion_question(id));
        } else {
            delete.dispatch(Delete {
                id,
                is_confirmed: false,
            });
        }
    };
    let is_asked = asked(routes::DELETE);
    view! {
        <form id=DELETE_FORM class="button-form" method="post" action=Delete::url() on:submit=submit>
            <input type="hidden" name="id" value=id.to_string()/>
        </form>
        {move || is_asked.get().then(|| view! { <Question editor delete/> })}
    }
}

#[component]
fn Question(editor: Editor, delete: ServerAction<Delete>) -> impl IntoView {
    let id = editor.id();
    let close = close_pane(editor);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        delete.dispatch(Delete {
            id,
            is_confirmed: true,
        });
    };
    let actions = move || {
        view! {
            <form class="button-form" method="post" action=Delete::url() on:submit=submit>
                <input type="hidden" name="id" value=id.to_string()/>
                <input type="hidden" name="is_confirmed" value="true"/>
                <Button label="Delete" weight=Weight::Danger unavailable=delete.pending()/>
            </form>
            <GoButton label="Cancel" href=Route::Configuration(id) autofocus=true/>
        }
    };
    let managed = editor.state.read_untracked().managed.total();
    let stay = if managed == 1 { "stays" } else { "stay" };
    let text = format!(
        "The configuration stops and goes. {} {stay} in the tenant.",
        count(managed, "object")
    );
    view! {
        <Dialog
            id="delete-dialog"
            title=format!("Delete {}?", editor.domain())
            on_cancel=close
            actions
        >
            <p>{text}</p>
        </Dialog>
    }
}
