//! Mails as their readers and a mail server see them.

use std::collections::BTreeMap;

use engine::configuration::{
    ConfigurationId, DeletionProtection, Deployment, DomainName, Mappings, QuarantineLimits, Scope,
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::mpsc,
};

use super::*;
use crate::{
    Actor,
    context::Settings,
    testing::{START, TestBackend},
};

fn configuration(emails: &[&str]) -> Configuration {
    let domain = DomainName::parse("contoso.test").unwrap();
    Configuration {
        id: ConfigurationId(Uuid::nil()),
        base_dn: domain.dn().unwrap(),
        domain,
        password_hash_sync: false,
        scope: Scope::All,
        nested_group_depth: 0,
        mappings: Mappings::new(),
        extensions: Vec::new(),
        object_flows: BTreeMap::new(),
        skip_out_of_scope_deletions: false,
        notification_emails: emails.iter().map(ToString::to_string).collect(),
        deletion_protection: DeletionProtection::default(),
        quarantine_limits: QuarantineLimits::default(),
        deployment: Deployment::Enabled,
        revision: 1,
    }
}

fn deletions_held() -> Notice {
    Notice::DeletionsHeld {
        cycle_started_at: START,
        held: ManagedCounts {
            users: 60,
            groups: 1,
            contacts: 0,
        },
        limit: engine::cycle::deletion_guard::Limit::Threshold { threshold: 50 },
    }
}

fn letter(notice: &Notice) -> Letter {
    Letter::about(
        notice,
        &configuration(&["ops@contoso.test"]),
        "https://sync.contoso.test/",
    )
}

async fn put(backend: &Backend, emails: &[&str], notice: &Notice) {
    let mut write = backend.db.write().await.unwrap();
    enqueue(backend, &mut write, &configuration(emails), notice)
        .await
        .unwrap();
    write.commit().await.unwrap();
}

async fn only(backend: &Backend) -> MailSummary {
    let page = list(backend, None, 10).await.unwrap();
    let [mail] = page.items.as_slice() else {
        panic!("{} mails", page.items.len());
    };
    mail.clone()
}

