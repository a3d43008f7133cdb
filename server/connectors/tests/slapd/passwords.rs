//! Password hashes beside OpenLDAP's own passwords, as Samba keeps them.

use connectors::{
    ChangedPasswords, Lookup, PasswordState, ReadRequest, Source, SourceError, SourcePassword,
    conformance::collect,
    ldap::LdapSource,
    slapd::{Account, Slapd},
};
use engine::directory::{Dn, SourceAnchor};

use super::{source, source_as};

const ANNA: &str = "uid=anna,dc=contoso,dc=test";
const SALT: [u8; 10] = [7; 10];

fn with_samba() -> Slapd {
    Slapd::start_with(20, &[("SAMBA", "1")])
}

fn add(slapd: &Slapd, uid: &str, hash: &str, set_at: &str) {
    slapd.modify(&format!(
        "dn: uid={uid},dc=contoso,dc=test\n\
         changetype: add\n\
         objectClass: inetOrgPerson\n\
         objectClass: sambaSamAccount\n\
         cn: {uid}\n\
         sn: {uid}\n\
         uid: {uid}\n\
         sambaSID: S-1-5-21-1-2-3-{uid}\n\
         sambaNTPassword: {hash}\n\
         sambaPwdLastSet: {set_at}\n"
    ));
}

async fn anchor(source: &LdapSource, name: &str) -> SourceAnchor {
    let lookup = Lookup::Dn(Dn::parse(name).unwrap());
    source.fetch(&lookup).await.unwrap().unwrap().anchor
}

async fn password(source: &LdapSource, name: &str) -> Option<SourcePassword> {
    let anchor = anchor(source, name).await;
    let mut passwords = source.passwords(&[anchor]).await.unwrap();
    assert!(passwords.len() <= 1);
    passwords.pop()
}

async fn accepts(source: &LdapSource, typed: &str) -> bool {
    match password(source, ANNA).await.unwrap().state {
        PasswordState::Usable(hash) => hash.credential(SALT).accepts(typed),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_hash_is_read_and_read_again_when_it_changed() {
    let slapd = with_samba();
    // MD4 of the password in UTF-16LE, as `pdbedit` would write it.
    add(
        &slapd,
        "anna",
        "8A782CE1F9906C17865E2A5DEB83D853",
        "1700000000",
    );
    let source = source_as(&slapd, Account::HashReader);
    assert!(source.check().await.unwrap().delivers_password_hashes);
    let ChangedPasswords { of, cursor } = source.changed_passwords(None).await.unwrap();
    assert_eq!(of, [anchor(&source, ANNA).await]);
    assert!(accepts(&source, "Wint3r!Brücke-€").await);
    assert!(!accepts(&source, "wint3r!Brücke-€").await);

    slapd.modify(&format!(
        "dn: {ANNA}\n\
         changetype: modify\n\
         replace: sambaNTPassword\n\
         sambaNTPassword: 8846F7EAEE8FB117AD06BDD830B7586C\n"
    ));
    let changed = source.changed_passwords(Some(&cursor)).await.unwrap();
    assert_eq!(changed.of, of);
    assert!(accepts(&source, "password").await);
}

#[tokio::test]
async fn a_password_that_must_be_changed_is_not_handed_out() {
    let slapd = with_samba();
    add(&slapd, "anna", "8846F7EAEE8FB117AD06BDD830B7586C", "0");
    add(&slapd, "bert", "none", "1700000000");
    let source = source_as(&slapd, Account::HashReader);
    let anna = password(&source, ANNA).await.unwrap();
    assert!(matches!(anna.state, PasswordState::MustChange));
    let bert = password(&source, "uid=bert,dc=contoso,dc=test").await;
    assert!(matches!(bert.unwrap().state, PasswordState::Unusable(_)));
}

#[tokio::test]
async fn a_directory_without_hashes_says_that_it_has_none() {
    let slapd = Slapd::start(5);
    let source = source_as(&slapd, Account::HashReader);
    assert!(!source.check().await.unwrap().delivers_password_hashes);
    let refused = source.changed_passwords(None).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "The directory does not give out password hashes: it has no attribute sambaNTPassword."
    );
}

#[tokio::test]
async fn an_account_that_may_not_see_hashes_is_told_so() {
    let slapd = with_samba();
    add(
        &slapd,
        "anna",
        "8846F7EAEE8FB117AD06BDD830B7586C",
        "1700000000",
    );
    let source = source(&slapd);
    let report = source.check().await.unwrap();
    assert!(!report.delivers_password_hashes);
    let [warning] = report.warnings.as_slice() else {
        panic!("{:?}", report.warnings);
    };
    assert!(warning.contains("let the account read that attribute"));
    let refused = source.changed_passwords(None).await.unwrap_err();
    assert!(matches!(refused, SourceError::NoPasswordHashes { .. }));
}

#[tokio::test]
async fn no_reading_of_objects_carries_a_hash() {
    let slapd = with_samba();
    add(
        &slapd,
        "anna",
        "8846F7EAEE8FB117AD06BDD830B7586C",
        "1700000000",
    );
    let source = source_as(&slapd, Account::HashReader);
    let all = collect(&source, ReadRequest::Everything).await.unwrap();
    let anna = all.at(&Dn::parse(ANNA).unwrap()).unwrap();
    let fetched = source
        .fetch(&Lookup::Name("anna".to_owned()))
        .await
        .unwrap();
    for object in [anna, &fetched.unwrap()] {
        let printed = format!("{object:?}").to_lowercase();
        assert!(!printed.contains("8846f7ea"), "{printed}");
    }
}
