//! From the page that the server wrote to one that the script has taken over.

use std::cell::{Cell, RefCell};

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::{Owner, document};
use send_wrapper::SendWrapper;

use super::{on_document, set_on_document};

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

/// Lets the browser answer its reader between two long pieces of work, while the script takes the
/// page over.
pub async fn breathe() {
    if leptos::prelude::is_browser() && !is_taken_over() {
        SendWrapper::new(TimeoutFuture::new(0)).await;
    }
}
