//! From marked objects to planned changes, page by page. Deciding is the engine's; here the
//! questions are answered that it asks: who is a member, what does the tenant have.

use std::collections::{BTreeSet, HashMap, HashSet};

use engine::{
    configuration::DomainName,
    cycle::{
        deletion_guard::{ApprovedPlan, Deletions},
        mapped::{CompiledMappings, Surroundings},
        plan::{self, Change, Known, PlannedChange, Prepared, Rules},
    },
    directory::SourceAnchor,
    records::CyclePhase,
    tenant::TenantObject,
};

use uuid::Uuid;

use super::{Cycle, PAGE, Stopped, store};
use crate::{Error, database::Write, tenant};

impl Cycle<'_> {
    pub(super) async fn rules(&mut self) -> Result<Rules, Stopped> {
        self.enter(CyclePhase::Planning);
        let configuration = &self.configuration;
        let mappings =
            CompiledMappings::compile(configuration).map_err(|error| Stopped::Source {
                message: error.to_string(),
                needs_a_person: true,
            })?;
        Ok(Rules {
            configuration: configuration.id,
            scope: configuration.scope.clone(),
            mappings,
            surroundings: surroundings(
                &configuration.domain,
                self.started_at.to_date_time(),
                &self.backend.settings.initial_domain,
            ),
        })
    }

    /// Plans and carries out page by page. Only for a configuration that cannot delete anything.
    pub(super) async fn plan_and_export(
        &mut self,
        rules: &Rules,
        approved: &ApprovedPlan,
    ) -> Result<(), Stopped> {
        self.enter(CyclePhase::Writing);
        let mut after = String::new();
        loop {
            let mut write = self.write().await?;
            let Some(page) = self.plan_page(&mut write, rules, &after).await? else {
                break;
            };
            after = page.last_anchor;
            self.export_page(&mut write, approved, &page.changes)
                .await?;
            self.commit(write).await?;
        }
        self.plan_references(rules).await?;
        self.export_references().await
    }

    /// Plans everything and writes nothing but the plan.
    pub(super) async fn plan(&mut self, rules: &Rules) -> Result<Deletions, Stopped> {
        let mut after = String::new();
        let mut position = 1;
        loop {
            let mut write = self.write().await?;
            let Some(page) = self.plan_page(&mut write, rules, &after).await? else {
                break;
            };
            after = page.last_anchor;
            let id = self.configuration.id;
            store::stage(&mut write, id, position, &page.changes).await?;
            position += i64::try_from(page.changes.len()).unwrap_or(0);
            self.progress.to_write += page.changes.len() as u64;
            self.commit(write).await?;
        }
        self.plan_references(rules).await?;
        let mut write = self.write().await?;
        let deletions = store::count_deletions(&mut write, self.configuration.id).await?;
        self.commit(write).await?;
        Ok(deletions)
    }

    /// The next page of the plan; none when nothing is marked any more. Objects with nothing to do
    /// are settled at once.
    async fn plan_page(
        &self,
        write: &mut Write,
        rules: &Rules,
        after: &str,
    ) -> Result<Option<PlannedPage>, Stopped> {
        let id = self.configuration.id;
        let marked = store::marked_page(write, id, after, PAGE).await?;
        let Some(last) = marked.last() else {
            return Ok(None);
        };
        let last_anchor = last.object.anchor.as_str().to_owned();
        let scopes: HashMap<SourceAnchor, (bool, String)> = marked
            .iter()
            .map(|one| {
                let key = one.object.dn.key().to_owned();
                (one.object.anchor.clone(), (one.was_in_scope, key))
            })
            .collect();
        let planned = self.decide(write, rules, marked).await?;
        self.note_scope(write, &planned, &scopes).await?;
        let (nothing, changes): (Vec<_>, Vec<_>) = planned
            .into_iter()
            .partition(|planned| planned.change == Change::Nothing);
        let settled: Vec<&SourceAnchor> = nothing.iter().map(|planned| &planned.anchor).collect();
        store::unmark(write, id, &settled).await?;
        store::forget_failures(write, id, &settled).await?;
        Ok(Some(PlannedPage {
            last_anchor,
            changes,
        }))
    }

    async fn decide(
        &self,
        write: &mut Write,
        rules: &Rules,
        marked: Vec<store::Marked>,
    ) -> Result<Vec<PlannedChange>, Stopped> {
        let id = self.configuration.id;
        let anchors: Vec<&SourceAnchor> = marked.iter().map(|one| &one.object.anchor).collect();
        let linked = tenant::linked(write, id, &anchors).await?;
        let keys: Vec<&str> = marked.iter().map(|one| one.object.dn.key()).collect();
        let chosen = rules.scope.groups();
        let members = store::members_of_chosen_groups(write, id, chosen, &keys).await?;
        let prepared: Vec<(SourceAnchor, Prepared)> = marked
            .into_iter()
            .map(|one| {
                let anchor = one.object.anchor.clone();
                let is_member = members.contains(one.object.dn.key());
                let is_linked = linked.contains_key(&anchor);
                (
                    anchor,
                    plan::prepare(rules, one.object, one.is_gone, is_member, is_linked),
                )
            })
            .collect();
        let candidates = Candidates::load(write, &prepared, &linked).await?;
        let mut claimed = self.claimed(write, &prepared).await?;
        let planned = prepared.into_iter().map(|(anchor, prepared)| {
            let name = prepared.names.user_principal_name.clone();
            let known = Known {
                linked: linked.get(&anchor),
                candidates: &candidates.of(&anchor, &prepared),
                name_is_claimed: name.as_ref().is_some_and(|name| claimed.contains(name)),
            };
            let planned = plan::plan(rules, prepared, known);
            if !matches!(planned.change, Change::Fail(_)) {
                claimed.extend(name);
            }
            planned
        });
        Ok(planned.collect())
    }

    async fn claimed(
        &self,
        write: &mut Write,
        prepared: &[(SourceAnchor, Prepared)],
    ) -> Result<HashSet<String>, Error> {
        let names: Vec<&str> = prepared
            .iter()
            .filter_map(|(_, prepared)| prepared.names.user_principal_name.as_deref())
            .collect();
        let claimed = store::claimed_names(write, self.configuration.id, &names).await?;
        Ok(claimed.into_iter().collect())
    }

    /// Whoever enters or leaves the scope changes what others can refer to.
    async fn note_scope(
        &self,
        write: &mut Write,
        planned: &[PlannedChange],
        before: &HashMap<SourceAnchor, (bool, String)>,
    ) -> Result<(), Stopped> {
        let (mut entered, mut left) = (Vec::new(), Vec::new());
        let mut keys = BTreeSet::new();
        for one in planned {
            let Some((was_in_scope, key)) = before.get(&one.anchor) else {
                continue;
            };
            if one.is_in_scope == *was_in_scope {
                continue;
            }
            if one.is_in_scope {
                &mut entered
            } else {
                &mut left
            }
            .push(&one.anchor);
            keys.insert(key.clone());
        }
        let id = self.configuration.id;
        store::set_scope(write, id, &entered, true).await?;
        store::set_scope(write, id, &left, false).await?;
        if self.before.initial_cycle_done {
            store::mark_owners(write, id, &keys).await?;
        }
        Ok(())
    }
}

