//! What lies over a page: dialogs, popovers, menus.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlDialogElement, HtmlElement, MouseEvent};

/// Shows a dialog over an inert page. The server may have rendered it open, which is not modal.
pub fn show_modal(dialog: &HtmlDialogElement) {
    dialog.close();
    // Fails only for a dialog that is not in the document any more.
    let _ = dialog.show_modal();
}

/// Whether something lies over the page that has the keys for itself.
pub fn is_dialog_open() -> bool {
    let open = document().query_selector("dialog:modal, :popover-open");
    open.is_ok_and(|open| open.is_some())
}

pub fn hide_popover(popover: &HtmlElement) {
    let _ = popover.hide_popover();
}

/// Answers a right click, or the key that stands for one, with what the button of that menu opens.
/// Links keep the browser's own menu.
pub fn open_as_context_menu(event: &MouseEvent, menu: &str) {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    let is_link = target.is_some_and(|target| matches!(target.closest("a[href]"), Ok(Some(_))));
    let button = document()
        .query_selector(&format!("[popovertarget='{menu}']"))
        .ok()
        .flatten()
        .and_then(|button| button.dyn_into::<HtmlElement>().ok());
    let (false, Some(button)) = (is_link, button) else {
        return;
    };
    event.prevent_default();
    button.click();
}

pub fn is_popover_open(popover: &Element) -> bool {
    popover.matches(":popover-open").unwrap_or(false)
}

/// Closes what a part of the page has popped up.
pub fn hide_popovers_in(container: &Element) {
    let Ok(open) = container.query_selector_all(":popover-open") else {
        return;
    };
    let open = (0..open.length()).filter_map(|index| open.get(index)?.dyn_into().ok());
    open.for_each(|popover: HtmlElement| hide_popover(&popover));
}

/// Closes what hangs from a bar once one of its links was followed.
pub fn hide_popovers_after_link(event: &Event, bar: &Element) {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    let link = target.and_then(|target| target.closest("a[href]").ok().flatten());
    if link.is_some() {
        hide_popovers_in(bar);
    }
}
