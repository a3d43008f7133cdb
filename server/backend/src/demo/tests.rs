//! A demo's world follows from its number, comes back, and does what scenarios say.

use std::{collections::BTreeSet, time::Duration};

use engine::{
    configuration::ConfigurationId,
    demo::Scenario,
    forest::{Forest, entry::EntryFilter},
    health::Health,
    records::ConfigurationState,
};
use sqlx::Row;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::{
    admins, configurations,
    context::Settings,
    database::{DatabaseKind, assembled},
    testing::TestBackend,
    worker,
};

const MINUTE: Duration = Duration::from_secs(60);

async fn demo(seed: u64) -> TestBackend {
    let backend = TestBackend::new().await;
    let wish = Wish {
        seed: Some(seed),
        clock: Some(crate::testing::START),
    };
    ensure_world(&backend, wish).await.unwrap();
    backend
}

/// The service at work beside the test, until this is dropped.
struct Service(CancellationToken);

impl Service {
    fn of(backend: &TestBackend) -> Self {
        let stop = CancellationToken::new();
        tokio::spawn(worker::work(backend.backend.clone(), stop.clone()));
        Self(stop)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// Every row of every table of the world as text, but for what is sealed or salted.
async fn picture(backend: &Backend) -> Vec<String> {
    let mut rows = Vec::new();
    for table in store::TABLES {
        let hidden = [
            "forest_passwords",
            "tenant_credentials",
            "password_hash_states",
        ];
        if hidden.contains(&table) {
            continue;
        }
        let sql = match backend.db.kind() {
            DatabaseKind::Sqlite => json_of_columns(backend, table).await,
            DatabaseKind::Postgres => format!("SELECT row_to_json(t)::text AS row FROM {table} t"),
        };
        let found = assembled(sql).fetch_all(backend.db.read()).await.unwrap();
        let mut found: Vec<String> = found
            .iter()
            .map(|row| format!("{table} {}", row.get::<String, _>("row")))
            .collect();
        found.sort();
        rows.extend(found);
    }
    rows
}

async fn json_of_columns(backend: &Backend, table: &str) -> String {
    let sql = format!("SELECT name FROM pragma_table_info('{table}')");
    let columns = assembled(sql).fetch_all(backend.db.read()).await.unwrap();
    let columns: Vec<String> = columns
        .iter()
        .map(|column| column.get::<String, _>("name"))
        .map(|name| format!("'{name}', {name}"))
        .collect();
    format!(
        "SELECT json_object({}) AS row FROM {table}",
        columns.join(", ")
    )
}

async fn state_of(backend: &Backend, forest: Forest) -> (ConfigurationId, ConfigurationState) {
    let all = configurations::list(backend).await.unwrap();
    let found = all
        .into_iter()
        .find(|summary| summary.domain.as_str() == forest.domain())
        .expect("it has a configuration");
    (found.id, found.state)
}

async fn run_and_settle(backend: &Backend, scenario: Scenario) {
    let outcome = run(backend, &admins::demo_actor(), scenario).await;
    let outcome = outcome.unwrap();
    assert!(!outcome.done.is_empty(), "{scenario:?} tells what it did");
    settle(backend, MINUTE).await.unwrap();
}

#[tokio::test]
async fn a_reset_forgets_every_table() {
    let backend = TestBackend::new().await;
    let sql = match backend.db.kind() {
        DatabaseKind::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table'",
        DatabaseKind::Postgres => {
            "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public'"
        }
    };
    let rows = sqlx::query(sql).fetch_all(backend.db.read()).await.unwrap();
    let there: BTreeSet<String> = rows.iter().map(|row| row.get("name")).collect();
    let known: BTreeSet<String> = store::TABLES
        .iter()
        .chain(&store::KEPT)
        .map(|&name| name.to_owned())
        .collect();
    assert_eq!(there, known);
}

#[tokio::test]
async fn the_same_number_makes_the_same_world_to_the_last_identifier() {
    let (first, second) = (demo(7).await, demo(7).await);
    let services = (Service::of(&first), Service::of(&second));
    for backend in [&first, &second] {
        run_and_settle(backend, Scenario::Synchronized).await;
    }
    drop(services);
    let (first, second) = (picture(&first).await, picture(&second).await);
    assert!(first.len() > 1_000);
    for (one, other) in first.iter().zip(&second) {
        assert_eq!(one, other);
    }
    assert_eq!(first.len(), second.len());
}

#[tokio::test]
async fn a_reset_puts_the_first_day_back_even_while_the_service_is_at_work() {
    let backend = demo(3).await;
    let first_day = picture(&backend).await;
    let service = Service::of(&backend);
    let actor = admins::demo_session(&backend).await.unwrap().actor;
    run_and_settle(&backend, Scenario::MassDeletion).await;
    // Once with cycles under way.
    let (id, _) = state_of(&backend, Forest::Contoso).await;
    configurations::restart(&backend, &actor, id).await.unwrap();
    let state = reset(&backend, &actor, None).await.unwrap();
    settle(&backend, MINUTE).await.unwrap();
    assert_eq!((state.seed, state.now), (3, crate::testing::START));
    assert_eq!(picture(&backend).await, first_day);
    drop(service);
}

#[tokio::test]
async fn another_number_makes_other_people() {
    let backend = demo(1).await;
    let people = async || {
        let filter = EntryFilter::default();
        let page = forest::browse::list(&backend, Forest::Contoso, &filter, None, 500).await;
        let names = page.unwrap().items.into_iter().map(|entry| entry.name);
        names.collect::<Vec<String>>()
    };
    let before = people().await;
    let actor = admins::demo_actor();
    let state = reset(&backend, &actor, Some(2)).await.unwrap();
    assert_eq!(state.seed, 2);
    assert_ne!(people().await, before);
    reset(&backend, &actor, Some(1)).await.unwrap();
    assert_eq!(people().await, before);
}

#[tokio::test]
async fn whoever_moves_the_clock_stays_signed_in() {
    let backend = demo(1).await;
    let session = admins::demo_session(&backend).await.unwrap();
    let is_signed_in = async || {
        let actor = admins::session(
            &backend,
            secrecy::ExposeSecret::expose_secret(&session.token),
        );
        actor.await.unwrap().is_some()
    };
    let month = Duration::from_secs(31 * 24 * 3_600);
    let before = backend.now();
    let state = advance(&backend, &session.actor, month).await.unwrap();
    assert_eq!(state.now, before.plus(month));
    assert!(is_signed_in().await);
    reset(&backend, &session.actor, None).await.unwrap();
    assert!(is_signed_in().await);
    let too_far = advance(&backend, &session.actor, month * 13).await;
    assert!(matches!(too_far, Err(Error::Invalid(_))));
    let back = advance_to(&backend, &session.actor, before.minus(MINUTE)).await;
    assert!(matches!(back, Err(Error::Invalid(_))));
}

#[tokio::test]
async fn a_server_that_starts_again_goes_on_where_the_world_was() {
    let backend = demo(5).await;
    advance(&backend, &admins::demo_actor(), MINUTE)
        .await
        .unwrap();
    set_agent(&backend, true).await.unwrap();
    let clock = clock(&backend.db, Wish::default()).await.unwrap();
    assert_eq!(clock.now(), crate::testing::START.plus(MINUTE));
    let restarted = backend.restarted().await;
    ensure_world(&restarted, Wish::default()).await.unwrap();
    let after = state(&restarted).await.unwrap();
    assert_eq!((after.seed, after.agent_is_active), (5, false));
    // Somebody who wants another world gets it.
    let wish = Wish {
        seed: Some(6),
        clock: None,
    };
    ensure_world(&restarted, wish).await.unwrap();
    assert_eq!(state(&restarted).await.unwrap().seed, 6);
}

#[tokio::test]
async fn a_mass_deletion_is_held_and_so_is_a_unit_that_leaves_the_scope() {
    for scenario in [Scenario::MassDeletion, Scenario::UnitLeavesScope] {
        let backend = demo(1).await;
        let service = Service::of(&backend);
        run_and_settle(&backend, scenario).await;
        let (_, state) = state_of(&backend, Forest::Contoso).await;
        assert!(
            matches!(state.health, Health::DeletionsHeld { .. }),
            "{scenario:?}: {:?}",
            state.health
        );
        assert_eq!(state.held_deletions, 40, "{scenario:?}");
        drop(service);
    }
}

#[tokio::test]
async fn refused_credentials_end_in_quarantine_and_four_weeks_of_it_in_a_disabled_configuration() {
    let backend = demo(1).await;
    let service = Service::of(&backend);
    run_and_settle(&backend, Scenario::CredentialsRefused).await;
    let (_, state) = state_of(&backend, Forest::Contoso).await;
    assert!(
        matches!(state.health, Health::Quarantined(_)),
        "{:?}",
        state.health
    );
    run_and_settle(&backend, Scenario::FourWeeksPass).await;
    let all = configurations::list(&backend).await.unwrap();
    assert!(!all[0].deployment.is_enabled());
    drop(service);
}

#[tokio::test]
async fn a_stopped_agent_fails_cycles_and_deletes_nobody() {
    let backend = demo(1).await;
    let service = Service::of(&backend);
    run_and_settle(&backend, Scenario::Synchronized).await;
    let before = crate::tenant::counts(&backend).await.unwrap();
    run_and_settle(&backend, Scenario::AgentStops).await;
    let (_, state) = state_of(&backend, Forest::Contoso).await;
    assert!(
        matches!(state.health, Health::Failing(_)),
        "{:?}",
        state.health
    );
    assert!(!crate::directories::agents(&backend).await.unwrap()[0].is_active);
    assert_eq!(crate::tenant::counts(&backend).await.unwrap(), before);
    run_and_settle(&backend, Scenario::AgentStarts).await;
    advance(&backend, &admins::demo_actor(), MINUTE * 60)
        .await
        .unwrap();
    settle(&backend, MINUTE).await.unwrap();
    let (_, state) = state_of(&backend, Forest::Contoso).await;
    assert_eq!(state.health, Health::Healthy);
    drop(service);
}

#[tokio::test]
async fn two_forests_that_want_one_name_both_arrive() {
    let backend = demo(1).await;
    let service = Service::of(&backend);
    let scenario = Scenario::DuplicateUserPrincipalNames;
    let outcome = run(&backend, &admins::demo_actor(), scenario).await;
    let told = outcome.unwrap().done.join(" ");
    let mut words = told.split(' ').map(|word| word.trim_end_matches(','));
    let name = words.find(|word| word.contains('@')).expect("it names it");
    settle(&backend, MINUTE).await.unwrap();
    let (id, state) = state_of(&backend, Forest::Fabrikam).await;
    assert_eq!(state.health, Health::Healthy);
    let rows = sqlx::query(
        "SELECT held_back FROM tenant_objects WHERE held_back IS NOT NULL AND managed_by = $1",
    )
    .bind(id.to_string())
    .fetch_all(backend.db.read())
    .await
    .unwrap();
    let mut held = rows.iter().map(|row| row.get::<String, _>("held_back"));
    assert!(held.any(|held| held.contains("serPrincipalName") && held.contains(name)));
    drop(service);
}

#[tokio::test]
async fn nothing_of_this_works_where_there_is_no_demo() {
    let test = TestBackend::new().await;
    let settings = Settings {
        demo: false,
        ..Settings::demo_defaults()
    };
    let backend = Backend::new(
        test.db.clone(),
        test.clock.clone(),
        crate::secrets::Secrets::ephemeral(),
        settings,
    );
    let actor = admins::demo_actor();
    let not_found = |error| matches!(error, Error::NotFound("demo"));
    assert!(not_found(reset(&backend, &actor, None).await.unwrap_err()));
    assert!(not_found(
        advance(&backend, &actor, MINUTE).await.unwrap_err()
    ));
    assert!(not_found(
        run(&backend, &actor, Scenario::AgentStops)
            .await
            .unwrap_err()
    ));
    assert!(not_found(settle(&backend, MINUTE).await.unwrap_err()));
}
