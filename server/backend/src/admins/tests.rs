//! Signing in as a person and as an attacker meets it.

use std::time::Duration;

use engine::{access::AccessTokenDraft, records::Role};
use secrecy::ExposeSecret;

use super::*;
use crate::secrets::Secrets;
use crate::{clock::Clock, context::Settings, testing::TestBackend};

const EMAIL: &str = "iris.okafor@contoso.test";
const PASSWORD: &str = "four small grey clouds";

fn client(address: &str) -> Client {
    Client::from_address(address.parse().unwrap())
}

fn home() -> Client {
    client("192.0.2.10")
}

fn acceptance() -> Acceptance {
    Acceptance {
        display_name: " Iris Okafor ".to_owned(),
        email: "Iris.Okafor@Contoso.test".to_owned(),
        password: PASSWORD.into(),
    }
}

/// A server that somebody set up.
async fn with_iris() -> TestBackend {
    let backend = TestBackend::new().await;
    let link = first_start_link(&backend).await.unwrap().unwrap();
    accept_invitation(&backend, link.expose_secret(), acceptance())
        .await
        .unwrap();
    backend
}

/// The same database as no demo.
async fn without_demo(backend: &TestBackend) -> Backend {
    let settings = Settings {
        demo: false,
        ..Settings::demo_defaults()
    };
    Backend::new(
        backend.db.clone(),
        backend.clock.clone(),
        Secrets::ephemeral(),
        settings,
    )
}

async fn attempt(backend: &Backend, password: &str, client: &Client) -> String {
    match sign_in(backend, EMAIL, password.into(), client).await {
        Ok(_) => "signed in".to_owned(),
        Err(error) => error.to_string(),
    }
}

fn advance(clock: &Clock, minutes: u64) {
    assert!(clock.advance(Duration::from_secs(60 * minutes)));
}

const WRONG: &str = "The email address or the password is not right.";

#[tokio::test]
async fn the_first_start_link_makes_an_administrator_who_is_signed_in() {
    let backend = TestBackend::new().await;
    let link = first_start_link(&backend).await.unwrap().unwrap();
    let token = link.expose_secret();
    assert!(invitation_is_valid(&backend, token).await.unwrap());
    let new = accept_invitation(&backend, token, acceptance())
        .await
        .unwrap();
    let actor = session(&backend, new.token.expose_secret())
        .await
        .unwrap()
        .unwrap();
    let Actor::Person {
        display_name,
        email,
        role,
        is_demo,
        ..
    } = actor
    else {
        panic!("a person signed in");
    };
    assert_eq!(
        (display_name.as_str(), email.as_str()),
        ("Iris Okafor", "Iris.Okafor@Contoso.test")
    );
    assert_eq!((role, is_demo), (Role::HybridIdentityAdministrator, false));
}

#[tokio::test]
async fn a_link_works_once_and_ends_the_other_links_of_the_first_start() {
    let backend = TestBackend::new().await;
    let first = first_start_link(&backend).await.unwrap().unwrap();
    let second = first_start_link(&backend).await.unwrap().unwrap();
    accept_invitation(&backend, second.expose_secret(), acceptance())
        .await
        .unwrap();
    for link in [first, second] {
        let error = accept_invitation(&backend, link.expose_secret(), acceptance())
            .await
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "This link was used already or has expired."
        );
    }
    assert!(first_start_link(&backend).await.unwrap().is_none());
}

#[tokio::test]
async fn a_link_expires_after_a_day() {
    let backend = TestBackend::new().await;
    let link = first_start_link(&backend).await.unwrap().unwrap();
    advance(&backend.clock, 24 * 60);
    assert!(
        !invitation_is_valid(&backend, link.expose_secret())
            .await
            .unwrap()
    );
    let error = accept_invitation(&backend, link.expose_secret(), acceptance())
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Conflict(_)));
}

#[tokio::test]
async fn a_mistake_in_the_form_does_not_use_the_link_up() {
    let backend = TestBackend::new().await;
    let link = first_start_link(&backend).await.unwrap().unwrap();
    let bad = Acceptance {
        display_name: " ".to_owned(),
        email: "iris".to_owned(),
        password: "short".into(),
    };
    let Error::Invalid(errors) = accept_invitation(&backend, link.expose_secret(), bad)
        .await
        .unwrap_err()
    else {
        panic!("the form is wrong");
    };
    let fields: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, ["display_name", "email", "password"]);
    accept_invitation(&backend, link.expose_secret(), acceptance())
        .await
        .unwrap();
}

