//! A configuration for a unit of the domain, and people and groups in it.

use std::{sync::Arc, time::Duration};

use backend::{
    Actor, configurations, directories, provisioning_logs, tenant, testing::TestBackend, worker,
};
use connectors::samba::{Account, Samba};
use engine::{
    configuration::{
        ConfigurationId,
        draft::{
            ConfigurationDraft, LdapDraft, NewConfiguration, ScopeChoice, ScopeDraft, SettingsDraft,
        },
    },
    directory::ObjectKind,
    records::{CycleSummary, ProvisioningAction, ProvisioningFilter, TenantObjectSummary},
};
use secrecy::ExposeSecret;

pub(crate) struct Story {
    pub(crate) backend: TestBackend,
    pub(crate) samba: Arc<Samba>,
    /// The unit that the story plays in; its name tells the accounts of stories apart.
    unit: &'static str,
    id: ConfigurationId,
}

impl Story {
    /// In a unit of its own, with these people (by the name of their unit within it) and groups
    /// (by the names of their members).
    pub(crate) async fn begin(
        unit: &'static str,
        people: &[(&str, &str)],
        groups: &[(&str, &[&str])],
    ) -> Self {
        let samba = Samba::shared();
        samba.modify(&format!(
            "dn: OU={unit},{}\nchangetype: add\nobjectClass: organizationalUnit\n",
            samba.base()
        ));
        let story = Self::connected(samba, unit).await;
        let mut units: Vec<&str> = people.iter().map(|(_, unit)| *unit).collect();
        units.push("OU=Groups");
        units.sort_unstable();
        units.dedup();
        for unit in units {
            story.add_unit(unit);
        }
        for (name, unit) in people {
            story.add_person(name, &format!("CN={name},{unit}"));
        }
        for (name, members) in groups {
            let members: Vec<String> = members
                .iter()
                .map(
                    |member| match people.iter().find(|(name, _)| name == member) {
                        Some((name, unit)) => format!("CN={name},{unit}"),
                        None => format!("CN={member},OU=Groups"),
                    },
                )
                .collect();
            story.add_group(name, &members);
        }
        story
    }

    async fn connected(samba: Arc<Samba>, unit: &'static str) -> Self {
        let backend = TestBackend::new().await;
        let draft = samba.draft(Account::Sync, &format!("OU={unit},{}", samba.base()));
        let draft = LdapDraft {
            url: draft.url,
            start_tls: draft.start_tls,
            ca_certificate_pem: draft.ca_certificate_pem.unwrap_or_default(),
            bind_dn: draft.bind_dn,
            bind_password: draft.bind_password.expose_secret().to_owned(),
            base_dn: draft.base_dn,
        };
        directories::connect(&backend, &Actor::System, draft)
            .await
            .unwrap();
        let new = NewConfiguration {
            domain: "contoso.test".to_owned(),
            password_hash_sync: false,
        };
        let id = configurations::create(&backend, &Actor::System, new)
            .await
            .unwrap();
        let story = Self {
            backend,
            samba,
            unit,
            id,
        };
        story.scope(ScopeDraft::default()).await;
        story
    }

    /// The whole name of what lies in the story's unit.
    pub(crate) fn dn(&self, below: &str) -> String {
        let comma = if below.is_empty() { "" } else { "," };
        format!("{below}{comma}OU={},{}", self.unit, self.samba.base())
    }

    pub(crate) fn add(&self, entry: &str) {
        let (dn, rest) = entry.split_once('\n').unwrap();
        self.samba
            .modify(&format!("{dn}\nchangetype: add\n{rest}\n"));
    }

    pub(crate) fn add_unit(&self, below: &str) {
        let dn = self.dn(below);
        self.add(&format!("dn: {dn}\nobjectClass: organizationalUnit\n"));
    }

    /// Somebody with that name for people, enabled.
    pub(crate) fn add_person(&self, name: &str, below: &str) {
        let dn = self.dn(below);
        let account = format!("{}-{name}", self.unit);
        self.add(&format!(
            "dn: {dn}\nobjectClass: user\nsAMAccountName: {account}\ndisplayName: {name}\n\
             userPrincipalName: {account}@contoso.test\nmail: {account}@contoso.test\n\
             userAccountControl: 544\n"
        ));
    }

    pub(crate) fn add_group(&self, name: &str, members: &[String]) {
        let dn = self.dn(&format!("CN={name},OU=Groups"));
        let members: String = members
            .iter()
            .map(|member| format!("member: {}\n", self.dn(member)))
            .collect();
        let account = format!("{}-{name}", self.unit);
        self.add(&format!(
            "dn: {dn}\nobjectClass: group\nsAMAccountName: {account}\ndisplayName: {name}\n{members}"
        ));
    }

