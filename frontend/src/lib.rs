//! Starts the portal in the browser: takes over the page that the server rendered.

use app::{browser, root};
use leptos::{mount::hydrate_from_async, tachys::dom::body, task::tick};

/// Called by the script that the server puts into every page. The page says that it was taken over
/// when the part that holds its code has come, and what the page does at once is done.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    wasm_bindgen_futures::spawn_local(async {
        let portal = hydrate_from_async(body(), || {
            let (skin, permission) = (browser::skin(), browser::permission());
            root::App(root::AppProps { skin, permission })
        })
        .await;
        portal.forget();
        tick().await;
        browser::mark_as_hydrated();
    });
}
