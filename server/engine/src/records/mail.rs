//! Mails that the product sends, and whom it tells.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    configuration::{ConfigurationId, DomainName},
    timestamp::Timestamp,
};

/// A mail of the outbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MailSummary {
    pub id: Uuid,
    pub at: Timestamp,
    pub recipients: Vec<String>,
    pub subject: String,
    pub delivery: MailDelivery,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "state")]
pub enum MailDelivery {
    /// No mail server is configured: the outbox is where the mail is read.
    Kept,
    Waiting {
        attempts: u32,
        last_error: Option<String>,
    },
    Delivered {
        at: Timestamp,
    },
    GivenUp {
        error: String,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MailDetails {
    pub summary: MailSummary,
    pub text: String,
    pub html: String,
}

/// How mails leave this server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MailSetup {
    /// Without its password; none when mails stay in the mailbox.
    pub server: Option<String>,
    pub sender: Option<String>,
    /// Where links in mails lead.
    pub portal_url: String,
    pub configurations: Vec<NotifiedConfiguration>,
    /// The last mails, newest first.
    pub latest: Vec<MailSummary>,
}

/// Whom a configuration tells of its troubles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NotifiedConfiguration {
    pub id: ConfigurationId,
    pub domain: DomainName,
    pub addresses: Vec<String>,
}
