//! A server that answers each request as a test says.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use futures::{SinkExt, StreamExt};
use ldap3_proto::{
    LdapCodec, LdapMsg,
    control::LdapControl,
    proto::{
        LdapBindResponse, LdapExtendedResponse, LdapOp, LdapPartialAttribute, LdapResult,
        LdapResultCode, LdapSearchRequest, LdapSearchResultEntry, LdapSearchResultReference,
    },
};
use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, TcpStream},
    sync::watch,
};
use tokio_util::codec::Framed;

/// What a server does about one request.
pub(crate) enum Reply {
    Message(LdapOp),
    WithControl(LdapOp, LdapControl),
    /// Under another number than the request's.
    Numbered(i32, LdapOp),
    Bytes(Vec<u8>),
    Close,
}

type Answer = dyn FnMut(&LdapMsg) -> Vec<Reply> + Send;

pub(crate) struct Server {
    address: SocketAddr,
    answer: Arc<Mutex<Box<Answer>>>,
    requests: Arc<Mutex<Vec<LdapOp>>>,
    closed: Arc<watch::Sender<usize>>,
}

impl Server {
    pub(crate) async fn start(answer: impl FnMut(&LdapMsg) -> Vec<Reply> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            address: listener.local_addr().unwrap(),
            answer: Arc::new(Mutex::new(Box::new(answer))),
            requests: Arc::default(),
            closed: Arc::new(watch::Sender::new(0)),
        };
        let (answer, requests) = (Arc::clone(&server.answer), Arc::clone(&server.requests));
        let closed = Arc::clone(&server.closed);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (answer, requests) = (Arc::clone(&answer), Arc::clone(&requests));
                let closed = Arc::clone(&closed);
                tokio::spawn(async move {
                    serve(stream, &answer, &requests).await;
                    closed.send_modify(|count| *count += 1);
                });
            }
        });
        server
    }

    pub(crate) fn url(&self) -> String {
        format!("ldap://{}", self.address)
    }

    /// Every search so far.
    pub(crate) fn searches(&self) -> Vec<LdapSearchRequest> {
        let requests = self.requests.lock().unwrap();
        let search = |request: &LdapOp| match request {
            LdapOp::SearchRequest(search) => Some(search.clone()),
            _ => None,
        };
        requests.iter().filter_map(search).collect()
    }

    pub(crate) async fn until_a_connection_is_closed(&self) {
        let mut closed = self.closed.subscribe();
        closed.wait_for(|count| *count > 0).await.unwrap();
    }
}

async fn serve(stream: TcpStream, answer: &Mutex<Box<Answer>>, requests: &Mutex<Vec<LdapOp>>) {
    stream.set_nodelay(true).unwrap();
    let mut framed = Framed::new(stream, LdapCodec::default());
    while let Some(Ok(request)) = framed.next().await {
        requests.lock().unwrap().push(request.op.clone());
        let replies = answer.lock().unwrap()(&request);
        for reply in replies {
            let sent = match reply {
                Reply::Message(op) => framed.send(LdapMsg::new(request.msgid, op)).await,
                Reply::Numbered(id, op) => framed.send(LdapMsg::new(id, op)).await,
                Reply::WithControl(op, control) => {
                    let message = LdapMsg::new_with_ctrls(request.msgid, op, vec![control]);
                    framed.send(message).await
                }
                Reply::Bytes(bytes) => framed.get_mut().write_all(&bytes).await,
                Reply::Close => return,
            };
            if sent.is_err() {
                return;
            }
        }
    }
}

pub(crate) fn result(code: LdapResultCode, message: &str) -> LdapResult {
    LdapResult {
        code,
        matcheddn: String::new(),
        message: message.to_owned(),
        referral: Vec::new(),
    }
}

pub(crate) fn bound() -> Vec<Reply> {
    vec![Reply::Message(LdapOp::BindResponse(
        LdapBindResponse::new_success(""),
    ))]
}

pub(crate) fn refused(message: &str) -> Vec<Reply> {
    let response = LdapBindResponse::new_invalidcredentials("", message);
    vec![Reply::Message(LdapOp::BindResponse(response))]
}

pub(crate) fn extended(code: LdapResultCode, message: &str) -> LdapOp {
    LdapOp::ExtendedResponse(LdapExtendedResponse {
        res: result(code, message),
        name: None,
        value: None,
    })
}

pub(crate) fn done() -> Reply {
    Reply::Message(LdapOp::SearchResultDone(result(
        LdapResultCode::Success,
        "",
    )))
}

pub(crate) fn page_done(cookie: &str) -> Reply {
    Reply::WithControl(
        LdapOp::SearchResultDone(result(LdapResultCode::Success, "")),
        LdapControl::SimplePagedResults {
            size: 0,
            cookie: cookie.as_bytes().to_vec(),
        },
    )
}

pub(crate) fn reference(uri: &str) -> Reply {
    Reply::Message(LdapOp::SearchResultReference(LdapSearchResultReference {
        uris: vec![uri.to_owned()],
    }))
}

pub(crate) fn entry(dn: &str, attributes: &[(&str, Vec<Vec<u8>>)]) -> Reply {
    let attributes = attributes
        .iter()
        .map(|(name, values)| LdapPartialAttribute {
            atype: (*name).to_owned(),
            vals: values.clone(),
        });
    Reply::Message(LdapOp::SearchResultEntry(LdapSearchResultEntry {
        dn: dn.to_owned(),
        attributes: attributes.collect(),
    }))
}

pub(crate) fn text(values: &[&str]) -> Vec<Vec<u8>> {
    values
        .iter()
        .map(|value| value.as_bytes().to_vec())
        .collect()
}

/// A person with the identifier made of this number.
pub(crate) fn person(number: u64) -> Reply {
    let uuid = format!("00000000-0000-4000-8000-{number:012x}");
    entry(
        &format!("CN=P{number},DC=contoso,DC=test"),
        &[
            ("objectClass", text(&["person"])),
            ("entryUUID", text(&[&uuid])),
        ],
    )
}
