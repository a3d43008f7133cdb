//! The main job on a large real directory: 10,000 people, 1,000 groups and 200,000 memberships of
//! an OpenLDAP server, told as one story, because setting the scene costs most of the time.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

use std::{collections::BTreeSet, time::Duration};

use backend::{
    Actor, Backend, configurations, directories, provisioning_logs, runs, tenant,
    testing::TestBackend, worker,
};
use connectors::slapd::{Account, Slapd};
use engine::{
    configuration::{
        ConfigurationId,
        draft::{
            ConfigurationDraft, LdapDraft, NewConfiguration, ScopeChoice, ScopeDraft, SettingsDraft,
        },
    },
    directory::{Dn, ObjectGuid, ObjectKind},
    health::Health,
    records::{
        CycleOutcome, CycleSummary, PageKey, ProvisioningFilter, ProvisioningResult, Status,
        TenantObjectSummary,
    },
};
use secrecy::ExposeSecret;
use tokio_util::sync::CancellationToken;

const PEOPLE: usize = 10_000;
const GROUPS: usize = 1_000;
const MEMBERS: usize = 200;

struct Story {
    backend: TestBackend,
    slapd: Slapd,
    id: ConfigurationId,
}

impl Story {
    async fn begin() -> Self {
        let generate = format!("--groups {GROUPS} --members-per-group {MEMBERS}");
        let slapd = Slapd::start_with(PEOPLE, &[("GENERATE", &generate)]);
        let backend = TestBackend::new().await;
        let draft = slapd.draft(Account::Reader);
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
            password_hash_sync: true,
        };
        let id = configurations::create(&backend, &Actor::System, new)
            .await
            .unwrap();
        let story = Self { backend, slapd, id };
        story.save(None).await;
        story
    }

    async fn save(&self, scope: Option<ScopeDraft>) {
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
            scope,
        };
        configurations::save(&self.backend, &Actor::System, self.id, draft)
            .await
            .unwrap();
    }

    async fn cycle(&self) -> CycleSummary {
        self.backend.clock.advance(Duration::from_secs(120));
        worker::run_due(&self.backend).await.unwrap().remove(0).1
    }

    async fn restart(&self) -> CycleSummary {
        configurations::restart(&self.backend, &Actor::System, self.id)
            .await
            .unwrap();
        self.cycle().await
    }

    async fn objects(&self, kind: ObjectKind) -> Vec<TenantObjectSummary> {
        let mut all = Vec::new();
        let mut after: Option<PageKey> = None;
        loop {
            let page = tenant::list(&self.backend, kind, "", after, 1_000)
                .await
                .unwrap();
            all.extend(page.items);
            after = page.next;
            if after.is_none() {
                return all;
            }
        }
    }

    async fn log_rows(&self, cycle: &CycleSummary) -> usize {
        let filter = ProvisioningFilter {
            cycle: Some(cycle.id),
            ..ProvisioningFilter::default()
        };
        let page = provisioning_logs::list(&self.backend, &filter, None, 20_000)
            .await
            .unwrap();
        assert!(
            page.items
                .iter()
                .all(|entry| entry.result == ProvisioningResult::Success)
        );
        page.items.len()
    }

    /// Each of a hundred objects, spread over all: every attribute that was mapped, every member.
    async fn compare_a_hundred(
        &self,
        users: &[TenantObjectSummary],
        groups: &[TenantObjectSummary],
    ) {
        for user in users.iter().step_by(users.len() / 80) {
            self.compare_user(user).await;
        }
        for group in groups.iter().step_by(groups.len() / 20) {
            self.compare_group(group).await;
        }
    }

    async fn compare_user(&self, user: &TenantObjectSummary) {
        let details = tenant::get(&self.backend, user.id).await.unwrap();
        let entry = self.entry(&details.source_anchor.unwrap().object_guid().unwrap());
        let one = |name: &str| entry.get(name).and_then(|values| values.first()).cloned();
        for (target, source) in [
            ("UserPrincipalName", "mail"),
            ("OnPremisesSamAccountName", "uid"),
            ("DisplayName", "displayName"),
            ("CommonName", "cn"),
            ("GivenName", "givenName"),
            ("Surname", "sn"),
            ("Mail", "mail"),
            ("EmployeeNumber", "employeeNumber"),
            ("EmployeeType", "employeeType"),
            ("Department", "departmentNumber"),
            ("Company", "o"),
            ("JobTitle", "title"),
            ("City", "l"),
            ("TelephoneNumber", "telephoneNumber"),
        ] {
            let shown = details.attributes.text(target).map(str::to_owned);
            assert_eq!(shown, one(source), "{target} of {}", user.display_name);
        }
        let dn = details
            .attributes
            .text("OnPremisesDistinguishedName")
            .unwrap();
        assert_eq!(Dn::parse(dn), Dn::parse(&one("dn").unwrap()));
        let manager = details.manager.map(|manager| manager.id);
        assert_eq!(manager.is_some(), entry.contains_key("manager"));
    }

    async fn compare_group(&self, group: &TenantObjectSummary) {
        let details = tenant::get(&self.backend, group.id).await.unwrap();
        let entry = self.entry(&details.source_anchor.unwrap().object_guid().unwrap());
        assert_eq!(
            details.attributes.text("DisplayName"),
            Some(entry["cn"][0].as_str())
        );
        let members = tenant::references(&self.backend, group.id, "Member", None, 20_000)
            .await
            .unwrap();
        let mut shown = BTreeSet::new();
        for member in members.items {
            let member = tenant::get(&self.backend, member.id).await.unwrap();
            let dn = member
                .attributes
                .text("OnPremisesDistinguishedName")
                .unwrap();
            shown.insert(Dn::parse(dn).unwrap());
        }
        let expected: BTreeSet<Dn> = entry["member"]
            .iter()
            .map(|name| Dn::parse(name).unwrap())
            .collect();
        assert_eq!(shown, expected, "members of {}", group.display_name);
    }

    /// The entry as the directory itself tells it.
    fn entry(&self, guid: &ObjectGuid) -> std::collections::BTreeMap<String, Vec<String>> {
        let text = self.slapd.search(&[&format!("(entryUUID={guid})")]);
        let mut entry = std::collections::BTreeMap::<String, Vec<String>>::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let (name, value) = match line.split_once(": ") {
                Some((name, value)) => match name.strip_suffix(':') {
                    Some(name) => (name, decoded(value)),
                    None => (name, value.to_owned()),
                },
                None => continue,
            };
            entry.entry(name.to_owned()).or_default().push(value);
        }
        entry
    }
}

