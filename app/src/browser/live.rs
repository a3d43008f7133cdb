//! What the server tells by itself, for as long as somebody looks.

use leptos::prelude::{document, on_cleanup};
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Event, EventSource, MessageEvent, VisibilityState};

pub fn is_visible() -> bool {
    document().visibility_state() == VisibilityState::Visible
}

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
