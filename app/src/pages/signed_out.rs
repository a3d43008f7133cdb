//! The ways to the sign-in page, and from there back. Who opens a page without being signed in is
//! led there by the server before the page is made (`server/src/portal.rs`); these are for pages
//! that are open when a session ends.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::{
    browser,
    components::{
        button::ButtonLink,
        message_bar::{MessageBar, Severity},
    },
    routes,
};

/// The sign-in page, from which one comes back to the open page as it is.
fn address() -> Signal<String> {
    let location = use_location();
    Signal::derive(move || {
        let (path, query) = (location.pathname.get(), location.search.get());
        match query.as_str() {
            "" => routes::sign_in_before(&path),
            query => routes::sign_in_before(&format!("{path}?{query}")),
        }
    })
}

/// Above every page: says that the session ended, as soon as any answer said so. The page stays,
/// with everything that was typed.
#[component]
pub fn SignedOutBar() -> impl IntoView {
    let is_signed_out = RwSignal::new(false);
    Effect::new(move || browser::when_signed_out(move || is_signed_out.set(true)));
    move || {
        is_signed_out.get().then(|| {
            view! {
                <MessageBar
                    id="signed-out"
                    severity=Severity::Warning
                    start="Your session has ended."
                    text="Sign in again to continue."
                    announced=true
                >
                    <SignInLink/>
                </MessageBar>
            }
        })
    }
}

/// The way to sign in. The server answers, because the top of the portal depends on who is signed in.
#[component]
pub fn SignInLink() -> impl IntoView {
    view! { <ButtonLink label="Sign in" href=address() small=true from_server=true/> }
}

/// Leads to the sign-in page at once: where there is no page yet that could stay.
#[component]
pub fn ToSignIn() -> impl IntoView {
    let address = address();
    Effect::new(move || browser::load(&address.get_untracked()));
}
