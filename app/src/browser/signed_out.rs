//! Whether the server still knows who looks at the page.

use std::cell::RefCell;

thread_local! {
    static LISTENER: RefCell<Option<Box<dyn Fn()>>> = const { RefCell::new(None) };
}

/// Runs `then` whenever an answer says that nobody is signed in any more.
pub fn when_signed_out(then: impl Fn() + 'static) {
    LISTENER.set(Some(Box::new(then)));
}

/// Says that such an answer came. On the server nobody listens.
pub fn tell_signed_out() {
    LISTENER.with_borrow(|listener| {
        if let Some(then) = listener {
            then();
        }
    });
}
