//! The demo through HTTP, as programs use it that test the portal.

#![expect(clippy::unwrap_used, reason = "the helpers are part of the tests, too")]

use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::connect_info::MockConnectInfo;
use axum::http::{Request, StatusCode, header};
use backend::{Backend, demo, secrets::Secrets, testing::TestBackend};
use engine::demo::{DemoState, Scenario, ScenarioOutcome};
use http_body_util::BodyExt;
use server::portal::Portal;
use server::site::Site;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

struct Server {
    router: Router,
    _backend: TestBackend,
}

impl Server {
    async fn new(is_demo: bool) -> Self {
        let test = TestBackend::new().await;
        let settings = backend::context::Settings {
            demo: is_demo,
            ..backend::context::Settings::demo_defaults()
        };
        let (db, clock) = (test.db.clone(), test.clock.clone());
        let backend = Backend::new(db, clock, Secrets::ephemeral(), settings);
        if is_demo {
            let wish = demo::Wish {
                seed: Some(4),
                clock: Some(backend::testing::START),
            };
            demo::ensure_world(&backend, wish).await.unwrap();
        }
        let folder = tempfile::tempdir().unwrap();
        let site = Site::read_folder(folder.path()).unwrap();
        let portal = Portal::new(backend, site, CancellationToken::new());
        let client = SocketAddr::from(([127, 0, 0, 1], 50_000));
        Self {
            router: server::router(portal).layer(MockConnectInfo(client)),
            _backend: test,
        }
    }

    async fn call(&self, path: &str, body: Option<&str>) -> (StatusCode, String) {
        self.call_from("none", path, body).await
    }

    async fn call_from(&self, site: &str, path: &str, body: Option<&str>) -> (StatusCode, String) {
        let method = if path == "/demo/state" { "GET" } else { "POST" };
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("sec-fetch-site", site);
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let request = request.body(Body::from(body.unwrap_or_default().to_owned()));
        let response = self.router.clone().oneshot(request.unwrap()).await.unwrap();
        let status = response.status();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8(bytes.to_vec()).unwrap())
    }

    async fn state(&self, path: &str, body: Option<&str>) -> DemoState {
        let (status, text) = self.call(path, body).await;
        assert_eq!(status, StatusCode::OK, "{text}");
        serde_json::from_str(&text).unwrap()
    }
}

const CALLS: [(&str, Option<&str>); 5] = [
    ("/demo/state", None),
    ("/demo/reset", None),
    ("/demo/clock", Some("{\"advanceSeconds\": 1}")),
    ("/demo/settle", None),
    ("/demo/scenarios/agent-stops", None),
];

#[tokio::test]
async fn a_server_that_is_no_demo_knows_none_of_these_addresses() {
    let server = Server::new(false).await;
    for (path, body) in CALLS {
        let (status, _) = server.call(path, body).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_page_of_another_site_cannot_reset_the_demo() {
    let server = Server::new(true).await;
    for (path, body) in CALLS.into_iter().skip(1) {
        let (status, _) = server.call_from("cross-site", path, body).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn the_clock_moves_on_and_comes_back_with_a_reset() {
    let server = Server::new(true).await;
    let start = server.state("/demo/state", None).await;
    assert_eq!((start.seed, start.clock_stands_still), (4, true));
    let by = server
        .state("/demo/clock", Some("{\"advanceSeconds\": 90}"))
        .await;
    assert_eq!(by.now.since(start.now).as_secs(), 90);
    let to = server
        .state("/demo/clock", Some("{\"to\": \"2026-02-01T00:00:00Z\"}"))
        .await;
    assert_eq!(to.now.to_date_time().month(), time::Month::February);
    let again = server.state("/demo/reset", Some("{\"seed\": 9}")).await;
    assert_eq!((again.seed, again.now), (9, start.now));
}

#[tokio::test]
async fn what_is_not_understood_is_refused_in_words() {
    let server = Server::new(true).await;
    for (path, body, status) in [
        (
            "/demo/clock",
            "{\"to\": \"noon\"}",
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        (
            "/demo/clock",
            "{\"to\": \"2020-01-01T00:00:00Z\"}",
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        (
            "/demo/clock",
            "{\"advanceSeconds\": 99999999999}",
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        (
            "/demo/clock",
            "{\"advanceSeconds\": -1}",
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        ("/demo/clock", "{", StatusCode::BAD_REQUEST),
        (
            "/demo/reset",
            "{\"sead\": 1}",
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        (
            "/demo/scenarios/the-moon-falls",
            "{}",
            StatusCode::NOT_FOUND,
        ),
    ] {
        let (answered, text) = server.call(path, Some(body)).await;
        assert_eq!(answered, status, "{path} {body}: {text}");
        assert!(!text.is_empty(), "{path} {body}");
    }
}

#[tokio::test]
async fn a_scenario_tells_what_it_did() {
    let server = Server::new(true).await;
    let (status, text) = server.call("/demo/scenarios/agent-stops", None).await;
    assert_eq!(status, StatusCode::OK, "{text}");
    let outcome: ScenarioOutcome = serde_json::from_str(&text).unwrap();
    assert_eq!(outcome.scenario, Scenario::AgentStops);
    assert!(!outcome.done.is_empty());
    let state = server.state("/demo/state", None).await;
    assert!(!state.agent_is_active);
}
