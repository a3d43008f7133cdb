//! What goes wrong, and how it is told.

use connectors::{
    ReadEvent, ReadRequest, Source, SourceError,
    conformance::collect,
    ldap::{LdapSettings, LdapSettingsDraft, LdapSource},
    slapd::{Account, Slapd},
};

use super::{in_small_pages, source_as};

fn source_of(draft: LdapSettingsDraft) -> LdapSource {
    LdapSource::new(LdapSettings::check(draft).unwrap())
}

async fn failure(draft: LdapSettingsDraft) -> SourceError {
    source_of(draft).check().await.unwrap_err()
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_account_are_refused() {
    let slapd = Slapd::start(5);
    let wrong_password = LdapSettingsDraft {
        bind_password: "hunter2".into(),
        ..slapd.draft(Account::Reader)
    };
    let unknown_account = LdapSettingsDraft {
        bind_dn: "cn=nobody,dc=contoso,dc=test".to_owned(),
        ..slapd.draft(Account::Reader)
    };
    for draft in [wrong_password, unknown_account] {
        let error = failure(draft).await;
        assert_eq!(
            error.to_string(),
            "The directory refused the bind account: wrong account name or wrong password."
        );
        assert!(matches!(error, SourceError::BadCredentials { .. }));
    }
    let no_name = LdapSettingsDraft {
        bind_dn: "reader".to_owned(),
        ..slapd.draft(Account::Reader)
    };
    assert!(matches!(
        failure(no_name).await,
        SourceError::BadSettings { .. }
    ));
}

#[tokio::test]
async fn an_unknown_base_is_told_when_testing_and_when_reading() {
    let slapd = Slapd::start(5);
    for base in ["ou=Nowhere,dc=contoso,dc=test", "dc=fabrikam,dc=test"] {
        let draft = LdapSettingsDraft {
            base_dn: base.to_owned(),
            ..slapd.draft(Account::Reader)
        };
        let expected = SourceError::BaseNotFound {
            base: base.to_owned(),
        };
        assert_eq!(failure(draft.clone()).await, expected);
        let read = collect(&source_of(draft), ReadRequest::Everything).await;
        assert_eq!(read.unwrap_err(), expected);
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_cannot_be_reached() {
    let slapd = Slapd::start(5);
    let draft = slapd.draft(Account::Reader);
    slapd.kill();
    let error = failure(draft.clone()).await.to_string();
    assert!(error.ends_with("cannot be reached: nothing listens there. Is the port right, and is the directory running?"), "{error}");
    let unknown_host = LdapSettingsDraft {
        url: "ldap://no-such-host.invalid".to_owned(),
        ..draft
    };
    assert_eq!(
        failure(unknown_host).await.to_string(),
        "no-such-host.invalid:389 cannot be reached: the name no-such-host.invalid is not known."
    );
}

#[tokio::test]
async fn a_certificate_is_trusted_through_its_authority_only() {
    let slapd = Slapd::start(5);
    let another = Slapd::start(5);
    let ldaps = LdapSettingsDraft {
        url: slapd.ldaps_url(),
        ..slapd.draft(Account::Reader)
    };
    let start_tls = LdapSettingsDraft {
        start_tls: true,
        ..slapd.draft(Account::Reader)
    };
    for draft in [ldaps, start_tls] {
        let with = |pem: Option<String>| LdapSettingsDraft {
            ca_certificate_pem: pem,
            ..draft.clone()
        };
        let trusted = source_of(with(Some(slapd.ca_certificate_pem())));
        assert_eq!(trusted.check().await.unwrap().product, "OpenLDAP");
        let all = collect(&trusted, ReadRequest::Everything).await.unwrap();
        assert!(all.present.len() > 5);

        let unknown = failure(with(None)).await.to_string();
        assert!(
            unknown.contains("issued by an authority that is not trusted here"),
            "{unknown}"
        );
        let other = failure(with(Some(another.ca_certificate_pem()))).await;
        assert!(matches!(other, SourceError::Untrusted { .. }), "{other}");
    }
}

#[tokio::test]
async fn tls_where_there_is_none_and_none_where_there_is_tls_are_told() {
    let slapd = Slapd::start(5);
    let plain = slapd.draft(Account::Reader);
    let tls_to_plain = LdapSettingsDraft {
        url: plain.url.replace("ldap:", "ldaps:"),
        ..plain.clone()
    };
    let error = failure(tls_to_plain).await;
    assert!(matches!(error, SourceError::Untrusted { .. }), "{error}");
    let plain_to_tls = LdapSettingsDraft {
        url: slapd.ldaps_url().replace("ldaps:", "ldap:"),
        ..plain
    };
    let error = failure(plain_to_tls).await;
    assert!(
        matches!(
            error,
            SourceError::Protocol { .. } | SourceError::Unreachable { .. }
        ),
        "{error}"
    );
}

#[tokio::test]
async fn an_account_with_a_size_limit_never_reads_to_the_end() {
    let slapd = Slapd::start(700);
    let limited = source_as(&slapd, Account::Limited);
    let report = limited.check().await.unwrap();
    assert!(report.warnings[0].starts_with("The directory stops after 500 entries"));
    let mut reading = limited.read(ReadRequest::Everything).await.unwrap();
    let mut last = None;
    while let Some(event) = reading.events.recv().await {
        assert!(!matches!(event, Ok(ReadEvent::End(_))));
        last = Some(event);
    }
    let cut = SourceError::SizeLimitExceeded { entries: 500 };
    assert_eq!(last, Some(Err(cut)));
}

#[tokio::test]
async fn a_server_killed_in_the_middle_of_a_reading_loses_the_connection() {
    let slapd = Slapd::start(900);
    let mut reading = in_small_pages(&slapd)
        .read(ReadRequest::Everything)
        .await
        .unwrap();
    // The reader waits for us with the second page in its hands, and has asked for nothing more.
    let first = reading.events.recv().await;
    assert!(matches!(first, Some(Ok(ReadEvent::Page(_)))));
    slapd.kill();
    let mut rest = Vec::new();
    while let Some(event) = reading.events.recv().await {
        rest.push(event);
    }
    assert!(rest.len() < 5, "most of the pages were never read");
    assert!(
        matches!(rest.last(), Some(Err(SourceError::ConnectionLost { .. }))),
        "{rest:?}"
    );
}
