//! The portal through HTTP: what every answer carries, whatever page it is.

#![expect(clippy::unwrap_used, reason = "the helpers are part of the tests, too")]

use std::fs;
use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::connect_info::MockConnectInfo;
use axum::http::{HeaderMap, Request, Response, StatusCode, header};
use backend::{
    Actor, admins, configurations, directories, forest, password_hash_sync, tenant,
    testing::TestBackend, worker,
};
use engine::{
    access::AccessTokenDraft,
    configuration::draft::{ConfigurationDraft, NewConfiguration, SettingsDraft},
    directory::ObjectKind,
    forest::{Forest, first_password},
    records::Role,
    tenant::TenantObjectId,
};
use http_body_util::BodyExt;
use server::portal::Portal;
use server::site::Site;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

struct Server {
    router: Router,
    backend: TestBackend,
}

impl Server {
    async fn with_site(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in files {
            let file = folder.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, content).unwrap();
        }
        let backend = TestBackend::new().await;
        let site = Site::read_folder(folder.path()).unwrap();
        let portal = Portal::new(backend.backend.clone(), site, CancellationToken::new());
        let client = SocketAddr::from(([127, 0, 0, 1], 50_000));
        Self {
            router: server::router(portal).layer(MockConnectInfo(client)),
            backend,
        }
    }

    async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Response<Body> {
        self.ask("GET", path, headers).await
    }

    /// A form, as a browser sends it by itself.
    async fn send(&self, path: &str, cookie: &str, form: String) -> Response<Body> {
        let request = Request::builder()
            .method("POST")
            .uri(path)
            .header(header::ACCEPT, "text/html")
            .header(header::COOKIE, cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form))
            .unwrap();
        self.router.clone().oneshot(request).await.unwrap()
    }

    async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Response<Body> {
        // As a browser asks for a page; in a demo that signs it in.
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::ACCEPT, "text/html");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.router
            .clone()
            .oneshot(request.body(Body::empty()).unwrap())
            .await
            .unwrap()
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers
        .get(name)
        .map_or("", |value| value.to_str().unwrap())
}

