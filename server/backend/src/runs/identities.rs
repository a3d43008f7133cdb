//! Two entries of a directory that carry one anchor: only one of them can be synchronized.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
};

use connectors::Skipped;
use engine::directory::SourceObject;

/// Which anchors a reading named, and under which name. Digests instead of texts: two numbers an
/// object, however long its name is.
#[derive(Debug, Default)]
pub(super) struct Identities {
    names: HashMap<u64, u64>,
    pub(super) doubles: Skipped,
    /// The keys of their names. Whoever was known by one of them is there, whatever it is now.
    pub(super) names_of_doubles: Vec<String>,
}

impl Identities {
    /// Whether the object may be taken: its anchor was not named before under another name. Who
    /// comes first is kept; the others are told.
    pub(super) fn admit(&mut self, object: &SourceObject) -> bool {
        let name = digest(object.dn.key());
        let first = *self
            .names
            .entry(digest(object.anchor.as_str()))
            .or_insert(name);
        if first == name {
            return true;
        }
        self.names_of_doubles.push(object.dn.key().to_owned());
        self.doubles.add(|| {
            format!(
                "{} carries the source anchor {} of another entry. Clear its \
                 mS-DS-ConsistencyGuid.",
                object.dn, object.anchor
            )
        });
        false
    }
}

fn digest(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use engine::directory::{Attributes, Dn, ObjectKind, SourceAnchor};

    use super::*;

    #[test]
    fn the_second_entry_with_an_anchor_is_told_and_the_first_one_is_kept() {
        let object = |name: &str| SourceObject {
            anchor: SourceAnchor::from_stored("same"),
            dn: Dn::parse(name).unwrap(),
            guid: None,
            kind: ObjectKind::User,
            attributes: Attributes::new(),
        };
        let mut identities = Identities::default();
        assert!(identities.admit(&object("CN=anna,DC=x")));
        assert!(identities.admit(&object("cn=Anna,dc=x")), "named twice");
        assert!(!identities.admit(&object("CN=ben,DC=x")));
        assert_eq!(identities.doubles.count, 1);
        assert!(identities.doubles.examples[0].starts_with("CN=ben,DC=x carries"));
    }
}
