//! What an administrator chose for one domain: scope, mappings, protection, notification.
//!
//! Drafts (what a person typed) become these types only by validation, in [`draft`]; the form in
//! the browser and the server run the same code.

pub mod defaults;
pub mod deletion_protection;
pub mod draft;
pub mod exclusion;
pub mod extension;
pub mod flows;
pub mod mapping;
pub mod quarantine_limits;
pub mod restart;
pub mod schema;
pub mod scope;
pub mod scoping_filter;

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use deletion_protection::{DeletionProtection, LostMembers, PerKind, Percentage};
pub use extension::{DirectoryExtension, ExtensionName};
pub use flows::ObjectFlow;
pub use mapping::{Apply, AttributeMapping, FlowBehavior, MappingSource};
pub use quarantine_limits::QuarantineLimits;
pub use scope::Scope;
pub use scoping_filter::ScopingFilter;

use crate::directory::{Dn, DnError, ObjectKind};

/// Identifies a configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ConfigurationId(pub Uuid);

impl ConfigurationId {
    /// As support and the logs name the configuration's job.
    pub fn job_id(self) -> String {
        format!("AD2AADProvisioning.{}", self.0.simple())
    }
}

impl fmt::Display for ConfigurationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::str::FromStr for ConfigurationId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// A DNS domain name in lower case, for example `contoso.test`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct DomainName(String);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Enter a domain name such as contoso.test: letters, digits and hyphens between dots.")]
pub struct BadDomainName;

impl DomainName {
    pub fn parse(text: &str) -> Result<Self, BadDomainName> {
        let name = text.trim().trim_end_matches('.').to_lowercase();
        let label_is_good = |label: &str| {
            (1..=63).contains(&label.len())
                && label
                    .chars()
                    .all(|c| c.is_alphanumeric() || c == '-' || c == '_')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        let good = name.len() <= 253 && name.split('.').all(label_is_good);
        if good {
            Ok(Self(name))
        } else {
            Err(BadDomainName)
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The domain's head: `contoso.test` → `DC=contoso,DC=test`.
    pub fn dn(&self) -> Result<Dn, DnError> {
        Dn::of_domain(&self.0)
    }

    /// The NetBIOS name by convention: the first label in capitals, fifteen characters at most.
    pub fn net_bios_name(&self) -> String {
        self.0
            .split('.')
            .next()
            .unwrap_or_default()
            .to_uppercase()
            .chars()
            .take(15)
            .collect()
    }
}

impl fmt::Display for DomainName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for DomainName {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// Whether cycles are started for a configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Deployment {
    Enabled,
    Disabled,
    /// Switched off for a while; the next start goes on where it stopped.
    Paused,
}

impl Deployment {
    pub fn is_enabled(self) -> bool {
        self == Self::Enabled
    }
}

/// The mappings of each kind of object.
pub type Mappings = BTreeMap<ObjectKind, Vec<AttributeMapping>>;

/// One configuration as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Configuration {
    pub id: ConfigurationId,
    pub domain: DomainName,
    /// The head of what is read; every DN of the scope lies in it.
    pub base_dn: Dn,
    pub password_hash_sync: bool,
    pub scope: Scope,
    /// How many levels of nested groups a scope of groups follows; 0 for direct members only.
    #[serde(default)]
    pub nested_group_depth: u8,
    pub mappings: Mappings,
    /// Targets that the schema does not list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extensions: Vec<DirectoryExtension>,
    /// What flows of each kind of object; everything for a kind that is not named.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub object_flows: BTreeMap<ObjectKind, ObjectFlow>,
    /// Objects that leave the scope stay as they are in the target.
    #[serde(default)]
    pub skip_out_of_scope_deletions: bool,
    /// Addresses told when provisioning is not healthy; nobody when empty.
    pub notification_emails: Vec<String>,
    pub deletion_protection: DeletionProtection,
    #[serde(default)]
    pub quarantine_limits: QuarantineLimits,
    pub deployment: Deployment,
    /// Counts saves; a save that names an older revision is refused, so that two people at one
    /// configuration do not overwrite each other unseen.
    pub revision: i64,
}

impl Configuration {
    /// What flows of a kind of object.
    pub fn object_flow(&self, kind: ObjectKind) -> ObjectFlow {
        self.object_flows.get(&kind).cloned().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domain_names_are_checked_and_folded() {
        assert_eq!(
            DomainName::parse(" Contoso.Test. ").unwrap().as_str(),
            "contoso.test"
        );
        assert_eq!(
            DomainName::parse("contoso.test").unwrap().net_bios_name(),
            "CONTOSO"
        );
        for bad in ["", "a..b", "-a.test", "a b.test", "a/b", "a,DC=b"] {
            assert_eq!(DomainName::parse(bad), Err(BadDomainName), "{bad:?}");
        }
    }
}
