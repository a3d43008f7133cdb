//! Active Directory where it differs from Samba, which answers more kindly.

use std::sync::{
    Arc,
    atomic::{AtomicU8, AtomicU64, Ordering},
};

use connectors::{
    Cursor, Lookup, ReadRequest, Source, SourceError, conformance::collect, ldap::LdapSource,
};
use engine::directory::{Dn, ObjectKind};
use ldap3_proto::{
    LdapMsg,
    proto::{LdapFilter, LdapOp, LdapSearchRequest, LdapSearchScope},
};

use super::{
    server::{Reply, Server, bound, done, entry, page_done, reference, refused, text},
    settings,
};

const CONTROLLER: &str = "CN=NTDS Settings,CN=DC1,CN=Sites,CN=Configuration,DC=contoso,DC=test";
const GROUP: &str = "CN=Everyone,OU=Groups,DC=contoso,DC=test";
const MEMBERS: usize = 3_700;
const PIECE: usize = 1_500;

/// A controller whose numbers a test can move.
#[derive(Clone, Default)]
struct Controller {
    latest_change: Arc<AtomicU64>,
    invocation: Arc<AtomicU8>,
}

impl Controller {
    fn answer(&self, request: &LdapMsg) -> Vec<Reply> {
        match &request.op {
            LdapOp::BindRequest(_) => bound(),
            LdapOp::SearchRequest(search) if search.base.is_empty() => {
                vec![self.root(), done()]
            }
            LdapOp::SearchRequest(search) if search.base == CONTROLLER => {
                let invocation = vec![self.invocation.load(Ordering::SeqCst); 16];
                vec![
                    entry(CONTROLLER, &[("invocationId", vec![invocation])]),
                    done(),
                ]
            }
            LdapOp::SearchRequest(search) if search.scope == LdapSearchScope::Base => {
                vec![group(search), done()]
            }
            // Only the names of containers are asked for without attributes.
            LdapOp::SearchRequest(search) if search.attrs == ["1.1"] => vec![page_done("")],
            LdapOp::SearchRequest(search) => vec![
                group(search),
                reference("ldap://contoso.test/CN=Configuration,DC=contoso,DC=test"),
                contact(),
                page_done(""),
            ],
            _ => Vec::new(),
        }
    }

    fn root(&self) -> Reply {
        let latest = self.latest_change.load(Ordering::SeqCst).to_string();
        entry(
            "",
            &[
                ("supportedCapabilities", text(&["1.2.840.113556.1.4.800"])),
                ("namingContexts", text(&["DC=contoso,DC=test"])),
                ("highestCommittedUSN", text(&[&latest])),
                ("dsServiceName", text(&[CONTROLLER])),
            ],
        )
    }
}

fn contact() -> Reply {
    let classes = text(&["top", "person", "organizationalPerson", "contact"]);
    entry(
        "CN=Carla,DC=contoso,DC=test",
        &[("objectClass", classes), ("objectGUID", vec![vec![9; 16]])],
    )
}

/// The group with as many members as fit, from the first one that was asked for.
fn group(search: &LdapSearchRequest) -> Reply {
    let from: usize = search
        .attrs
        .iter()
        .find_map(|name| {
            name.strip_prefix("member;range=")?
                .strip_suffix("-*")?
                .parse()
                .ok()
        })
        .unwrap_or(0);
    let to = MEMBERS.min(from + PIECE);
    let end = if to == MEMBERS {
        "*".to_owned()
    } else {
        (to - 1).to_string()
    };
    let members = (from..to).map(|n| format!("CN=P{n},DC=contoso,DC=test").into_bytes());
    let piece = format!("member;range={from}-{end}");
    entry(
        GROUP,
        &[
            ("objectClass", text(&["top", "group"])),
            ("objectGUID", vec![vec![7; 16]]),
            ("member", Vec::new()),
            (&piece, members.collect()),
        ],
    )
}

