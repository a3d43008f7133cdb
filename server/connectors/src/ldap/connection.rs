//! One connection: reaching the host, TLS, signing in, and one operation at a time. The next bytes
//! are read only when the next message is asked for, so a slow reader slows the directory down.

use std::{future::Future, io, time::Duration};

use futures::{SinkExt, StreamExt};
use ldap3_proto::{
    LdapMsg,
    control::LdapControl,
    proto::{
        LdapBindCred, LdapBindRequest, LdapExtendedRequest, LdapOp, LdapResult, LdapResultCode,
    },
};
use secrecy::ExposeSecret;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpStream, lookup_host},
    time::{Instant, timeout},
};
use tokio_rustls::TlsConnector;
use tokio_util::codec::Framed;

use super::{
    codec::{Codec, CodecError, Outgoing},
    filter::Filter,
    refusal,
    settings::{LdapSettings, Protection},
    tls,
};
use crate::source::SourceError;

const START_TLS: &str = "1.3.6.1.4.1.1466.20037";

trait Transport: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Transport for T {}

/// A connection that is signed in.
pub(super) struct Connection {
    framed: Framed<Box<dyn Transport>, Codec>,
    last_id: i32,
}

impl Connection {
    pub(super) async fn open(settings: &LdapSettings) -> Result<Self, SourceError> {
        let tcp: Box<dyn Transport> = Box::new(reach(settings).await?);
        let mut connection = match settings.protection {
            Protection::Plain => Self::over(tcp),
            Protection::Tls => Self::over(secure(settings, tcp).await?),
            Protection::StartTls => {
                let plain = Self::over(tcp).start_tls(settings).await?;
                Self::over(secure(settings, plain).await?)
            }
        };
        connection.sign_in(settings).await?;
        Ok(connection)
    }

    fn over(transport: Box<dyn Transport>) -> Self {
        Self {
            framed: Framed::new(transport, Codec::default()),
            last_id: 0,
        }
    }

    async fn start_tls(
        mut self,
        settings: &LdapSettings,
    ) -> Result<Box<dyn Transport>, SourceError> {
        let request = LdapOp::ExtendedRequest(LdapExtendedRequest {
            name: START_TLS.to_owned(),
            value: None,
        });
        let refused = |detail: String| SourceError::Untrusted {
            address: settings.address.to_string(),
            detail,
        };
        match self.exchange(settings, request).await? {
            LdapOp::ExtendedResponse(response) if response.res.code == LdapResultCode::Success => {}
            LdapOp::ExtendedResponse(response) => {
                let reason = refusal::in_its_words(&response.res);
                return Err(refused(format!(
                    "the directory does not offer StartTLS ({reason}). Use ldaps:// or set up TLS \
                     on the directory."
                )));
            }
            _ => return Err(not_understood("StartTLS was answered with something else.")),
        }
        let parts = self.framed.into_parts();
        // What was sent ahead of the handshake was sent by nobody we know (RFC 4513, 3.1.1).
        if !parts.read_buf.is_empty() {
            return Err(refused(
                "something else answers between us and the directory.".to_owned(),
            ));
        }
        Ok(parts.io)
    }

    async fn sign_in(&mut self, settings: &LdapSettings) -> Result<(), SourceError> {
        let request = LdapOp::BindRequest(LdapBindRequest {
            version: 3,
            dn: settings.bind_dn.clone(),
            cred: LdapBindCred::Simple(settings.bind_password.expose_secret().to_owned()),
        });
        match self.exchange(settings, request).await? {
            LdapOp::BindResponse(response) if response.res.code == LdapResultCode::Success => {
                Ok(())
            }
            LdapOp::BindResponse(response) => Err(refusal::of_bind(settings, &response.res)),
            _ => Err(not_understood(
                "the sign-in was answered with something else.",
            )),
        }
    }

    /// One request and its one answer, while connecting.
    async fn exchange(
        &mut self,
        settings: &LdapSettings,
        operation: LdapOp,
    ) -> Result<LdapOp, SourceError> {
        let mut patience = Patience::new(settings.timeouts.connect);
        let id = self.send(operation, Vec::new(), None, &mut patience).await;
        let answer = match id {
            Ok(id) => self.receive(id, &mut patience).await,
            Err(error) => Err(error),
        };
        answer
            .map(|message| message.op)
            .map_err(|error| match error {
                // Nothing was being read yet.
                SourceError::ConnectionLost { detail } => SourceError::Unreachable {
                    address: settings.address.to_string(),
                    detail,
                },
                error => error,
            })
    }

    /// Sends a request, and gives the number under which its answers come.
    pub(super) async fn send(
        &mut self,
        operation: LdapOp,
        controls: Vec<LdapControl>,
        filter: Option<Filter>,
        patience: &mut Patience,
    ) -> Result<i32, SourceError> {
        self.last_id += 1;
        let message = LdapMsg::new_with_ctrls(self.last_id, operation, controls);
        let sending = self.framed.send(Outgoing { message, filter });
        patience.spend_on(sending).await?.map_err(lost)?;
        Ok(self.last_id)
    }

