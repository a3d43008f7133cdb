//! From marked objects to planned changes, page by page. Deciding is the engine's; here the
//! questions are answered that it asks: who is a member, what does the tenant have, who gives a
//! name up.

use std::collections::{BTreeSet, HashMap, HashSet};

use engine::{
    configuration::Configuration,
    cycle::{
        conflicts,
        deletion_guard::{ApprovedPlan, Deletions},
        mapped::Surroundings,
        matching::MatchingNames,
        plan::{self, Change, Known, PlannedChange, Prepared, Rules, ScopeDoubt, Standing},
    },
    directory::SourceAnchor,
    records::{CyclePhase, ProvisioningAction, ProvisioningResult},
    tenant::{TenantObject, TenantObjectId},
};

use super::{
    Cycle, PAGE, Purpose, Stopped, held,
    membership::Reach,
    store::{self, Extent, Marked, ScopeColumn},
    taken::Taken,
};
use crate::{
    Backend, Error,
    database::Write,
    provisioning_logs::{self, NewEntry},
    tenant,
};

impl Cycle<'_> {
    pub(super) async fn rules(&mut self) -> Result<Rules, Stopped> {
        self.enter(CyclePhase::Planning);
        let configuration = &self.configuration;
        let surroundings =
            surroundings(self.backend, configuration, self.started_at.to_date_time());
        let features = tenant::features(self.backend).await?;
        let rules = Rules::compile(configuration, surroundings, features);
        let rules = rules.map_err(|error| Stopped::Source {
            message: error.to_string(),
            needs_a_person: true,
        })?;
        let awaits_restart = self
            .scope_awaits_restart()
            .then_some(ScopeDoubt::AwaitsRestart);
        Ok(match awaits_restart.or(self.scope_doubt.clone()) {
            Some(doubt) => rules.with_scope_in_doubt(doubt),
            None => rules,
        })
    }

    /// Whether the scope was changed and this cycle looks at changed objects only.
    fn scope_awaits_restart(&self) -> bool {
        self.before.restart_recommended && self.purpose != Purpose::PreviewOfEverything
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
        self.export_references(rules).await
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
        let limits = self.configuration.deletion_protection.lost_members;
        let deletions = held::count(&mut write, self.configuration.id, limits).await?;
        self.commit(write).await?;
        Ok(deletions)
    }

    /// The next page of the plan; none when nothing is left to look at. In a cycle, objects with
    /// nothing to do are settled at once.
    async fn plan_page(
        &mut self,
        write: &mut Write,
        rules: &Rules,
        after: &str,
    ) -> Result<Option<PlannedPage>, Stopped> {
        let id = self.configuration.id;
        let extent = self.purpose.extent();
        let marked = store::marked_page(write, id, extent, after, PAGE).await?;
        let Some(last) = marked.last() else {
            return Ok(None);
        };
        let last_anchor = last.object.anchor.as_str().to_owned();
        let before: HashMap<SourceAnchor, Before> = marked.iter().map(Before::of).collect();
        let planned = self.decide(write, rules, marked).await?;
        self.note_scope(write, &planned, &before).await?;
        let (nothing, changes): (Vec<_>, Vec<_>) = planned.into_iter().partition(|planned| {
            matches!(planned.change, Change::Nothing)
                || (self.purpose == Purpose::Cycle && matches!(planned.change, Change::Skip(_)))
        });
        if self.purpose == Purpose::Cycle {
            let settled: Vec<&SourceAnchor> =
                nothing.iter().map(|planned| &planned.anchor).collect();
            store::unmark(write, id, &settled).await?;
            store::forget_failures(write, id, &settled).await?;
            self.note_skips(write, &nothing, &changes, &before).await?;
        }
        Ok(Some(PlannedPage {
            last_anchor,
            changes,
        }))
    }

    /// Says once why an object, or an attribute of it, is left as it is, and again when the reason
    /// changes.
    async fn note_skips(
        &mut self,
        write: &mut Write,
        settled: &[PlannedChange],
        changes: &[PlannedChange],
        before: &HashMap<SourceAnchor, Before>,
    ) -> Result<(), Stopped> {
        let mut notes = Vec::new();
        let mut entries = Vec::new();
        for planned in settled.iter().chain(changes) {
            let told = before[&planned.anchor].skip_reason.as_deref();
            let reason = match &planned.change {
                Change::Skip(skip) => Some(skip.reason.clone()),
                Change::Fail(_) => None,
                _ => (!planned.warnings.is_empty()).then(|| planned.warnings.join(" ")),
            };
            if reason.as_deref() == told {
                continue;
            }
            let is_told_by_its_change =
                !matches!(planned.change, Change::Skip(_) | Change::Nothing);
            if reason.is_some() && !is_told_by_its_change {
                entries.push(NewEntry {
                    action: ProvisioningAction::Other,
                    result: planned.result(),
                    target_id: None,
                    planned,
                });
            }
            notes.push((&planned.anchor, reason));
        }
        let id = self.configuration.id;
        let notes: Vec<_> = notes
            .iter()
            .map(|(anchor, reason)| (*anchor, reason.as_deref()))
            .collect();
        store::note_skips(write, id, &notes).await?;
        let is_skip = |entry: &&NewEntry<'_>| entry.result == ProvisioningResult::Skipped;
        self.counts.skipped += entries.iter().filter(is_skip).count() as u64;
        let source = self.configuration.domain.as_str();
        provisioning_logs::record(self.backend, write, id, self.id, source, &entries).await?;
        Ok(())
    }

    async fn decide(
        &mut self,
        write: &mut Write,
        rules: &Rules,
        marked: Vec<Marked>,
    ) -> Result<Vec<PlannedChange>, Stopped> {
        let reach = self.reach.as_ref().ok_or_else(|| {
            Error::internal("planning begins before the groups in scope are known")
        })?;
        let prepared = prepare(write, rules, reach, &mut self.taken, marked).await?;
        let candidates = Candidates::load(write, &prepared).await?;
        let givers = self
            .givers(write, rules, reach, &prepared, &candidates)
            .await?;
        let names: Vec<String> = prepared
            .iter()
            .flat_map(|one| conflicts::keys(&one.prepared.names))
            .collect();
        let mut claimed = store::claimed_names(write, self.configuration.id, &names).await?;
        let mut planned = Vec::with_capacity(prepared.len());
        for one in prepared {
            let change = decide_one(rules, one, &candidates, &givers, &claimed);
            if !matches!(change.change, Change::Fail(_)) {
                claimed.extend(change.names.iter().cloned());
            }
            planned.push(change);
        }
        Ok(planned)
    }

    /// Tenant objects that hold names which the page wants, and whose own objects are in the same
    /// plan: they may give the name up.
    async fn givers(
        &self,
        write: &mut Write,
        rules: &Rules,
        reach: &Reach,
        prepared: &[One],
        candidates: &Candidates,
    ) -> Result<HashMap<TenantObjectId, Prepared>, Stopped> {
        let id = self.configuration.id;
        let mut holders: HashSet<SourceAnchor> = HashSet::new();
        for one in prepared {
            for holder in candidates.of(&one.anchor, &one.prepared.names) {
                let is_other = one
                    .linked
                    .as_ref()
                    .is_none_or(|linked| linked.id != holder.id);
                if is_other && holder.managed_by == Some(id) {
                    holders.extend(holder.source_anchor.clone());
                }
            }
        }
        if holders.is_empty() {
            return Ok(HashMap::new());
        }
        let anchors: Vec<&SourceAnchor> = holders.iter().collect();
        let marked = store::marked_among(write, id, self.purpose.extent(), &anchors).await?;
        // All of them have a target already: nothing is chosen for them.
        let prepared = prepare(write, rules, reach, &mut Taken::default(), marked).await?;
        Ok(prepared
            .into_iter()
            .filter_map(|one| Some((one.linked?.id, one.prepared)))
            .collect())
    }

    /// Whoever enters or leaves the scope, or comes to the tenant, changes what others can refer to,
    /// and has references of its own that nobody compared yet.
    async fn note_scope(
        &self,
        write: &mut Write,
        planned: &[PlannedChange],
        before: &HashMap<SourceAnchor, Before>,
    ) -> Result<(), Stopped> {
        let (mut inside, mut outside, mut new) = (Vec::new(), Vec::new(), Vec::new());
        let mut keys = BTreeSet::new();
        for one in planned {
            let Some(before) = before.get(&one.anchor) else {
                continue;
            };
            let is_changed = one.is_in_scope != before.was_in_scope;
            // A preview starts without any note.
            if is_changed || self.purpose != Purpose::Cycle {
                let list = match one.is_in_scope {
                    true => &mut inside,
                    false => &mut outside,
                };
                list.push(&one.anchor);
            }
            let comes = matches!(
                one.change,
                Change::Create { .. } | Change::TakeOver { .. } | Change::Restore { .. }
            );
            if is_changed || comes {
                keys.insert(before.key.clone());
            }
            if comes || (is_changed && one.is_in_scope) {
                new.push(&one.anchor);
            }
        }
        let id = self.configuration.id;
        let column = self.purpose.scope_column();
        store::set_scope(write, id, &inside, column, true).await?;
        store::set_scope(write, id, &outside, column, false).await?;
        if self.before.initial_cycle_done {
            store::mark_owners(write, id, &keys).await?;
            store::mark_references(write, id, &new).await?;
        }
        Ok(())
    }
}

