//! What is set up for mails, as people may see it, and the mail that proves it.

use engine::{
    configuration::draft::{self, FieldError},
    records::{MailSetup, MailSummary, NotifiedConfiguration},
};

use super::{Letter, put, summary_of};
use crate::{
    Actor, Backend, Error, Result,
    audit::{self, Activity},
    configurations,
};

/// The field of the form that sends a test mail.
const RECIPIENT: &str = "recipient";

/// How mails leave this server, and whom the configurations tell.
pub async fn setup(backend: &Backend) -> Result<MailSetup> {
    let mut configurations = Vec::new();
    for summary in configurations::list(backend).await? {
        let configuration = configurations::get(backend, summary.id).await?;
        configurations.push(NotifiedConfiguration {
            id: configuration.id,
            domain: configuration.domain,
            addresses: configuration.notification_emails,
        });
    }
    let server = backend.settings.mail_server.as_ref();
    Ok(MailSetup {
        server: server.map(super::MailServer::address),
        sender: server.map(super::MailServer::sender),
        portal_url: backend.settings.portal_url.clone(),
        configurations,
        latest: super::list(backend, None, 5).await?.items,
    })
}

/// Writes a mail to one address and tries at once to send it: says how that went.
pub async fn send_test(backend: &Backend, actor: &Actor, recipient: &str) -> Result<MailSummary> {
    actor.may_change()?;
    let recipient = checked(recipient).map_err(|error| Error::Invalid(vec![error]))?;
    let letter = Letter::test(&backend.settings.portal_url);
    let mut write = backend.db.write().await?;
    let recipients = std::slice::from_ref(&recipient);
    let id = put(backend, &mut write, recipients, &letter).await?;
    let activity = Activity::SendTestMail;
    audit::record(backend, &mut write, actor, activity, &recipient, "").await?;
    write.commit().await?;
    super::deliver_now(backend, id).await?;
    backend.announce_change();
    summary_of(backend, id).await
}

fn checked(recipient: &str) -> Result<String, FieldError> {
    let refuse = |message: String| FieldError::new(RECIPIENT, message);
    let mut addresses =
        draft::notification_emails(recipient).map_err(|error| refuse(error.message))?;
    match (addresses.pop(), addresses.is_empty()) {
        (Some(address), true) => Ok(address),
        (None, _) => Err(refuse(
            "Enter the address that the mail goes to.".to_owned(),
        )),
        (Some(_), false) => Err(refuse("Enter one address only.".to_owned())),
    }
}
