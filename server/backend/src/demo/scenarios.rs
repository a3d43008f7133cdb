//! What can be made to happen: real changes to the directory, the tenant or the clock. What follows
//! from them is the service's own doing.

use std::time::Duration;

use engine::{
    configuration::{Configuration, ConfigurationId, Deployment, Scope, draft::NewConfiguration},
    demo::{Scenario, ScenarioOutcome},
    directory::{Dn, ObjectGuid},
    forest::{
        EntryClass, Forest,
        editable::ChangeDraft,
        entry::{EntryFilter, EntrySummary},
    },
    tenant::{SynchronizationAccount, TenantFeatures},
};

use crate::{Actor, Backend, Error, Result, configurations, directories, forest, tenant};

/// How long a scenario waits for the service to arrive where the scenario begins.
const PATIENCE: Duration = Duration::from_secs(60);

/// What is held in the scenarios that delete: less than they delete, more than chance would.
const THRESHOLD: u32 = 20;

const SALES: &str = "OU=Sales,OU=Users,OU=Corp,DC=contoso,DC=test";
const ENGINEERING: &str = "OU=Engineering,OU=Users,OU=Corp,DC=contoso,DC=test";
const OUT_OF_SCOPE: &str = "OU=Out Of Scope,OU=Corp,DC=contoso,DC=test";
const CORPORATION: &str = "OU=Corp,DC=contoso,DC=test";

/// Makes it happen.
pub async fn run(backend: &Backend, actor: &Actor, scenario: Scenario) -> Result<ScenarioOutcome> {
    super::only_in_a_demo(backend)?;
    actor.may_change()?;
    let mut stage = Stage {
        backend,
        actor,
        done: Vec::new(),
    };
    match scenario {
        Scenario::Synchronized => {
            stage.synchronize(Forest::Contoso).await?;
        }
        Scenario::MassDeletion => stage.delete_sales().await?,
        Scenario::UnitLeavesScope => stage.move_engineering().await?,
        Scenario::DuplicateUserPrincipalNames => stage.duplicate_a_name().await?,
        Scenario::CredentialsRefused => stage.let_the_account_expire().await?,
        Scenario::CredentialsAccepted => stage.repair_the_account().await?,
        Scenario::AgentStops => stage.set_agent(true).await?,
        Scenario::AgentStarts => stage.set_agent(false).await?,
        Scenario::FourWeeksPass => stage.pass_four_weeks().await?,
    }
    Ok(ScenarioOutcome {
        scenario,
        done: stage.done,
    })
}

struct Stage<'a> {
    backend: &'a Backend,
    actor: &'a Actor,
    done: Vec<String>,
}

