//! `SelectUniqueValue` chooses what nobody in the tenant has, and nobody else in the plan.

use engine::{
    configuration::{
        Apply,
        draft::mapping::{MappingDraft, MappingType, MappingsDraft, edit},
    },
    directory::AttributeName,
    records::ProvisioningResult,
};

use super::*;
use crate::{previews, runs};

impl World {
    /// Fills `alias` by an expression when an object is created.
    async fn choose_alias(&self, expression: &str) {
        let before = configurations::get(&self.backend, self.id).await.unwrap();
        let alias = AttributeName::from("Alias");
        let mapping = MappingDraft {
            kind: ObjectKind::User,
            target: alias.to_string(),
            mapping_type: MappingType::Expression,
            source_attribute: String::new(),
            constant_value: String::new(),
            expression: expression.to_owned(),
            default_value: String::new(),
            apply: Apply::OnlyDuringCreation,
            flow_behavior: Default::default(),
        };
        let draft = MappingsDraft {
            revision: before.revision,
            mappings: edit(&before.mappings, &[], &alias, &mapping).unwrap(),
            extensions: None,
        };
        configurations::save_mappings(&self.backend, &Actor::System, self.id, draft)
            .await
            .unwrap();
    }

    /// The aliases of all users, sorted.
    async fn aliases(&self) -> Vec<String> {
        let mut aliases = Vec::new();
        for user in self.objects(ObjectKind::User).await {
            let details = tenant::get(&self.backend, user.id).await.unwrap();
            aliases.extend(details.attributes.text("Alias").map(str::to_owned));
        }
        aliases.sort();
        aliases
    }
}

fn called(name: &str, given_name: &str) -> SourceObject {
    with(user(name, "Sales"), "givenName", given_name)
}

const FIRST_FREE: &str =
    r#"SelectUniqueValue(ToLower([givenName]), Append(ToLower([givenName]), "1"))"#;

#[tokio::test]
async fn people_of_one_plan_choose_apart_and_whoever_finds_nothing_free_holds_up_nobody() {
    let people = [
        called("anna", "Anna"),
        called("annika", "ANNA"),
        called("annette", "anna"),
        called("ben", "Ben"),
    ];
    let world = World::new(Tombstones::Kept, people).await;
    world.choose_alias(FIRST_FREE).await;
    let preview = previews::make(&world.backend, &Actor::System, world.id, None)
        .await
        .unwrap();
    let cycle = previews::run(&world.backend, &Actor::System, preview.id)
        .await
        .unwrap();
    assert_eq!((cycle.counts.created, cycle.counts.failed), (3, 1));
    assert_eq!(world.aliases().await, ["anna", "anna1", "ben"]);
    let log = world.log(&cycle).await;
    let failed = log.iter().filter(|line| line.contains("AttributeMapping"));
    assert_eq!(failed.count(), 1, "{log:?}");
}

#[tokio::test]
async fn what_the_tenant_has_is_taken_and_a_restart_chooses_nothing_anew() {
    let anna = called("anna", "Anna");
    let world = World::new(Tombstones::Kept, [anna.clone()]).await;
    world.choose_alias(FIRST_FREE).await;
    world.cycle().await;
    world.source.put(called("annika", "Anna"));
    let second = world.cycle().await;
    assert_eq!((second.counts.created, second.counts.failed), (1, 0));
    assert_eq!(world.aliases().await, ["anna", "anna1"]);
    assert_eq!(world.restart().await.counts.changes(), 0);
    assert_eq!(world.aliases().await, ["anna", "anna1"]);
}

#[tokio::test]
async fn whoever_is_in_the_recycle_bin_keeps_the_value_and_brings_it_back() {
    let anna = called("anna", "Anna");
    let world = World::new(Tombstones::Kept, [anna.clone()]).await;
    world.choose_alias(FIRST_FREE).await;
    world.cycle().await;
    world.source.remove(&anna.anchor);
    world.source.put(called("annika", "Anna"));
    world.cycle().await;
    assert_eq!(world.aliases().await, ["anna1"]);
    world.source.put(anna);
    let back = world.cycle().await;
    assert_eq!(back.counts.failed, 0);
    assert_eq!(world.aliases().await, ["anna", "anna1"]);
}

#[tokio::test]
async fn one_person_on_demand_asks_the_tenant_too() {
    let world = World::new(Tombstones::Kept, [called("anna", "Anna")]).await;
    world.choose_alias(FIRST_FREE).await;
    world.cycle().await;
    let annika = called("annika", "Anna");
    let name = annika.dn.as_str().to_owned();
    world.source.put(annika);
    let test = runs::provision_on_demand(&world.backend, &Actor::System, world.id, &name)
        .await
        .unwrap();
    assert_eq!(test.steps[3].result, ProvisioningResult::Success);
    assert_eq!(world.aliases().await, ["anna", "anna1"]);
}
