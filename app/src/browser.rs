//! Everything that talks to the browser. The only place that names web-sys and gloo-timers.
//!
//! These functions may run only where a browser is: in event handlers and effects. Leptos runs
//! neither on the server.

mod focus;
mod forms;
mod layers;
mod leaving;
mod live;
mod remembered;
mod signed_out;
mod taking_over;
mod time;

use leptos::prelude::document;

pub use self::{
    focus::*, forms::*, layers::*, leaving::*, live::*, remembered::*, signed_out::*,
    taking_over::*, time::*,
};

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

fn on_document(attribute: &str) -> Option<String> {
    document().document_element()?.get_attribute(attribute)
}
