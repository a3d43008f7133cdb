//! Password hash sync on the demo forest: passwords of the directory in, sign-ins out.

use std::{fs, sync::Arc};

use base64::{Engine, prelude::BASE64_STANDARD};
use connectors::memory::MemorySource;
use engine::{
    configuration::draft::{ConfigurationDraft, NewConfiguration, SettingsDraft},
    directory::{ObjectGuid, ObjectKind},
    forest::{Forest, draft::PersonDraft},
    password_hash::NtHash,
    records::{ProvisioningFilter, TenantObjectSummary},
    sign_in::SignInCheck,
    tenant::TenantObjectId,
};
use secrecy::SecretString;
use sqlx::Row;

use super::*;
use crate::{
    Actor, audit, database::assembled, forest, forest::seed::SeedObject, tenant,
    testing::TestBackend, worker,
};

const CONTOSO: Forest = Forest::Contoso;

/// A person of the demo forest, as both sides know them.
struct Person {
    entry: ObjectGuid,
    user: TenantObjectId,
    first_password: String,
}

struct World {
    backend: TestBackend,
    id: ConfigurationId,
}

impl World {
    /// The demo forest, synchronized once, its passwords not yet.
    async fn new() -> Self {
        let backend = TestBackend::new().await;
        directories::ensure_forests(&backend).await.unwrap();
        forest::ensure_seeded(&backend).await.unwrap();
        let new = NewConfiguration {
            domain: CONTOSO.domain().to_owned(),
            password_hash_sync: true,
        };
        let id = configurations::create(&backend, &Actor::System, new)
            .await
            .unwrap();
        let world = Self { backend, id };
        world.save(true, true).await;
        world.cycle().await;
        world
    }

    async fn save(&self, enabled: bool, password_hash_sync: bool) {
        let draft = ConfigurationDraft {
            revision: configurations::get(&self.backend, self.id)
                .await
                .unwrap()
                .revision,
            settings: SettingsDraft {
                enabled,
                password_hash_sync,
                accidental_deletion_threshold: "500".to_owned(),
                ..SettingsDraft::default()
            },
            scope: None,
        };
        configurations::save(&self.backend, &Actor::System, self.id, draft)
            .await
            .unwrap();
    }

    async fn cycle(&self) {
        self.backend.clock.advance(INTERVAL);
        assert_eq!(worker::run_due(&self.backend).await.unwrap().len(), 1);
    }

    /// The next scheduled run of the job.
    async fn passwords(&self) {
        self.backend.clock.advance(INTERVAL);
        run_due(&self.backend).await.unwrap();
    }

    /// The first person of the seed of whom this is true and whom the tenant has.
    async fn person(&self, is_meant: impl Fn(&SeedObject) -> bool) -> Person {
        for one in forest::seed::seed(CONTOSO, forest::seed::DEFAULT_SEED) {
            if !is_meant(&one) {
                continue;
            }
            let (Some(name), Some(account)) = (
                one.attributes.text("userPrincipalName"),
                one.attributes.text("sAMAccountName"),
            ) else {
                continue;
            };
            if let Some(user) = self.user(name).await {
                return Person {
                    entry: one.guid,
                    user: user.id,
                    first_password: engine::forest::first_password(account),
                };
            }
        }
        panic!("the forest has nobody like this");
    }

    async fn user(&self, name: &str) -> Option<TenantObjectSummary> {
        let page = tenant::list(&self.backend, ObjectKind::User, name, None, 10).await;
        let mut users = page.unwrap().items.into_iter();
        users.find(|user| user.user_principal_name.as_deref() == Some(name))
    }

    /// Somebody who works here, with a password that needs no change.
    async fn employee(&self) -> Person {
        self.person(|one| is_employee(one) && one.attributes.text("pwdLastSet") != Some("0"))
            .await
    }

    async fn check(&self, person: &Person, password: &str) -> SignInCheck {
        let password = SecretString::from(password);
        credentials::check_sign_in(&self.backend, &Actor::System, person.user, password)
            .await
            .unwrap()
    }