async fn controller() -> (Controller, Server) {
    let controller = Controller::default();
    controller.latest_change.store(100, Ordering::SeqCst);
    let answering = controller.clone();
    let server = Server::start(move |request| answering.answer(request)).await;
    (controller, server)
}

#[tokio::test]
async fn members_that_come_in_pieces_are_read_whole() {
    let (_, server) = controller().await;
    let source = LdapSource::new(settings(&server));
    let all = collect(&source, ReadRequest::Everything).await.unwrap();
    let name = Dn::parse(GROUP).unwrap();
    let group = all.at(&name).unwrap();
    let members = group.attributes.values("member");
    assert_eq!(members.len(), MEMBERS);
    assert_eq!(
        members[MEMBERS - 1].as_text(),
        Some("CN=P3699,DC=contoso,DC=test")
    );
    let fetched = source.fetch(&Lookup::Dn(name)).await.unwrap();
    assert_eq!(fetched.as_ref(), Some(group));
}

#[tokio::test]
async fn contacts_are_told_from_people_and_other_servers_are_not_followed() {
    let (_, server) = controller().await;
    let source = LdapSource::new(settings(&server));
    assert_eq!(source.check().await.unwrap().product, "Active Directory");
    let all = collect(&source, ReadRequest::Everything).await.unwrap();
    let kinds: Vec<_> = all.present.values().map(|object| object.kind).collect();
    assert_eq!(all.present.len(), 2);
    assert!(kinds.contains(&ObjectKind::Contact));
    let computers = LdapFilter::Equality("objectClass".to_owned(), "computer".to_owned());
    let searches = server.searches();
    let in_tree = |search: &&LdapSearchRequest| search.scope == LdapSearchScope::Subtree;
    let last = searches.iter().rfind(in_tree).unwrap();
    assert!(
        format!("{:?}", last.filter).contains(&format!("Not({computers:?})")),
        "computers are left out: {:?}",
        last.filter
    );
}

fn since(cursor: &Cursor) -> ReadRequest {
    ReadRequest::Changes {
        since: cursor.clone(),
        detect_absence: false,
    }
}

#[tokio::test]
async fn changes_are_asked_for_by_the_controllers_own_numbers() {
    let (controller, server) = controller().await;
    let source = LdapSource::new(settings(&server));
    let all = collect(&source, ReadRequest::Everything).await.unwrap();
    controller.latest_change.store(120, Ordering::SeqCst);
    collect(&source, since(&all.end.cursor)).await.unwrap();
    let asked = LdapFilter::GreaterOrEqual("uSNChanged".to_owned(), "101".to_owned());
    let is_asked =
        |search: &LdapSearchRequest| format!("{:?}", search.filter).contains(&format!("{asked:?}"));
    assert!(server.searches().iter().any(is_asked));
}

#[tokio::test]
async fn numbers_of_another_or_of_a_restored_controller_are_rejected() {
    let (controller, server) = controller().await;
    let source = LdapSource::new(settings(&server));
    let all = collect(&source, ReadRequest::Everything).await.unwrap();
    controller.latest_change.store(99, Ordering::SeqCst);
    let back_in_time = source.read(since(&all.end.cursor)).await;
    assert_eq!(back_in_time.err(), Some(SourceError::CursorRejected));
    controller.latest_change.store(120, Ordering::SeqCst);
    controller.invocation.store(1, Ordering::SeqCst);
    let another = source.read(since(&all.end.cursor)).await;
    assert_eq!(another.err(), Some(SourceError::CursorRejected));
}

#[tokio::test]
async fn the_reason_of_a_refused_sign_in_is_told() {
    let server = Server::start(|_| {
        refused("80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data 773, v4563\0")
    })
    .await;
    let error = LdapSource::new(settings(&server))
        .check()
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "The directory refused the bind account: the account must change its password before it \
         can sign in."
    );
}
