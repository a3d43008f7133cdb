//! Handing a mail to a mail server.

use std::{str::FromStr, time::Duration};

use engine::timestamp::Timestamp;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, MultiPart},
};
use secrecy::{ExposeSecret, SecretString};
use tokio::time::timeout;
use uuid::Uuid;

/// The mail server of this deployment.
#[derive(Clone, Debug)]
pub struct MailServer {
    /// May contain a password.
    url: SecretString,
    from: Mailbox,
    /// How long one attempt may take, from the connection to the last answer.
    patience: Duration,
}

const PATIENCE: Duration = Duration::from_secs(45);

/// Why a mail server cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadMailServer {
    #[error(
        "The mail server must be given as smtps://host, smtp://host:587?tls=required or, within \
         one machine, smtp://host:25."
    )]
    Url(#[source] lettre::transport::smtp::Error),
    #[error("The sender of mails must be an address such as Cloud sync <sync@example.com>.")]
    From(#[source] lettre::address::AddressError),
}

/// A mail that is to be sent now.
pub(super) struct Attempt {
    pub(super) id: Uuid,
    pub(super) created_at: Timestamp,
    pub(super) recipients: Vec<String>,
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) html: String,
}

/// How an attempt ended; the sentences are for people.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Delivered,
    /// Another attempt may succeed.
    Failed(String),
    /// No other attempt will succeed.
    Refused(String),
}

impl MailServer {
    /// `url` names server, port, user, password and protection in one line.
    pub fn new(url: SecretString, from: &str) -> Result<Self, BadMailServer> {
        Transport::from_url(url.expose_secret()).map_err(BadMailServer::Url)?;
        let from = Mailbox::from_str(from).map_err(BadMailServer::From)?;
        Ok(Self {
            url,
            from,
            patience: PATIENCE,
        })
    }

    /// Where it is, without the user and the password.
    pub(super) fn address(&self) -> String {
        let url = self.url.expose_secret();
        let (protocol, rest) = url.split_once("://").unwrap_or(("smtp", url));
        let host = rest.rsplit('@').next().unwrap_or_default();
        let host = host.split(['/', '?']).next().unwrap_or_default();
        format!("{protocol}://{host}")
    }

    /// Whom mails come from.
    pub(super) fn sender(&self) -> String {
        self.from.to_string()
    }

    pub(super) async fn send(&self, attempt: &Attempt) -> Outcome {
        let message = match self.message(attempt) {
            Ok(message) => message,
            Err(problem) => return Outcome::Refused(problem),
        };
        let transport = match Transport::from_url(self.url.expose_secret()) {
            Ok(builder) => builder.build::<Tokio1Executor>(),
            Err(error) => return Outcome::Failed(error.to_string()),
        };
        match timeout(self.patience, transport.send(message)).await {
            Ok(Ok(_)) => Outcome::Delivered,
            Ok(Err(error)) if error.is_permanent() => Outcome::Refused(whole(&error)),
            Ok(Err(error)) => Outcome::Failed(whole(&error)),
            Err(_) => {
                let seconds = self.patience.as_secs();
                Outcome::Failed(format!(
                    "The mail server did not answer within {seconds} seconds."
                ))
            }
        }
    }

    #[cfg(test)]
    pub(super) fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    fn message(&self, attempt: &Attempt) -> Result<Message, String> {
        let mut builder = Message::builder()
            .from(self.from.clone())
            .subject(attempt.subject.clone())
            .date(attempt.created_at.to_date_time().into())
            .message_id(Some(self.message_id(attempt.id)));
        for recipient in &attempt.recipients {
            let mailbox = Mailbox::from_str(recipient);
            builder = builder.to(mailbox.map_err(|error| format!("{recipient}: {error}"))?);
        }
        let body = MultiPart::alternative_plain_html(attempt.text.clone(), attempt.html.clone());
        builder.multipart(body).map_err(|error| error.to_string())
    }

    /// The same at every attempt, so that mail programs can tell a repetition.
    fn message_id(&self, id: Uuid) -> String {
        format!("<{id}@{}>", self.from.email.domain())
    }
}

type Transport = AsyncSmtpTransport<Tokio1Executor>;

/// The error with its causes, which say what happened.
fn whole(error: &dyn std::error::Error) -> String {
    let mut sentence = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !sentence.contains(&text) {
            sentence.push_str(": ");
            sentence.push_str(&text);
        }
        cause = error.source();
    }
    sentence
}