    async fn set_password(&self, person: &Person, password: &str, must_change: bool) {
        let password = SecretString::from(password);
        let (backend, entry) = (&self.backend, person.entry);
        forest::edit::set_password(
            backend,
            &Actor::System,
            CONTOSO,
            entry,
            &password,
            must_change,
        )
        .await
        .unwrap();
    }

    /// The rows that password hash sync wrote of somebody, newest first.
    async fn log(&self, person: &Person) -> Vec<String> {
        let filter = ProvisioningFilter {
            identity: Some(person.user.to_string()),
            ..ProvisioningFilter::default()
        };
        let page = provisioning_logs::list(&self.backend, &filter, None, 100).await;
        let mut rows = Vec::new();
        for row in page.unwrap().items {
            let entry = provisioning_logs::get(&self.backend, row.id).await.unwrap();
            let properties = entry.detail.modified_properties.iter();
            let properties: Vec<_> = properties
                .filter(|property| property.name == "CredentialData")
                .map(|property| format!("{:?} → {:?}", property.old_value, property.new_value))
                .collect();
            let is_ours = entry
                .detail
                .steps
                .iter()
                .any(|step| step.description.starts_with("The password"));
            if is_ours {
                rows.push(format!("{} {}", row.result.label(), properties.join(" ")));
            }
        }
        rows
    }
}

fn is_employee(one: &SeedObject) -> bool {
    one.attributes.text("employeeType") == Some("Employee")
        && one.attributes.text("userAccountControl") == Some("512")
}

const SET: &str = "Success None → Some(\"•••\")";

#[tokio::test]
async fn the_password_of_the_directory_works_in_the_tenant() {
    let world = World::new().await;
    let person = world.employee().await;
    let first = person.first_password.clone();
    assert_eq!(
        world.check(&person, &first).await,
        SignInCheck::NothingSynchronized
    );
    world.passwords().await;
    assert_eq!(world.check(&person, &first).await, SignInCheck::Accepted);
    for wrong in ["", "demo", &first.to_lowercase()] {
        assert_eq!(world.check(&person, wrong).await, SignInCheck::Wrong);
    }
    let state = state(&world.backend, world.id).await.unwrap();
    assert!(state.synchronized > 150, "{state:?}");
    assert!(state.must_change > 15, "{state:?}");
    assert_eq!(
        (state.error, state.failed),
        (None, 1),
        "whom two entries claim"
    );
}

#[tokio::test]
async fn a_changed_password_works_after_the_next_run_and_the_old_one_does_not() {
    let world = World::new().await;
    let person = world.employee().await;
    world.passwords().await;
    world.set_password(&person, "Wint3r!Brücke-€", false).await;
    assert_eq!(
        world.check(&person, &person.first_password).await,
        SignInCheck::Accepted
    );
    world.passwords().await;
    assert_eq!(
        world.check(&person, "Wint3r!Brücke-€").await,
        SignInCheck::Accepted
    );
    assert_eq!(
        world.check(&person, &person.first_password).await,
        SignInCheck::Wrong
    );
    assert_eq!(world.log(&person).await, [SET, SET]);
}

#[tokio::test]
async fn a_password_that_must_be_changed_is_not_sent_until_it_was() {
    let world = World::new().await;
    let must_change =
        |one: &SeedObject| is_employee(one) && one.attributes.text("pwdLastSet") == Some("0");
    let newcomer = world.person(must_change).await;
    let person = world.employee().await;
    world.passwords().await;
    assert_eq!(
        world.check(&newcomer, &newcomer.first_password).await,
        SignInCheck::NothingSynchronized
    );
    assert_eq!(world.log(&newcomer).await, ["Skipped "]);
    world.set_password(&person, "for-the-first-day", true).await;
    world.passwords().await;
    assert_eq!(
        world.check(&person, "for-the-first-day").await,
        SignInCheck::Wrong
    );
    assert_eq!(
        world.check(&person, &person.first_password).await,
        SignInCheck::Accepted,
        "the old password stays"
    );
    world
        .set_password(&newcomer, "chosen-by-myself", false)
        .await;
    world.passwords().await;
    assert_eq!(
        world.check(&newcomer, "chosen-by-myself").await,
        SignInCheck::Accepted
    );
}

