//! A forest while it is being made: gives every entry its name, identifiers and common attributes.

use engine::{
    directory::{AttributeValue, Attributes, Dn, ObjectGuid, Values},
    forest::{EntryClass, Forest},
};
use time::{Duration, OffsetDateTime, macros::datetime};
use uuid::Builder;

use super::{
    SeedObject, Shows,
    random::{Random, Stream},
};
use crate::forest::formats::{self, generalized_time};

/// The day on which the forests are pictured. Everything in them happened before.
pub(super) const PICTURED_AT: OffsetDateTime = datetime!(2026-09-01 06:00 UTC);

/// Where Active Directory starts to number the entries that people make.
const FIRST_RELATIVE_IDENTIFIER: u32 = 1104;

pub(super) struct Directory {
    pub(super) forest: Forest,
    pub(super) seed: u64,
    pub(super) entries: Vec<SeedObject>,
    next_relative_identifier: u32,
}

impl Directory {
    pub(super) fn new(forest: Forest, seed: u64) -> Self {
        let mut directory = Self {
            forest,
            seed,
            entries: Vec::new(),
            next_relative_identifier: FIRST_RELATIVE_IDENTIFIER,
        };
        let head = directory.head();
        let attributes = Attributes::new().with("description", "Demo forest");
        directory.insert(EntryClass::Domain, head, attributes);
        directory
    }

    pub(super) fn head(&self) -> Dn {
        Dn::parse(self.forest.base_dn()).expect("the head of a demo forest is a name")
    }

    /// An address in the forest's domain.
    pub(super) fn address(&self, local_part: &str) -> String {
        format!("{local_part}@{}", self.forest.domain())
    }

    pub(super) fn organizational_unit(&mut self, parent: &Dn, name: &str, text: &str) -> Dn {
        let attributes = Attributes::new().with("ou", name).with("description", text);
        self.add(EntryClass::OrganizationalUnit, parent, name, attributes)
    }

    /// Adds an entry that people made; it gets the next security identifier where it needs one.
    pub(super) fn add(
        &mut self,
        class: EntryClass,
        parent: &Dn,
        name: &str,
        mut attributes: Attributes,
    ) -> Dn {
        if matches!(
            class,
            EntryClass::User | EntryClass::Group | EntryClass::Computer
        ) {
            let sid = self.security_identifier(self.next_relative_identifier);
            attributes.set("objectSid", vec![sid]);
            self.next_relative_identifier += 1;
        }
        self.add_built_in(class, parent, name, attributes)
    }

    /// Adds an entry that the directory came with.
    pub(super) fn add_built_in(
        &mut self,
        class: EntryClass,
        parent: &Dn,
        name: &str,
        attributes: Attributes,
    ) -> Dn {
        let dn = parent
            .child(class.naming_attribute(), name)
            .expect("the names in the seed can be escaped");
        let attributes = if class.naming_attribute() == "CN" {
            attributes.with("cn", name)
        } else {
            attributes
        };
        self.insert(class, dn.clone(), attributes.with("name", name));
        dn
    }

    fn insert(&mut self, class: EntryClass, dn: Dn, mut attributes: Attributes) {
        let index = self.entries.len() as u64;
        let stream = self.forest as u64 * 1_000_000;
        let random = Random::new(self.seed, Stream::Identifiers, stream + index).bytes(16);
        let uuid = Builder::from_random_bytes(random.try_into().expect("sixteen bytes were asked"));
        let created = PICTURED_AT - Duration::days(1_500) + Duration::minutes(97 * index as i64);
        attributes.set("whenCreated", texts(&[&generalized_time(created)]));
        self.entries.push(SeedObject {
            guid: ObjectGuid::from_uuid(uuid.into_uuid()),
            class,
            dn,
            attributes,
            shows: None,
        });
    }

    /// Says of the entry added last what it is there to show.
    pub(super) fn note(&mut self, shows: Shows) {
        if let Some(entry) = self.entries.last_mut() {
            entry.shows = Some(shows);
        }
    }

    pub(super) fn entry(&mut self, dn: &Dn) -> &mut SeedObject {
        self.entries
            .iter_mut()
            .find(|entry| entry.dn == *dn)
            .expect("the seed names only entries that it added")
    }

    pub(super) fn security_identifier(&self, relative_identifier: u32) -> AttributeValue {
        formats::security_identifier(
            &domain_identifier(self.forest, self.seed),
            relative_identifier,
        )
    }
}

/// What stands between S-1-5-21 and the relative identifier in all identifiers of the domain.
pub(super) fn domain_identifier(forest: Forest, seed: u64) -> Vec<u8> {
    Random::new(seed, Stream::DomainIdentifier, forest as u64).bytes(12)
}

/// Texts as the values of one attribute.
pub(super) fn texts(values: &[&str]) -> Values {
    values
        .iter()
        .map(|value| AttributeValue::from(*value))
        .collect()
}

/// Names as the values of a reference attribute.
pub(super) fn references(names: &[Dn]) -> Values {
    names.iter().map(|dn| dn.as_str().into()).collect()
}
