//! Servers that misbehave: none may hang a reading, fill the memory or end the process, and each
//! failure says what happened.

use std::time::Duration;

use connectors::{
    ReadEvent, ReadRequest, Source, SourceError,
    conformance::collect,
    ldap::{LdapSettings, LdapSource, LdapTimeouts},
};
use ldap3_proto::{
    LdapMsg,
    proto::{LdapOp, LdapResultCode, LdapSearchScope},
};

use super::{
    draft,
    server::{Reply, Server, bound, done, entry, extended, page_done, person, text},
    settings,
};

/// Signs anybody in, has a plain root, and answers searches in the tree as it is told.
async fn tree(mut search: impl FnMut(&LdapMsg) -> Vec<Reply> + Send + 'static) -> Server {
    Server::start(move |request| match &request.op {
        LdapOp::BindRequest(_) => bound(),
        LdapOp::SearchRequest(asked) if asked.scope == LdapSearchScope::Base => vec![
            entry("", &[("namingContexts", text(&["DC=contoso,DC=test"]))]),
            done(),
        ],
        LdapOp::SearchRequest(_) => search(request),
        _ => Vec::new(),
    })
    .await
}

async fn failure_of(settings: LdapSettings) -> SourceError {
    collect(&LdapSource::new(settings), ReadRequest::Everything)
        .await
        .unwrap_err()
}

async fn failure(search: impl FnMut(&LdapMsg) -> Vec<Reply> + Send + 'static) -> String {
    let server = tree(search).await;
    failure_of(settings(&server)).await.to_string()
}

fn impatient(server: &Server) -> LdapSettings {
    LdapSettings {
        timeouts: LdapTimeouts {
            connect: Duration::from_secs(5),
            page: Duration::from_millis(100),
        },
        ..settings(server)
    }
}

#[tokio::test]
async fn a_server_that_falls_silent_is_given_up() {
    let silent = tree(|_| Vec::new()).await;
    assert!(matches!(
        failure_of(impatient(&silent)).await,
        SourceError::TimedOut { .. }
    ));
    let half_a_message =
        tree(|_| vec![person(1), Reply::Bytes(vec![0x30, 0x20, 0x02, 0x01])]).await;
    assert!(matches!(
        failure_of(impatient(&half_a_message)).await,
        SourceError::TimedOut { .. }
    ));
}

#[tokio::test]
async fn a_message_without_measure_is_refused() {
    let announced = vec![0x30, 0x84, 0x7f, 0xff, 0xff, 0xff];
    assert_eq!(
        failure(move |_| vec![Reply::Bytes(announced.clone())]).await,
        "The directory's answer was not understood: a message was larger than 64 MB."
    );
}

#[tokio::test]
async fn what_is_not_ldap_is_told() {
    assert_eq!(
        failure(|_| vec![Reply::Bytes(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec())]).await,
        "The directory's answer was not understood: what was sent is not LDAP."
    );
    let tls = Server::start(|_| vec![Reply::Bytes(vec![0x15, 3, 3, 0, 2, 2, 10])]).await;
    assert_eq!(
        failure_of(settings(&tls)).await.to_string(),
        "The directory's answer was not understood: it speaks TLS on this port. Use ldaps://."
    );
}

#[tokio::test]
async fn bytes_that_only_look_like_ldap_end_the_reading_and_nothing_else() {
    for odd in [
        vec![0x30, 0x00],
        vec![0x30, 0x03, 0x02, 0x01, 0x05],
        vec![0x30, 0x05, 0x02, 0x01, 0x05, 0x64, 0x00],
        vec![0x30, 0x07, 0x02, 0x01, 0x05, 0x64, 0x02, 0x04, 0x00],
        vec![
            0x30, 0x09, 0x02, 0x01, 0x05, 0x65, 0x04, 0x0a, 0x02, 0x7f, 0xff,
        ],
        vec![0x30, 0x80, 0x00, 0x00],
        vec![0x30, 0x05, 0x04, 0x03, 0x61, 0x62, 0x63],
    ] {
        let bytes = odd.clone();
        let told = failure(move |_| vec![Reply::Bytes(bytes.clone()), Reply::Close]).await;
        assert!(
            told.ends_with("what was sent is not LDAP."),
            "{odd:x?}: {told}"
        );
    }
}

