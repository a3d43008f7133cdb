//! What a reading of changes costs, and what it survives.

use std::fmt::Write;

use connectors::{
    Cursor, ReadRequest, Source, SourceError,
    conformance::{Collected, collect},
    ldap::{LdapSettings, LdapSource},
    slapd::{Account, Slapd},
};

use super::{in_small_pages, source};

async fn everything(source: &dyn Source) -> Collected {
    collect(source, ReadRequest::Everything).await.unwrap()
}

fn since(cursor: &Cursor, detect_absence: bool) -> ReadRequest {
    ReadRequest::Changes {
        since: cursor.clone(),
        detect_absence,
    }
}

/// Gives the first so many people a title.
fn promote(slapd: &Slapd, people: usize) {
    let mut ldif = String::new();
    let printed = slapd.search(&["(employeeNumber=*)", "1.1"]);
    let names = printed.lines().filter(|line| line.starts_with("dn:"));
    for name in names.take(people) {
        writeln!(
            ldif,
            "{name}\nchangetype: modify\nreplace: title\ntitle: Promoted\n"
        )
        .unwrap();
    }
    slapd.modify(&ldif);
}

#[tokio::test]
async fn a_reading_of_changes_costs_what_changed() {
    let slapd = Slapd::start(800);
    let source = in_small_pages(&slapd);
    let all = everything(&source).await;

    let nothing = collect(&source, since(&all.end.cursor, false))
        .await
        .unwrap();
    assert!(
        nothing.present.len() <= 1,
        "only the last change is asked for again"
    );
    assert!(!nothing.names_every_object);

    promote(&slapd, 100);
    let changes = collect(&source, since(&nothing.end.cursor, false))
        .await
        .unwrap();
    let promoted = |object: &&engine::directory::SourceObject| {
        object.attributes.text("title") == Some("Promoted")
    };
    assert_eq!(changes.present.values().filter(promoted).count(), 100);
    assert!(changes.present.len() <= 101);

    let again = collect(&source, since(&changes.end.cursor, false))
        .await
        .unwrap();
    assert!(again.present.len() <= 1);
}

#[tokio::test]
async fn with_time_stamps_alone_nothing_is_missed_either() {
    let slapd = Slapd::start_with(200, &[("SYNCPROV", "0")]);
    let source = in_small_pages(&slapd);
    let all = everything(&source).await;
    promote(&slapd, 100);
    let changes = collect(&source, since(&all.end.cursor, false))
        .await
        .unwrap();
    let promoted = |object: &&engine::directory::SourceObject| {
        object.attributes.text("title") == Some("Promoted")
    };
    assert_eq!(changes.present.values().filter(promoted).count(), 100);
}

#[tokio::test]
async fn a_cursor_of_other_settings_is_rejected() {
    let slapd = Slapd::start(10);
    let cursor = everything(&source(&slapd)).await.end.cursor;
    let settings = slapd.settings(Account::Reader);
    let other_base = LdapSettings {
        base_dn: settings.base_dn.child("OU", "Corp").unwrap(),
        ..settings.clone()
    };
    let other_attributes = LdapSettings {
        attributes: vec!["entryUUID".to_owned()],
        ..settings
    };
    for other in [other_base, other_attributes] {
        let answer = LdapSource::new(other).read(since(&cursor, true)).await;
        assert_eq!(answer.err(), Some(SourceError::CursorRejected));
    }
}

#[tokio::test]
async fn a_cursor_survives_a_restart_of_the_server() {
    let slapd = Slapd::start(50);
    let source = source(&slapd);
    let cursor = everything(&source).await.end.cursor;
    promote(&slapd, 3);
    slapd.kill();
    slapd.restart();
    let changes = collect(&source, since(&cursor, true)).await.unwrap();
    let titles = changes
        .present
        .values()
        .map(|object| object.attributes.text("title"));
    assert_eq!(titles.filter(|title| *title == Some("Promoted")).count(), 3);
    assert!(changes.names_every_object);
}

#[tokio::test]
async fn an_account_that_may_not_see_changes_reads_everything_each_time() {
    let slapd = Slapd::start_with(10, &[("SYNCPROV", "0")]);
    let blind = super::source_as(&slapd, Account::Blind);
    let cursor = everything(&blind).await.end.cursor;
    let answer = blind.read(since(&cursor, true)).await;
    assert_eq!(answer.err(), Some(SourceError::CursorRejected));
}
