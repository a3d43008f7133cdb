//! What a browser remembers for its reader, and a tab for itself while it is open. The server reads
//! the same cookies (`shell`), so that nothing changes its looks when the script arrives.

use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;

use super::{on_document, set_on_document};
use crate::{
    permission::Permission,
    preferences::{self, Preference, Shortcut},
    skin::Skin,
};

/// `system`, `light` or `dark`.
pub fn theme() -> String {
    on_document("data-theme").unwrap_or_else(|| "system".to_owned())
}

pub fn remember_theme(theme: &str) {
    set_on_document("data-theme", (theme != "system").then_some(theme));
    set_cookie("theme", theme);
}

pub fn skin() -> Skin {
    Skin::parse(&on_document("data-skin").unwrap_or_default())
}

/// What the server says that its reader may do.
pub fn permission() -> Permission {
    Permission::parse(&on_document("data-permission").unwrap_or_default())
}

/// Remembers the skin and loads the page again, because all words of it may be others.
pub fn change_skin(skin: Skin) {
    set_cookie("skin", skin.as_str());
    // Fails only where a browser forbids pages to load themselves.
    let _ = window().location().reload();
}

pub fn is_menu_collapsed() -> bool {
    on_document("data-menu").is_some_and(|menu| menu == "collapsed")
}

pub fn remember_menu_collapsed(is_collapsed: bool) {
    set_on_document("data-menu", is_collapsed.then_some("collapsed"));
    set_cookie("menu", if is_collapsed { "collapsed" } else { "" });
}

fn set_cookie(name: &str, value: &str) {
    const YEAR_IN_SECONDS: u32 = 365 * 24 * 60 * 60;
    let cookie = format!("{name}={value}; Path=/; Max-Age={YEAR_IN_SECONDS}; SameSite=Lax");
    if let Some(document) = document().dyn_ref::<web_sys::HtmlDocument>() {
        // Fails only where cookies are forbidden; then the choice lasts as long as the page.
        let _ = document.set_cookie(&cookie);
    }
}

pub fn prefers(preference: Preference) -> bool {
    on_document(&format!("data-{}", preference.as_str()))
        .is_some_and(|word| word == preferences::ON)
}

pub fn remember_preference(preference: Preference, is_on: bool) {
    let name = preference.as_str();
    set_on_document(&format!("data-{name}"), is_on.then_some(preferences::ON));
    set_cookie(name, if is_on { preferences::ON } else { "" });
}

pub fn shortcuts_off() -> Vec<Shortcut> {
    let words = on_document(&format!("data-{}", preferences::SHORTCUTS_OFF));
    preferences::shortcuts_off(&words.unwrap_or_default())
}

pub fn remember_shortcuts_off(off: &[Shortcut]) {
    let words = preferences::as_cookie(off);
    let attribute = format!("data-{}", preferences::SHORTCUTS_OFF);
    set_on_document(&attribute, (!off.is_empty()).then_some(&words));
    set_cookie(preferences::SHORTCUTS_OFF, &words);
}

/// Keeps a text until the tab is closed. A browser that keeps nothing forgets it with the page.
pub fn remember_for_tab(name: &str, text: &str) {
    if let Ok(Some(storage)) = window().session_storage() {
        let _ = storage.set_item(name, text);
    }
}

pub fn recalled(name: &str) -> Option<String> {
    let storage = window().session_storage().ok()??;
    storage.get_item(name).ok()?
}