#[tokio::test]
async fn an_address_signs_in_one_person_only() {
    let backend = with_iris().await;
    let link = invite(&backend, &Actor::System, Role::ReportsReader)
        .await
        .unwrap();
    let error = accept_invitation(&backend, link.expose_secret(), acceptance())
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "Somebody signs in with this address already."
    );
    // The refused attempt took nothing away.
    assert!(
        invitation_is_valid(&backend, link.expose_secret())
            .await
            .unwrap()
    );
}

#[tokio::test]
async fn the_right_password_signs_in_and_wrong_ones_say_the_same_for_known_and_unknown_people() {
    let backend = with_iris().await;
    assert_eq!(attempt(&backend, PASSWORD, &home()).await, "signed in");
    assert_eq!(
        attempt(&backend, "four small grey cloud", &home()).await,
        WRONG
    );
    let unknown = sign_in(&backend, "nobody@contoso.test", PASSWORD.into(), &home()).await;
    assert_eq!(unknown.unwrap_err().to_string(), WRONG);
}

#[tokio::test]
async fn five_wrong_passwords_close_the_door_for_a_quarter_of_an_hour() {
    let backend = with_iris().await;
    for _ in 0..5 {
        assert_eq!(attempt(&backend, "wrong", &home()).await, WRONG);
        advance(&backend.clock, 1);
    }
    let refused = "Too many attempts. Try again in 10 minutes.";
    assert_eq!(attempt(&backend, PASSWORD, &home()).await, refused);
    assert_eq!(
        attempt(&backend, PASSWORD, &client("192.0.2.11")).await,
        "signed in"
    );
    advance(&backend.clock, 9);
    assert_eq!(
        attempt(&backend, PASSWORD, &home()).await,
        "Too many attempts. Try again in a minute."
    );
    advance(&backend.clock, 1);
    assert_eq!(attempt(&backend, PASSWORD, &home()).await, "signed in");
}

#[tokio::test]
async fn a_restart_does_not_open_the_door() {
    let backend = with_iris().await;
    for _ in 0..5 {
        attempt(&backend, "wrong", &home()).await;
    }
    let restarted = backend.restarted().await;
    assert!(
        attempt(&restarted, PASSWORD, &home())
            .await
            .starts_with("Too many")
    );
}

#[tokio::test]
async fn one_client_cannot_try_many_people() {
    let backend = with_iris().await;
    let mut refused = 0;
    for number in 0..60 {
        let email = format!("person{number}@contoso.test");
        let counted = attempts::count(&backend, &email, &home()).await;
        refused += usize::from(counted.is_err());
    }
    assert_eq!(refused, 10);
    let row = sqlx::query("SELECT COUNT(*) AS n FROM sign_in_attempts")
        .fetch_one(backend.db.read())
        .await
        .unwrap();
    // One row for the client, two for each person it could still try.
    assert_eq!(row.try_get::<i64, _>("n").unwrap(), 101);
    advance(&backend.clock, 15);
    attempts::count(&backend, EMAIL, &home()).await.unwrap();
}

#[tokio::test]
async fn neighbours_in_one_network_are_one_client() {
    assert_eq!(client("2001:db8:1:2::1"), client("2001:db8:1:2:ffff::9"));
    assert_ne!(client("2001:db8:1:2::1"), client("2001:db8:1:3::1"));
    assert_eq!(client("::ffff:192.0.2.10"), home());
}

#[tokio::test]
async fn a_right_password_takes_earlier_mistakes_back() {
    let backend = with_iris().await;
    for _ in 0..3 {
        for _ in 0..4 {
            assert_eq!(attempt(&backend, "wrong", &home()).await, WRONG);
        }
        assert_eq!(attempt(&backend, PASSWORD, &home()).await, "signed in");
    }
}

#[tokio::test]
async fn a_session_ends_by_signing_out_by_idleness_and_by_age() {
    let backend = with_iris().await;
    let begin = async || {
        let new = sign_in(&backend, EMAIL, PASSWORD.into(), &home())
            .await
            .unwrap();
        new.token.expose_secret().to_owned()
    };
    let is_on = async |token: &str| session(&backend, token).await.unwrap().is_some();

    let token = begin().await;
    sign_out(&backend, &token).await.unwrap();
    assert!(!is_on(&token).await);

    let idle = begin().await;
    advance(&backend.clock, 119);
    assert!(is_on(&idle).await);
    advance(&backend.clock, 119);
    assert!(is_on(&idle).await, "use keeps it alive");
    advance(&backend.clock, 120);
    assert!(!is_on(&idle).await);

    let busy = begin().await;
    for _ in 0..7 {
        advance(&backend.clock, 100);
        assert!(is_on(&busy).await);
    }
    advance(&backend.clock, 20);
    assert!(!is_on(&busy).await, "twelve hours are the end");
}

