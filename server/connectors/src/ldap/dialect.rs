//! What kind of directory this is, read from its root entry (RFC 4512, 5.1), and where directories
//! differ: what is searched for, and whether long value lists come in pieces.

use engine::directory::{Dn, ObjectKind};

use super::{
    connection::Connection,
    filter::Filter,
    search::{Entry, Search},
    settings::LdapSettings,
};
use crate::source::SourceError;

/// The families that are spoken to differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    /// Microsoft's, and Samba's after it.
    ActiveDirectory,
    /// OpenLDAP and every other directory that follows the standards.
    Standard,
}

/// What the root entry said.
#[derive(Clone, Debug)]
pub(super) struct Dialect {
    pub(super) family: Family,
    /// For people, for example "OpenLDAP".
    pub(super) product: String,
    /// The heads of what the server holds.
    pub(super) naming_contexts: Vec<Dn>,
    /// The entry that says which attributes there are.
    pub(super) subschema: Option<String>,
    /// Active Directory: the number of the latest change on this controller.
    pub(super) highest_usn: Option<u64>,
    /// Active Directory: the entry of this controller's own settings.
    pub(super) controller: Option<String>,
}

const ROOT_ATTRIBUTES: [&str; 8] = [
    "objectClass",
    "namingContexts",
    "subschemaSubentry",
    "supportedCapabilities",
    "vendorName",
    "vendorVersion",
    "highestCommittedUSN",
    "dsServiceName",
];
const ACTIVE_DIRECTORY: &str = "1.2.840.113556.1.4.800";

const USERS: [&str; 4] = ["person", "organizationalPerson", "inetOrgPerson", "user"];
/// Accounts without a person; those with a `uid` count.
const ACCOUNTS: [&str; 1] = ["posixAccount"];
const GROUPS: [&str; 5] = [
    "group",
    "groupOfNames",
    "groupOfUniqueNames",
    "groupOfMembers",
    "posixGroup",
];
const CONTACTS: [&str; 1] = ["contact"];
const CONTAINERS: [&str; 8] = [
    "organizationalUnit",
    "organization",
    "container",
    "builtinDomain",
    "dcObject",
    "domain",
    "domainDNS",
    "locality",
];

impl Dialect {
    pub(super) async fn of(
        connection: &mut Connection,
        settings: &LdapSettings,
    ) -> Result<Self, SourceError> {
        let root = connection
            .entry(settings, &Search::entry("", &ROOT_ATTRIBUTES))
            .await?;
        Ok(root.as_ref().map_or_else(Self::unknown, Self::read))
    }

    fn unknown() -> Self {
        Self {
            family: Family::Standard,
            product: "LDAP directory".to_owned(),
            naming_contexts: Vec::new(),
            subschema: None,
            highest_usn: None,
            controller: None,
        }
    }

    fn read(root: &Entry) -> Self {
        let is_active_directory =
            texts(root, "supportedCapabilities").any(|capability| capability == ACTIVE_DIRECTORY);
        Self {
            family: if is_active_directory {
                Family::ActiveDirectory
            } else {
                Family::Standard
            },
            product: product(root, is_active_directory),
            naming_contexts: texts(root, "namingContexts")
                .filter_map(|name| Dn::parse(name).ok())
                .collect(),
            subschema: text(root, "subschemaSubentry").map(str::to_owned),
            highest_usn: text(root, "highestCommittedUSN").and_then(|usn| usn.parse().ok()),
            controller: text(root, "dsServiceName").map(str::to_owned),
        }
    }

    /// The head under which `dn` lies.
    pub(super) fn naming_context_of(&self, dn: &Dn) -> Option<&Dn> {
        self.naming_contexts
            .iter()
            .filter(|head| dn.is_under(head))
            .max_by_key(|head| head.key().len())
    }

    /// All objects that are synchronized.
    pub(super) fn objects(&self) -> Filter {
        let kinds = ObjectKind::ALL.into_iter().map(kind_filter);
        self.without_computers(Filter::Any(kinds.collect()))
    }

    pub(super) fn objects_of(&self, kind: ObjectKind) -> Filter {
        match (kind, self.family) {
            (ObjectKind::User, _) => self.without_computers(kind_filter(kind)),
            (ObjectKind::Group | ObjectKind::Contact, _) => kind_filter(kind),
        }
    }

    /// In Active Directory computers and contacts are persons too. Elsewhere an unknown class in a
    /// negation would make the whole filter undefined (RFC 4511, 4.5.1.7) and find nobody.
    fn without_computers(&self, filter: Filter) -> Filter {
        match self.family {
            Family::ActiveDirectory => filter.and(Filter::equals("objectClass", "computer").not()),
            Family::Standard => filter,
        }
    }

