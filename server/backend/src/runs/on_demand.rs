//! One object now: read it, judge it, match it, write it, and explain every step.
//!
//! Works beside a cycle and while the configuration is disabled or paused. It takes no marks away:
//! the next cycle looks at the object as if nobody had asked for it.

use std::collections::{BTreeSet, HashMap, VecDeque};

use connectors::Lookup;
use engine::{
    configuration::{Configuration, ConfigurationId, schema::MEMBER, scope::Membership},
    cycle::{
        deletion_guard,
        mapped::with_derived_attributes,
        plan::{self, Change, PlannedChange, Rules, Standing},
    },
    directory::{Attributes, Dn, SourceObject},
    on_demand::{self, OnDemand, OnDemandStep, StepName},
    records::{ModifiedProperty, ProvisioningAction, ProvisioningResult, StepType},
    tenant::{TenantObject, TenantObjectId},
    timestamp::Timestamp,
};
use sqlx::Row;
use uuid::Uuid;

use super::{
    membership::Reach,
    observe::Seen,
    planning::{Candidates, One, decide_one, surroundings},
    store,
    taken::Taken,
};
use crate::{
    Actor, Backend, Error, Result, configurations,
    database::{Write, assembled, rows_per_statement, value_list, value_rows},
    directories::{self, ConnectedDirectory},
    provisioning_logs::{self, NewEntry},
    tenant,
};

/// So many calls for one configuration in [`WINDOW`].
const CALLS: usize = 5;
const WINDOW: std::time::Duration = std::time::Duration::from_secs(10);

/// When each configuration was asked last.
pub(crate) type Calls = HashMap<ConfigurationId, VecDeque<Timestamp>>;

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
    backend.count_on_demand_call(id, CALLS, WINDOW)?;
    let directory = directories::connected(backend, &configuration.domain).await?;
    let mut story = Story::new(backend, asked_for);
    if let Some(object) = import(&directory, asked_for, &mut story).await {
        story = judge_and_write(backend, &configuration, &directory, story, object).await?;
    }
    keep(backend, id, &story.0).await?;
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
    let rules = rules(backend, configuration).await?;
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

/// Tests of one configuration that are kept.
const KEPT: i64 = 50;

async fn keep(backend: &Backend, id: ConfigurationId, test: &OnDemand) -> Result<()> {
    let mut write = backend.db.write().await?;
    sqlx::query("INSERT INTO on_demand_tests (id, configuration_id, document) VALUES ($1, $2, $3)")
        .bind(test.id.to_string())
        .bind(id.to_string())
        .bind(serde_json::to_string(test)?)
        .execute(write.connection())
        .await?;
    sqlx::query(
        "DELETE FROM on_demand_tests WHERE configuration_id = $1 AND id NOT IN
             (SELECT id FROM on_demand_tests WHERE configuration_id = $1 ORDER BY id DESC LIMIT $2)",
    )
    .bind(id.to_string())
    .bind(KEPT)
    .execute(write.connection())
    .await?;
    write.commit().await
}

/// What an earlier test found.
pub async fn on_demand_test(backend: &Backend, id: Uuid) -> Result<OnDemand> {
    let row = sqlx::query("SELECT document FROM on_demand_tests WHERE id = $1")
        .bind(id.to_string())
        .fetch_optional(backend.db.read())
        .await?
        .ok_or(Error::NotFound("test"))?;
    Ok(serde_json::from_str(row.try_get("document")?)?)
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
        let key = object.dn.key();
        let members = reach.members(&mut write, id, &[key]).await?;
        drop(write);
        if let Some(level) = members.get(key) {
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
                let members = group.attributes.values("member").iter();
                let mut names = members.filter_map(|value| Dn::parse(value.as_text()?).ok());
                names.any(|name| name.key() == key)
            });
            if is_member {
                return Ok(Some(0));
            }
        }
        Ok(None)
    }

    fn tell_scope(&mut self, object: &SourceObject, membership: Membership) {
        let is_active = with_derived_attributes(object)
            .values("accountDisabled")
            .first()
            .is_none_or(|value| value.to_string().eq_ignore_ascii_case("false"));
        let (result, explanation, passed) = match self.rules.scope.judge(object, membership) {
            Ok(verdict) if verdict.is_in_scope() => {
                (ProvisioningResult::Success, verdict.explanation(), true)
            }
            Ok(verdict) => (
                ProvisioningResult::Warning,
                format!(
                    "{} The test goes on all the same; the next full evaluation removes the object \
                     from the tenant again.",
                    verdict.explanation()
                ),
                false,
            ),
            Err(problem) => (ProvisioningResult::Failure, problem.message, false),
        };
        let word = |value: bool| if value { "True" } else { "False" }.to_owned();
        let details = vec![
            on_demand::fact("Active in the source system", word(is_active)),
            on_demand::fact("Scoping filter evaluation passed", word(passed)),
        ];
        self.story
            .add(StepName::Scope, result, explanation, details);
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
        let nobody = (HashMap::new(), std::collections::HashSet::new());
        let planned = decide_one(&self.rules, one, &candidates, &nobody.0, &nobody.1);
        let matched = match (before, planned.change.target_id()) {
            (Some(linked), _) => Some(linked),
            (None, Some(target)) => candidates.object(target).cloned(),
            (None, None) => None,
        };
        Ok((planned, matched))
    }

    fn tell_match(&mut self, planned: &PlannedChange, matched: Option<&TenantObject>) {
        self.story.0.target_id = matched.map(|object| object.id);
        let how = planned
            .detail
            .steps
            .iter()
            .find(|step| step.step_type == StepType::Matching);
        let operation = match &planned.change {
            Change::Create { .. } => "The operation is Create.",
            Change::Update { .. } | Change::TakeOver { .. } | Change::Restore { .. } => {
                "The operation is Update."
            }
            Change::Delete { .. } => "The operation is Delete.",
            Change::Nothing | Change::Skip(_) | Change::Fail(_) => "There is no operation.",
        };
        let (result, how) = match how {
            Some(step) => (ProvisioningResult::Success, step.description.as_str()),
            None => (
                ProvisioningResult::Failure,
                "The object could not be matched.",
            ),
        };
        let details = matched
            .map(|object| on_demand::listed(&object.attributes))
            .unwrap_or_default();
        let text = format!("{how} {operation}");
        self.story.add(StepName::Match, result, text, details);
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
        if !matches!(planned.change, Change::Fail(_)) {
            store::forget_failures(write, id, &[&planned.anchor]).await?;
        }
        self.write_references(write, planned, references).await
    }

    /// Managers and members that the tenant has already; the others follow with the next cycle.
    async fn write_references(
        &self,
        write: &mut Write,
        planned: PlannedChange,
        references: &Attributes,
    ) -> Result<PlannedChange> {
        let is_written = !matches!(planned.change, Change::Fail(_) | Change::Skip(_));
        let Some(owner) = self.story.0.target_id.filter(|_| is_written) else {
            return Ok(planned);
        };
        for (source, target) in self.rules.mappings.references(planned.kind) {
            let keys: Vec<String> = references
                .get(source)
                .iter()
                .filter_map(|value| Some(Dn::parse(value.as_text()?).ok()?.key().to_owned()))
                .collect();
            let wanted = targets_of(write, self.configuration.id, &keys).await?;
            if target.as_str() != MEMBER && !wanted.is_empty() {
                // One manager takes the place of another; members are many.
                forget_references(write, owner, target.as_str()).await?;
            }
            add_references(write, owner, target.as_str(), &wanted).await?;
        }
        Ok(planned)
    }

    fn tell_action(&mut self, planned: &PlannedChange, references: &Attributes) {
        let last = planned.detail.steps.last();
        let explanation = last.map_or_else(String::new, |step| step.description.clone());
        let mut details = planned.detail.modified_properties.clone();
        for (source, target) in self.rules.mappings.references(planned.kind) {
            let count = references.get(source).len();
            if count > 0 {
                details.push(on_demand::fact(
                    target.to_string(),
                    format!("{count} references"),
                ));
            }
        }
        let result = match planned.change {
            Change::Nothing => ProvisioningResult::Success,
            _ => planned.result(),
        };
        self.story
            .add(StepName::Action, result, explanation, details);
        if let Some(step) = self.story.0.steps.last_mut() {
            step.error.clone_from(&planned.detail.error);
        }
    }
}

