//! Cycles against a directory in memory: data in, what the tenant and the log hold out.

mod absence;
mod beginning;
mod convergence;
mod flow;
mod guards;
mod identity;
mod insights;
mod names;
mod odd_values;
mod on_demand;
mod previewing;
mod quarantine;
mod scope_names;
mod scoping;
mod standing;
mod threshold;
mod unique_values;

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use connectors::{
    SourceError,
    memory::{Fault, MemorySource, Tombstones},
};
use engine::{
    configuration::{
        ConfigurationId,
        draft::{ConfigurationDraft, NewConfiguration, ScopeChoice, ScopeDraft, SettingsDraft},
    },
    directory::{Attributes, Dn, ObjectGuid, ObjectKind, SourceAnchor, SourceObject},
    records::{
        CycleOutcome, CycleSummary, ProvisioningAction, ProvisioningFilter, Status,
        TenantObjectSummary,
    },
};
use uuid::Uuid;

use crate::{
    Actor,
    configurations::{self, Allowed},
    directories, notifications, provisioning_logs, tenant,
    testing::TestBackend,
    worker,
};

/// A configuration for contoso.test over a directory in memory, enabled.
struct World {
    backend: TestBackend,
    source: MemorySource,
    id: ConfigurationId,
}

fn anchor(name: &str) -> SourceAnchor {
    ObjectGuid::from_uuid(Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes())).source_anchor()
}

fn user(name: &str, ou: &str) -> SourceObject {
    SourceObject {
        anchor: anchor(name),
        dn: Dn::parse(&format!("CN={name},OU={ou},DC=contoso,DC=test")).unwrap(),
        guid: None,
        kind: ObjectKind::User,
        attributes: Attributes::new()
            .with("cn", name)
            .with("displayName", name)
            .with("userPrincipalName", format!("{name}@contoso.test"))
            .with("department", ou),
    }
}

fn group(name: &str, members: &[&SourceObject]) -> SourceObject {
    let mut attributes = Attributes::new()
        .with("cn", name)
        .with("groupType", "-2147483646");
    attributes.set(
        "member",
        members
            .iter()
            .map(|member| member.dn.as_str().into())
            .collect(),
    );
    SourceObject {
        anchor: anchor(name),
        dn: Dn::parse(&format!("CN={name},OU=Groups,DC=contoso,DC=test")).unwrap(),
        guid: None,
        kind: ObjectKind::Group,
        attributes,
    }
}

fn with(mut object: SourceObject, name: &str, value: &str) -> SourceObject {
    object.attributes.set(name, vec![value.into()]);
    object
}

fn settings(threshold: u32) -> SettingsDraft {
    SettingsDraft {
        prevent_accidental_deletion: true,
        accidental_deletion_threshold: threshold.to_string(),
        notification_email: "ops@contoso.test".to_owned(),
        enabled: true,
        ..SettingsDraft::default()
    }
}

impl World {
    async fn new(tombstones: Tombstones, objects: impl IntoIterator<Item = SourceObject>) -> Self {
        let backend = TestBackend::new().await;
        directories::ensure_forests(&backend).await.unwrap();
        let source = MemorySource::new(tombstones);
        objects.into_iter().for_each(|object| source.put(object));
        let directory = directories::list(&backend).await.unwrap().remove(0);
        backend
            .substitutes
            .set(directory.id, Arc::new(source.clone()));
        let new = NewConfiguration {
            domain: directory.domain.to_string(),
            password_hash_sync: false,
        };
        let id = configurations::create(&backend, &Actor::System, new)
            .await
            .unwrap();
        let world = Self {
            backend,
            source,
            id,
        };
        world.save(settings(3), None).await;
        world
    }

    async fn save(&self, settings: SettingsDraft, scope: Option<ScopeDraft>) {
        let revision = configurations::get(&self.backend, self.id)
            .await
            .unwrap()
            .revision;
        let draft = ConfigurationDraft {
            revision,
            settings,
            scope,
        };
        configurations::save(&self.backend, &Actor::System, self.id, draft)
            .await
            .unwrap();
    }

    /// The next scheduled cycle.
    async fn cycle(&self) -> CycleSummary {
        self.backend.clock.advance(Duration::from_secs(120));
        let mut done = worker::run_due(&self.backend).await.unwrap();
        assert_eq!(done.len(), 1, "one configuration is due");
        done.remove(0).1
    }

    async fn restart(&self) -> CycleSummary {
        configurations::restart(&self.backend, &Actor::System, self.id)
            .await
            .unwrap();
        self.cycle().await
    }

    async fn objects(&self, kind: ObjectKind) -> Vec<TenantObjectSummary> {
        tenant::list(&self.backend, kind, "", None, 1_000)
            .await
            .unwrap()
            .items
    }

    async fn names(&self, kind: ObjectKind) -> Vec<String> {
        self.objects(kind)
            .await
            .into_iter()
            .map(|object| object.display_name)
            .collect()
    }

    async fn members(&self, group: &str) -> Vec<String> {
        let groups = self.objects(ObjectKind::Group).await;
        let group = groups.iter().find(|one| one.display_name == group).unwrap();
        let members = tenant::references(&self.backend, group.id, "Member", None, 1_000).await;
        members
            .unwrap()
            .items
            .into_iter()
            .map(|object| object.display_name)
            .collect()
    }

    async fn log(&self, cycle: &CycleSummary) -> Vec<String> {
        let filter = ProvisioningFilter {
            cycle: Some(cycle.id),
            ..ProvisioningFilter::default()
        };
        let page = provisioning_logs::list(&self.backend, &filter, None, 1_000)
            .await
            .unwrap();
        let mut lines = Vec::new();
        for entry in page.items.iter().rev() {
            let detail = provisioning_logs::get(&self.backend, entry.id)
                .await
                .unwrap()
                .detail;
            let changes: Vec<_> = detail
                .modified_properties
                .iter()
                .filter(|_| entry.action == ProvisioningAction::Update)
                .map(|p| format!(" {} {:?} → {:?}", p.name, p.old_value, p.new_value))
                .collect();
            let error = detail
                .error
                .map(|error| format!(" {}", error.code))
                .unwrap_or_default();
            lines.push(format!(
                "{} {}{}{error}",
                entry.action.label(),
                entry.display_name,
                changes.concat().replace("Some(", "").replace(')', "")
            ));
        }
        lines.sort();
        lines
    }

    async fn status(&self) -> Status {
        configurations::state(&self.backend, self.id)
            .await
            .unwrap()
            .status
    }
}

fn units(names: &[&str]) -> Option<ScopeDraft> {
    Some(ScopeDraft {
        choice: ScopeChoice::SelectedOrganizationalUnits,
        organizational_units: names
            .iter()
            .map(|name| format!("OU={name},DC=contoso,DC=test"))
            .collect(),
        ..ScopeDraft::default()
    })
}