#[tokio::test]
async fn a_run_without_changes_writes_nothing() {
    let world = World::new().await;
    let person = world.employee().await;
    world.passwords().await;
    let before = all_credentials(&world).await;
    // A change that is none of the password.
    let (backend, actor) = (&world.backend, &Actor::System);
    forest::edit::set_account_enabled(backend, actor, CONTOSO, person.entry, false)
        .await
        .unwrap();
    for _ in 0..3 {
        world.passwords().await;
    }
    assert_eq!(all_credentials(&world).await, before);
    assert_eq!(world.log(&person).await, [SET]);
}

async fn all_credentials(world: &World) -> Vec<String> {
    let rows = sqlx::query("SELECT derived FROM tenant_credentials ORDER BY object_id")
        .fetch_all(world.backend.db.read())
        .await
        .unwrap();
    let derived: Vec<String> = rows.iter().map(|row| row.get("derived")).collect();
    assert!(derived.len() > 150);
    derived
}

#[tokio::test]
async fn a_disabled_account_is_told_from_a_wrong_password() {
    let world = World::new().await;
    let left = |one: &SeedObject| one.attributes.text("userAccountControl") == Some("514");
    let person = world.person(left).await;
    world.passwords().await;
    assert_eq!(
        world.check(&person, &person.first_password).await,
        SignInCheck::AcceptedButDisabled
    );
    assert_eq!(world.check(&person, "wrong").await, SignInCheck::Wrong);
}

#[tokio::test]
async fn whoever_is_created_later_gets_the_password_later() {
    let world = World::new().await;
    world.passwords().await;
    let draft = PersonDraft {
        container: "OU=Users,OU=Corp,DC=contoso,DC=test".to_owned(),
        given_name: "Nele".to_owned(),
        surname: "Quist".to_owned(),
        account_name: "nquist".to_owned(),
        user_principal_name: "nele.quist@contoso.test".to_owned(),
        ..PersonDraft::default()
    };
    let (backend, actor) = (&world.backend, &Actor::System);
    let entry = forest::edit::add_person(backend, actor, CONTOSO, &draft)
        .await
        .unwrap();
    let password = SecretString::from("before-she-had-a-user");
    forest::edit::set_password(backend, actor, CONTOSO, entry, &password, false)
        .await
        .unwrap();
    // The job comes before the cycle: there is nobody to give the password to.
    world.passwords().await;
    world.cycle().await;
    world.passwords().await;
    let person = Person {
        entry,
        user: world.user("nele.quist@contoso.test").await.unwrap().id,
        first_password: String::new(),
    };
    assert_eq!(
        world.check(&person, "before-she-had-a-user").await,
        SignInCheck::Accepted
    );
}

#[tokio::test]
async fn a_deleted_user_has_no_password_and_gets_it_back_with_the_account() {
    let world = World::new().await;
    let person = world.employee().await;
    world.passwords().await;
    let (backend, actor) = (&world.backend, &Actor::System);
    forest::edit::delete(backend, actor, CONTOSO, person.entry)
        .await
        .unwrap();
    world.cycle().await;
    // The worker looks again when a cycle ended.
    worker::run_due(backend).await.unwrap();
    let row = sqlx::query("SELECT COUNT(*) AS n FROM tenant_credentials WHERE object_id = $1")
        .bind(person.user.to_string())
        .fetch_one(world.backend.db.read())
        .await
        .unwrap();
    assert_eq!(row.get::<i64, _>("n"), 0);
    let password = SecretString::from(person.first_password.as_str());
    let refused = credentials::check_sign_in(backend, actor, person.user, password).await;
    assert!(matches!(refused, Err(Error::NotFound(_))));
    // The former forest comes back, with everybody in it.
    forest::reset(backend, actor).await.unwrap();
    world.cycle().await;
    world.passwords().await;
    assert_eq!(
        world.check(&person, &person.first_password).await,
        SignInCheck::Accepted
    );
}

