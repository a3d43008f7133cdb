//! Results that arrive with an address: what was just done by a form, sent with or without a
//! script. They stand among the toasts, and dismissing one cleans the address.

use engine::configuration::ConfigurationId;
use leptos::{ev, prelude::*, server_fn::ServerFn};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate, use_query_map},
};

use crate::{
    api::configurations::UndoDelete,
    components::{
        button::IconButton,
        icon::{Glyph, Icon},
        toast::{Toast, ToastCard, Toasts},
    },
};

#[component]
pub fn Notices() -> impl IntoView {
    let query = use_query_map();
    let notice = Memo::new(move |_| {
        let query = query.read();
        // A form that failed comes back to the address that told of an earlier success.
        let has_failed = query.get("__err").is_some();
        query.get("notice").filter(|_| !has_failed)
    });
    let deleted = Memo::new(move |_| {
        let query = query.read();
        let id: ConfigurationId = query.get("deleted")?.parse().ok()?;
        Some((id, query.get("domain").unwrap_or_default()))
    });
    become_toast(notice);
    view! {
        {move || notice.get().as_deref().and_then(told).map(|toast| {
            view! { <ToastCard toast on_dismiss=clean_address()/> }
        })}
        {move || deleted.get().map(|(id, domain)| view! { <Deleted id domain/> })}
    }
}

/// Once a script runs, a notice is a toast like any other, and the address forgets it.
fn become_toast(notice: Memo<Option<String>>) {
    let toasts = Toasts::here();
    let clean = clean_address();
    Effect::new(move || {
        if let Some(toast) = notice.get().as_deref().and_then(told) {
            toasts.show(toast);
            clean.run(());
        }
    });
}

fn told(notice: &str) -> Option<Toast> {
    let (title, text) = match notice {
        "created" => ("Configuration created", "It is ready and switched off."),
        "saved" => ("Settings saved", "They hold from the next cycle on."),
        "restarted" => (
            "Restart under way",
            "Every object is read and compared again.",
        ),
        "restored" => ("Configuration restored", "It is back, switched as before."),
        "paused" => ("Paused", "Nothing runs until somebody starts it again."),
        "started" => ("Started", "It goes on where it stopped."),
        "carried-out" => (
            "The plan was carried out",
            "The tenant is as the preview showed it.",
        ),
        "schema-saved" => ("Schema saved", "Every object is evaluated with it."),
        "quarantine-cleared" => (
            "Quarantine cleared",
            "The next cycle goes on where the last good one ended.",
        ),
        "allowed" => (
            "Deletes accepted",
            "They are carried out with the next cycle.",
        ),
        "test-mail" => (
            "Test message written",
            "Latest messages says what became of it.",
        ),
        "withdrawn" => ("Invitation withdrawn", "Its link leads nowhere now."),
        "role-changed" => ("Role changed", "It holds for whatever they do next."),
        "person-removed" => ("Person removed", "Their access tokens went with them."),
        "token-revoked" => ("Token revoked", "Programs that use it are refused now."),
        _ => return None,
    };
    Some(Toast::success(title, text))
}

/// Nobody was asked before the deletion, so it can be undone.
#[component]
fn Deleted(id: ConfigurationId, domain: String) -> impl IntoView {
    let undo = ServerAction::<UndoDelete>::new();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        undo.dispatch(UndoDelete { id });
    };
    view! {
        <div class="toast" role="status">
            <Icon glyph=Glyph::CheckmarkCircleFilled class="success"/>
            <strong>"Configuration deleted"</strong>
            <IconButton label="Dismiss notification" glyph=Glyph::Dismiss on_click=clean_address()/>
            <p>{domain}" has stopped. Its objects stay in the tenant."</p>
            <form class="toast-actions" method="post" action=UndoDelete::url() on:submit=submit>
                <input type="hidden" name="id" value=id.to_string()/>
                <button type="submit" class="link-button">"Undo"</button>
            </form>
        </div>
    }
}

/// Forgets what the address told.
fn clean_address() -> Callback<()> {
    let navigate = use_navigate();
    let path = use_location().pathname;
    Callback::new(move |()| {
        let options = NavigateOptions {
            replace: true,
            scroll: false,
            ..Default::default()
        };
        navigate(&path.get_untracked(), options);
    })
}