#[tokio::test]
async fn a_made_up_token_is_nobody() {
    let backend = with_iris().await;
    for token in ["", "0", "' OR 1=1 --", &"0".repeat(64)] {
        assert_eq!(session(&backend, token).await.unwrap(), None);
    }
}

#[tokio::test]
async fn the_database_holds_no_token_and_no_password() {
    let backend = with_iris().await;
    let new = sign_in(&backend, EMAIL, PASSWORD.into(), &home())
        .await
        .unwrap();
    let row = sqlx::query(
        "SELECT s.token_hash, a.password_hash FROM admin_sessions s
         JOIN admins a ON a.id = s.admin_id WHERE s.token_hash = $1",
    )
    .bind(token::hash_of(&new.token))
    .fetch_one(backend.db.read())
    .await
    .unwrap();
    assert_ne!(
        row.try_get::<String, _>(0).unwrap(),
        new.token.expose_secret()
    );
    assert!(
        row.try_get::<String, _>(1)
            .unwrap()
            .starts_with("$argon2id$")
    );
}

#[tokio::test]
async fn the_demo_administrator_is_one_by_name_and_only_in_a_demo() {
    let backend = TestBackend::new().await;
    let new = demo_session(&backend).await.unwrap();
    demo_session(&backend).await.unwrap();
    let actor = session(&backend, new.token.expose_secret())
        .await
        .unwrap()
        .unwrap();
    let Actor::Person {
        display_name,
        is_demo,
        ..
    } = &actor
    else {
        panic!("a person signed in");
    };
    assert_eq!(
        (display_name.as_str(), *is_demo),
        ("Mara Lindqvist (demo)", true)
    );
    assert!(actor.may_change().is_ok());

    let real = without_demo(&backend).await;
    assert_eq!(
        session(&real, new.token.expose_secret()).await.unwrap(),
        None
    );
    assert!(matches!(
        demo_session(&real).await.unwrap_err(),
        Error::NotPermitted(_)
    ));
    for password in ["", "demo", PASSWORD] {
        let email = "mara.lindqvist@contoso.example";
        let error = sign_in(&real, email, password.into(), &home())
            .await
            .unwrap_err();
        assert_eq!(error.to_string(), WRONG);
    }
    assert!(first_start_link(&real).await.unwrap().is_some());
}

#[tokio::test]
async fn a_changed_password_ends_the_other_sessions() {
    let backend = with_iris().await;
    let begin = async || {
        sign_in(&backend, EMAIL, PASSWORD.into(), &home())
            .await
            .unwrap()
    };
    let (this, other) = (begin().await, begin().await);
    let change = async |current: &str, new: &str| {
        let token = this.token.expose_secret();
        change_password(
            &backend,
            &this.actor,
            token,
            current.into(),
            new.into(),
            &home(),
        )
        .await
    };
    assert_eq!(
        change("wrong", "five small grey clouds")
            .await
            .unwrap_err()
            .to_string(),
        WRONG
    );
    let short = change(PASSWORD, "short").await.unwrap_err();
    assert!(
        matches!(short, SignInError::Failed(Error::Invalid(_))),
        "{short}"
    );
    change(PASSWORD, "five small grey clouds").await.unwrap();
    assert!(
        session(&backend, this.token.expose_secret())
            .await
            .unwrap()
            .is_some()
    );
    assert!(
        session(&backend, other.token.expose_secret())
            .await
            .unwrap()
            .is_none()
    );
    assert_eq!(attempt(&backend, PASSWORD, &home()).await, WRONG);
    assert_eq!(
        attempt(&backend, "five small grey clouds", &home()).await,
        "signed in"
    );
}

#[tokio::test]
async fn an_invited_reader_may_read_and_only_an_administrator_invites() {
    let backend = with_iris().await;
    let link = invite(&backend, &Actor::System, Role::ReportsReader)
        .await
        .unwrap();
    let reader = Acceptance {
        email: "rea.der@contoso.test".to_owned(),
        ..acceptance()
    };
    let new = accept_invitation(&backend, link.expose_secret(), reader)
        .await
        .unwrap();
    assert!(new.actor.may_change().is_err());
    let refused = invite(&backend, &new.actor, Role::HybridIdentityAdministrator).await;
    assert!(matches!(refused.unwrap_err(), Error::NotPermitted(_)));
}

