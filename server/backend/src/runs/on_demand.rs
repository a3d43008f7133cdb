//! One object now: read it, judge it, match it, write it, and explain every step.
//!
//! Works beside a cycle and while the configuration is disabled or paused. It takes no marks away:
//! the next cycle looks at the object as if nobody had asked for it.

mod kept;
mod references;
mod story;

use std::collections::{HashMap, HashSet};

use connectors::Lookup;
use engine::{
    configuration::{Configuration, ConfigurationId, scope::Membership},
    cycle::{
        deletion_guard,
        mapped::with_derived_attributes,
        plan::{self, Change, PlannedChange, Rules, Standing},
    },
    directory::{Attributes, SourceObject},
    on_demand::{self, OnDemand, StepName},
    records::{ProvisioningAction, ProvisioningResult},
    tenant::TenantObject,
};

pub use self::kept::on_demand_test;
use self::story::Story;
use super::{
    membership::Reach,
    observe::{Seen, key_of},
    planning::{Candidates, One, decide_one, surroundings},
    scope_names, store,
    taken::Taken,
};
use crate::{
    Actor, Backend, Error, Result, configurations,
    database::Write,
    directories::{self, ConnectedDirectory},
    provisioning_logs::{self, NewEntry},
    tenant,
};

/// Applies the configuration to the object that `asked_for` names: by distinguished name, user
/// principal name, mail address, or anchor.
pub async fn provision_on_demand(
    backend: &Backend,
    actor: &Actor,
    id: ConfigurationId,
    asked_for: &str,
) -> Result<OnDemand> {
    actor.may_change()?;
    let asked_for = asked_for.trim();
    if asked_for.is_empty() {
        return Err(Error::field(
            "subject",
            "Enter a distinguished name, a user principal name, a mail address or an object \
             identifier.",
        ));
    }
    let _stay = backend.world.stay().await;
    let configuration = configurations::get(backend, id).await?;
    backend.count_on_demand_call(id)?;
    let directory = directories::connected(backend, &configuration.domain).await?;
    let mut story = Story::new(backend, asked_for);
    if let Some(object) = import(&directory, asked_for, &mut story).await {
        story = judge_and_write(backend, &configuration, &directory, story, object).await?;
    }
    kept::keep(backend, id, &story.0).await?;
    backend.announce_change();
    Ok(story.0)
}

async fn judge_and_write(
    backend: &Backend,
    configuration: &Configuration,
    directory: &ConnectedDirectory,
    story: Story,
    object: SourceObject,
) -> Result<Story> {
    let (configuration, doubt) =
        scope_names::followed(backend, &*directory.source, configuration).await?;
    let configuration = &configuration;
    let rules = rules(backend, configuration).await?;
    let rules = match doubt {
        Some(doubt) => rules.with_scope_in_doubt(doubt),
        None => rules,
    };
    let mut test = Test {
        backend,
        configuration,
        directory,
        rules,
        story,
    };
    test.judge_and_write(object).await?;
    Ok(test.story)
}

async fn rules(backend: &Backend, configuration: &Configuration) -> Result<Rules> {
    let surroundings = surroundings(backend, configuration, backend.now().to_date_time());
    let features = tenant::features(backend).await?;
    Rules::compile(configuration, surroundings, features)
        .map_err(|error| Error::Conflict(error.to_string()))
}

async fn import(
    directory: &ConnectedDirectory,
    asked_for: &str,
    story: &mut Story,
) -> Option<SourceObject> {
    let (explanation, found) = match directory
        .source
        .fetch(&directories::lookup(asked_for))
        .await
    {
        Ok(Some(object)) => {
            story.0.kind = Some(object.kind);
            story.0.display_name = plan::source_display_name(&object);
            let text = format!(
                "The {} {} was read from the directory.",
                object.kind, object.dn
            );
            (text, Some(object))
        }
        Ok(None) => (
            format!(
                "The directory has no user, group or contact that \"{asked_for}\" names. Enter its \
                 distinguished name, its user principal name, its mail address or its object \
                 identifier."
            ),
            None,
        ),
        Err(error) => (error.to_string(), None),
    };
    let details = found
        .as_ref()
        .map(|object| on_demand::listed(&with_derived_attributes(object)))
        .unwrap_or_default();
    let result = match found.is_some() {
        true => ProvisioningResult::Success,
        false => ProvisioningResult::Failure,
    };
    story.add(StepName::Import, result, explanation, details);
    found
}

/// The test under way.
struct Test<'a> {
    backend: &'a Backend,
    configuration: &'a Configuration,
    directory: &'a ConnectedDirectory,
    rules: Rules,
    story: Story,
}