async fn body(response: Response<Body>) -> String {
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[tokio::test]
async fn a_page_lets_only_its_own_script_run() {
    let server = Server::with_site(&[("pkg-1/cloud-sync.js", "")]).await;
    let response = server.get("/", &[]).await;
    let policy = text(response.headers(), "content-security-policy").to_owned();
    let nonce = policy
        .split("'nonce-")
        .nth(1)
        .unwrap()
        .split('\'')
        .next()
        .unwrap()
        .to_owned();
    let page = body(response).await;
    assert!(page.contains(&format!("nonce=\"{nonce}\"")), "{page}");
    assert!(page.contains("/pkg-1/cloud-sync.js"), "{page}");

    let next_page = server.get("/", &[]).await;
    assert!(!text(next_page.headers(), "content-security-policy").contains(&nonce));
}

#[tokio::test]
async fn an_unknown_address_is_a_page_that_says_so() {
    let server = Server::with_site(&[]).await;
    let response = server.get("/no/such/page", &[]).await;
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert!(text(response.headers(), "content-security-policy").contains("'nonce-"));
    assert!(body(response).await.starts_with("<!DOCTYPE html>"));
}

#[tokio::test]
async fn a_file_comes_in_the_best_form_that_the_browser_takes() {
    let server = Server::with_site(&[
        ("pkg-1/cloud-sync.css", "plain"),
        ("pkg-1/cloud-sync.css.br", "brotli"),
        ("pkg-1/cloud-sync.css.gz", "gzip"),
    ])
    .await;
    let forms = [
        ("gzip, deflate, br, zstd", "brotli"),
        ("gzip, br;q=0", "gzip"),
        ("GZIP", "gzip"),
        ("identity", "plain"),
    ];
    for (accepted, expected) in forms {
        let response = server
            .get("/pkg-1/cloud-sync.css", &[("accept-encoding", accepted)])
            .await;
        assert_eq!(
            text(response.headers(), "content-type"),
            "text/css; charset=utf-8"
        );
        assert_eq!(text(response.headers(), "vary"), "accept-encoding");
        assert_eq!(body(response).await, expected, "for {accepted}");
    }
}

#[tokio::test]
async fn what_is_named_by_its_content_is_kept_for_good_and_the_rest_is_asked_for_each_time() {
    let server = Server::with_site(&[("pkg-1/cloud-sync.js", ""), ("favicon.svg", "")]).await;
    let package = server.get("/pkg-1/cloud-sync.js", &[]).await;
    assert!(text(package.headers(), "cache-control").contains("immutable"));
    let favicon = server.get("/favicon.svg", &[]).await;
    assert_eq!(text(favicon.headers(), "cache-control"), "no-cache");
    let page = server.get("/", &[]).await;
    assert_eq!(text(page.headers(), "cache-control"), "no-store");
}

#[tokio::test]
async fn a_file_that_the_browser_has_is_not_sent_again() {
    let server = Server::with_site(&[("favicon.svg", "<svg/>")]).await;
    let first = server.get("/favicon.svg", &[]).await;
    let validator = text(first.headers(), "etag").to_owned();
    let second = server
        .get("/favicon.svg", &[("if-none-match", &validator)])
        .await;
    assert_eq!(second.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(body(second).await, "");
    let other = server
        .get("/favicon.svg", &[("if-none-match", "W/\"0\"")])
        .await;
    assert_eq!(body(other).await, "<svg/>");
}

#[tokio::test]
async fn a_form_that_another_site_sends_is_refused() {
    let server = Server::with_site(&[]).await;
    for site in ["cross-site", "same-site"] {
        let response = server.ask("POST", "/", &[("sec-fetch-site", site)]).await;
        assert_eq!(response.status(), StatusCode::FORBIDDEN, "from {site}");
    }
    let own = server
        .ask("POST", "/", &[("sec-fetch-site", "same-origin")])
        .await;
    assert_ne!(own.status(), StatusCode::FORBIDDEN);
    let link = server.get("/", &[("sec-fetch-site", "cross-site")]).await;
    assert_eq!(link.status(), StatusCode::OK);
}

#[tokio::test]
async fn an_answer_that_is_no_page_may_load_nothing() {
    let server = Server::with_site(&[]).await;
    let response = server.get("/healthz", &[]).await;
    assert_eq!(response.status(), StatusCode::OK);
    let policy = text(response.headers(), header::CONTENT_SECURITY_POLICY.as_str());
    assert_eq!(policy, "default-src 'none'; frame-ancestors 'none'");
    assert_eq!(
        text(response.headers(), "x-content-type-options"),
        "nosniff"
    );
    assert_eq!(body(response).await, "ok");
}

#[tokio::test]
async fn a_password_is_checked_without_a_script() {
    let server = Server::with_site(&[]).await;
    let (user, password) = synchronized_person(&server.backend).await;
    let response = server.get(&format!("/users/{user}"), &[]).await;
    let cookie = text(response.headers(), "set-cookie");
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let page = body(response).await;
    assert!(page.contains("On-premises password"), "{page}");
    for (typed, said) in [
        (password.as_str(), "Password accepted."),
        ("something-else", "Password wrong."),
    ] {
        let form = format!("id={user}&password={typed}");
        let answer = server
            .send("/api/tenant/check-sign-in", &cookie, form)
            .await;
        assert_eq!(answer.status(), StatusCode::FOUND);
        let next = text(answer.headers(), "location").to_owned();
        assert!(!next.contains(typed), "{next}");
        let page = body(server.get(&next, &[]).await).await;
        assert!(page.contains(said), "{page}");
        assert!(!page.contains(typed), "{page}");
    }
}

/// Somebody of the demo forest who came to the tenant with the password.
async fn synchronized_person(backend: &TestBackend) -> (TenantObjectId, String) {
    let actor = &Actor::System;
    directories::ensure_forests(backend).await.unwrap();
    forest::ensure_seeded(backend).await.unwrap();
    let new = NewConfiguration {
        domain: Forest::Contoso.domain().to_owned(),
        password_hash_sync: true,
    };
    let id = configurations::create(backend, actor, new).await.unwrap();
    let draft = ConfigurationDraft {
        revision: 1,
        settings: SettingsDraft {
            enabled: true,
            password_hash_sync: true,
            accidental_deletion_threshold: "500".to_owned(),
            ..SettingsDraft::default()
        },
        scope: None,
    };
    configurations::save(backend, actor, id, draft)
        .await
        .unwrap();
    worker::run_due(backend).await.unwrap();
    password_hash_sync::run_due(backend).await.unwrap();
    let seed = forest::seed::seed(Forest::Contoso, forest::seed::DEFAULT_SEED);
    let person = seed.iter().find(|one| {
        one.attributes.text("employeeType") == Some("Employee")
            && one.attributes.text("pwdLastSet") != Some("0")
    });
    let attributes = &person.unwrap().attributes;
    let name = attributes.text("userPrincipalName").unwrap();
    let users = tenant::list(backend, ObjectKind::User, name, None, 1).await;
    let password = first_password(attributes.text("sAMAccountName").unwrap());
    (users.unwrap().items[0].id, password)
}

#[tokio::test]
async fn a_program_comes_in_with_an_access_token_until_it_is_revoked() {
    let server = Server::with_site(&[]).await;
    let person = admins::demo_session(&server.backend).await.unwrap().actor;
    let draft = AccessTokenDraft {
        name: "nightly".to_owned(),
        role: Role::ReportsReader,
        days: 7,
    };
    let token = admins::create_token(&server.backend, &person, &draft).await;
    let token = token.unwrap();
    let file = "/cloud-sync/previews/00000000-0000-0000-0000-000000000000.csv";
    let bearer = format!("Bearer {}", token.text());
    let asked = async |words: &str| server.get(file, &[("authorization", words)]).await.status();
    // There is no such preview, which only somebody learns who may come in.
    assert_eq!(asked(&bearer).await, StatusCode::NOT_FOUND);
    assert_eq!(asked("Bearer made-up").await, StatusCode::UNAUTHORIZED);
    admins::revoke_token(&server.backend, &person, token.id)
        .await
        .unwrap();
    assert_eq!(asked(&bearer).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_event_stream_ends_with_the_session() {
    let server = Server::with_site(&[]).await;
    let session = admins::demo_session(&server.backend).await.unwrap();
    let cookie = format!("cloud_sync_session={}", session.token_text());
    let response = server.get("/events", &[("cookie", &cookie)]).await;
    let mut events = response.into_body();
    assert!(events.frame().await.is_some());
    server.backend.announce_change();
    assert!(events.frame().await.is_some());
    admins::sign_out(&server.backend, session.token_text())
        .await
        .unwrap();
    server.backend.announce_change();
    assert!(events.frame().await.is_none());
}

#[tokio::test]
async fn the_script_that_shares_the_event_stream_may_do_nothing_but_listen() {
    let server = Server::with_site(&[]).await;
    let response = server.get("/events/shared.js", &[]).await;
    assert_eq!(response.status(), StatusCode::OK);
    let policy = text(response.headers(), "content-security-policy");
    assert_eq!(
        policy,
        "default-src 'none'; connect-src 'self'; frame-ancestors 'none'"
    );
    let kind = text(response.headers(), "content-type");
    assert_eq!(kind, "text/javascript; charset=utf-8");
}
