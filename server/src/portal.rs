//! The pages: rendered here, then taken over by the browser. The only file that knows
//! `leptos_axum`.

use std::sync::{Arc, LazyLock};

use app::list_address::ListAddress;
use app::pages::parts::FetchEarly;
use app::permission::Permission;
use app::root::{App, AppProps};
use app::routes::{Route, own_address, sign_in_before};
use app::shell::{fetch_early, shell};
use app::skin::Skin;
use axum::Router;
use axum::body::Body;
use axum::extract::{FromRef, Request, State};
use axum::http::{HeaderValue, Method, Response, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Redirect};
use backend::{Actor, Backend};
use leptos::config::LeptosOptions;
use leptos::nonce::use_nonce;
use leptos::prelude::{AnyView, IntoAny, provide_context, use_context};
use leptos_axum::{AxumRouteListing, LeptosRoutes, ResponseOptions, generate_route_list};
use tokio_util::sync::CancellationToken;
use tower_http::compression::CompressionLayer;

use crate::site::Site;

/// What requests are answered from.
#[derive(Clone)]
pub struct Portal {
    options: LeptosOptions,
    site: Arc<Site>,
    fetch_early: FetchEarly,
    pub backend: Backend,
    /// Cancelled when the server is asked to stop. Answers that would go on for ever watch it:
    /// the server waits for them.
    pub shutdown: CancellationToken,
}

impl FromRef<Portal> for LeptosOptions {
    fn from_ref(portal: &Portal) -> Self {
        portal.options.clone()
    }
}

impl Portal {
    pub fn new(backend: Backend, site: Site, shutdown: CancellationToken) -> Self {
        let options = LeptosOptions::builder()
            .output_name("cloud-sync")
            .site_pkg_dir(site.package_folder())
            .build();
        let fetch_early = fetch_early(format!("/{}", site.package_folder()), site.parts());
        Self {
            options,
            site: Arc::new(site),
            fetch_early,
            backend,
            shutdown,
        }
    }

    /// What pages and server functions find in their context.
    fn provide(&self) {
        provide_context(self.backend.clone());
        provide_context(self.shutdown.clone());
        provide_context(self.fetch_early.clone());
        name_the_script_that_may_run();
    }
}

/// The addresses of the pages, found by rendering them once without their data. Leptos keeps data
/// away from the whole process meanwhile, so this must happen once, before the first request.
static PAGES: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| {
    generate_route_list(|| {
        let (skin, permission) = (Skin::Classic, Permission::Change);
        App(AppProps { skin, permission })
    })
});

/// Pages, server functions, the site's files, and the page that says that there is none.
pub fn routes(portal: &Portal) -> Router<Portal> {
    let shared = portal.clone();
    Router::<Portal>::new()
        .leptos_routes_with_context(
            portal,
            PAGES.clone(),
            move || shared.provide(),
            document(portal),
        )
        .route_layer(from_fn(lead_to_sign_in_and_back))
        .fallback(file_or_missing_page)
        // Leaves event streams and what is compressed already alone.
        .layer(CompressionLayer::new())
}

/// Leads whoever opens a page without being signed in to the sign-in page, and from there back. It
/// is decided for all pages at once, because a page may show something before it asks who looks.
async fn lead_to_sign_in_and_back(request: Request, next: Next) -> Response<Body> {
    let opens_page = [Method::GET, Method::HEAD].contains(request.method());
    let is_signed_in = request.extensions().get::<Actor>().is_some();
    match elsewhere(request.uri(), is_signed_in).filter(|_| opens_page) {
        Some(address) => Redirect::to(&address).into_response(),
        None => next.run(request).await,
    }
}

/// Where somebody is led instead of the page at this address.
fn elsewhere(uri: &Uri, is_signed_in: bool) -> Option<String> {
    let address = ListAddress::parse(uri.path(), uri.query().unwrap_or_default());
    let is_sign_in = address.path() == Route::SignIn.to_string();
    match (is_signed_in, is_sign_in) {
        (false, false) => Some(sign_in_before(&address_as_sent(uri))),
        // A demo signs in whoever comes. An invitation may be for somebody else.
        (true, true) if address.get("invitation").is_none() => {
            Some(own_address(&address.text("next")))
        }
        (true, _) | (false, true) => None,
    }
}

fn address_as_sent(uri: &Uri) -> String {
    uri.path_and_query()
        .map_or_else(String::new, ToString::to_string)
}

/// The whole HTML document of a page.
fn document(portal: &Portal) -> impl Fn() -> AnyView + Clone + Send + Sync + use<> {
    let options = portal.options.clone();
    move || shell(options.clone()).into_any()
}

async fn file_or_missing_page(State(portal): State<Portal>, request: Request) -> Response<Body> {
    let file = portal
        .site
        .answer(request.method(), request.uri().path(), request.headers());
    if let Some(file) = file {
        return file;
    }
    let shared = portal.clone();
    let render = leptos_axum::render_app_async_with_context(
        move || {
            provide_context(shared.clone());
            shared.provide();
        },
        document(&portal),
    );
    let mut page = render(request).await;
    // A redirect, for example to the sign-in page, stays one.
    if page.status() == StatusCode::OK {
        *page.status_mut() = StatusCode::NOT_FOUND;
    }
    page
}

/// Lets only this answer's own script run, by the number in it that nobody can guess, and what
/// that script loads. Server functions have no number and keep the policy that allows nothing.
fn name_the_script_that_may_run() {
    let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>()) else {
        return;
    };
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; \
         worker-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    if let Ok(policy) = HeaderValue::try_from(policy) {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
}