#[test]
fn a_mail_about_held_deletions_says_what_happened_and_what_to_do() {
    let letter = letter(&deletions_held());
    insta::assert_snapshot!(format!("{}\n\n{}", letter.subject, letter.text()), @r"
    Cloud sync: 61 deletions held in contoso.test

    The cycle of 5 January 2026, 09:00 UTC would have deleted 61 objects (60 users, 1 group). This configuration stops at 50. Provisioning is paused: no changes, including new users, are written until you decide.

    Meant? Open https://sync.contoso.test/cloud-sync/configurations/00000000-0000-0000-0000-000000000000/status and choose Allow deletes. A mistake? Undo the cause, for example move the objects back or restore the scope, then choose Restart provisioning.

    You receive this because your address is the notification email of contoso.test. Change it: https://sync.contoso.test/cloud-sync/configurations/00000000-0000-0000-0000-000000000000
    ");
}

#[test]
fn a_mail_about_a_quarantine_says_why_and_when_it_is_tried_again() {
    let letter = letter(&Notice::QuarantineReasonChanged {
        before: "The directory refused the bind account.".to_owned(),
        reason: "The directory has no entry OU=Sales.".to_owned(),
        since: START,
        next_attempt: START.plus(Duration::from_secs(7_200)),
    });
    insta::assert_snapshot!(format!("{}\n\n{}", letter.subject, letter.text()), @r"
    Cloud sync: new reason for the quarantine of contoso.test

    Before: The directory refused the bind account.

    Since 5 January 2026, 09:00 UTC no cycle succeeds: The directory has no entry OU=Sales.

    Attempts become rarer, down to one a day; the next one is at 5 January 2026, 11:00 UTC. Objects in the tenant stay as they are meanwhile.

    Repair the cause, then choose Clear quarantine: https://sync.contoso.test/cloud-sync/configurations/00000000-0000-0000-0000-000000000000/quarantine

    You receive this because your address is the notification email of contoso.test. Change it: https://sync.contoso.test/cloud-sync/configurations/00000000-0000-0000-0000-000000000000
    ");
}

#[test]
fn html_says_the_same_words_and_takes_none_of_them_for_markup() {
    let letter = letter(&Notice::Quarantined {
        reason: "<script>alert(1)</script> & \"more\"".to_owned(),
        since: START,
        next_attempt: START,
    });
    let html = letter.html();
    assert!(!html.contains("<script>"));
    let (_, body) = html.split_once("<body>").unwrap();
    let mut words = String::new();
    let mut inside = false;
    for character in body.chars() {
        match character {
            '<' => inside = true,
            '>' => inside = false,
            _ if !inside => words.push(character),
            _ => {}
        }
    }
    let words = words
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&");
    let fold = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(fold(&words), fold(&letter.text()));
}

#[tokio::test]
async fn without_a_mail_server_a_mail_is_kept_to_be_read_in_the_portal() {
    let backend = TestBackend::new().await;
    put(
        &backend,
        &["ops@contoso.test", "it@contoso.test"],
        &deletions_held(),
    )
    .await;
    assert_eq!(deliver_due(&backend).await.unwrap(), 0);
    let mail = only(&backend).await;
    assert_eq!(mail.delivery, MailDelivery::Kept);
    assert_eq!(mail.recipients, ["ops@contoso.test", "it@contoso.test"]);
    let details = read(&backend, mail.id).await.unwrap();
    assert!(
        details.text.contains("60 users, 1 group"),
        "{}",
        details.text
    );
    assert!(details.html.contains("60 users, 1 group"));
}

#[tokio::test]
async fn nobody_is_told_where_nobody_is_named_and_nothing_that_did_not_happen() {
    let backend = TestBackend::new().await;
    put(&backend, &[], &deletions_held()).await;
    let mut write = backend.db.write().await.unwrap();
    let configuration = configuration(&["ops@contoso.test"]);
    enqueue(&backend, &mut write, &configuration, &deletions_held())
        .await
        .unwrap();
    drop(write);
    assert_eq!(list(&backend, None, 10).await.unwrap().items, []);
}

#[tokio::test]
async fn the_outbox_is_paged_newest_first() {
    let backend = TestBackend::new().await;
    for number in 0..5 {
        let email = format!("{number}@contoso.test");
        put(&backend, &[&email], &deletions_held()).await;
    }
    let first = list(&backend, None, 3).await.unwrap();
    let rest = list(&backend, first.next.clone(), 3).await.unwrap();
    let all = [first.items, rest.items].concat();
    let names: Vec<_> = all.iter().map(|mail| mail.recipients[0].as_str()).collect();
    let expected = [4, 3, 2, 1, 0].map(|number| format!("{number}@contoso.test"));
    assert_eq!(names, expected);
    assert_eq!(rest.next, None);
}

#[tokio::test]
async fn old_mails_go() {
    let backend = TestBackend::new().await;
    put(&backend, &["ops@contoso.test"], &deletions_held()).await;
    backend.clock.advance(KEPT_FOR + Duration::from_secs(1));
    deliver_due(&backend).await.unwrap();
    assert_eq!(list(&backend, None, 10).await.unwrap().items, []);
}

/// A mail server that answers as told, and hands over what it was given.
struct PostOffice {
    url: String,
    letters: mpsc::UnboundedReceiver<String>,
}

impl PostOffice {
    /// `answer` is said to every recipient.
    async fn open(answer: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let (sender, letters) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let _ = serve(stream, answer, &sender).await;
            }
        });
        Self { url, letters }
    }
}

async fn serve(
    stream: TcpStream,
    answer: &str,
    letters: &mpsc::UnboundedSender<String>,
) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 post.contoso.test\r\n").await?;
    let (mut line, mut letter) = (String::new(), None);
    while stream.read_line(&mut line).await? > 0 {
        let words = std::mem::take(&mut line);
        if let Some(text) = &mut letter {
            if words == ".\r\n" {
                let _ = letters.send(std::mem::take(text));
                letter = None;
                stream.write_all(b"250 taken\r\n").await?;
            } else {
                text.push_str(&words);
            }
            continue;
        }
        let reply = match words.get(..4).unwrap_or_default() {
            "RCPT" => answer,
            "DATA" => {
                letter = Some(String::new());
                "354 go on"
            }
            "QUIT" => "221 bye",
            _ => "250 fine",
        };
        stream.write_all(format!("{reply}\r\n").as_bytes()).await?;
    }
    Ok(())
}

/// A mail server that accepts its first connection and never says a word on it.
async fn silent_at_first() -> PostOffice {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let (sender, letters) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        let _silent = listener.accept().await;
        while let Ok((stream, _)) = listener.accept().await {
            let _ = serve(stream, "250 known", &sender).await;
        }
    });
    PostOffice { url, letters }
}

const BRIEFLY: Duration = Duration::from_millis(300);

#[tokio::test]
async fn a_connection_that_says_nothing_holds_up_no_other_mail_and_comes_to_an_end() {
    let backend = TestBackend::new().await;
    let mut office = silent_at_first().await;
    let backend = with_mail_server(&backend, &office.url);
    for address in ["first@contoso.test", "second@contoso.test"] {
        put(&backend, &[address], &deletions_held()).await;
    }
    let (delivered, letter) = tokio::join!(deliver_due(&backend), office.letters.recv());
    assert_eq!(delivered.unwrap(), 1);
    assert!(letter.is_some());
    let mails = list(&backend, None, 10).await.unwrap().items;
    let waits = mails.iter().any(|mail| {
        matches!(&mail.delivery, MailDelivery::Waiting { last_error: Some(error), .. }
            if error.contains("did not answer within"))
    });
    assert!(waits, "{mails:?}");
    let trouble = trouble(&backend).await.unwrap();
    assert!(matches!(
        trouble,
        Some(ServiceTrouble::MailNotLeaving { mails: 1, .. })
    ));
    backend.clock.advance(Duration::from_secs(60));
    assert_eq!(deliver_due(&backend).await.unwrap(), 1);
    assert_eq!(super::trouble(&backend).await.unwrap(), None);
}