/// Iris, and somebody who joined by an invitation with `role`.
async fn with_two(role: Role) -> (Backend, TestBackend, Actor, Actor) {
    let test = with_iris().await;
    let backend = without_demo(&test).await;
    let signed_in = sign_in(&backend, EMAIL, PASSWORD.into(), &home()).await;
    let iris = signed_in.unwrap().actor;
    let link = invite(&backend, &iris, role).await.unwrap();
    let acceptance = Acceptance {
        display_name: "Noor Haddad".to_owned(),
        email: "noor@contoso.test".to_owned(),
        password: PASSWORD.into(),
    };
    let noor = accept_invitation(&backend, link.expose_secret(), acceptance).await;
    (backend, test, iris, noor.unwrap().actor)
}

fn id_of(actor: &Actor) -> Uuid {
    match actor {
        Actor::Person { id, .. } => *id,
        _ => panic!("no person"),
    }
}

fn draft(name: &str, role: Role) -> AccessTokenDraft {
    AccessTokenDraft {
        name: name.to_owned(),
        role,
        days: 30,
    }
}

const ADMINISTRATOR: Role = Role::HybridIdentityAdministrator;

#[tokio::test]
async fn the_last_administrator_can_be_neither_removed_nor_made_a_reader() {
    let (backend, _test, iris, noor) = with_two(Role::ReportsReader).await;
    for error in [
        change_role(&backend, &iris, id_of(&iris), Role::ReportsReader).await,
        remove(&backend, &Actor::CommandLine, id_of(&iris)).await,
    ] {
        assert!(matches!(error, Err(Error::Conflict(_))), "{error:?}");
    }
    change_role(&backend, &iris, id_of(&noor), ADMINISTRATOR)
        .await
        .unwrap();
    change_role(&backend, &iris, id_of(&iris), Role::ReportsReader)
        .await
        .unwrap();
}

#[tokio::test]
async fn who_is_removed_is_signed_out_and_their_tokens_end() {
    let (backend, _test, iris, noor) = with_two(ADMINISTRATOR).await;
    let signed_in = sign_in(&backend, "noor@contoso.test", PASSWORD.into(), &home()).await;
    let session_token = signed_in.unwrap().token;
    let token = create_token(&backend, &noor, &draft("nightly", ADMINISTRATOR)).await;
    let token = token.unwrap();
    remove(&backend, &iris, id_of(&noor)).await.unwrap();
    let left = session(&backend, session_token.expose_secret()).await;
    assert_eq!(left.unwrap(), None);
    assert_eq!(program(&backend, token.text()).await.unwrap(), None);
    let names: Vec<_> = people(&backend, &iris).await.unwrap().people;
    assert_eq!(names.len(), 1);
    assert!(names[0].is_you);
}

#[tokio::test]
async fn nobody_removes_themselves() {
    let (backend, _test, iris, _noor) = with_two(ADMINISTRATOR).await;
    let error = remove(&backend, &iris, id_of(&iris)).await.unwrap_err();
    assert!(matches!(error, Error::Conflict(_)));
}

#[tokio::test]
async fn readers_and_programs_manage_nobody() {
    let (backend, _test, iris, noor) = with_two(Role::ReportsReader).await;
    let token = create_token(&backend, &iris, &draft("nightly", ADMINISTRATOR)).await;
    let token = token.unwrap();
    let program = program(&backend, token.text()).await.unwrap().unwrap();
    assert!(program.may_change().is_ok());
    for actor in [&noor, &program] {
        for refused in [
            remove(&backend, actor, id_of(&iris)).await,
            change_role(&backend, actor, id_of(&noor), ADMINISTRATOR).await,
            invite(&backend, actor, ADMINISTRATOR).await.map(drop),
            withdraw_invitation(&backend, actor, Uuid::nil()).await,
        ] {
            assert!(
                matches!(refused, Err(Error::NotPermitted(_))),
                "{refused:?}"
            );
        }
    }
    let refused = revoke_token(&backend, &program, token.id).await;
    assert!(matches!(refused, Err(Error::NotPermitted(_))));
}

#[tokio::test]
async fn the_demo_administrator_stays_as_it_is_and_is_unknown_without_the_demo() {
    let test = with_iris().await;
    let demo = demo_session(&test).await.unwrap().actor;
    let refused = change_role(&test, &Actor::System, id_of(&demo), Role::ReportsReader).await;
    assert!(matches!(refused, Err(Error::Conflict(_))));
    let backend = without_demo(&test).await;
    assert_eq!(people(&backend, &demo).await.unwrap().people.len(), 1);
    let unknown = remove(&backend, &Actor::System, id_of(&demo)).await;
    assert!(matches!(unknown, Err(Error::NotFound(_))));
}

