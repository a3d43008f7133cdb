//! The words of the demo forests: two small directories that live in the product itself, so that a
//! demonstration needs no directory server. What is in them is `backend::forest`'s.

pub mod draft;
pub mod editable;
pub mod entry;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::directory::ObjectKind;

/// One of the demo forests. Two, because people who collide across forests are the classic case,
/// and cannot exist within one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Forest {
    #[serde(rename = "contoso.test")]
    Contoso,
    #[serde(rename = "fabrikam.test")]
    Fabrikam,
}

impl Forest {
    pub const ALL: [Self; 2] = [Self::Contoso, Self::Fabrikam];

    /// The name of its one domain; also the name that is stored and that stands in addresses.
    pub fn domain(self) -> &'static str {
        match self {
            Self::Contoso => "contoso.test",
            Self::Fabrikam => "fabrikam.test",
        }
    }

    pub fn parse(domain: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|forest| forest.domain().eq_ignore_ascii_case(domain))
    }

    /// The head of everything: `DC=contoso,DC=test`.
    pub fn base_dn(self) -> &'static str {
        match self {
            Self::Contoso => "DC=contoso,DC=test",
            Self::Fabrikam => "DC=fabrikam,DC=test",
        }
    }
}

/// The password of a person on a forest's first day: anybody can work it out, so that a
/// demonstration can sign in.
pub fn first_password(account_name: &str) -> String {
    format!("Demo-{account_name}-2026")
}

impl fmt::Display for Forest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.domain())
    }
}

/// What an entry of a forest is. Only some kinds of entry are synchronized.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum EntryClass {
    Domain,
    OrganizationalUnit,
    /// A container that the directory came with, such as `CN=Users`.
    Container,
    User,
    Group,
    Contact,
    Computer,
}

impl EntryClass {
    pub const ALL: [Self; 7] = [
        Self::Domain,
        Self::OrganizationalUnit,
        Self::Container,
        Self::User,
        Self::Group,
        Self::Contact,
        Self::Computer,
    ];

    /// The word that is stored: the directory's own name for the class.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Domain => "domainDNS",
            Self::OrganizationalUnit => "organizationalUnit",
            Self::Container => "container",
            Self::User => "user",
            Self::Group => "group",
            Self::Contact => "contact",
            Self::Computer => "computer",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.as_str() == word)
    }

    /// All values of `objectClass`, as Active Directory gives them.
    pub fn object_classes(self) -> &'static [&'static str] {
        match self {
            Self::Domain => &["top", "domain", "domainDNS"],
            Self::OrganizationalUnit => &["top", "organizationalUnit"],
            Self::Container => &["top", "container"],
            Self::User => &["top", "person", "organizationalPerson", "user"],
            Self::Group => &["top", "group"],
            Self::Contact => &["top", "person", "organizationalPerson", "contact"],
            Self::Computer => &["top", "person", "organizationalPerson", "user", "computer"],
        }
    }

    /// The attribute type that names an entry of this class within its parent.
    pub fn naming_attribute(self) -> &'static str {
        match self {
            Self::Domain => "DC",
            Self::OrganizationalUnit => "OU",
            Self::Container | Self::User | Self::Group | Self::Contact | Self::Computer => "CN",
        }
    }

    /// Whether other entries lie below it.
    pub fn is_container(self) -> bool {
        matches!(
            self,
            Self::Domain | Self::OrganizationalUnit | Self::Container
        )
    }

    /// As people call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Domain => "Domain",
            Self::OrganizationalUnit => "Organizational unit",
            Self::Container => "Container",
            Self::User => "User",
            Self::Group => "Group",
            Self::Contact => "Contact",
            Self::Computer => "Computer",
        }
    }

    /// As what it is synchronized; none for what never leaves the directory.
    pub fn kind(self) -> Option<ObjectKind> {
        match self {
            Self::User => Some(ObjectKind::User),
            Self::Group => Some(ObjectKind::Group),
            Self::Contact => Some(ObjectKind::Contact),
            Self::Domain | Self::OrganizationalUnit | Self::Container | Self::Computer => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::Dn;

    #[test]
    fn the_words_of_a_forest_are_read_back() {
        for forest in Forest::ALL {
            assert_eq!(Forest::parse(&forest.domain().to_uppercase()), Some(forest));
            let head = Dn::of_domain(forest.domain()).unwrap();
            assert_eq!(head.as_str(), forest.base_dn());
        }
        for class in EntryClass::ALL {
            assert_eq!(EntryClass::parse(class.as_str()), Some(class));
        }
    }
}