#[tokio::test]
async fn answers_nobody_asked_for_are_not_taken() {
    let told = failure(|_| vec![Reply::Numbered(77, extended(LdapResultCode::Success, ""))]).await;
    assert!(
        told.ends_with("an answer came that nobody asked for."),
        "{told}"
    );
    let told = failure(|_| vec![Reply::Message(extended(LdapResultCode::Success, ""))]).await;
    assert!(
        told.ends_with("a search was answered with something else."),
        "{told}"
    );
}

#[tokio::test]
async fn the_words_with_which_a_server_says_good_bye_are_passed_on() {
    let good_bye = || extended(LdapResultCode::Unavailable, "Restarting for maintenance");
    assert_eq!(
        failure(move |_| vec![person(1), Reply::Numbered(0, good_bye()), Reply::Close]).await,
        "The connection was lost during the reading: it answered Unavailable: Restarting for \
         maintenance"
    );
}

#[tokio::test]
async fn a_connection_closed_between_entries_is_lost() {
    let told = failure(|_| vec![person(1), person(2), Reply::Close]).await;
    assert_eq!(
        told,
        "The connection was lost during the reading: the directory closed it."
    );
}

#[tokio::test]
async fn a_connection_closed_before_the_sign_in_was_never_reached() {
    let server = Server::start(|_| vec![Reply::Close]).await;
    assert!(matches!(
        failure_of(settings(&server)).await,
        SourceError::Unreachable { .. }
    ));
}

#[tokio::test]
async fn endless_pages_and_endless_entries_come_to_an_end() {
    let told = failure(|_| vec![page_done("more")]).await;
    assert!(
        told.ends_with("it sends empty pages without end."),
        "{told}"
    );

    let mut number = 0;
    let endless = tree(move |_| {
        let page = (0..100).map(|_| {
            number += 1;
            person(number)
        });
        page.chain([page_done("more")]).collect()
    })
    .await;
    let believing_little = LdapSettings {
        greatest_number_of_objects: 1_000,
        ..settings(&endless)
    };
    let told = failure_of(believing_little).await.to_string();
    assert!(
        told.ends_with("it sent more than 1000 entries, which cannot be right."),
        "{told}"
    );
}

#[tokio::test]
async fn start_tls_that_is_not_offered_never_falls_back_to_plain() {
    let (sender, receiver) = std::sync::mpsc::channel();
    let server = Server::start(move |request| match &request.op {
        LdapOp::BindRequest(_) => {
            sender.send(()).unwrap();
            bound()
        }
        _ => vec![Reply::Message(extended(
            LdapResultCode::ProtocolError,
            "unsupported",
        ))],
    })
    .await;
    let mut draft = draft(&server);
    draft.start_tls = true;
    let error = failure_of(LdapSettings::check(draft).unwrap()).await;
    assert!(
        error.to_string().contains("does not offer StartTLS"),
        "{error}"
    );
    assert!(receiver.try_recv().is_err(), "nothing secret was sent");
}

#[tokio::test]
async fn a_dropped_reading_closes_its_connection() {
    let mut number = 0;
    let server = tree(move |_| {
        number += 1;
        vec![person(number), page_done("more")]
    })
    .await;
    let source = LdapSource::new(settings(&server));
    let mut reading = source.read(ReadRequest::Everything).await.unwrap();
    assert!(reading.events.recv().await.is_some());
    drop(reading);
    server.until_a_connection_is_closed().await;
}

#[tokio::test]
async fn no_page_is_asked_for_before_the_one_before_was_handed_on() {
    const PAGES: u64 = 40;
    let mut number = 0;
    let server = tree(move |_| {
        number += 1;
        let cookie = if number == PAGES { "" } else { "more" };
        vec![person(number), page_done(cookie)]
    })
    .await;
    let source = LdapSource::new(settings(&server));
    let mut reading = source.read(ReadRequest::Everything).await.unwrap();
    let asked = || {
        let in_the_tree = |search: &&_| is_in_the_tree(search);
        server.searches().iter().filter(in_the_tree).count()
    };
    let mut taken = 0;
    while let Some(Ok(ReadEvent::Page(_))) = reading.events.recv().await {
        taken += 1;
        // One lies in the channel, one is in the reader's hands.
        assert!(
            asked() <= taken + 2,
            "{} pages asked for, {taken} taken",
            asked()
        );
        tokio::task::yield_now().await;
    }
    assert_eq!(taken, usize::try_from(PAGES).unwrap());
}

fn is_in_the_tree(search: &ldap3_proto::proto::LdapSearchRequest) -> bool {
    search.scope == LdapSearchScope::Subtree
}
