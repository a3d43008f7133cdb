//! Connected directories, what they answer, and the agent that serves them.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    configuration::{ConfigurationId, DomainName},
    directory::{Dn, ObjectKind},
    timestamp::Timestamp,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DirectoryKind {
    /// An embedded demo forest.
    Forest,
    Ldap,
}

impl DirectoryKind {
    /// Whether reading what changed also names what was deleted. Where it does not, everything is
    /// looked at now and then: what is missing was deleted.
    pub fn reports_deletions(self) -> bool {
        matches!(self, Self::Forest)
    }
}

/// Identifies a connected directory.
pub type DirectoryId = Uuid;

/// A row of the directories list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DirectorySummary {
    pub id: DirectoryId,
    pub kind: DirectoryKind,
    pub domain: DomainName,
    pub base_dn: Dn,
    /// `ldap://…`, or "embedded".
    pub address: String,
    /// The configuration for its domain, where there is one.
    pub configuration: Option<ConfigurationId>,
    /// What the last test or reading said; none when nobody tried yet.
    pub last_contact: Option<Contact>,
    pub delivers_password_hashes: bool,
}

/// The last word of a directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Contact {
    pub at: Timestamp,
    /// None when all went well.
    pub error: Option<String>,
}

/// How an LDAP directory is connected, as a person reads it back; never with the password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LdapConnection {
    pub url: String,
    pub start_tls: bool,
    pub ca_certificate_pem: Option<String>,
    pub bind_dn: String,
    pub base_dn: Dn,
}

/// All that a directory's page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DirectoryDetails {
    pub summary: DirectorySummary,
    /// LDAP directories only.
    pub connection: Option<LdapConnection>,
    /// None where the directory reports deletions.
    pub deletions_checked_every_seconds: Option<u64>,
}

/// What **Test connection** answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionReport {
    pub product: String,
    /// For example "1,000 or more users".
    pub seen: Vec<SeenObjects>,
    pub warnings: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SeenObjects {
    pub kind: ObjectKind,
    pub count: u64,
    /// There are more; the test looked at one page.
    pub more: bool,
}

/// A container of a directory, for trees in which a person chooses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ContainerSummary {
    pub dn: Dn,
    pub name: String,
    pub has_containers: bool,
}

/// An object of a directory, for lists in which a person chooses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FoundObject {
    pub dn: Dn,
    pub name: String,
    /// What tells it from others of its name: a user principal name, a mail address, a description.
    pub detail: String,
}

/// The provisioning agent of the domains it serves. The embedded one is part of the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AgentSummary {
    pub machine_name: String,
    pub is_active: bool,
    pub domains: Vec<DomainName>,
    pub version: String,
    pub last_contact: Timestamp,
    /// Those of its domains whose directories do not report deletions.
    pub deletions_checked: Vec<DomainName>,
    pub deletions_checked_every_seconds: u64,
}
