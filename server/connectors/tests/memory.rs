//! The directory in memory keeps the word of every source, with tombstones and without.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

use async_trait::async_trait;
use connectors::{
    Source,
    conformance::{Playground, every_source_passes},
    memory::{MemorySource, Tombstones},
};
use engine::directory::{AttributeValue, Attributes, Dn, ObjectKind, SourceAnchor, SourceObject};

struct InMemory {
    source: MemorySource,
}

impl InMemory {
    fn new(tombstones: Tombstones) -> Self {
        let playground = Self {
            source: MemorySource::new(tombstones),
        };
        playground.source.put_container(playground.home());
        playground.source.put_container(playground.elsewhere());
        playground
    }

    fn add(&self, kind: ObjectKind, name: &str, attributes: Attributes) -> Dn {
        let dn = self.home().child("CN", name).unwrap();
        self.source.put(SourceObject {
            anchor: SourceAnchor::from_bytes(name.as_bytes()),
            dn: dn.clone(),
            guid: None,
            kind,
            attributes,
        });
        dn
    }

    fn edit(&self, dn: &Dn, edit: impl FnOnce(&mut SourceObject)) {
        let mut object = self.find(dn);
        edit(&mut object);
        self.source.put(object);
    }

    /// Anchors are made of names here, which a move keeps.
    fn find(&self, dn: &Dn) -> SourceObject {
        let anchor = SourceAnchor::from_bytes(dn.name().as_bytes());
        self.source.get(&anchor).unwrap()
    }
}

#[async_trait]
impl Playground for InMemory {
    fn source(&self) -> &dyn Source {
        &self.source
    }

    fn top(&self) -> Dn {
        Dn::parse("OU=Top,DC=contoso,DC=test").unwrap()
    }

    fn home(&self) -> Dn {
        self.top().child("OU", "Home").unwrap()
    }

    fn elsewhere(&self) -> Dn {
        self.top().child("OU", "Elsewhere").unwrap()
    }

    async fn add_user(&self, name: &str) -> Dn {
        let mail = format!("{name}@contoso.test");
        self.add(ObjectKind::User, name, Attributes::new().with("mail", mail))
    }

    async fn add_group(&self, name: &str, members: &[Dn]) -> Dn {
        let members = members.iter().map(|dn| AttributeValue::from(dn.as_str()));
        let mut attributes = Attributes::new();
        attributes.set("member", members.collect());
        self.add(ObjectKind::Group, name, attributes)
    }

    async fn set_title(&self, user: &Dn, title: &str) {
        self.edit(user, |object| {
            object.attributes.set("title", vec![title.into()]);
        });
    }

    async fn add_member(&self, group: &Dn, member: &Dn) {
        self.edit(group, |object| {
            let mut members = object.attributes.values("member").to_vec();
            members.push(member.as_str().into());
            object.attributes.set("member", members);
        });
    }

    async fn move_elsewhere(&self, object: &Dn) -> Dn {
        let dn = self.elsewhere().child("CN", &object.name()).unwrap();
        self.edit(object, |object| object.dn = dn.clone());
        dn
    }

    async fn rename_elsewhere(&self, name: &str) -> Dn {
        let container = self.top().child("OU", name).unwrap();
        for user in ["moved", "inhabitant"] {
            let dn = container.child("CN", user).unwrap();
            self.edit(&dn.clone(), |object| object.dn = dn);
        }
        container
    }

    async fn delete(&self, object: &Dn) {
        self.source.remove(&self.find(object).anchor);
    }
}

#[tokio::test]
async fn a_directory_with_tombstones_passes() {
    every_source_passes(&InMemory::new(Tombstones::Kept)).await;
}

#[tokio::test]
async fn a_directory_without_tombstones_passes() {
    every_source_passes(&InMemory::new(Tombstones::Forgotten)).await;
}
