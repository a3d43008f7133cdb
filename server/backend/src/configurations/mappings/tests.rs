//! What saving a schema does: stores, tells the audit log, and starts a full cycle.

use std::{sync::Arc, time::Duration};

use connectors::memory::{MemorySource, Tombstones};
use engine::{
    configuration::{
        DirectoryExtension, ExtensionName,
        draft::{
            ConfigurationDraft, NewConfiguration, SettingsDraft,
            mapping::{MappingDraft, MappingType, add, edit},
        },
        schema::AttributeType,
    },
    directory::{Attributes, Dn, SourceAnchor, SourceObject},
};

use super::*;
use crate::{configurations, tenant, testing::TestBackend, worker};

const ACTOR: Actor = Actor::System;
const EXTENSION: &str = "extension_0123456789abcdef0123456789abcdef_room";

/// A directory with one person, and an enabled configuration for it.
async fn world() -> (TestBackend, ConfigurationId) {
    let backend = TestBackend::new().await;
    directories::ensure_forests(&backend).await.unwrap();
    let source = MemorySource::new(Tombstones::Kept);
    source.put(SourceObject {
        anchor: SourceAnchor::from_bytes(b"anna"),
        dn: Dn::parse("CN=Anna,OU=Sales,DC=contoso,DC=test").unwrap(),
        guid: None,
        kind: ObjectKind::User,
        attributes: Attributes::new()
            .with("userPrincipalName", "anna@contoso.test")
            .with("displayName", "Anna")
            .with("department", "Sales")
            .with("roomNumber", "7"),
    });
    let directory = directories::list(&backend).await.unwrap().remove(0);
    backend.substitutes.set(directory.id, Arc::new(source));
    let new = NewConfiguration {
        domain: directory.domain.to_string(),
        password_hash_sync: false,
    };
    let id = configurations::create(&backend, &ACTOR, new).await.unwrap();
    (backend, id)
}

async fn enable(backend: &TestBackend, id: ConfigurationId) {
    let draft = ConfigurationDraft {
        revision: configurations::get(backend, id).await.unwrap().revision,
        settings: SettingsDraft {
            enabled: true,
            ..SettingsDraft::default()
        },
        scope: None,
    };
    configurations::save(backend, &ACTOR, id, draft)
        .await
        .unwrap();
}

async fn cycle(backend: &TestBackend) {
    backend.clock.advance(Duration::from_secs(120));
    assert_eq!(worker::run_due(backend).await.unwrap().len(), 1);
}

/// What Anna has in the tenant.
async fn value(backend: &TestBackend, attribute: &str) -> Option<String> {
    let page = tenant::list(backend, ObjectKind::User, "", None, 10)
        .await
        .unwrap();
    let details = tenant::get(backend, page.items[0].id).await.unwrap();
    details.attributes.text(attribute).map(str::to_owned)
}

fn constant(target: &str, value: &str) -> MappingDraft {
    MappingDraft {
        target: target.to_owned(),
        mapping_type: MappingType::Constant,
        constant_value: value.to_owned(),
        ..MappingDraft::new(ObjectKind::User)
    }
}

async fn audited(backend: &TestBackend) -> Vec<String> {
    let page = audit::list(backend, None, 10).await.unwrap();
    let of_mappings = page
        .items
        .into_iter()
        .filter(|entry| entry.activity == Activity::UpdateAttributeMappingsOrScope.label());
    of_mappings.map(|entry| entry.detail).collect()
}

#[tokio::test]
async fn a_saved_schema_reaches_every_object_with_the_next_cycle() {
    let (backend, id) = world().await;
    enable(&backend, id).await;
    cycle(&backend).await;
    assert_eq!(
        value(&backend, "Department").await.as_deref(),
        Some("Sales")
    );

    let before = configurations::get(&backend, id).await.unwrap();
    let constant = constant("department", "Everybody");
    let mappings = edit(&before.mappings, &[], &"Department".into(), &constant).unwrap();
    let draft = MappingsDraft {
        revision: before.revision,
        mappings,
        extensions: None,
    };
    let revision = save_mappings(&backend, &ACTOR, id, draft.clone())
        .await
        .unwrap();
    assert_eq!(revision, before.revision + 1);
    cycle(&backend).await;
    assert_eq!(
        value(&backend, "Department").await.as_deref(),
        Some("Everybody")
    );
    let again = save_mappings(&backend, &ACTOR, id, draft).await.unwrap();
    assert_eq!(again, revision, "what is stored already is not saved again");

    let restored = restore_default_mappings(&backend, &ACTOR, id, revision)
        .await
        .unwrap();
    assert_eq!(restored, revision + 1);
    cycle(&backend).await;
    assert_eq!(
        value(&backend, "Department").await.as_deref(),
        Some("Sales")
    );
    assert_eq!(
        audited(&backend).await,
        ["Attribute mappings: 1 changed (user Department)."; 2]
    );
}

#[tokio::test]
async fn a_directory_extension_is_filled_like_any_other_attribute() {
    let (backend, id) = world().await;
    let before = configurations::get(&backend, id).await.unwrap();
    let extensions = vec![DirectoryExtension {
        name: ExtensionName::parse(EXTENSION).unwrap(),
        attribute_type: AttributeType::Text,
        kinds: [ObjectKind::User].into(),
    }];
    let room = MappingDraft {
        target: EXTENSION.to_owned(),
        source_attribute: "roomNumber".to_owned(),
        ..MappingDraft::new(ObjectKind::User)
    };
    let mappings = add(&before.mappings, &extensions, &room).unwrap();
    let draft = MappingsDraft {
        revision: before.revision,
        mappings,
        extensions: Some(extensions),
    };
    save_mappings(&backend, &ACTOR, id, draft).await.unwrap();
    enable(&backend, id).await;
    cycle(&backend).await;
    assert_eq!(value(&backend, EXTENSION).await.as_deref(), Some("7"));
    assert_eq!(
        audited(&backend).await,
        [format!(
            "Attribute mappings: 1 changed (user {EXTENSION}); directory extensions: 0 to 1."
        )]
    );
}

#[tokio::test]
async fn a_schema_is_refused_as_a_whole_and_by_an_older_revision() {
    let (backend, id) = world().await;
    let before = configurations::get(&backend, id).await.unwrap();
    let draft = |revision, mappings| MappingsDraft {
        revision,
        mappings,
        extensions: None,
    };
    let empty = save_mappings(&backend, &ACTOR, id, draft(1, Mappings::new())).await;
    let Err(Error::Invalid(errors)) = empty else {
        panic!("{empty:?}");
    };
    assert_eq!(errors[0].field, "user.SourceAnchor.target");
    let constant = constant("Department", "x");
    let mappings = edit(&before.mappings, &[], &"Department".into(), &constant).unwrap();
    let old = draft(before.revision - 1, mappings);
    let refused = save_mappings(&backend, &ACTOR, id, old).await;
    assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
    assert_eq!(configurations::get(&backend, id).await.unwrap(), before);
    assert_eq!(audited(&backend).await, Vec::<String>::new());
}
