//! Everything that talks to the browser: focus, dialogs, cookies, time, event streams. The only
//! file that names web-sys and gloo-timers.
//!
//! These functions may run only where a browser is: in event handlers and effects. Leptos runs
//! neither on the server.

use std::cell::{Cell, RefCell};

use engine::timestamp::Timestamp;
use gloo_timers::callback::{Interval, Timeout};
use leptos::prelude::{Owner, document, on_cleanup, window};
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{
    Element, Event, EventSource, FormData, HtmlDialogElement, HtmlElement, HtmlFormElement,
    HtmlInputElement, HtmlTextAreaElement, KeyboardEvent, MessageEvent, MouseEvent, SubmitEvent,
    VisibilityState,
};

use crate::{
    permission::Permission,
    preferences::{self, Preference, Shortcut},
    skin::Skin,
};

thread_local! {
    static WAITING: RefCell<Vec<Box<dyn FnOnce()>>> = const { RefCell::new(Vec::new()) };
}

/// Says that the script has taken the page over, for tests and for styles that wait for it, and
/// does what waited for that.
pub fn mark_as_hydrated() {
    set_on_document("data-hydrated", Some("true"));
    for then in WAITING.take() {
        then();
    }
}

pub fn is_taken_over() -> bool {
    on_document("data-hydrated").is_some()
}

/// Does it, in the name of the component that asks, when the script has taken the page over. The
/// top of the portal lives before the part of its page has come: what the page shows must not
/// change meanwhile, because the part expects it as the server wrote it.
pub fn once_taken_over(then: impl FnOnce() + 'static) {
    let owner = Owner::current();
    let then = move || match owner {
        Some(owner) => owner.with(then),
        None => then(),
    };
    if is_taken_over() {
        then();
    } else {
        WAITING.with_borrow_mut(|waiting| waiting.push(Box::new(then)));
    }
}

fn set_on_document(attribute: &str, value: Option<&str>) {
    let Some(root) = document().document_element() else {
        return;
    };
    // Neither can fail for a valid attribute name.
    let _ = match value {
        Some(value) => root.set_attribute(attribute, value),
        None => root.remove_attribute(attribute),
    };
}

/// Says that the page is on its way for as long as it is kept: by `aria-busy`, and to the eye, once
/// it takes long, by a line along the top. On the server, where pages wait instead, it says nothing.
#[derive(Debug)]
pub struct OnItsWay(());

impl OnItsWay {
    pub fn begin() -> Self {
        count_on_its_way(1);
        Self(())
    }
}

impl Drop for OnItsWay {
    fn drop(&mut self) {
        count_on_its_way(-1);
    }
}

fn count_on_its_way(change: i32) {
    thread_local! {
        static COUNT: Cell<i32> = const { Cell::new(0) };
    }
    if !leptos::prelude::is_browser() {
        return;
    }
    let count = COUNT.get() + change;
    COUNT.set(count);
    if let Ok(Some(main)) = document().query_selector("main") {
        // Neither can fail for a valid attribute name.
        let _ = match count {
            0 => main.remove_attribute("aria-busy"),
            _ => main.set_attribute("aria-busy", "true"),
        };
    }
}

fn on_document(attribute: &str) -> Option<String> {
    document().document_element()?.get_attribute(attribute)
}

// What a browser remembers for its reader. The server reads the same cookies (`shell`), so that
// nothing changes its looks when the script arrives.

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

// What a tab keeps for itself while it is open.

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

// Time.

/// Now, as the reader's device knows it.
pub fn now() -> Timestamp {
    Timestamp(js_sys::Date::now() as i64 * 1_000)
}

/// How many minutes the reader's clock is ahead of UTC at that moment.
pub fn minutes_ahead_of_utc(at: Timestamp) -> i32 {
    let date = js_sys::Date::new(&((at.0 / 1_000) as f64).into());
    -(date.get_timezone_offset() as i32)
}

/// Runs `tick` every second for as long as the component lives that asks for it.
pub fn every_second(tick: impl FnMut() + 'static) {
    every(1, tick);
}

/// Runs `tick` every so many seconds for as long as the component lives that asks for it.
pub fn every(seconds: u32, tick: impl FnMut() + 'static) {
    let interval = SendWrapper::new(Interval::new(seconds * 1000, tick));
    on_cleanup(move || drop(interval));
}

