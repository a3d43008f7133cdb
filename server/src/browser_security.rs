//! What every answer tells the browser to forbid, and which requests of a browser are refused.
//!
//! Pages bring a content security policy of their own ([`crate::portal`]), because it names the
//! script of that one answer; everything else may load nothing at all.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tower_http::set_header::SetResponseHeaderLayer;
use url::{Origin, Url};

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
pub fn protect(routes: Router, portal_url: &str) -> Router {
    let portal = Arc::new(Url::parse(portal_url).ok().map(|url| url.origin()));
    let mut routes = routes.layer(from_fn_with_state(portal, refuse_other_sites));
    for (name, value) in DEFAULTS {
        let value = HeaderValue::from_static(value);
        routes = routes.layer(SetResponseHeaderLayer::if_not_present(name, value));
    }
    routes
}

/// A page of another site may link to the portal, but it may not send forms or calls to it in the
/// name of whoever is signed in.
async fn refuse_other_sites(
    State(portal): State<Arc<Option<Origin>>>,
    request: Request,
    next: Next,
) -> Response {
    let changes_nothing = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    if changes_nothing {
        return next.run(request).await;
    }
    if comes_from_elsewhere(&request, (*portal).as_ref()) {
        let sentence = "Cross-site request blocked: this does not come from a page of this \
                        portal. Behind a proxy, start the server with --portal-url.";
        return (StatusCode::FORBIDDEN, sentence).into_response();
    }
    if is_plain_text(request.headers()) {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
    }
    next.run(request).await
}

/// Browsers say truthfully where a request comes from: in `Sec-Fetch-Site` where the portal is
/// reached over HTTPS or on the same machine, otherwise in `Origin`, and older ones in `Referer`.
/// Programs that are no browsers say nothing and carry no cookies by accident.
/// <https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site>
fn comes_from_elsewhere(request: &Request, portal: Option<&Origin>) -> bool {
    let headers = request.headers();
    if let Some(site) = headers.get("sec-fetch-site") {
        return site != "same-origin" && site != "none";
    }
    let source = headers.get(header::ORIGIN);
    let Some(source) = source.or_else(|| headers.get(header::REFERER)) else {
        return false;
    };
    // A page without an origin of its own says `null`, which is no address.
    let source = source.to_str().ok().and_then(|text| Url::parse(text).ok());
    !source.is_some_and(|source| is_own(&source, request, portal))
}

/// Whether a page at this address is one of ours: at the host that was asked, or at the portal's
/// address where a proxy asks in its own name.
fn is_own(page: &Url, request: &Request, portal: Option<&Origin>) -> bool {
    let origin = page.origin();
    let host = request.headers().get(header::HOST);
    let host = host.and_then(|host| host.to_str().ok());
    let host = host.or_else(|| request.uri().authority().map(Authority::as_str));
    let asked = host.and_then(|host| Url::parse(&format!("{}://{host}", page.scheme())).ok());
    origin.is_tuple()
        && (asked.is_some_and(|asked| asked.origin() == origin) || portal == Some(&origin))
}

/// A form can send this without asking, and nothing here is sent so.
fn is_plain_text(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| {
            kind.trim_start()
                .to_ascii_lowercase()
                .starts_with("text/plain")
        })
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn is_refused(portal: &str, headers: &[(&str, &str)]) -> bool {
        let mut request = Request::builder().method(Method::POST).uri("/api/x");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).unwrap();
        let portal = Url::parse(portal).ok().map(|url| url.origin());
        comes_from_elsewhere(&request, portal.as_ref())
    }

    #[test]
    fn a_page_of_a_sibling_host_is_refused_where_the_browser_does_not_say_from_which_site() {
        let portal = "http://portal.corp";
        let host = ("host", "portal.corp");
        for origin in [
            "http://wiki.corp",
            "http://portal.corp:8080",
            "https://portal.corp.evil.test",
            "null",
            "file://",
            "",
        ] {
            assert!(is_refused(portal, &[host, ("origin", origin)]), "{origin}");
        }
        assert!(!is_refused(
            portal,
            &[host, ("origin", "http://portal.corp")]
        ));
        // HTTPS ends at a proxy that keeps the host.
        let https = ("origin", "https://portal.corp");
        assert!(!is_refused("http://127.0.0.1:3000", &[host, https]));
        let port = [
            ("host", "10.0.0.5:3000"),
            ("origin", "http://10.0.0.5:3000"),
        ];
        assert!(!is_refused(portal, &port));
    }

    #[test]
    fn the_portals_own_address_counts_where_a_proxy_asks_in_its_own_name() {
        let host = ("host", "127.0.0.1:3000");
        let origin = ("origin", "https://sync.corp");
        assert!(is_refused("http://127.0.0.1:3000", &[host, origin]));
        assert!(!is_refused("https://sync.corp/", &[host, origin]));
    }

    #[test]
    fn an_older_browser_is_judged_by_the_page_that_it_comes_from() {
        let host = ("host", "portal.corp");
        let wiki = ("referer", "http://wiki.corp/page");
        assert!(is_refused("", &[host, wiki]));
        let ours = ("referer", "http://portal.corp/settings");
        assert!(!is_refused("", &[host, ours]));
        assert!(!is_refused("", &[host]));
    }

    #[test]
    fn what_the_browser_says_of_the_site_comes_first() {
        let host = ("host", "portal.corp");
        let ours = ("origin", "http://portal.corp");
        assert!(is_refused(
            "",
            &[host, ours, ("sec-fetch-site", "same-site")]
        ));
        let same = ("sec-fetch-site", "same-origin");
        assert!(!is_refused("", &[host, same, ("origin", "null")]));
    }
}
