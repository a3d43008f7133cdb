//! Search filters (RFC 4511, 4.5.1.7), built rather than parsed. Values are bytes: identifiers are
//! not text, and nothing here can be broken out of by a value with parentheses in it.

use ldap3_lber::{
    common::TagClass,
    structure::{PL, StructureTag},
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Filter {
    All(Vec<Filter>),
    Any(Vec<Filter>),
    Not(Box<Filter>),
    Equals(&'static str, Vec<u8>),
    AtLeast(&'static str, Vec<u8>),
    Present(&'static str),
    /// Anywhere in the value.
    Contains(&'static str, Vec<u8>),
}

impl Filter {
    pub(super) fn equals(attribute: &'static str, value: impl AsRef<[u8]>) -> Self {
        Self::Equals(attribute, value.as_ref().to_vec())
    }

    pub(super) fn at_least(attribute: &'static str, value: impl AsRef<[u8]>) -> Self {
        Self::AtLeast(attribute, value.as_ref().to_vec())
    }

    pub(super) fn contains(attribute: &'static str, part: impl AsRef<[u8]>) -> Self {
        Self::Contains(attribute, part.as_ref().to_vec())
    }

    pub(super) fn not(self) -> Self {
        Self::Not(Box::new(self))
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self::All(vec![self, other])
    }

    /// One of these object classes.
    pub(super) fn any_class(classes: &[&str]) -> Self {
        let class = |class: &&str| Self::equals("objectClass", class);
        Self::Any(classes.iter().map(class).collect())
    }

    pub(super) fn into_ber(self) -> StructureTag {
        match self {
            Self::All(parts) => constructed(0, parts.into_iter().map(Self::into_ber).collect()),
            Self::Any(parts) => constructed(1, parts.into_iter().map(Self::into_ber).collect()),
            Self::Not(part) => constructed(2, vec![part.into_ber()]),
            Self::Equals(attribute, value) => constructed(3, assertion(attribute, value)),
            Self::Contains(attribute, part) => constructed(4, substrings(attribute, part)),
            Self::AtLeast(attribute, value) => constructed(5, assertion(attribute, value)),
            Self::Present(attribute) => StructureTag {
                class: TagClass::Context,
                id: 7,
                payload: PL::P(attribute.as_bytes().to_vec()),
            },
        }
    }
}

fn constructed(id: u64, parts: Vec<StructureTag>) -> StructureTag {
    StructureTag {
        class: TagClass::Context,
        id,
        payload: PL::C(parts),
    }
}

fn assertion(attribute: &str, value: Vec<u8>) -> Vec<StructureTag> {
    vec![octets(attribute.as_bytes().to_vec()), octets(value)]
}

/// One part, wherever it stands: `SEQUENCE { type, SEQUENCE OF any [1] }`.
fn substrings(attribute: &str, part: Vec<u8>) -> Vec<StructureTag> {
    let any = StructureTag {
        class: TagClass::Context,
        id: 1,
        payload: PL::P(part),
    };
    let parts = StructureTag {
        class: TagClass::Universal,
        id: 16,
        payload: PL::C(vec![any]),
    };
    vec![octets(attribute.as_bytes().to_vec()), parts]
}

fn octets(value: Vec<u8>) -> StructureTag {
    StructureTag {
        class: TagClass::Universal,
        id: 4,
        payload: PL::P(value),
    }
}