/// Runs `then` once, whatever becomes of the component that asks for it.
pub fn after_seconds(seconds: u32, then: impl FnOnce() + 'static) {
    after_milliseconds(seconds * 1000, then);
}

/// As [`after_seconds`], for pauses that are hardly noticed.
pub fn after_milliseconds(milliseconds: u32, then: impl FnOnce() + 'static) {
    Timeout::new(milliseconds, then).forget();
}

pub fn is_visible() -> bool {
    document().visibility_state() == VisibilityState::Visible
}

// Focus and keys.

/// Which arrows move between the parts of a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    Horizontal,
    Vertical,
}

pub fn focus(element: &HtmlElement) {
    // An element that cannot have the focus leaves it where it is.
    let _ = element.focus();
}

pub fn focus_by_id(id: &str) {
    if let Some(element) = document()
        .get_element_by_id(id)
        .and_then(|element| element.dyn_into().ok())
    {
        focus(&element);
    }
}

pub fn focus_first(container: &Element, selector: &str) {
    if let Some(first) = visible_parts(container, selector).first() {
        focus(first);
    }
}

/// Makes a component one stop of the Tab key: its first part has it until another gets the focus.
pub fn keep_one_tab_stop(container: &Element, selector: &str) {
    for (position, part) in visible_parts(container, selector).iter().enumerate() {
        part.set_tab_index(if position == 0 { 0 } else { -1 });
    }
}

/// Arrows, Home, End and (in menus) a first letter move the focus inside a component. Says whether
/// it moved.
pub fn move_focus(event: &KeyboardEvent, container: &Element, selector: &str, axis: Axis) -> bool {
    let parts = visible_parts(container, selector);
    let active = document().active_element();
    let Some(current) = parts
        .iter()
        .position(|part| Some(part.as_ref()) == active.as_ref())
    else {
        return false;
    };
    let last = parts.len() - 1;
    let next = match (event.key().as_str(), axis) {
        ("ArrowRight", Axis::Horizontal) | ("ArrowDown", Axis::Vertical) => {
            if current == last {
                0
            } else {
                current + 1
            }
        }
        ("ArrowLeft", Axis::Horizontal) | ("ArrowUp", Axis::Vertical) => {
            if current == 0 {
                last
            } else {
                current - 1
            }
        }
        ("Home", _) => 0,
        ("End", _) => last,
        (key, Axis::Vertical) => match starting_with(&parts, current, key) {
            Some(next) => next,
            None => return false,
        },
        _ => return false,
    };
    event.prevent_default();
    parts[current].set_tab_index(-1);
    parts[next].set_tab_index(0);
    focus(&parts[next]);
    true
}

/// The next part after `current` whose text starts with that letter.
fn starting_with(parts: &[HtmlElement], current: usize, key: &str) -> Option<usize> {
    let mut characters = key.chars();
    let (Some(letter), None) = (characters.next(), characters.next()) else {
        return None;
    };
    let starts = |position: &usize| {
        let text = parts[*position].text_content().unwrap_or_default();
        let first = text.trim().chars().next();
        first.is_some_and(|first| first.to_lowercase().eq(letter.to_lowercase()))
    };
    (current + 1..parts.len()).chain(0..current).find(starts)
}

fn visible_parts(container: &Element, selector: &str) -> Vec<HtmlElement> {
    let Ok(found) = container.query_selector_all(selector) else {
        return Vec::new();
    };
    (0..found.length())
        .filter_map(|index| found.get(index)?.dyn_into::<HtmlElement>().ok())
        .filter(|element| element.get_client_rects().length() > 0)
        .collect()
}

/// An attribute of whatever has the focus.
pub fn focused_attribute(name: &str) -> Option<String> {
    document().active_element()?.get_attribute(name)
}

pub fn click_focused() {
    let active = document()
        .active_element()
        .and_then(|element| element.dyn_into::<HtmlElement>().ok());
    if let Some(element) = active {
        element.click();
    }
}

/// Runs `pressed` for every key of the document, for as long as the component lives that asks for
/// it.
pub fn on_key(pressed: impl Fn(KeyboardEvent) + 'static) {
    let handle = leptos::prelude::window_event_listener(leptos::ev::keydown, pressed);
    on_cleanup(move || handle.remove());
}

/// Whether somebody is typing into a field right now.
pub fn is_typing() -> bool {
    document().active_element().is_some_and(|element| {
        matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
    })
}