struct PlannedPage {
    last_anchor: String,
    changes: Vec<PlannedChange>,
}

/// Tenant objects that the page's objects could be, by what they were found by.
struct Candidates {
    objects: Vec<TenantObject>,
    by_anchor: HashMap<SourceAnchor, Vec<usize>>,
    by_name: HashMap<String, Vec<usize>>,
    by_address: HashMap<String, Vec<usize>>,
}

impl Candidates {
    async fn load(
        write: &mut Write,
        prepared: &[(SourceAnchor, Prepared)],
        linked: &HashMap<SourceAnchor, TenantObject>,
    ) -> Result<Self, Error> {
        let anchors: Vec<&str> = prepared
            .iter()
            .filter(|(anchor, _)| !linked.contains_key(anchor))
            .map(|(anchor, _)| anchor.as_str())
            .collect();
        let names = prepared
            .iter()
            .filter_map(|(_, one)| one.names.user_principal_name.as_deref());
        let addresses = prepared
            .iter()
            .filter(|(anchor, _)| !linked.contains_key(anchor))
            .filter_map(|(_, one)| one.names.primary_address.as_deref());
        let objects = tenant::candidates(
            write,
            &anchors,
            &names.collect::<Vec<_>>(),
            &addresses.collect::<Vec<_>>(),
        )
        .await?;
        let mut candidates = Self {
            objects: Vec::new(),
            by_anchor: HashMap::new(),
            by_name: HashMap::new(),
            by_address: HashMap::new(),
        };
        for (index, found) in objects.into_iter().enumerate() {
            let add = |map: &mut HashMap<String, Vec<usize>>, key: Option<String>| {
                if let Some(key) = key {
                    map.entry(key).or_default().push(index);
                }
            };
            add(&mut candidates.by_name, found.user_principal_name_key);
            add(&mut candidates.by_address, found.mail_key);
            if let Some(anchor) = &found.object.source_anchor {
                candidates
                    .by_anchor
                    .entry(anchor.clone())
                    .or_default()
                    .push(index);
            }
            candidates.objects.push(found.object);
        }
        Ok(candidates)
    }

    fn of(&self, anchor: &SourceAnchor, prepared: &Prepared) -> Vec<&TenantObject> {
        let by_name = prepared
            .names
            .user_principal_name
            .as_ref()
            .and_then(|name| self.by_name.get(name));
        let by_address = prepared
            .names
            .primary_address
            .as_ref()
            .and_then(|name| self.by_address.get(name));
        let indexes: BTreeSet<usize> = [self.by_anchor.get(anchor), by_name, by_address]
            .into_iter()
            .flatten()
            .flatten()
            .copied()
            .collect();
        indexes
            .into_iter()
            .map(|index| &self.objects[index])
            .collect()
    }
}

/// What expressions can refer to besides attributes.
pub(super) fn surroundings(
    domain: &DomainName,
    now: time::OffsetDateTime,
    default_domain: &DomainName,
) -> Surroundings {
    let parameters = [
        ("DomainFQDN", domain.as_str().to_owned()),
        ("DomainNetBios", domain.net_bios_name()),
        ("ForestFQDN", domain.as_str().to_owned()),
        ("ForestNetBios", domain.net_bios_name()),
    ];
    Surroundings {
        now,
        parameters: parameters
            .map(|(name, value)| (name.to_owned(), value))
            .into(),
        default_domain: default_domain.as_str().to_owned(),
        seed: Uuid::new_v4(),
    }
}