impl Stage<'_> {
    fn tell(&mut self, sentence: impl Into<String>) {
        self.done.push(sentence.into());
    }

    /// Makes sure that a forest has a configuration that is enabled and has run.
    async fn synchronize(&mut self, forest: Forest) -> Result<Configuration> {
        let id = match self.configuration_of(forest).await? {
            Some(id) => id,
            None => self.create(forest).await?,
        };
        let mut configuration = configurations::get(self.backend, id).await?;
        if !configuration.deployment.is_enabled() {
            configuration.deployment = Deployment::Enabled;
            configuration = self.store(configuration).await?;
            self.tell(format!("Enabled {}.", configuration.domain));
        }
        super::settle(self.backend, PATIENCE).await?;
        let state = configurations::state(self.backend, id).await?;
        self.tell(format!(
            "{} is synchronized: {} users, {} groups, {} contacts.",
            configuration.domain, state.managed.users, state.managed.groups, state.managed.contacts
        ));
        Ok(configuration)
    }

    async fn configuration_of(&self, forest: Forest) -> Result<Option<ConfigurationId>> {
        let all = configurations::list(self.backend).await?;
        let found = all
            .into_iter()
            .find(|summary| summary.domain.as_str() == forest.domain());
        Ok(found.map(|summary| summary.id))
    }

    async fn create(&mut self, forest: Forest) -> Result<ConfigurationId> {
        let new = NewConfiguration {
            domain: forest.domain().to_owned(),
            password_hash_sync: true,
        };
        let id = configurations::create(self.backend, self.actor, new).await?;
        self.tell(format!("Made a configuration for {}.", forest.domain()));
        let mut configuration = configurations::get(self.backend, id).await?;
        configuration.notification_emails = vec!["identity.team@contoso.example".to_owned()];
        self.store(configuration).await?;
        Ok(id)
    }

    /// Stores a changed configuration, as a page does.
    async fn store(&self, mut configuration: Configuration) -> Result<Configuration> {
        let seen = configuration.revision;
        configuration.revision += 1;
        configurations::replace(self.backend, self.actor, configuration.clone(), seen).await?;
        Ok(configuration)
    }

    async fn protect(&mut self, mut configuration: Configuration) -> Result<Configuration> {
        let protection = &mut configuration.deletion_protection;
        if protection.prevent_accidental_deletion && protection.threshold.get() <= THRESHOLD {
            return Ok(configuration);
        }
        protection.prevent_accidental_deletion = true;
        protection.threshold = THRESHOLD.try_into().map_err(Error::internal)?;
        self.tell(format!("Set the deletion threshold to {THRESHOLD}."));
        self.store(configuration).await
    }

    async fn delete_sales(&mut self) -> Result<()> {
        let unit = self.unit(SALES).await?;
        let configuration = self.synchronize(Forest::Contoso).await?;
        let configuration = self.protect(configuration).await?;
        let count = forest::edit::delete(self.backend, self.actor, Forest::Contoso, unit).await?;
        self.tell(format!(
            "Deleted {SALES} with {} entries below it.",
            count - 1
        ));
        self.hurry(&configuration).await
    }

    async fn move_engineering(&mut self) -> Result<()> {
        let unit = self.unit(ENGINEERING).await?;
        let mut configuration = self.synchronize(Forest::Contoso).await?;
        let scope = self.all_units_but_one().await?;
        if configuration.scope != scope {
            self.tell(format!("Set the scope to all units but {OUT_OF_SCOPE}."));
            configuration.scope = scope;
            configuration = self.store(configuration).await?;
            configurations::restart(self.backend, self.actor, configuration.id).await?;
            super::settle(self.backend, PATIENCE).await?;
        }
        let configuration = self.protect(configuration).await?;
        let (backend, actor) = (self.backend, self.actor);
        forest::edit::move_to(backend, actor, Forest::Contoso, unit, OUT_OF_SCOPE).await?;
        self.tell(format!("Moved {ENGINEERING} below {OUT_OF_SCOPE}."));
        self.hurry(&configuration).await
    }

    /// Every unit of the corporation but the one that is named for being left out.
    async fn all_units_but_one(&self) -> Result<Scope> {
        let directory = directories::id_of_forest(Forest::Contoso);
        let units = directories::containers(self.backend, directory, Some(CORPORATION)).await?;
        let names = units.into_iter().map(|unit| unit.dn);
        let wanted = names.filter(|dn| dn.to_string() != OUT_OF_SCOPE);
        Ok(Scope::OrganizationalUnits(wanted.collect()))
    }

    async fn duplicate_a_name(&mut self) -> Result<()> {
        self.synchronize(Forest::Contoso).await?;
        let configuration = self.synchronize(Forest::Fabrikam).await?;
        let holder = self.somebody(Forest::Contoso, 0).await?;
        let name = holder.user_principal_name.unwrap_or_default();
        let other = self.somebody(Forest::Fabrikam, 0).await?;
        self.change(Forest::Fabrikam, &other, "userPrincipalName", &name)
            .await?;
        self.tell(format!(
            "{} of fabrikam.test is called {name} now, like {} of contoso.test.",
            other.name, holder.name
        ));
        self.hurry(&configuration).await
    }

    async fn let_the_account_expire(&mut self) -> Result<()> {
        let configuration = self.synchronize(Forest::Contoso).await?;
        self.set_account(SynchronizationAccount::PasswordExpired)
            .await?;
        self.tell("The password of the synchronization account expired.");
        let person = self.somebody(Forest::Contoso, 1).await?;
        let title = match person.title.as_deref() {
            Some("Principal Consultant") => "Senior Consultant",
            _ => "Principal Consultant",
        };
        self.change(Forest::Contoso, &person, "title", title)
            .await?;
        self.tell(format!("{} is {title} now.", person.name));
        self.hurry(&configuration).await
    }

    async fn repair_the_account(&mut self) -> Result<()> {
        self.set_account(SynchronizationAccount::Working).await?;
        self.tell("The tenant accepts the synchronization account.");
        Ok(())
    }

    async fn set_account(&self, synchronization_account: SynchronizationAccount) -> Result<()> {
        let features = TenantFeatures {
            synchronization_account,
            ..tenant::features(self.backend).await?
        };
        tenant::set_features(self.backend, self.actor, features).await
    }

    async fn set_agent(&mut self, is_stopped: bool) -> Result<()> {
        super::set_agent(self.backend, is_stopped).await?;
        self.tell(match is_stopped {
            true => "The embedded agent answers no more.",
            false => "The embedded agent answers again.",
        });
        for summary in configurations::list(self.backend).await? {
            if summary.deployment.is_enabled() && is_stopped {
                configurations::run_soon(self.backend, summary.id).await?;
            }
        }
        Ok(())
    }

    async fn pass_four_weeks(&mut self) -> Result<()> {
        let four_weeks = Duration::from_secs(28 * 24 * 3_600);
        super::advance(self.backend, self.actor, four_weeks).await?;
        self.tell("The clock moved on by 28 days.");
        Ok(())
    }

    /// Lets the service look at once instead of in two minutes.
    async fn hurry(&mut self, configuration: &Configuration) -> Result<()> {
        configurations::run_soon(self.backend, configuration.id).await?;
        self.tell(format!(
            "The next cycle of {} begins.",
            configuration.domain
        ));
        Ok(())
    }

    /// A unit of Contoso, while it is where it was on the first day.
    async fn unit(&self, dn: &str) -> Result<ObjectGuid> {
        let name = Dn::parse(dn).map_err(Error::internal)?.name();
        let units = self.found(Forest::Contoso, EntryClass::OrganizationalUnit, &name);
        let units = units.await?;
        let unit = units.into_iter().find(|unit| unit.dn.to_string() == dn);
        unit.map(|unit| unit.id)
            .ok_or_else(|| Error::Conflict(format!("{dn} is there no more. Reset the demo first.")))
    }

    /// One of the staff, the same one each time.
    async fn somebody(&self, forest: Forest, position: usize) -> Result<EntrySummary> {
        let people = self.found(forest, EntryClass::User, "").await?;
        let ordinary = people.into_iter().filter(|person| {
            person.account_enabled == Some(true)
                && person.title.is_some()
                && person.user_principal_name.is_some()
                && !person.dn.to_string().contains("OU=Odd Cases")
        });
        ordinary
            .into_iter()
            .nth(position)
            .ok_or(Error::NotFound("person"))
    }

    async fn found(
        &self,
        forest: Forest,
        class: EntryClass,
        search: &str,
    ) -> Result<Vec<EntrySummary>> {
        let filter = EntryFilter {
            class: Some(class),
            search: search.to_owned(),
            ..EntryFilter::default()
        };
        let page = forest::browse::list(self.backend, forest, &filter, None, 200).await?;
        Ok(page.items)
    }

    async fn change(
        &self,
        forest: Forest,
        entry: &EntrySummary,
        attribute: &str,
        value: &str,
    ) -> Result<()> {
        let draft = ChangeDraft::from([(attribute.to_owned(), value.to_owned())]);
        forest::edit::change_attributes(self.backend, self.actor, forest, entry.id, &draft).await
    }
}