    /// The next answer to the request of this number.
    pub(super) async fn receive(
        &mut self,
        id: i32,
        patience: &mut Patience,
    ) -> Result<LdapMsg, SourceError> {
        match patience.spend_on(self.framed.next()).await? {
            None => Err(SourceError::ConnectionLost {
                detail: "the directory closed it.".to_owned(),
            }),
            Some(Err(error)) => Err(lost(error)),
            Some(Ok(message)) if message.msgid == id => Ok(message),
            Some(Ok(message)) => Err(unasked(&message)),
        }
    }

    /// Takes leave. A directory that does not hear it sees the connection close.
    pub(super) async fn close(mut self) {
        let mut patience = Patience::new(Duration::from_secs(1));
        let _ = self
            .send(LdapOp::UnbindRequest, Vec::new(), None, &mut patience)
            .await;
    }
}

/// A directory says good-bye under the number 0 (RFC 4511, 4.4.1).
fn unasked(message: &LdapMsg) -> SourceError {
    match &message.op {
        LdapOp::ExtendedResponse(notice) if message.msgid == 0 => SourceError::ConnectionLost {
            detail: refusal::in_its_words(&LdapResult {
                code: notice.res.code.clone(),
                matcheddn: String::new(),
                message: notice.res.message.clone(),
                referral: Vec::new(),
            }),
        },
        _ => not_understood("an answer came that nobody asked for."),
    }
}

fn lost(error: CodecError) -> SourceError {
    match error {
        CodecError::Io(error) => SourceError::ConnectionLost {
            detail: format!("{error}."),
        },
        CodecError::TooLarge => not_understood("a message was larger than 64 MB."),
        CodecError::Malformed => not_understood("what was sent is not LDAP."),
        CodecError::Tls => not_understood("it speaks TLS on this port. Use ldaps://."),
    }
}

pub(super) fn not_understood(detail: &str) -> SourceError {
    SourceError::Protocol {
        detail: detail.to_owned(),
    }
}

async fn reach(settings: &LdapSettings) -> Result<TcpStream, SourceError> {
    let unreachable = |detail: String| SourceError::Unreachable {
        address: settings.address.to_string(),
        detail,
    };
    let (host, port) = (settings.address.host(), settings.address.port());
    let looking_up = lookup_host((host.as_str(), port));
    let addresses = match timeout(settings.timeouts.connect, looking_up).await {
        Ok(Ok(addresses)) => addresses.collect::<Vec<_>>(),
        Ok(Err(_)) => return Err(unreachable(format!("the name {host} is not known."))),
        Err(_) => return Err(unreachable(format!("nobody could say where {host} is."))),
    };
    match timeout(
        settings.timeouts.connect,
        TcpStream::connect(addresses.as_slice()),
    )
    .await
    {
        Ok(Ok(stream)) => {
            // Small requests must not wait for company.
            let _ = stream.set_nodelay(true);
            Ok(stream)
        }
        Ok(Err(error)) => Err(unreachable(why_not_reached(&error))),
        Err(_) => Err(unreachable(format!(
            "no answer within {} seconds. Is the address right, and does every firewall on the way \
             let the connection pass?",
            settings.timeouts.connect.as_secs()
        ))),
    }
}

fn why_not_reached(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => {
            "nothing listens there. Is the port right, and is the directory running?".to_owned()
        }
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
            "there is no way to this host.".to_owned()
        }
        _ => format!("{error}."),
    }
}

async fn secure(
    settings: &LdapSettings,
    transport: Box<dyn Transport>,
) -> Result<Box<dyn Transport>, SourceError> {
    let connector = TlsConnector::from(tls::client_config(settings)?);
    let handshake = connector.connect(tls::server_name(&settings.address)?, transport);
    match timeout(settings.timeouts.connect, handshake).await {
        Ok(Ok(stream)) => Ok(Box::new(stream)),
        Ok(Err(error)) => Err(tls::handshake_failed(settings, &error)),
        Err(_) => Err(SourceError::Untrusted {
            address: settings.address.to_string(),
            detail: "the directory did not answer the handshake. Does this port speak TLS?"
                .to_owned(),
        }),
    }
}

/// How much longer the directory may keep us waiting. Only waiting is counted: what happens
/// between two messages is our own affair.
pub(super) struct Patience {
    whole: Duration,
    left: Duration,
}

impl Patience {
    pub(super) fn new(whole: Duration) -> Self {
        Self { whole, left: whole }
    }

    async fn spend_on<T>(&mut self, waiting: impl Future<Output = T>) -> Result<T, SourceError> {
        let begin = Instant::now();
        let outcome = timeout(self.left, waiting).await;
        self.left = self.left.saturating_sub(begin.elapsed());
        outcome.map_err(|_| SourceError::TimedOut {
            seconds: self.whole.as_secs(),
        })
    }
}