#[tokio::test]
async fn a_test_mail_sends_no_mail_of_others() {
    let backend = TestBackend::new().await;
    let mut office = PostOffice::open("250 known").await;
    let backend = with_mail_server(&backend, &office.url);
    put(&backend, &["ops@contoso.test"], &deletions_held()).await;
    let sent = send_test(&backend, &Actor::System, "me@contoso.test").await;
    let delivered = MailDelivery::Delivered { at: START };
    assert_eq!(sent.unwrap().delivery, delivered);
    let letter = office.letters.recv().await.unwrap();
    assert!(letter.contains("To: me@contoso.test"), "{letter}");
    assert!(office.letters.try_recv().is_err());
}

#[tokio::test]
async fn mails_that_were_given_up_are_told_until_one_arrives_again() {
    let backend = TestBackend::new().await;
    let office = PostOffice::open("550 no such mailbox").await;
    let refusing = with_mail_server(&backend, &office.url);
    put(&refusing, &["nobody@contoso.test"], &deletions_held()).await;
    deliver_due(&refusing).await.unwrap();
    let Some(ServiceTrouble::MailNotLeaving { error, .. }) = trouble(&refusing).await.unwrap()
    else {
        panic!("there is something to tell");
    };
    assert!(error.contains("no such mailbox"), "{error}");
    let office = PostOffice::open("250 known").await;
    let taking = with_mail_server(&backend, &office.url);
    put(&taking, &["ops@contoso.test"], &deletions_held()).await;
    deliver_due(&taking).await.unwrap();
    assert_eq!(trouble(&taking).await.unwrap(), None);
}

/// A backend that sends mails to this server.
fn with_mail_server(backend: &TestBackend, url: &str) -> Backend {
    let server = MailServer::new(url.to_owned().into(), "Cloud sync <sync@contoso.test>").unwrap();
    let server = server.with_patience(BRIEFLY);
    let settings = Settings {
        mail_server: Some(server),
        ..Settings::demo_defaults()
    };
    Backend::new(
        backend.db.clone(),
        backend.clock.clone(),
        backend.secrets.clone(),
        settings,
    )
}

#[tokio::test]
async fn a_mail_reaches_the_mail_server_once_with_both_bodies() {
    let backend = TestBackend::new().await;
    let mut office = PostOffice::open("250 known").await;
    let backend = with_mail_server(&backend, &office.url);
    put(
        &backend,
        &["ops@contoso.test", "it@contoso.test"],
        &deletions_held(),
    )
    .await;
    assert!(matches!(
        only(&backend).await.delivery,
        MailDelivery::Waiting { attempts: 0, .. }
    ));
    assert_eq!(deliver_due(&backend).await.unwrap(), 1);
    assert_eq!(deliver_due(&backend).await.unwrap(), 0);
    let letter = office.letters.recv().await.unwrap();
    for part in [
        "From: \"Cloud sync\" <sync@contoso.test>",
        "To: ops@contoso.test, it@contoso.test",
        "Subject: Cloud sync: 61 deletions held in contoso.test",
        "Content-Type: text/plain",
        "Content-Type: text/html",
    ] {
        assert!(letter.contains(part), "{part} is not in {letter}");
    }
    assert!(office.letters.try_recv().is_err());
    let delivery = only(&backend).await.delivery;
    assert_eq!(delivery, MailDelivery::Delivered { at: START });
}

#[tokio::test]
async fn a_mail_server_that_is_not_there_is_tried_again_less_and_less_often_and_then_given_up() {
    let backend = TestBackend::new().await;
    // Nobody listens here any more.
    let address = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let backend = with_mail_server(&backend, &format!("smtp://{address}"));
    put(&backend, &["ops@contoso.test"], &deletions_held()).await;
    for (attempt, minutes) in PAUSES_IN_MINUTES.iter().enumerate() {
        deliver_due(&backend).await.unwrap();
        // Too early for the next one.
        deliver_due(&backend).await.unwrap();
        let MailDelivery::Waiting {
            attempts,
            last_error,
        } = only(&backend).await.delivery
        else {
            panic!("it waits");
        };
        assert_eq!(attempts as usize, attempt + 1);
        assert!(
            last_error.unwrap().contains("onnection"),
            "the reason is kept"
        );
        backend.clock.advance(Duration::from_secs(60 * minutes));
    }
    deliver_due(&backend).await.unwrap();
    assert!(matches!(
        only(&backend).await.delivery,
        MailDelivery::GivenUp { .. }
    ));
    backend.clock.advance(Duration::from_secs(7 * 24 * 60 * 60));
    assert_eq!(deliver_due(&backend).await.unwrap(), 0);
}