    /// Everything that can have objects below it and is shown in a tree.
    pub(super) fn containers(&self) -> Filter {
        Filter::any_class(&CONTAINERS)
    }

    /// Names can come with the identifiers of their objects.
    pub(super) fn has_extended_names(&self) -> bool {
        self.family == Family::ActiveDirectory
    }

    /// Long value lists come as `member;range=0-1499`, and the rest must be asked for.
    pub(super) fn has_ranges(&self) -> bool {
        self.family == Family::ActiveDirectory
    }
}

fn kind_filter(kind: ObjectKind) -> Filter {
    match kind {
        ObjectKind::User => {
            let accounts = Filter::any_class(&ACCOUNTS).and(Filter::Present("uid"));
            Filter::Any(vec![Filter::any_class(&USERS), accounts])
        }
        ObjectKind::Group => Filter::any_class(&GROUPS),
        ObjectKind::Contact => Filter::any_class(&CONTACTS),
    }
}

/// The kind of an object with these classes; none for what is not synchronized. Contacts come
/// before people, because in Active Directory a contact is a person; a person that is also a POSIX
/// group (each with its own, on some systems) stays a person.
pub(super) fn kind_of(classes: &[&str], has_uid: bool) -> Option<ObjectKind> {
    let is_any = |names: &[&str]| {
        let is_named = |class: &&str| names.iter().any(|name| name.eq_ignore_ascii_case(class));
        classes.iter().any(is_named)
    };
    if is_any(&["computer"]) {
        None
    } else if is_any(&CONTACTS) {
        Some(ObjectKind::Contact)
    } else if is_any(&USERS) {
        Some(ObjectKind::User)
    } else if is_any(&GROUPS) {
        Some(ObjectKind::Group)
    } else if has_uid && is_any(&ACCOUNTS) {
        Some(ObjectKind::User)
    } else {
        None
    }
}

fn product(root: &Entry, is_active_directory: bool) -> String {
    let vendor = text(root, "vendorName").unwrap_or_default();
    let is_openldap = texts(root, "objectClass").any(|class| class == "OpenLDAProotDSE");
    if vendor.contains("Samba") {
        "Samba Active Directory".to_owned()
    } else if is_active_directory {
        "Active Directory".to_owned()
    } else if is_openldap {
        "OpenLDAP".to_owned()
    } else if vendor.contains("389 Project") {
        "389 Directory Server".to_owned()
    } else if vendor.is_empty() {
        "LDAP directory".to_owned()
    } else {
        let version = text(root, "vendorVersion").unwrap_or_default();
        format!("{vendor} {version}").trim().to_owned()
    }
}

/// The values of an attribute as far as they are text.
pub(super) fn texts<'a>(entry: &'a Entry, name: &'a str) -> impl Iterator<Item = &'a str> {
    entry
        .attributes
        .iter()
        .filter(move |attribute| attribute.atype.eq_ignore_ascii_case(name))
        .flat_map(|attribute| &attribute.vals)
        .filter_map(|value| std::str::from_utf8(value).ok())
}

/// The first value of an attribute where it is text.
pub(super) fn text<'a>(entry: &'a Entry, name: &'a str) -> Option<&'a str> {
    texts(entry, name).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_is_told_by_the_object_classes_alone() {
        for (classes, has_uid, kind) in [
            (
                "top person organizationalPerson inetOrgPerson",
                true,
                Some(ObjectKind::User),
            ),
            ("INETORGPERSON", false, Some(ObjectKind::User)),
            (
                "top person organizationalPerson user",
                false,
                Some(ObjectKind::User),
            ),
            ("top person organizationalPerson user computer", false, None),
            (
                "top person organizationalPerson contact",
                false,
                Some(ObjectKind::Contact),
            ),
            ("account posixAccount", true, Some(ObjectKind::User)),
            ("top account simpleSecurityObject", false, None),
            ("organizationalRole simpleSecurityObject", false, None),
            ("top groupOfUniqueNames", false, Some(ObjectKind::Group)),
            ("posixGroup", false, Some(ObjectKind::Group)),
            (
                "inetOrgPerson posixAccount posixGroup",
                true,
                Some(ObjectKind::User),
            ),
            ("organizationalUnit", false, None),
        ] {
            let split: Vec<_> = classes.split(' ').collect();
            assert_eq!(kind_of(&split, has_uid), kind, "{classes}");
        }
    }
}
