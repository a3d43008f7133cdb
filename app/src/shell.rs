//! The document around everything: what the server writes before and after the portal itself.

use std::{collections::HashMap, sync::Arc};

use axum::http::{header, request::Parts};
use leptos::{config::LeptosOptions, nonce::use_nonce, prelude::*};
use leptos_meta::{Link, MetaTags};

use crate::{
    api::caller,
    pages::parts::FetchEarly,
    permission::Permission,
    preferences::{self, Preference},
    root::App,
    skin::Skin,
};

/// Names a part's files in the head of the page, so that the script that starts the portal fetches
/// them beside the module: these files of each part (names without their ending) in the folder.
pub fn fetch_early(folder: String, files: HashMap<String, Vec<String>>) -> FetchEarly {
    FetchEarly(Arc::new(move |part| {
        for name in files.get(part).into_iter().flatten() {
            let href = format!("{folder}/{name}.wasm");
            // Writing it enters it into the head of the page; nothing stands in its place.
            view! { <Link rel="part" href as_="fetch" crossorigin="anonymous"/> }.to_html();
        }
    }))
}

/// The whole document. Choices that the reader made before come back as cookies, so that the page
/// has the right looks from its first byte.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let (skin, permission) = (skin(), permission());
    let stylesheet = format!("/{}/{}.css", options.site_pkg_dir, options.output_name);
    view! {
        <!DOCTYPE html>
        <html
            lang="en"
            data-theme=cookie("theme").filter(|theme| theme == "light" || theme == "dark")
            data-skin=skin.as_str()
            data-permission=permission.as_str()
            data-exact-times=switched_on(Preference::ExactTimes)
            data-confirm-deleting=switched_on(Preference::ConfirmDeleting)
            data-shortcuts-off=cookie(preferences::SHORTCUTS_OFF)
                .map(|words| preferences::as_cookie(&preferences::shortcuts_off(&words)))
            data-menu=cookie("menu").filter(|menu| menu == "collapsed")
        >
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="description" content="Cloud sync: people and groups of your directories in one tenant."/>
                <link rel="stylesheet" href=stylesheet/>
                <link rel="icon" type="image/svg+xml" href="/favicon.svg"/>
                <StartScript options/>
                <MetaTags/>
            </head>
            <body>
                <App skin permission/>
            </body>
        </html>
    }
}

/// The script that starts the portal in the browser.
#[component]
fn StartScript(options: LeptosOptions) -> impl IntoView {
    let LeptosOptions {
        site_pkg_dir: folder,
        output_name: name,
        ..
    } = options;
    let (script, module) = (
        format!("/{folder}/{name}.js"),
        format!("/{folder}/{name}_bg.wasm"),
    );
    let start = include_str!("shell/start.js").trim_end();
    view! {
        <script type="module" nonce=use_nonce()>
            {format!("{start}({script:?}, {module:?});")}
        </script>
    }
}

/// The skin that the reader chose before.
pub fn skin() -> Skin {
    Skin::parse(&cookie("skin").unwrap_or_default())
}

/// What whoever sent this request may do. Who is not signed in is asked to do so first.
fn permission() -> Permission {
    match caller::signed_in() {
        Some(actor) if actor.may_change().is_err() => Permission::Look,
        _ => Permission::Change,
    }
}

fn switched_on(preference: Preference) -> Option<&'static str> {
    is_switched_on(preference).then_some(preferences::ON)
}

/// Whether the reader switched that on.
pub(crate) fn is_switched_on(preference: Preference) -> bool {
    cookie(preference.as_str()).is_some_and(|word| word == preferences::ON)
}

/// What the browser remembers for its reader by this name.
pub(crate) fn cookie(name: &str) -> Option<String> {
    let parts = use_context::<Parts>()?;
    let cookies = parts.headers.get(header::COOKIE)?.to_str().ok()?;
    cookies
        .split(';')
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find_map(|(own, value)| (own == name).then(|| value.to_owned()))
}