#[tokio::test]
async fn a_recipient_that_the_mail_server_refuses_for_good_is_not_tried_again() {
    let backend = TestBackend::new().await;
    let office = PostOffice::open("550 no such mailbox").await;
    let backend = with_mail_server(&backend, &office.url);
    put(&backend, &["nobody@contoso.test"], &deletions_held()).await;
    assert_eq!(deliver_due(&backend).await.unwrap(), 0);
    let MailDelivery::GivenUp { error } = only(&backend).await.delivery else {
        panic!("it is given up");
    };
    assert!(error.contains("no such mailbox"), "{error}");
}

#[tokio::test]
async fn a_mail_that_somebody_else_sends_just_now_is_left_to_them() {
    let backend = TestBackend::new().await;
    let office = PostOffice::open("250 known").await;
    let backend = with_mail_server(&backend, &office.url);
    put(&backend, &["ops@contoso.test"], &deletions_held()).await;
    let mail = only(&backend).await.id;
    assert!(claim(&backend, mail, START.0).await.unwrap());
    assert!(!claim(&backend, mail, START.0).await.unwrap());
    assert_eq!(deliver_due(&backend).await.unwrap(), 0);
    backend.clock.advance(CLAIM);
    assert_eq!(
        deliver_due(&backend).await.unwrap(),
        1,
        "whoever claimed it died"
    );
}

#[test]
fn a_mail_server_is_checked_when_it_is_named() {
    let named = |url: &str, from: &str| MailServer::new(url.to_owned().into(), from);
    assert!(named("smtps://user:pass@mail.contoso.test", "sync@contoso.test").is_ok());
    for url in ["", "mail.contoso.test", "http://mail.contoso.test"] {
        assert!(
            matches!(named(url, "sync@contoso.test"), Err(BadMailServer::Url(_))),
            "{url}"
        );
    }
    assert!(matches!(
        named("smtp://mail", "nobody"),
        Err(BadMailServer::From(_))
    ));
    let server = named(
        "smtps://user:hunter2@mail.contoso.test",
        "sync@contoso.test",
    )
    .unwrap();
    assert!(!format!("{server:?}").contains("hunter2"));
}

#[tokio::test]
async fn a_test_mail_says_at_once_how_it_went_and_is_audited() {
    let backend = TestBackend::new().await;
    let kept = send_test(&backend, &Actor::System, " ops@contoso.test ").await;
    assert_eq!(kept.unwrap().delivery, MailDelivery::Kept);
    let mut office = PostOffice::open("250 known").await;
    let with_server = with_mail_server(&backend, &office.url);
    let sent = send_test(&with_server, &Actor::System, "ops@contoso.test").await;
    let sent = sent.unwrap();
    assert!(matches!(sent.delivery, MailDelivery::Delivered { .. }));
    let letter = office.letters.recv().await.unwrap();
    assert!(letter.contains("Subject: Cloud sync: test message"));
    let page = crate::audit::list(&backend, None, 10).await.unwrap();
    let targets: Vec<_> = page.items.iter().map(|entry| &entry.target).collect();
    assert_eq!(targets, ["ops@contoso.test"; 2]);
}

#[tokio::test]
async fn a_test_mail_goes_to_one_good_address_and_only_for_who_may_change() {
    let backend = TestBackend::new().await;
    for bad in ["", "nobody", "a@contoso.test; b@contoso.test"] {
        let answer = send_test(&backend, &Actor::System, bad).await;
        assert!(matches!(answer, Err(Error::Invalid(_))), "{bad}");
    }
    let reader = Actor::Program {
        name: "reader".to_owned(),
        role: engine::records::Role::ReportsReader,
    };
    let answer = send_test(&backend, &reader, "ops@contoso.test").await;
    assert!(matches!(answer, Err(Error::NotPermitted(_))));
    assert_eq!(list(&backend, None, 10).await.unwrap().items, []);
}

#[tokio::test]
async fn the_setup_names_the_mail_server_without_its_password() {
    let backend = TestBackend::new().await;
    assert_eq!(setup(&backend).await.unwrap().server, None);
    let backend = with_mail_server(&backend, "smtps://user:p%40ss@mail.contoso.test:465?x=y");
    let setup = setup(&backend).await.unwrap();
    assert_eq!(
        setup.server.as_deref(),
        Some("smtps://mail.contoso.test:465")
    );
    assert!(!format!("{setup:?}").contains("p%40ss"));
}
