//! Focus and keys.

use leptos::prelude::{document, on_cleanup};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, HtmlInputElement, KeyboardEvent};

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

/// Whether an event comes from a box that searches.
pub fn is_from_search_box(event: &Event) -> bool {
    event
        .target()
        .and_then(|target| target.dyn_into::<HtmlInputElement>().ok())
        .is_some_and(|input| input.type_() == "search")
}
