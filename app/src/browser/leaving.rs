//! The ways out of a page: other addresses, the clipboard, paper; and what holds somebody back.

use leptos::prelude::{document, on_cleanup, window};
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, Event, HtmlFormElement};

use super::form_entries;

/// Before a link or a button leads to another address of the portal, `holds` may say that it shall
/// not, for as long as the component lives that asks for it.
pub fn guard_leaving(holds: impl Fn(&str) -> bool + 'static) {
    let listener = Closure::<dyn Fn(Event)>::new(move |event: Event| {
        if address_of(&event).is_some_and(|address| holds(&address)) {
            event.prevent_default();
            event.stop_propagation();
        }
    });
    let listener = SendWrapper::new(listener);
    for kind in ["click", "submit"] {
        let function: &js_sys::Function = listener.as_ref().unchecked_ref();
        // In the first phase, before the router hears of it. Fails for no event of this name.
        let _ = document().add_event_listener_with_callback_and_bool(kind, function, true);
    }
    on_cleanup(move || {
        for kind in ["click", "submit"] {
            let function: &js_sys::Function = listener.as_ref().unchecked_ref();
            let _ = document().remove_event_listener_with_callback_and_bool(kind, function, true);
        }
    });
}

/// Where a click on a link, or a form that only goes somewhere, leads.
fn address_of(event: &Event) -> Option<String> {
    let target: Element = event.target()?.dyn_into().ok()?;
    if event.type_() == "click" {
        return target.closest("a[href]").ok()??.get_attribute("href");
    }
    let form: HtmlFormElement = target.dyn_into().ok()?;
    let goes_somewhere = form.get_attribute("method").as_deref() == Some("get");
    let path = form.get_attribute("action").filter(|_| goes_somewhere)?;
    Some(crate::list_address::with_query(&path, &form_entries(&form)))
}

/// The browser asks before it leaves the portal while something is unsaved.
pub fn warn_before_unload(has_unsaved: impl Fn() -> bool + 'static) {
    let handle = leptos::prelude::window_event_listener(leptos::ev::beforeunload, move |event| {
        if has_unsaved() {
            event.prevent_default();
        }
    });
    on_cleanup(move || handle.remove());
}

pub fn copy(text: &str) {
    // The browser refuses only without a click before, and there is always one.
    let _ = window().navigator().clipboard().write_text(text);
}

/// Loads an address of the portal from the server, as if it had been typed: for everything that
/// depends on who is signed in.
pub fn load(address: &str) {
    let _ = window().location().assign(address);
}

/// Opens the browser's own dialog for printing.
pub fn print() {
    // Refused only where a page may not open dialogs at all.
    let _ = window().print();
}

/// Opens the page anew, as the browser's own button does.
pub fn reload() {
    let _ = window().location().reload();
}
