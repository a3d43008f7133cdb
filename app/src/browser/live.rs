//! What the server tells by itself, for as long as somebody looks.
//!
//! All pages of a browser listen to one stream, because a browser opens few connections to a
//! server. Where pages cannot share (some phones), each has a stream of its own. Both are given up
//! while nobody looks, also by a page that was left and that the browser keeps for the way back.

use std::{cell::RefCell, rc::Rc};

use engine::timestamp::Timestamp;
use gloo_timers::callback::Interval;
use js_sys::Reflect;
use leptos::prelude::{document, on_cleanup, window_event_listener_untyped};
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Event, EventSource, MessageEvent, MessagePort, SharedWorker, VisibilityState};

use super::now;

/// The server's event stream.
const STREAM: &str = "/events";
/// The script that shares it; it tells what the words between it and a page mean.
const SHARED_STREAM: &str = "/events/shared.js";
const LOOKING: &str = "looking";
const AWAY: &str = "away";
const LOOKING_EVERY_MILLISECONDS: u32 = 10_000;

/// Whether somebody can see the page: its tab is in front.
pub fn is_visible() -> bool {
    document().visibility_state() == VisibilityState::Visible
}

/// What is heard of the server.
#[derive(Clone, Debug)]
pub enum News {
    /// Something changed, or may have.
    Changed { data: String, heard_at: Timestamp },
    /// The connection is lost; it comes back by itself.
    Lost,
}

/// Listens to the server whenever somebody looks at the page, until the component that asks for it
/// is gone.
pub fn listen_while_visible(receive: impl Fn(News) + 'static) {
    let listener = Listener {
        receive: Rc::new(receive),
        line: Rc::default(),
    };
    listener.follow_the_reader();
    let on = |event, act: fn(&Listener)| {
        let listener = listener.clone();
        window_event_listener_untyped(event, move |_| act(&listener))
    };
    let handles = [
        on("visibilitychange", Listener::follow_the_reader),
        // Somebody came back to a page that the browser had kept.
        on("pageshow", Listener::follow_the_reader),
        on("pagehide", Listener::hang_up),
    ];
    let listener = SendWrapper::new(listener);
    on_cleanup(move || {
        for handle in handles {
            handle.remove();
        }
        listener.hang_up();
    });
}

#[derive(Clone)]
struct Listener {
    receive: Rc<dyn Fn(News)>,
    line: Rc<RefCell<Option<Line>>>,
}

impl Listener {
    fn follow_the_reader(&self) {
        if !is_visible() {
            self.hang_up();
        } else if self.line.borrow().is_none() {
            self.line.replace(self.shared().or_else(|| self.own()));
        }
    }

    fn hang_up(&self) {
        self.line.take();
    }

    /// None where the browser has no shared workers.
    fn shared(&self) -> Option<Line> {
        // A name of its own for each build: its pages and its script understand each other.
        let worker = SharedWorker::new_with_str(SHARED_STREAM, &build()).ok()?;
        let port = worker.port();
        let on_message = self.hear(told_by_worker);
        port.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        let on_failure = {
            let listener = self.clone();
            Closure::<dyn Fn(Event)>::new(move |_| {
                listener.line.replace(listener.own());
            })
        };
        worker.set_onerror(Some(on_failure.as_ref().unchecked_ref()));
        say(&port, LOOKING);
        let heartbeat = {
            let port = port.clone();
            Interval::new(LOOKING_EVERY_MILLISECONDS, move || say(&port, LOOKING))
        };
        Some(Line::Shared {
            port,
            _worker: worker,
            _heartbeat: heartbeat,
            _closures: [on_message, on_failure],
        })
    }

    fn own(&self) -> Option<Line> {
        let stream = EventSource::new(STREAM).ok()?;
        let on_message = self.hear(told_by_server);
        let on_error = self.hear(|_| Some(News::Lost));
        stream.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        stream.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Some(Line::Own {
            stream,
            _closures: [on_message, on_error],
        })
    }

    fn hear(&self, read: fn(&Event) -> Option<News>) -> Closure<dyn Fn(Event)> {
        let receive = self.receive.clone();
        Closure::new(move |event| {
            if let Some(news) = read(&event) {
                receive(news);
            }
        })
    }
}

/// `{ data, heardAt }`, or `{ isLost }`.
fn told_by_worker(event: &Event) -> Option<News> {
    let news = event.dyn_ref::<MessageEvent>()?.data();
    let data = Reflect::get(&news, &"data".into()).ok()?.as_string();
    let heard_at = Reflect::get(&news, &"heardAt".into()).ok()?.as_f64();
    Some(match (data, heard_at) {
        (Some(data), Some(milliseconds)) => News::Changed {
            data,
            heard_at: Timestamp(milliseconds as i64 * 1_000),
        },
        _ => News::Lost,
    })
}

fn told_by_server(event: &Event) -> Option<News> {
    let data = event.dyn_ref::<MessageEvent>()?.data().as_string()?;
    let heard_at = now();
    Some(News::Changed { data, heard_at })
}

/// An open line to the server; dropping it closes it.
enum Line {
    Shared {
        port: MessagePort,
        _worker: SharedWorker,
        _heartbeat: Interval,
        _closures: [Closure<dyn Fn(Event)>; 2],
    },
    Own {
        stream: EventSource,
        _closures: [Closure<dyn Fn(Event)>; 2],
    },
}

impl Drop for Line {
    fn drop(&mut self) {
        match self {
            Self::Shared { port, .. } => {
                say(port, AWAY);
                port.close();
            }
            Self::Own { stream, .. } => stream.close(),
        }
    }
}

fn say(port: &MessagePort, word: &str) {
    // Fails for values that cannot be copied, and a text can.
    let _ = port.post_message(&JsValue::from_str(word));
}

/// Which build this page is of: the address of its style sheet, which changes with every build.
fn build() -> String {
    let style_sheet = document().query_selector("link[rel=stylesheet]");
    let address = style_sheet
        .ok()
        .flatten()
        .and_then(|link| link.get_attribute("href"));
    address.unwrap_or_default()
}