    pub(crate) fn delete(&self, below: &str) {
        let dn = self.dn(below);
        self.samba
            .modify(&format!("dn: {dn}\nchangetype: delete\n"));
    }

    /// Renames or moves: `CN=anna,OU=Sales` to `CN=Anna Berg,OU=Support`.
    pub(crate) fn rename(&self, from: &str, to: &str) {
        let (name, parent) = to.split_once(',').unwrap_or((to, ""));
        self.samba.modify(&format!(
            "dn: {}\nchangetype: modrdn\nnewrdn: {name}\ndeleteoldrdn: 1\nnewsuperior: {}\n",
            self.dn(from),
            self.dn(parent)
        ));
    }

    pub(crate) fn set(&self, below: &str, attribute: &str, value: &str) {
        let dn = self.dn(below);
        self.samba.modify(&format!(
            "dn: {dn}\nchangetype: modify\nreplace: {attribute}\n{attribute}: {value}\n"
        ));
    }

    pub(crate) async fn scope(&self, scope: ScopeDraft) {
        let revision = configurations::get(&self.backend, self.id)
            .await
            .unwrap()
            .revision;
        let settings = SettingsDraft {
            prevent_accidental_deletion: true,
            accidental_deletion_threshold: "500".to_owned(),
            enabled: true,
            ..SettingsDraft::default()
        };
        let draft = ConfigurationDraft {
            revision,
            settings,
            scope: Some(scope),
        };
        configurations::save(&self.backend, &Actor::System, self.id, draft)
            .await
            .unwrap();
    }

    pub(crate) async fn scope_is_units(&self, units: &[&str]) {
        self.scope(ScopeDraft {
            choice: ScopeChoice::SelectedOrganizationalUnits,
            organizational_units: units.iter().map(|unit| self.dn(unit)).collect(),
            ..ScopeDraft::default()
        })
        .await;
    }

    pub(crate) async fn scope_is_group(&self, name: &str) {
        self.scope(ScopeDraft {
            choice: ScopeChoice::SelectedSecurityGroups,
            groups: vec![self.dn(&format!("CN={name},OU=Groups"))],
            ..ScopeDraft::default()
        })
        .await;
    }

    /// The next scheduled cycle, an hour later, so that whatever is due has its turn.
    pub(crate) async fn cycle(&self) -> CycleSummary {
        self.backend.clock.advance(Duration::from_secs(3600));
        worker::run_due(&self.backend).await.unwrap().remove(0).1
    }

    pub(crate) async fn restart(&self) -> CycleSummary {
        configurations::restart(&self.backend, &Actor::System, self.id)
            .await
            .unwrap();
        self.cycle().await
    }

    async fn objects(&self, kind: ObjectKind) -> Vec<TenantObjectSummary> {
        let page = tenant::list(&self.backend, kind, "", None, 1_000).await;
        page.unwrap().items
    }

    /// The people of the tenant.
    pub(crate) async fn people(&self) -> Vec<String> {
        let people = self.objects(ObjectKind::User).await;
        people.into_iter().map(|one| one.display_name).collect()
    }

    /// The members of a group in the tenant.
    pub(crate) async fn members(&self, group: &str) -> Vec<String> {
        let groups = self.objects(ObjectKind::Group).await;
        let group = groups.iter().find(|one| one.display_name == group).unwrap();
        let members = tenant::references(&self.backend, group.id, "Member", None, 1_000).await;
        let members = members.unwrap().items.into_iter();
        members.map(|one| one.display_name).collect()
    }

    /// What the log says of a cycle, without what merely repeats where an object lies.
    pub(crate) async fn log(&self, cycle: &CycleSummary) -> Vec<String> {
        let filter = ProvisioningFilter {
            cycle: Some(cycle.id),
            ..ProvisioningFilter::default()
        };
        let page = provisioning_logs::list(&self.backend, &filter, None, 1_000).await;
        let mut lines = Vec::new();
        for entry in page.unwrap().items {
            let detail = provisioning_logs::get(&self.backend, entry.id)
                .await
                .unwrap();
            let changed: Vec<String> = detail
                .detail
                .modified_properties
                .iter()
                .filter(|_| entry.action == ProvisioningAction::Update)
                .map(|changed| changed.name.clone())
                .collect();
            let line = format!(
                "{} {} {}",
                entry.action.label(),
                entry.display_name,
                changed.join(", ")
            );
            lines.push(line.trim_end().to_owned());
        }
        lines.sort();
        lines
    }
}
