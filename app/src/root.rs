//! What every page has: the top bar, the toasts, the router between them.

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::Router;

use crate::{
    browser,
    components::{
        moment::ReadersClock,
        title_row::FocusedPage,
        toast::{ToastRegion, Toasts},
        top_bar::TopBar,
    },
    pages::frame,
    routes::{PortalRoutes, Route},
};

/// The portal, from the first element of the body to the last.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_context(Toasts::new());
    provide_context(ReadersClock::start());
    provide_context(FocusedPage(StoredValue::new(String::new())));
    Effect::new(browser::mark_as_hydrated);
    view! {
        <Router>
            <a class="skip-link" href="#content">"Skip to main content"</a>
            <TopBar home=Route::AzureActiveDirectory menu=frame::portal_menu() search=Route::Users account=None/>
            <main>
                <PortalRoutes/>
            </main>
            <ToastRegion/>
        </Router>
    }
}
