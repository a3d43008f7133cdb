//! The pages: rendered here, then taken over by the browser. The only file that knows
//! `leptos_axum`.

use std::sync::{Arc, LazyLock};

use app::pages::parts::FetchEarly;
use app::permission::Permission;
use app::root::{App, AppProps};
use app::shell::{fetch_early, shell};
use app::skin::Skin;
use axum::Router;
use axum::body::Body;
use axum::extract::{FromRef, Request, State};
use axum::http::{HeaderValue, Response, StatusCode, header};
use backend::Backend;
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
        .fallback(file_or_missing_page)
        // Leaves event streams and what is compressed already alone.
        .layer(CompressionLayer::new())
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
