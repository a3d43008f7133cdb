//! Forms, and the texts in them.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{FormData, HtmlFormElement, HtmlTextAreaElement, SubmitEvent};

use super::focus;

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

/// Sends the form of the page that is marked for it (`data-save`), where there is one.
pub fn submit_marked_form() {
    let form = document().query_selector("form[data-save]").ok().flatten();
    if let Some(form) = form.and_then(|form| form.dyn_into::<HtmlFormElement>().ok()) {
        let _ = form.request_submit();
    }
}