/// Tenant objects that the directory's names stand for, as far as they are linked.
async fn targets_of(
    write: &mut Write,
    configuration: ConfigurationId,
    keys: &[String],
) -> Result<BTreeSet<String>> {
    let mut targets = BTreeSet::new();
    for keys in keys.chunks(rows_per_statement(1)) {
        let sql = format!(
            "SELECT l.target_id FROM source_objects o
             JOIN links l ON l.configuration_id = o.configuration_id AND l.anchor = o.anchor
             WHERE o.configuration_id = $1 AND o.is_gone = 0 AND o.dn_key IN ({})",
            value_list(2, keys.len())
        );
        let mut query = assembled(sql).bind(configuration.to_string());
        for key in keys {
            query = query.bind(key.clone());
        }
        for row in query.fetch_all(write.connection()).await? {
            targets.insert(row.try_get("target_id")?);
        }
    }
    Ok(targets)
}

async fn forget_references(
    write: &mut Write,
    owner: TenantObjectId,
    attribute: &str,
) -> Result<()> {
    sqlx::query("DELETE FROM tenant_references WHERE object_id = $1 AND attribute = $2")
        .bind(owner.to_string())
        .bind(attribute.to_owned())
        .execute(write.connection())
        .await?;
    Ok(())
}

/// Adds what is missing. What the tenant has too much goes with the next cycle, which sees the whole
/// directory and is guarded.
async fn add_references(
    write: &mut Write,
    owner: TenantObjectId,
    attribute: &str,
    wanted: &BTreeSet<String>,
) -> Result<()> {
    const COLUMNS: usize = 3;
    let wanted: Vec<&String> = wanted.iter().collect();
    for targets in wanted.chunks(rows_per_statement(COLUMNS)) {
        let sql = format!(
            "INSERT INTO tenant_references (object_id, attribute, target_id) VALUES {}
             ON CONFLICT DO NOTHING",
            value_rows(1, targets.len(), COLUMNS)
        );
        let mut query = assembled(sql);
        for target in targets {
            query = query
                .bind(owner.to_string())
                .bind(attribute.to_owned())
                .bind((*target).clone());
        }
        query.execute(write.connection()).await?;
    }
    Ok(())
}

/// What is told, step by step.
struct Story(OnDemand);

impl Story {
    fn new(backend: &Backend, asked_for: &str) -> Self {
        Self(OnDemand {
            id: backend.new_id(),
            at: backend.now(),
            asked_for: asked_for.to_owned(),
            kind: None,
            display_name: String::new(),
            steps: Vec::new(),
            target_id: None,
        })
    }

    fn add(
        &mut self,
        name: StepName,
        result: ProvisioningResult,
        explanation: String,
        details: Vec<ModifiedProperty>,
    ) {
        self.0.steps.push(OnDemandStep {
            name,
            result,
            explanation,
            details,
            error: None,
        });
    }

    fn fail(&mut self, name: StepName, explanation: String) {
        self.add(name, ProvisioningResult::Failure, explanation, Vec::new());
    }
}