// Dialogs, popovers, forms.

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

/// Sends a form as if its button had been pressed, with its checks.
pub fn submit_form(id: &str) {
    let form = document()
        .get_element_by_id(id)
        .and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
    if let Some(form) = form {
        let _ = form.request_submit();
    }
}

/// As [`submit_form`], for a form at hand.
pub fn submit(form: &HtmlFormElement) {
    let _ = form.request_submit();
}

/// What a form would send, in its order.
pub fn form_entries(form: &HtmlFormElement) -> Vec<(String, String)> {
    let Ok(data) = FormData::new_with_form(form) else {
        return Vec::new();
    };
    let pairs = data.entries().into_iter().filter_map(Result::ok);
    pairs
        .map(|pair| js_sys::Array::from(&pair))
        .filter_map(|pair| Some((pair.get(0).as_string()?, pair.get(1).as_string()?)))
        .collect()
}

/// The value of the button that sends a form; none when the Enter key did.
pub fn submitter_value(event: &SubmitEvent) -> Option<String> {
    event.submitter()?.get_attribute("value")
}

/// The text of a text area with `text` in the place of what is selected, or where the caret is. The
/// caret stands behind it then.
pub fn inserted_at_caret(id: &str, text: &str) -> Option<String> {
    let area = document().get_element_by_id(id)?;
    let area: HtmlTextAreaElement = area.dyn_into().ok()?;
    let start = area.selection_start().ok().flatten()?;
    let end = area.selection_end().ok().flatten()?;
    area.set_range_text_with_start_and_end_and_mode(text, start, end, "end")
        .ok()?;
    focus(&area);
    Some(area.value())
}

/// Whether an event comes from a box that searches.
pub fn is_from_search_box(event: &Event) -> bool {
    event
        .target()
        .and_then(|target| target.dyn_into::<HtmlInputElement>().ok())
        .is_some_and(|input| input.type_() == "search")
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

/// Sends the form of the page that is marked for it (`data-save`), where there is one.
pub fn submit_marked_form() {
    let form = document().query_selector("form[data-save]").ok().flatten();
    if let Some(form) = form.and_then(|form| form.dyn_into::<HtmlFormElement>().ok()) {
        let _ = form.request_submit();
    }
}

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

// Live data.

/// What an event stream brings.
pub enum Incoming {
    /// The connection stands (again).
    Connected,
    /// The connection is lost; the browser tries again by itself.
    Lost,
    /// A message and its data.
    Message(String),
}

/// Listens to server-sent events until the component that asks for it is gone.
pub fn listen(address: &str, receive: impl Fn(Incoming) + Clone + 'static) {
    let Ok(source) = EventSource::new(address) else {
        return;
    };
    let hear = |make: fn(&Event) -> Incoming| {
        let receive = receive.clone();
        Closure::<dyn Fn(Event)>::new(move |event| receive(make(&event)))
    };
    let on_message = hear(|event| {
        let data = event.dyn_ref::<MessageEvent>().map(MessageEvent::data);
        Incoming::Message(data.and_then(|data| data.as_string()).unwrap_or_default())
    });
    let on_open = hear(|_| Incoming::Connected);
    let on_error = hear(|_| Incoming::Lost);
    source.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    source.set_onopen(Some(on_open.as_ref().unchecked_ref()));
    source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
    let stream = SendWrapper::new((source, on_message, on_open, on_error));
    on_cleanup(move || {
        let (source, ..) = &*stream;
        source.close();
    });
}

/// Runs `returned` whenever the reader comes back to this tab.
pub fn on_return(returned: impl Fn() + 'static) {
    let listener = Closure::<dyn Fn()>::new(move || {
        if is_visible() {
            returned();
        }
    });
    let function: &js_sys::Function = listener.as_ref().unchecked_ref();
    // Fails for no event of this name.
    let _ = document().add_event_listener_with_callback("visibilitychange", function);
    let listener = SendWrapper::new(listener);
    on_cleanup(move || {
        let function: &js_sys::Function = listener.as_ref().unchecked_ref();
        let _ = document().remove_event_listener_with_callback("visibilitychange", function);
    });
}

/// Lets a moment pass, so that many changes cost few requests.
pub async fn wait_a_moment() {
    gloo_timers::future::TimeoutFuture::new(400).await;
}
