//! Single objects and the tree: what a person asks for while looking at a page.

use engine::directory::{Dn, ObjectGuid, ObjectKind, SourceAnchor, SourceObject};
use ldap3_proto::proto::LdapSearchScope;

use super::{
    Session, attributes,
    decode::{self, Decoded},
    dialect::text,
    filter::Filter,
    ranges,
    search::{Entry, PagedSearch, Search, Step},
};
use crate::source::{Chosen, Container, Lookup, SourceError, Whereabouts};

/// How many entries of one name are looked at.
const GREATEST_NUMBER_OF_NAMESAKES: u16 = 20;
/// In the order in which a match is preferred.
const NAMES: [&str; 4] = ["userPrincipalName", "mail", "uid", "sAMAccountName"];
/// Where a part of a name is looked for, as the demo forests do.
const NAMED_BY: [&str; 6] = [
    "cn",
    "displayName",
    "sAMAccountName",
    "uid",
    "mail",
    "userPrincipalName",
];

impl Session {
    pub(super) async fn fetch(
        &mut self,
        lookup: &Lookup,
    ) -> Result<Option<SourceObject>, SourceError> {
        match lookup {
            Lookup::Dn(dn) => self.object_at(dn).await,
            Lookup::Anchor(anchor) => self.object_of(anchor).await,
            Lookup::Name(name) => self.object_named(name).await,
        }
    }

    async fn object_at(&mut self, dn: &Dn) -> Result<Option<SourceObject>, SourceError> {
        if !dn.is_under(&self.settings.base_dn) {
            return Ok(None);
        }
        let search = Search {
            attributes: attributes::to_ask_for(&self.settings),
            extended_names: self.dialect.has_extended_names(),
            ..Search::entry(dn.as_str(), &[])
        };
        match self.connection.entry(&self.settings, &search).await? {
            Some(entry) => self.whole_object(entry).await,
            None => Ok(None),
        }
    }

    async fn object_of(
        &mut self,
        anchor: &SourceAnchor,
    ) -> Result<Option<SourceObject>, SourceError> {
        let Some(guid) = anchor.object_guid() else {
            return Ok(None);
        };
        let objects = self.objects(identified_by(guid)).await?;
        Ok(objects.into_iter().find(|object| object.anchor == *anchor))
    }

    async fn object_named(&mut self, name: &str) -> Result<Option<SourceObject>, SourceError> {
        let any = NAMES.map(|attribute| Filter::equals(attribute, name));
        let objects = self.objects(Filter::Any(any.to_vec())).await?;
        let rank = |object: &SourceObject| {
            NAMES.iter().position(|attribute| {
                let mut values = object.attributes.values(attribute).iter();
                values.any(|value| {
                    value
                        .as_text()
                        .is_some_and(|text| text.eq_ignore_ascii_case(name))
                })
            })
        };
        Ok(objects
            .into_iter()
            .min_by_key(|object| rank(object).unwrap_or(NAMES.len())))
    }

    /// An entry of any kind, by its identifier where that is known.
    pub(super) async fn locate(&mut self, chosen: &Chosen) -> Result<Whereabouts, SourceError> {
        let search = match chosen.guid {
            None => Search::entry(chosen.dn.as_str(), &attributes::ANCHORS),
            Some(guid) => Search {
                scope: LdapSearchScope::Subtree,
                filter: identified_by(guid),
                ..Search::entry(self.settings.base_dn.as_str(), &attributes::ANCHORS)
            },
        };
        let found = match self
            .connection
            .find(&self.settings, &search, GREATEST_NUMBER_OF_NAMESAKES)
            .await
        {
            Err(SourceError::BaseNotFound { .. }) if chosen.guid.is_none() => Vec::new(),
            found => found?,
        };
        let located = found.iter().find_map(|entry| {
            let guid = decode::directory_identifier(entry);
            let is_meant = chosen.guid.is_none() || guid == chosen.guid;
            let dn = Dn::parse(&entry.dn).ok().filter(|_| is_meant)?;
            Some(Whereabouts::At { dn, guid })
        });
        Ok(located.unwrap_or(Whereabouts::NotFound))
    }

    async fn objects(&mut self, filter: Filter) -> Result<Vec<SourceObject>, SourceError> {
        let search = Search {
            base: self.settings.base_dn.as_str().to_owned(),
            scope: LdapSearchScope::Subtree,
            filter: self.dialect.objects().and(filter),
            attributes: attributes::to_ask_for(&self.settings),
            extended_names: self.dialect.has_extended_names(),
        };
        let found = self
            .connection
            .find(&self.settings, &search, GREATEST_NUMBER_OF_NAMESAKES)
            .await?;
        let mut objects = Vec::new();
        for entry in found {
            objects.extend(self.whole_object(entry).await?);
        }
        Ok(objects)
    }

