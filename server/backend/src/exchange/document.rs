//! What stands in the file, as TOML has it: plain values, no identifiers, no secrets.
//!
//! A key that is missing has its default; a key that is not named here is an error. Mappings are
//! only those that differ from the defaults of the directory.

use std::{
    collections::{BTreeMap, BTreeSet},
    num::NonZeroU32,
};

use engine::{
    configuration::{
        Apply, AttributeMapping, Configuration, DeletionProtection, Deployment, DirectoryExtension,
        FlowBehavior, LostMembers, MappingSource, ObjectFlow, PerKind, Percentage,
        QuarantineLimits, Scope, defaults::Dialect, draft::mapping, schema::AttributeType,
        scoping_filter::Clause,
    },
    directory::{Dn, ObjectKind},
    records::LdapConnection,
};
use serde::{Deserialize, Serialize};

/// The only format so far. A later one is refused rather than misread.
pub(super) const FORMAT: u32 = 1;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    pub(super) format: u32,
    /// By domain.
    #[serde(default)]
    pub(super) configuration: BTreeMap<String, ConfigurationDocument>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConfigurationDocument {
    pub(super) directory: DirectoryDocument,
    #[serde(default = "disabled")]
    pub(super) state: Deployment,
    #[serde(default)]
    pub(super) password_hash_sync: bool,
    #[serde(default)]
    pub(super) notification_emails: Vec<String>,
    #[serde(default)]
    pub(super) skip_out_of_scope_deletions: bool,
    #[serde(default)]
    pub(super) scope: ScopeDocument,
    #[serde(default)]
    pub(super) deletion_protection: DeletionProtectionDocument,
    #[serde(default)]
    pub(super) quarantine_limits: QuarantineLimitsDocument,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) flows: BTreeMap<ObjectKind, FlowDocument>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) extensions: BTreeMap<String, ExtensionDocument>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) mappings: BTreeMap<ObjectKind, BTreeMap<String, MappingDocument>>,
}

fn disabled() -> Deployment {
    Deployment::Disabled
}

/// Where the domain is read from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, tag = "kind", rename_all = "snake_case")]
pub(super) enum DirectoryDocument {
    /// One of the forests that are part of a demo.
    DemoForest {},
    Ldap {
        url: String,
        #[serde(default)]
        start_tls: bool,
        bind_dn: String,
        base_dn: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ca_certificate_pem: Option<String>,
    },
}

impl DirectoryDocument {
    pub(super) fn of(connection: Option<&LdapConnection>) -> Self {
        match connection.cloned() {
            None => Self::DemoForest {},
            Some(LdapConnection {
                url,
                start_tls,
                ca_certificate_pem,
                bind_dn,
                base_dn,
            }) => Self::Ldap {
                url,
                start_tls,
                bind_dn,
                base_dn: base_dn.to_string(),
                ca_certificate_pem,
            },
        }
    }
}

/// Neither list: everything in the domain.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ScopeDocument {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) organizational_units: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) groups: Vec<String>,
    pub(super) nested_group_depth: u8,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct DeletionProtectionDocument {
    pub(super) prevent_accidental_deletion: bool,
    pub(super) threshold: NonZeroU32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) percentage: Option<Percentage>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) threshold_of_users: Option<NonZeroU32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) threshold_of_groups: Option<NonZeroU32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) threshold_of_contacts: Option<NonZeroU32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) lost_members_threshold: Option<NonZeroU32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) lost_members_percentage: Option<Percentage>,
}

impl Default for DeletionProtectionDocument {
    fn default() -> Self {
        DeletionProtection::default().into()
    }
}

impl From<DeletionProtection> for DeletionProtectionDocument {
    fn from(protection: DeletionProtection) -> Self {
        let DeletionProtection {
            prevent_accidental_deletion,
            threshold,
            percentage,
            threshold_of_kind:
                PerKind {
                    user: threshold_of_users,
                    group: threshold_of_groups,
                    contact: threshold_of_contacts,
                },
            lost_members:
                LostMembers {
                    threshold: lost_members_threshold,
                    percentage: lost_members_percentage,
                },
        } = protection;
        Self {
            prevent_accidental_deletion,
            threshold,
            percentage,
            threshold_of_users,
            threshold_of_groups,
            threshold_of_contacts,
            lost_members_threshold,
            lost_members_percentage,
        }
    }
}