impl Test<'_> {
    async fn judge_and_write(&mut self, object: SourceObject) -> Result<()> {
        let membership = self.membership(&object).await?;
        let references = object.attributes.clone();
        let object = Seen::new(object).object;
        self.tell_scope(&object, membership);
        let refusal = tenant::refusal(self.backend).await?;
        let mut write = self.backend.db.write().await?;
        let (planned, matched) = self.plan(&mut write, object, membership).await?;
        self.tell_match(&planned, matched.as_ref());
        if let Some(refusal) = refusal {
            let text = format!("{}: {}", refusal.code, refusal.message);
            self.story.fail(StepName::Action, text);
            return Ok(());
        }
        let planned = self.write(&mut write, planned, &references).await?;
        self.tell_action(&planned, &references);
        write.commit().await
    }

    /// By what the last reading saw; where nothing was read yet, by asking the chosen groups.
    async fn membership(&self, object: &SourceObject) -> Result<Membership> {
        let id = self.configuration.id;
        let mut write = self.backend.db.write().await?;
        let reach = Reach::load(&mut write, self.configuration).await?;
        let key = object.reference_key();
        let members = reach.members(&mut write, id, &[&key]).await?;
        drop(write);
        if let Some(level) = members.get(&key) {
            return Ok(Some(*level));
        }
        if store::known_objects(self.backend, id).await? > 0 {
            return Ok(None);
        }
        for group in self.configuration.scope.groups() {
            let group = self
                .directory
                .source
                .fetch(&Lookup::Dn(group.clone()))
                .await;
            let group = group.map_err(|error| Error::Outside(error.to_string()))?;
            let is_member = group.is_some_and(|group| {
                let mut members = group.attributes.values("member").iter();
                members.any(|value| key_of(value).as_ref() == Some(&key))
            });
            if is_member {
                return Ok(Some(0));
            }
        }
        Ok(None)
    }

    async fn plan(
        &self,
        write: &mut Write,
        object: SourceObject,
        membership: Membership,
    ) -> Result<(PlannedChange, Option<TenantObject>)> {
        let id = self.configuration.id;
        let anchor = object.anchor.clone();
        let linked = tenant::linked(write, id, &[&anchor]).await?.remove(&anchor);
        let mut taken = Taken::default();
        let standing = Standing {
            membership,
            is_linked: linked.is_some(),
            taken: taken.values(write, &self.rules, linked.is_none()).await?,
        };
        let prepared = plan::prepare_on_demand(&self.rules, object, standing);
        let one = One {
            anchor,
            linked,
            prepared,
        };
        let page = [one];
        let candidates = Candidates::load(write, &page).await?;
        let [one] = page;
        let before = one.linked.clone();
        let nobody = (HashMap::new(), HashSet::new());
        let planned = decide_one(&self.rules, one, &candidates, &nobody.0, &nobody.1);
        let matched = match (before, planned.change.target_id()) {
            (Some(linked), _) => Some(linked),
            (None, Some(target)) => candidates.object(target).cloned(),
            (None, None) => None,
        };
        Ok((planned, matched))
    }

    async fn write(
        &mut self,
        write: &mut Write,
        planned: PlannedChange,
        references: &Attributes,
    ) -> Result<PlannedChange> {
        let id = self.configuration.id;
        let approved = deletion_guard::approve_one_object();
        super::refuse_uncovered(&approved, std::slice::from_ref(&planned), false)?;
        let page = std::slice::from_ref(&planned);
        let mut written = tenant::apply(self.backend, write, id, page).await?;
        let target = written.target_of(&planned).or(self.story.0.target_id);
        let planned = match written.refusal_of(&planned) {
            None => planned,
            Some(failure) => planned.refused(failure),
        };
        self.story.0.target_id = target;
        if matches!(planned.change, Change::Nothing) {
            return self.write_references(write, planned, references).await;
        }
        let entry = NewEntry {
            action: planned.change.action().unwrap_or(ProvisioningAction::Other),
            result: planned.result(),
            target_id: target,
            planned: &planned,
        };
        let source = self.configuration.domain.as_str();
        let cycle = self.backend.new_id();
        provisioning_logs::record(self.backend, write, id, cycle, source, &[entry]).await?;
        if !matches!(planned.change, Change::Fail(_) | Change::Skip(_)) {
            self.story.0.written = planned.change.action();
        }
        if !matches!(planned.change, Change::Fail(_)) {
            store::forget_failures(write, id, &[&planned.anchor]).await?;
        }
        // Between two cycles pages count what is there, too.
        store::count_managed(write, id).await?;
        self.write_references(write, planned, references).await
    }
}
