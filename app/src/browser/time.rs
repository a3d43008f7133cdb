//! The browser's clock, and what happens later.

use engine::timestamp::Timestamp;
use gloo_timers::{
    callback::{Interval, Timeout},
    future::TimeoutFuture,
};
use leptos::prelude::on_cleanup;
use send_wrapper::SendWrapper;

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

/// Lets a moment pass, so that many changes cost few requests.
pub async fn wait_a_moment() {
    TimeoutFuture::new(400).await;
}