impl Purpose {
    pub(super) fn extent(self) -> Extent {
        match self {
            Self::Cycle | Self::PreviewOfNextCycle => Extent::Marked,
            Self::PreviewOfEverything => Extent::Everything,
        }
    }

    pub(super) fn scope_column(self) -> ScopeColumn {
        match self {
            Self::Cycle => ScopeColumn::IsInScope,
            Self::PreviewOfNextCycle | Self::PreviewOfEverything => ScopeColumn::PreviewScope,
        }
    }
}

struct PlannedPage {
    last_anchor: String,
    changes: Vec<PlannedChange>,
}

/// How an object was before it was looked at.
struct Before {
    was_in_scope: bool,
    key: String,
    skip_reason: Option<String>,
}

impl Before {
    fn of(marked: &Marked) -> (SourceAnchor, Self) {
        let before = Self {
            was_in_scope: marked.was_in_scope,
            key: marked.object.dn.key().to_owned(),
            skip_reason: marked.skip_reason.clone(),
        };
        (marked.object.anchor.clone(), before)
    }
}

/// One object of a page, on its way to the decision.
pub(super) struct One {
    pub(super) anchor: SourceAnchor,
    pub(super) linked: Option<TenantObject>,
    pub(super) prepared: Prepared,
}

pub(super) async fn prepare(
    write: &mut Write,
    rules: &Rules,
    reach: &Reach,
    taken: &mut Taken,
    marked: Vec<Marked>,
) -> Result<Vec<One>, Error> {
    let id = rules.configuration;
    let anchors: Vec<&SourceAnchor> = marked.iter().map(|one| &one.object.anchor).collect();
    let mut linked = tenant::linked(write, id, &anchors).await?;
    let keys: Vec<String> = marked
        .iter()
        .map(|one| one.object.reference_key())
        .collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let members = reach.members(write, id, &keys).await?;
    let is_creating = linked.len() < marked.len();
    let taken = taken.values(write, rules, is_creating).await?;
    let prepared = marked.into_iter().map(|one| {
        let anchor = one.object.anchor.clone();
        let linked = linked.remove(&anchor);
        let standing = Standing {
            membership: members.get(&one.object.reference_key()).copied(),
            is_linked: linked.is_some(),
            taken,
        };
        let prepared = plan::prepare(rules, one.object, one.is_gone, standing);
        prepared.reserve(taken);
        One {
            prepared,
            anchor,
            linked,
        }
    });
    Ok(prepared.collect())
}