    /// Some objects whose names contain a part. What cannot be used is left out: it is only offered.
    pub(super) async fn search(
        &mut self,
        kind: ObjectKind,
        part: &str,
        greatest_number: u16,
    ) -> Result<Vec<SourceObject>, SourceError> {
        let named = NAMED_BY.map(|attribute| Filter::contains(attribute, part));
        let search = Search {
            base: self.settings.base_dn.as_str().to_owned(),
            scope: LdapSearchScope::Subtree,
            filter: self
                .dialect
                .objects_of(kind)
                .and(Filter::Any(named.to_vec())),
            attributes: attributes::to_recognize_by(),
            extended_names: false,
        };
        let found = self
            .connection
            .find(&self.settings, &search, greatest_number)
            .await?;
        let objects = found
            .into_iter()
            .filter_map(|entry| match decode::object(entry) {
                Decoded::Object(object) if object.kind == kind => Some(object),
                Decoded::Object(_) | Decoded::NotOurs | Decoded::Unusable(_) => None,
            });
        Ok(objects.collect())
    }

    async fn whole_object(
        &mut self,
        mut entry: Entry,
    ) -> Result<Option<SourceObject>, SourceError> {
        if self.dialect.has_ranges() && ranges::is_incomplete(&entry) {
            ranges::complete(&mut self.connection, &self.settings, &mut entry).await?;
        }
        match decode::object(entry) {
            Decoded::Object(object) => Ok(Some(object)),
            Decoded::NotOurs => Ok(None),
            Decoded::Unusable(detail) => Err(SourceError::Protocol { detail }),
        }
    }

    pub(super) async fn containers(&mut self, parent: &Dn) -> Result<Vec<Container>, SourceError> {
        let mut containers = Vec::new();
        for (dn, is_leaf) in self.children(parent).await? {
            let has_containers = !is_leaf && self.has_containers(&dn).await?;
            containers.push(Container {
                name: dn.name(),
                dn,
                has_containers,
            });
        }
        containers.sort_by_cached_key(|container| container.name.to_lowercase());
        Ok(containers)
    }

    /// The containers directly below, and whether the directory says that nothing is below them.
    async fn children(&mut self, parent: &Dn) -> Result<Vec<(Dn, bool)>, SourceError> {
        let search = self.one_level(parent, &["hasSubordinates", "numSubordinates"]);
        let mut paged = PagedSearch::new(&self.settings, &search);
        let mut children = Vec::new();
        loop {
            match paged.next(&mut self.connection).await? {
                Step::Entry(entry) => {
                    let is_leaf = text(&entry, "hasSubordinates") == Some("FALSE")
                        || text(&entry, "numSubordinates") == Some("0");
                    children.extend(Dn::parse(&entry.dn).ok().map(|dn| (dn, is_leaf)));
                }
                Step::PageEnd { more: true } => {}
                Step::PageEnd { more: false } => return Ok(children),
            }
        }
    }

    async fn has_containers(&mut self, dn: &Dn) -> Result<bool, SourceError> {
        let search = self.one_level(dn, &["1.1"]);
        let found = self.connection.find(&self.settings, &search, 1).await?;
        Ok(!found.is_empty())
    }

    fn one_level(&self, parent: &Dn, attributes: &[&str]) -> Search {
        Search {
            base: parent.as_str().to_owned(),
            scope: LdapSearchScope::OneLevel,
            filter: self.dialect.containers(),
            attributes: attributes.iter().map(ToString::to_string).collect(),
            extended_names: false,
        }
    }
}

/// In every spelling that some directory uses for the identifier that anchors are made of.
fn identified_by(guid: ObjectGuid) -> Filter {
    let uuid = guid.as_uuid();
    let digits = uuid.simple().to_string();
    let in_fours = [&digits[..8], &digits[8..16], &digits[16..24], &digits[24..]].join("-");
    let bytes = uuid.to_bytes_le();
    Filter::Any(vec![
        Filter::equals("entryUUID", uuid.to_string()),
        Filter::equals("objectGUID", bytes),
        Filter::equals("mS-DS-ConsistencyGuid", bytes),
        Filter::equals("nsUniqueId", in_fours),
        Filter::equals("ipaUniqueID", uuid.to_string()),
    ])
}
