//! What every answer tells the browser to forbid, and which requests of a browser are refused.
//!
//! Pages bring a content security policy of their own ([`crate::portal`]), because it names the
//! script of that one answer; everything else may load nothing at all.

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use tower_http::set_header::SetResponseHeaderLayer;

const DEFAULTS: [(HeaderName, &str); 6] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    // Pages show people's data: they are not to be found in a shared computer's cache.
    (header::CACHE_CONTROL, "no-store"),
];

/// Puts the guards around all routes. An answer that sets one of the headers itself keeps its own.
pub fn protect(routes: Router) -> Router {
    let mut routes = routes.layer(from_fn(refuse_other_sites));
    for (name, value) in DEFAULTS {
        let value = HeaderValue::from_static(value);
        routes = routes.layer(SetResponseHeaderLayer::if_not_present(name, value));
    }
    routes
}

/// A page of another site may link to the portal, but it may not send forms or calls to it in the
/// name of whoever is signed in. Browsers say truthfully where a request comes from; programs that
/// are no browsers say nothing and carry no cookies by accident.
/// <https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site>
async fn refuse_other_sites(request: Request, next: Next) -> Response {
    let changes_nothing = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    let from_elsewhere = request
        .headers()
        .get("sec-fetch-site")
        .is_some_and(|site| site != "same-origin" && site != "none");
    if from_elsewhere && !changes_nothing {
        return (
            StatusCode::FORBIDDEN,
            "This request came from another site.",
        )
            .into_response();
    }
    next.run(request).await
}