pub(super) fn decide_one(
    rules: &Rules,
    one: One,
    candidates: &Candidates,
    givers: &HashMap<TenantObjectId, Prepared>,
    claimed: &HashSet<String>,
) -> PlannedChange {
    let objects = candidates.of(&one.anchor, &one.prepared.names);
    let known = Known {
        linked: one.linked.as_ref(),
        candidates: &objects,
        is_claimed: &|key| claimed.contains(key),
        gives_up: &|holder, key| {
            let giver = givers.get(&holder);
            giver.is_some_and(|giver| giver.gives_up(rules, key))
        },
    };
    plan::plan(rules, one.prepared, known)
}

/// Tenant objects that the page's objects could be, or whose names they want.
pub(super) struct Candidates {
    objects: Vec<TenantObject>,
    by_anchor: HashMap<SourceAnchor, Vec<usize>>,
    by_name: HashMap<String, Vec<usize>>,
}

impl Candidates {
    pub(super) async fn load(write: &mut Write, prepared: &[One]) -> Result<Self, Error> {
        let anchors: Vec<&str> = prepared
            .iter()
            .filter(|one| one.linked.is_none())
            .map(|one| one.anchor.as_str())
            .collect();
        let names = prepared.iter().map(|one| &one.prepared.names);
        let addresses: Vec<&str> = names
            .clone()
            .flat_map(|names| names.addresses.iter().map(String::as_str))
            .collect();
        let names: Vec<&str> = names
            .filter_map(|names| names.user_principal_name.as_deref())
            .collect();
        let objects = tenant::candidates(write, &anchors, &names, &addresses).await?;
        let (mut by_anchor, mut by_name) = (HashMap::new(), HashMap::new());
        for (index, object) in objects.iter().enumerate() {
            if let Some(anchor) = &object.source_anchor {
                let indexes: &mut Vec<usize> = by_anchor.entry(anchor.clone()).or_default();
                indexes.push(index);
            }
            let names = MatchingNames::of_tenant_object(object.kind, &object.attributes);
            for key in conflicts::keys(&names) {
                let indexes: &mut Vec<usize> = by_name.entry(key).or_default();
                indexes.push(index);
            }
        }
        Ok(Self {
            objects,
            by_anchor,
            by_name,
        })
    }

    pub(super) fn object(&self, id: TenantObjectId) -> Option<&TenantObject> {
        self.objects.iter().find(|object| object.id == id)
    }

    fn of(&self, anchor: &SourceAnchor, names: &MatchingNames) -> Vec<&TenantObject> {
        let by_name = conflicts::keys(names)
            .into_iter()
            .filter_map(|key| self.by_name.get(&key));
        let indexes: BTreeSet<usize> = self
            .by_anchor
            .get(anchor)
            .into_iter()
            .chain(by_name)
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
pub(crate) fn surroundings(
    backend: &Backend,
    configuration: &Configuration,
    now: time::OffsetDateTime,
) -> Surroundings {
    let domain = &configuration.domain;
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
        default_domain: backend.settings.initial_domain.as_str().to_owned(),
        // The same in every cycle: a random value is chosen once for an object, and a preview
        // shows the value that the run writes.
        seed: backend
            .secrets
            .seed(&format!("random values of {}", configuration.id)),
    }
}
