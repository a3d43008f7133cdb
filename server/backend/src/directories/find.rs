//! Objects of a directory that a person looks for: one by whatever names it, several by a part of
//! a name.

use connectors::{Lookup, Source};
use engine::{
    configuration::{ConfigurationId, DomainName},
    cycle::plan::source_display_name,
    directory::{Dn, ObjectGuid, ObjectKind, SourceAnchor, SourceObject},
    forest::{
        EntryClass, Forest,
        entry::{EntryFilter, EntrySummary},
    },
    records::{DirectoryKind, FoundObject},
};

use super::outside;
use crate::{Backend, Result, configurations, forest};

/// How many objects are offered for a part of a name.
const MOST_OFFERED: u32 = 10;

/// How a text that a person typed names an object: by distinguished name, object identifier, source
/// anchor, or by user principal name, mail address or `uid`.
pub(crate) fn lookup(text: &str) -> Lookup {
    if let Ok(guid) = text.trim_matches(['{', '}']).parse() {
        return Lookup::Anchor(ObjectGuid::from_uuid(guid).source_anchor());
    }
    match Dn::parse(text) {
        Ok(dn) if text.contains('=') && !text.ends_with("==") => Lookup::Dn(dn),
        _ if text.ends_with("==") => Lookup::Anchor(SourceAnchor::from_stored(text)),
        _ => Lookup::Name(text.to_owned()),
    }
}

/// The objects that a text may mean, for a field in which a person types: the one that has exactly
/// this name, else those whose names contain it.
pub async fn find_objects(
    backend: &Backend,
    id: ConfigurationId,
    kind: ObjectKind,
    text: &str,
) -> Result<Vec<FoundObject>> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let domain = configurations::get(backend, id).await?.domain;
    let directory = super::connected(backend, &domain).await?;
    let exact = directory
        .source
        .fetch(&lookup(text))
        .await
        .map_err(outside)?;
    let exact = exact.filter(|object| object.kind == kind);
    let kind_of_directory = super::of_domain(backend, &domain).await?.kind;
    match (exact, forest_of(kind_of_directory, &domain)) {
        (Some(object), _) => Ok(vec![found(&object)]),
        (None, Some(forest)) => search_forest(backend, forest, kind, text).await,
        (None, None) => search_directory(&*directory.source, kind, text).await,
    }
}

/// The object that a text names exactly, or the only one of its kind that it can mean.
pub(crate) async fn object_named(
    backend: &Backend,
    id: ConfigurationId,
    source: &dyn Source,
    kind: ObjectKind,
    text: &str,
) -> Result<Option<SourceObject>> {
    let text = text.trim();
    let exact = source.fetch(&lookup(text)).await.map_err(outside)?;
    if exact.is_some() {
        return Ok(exact);
    }
    match find_objects(backend, id, kind, text).await?.as_slice() {
        [only] => {
            let only = Lookup::Dn(only.dn.clone());
            source.fetch(&only).await.map_err(outside)
        }
        _ => Ok(None),
    }
}

fn forest_of(kind: DirectoryKind, domain: &DomainName) -> Option<Forest> {
    let mut forests = Forest::ALL.into_iter();
    forests.find(|forest| kind == DirectoryKind::Forest && forest.domain() == domain.as_str())
}

async fn search_directory(
    source: &dyn Source,
    kind: ObjectKind,
    text: &str,
) -> Result<Vec<FoundObject>> {
    let most = u16::try_from(MOST_OFFERED).unwrap_or(u16::MAX);
    let objects = source.search(kind, text, most).await.map_err(outside)?;
    let mut offered: Vec<FoundObject> = objects.iter().map(found).collect();
    offered.sort_by_cached_key(|object| object.name.to_lowercase());
    Ok(offered)
}

async fn search_forest(
    backend: &Backend,
    forest: Forest,
    kind: ObjectKind,
    text: &str,
) -> Result<Vec<FoundObject>> {
    let filter = EntryFilter {
        search: text.to_owned(),
        class: Some(match kind {
            ObjectKind::User => EntryClass::User,
            ObjectKind::Group => EntryClass::Group,
            ObjectKind::Contact => EntryClass::Contact,
        }),
        ..EntryFilter::default()
    };
    let page = forest::browse::list(backend, forest, &filter, None, MOST_OFFERED).await?;
    Ok(page.items.into_iter().map(entry).collect())
}

fn entry(entry: EntrySummary) -> FoundObject {
    let name = entry.label().to_owned();
    let detail = entry
        .user_principal_name
        .or(entry.mail)
        .or(entry.description);
    FoundObject {
        name,
        detail: detail.unwrap_or_default(),
        dn: entry.dn,
    }
}

fn found(object: &SourceObject) -> FoundObject {
    let text = |name| object.attributes.text(name).map(str::to_owned);
    let detail = text("userPrincipalName")
        .or_else(|| text("mail"))
        .or_else(|| text("description"));
    FoundObject {
        name: source_display_name(object),
        detail: detail.unwrap_or_default(),
        dn: object.dn.clone(),
    }
}

#[cfg(test)]
mod tests {
    use connectors::memory::{MemorySource, Tombstones};
    use engine::directory::Attributes;

    use super::*;

    #[tokio::test]
    async fn a_part_of_a_name_offers_some_objects_by_name() {
        let source = MemorySource::new(Tombstones::Kept);
        let people = (0..30).map(|number| format!("Night {number:02}"));
        for name in people.chain(["Ben Day".to_owned()]) {
            source.put(SourceObject {
                anchor: SourceAnchor::from_bytes(name.as_bytes()),
                dn: Dn::parse(&format!("CN={name},DC=contoso,DC=test")).unwrap(),
                guid: None,
                kind: ObjectKind::User,
                attributes: Attributes::new().with("cn", name),
            });
        }
        let search = |text| search_directory(&source, ObjectKind::User, text);
        let nights = search("NIGHT").await.unwrap();
        assert_eq!(nights.len(), MOST_OFFERED as usize);
        assert!(nights.is_sorted_by_key(|object| object.name.clone()));
        let days = search("day").await.unwrap();
        assert_eq!(days[0].dn.name(), "Ben Day");
        assert!(search("*").await.unwrap().is_empty());
    }

    #[test]
    fn an_object_is_named_by_dn_guid_anchor_or_name() {
        let guid = "1f3c8f0a-7d1c-4f57-9f0e-5a0b3c2d1e0f";
        assert!(matches!(
            lookup("CN=Anna,DC=contoso,DC=test"),
            Lookup::Dn(_)
        ));
        assert!(matches!(lookup(guid), Lookup::Anchor(_)));
        assert!(matches!(lookup(&format!("{{{guid}}}")), Lookup::Anchor(_)));
        let anchor = "CoivH3wdV0+fDloLPC0eDw==";
        assert!(matches!(lookup(anchor), Lookup::Anchor(found) if found.as_str() == anchor));
        assert!(matches!(lookup("anna@contoso.test"), Lookup::Name(_)));
    }
}
