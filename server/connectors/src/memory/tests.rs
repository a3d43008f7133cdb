use engine::directory::{Attributes, ObjectKind};

use super::*;
use crate::{Cursor, Observation, ReadEnd};

fn person(name: &str) -> SourceObject {
    SourceObject {
        anchor: SourceAnchor::from_bytes(name.as_bytes()),
        dn: Dn::parse(&format!("CN={name},OU=People,DC=x,DC=test")).unwrap(),
        guid: None,
        kind: ObjectKind::User,
        attributes: Attributes::new().with("mail", format!("{name}@x.test")),
    }
}

fn people(count: usize) -> MemorySource {
    let source = MemorySource::with((0..count).map(|n| person(&format!("p{n}"))));
    source.set_page_size(2);
    source
}

async fn events(
    source: &MemorySource,
    request: ReadRequest,
) -> Vec<Result<ReadEvent, SourceError>> {
    let mut reading = source.read(request).await.unwrap();
    let mut events = Vec::new();
    while let Some(event) = reading.events.recv().await {
        events.push(event);
    }
    events
}

fn end_of(events: &[Result<ReadEvent, SourceError>]) -> Option<&ReadEnd> {
    match events.last() {
        Some(Ok(ReadEvent::End(end))) => Some(end),
        _ => None,
    }
}

#[tokio::test]
async fn objects_come_in_pages_and_then_the_end() {
    let events = events(&people(5), ReadRequest::Everything).await;
    let sizes: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            Ok(ReadEvent::Page(page)) => Some(page.len()),
            _ => None,
        })
        .collect();
    assert_eq!(sizes, [2, 2, 1]);
    assert!(end_of(&events).unwrap().absence_means_deletion());
}

#[tokio::test]
async fn each_fault_strikes_once() {
    let source = people(5);
    let refused = SourceError::TimedOut { seconds: 30 };
    source.fail_next(Fault::Refuse(refused.clone()));
    source.fail_next(Fault::CutAfterPages { pages: 1 });
    source.fail_next(Fault::FailAfterPages {
        pages: 2,
        error: SourceError::SizeLimitExceeded { entries: 4 },
    });
    source.fail_next(Fault::EmptyAnswer);

    assert_eq!(
        source.read(ReadRequest::Everything).await.unwrap_err(),
        refused
    );
    let cut = events(&source, ReadRequest::Everything).await;
    assert_eq!((cut.len(), end_of(&cut)), (1, None));
    let failed = events(&source, ReadRequest::Everything).await;
    assert_eq!(failed.len(), 3);
    assert_eq!(
        failed[2],
        Err(SourceError::SizeLimitExceeded { entries: 4 })
    );
    let empty = events(&source, ReadRequest::Everything).await;
    assert_eq!((empty.len(), end_of(&empty).is_some()), (1, true));
    let whole = events(&source, ReadRequest::Everything).await;
    assert_eq!((whole.len(), end_of(&whole).is_some()), (4, true));
}

#[tokio::test]
async fn pages_can_come_twice_or_empty_and_say_the_same() {
    let source = people(3);
    let all = |events: Vec<Result<ReadEvent, SourceError>>| -> Vec<usize> {
        let pages = events.into_iter().filter_map(|event| match event {
            Ok(ReadEvent::Page(page)) => Some(page.len()),
            _ => None,
        });
        pages.collect()
    };
    source.fail_next(Fault::RepeatPages);
    source.fail_next(Fault::EmptyPages);
    let twice = events(&source, ReadRequest::Everything).await;
    assert_eq!(all(twice), [2, 2, 1, 1]);
    let empty = events(&source, ReadRequest::Everything).await;
    assert!(end_of(&empty).is_some());
    assert_eq!(all(empty), [0, 2, 0, 1]);
}

#[tokio::test]
async fn a_skipped_object_takes_the_meaning_from_absence() {
    let source = people(1);
    source.fail_next(Fault::Skipped { objects: 3 });
    let events = events(&source, ReadRequest::Everything).await;
    let end = end_of(&events).unwrap();
    assert_eq!(end.skipped.count, 3);
    assert!(!end.absence_means_deletion());
}

#[tokio::test]
async fn a_gate_holds_every_page_until_it_is_let_through() {
    let source = people(6);
    let gate = source.hold_pages();
    let mut reading = source.read(ReadRequest::Everything).await.unwrap();
    gate.until_a_page_waits().await;
    assert!(reading.events.try_recv().is_err());
    gate.let_through(1);
    assert!(matches!(
        reading.events.recv().await,
        Some(Ok(ReadEvent::Page(_)))
    ));
    gate.until_a_page_waits().await;
    assert!(reading.events.try_recv().is_err());
    gate.open();
    let mut rest = 0;
    while reading.events.recv().await.is_some() {
        rest += 1;
    }
    assert_eq!(rest, 3);
}

#[tokio::test]
async fn a_cursor_of_a_forgotten_history_or_of_another_source_is_rejected() {
    let source = people(1);
    let all = events(&source, ReadRequest::Everything).await;
    let cursor = end_of(&all).unwrap().cursor.clone();
    let changes = |since: Cursor| ReadRequest::Changes {
        since,
        detect_absence: false,
    };
    assert_eq!(events(&source, changes(cursor.clone())).await.len(), 1);
    for foreign in [Cursor("ldap:1".into()), Cursor("memory:0:99".into())] {
        assert_eq!(
            source.read(changes(foreign)).await.unwrap_err(),
            SourceError::CursorRejected
        );
    }
    source.forget_history();
    assert_eq!(
        source.read(changes(cursor)).await.unwrap_err(),
        SourceError::CursorRejected
    );
}

#[tokio::test]
async fn an_object_put_again_after_its_removal_is_not_gone() {
    let source = people(1);
    let all = events(&source, ReadRequest::Everything).await;
    let since = end_of(&all).unwrap().cursor.clone();
    let anna = person("p0");
    source.remove(&anna.anchor);
    source.put(anna.clone());
    let request = ReadRequest::Changes {
        since,
        detect_absence: false,
    };
    let changes = events(&source, request).await;
    assert_eq!(
        changes[0],
        Ok(ReadEvent::Page(vec![Observation::Present(anna)]))
    );
}