#[tokio::test]
async fn a_withdrawn_invitation_cannot_be_followed() {
    let test = with_iris().await;
    let link = invite(&test, &Actor::System, Role::ReportsReader)
        .await
        .unwrap();
    let pending = people(&test, &Actor::System).await.unwrap().invitations;
    assert_eq!(pending.len(), 1);
    withdraw_invitation(&test, &Actor::System, pending[0].id)
        .await
        .unwrap();
    let token = link.expose_secret();
    assert!(!invitation_is_valid(&test, token).await.unwrap());
    let pending = people(&test, &Actor::System).await.unwrap().invitations;
    assert_eq!(pending, []);
}

#[tokio::test]
async fn a_token_works_until_it_expires_and_is_stored_as_a_hash_only() {
    let (backend, _test, iris, _noor) = with_two(ADMINISTRATOR).await;
    let token = create_token(&backend, &iris, &draft(" nightly ", ADMINISTRATOR)).await;
    let token = token.unwrap();
    let actor = program(&backend, token.text()).await.unwrap().unwrap();
    assert_eq!(actor.name(), "Iris.Okafor@Contoso.test (token nightly)");
    let row = sqlx::query("SELECT token_hash FROM access_tokens")
        .fetch_one(backend.db.read())
        .await
        .unwrap();
    let stored: String = row.try_get("token_hash").unwrap();
    assert!(!token.text().contains(&stored) && !stored.contains(token.text()));
    let listed = tokens(&backend, &iris).await.unwrap();
    assert_eq!(listed[0].last_used_at, Some(backend.now()));
    advance(&backend.clock, 30 * 24 * 60);
    assert_eq!(program(&backend, token.text()).await.unwrap(), None);
    assert!(tokens(&backend, &iris).await.unwrap()[0].is_expired);
}

#[tokio::test]
async fn a_token_never_does_more_than_its_owner_even_when_they_lose_a_role() {
    let (backend, _test, iris, noor) = with_two(Role::ReportsReader).await;
    let refused = create_token(&backend, &noor, &draft("nightly", ADMINISTRATOR)).await;
    assert!(matches!(refused, Err(Error::Invalid(_))));
    change_role(&backend, &iris, id_of(&noor), ADMINISTRATOR)
        .await
        .unwrap();
    let token = create_token(&backend, &iris, &draft("nightly", ADMINISTRATOR)).await;
    let token = token.unwrap();
    change_role(&backend, &iris, id_of(&iris), Role::ReportsReader)
        .await
        .unwrap();
    let actor = program(&backend, token.text()).await.unwrap().unwrap();
    assert!(actor.may_change().is_err());
}

#[tokio::test]
async fn a_reader_sees_and_revokes_their_own_tokens_and_an_administrator_everybodys() {
    let (backend, _test, iris, noor) = with_two(Role::ReportsReader).await;
    let of_iris = create_token(&backend, &iris, &draft("one", ADMINISTRATOR)).await;
    let of_iris = of_iris.unwrap();
    let of_noor = create_token(&backend, &noor, &draft("two", Role::ReportsReader)).await;
    let of_noor = of_noor.unwrap();
    let names = |tokens: Vec<engine::access::AccessToken>| {
        let names = tokens.into_iter().map(|token| token.name);
        names.collect::<Vec<_>>()
    };
    assert_eq!(names(tokens(&backend, &noor).await.unwrap()), ["two"]);
    assert_eq!(
        names(tokens(&backend, &iris).await.unwrap()),
        ["two", "one"]
    );
    let unknown = revoke_token(&backend, &noor, of_iris.id).await;
    assert!(matches!(unknown, Err(Error::NotFound(_))));
    revoke_token(&backend, &iris, of_noor.id).await.unwrap();
    assert_eq!(program(&backend, of_noor.text()).await.unwrap(), None);
}

#[tokio::test]
async fn a_token_needs_a_name_and_a_known_lifetime() {
    let (backend, _test, iris, _noor) = with_two(ADMINISTRATOR).await;
    let bad = AccessTokenDraft {
        days: 10_000,
        ..draft(" ", ADMINISTRATOR)
    };
    let Err(Error::Invalid(errors)) = create_token(&backend, &iris, &bad).await else {
        panic!("the draft is wrong");
    };
    let fields: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, ["name", "days"]);
}

#[tokio::test]
async fn a_server_with_readers_only_prints_a_link_for_an_administrator() {
    let test = TestBackend::new().await;
    let link = invite(&test, &Actor::System, Role::ReportsReader)
        .await
        .unwrap();
    accept_invitation(&test, link.expose_secret(), acceptance())
        .await
        .unwrap();
    assert!(first_start_link(&test).await.unwrap().is_some());
}
