//! The passwords of a real OpenLDAP server that Samba uses, told as one story: they work in the
//! tenant, changed ones follow, and a directory that gives out none says so.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

use std::time::Duration;

use backend::{
    Actor, configurations, credentials, directories, password_hash_sync, tenant,
    testing::TestBackend, worker,
};
use connectors::slapd::{Account, Slapd};
use engine::{
    configuration::{
        ConfigurationId,
        draft::{ConfigurationDraft, LdapDraft, NewConfiguration, SettingsDraft},
    },
    directory::ObjectKind,
    records::DirectoryId,
    sign_in::SignInCheck,
};
use secrecy::ExposeSecret;

/// Of "password".
const FIRST_HASH: &str = "8846F7EAEE8FB117AD06BDD830B7586C";
/// Of "Wint3r!Brücke-€".
const SECOND_HASH: &str = "8A782CE1F9906C17865E2A5DEB83D853";

fn draft(slapd: &Slapd, account: Account) -> LdapDraft {
    let draft = slapd.draft(account);
    LdapDraft {
        url: draft.url,
        start_tls: draft.start_tls,
        ca_certificate_pem: String::new(),
        bind_dn: draft.bind_dn,
        bind_password: draft.bind_password.expose_secret().to_owned(),
        base_dn: draft.base_dn,
    }
}

async fn connect(backend: &TestBackend, slapd: &Slapd, account: Account) -> DirectoryId {
    directories::connect(backend, &Actor::System, draft(slapd, account))
        .await
        .unwrap()
}

async fn delivers(backend: &TestBackend, id: DirectoryId) -> bool {
    let summary = directories::summary(backend, id).await.unwrap();
    summary.delivers_password_hashes
}

async fn enabled_configuration(backend: &TestBackend) -> ConfigurationId {
    let new = NewConfiguration {
        domain: "contoso.test".to_owned(),
        password_hash_sync: true,
    };
    let id = configurations::create(backend, &Actor::System, new)
        .await
        .unwrap();
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
    configurations::save(backend, &Actor::System, id, draft)
        .await
        .unwrap();
    id
}

async fn check(backend: &TestBackend, password: &str) -> SignInCheck {
    let page = tenant::list(backend, ObjectKind::User, "anna.sample", None, 1).await;
    let anna = page.unwrap().items.remove(0).id;
    credentials::check_sign_in(backend, &Actor::System, anna, password.into())
        .await
        .unwrap()
}

fn add_anna(slapd: &Slapd) {
    slapd.modify(&format!(
        "dn: uid=anna.sample,dc=contoso,dc=test\n\
         changetype: add\n\
         objectClass: inetOrgPerson\n\
         objectClass: sambaSamAccount\n\
         cn: Anna Sample\n\
         sn: Sample\n\
         uid: anna.sample\n\
         mail: anna.sample@contoso.test\n\
         sambaSID: S-1-5-21-1-2-3-4\n\
         sambaNTPassword: {FIRST_HASH}\n\
         sambaPwdLastSet: 1700000000\n"
    ));
}

#[tokio::test]
async fn passwords_that_samba_keeps_work_in_the_tenant_and_changed_ones_follow() {
    let slapd = Slapd::start_with(20, &[("SAMBA", "1")]);
    add_anna(&slapd);
    let backend = TestBackend::new().await;
    let directory = connect(&backend, &slapd, Account::HashReader).await;
    assert!(delivers(&backend, directory).await);
    let id = enabled_configuration(&backend).await;
    worker::run_due(&backend).await.unwrap();
    password_hash_sync::run_due(&backend).await.unwrap();
    assert_eq!(check(&backend, "password").await, SignInCheck::Accepted);
    let state = password_hash_sync::state(&backend, id).await.unwrap();
    assert_eq!((state.synchronized, state.error), (1, None));

    slapd.modify(&format!(
        "dn: uid=anna.sample,dc=contoso,dc=test\n\
         changetype: modify\n\
         replace: sambaNTPassword\n\
         sambaNTPassword: {SECOND_HASH}\n"
    ));
    backend.clock.advance(Duration::from_secs(120));
    password_hash_sync::run_due(&backend).await.unwrap();
    assert_eq!(check(&backend, "password").await, SignInCheck::Wrong);
    let changed = check(&backend, "Wint3r!Brücke-€").await;
    assert_eq!(changed, SignInCheck::Accepted);
}

#[tokio::test]
async fn a_directory_whose_account_sees_no_hashes_cannot_be_asked_for_them() {
    let slapd = Slapd::start_with(20, &[("SAMBA", "1")]);
    add_anna(&slapd);
    let backend = TestBackend::new().await;
    let directory = connect(&backend, &slapd, Account::Reader).await;
    assert!(!delivers(&backend, directory).await);
    let new = NewConfiguration {
        domain: "contoso.test".to_owned(),
        password_hash_sync: true,
    };
    let id = configurations::create(&backend, &Actor::System, new)
        .await
        .unwrap();
    let configuration = configurations::get(&backend, id).await.unwrap();
    assert!(!configuration.password_hash_sync, "the box was not there");

    // The administrator gives the account the right, and tests the connection again.
    let better = draft(&slapd, Account::HashReader);
    let report = directories::test(&backend, &Actor::System, Some(directory), better)
        .await
        .unwrap();
    assert!(report.warnings.is_empty(), "{:?}", report.warnings);
    assert!(delivers(&backend, directory).await);
}
