//! The question before a restart.

use leptos::{ev, prelude::*, server_fn::ServerFn};

use super::{asked, close_pane, editor::Editor};
use crate::{
    api::configurations::Restart,
    components::{
        button::{Button, GoButton, Weight},
        dialog::Dialog,
        toast::{Toast, Toasts},
    },
    routes::Route,
    skin::word,
    wording::{count, number},
};

/// Open while the address asks `restart`.
#[component]
pub fn RestartDialog(editor: Editor) -> impl IntoView {
    let is_asked = asked("restart");
    let restart = restart_action(editor);
    move || is_asked.get().then(|| view! { <Question editor restart/> })
}

#[component]
fn Question(editor: Editor, restart: ServerAction<Restart>) -> impl IntoView {
    let id = editor.id();
    let held = editor.state.read_untracked().held_deletions;
    let managed = editor.state.read_untracked().managed.total();
    let title = if held > 0 {
        word("Restart provisioning while deletions are held?")
    } else {
        word("Restart provisioning?")
    };
    let (yes, no) = if held > 0 {
        ("Restart", "Cancel")
    } else {
        ("Yes", "No")
    };
    let close = close_pane(editor);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        restart.dispatch(Restart { id });
        close.run(());
    };
    let actions = move || {
        view! {
            <form class="button-form" method="post" action=Restart::url() on:submit=submit>
                <input type="hidden" name="id" value=id.to_string()/>
                <Button label=yes weight=Weight::Primary/>
            </form>
            <GoButton label=no href=Route::Configuration(id) autofocus=true/>
        }
    };
    view! {
        <Dialog id="restart-dialog" title on_cancel=close actions>
            <p>{text(&editor.domain(), managed, held)}</p>
        </Dialog>
    }
}

fn text(domain: &str, managed: u64, held: u64) -> String {
    if held > 0 {
        return format!(
            "The same {} will be found again unless the cause was repaired.",
            count(held, "deletion"),
        );
    }
    let about = match managed {
        0 => String::new(),
        managed => format!(", about {} objects", number(managed)),
    };
    format!(
        "Every object of {domain} is read and compared again{about}. Links between source and target \
         stay. A quarantine is lifted."
    )
}

fn restart_action(editor: Editor) -> ServerAction<Restart> {
    let restart = ServerAction::<Restart>::new();
    let toasts = Toasts::here();
    Effect::new(move || match restart.value().get() {
        Some(Ok(())) => {
            let text = format!(
                "{}: every object is read and compared again.",
                editor.domain()
            );
            toasts.show(Toast::success("Restart under way", text));
        }
        Some(Err(error)) => toasts.show(Toast::error("Not restarted", error.to_string())),
        None => {}
    });
    restart
}