/// LDIF writes what is not plain ASCII as base64.
fn decoded(base64: &str) -> String {
    let json = format!("{{\"$bin\":\"{base64}\"}}");
    match serde_json::from_str(&json).unwrap() {
        engine::directory::AttributeValue::Binary(bytes) => String::from_utf8(bytes).unwrap(),
        other => other.to_string(),
    }
}

fn ids(objects: &[TenantObjectSummary]) -> BTreeSet<uuid::Uuid> {
    objects.iter().map(|object| object.id).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_people_of_a_real_directory_are_synchronized_and_nobody_is_ever_lost() {
    let story = Story::begin().await;

    // Everybody, once.
    let began = tokio::time::Instant::now();
    let first = story.cycle().await;
    println!("initial cycle: {:?}, {:?}", began.elapsed(), first.counts);
    assert_eq!(first.outcome, CycleOutcome::Succeeded);
    let users = story.objects(ObjectKind::User).await;
    let groups = story.objects(ObjectKind::Group).await;
    assert_eq!(
        users.len(),
        story.slapd.count("(objectClass=inetOrgPerson)")
    );
    assert_eq!(
        groups.len(),
        story.slapd.count("(objectClass=groupOfNames)")
    );
    assert!(users.len() >= PEOPLE && groups.len() >= GROUPS);
    assert!(first.counts.references_added >= (GROUPS * MEMBERS) as u64);
    assert_eq!(story.log_rows(&first).await, users.len() + groups.len());
    story.compare_a_hundred(&users, &groups).await;

    // Nothing changed: nothing is written, neither by a delta nor by a full evaluation.
    let second = story.cycle().await;
    assert_eq!(
        (second.counts.changes(), story.log_rows(&second).await),
        (0, 0)
    );
    let again = story.restart().await;
    assert_eq!(
        (again.counts.changes(), story.log_rows(&again).await),
        (0, 0)
    );
    assert_eq!(
        again.counts.references_added + again.counts.references_removed,
        0
    );

    a_hundred_changes_cost_a_hundred_rows(&story).await;
    killing_the_directory_in_mid_read_deletes_nobody(&story, &users).await;
    narrowing_the_scope_is_held_and_widening_it_restores_everybody(&story, &users, &groups).await;
}

async fn a_hundred_changes_cost_a_hundred_rows(story: &Story) {
    let people = story.slapd.search(&["(objectClass=inetOrgPerson)", "1.1"]);
    let ldif: String = people
        .lines()
        .filter(|line| line.starts_with("dn:"))
        .take(100)
        .map(|dn| format!("{dn}\nchangetype: modify\nreplace: title\ntitle: Changed\n\n"))
        .collect();
    story.slapd.modify(&ldif);
    let cycle = story.cycle().await;
    assert_eq!(
        (cycle.counts.updated, story.log_rows(&cycle).await),
        (100, 100)
    );
}

async fn killing_the_directory_in_mid_read_deletes_nobody(
    story: &Story,
    users: &[TenantObjectSummary],
) {
    let (backend, id): (Backend, _) = (story.backend.backend.clone(), story.id);
    configurations::restart(&backend, &Actor::System, id)
        .await
        .unwrap();
    let mut changes = backend.changes();
    changes.mark_unchanged();
    let reading = tokio::spawn({
        let backend = backend.clone();
        async move { runs::run_cycle(&backend, id, CancellationToken::new()).await }
    });
    // The first page is stored, and twenty more are to come.
    changes.changed().await.unwrap();
    story.slapd.kill();
    let cycle = reading.await.unwrap().unwrap().unwrap();
    let CycleOutcome::Failed(message) = &cycle.outcome else {
        panic!("{:?}", cycle.outcome)
    };
    println!("told: {message}");
    assert!(cycle.counts.read > 0 && cycle.counts.read < users.len() as u64);
    let state = configurations::state(&backend, id).await.unwrap();
    assert_eq!(state.status, Status::Failing);
    assert!(matches!(state.health, Health::Failing(trouble) if &trouble.message == message));
    assert_eq!(story.objects(ObjectKind::User).await.len(), users.len());

    // While it is down, too.
    assert!(matches!(
        story.cycle().await.outcome,
        CycleOutcome::Failed(_)
    ));
    assert_eq!(story.objects(ObjectKind::User).await.len(), users.len());

    story.slapd.restart();
    let recovered = story.restart().await;
    assert_eq!(
        (&recovered.outcome, recovered.counts.changes()),
        (&CycleOutcome::Succeeded, 0)
    );
}

async fn narrowing_the_scope_is_held_and_widening_it_restores_everybody(
    story: &Story,
    users: &[TenantObjectSummary],
    groups: &[TenantObjectSummary],
) {
    let narrow = ScopeDraft {
        choice: ScopeChoice::SelectedOrganizationalUnits,
        organizational_units: vec!["OU=Sales,OU=Users,OU=Corp,DC=contoso,DC=test".to_owned()],
        ..ScopeDraft::default()
    };
    story.save(Some(narrow)).await;
    let held = story.restart().await;
    assert_eq!(held.outcome, CycleOutcome::Held);
    let state = configurations::state(&story.backend, story.id)
        .await
        .unwrap();
    assert_eq!(state.status, Status::DeleteThresholdExceeded);
    assert_eq!(state.held_deletions, held.counts.held);
    assert_eq!(story.objects(ObjectKind::User).await.len(), users.len());

    let list = configurations::held_deletions(&story.backend, story.id, None, 10)
        .await
        .unwrap();
    let cycle = list.cycle.unwrap();
    configurations::allow_deletes(
        &story.backend,
        &Actor::System,
        story.id,
        cycle,
        configurations::Allowed::All,
    )
    .await
    .unwrap();
    let allowed = story.cycle().await;
    assert_eq!(allowed.counts.deleted, held.counts.held);
    let left = story.objects(ObjectKind::User).await;
    let deleted = tenant::counts(&story.backend).await.unwrap().deleted_users;
    assert_eq!(left.len() as u64 + deleted, users.len() as u64);
    assert!(!left.is_empty() && story.objects(ObjectKind::Group).await.is_empty());

    story.save(Some(ScopeDraft::default())).await;
    let back = story.restart().await;
    assert_eq!(back.counts.restored, deleted);
    assert_eq!(ids(&story.objects(ObjectKind::User).await), ids(users));
    let groups_again = story.objects(ObjectKind::Group).await;
    assert_eq!(ids(&groups_again), ids(groups));
    story
        .compare_a_hundred(&story.objects(ObjectKind::User).await, &groups_again)
        .await;
}