impl From<DeletionProtectionDocument> for DeletionProtection {
    fn from(document: DeletionProtectionDocument) -> Self {
        Self {
            prevent_accidental_deletion: document.prevent_accidental_deletion,
            threshold: document.threshold,
            percentage: document.percentage,
            threshold_of_kind: PerKind {
                user: document.threshold_of_users,
                group: document.threshold_of_groups,
                contact: document.threshold_of_contacts,
            },
            lost_members: LostMembers {
                threshold: document.lost_members_threshold,
                percentage: document.lost_members_percentage,
            },
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct QuarantineLimitsDocument {
    pub(super) minimum: u64,
    pub(super) percentage: Percentage,
    pub(super) failures: u64,
    pub(super) failures_with_references: u64,
}

impl Default for QuarantineLimitsDocument {
    fn default() -> Self {
        QuarantineLimits::default().into()
    }
}

impl From<QuarantineLimits> for QuarantineLimitsDocument {
    fn from(limits: QuarantineLimits) -> Self {
        let QuarantineLimits {
            minimum,
            percentage,
            failures,
            failures_with_references,
        } = limits;
        Self {
            minimum,
            percentage,
            failures,
            failures_with_references,
        }
    }
}

impl From<QuarantineLimitsDocument> for QuarantineLimits {
    fn from(document: QuarantineLimitsDocument) -> Self {
        Self {
            minimum: document.minimum,
            percentage: document.percentage,
            failures: document.failures,
            failures_with_references: document.failures_with_references,
        }
    }
}

/// What flows of one kind of object; the filter is a list of groups of clauses.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FlowDocument {
    pub(super) add: bool,
    pub(super) update: bool,
    pub(super) delete: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) filter: Vec<Vec<ClauseDocument>>,
}

impl Default for FlowDocument {
    fn default() -> Self {
        (&ObjectFlow::default()).into()
    }
}

impl From<&ObjectFlow> for FlowDocument {
    fn from(flow: &ObjectFlow) -> Self {
        let ObjectFlow {
            add,
            update,
            delete,
            scoping_filter,
        } = flow;
        let clauses = |group: &Vec<Clause>| group.iter().map(ClauseDocument::from).collect();
        Self {
            add: *add,
            update: *update,
            delete: *delete,
            filter: scoping_filter.groups.iter().map(clauses).collect(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClauseDocument {
    pub(super) attribute: String,
    pub(super) operator: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) value: Option<String>,
}

impl From<&Clause> for ClauseDocument {
    fn from(clause: &Clause) -> Self {
        Self {
            attribute: clause.attribute.to_string(),
            operator: clause.operator.to_string(),
            value: clause.value.clone(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExtensionDocument {
    #[serde(rename = "type")]
    pub(super) attribute_type: AttributeType,
    pub(super) kinds: BTreeSet<ObjectKind>,
}

/// One of the first five keys says where the value comes from, or that a default mapping is gone.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct MappingDocument {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) direct: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) constant: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) expression: Option<String>,
    #[serde(skip_serializing_if = "is_false")]
    pub(super) none: bool,
    #[serde(skip_serializing_if = "is_false")]
    pub(super) removed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) default: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) apply: Option<Apply>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) flow: Option<FlowBehavior>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the form that serde wants"
)]
fn is_false(value: &bool) -> bool {
    !value
}

impl From<&AttributeMapping> for MappingDocument {
    fn from(mapping: &AttributeMapping) -> Self {
        let AttributeMapping {
            target: _,
            source,
            apply,
            flow_behavior,
            default_value,
        } = mapping;
        let mut document = Self {
            default: default_value.clone(),
            apply: Some(*apply).filter(|apply| *apply != Apply::default()),
            flow: Some(*flow_behavior).filter(|flow| *flow != FlowBehavior::default()),
            ..Self::default()
        };
        match source.clone() {
            MappingSource::Direct { attribute } => document.direct = Some(attribute.to_string()),
            MappingSource::Constant { value } => document.constant = Some(value),
            MappingSource::Expression { expression } => document.expression = Some(expression),
            MappingSource::None => document.none = true,
        }
        document
    }
}

impl ConfigurationDocument {
    /// What an export shows of a configuration and its directory.
    pub(super) fn of(
        configuration: &Configuration,
        directory: DirectoryDocument,
        dialect: Dialect,
    ) -> Self {
        let Configuration {
            id: _,
            domain: _,
            base_dn: _,
            password_hash_sync,
            scope,
            nested_group_depth,
            mappings: _,
            extensions,
            object_flows,
            skip_out_of_scope_deletions,
            notification_emails,
            deletion_protection,
            quarantine_limits,
            deployment,
            revision: _,
        } = configuration;
        Self {
            directory,
            state: *deployment,
            password_hash_sync: *password_hash_sync,
            notification_emails: notification_emails.clone(),
            skip_out_of_scope_deletions: *skip_out_of_scope_deletions,
            scope: ScopeDocument::of(scope, *nested_group_depth),
            deletion_protection: (*deletion_protection).into(),
            quarantine_limits: (*quarantine_limits).into(),
            flows: flows(object_flows),
            extensions: extensions.iter().map(extension).collect(),
            mappings: changed_mappings(configuration, dialect),
        }
    }
}

impl ScopeDocument {
    fn of(scope: &Scope, nested_group_depth: u8) -> Self {
        let texts = |names: &[Dn]| names.iter().map(ToString::to_string).collect();
        let (groups, organizational_units) = match scope {
            Scope::All => (Vec::new(), Vec::new()),
            Scope::Groups(names) => (texts(names), Vec::new()),
            Scope::OrganizationalUnits(names) => (Vec::new(), texts(names)),
        };
        Self {
            organizational_units,
            groups,
            nested_group_depth,
        }
    }
}

fn flows(flows: &BTreeMap<ObjectKind, ObjectFlow>) -> BTreeMap<ObjectKind, FlowDocument> {
    let changed = flows
        .iter()
        .filter(|(_, flow)| **flow != ObjectFlow::default());
    changed.map(|(kind, flow)| (*kind, flow.into())).collect()
}

fn extension(extension: &DirectoryExtension) -> (String, ExtensionDocument) {
    let DirectoryExtension {
        name,
        attribute_type,
        kinds,
    } = extension;
    let document = ExtensionDocument {
        attribute_type: *attribute_type,
        kinds: kinds.clone(),
    };
    (name.to_string(), document)
}

/// Against the defaults: rows that differ, rows that were added, and rows that are gone.
fn changed_mappings(
    configuration: &Configuration,
    dialect: Dialect,
) -> BTreeMap<ObjectKind, BTreeMap<String, MappingDocument>> {
    let defaults = mapping::restore_defaults(dialect);
    let mut changed = BTreeMap::new();
    for kind in ObjectKind::ALL {
        let rows = configuration
            .mappings
            .get(&kind)
            .map_or(&[][..], Vec::as_slice);
        let usual = defaults.get(&kind).map_or(&[][..], Vec::as_slice);
        let own = rows.iter().filter(|row| !usual.contains(row));
        let mut documents: BTreeMap<_, _> = own
            .map(|row| (row.target.to_string(), MappingDocument::from(row)))
            .collect();
        let gone = usual
            .iter()
            .filter(|usual| !rows.iter().any(|row| row.target == usual.target));
        documents.extend(gone.map(|row| (row.target.to_string(), MappingDocument::removed())));
        if !documents.is_empty() {
            changed.insert(kind, documents);
        }
    }
    changed
}

impl MappingDocument {
    fn removed() -> Self {
        Self {
            removed: true,
            ..Self::default()
        }
    }
}
