//! Starts the portal in the browser: takes over the page that the server rendered.

/// Called by the script that the server puts into every page.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_lazy(|| {
        let (skin, permission) = (app::browser::skin(), app::browser::permission());
        app::root::App(app::root::AppProps { skin, permission })
    });
}