#[tokio::test]
async fn switching_it_off_stops_it_and_switching_it_on_synchronizes_everybody() {
    let world = World::new().await;
    let person = world.employee().await;
    world.passwords().await;
    world.save(true, false).await;
    world.set_password(&person, "while-it-was-off", false).await;
    world.passwords().await;
    assert_eq!(
        world.check(&person, "while-it-was-off").await,
        SignInCheck::Wrong
    );
    let before = all_credentials(&world).await;
    world.save(true, true).await;
    world.passwords().await;
    assert_eq!(
        world.check(&person, "while-it-was-off").await,
        SignInCheck::Accepted
    );
    let after = all_credentials(&world).await;
    assert_eq!(before.len(), after.len());
    assert!(
        before
            .iter()
            .zip(&after)
            .all(|(before, after)| before != after)
    );
}

#[tokio::test]
async fn passwords_can_be_tried_ten_times_and_then_not_for_a_while() {
    let world = World::new().await;
    let person = world.employee().await;
    world.passwords().await;
    for _ in 0..10 {
        assert_eq!(world.check(&person, "guess").await, SignInCheck::Wrong);
    }
    let right = person.first_password.clone();
    assert_eq!(
        world.check(&person, &right).await,
        SignInCheck::TooManyAttempts
    );
    world.backend.clock.advance(Duration::from_secs(15 * 60));
    assert_eq!(world.check(&person, &right).await, SignInCheck::Accepted);
    let page = audit::list(&world.backend, None, 1).await.unwrap();
    assert_eq!(page.items[0].activity, "Check sign-in");
    assert_eq!(page.items[0].detail, "The password was accepted.");
}

#[tokio::test]
async fn a_directory_without_hashes_says_so_and_changes_nothing() {
    let world = World::new().await;
    let person = world.employee().await;
    world.passwords().await;
    let directory = directories::id_of_forest(CONTOSO);
    let source = Arc::new(MemorySource::default());
    world.backend.substitutes.set(directory, source);
    world.passwords().await;
    let state = state(&world.backend, world.id).await.unwrap();
    assert_eq!(
        state.error.as_deref(),
        Some("The directory does not give out password hashes: this kind of directory cannot.")
    );
    assert_eq!(
        world.check(&person, &person.first_password).await,
        SignInCheck::Accepted
    );
}

/// Every way in which a hash could be written down.
fn spellings(password: &str) -> Vec<Vec<u8>> {
    let digits = NtHash::of_password(password).to_hex().to_string();
    let bytes: Vec<u8> = (0..16)
        .map(|at| u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).unwrap())
        .collect();
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    vec![
        BASE64_STANDARD.encode(&bytes).into_bytes(),
        wide(&digits),
        digits.to_lowercase().into_bytes(),
        digits.into_bytes(),
        bytes,
    ]
}

#[tokio::test]
async fn no_hash_lies_anywhere_in_the_database() {
    let world = World::new().await;
    let person = world.employee().await;
    world.passwords().await;
    world.set_password(&person, "Wint3r!Brücke-€", false).await;
    world.passwords().await;
    let stored = world.stored().await;
    let holds = |what: &[u8]| stored.windows(what.len()).any(|window| window == what);
    assert!(holds(b"CredentialData"), "the search finds what is there");
    for password in [person.first_password.as_str(), "Wint3r!Brücke-€"] {
        assert!(!holds(password.as_bytes()));
        for spelling in spellings(password) {
            assert!(!holds(&spelling));
        }
    }
}

impl World {
    /// Everything that is stored: the files of SQLite, or the rows of every table.
    async fn stored(&self) -> Vec<u8> {
        let url = &self.backend.database_url;
        if let Some(file) = url.strip_prefix("sqlite:") {
            let file = file.split('?').next().unwrap();
            let log = fs::read(format!("{file}-wal")).unwrap_or_default();
            return [fs::read(file).unwrap(), log].concat();
        }
        let tables = sqlx::query(
            "SELECT CAST(tablename AS TEXT) AS name FROM pg_tables WHERE schemaname = 'public'",
        );
        let tables = tables.fetch_all(self.backend.db.read()).await.unwrap();
        let mut stored = Vec::new();
        for table in tables {
            let table: String = table.get("name");
            let rows = format!("SELECT CAST({table} AS TEXT) AS everything FROM {table}");
            let rows = assembled(rows).fetch_all(self.backend.db.read()).await;
            for row in rows.unwrap() {
                stored.extend(row.get::<String, _>("everything").into_bytes());
            }
        }
        stored
    }
}
