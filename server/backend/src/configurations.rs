//! Configurations: create, change, enable, disable, restart, delete, undo.
//!
//! What a cycle does with one is told in [`crate::runs`]; its SQL stands in `store`.

mod commands;
mod failures;
mod held;
mod mappings;
mod put;
mod store;

use std::{collections::BTreeMap, time::Duration};

pub(crate) use commands::disable;
pub use commands::{clear_quarantine, pause, quarantine, restart, restart_with, start};
use engine::{
    configuration::{
        Configuration, ConfigurationId, DeletionProtection, Deployment, DomainName, Mappings,
        ObjectFlow, QuarantineLimits, Scope, ScopingFilter, defaults,
        draft::{ConfigurationDraft, DOMAIN, FieldError, NewConfiguration, ScopeDraft, Settings},
    },
    directory::ObjectKind,
    health::Health,
    records::{ConfigurationDetails, ConfigurationState, ConfigurationSummary, DirectorySummary},
};
pub use failures::{delete_link, failures, link, unresolved_references};
pub use held::{Allowed, allow_deletes, held_deletions};
pub use mappings::{
    check_mapping, delete_mapping, dialect, restore_default_mappings, save_mapping, save_mappings,
};
pub(crate) use put::{fresh, put_changed, put_new};
pub(crate) use store::StateRow;

use crate::{
    Actor, Backend, Error, Result,
    audit::{self, Activity},
    database::Write,
    directories,
};

/// How long a deleted configuration can be brought back.
pub const UNDO_WINDOW: Duration = Duration::from_secs(3_600);

/// All configurations by domain.
pub async fn list(backend: &Backend) -> Result<Vec<ConfigurationSummary>> {
    let mut summaries = Vec::new();
    for row in store::all(backend).await? {
        let state = store::state(backend, &row.configuration).await?;
        summaries.push(ConfigurationSummary {
            id: row.configuration.id,
            domain: row.configuration.domain,
            deployment: row.configuration.deployment,
            password_hash_sync: row.configuration.password_hash_sync,
            state,
        });
    }
    Ok(summaries)
}

pub async fn get(backend: &Backend, id: ConfigurationId) -> Result<Configuration> {
    Ok(store::row(backend, id).await?.configuration)
}

pub async fn details(backend: &Backend, id: ConfigurationId) -> Result<ConfigurationDetails> {
    let row = store::row(backend, id).await?;
    Ok(ConfigurationDetails {
        directory: directories::summary(backend, row.directory_id).await?,
        state: store::state(backend, &row.configuration).await?,
        configuration: row.configuration,
        created_at: row.created_at,
        changed_at: row.changed_at,
    })
}

pub async fn state(backend: &Backend, id: ConfigurationId) -> Result<ConfigurationState> {
    let row = store::row(backend, id).await?;
    store::state(backend, &row.configuration).await
}

/// The directories whose domain can be chosen for a new configuration: one for each domain.
pub async fn directories_to_configure(backend: &Backend) -> Result<Vec<DirectorySummary>> {
    let all = directories::list(backend).await?;
    Ok(all
        .into_iter()
        .filter(|directory| directory.configuration.is_none())
        .collect())
}

/// Makes a configuration with the defaults: all users, threshold 500, disabled.
pub async fn create(
    backend: &Backend,
    actor: &Actor,
    new: NewConfiguration,
) -> Result<ConfigurationId> {
    actor.may_change()?;
    let directory = directory_for(backend, &new.domain).await?;
    let id = ConfigurationId(backend.new_id());
    let configuration = with_defaults(id, &directory, new.password_hash_sync);
    let mut write = backend.db.write().await?;
    // A configuration that waits for its undo would stand in the way of the new one's links.
    purge_deleted_of(&mut write, &configuration.domain).await?;
    store::insert(backend, &mut write, &configuration, directory.id).await?;
    audit::record(
        backend,
        &mut write,
        actor,
        Activity::AddProvisioningConfiguration,
        configuration.domain.as_str(),
        "Created, disabled, with all users in scope.",
    )
    .await?;
    write.commit().await?;
    backend.announce_change();
    Ok(id)
}

async fn directory_for(backend: &Backend, domain: &str) -> Result<DirectorySummary> {
    let wanted = DomainName::parse(domain)
        .map_err(|_| Error::field(DOMAIN, "Choose the domain of a connected directory."))?;
    let directory = directories::list(backend)
        .await?
        .into_iter()
        .find(|directory| directory.domain == wanted)
        .ok_or_else(|| {
            Error::field(
                DOMAIN,
                format!("No directory with the domain {wanted} is connected. Connect it first."),
            )
        })?;
    if directory.configuration.is_some() {
        return Err(Error::field(
            DOMAIN,
            format!("{wanted} has a configuration already."),
        ));
    }
    Ok(directory)
}

fn with_defaults(
    id: ConfigurationId,
    directory: &DirectorySummary,
    password_hash_sync: bool,
) -> Configuration {
    let dialect = mappings::dialect(directory.kind);
    Configuration {
        id,
        domain: directory.domain.clone(),
        base_dn: directory.base_dn.clone(),
        password_hash_sync: password_hash_sync && directory.delivers_password_hashes,
        scope: Scope::All,
        nested_group_depth: 0,
        mappings: defaults::mappings(dialect),
        extensions: Vec::new(),
        object_flows: BTreeMap::new(),
        skip_out_of_scope_deletions: false,
        notification_emails: Vec::new(),
        deletion_protection: DeletionProtection::default(),
        quarantine_limits: QuarantineLimits::default(),
        deployment: Deployment::Disabled,
        revision: 1,
    }
}

/// Stores what the page's **Save** sends, all of it or nothing, and answers with the new revision.
pub async fn save(
    backend: &Backend,
    actor: &Actor,
    id: ConfigurationId,
    draft: ConfigurationDraft,
) -> Result<i64> {
    actor.may_change()?;
    let row = store::row(backend, id).await?;
    let before = row.configuration;
    let (mut settings, scope) = validated(&before, &draft)?;
    // The page greys the switch where the directory delivers none; a form can be forged.
    settings.password_hash_sync &= before.password_hash_sync
        || directories::summary(backend, row.directory_id)
            .await?
            .delivers_password_hashes;
    let after = changed(&before, settings, scope);
    if after == before {
        return Ok(before.revision);
    }
    let mut write = backend.db.write().await?;
    store::update(backend, &mut write, &after, draft.revision).await?;
    note_consequences(backend, &mut write, actor, &before, &after).await?;
    write.commit().await?;
    backend.wake_worker();
    Ok(after.revision)
}

/// The settings, and the configuration with its scope.
fn validated(
    before: &Configuration,
    draft: &ConfigurationDraft,
) -> Result<(Settings, Configuration)> {
    let settings = draft.settings.validate();
    let scope = match &draft.scope {
        Some(scope) => {
            let settings = scope.validate(&before.base_dn);
            settings.map(|settings| settings.apply_to(before))
        }
        None => Ok(before.clone()),
    };
    match (settings, scope) {
        (Ok(settings), Ok(scope)) => Ok((settings, scope)),
        (settings, scope) => {
            let errors: Vec<FieldError> = [settings.err(), scope.err()]
                .into_iter()
                .flatten()
                .flatten()
                .collect();
            Err(Error::Invalid(errors))
        }
    }
}

fn changed(before: &Configuration, settings: Settings, scoped: Configuration) -> Configuration {
    let mut after = Configuration {
        notification_emails: settings.notification_emails,
        deletion_protection: match settings.keeps_limits {
            false => settings.deletion_protection,
            true => DeletionProtection {
                prevent_accidental_deletion: settings
                    .deletion_protection
                    .prevent_accidental_deletion,
                threshold: settings.deletion_protection.threshold,
                ..before.deletion_protection
            },
        },
        password_hash_sync: settings.password_hash_sync,
        // A form that says "not enabled" leaves a pause as it is.
        deployment: match (before.deployment, settings.deployment) {
            (Deployment::Paused, Deployment::Disabled) => Deployment::Paused,
            (_, wanted) => wanted,
        },
        ..scoped
    };
    if after != *before {
        after.revision += 1;
    }
    after
}

async fn note_consequences(
    backend: &Backend,
    write: &mut Write,
    actor: &Actor,
    before: &Configuration,
    after: &Configuration,
) -> Result<()> {
    let domain = after.domain.as_str();
    if evaluation_rules(after) != evaluation_rules(before) {
        store::recommend_restart(write, after.id).await?;
    }
    if let Some(detail) = scope_difference(before, after) {
        let activity = Activity::UpdateAttributeMappingsOrScope;
        audit::record(backend, write, actor, activity, domain, &detail).await?;
    }
    if let Some(detail) = settings_difference(before, after) {
        let activity = Activity::UpdateProvisioningSetting;
        audit::record(backend, write, actor, activity, domain, &detail).await?;
    }
    if after.deployment != before.deployment {
        let activity = match after.deployment {
            Deployment::Enabled => Activity::EnableProvisioningConfiguration,
            Deployment::Disabled | Deployment::Paused => Activity::DisableProvisioningConfiguration,
        };
        audit::record(backend, write, actor, activity, domain, "").await?;
        if after.deployment.is_enabled() {
            store::make_due(write, after.id, backend.now()).await?;
        }
    }
    Ok(())
}

/// What decides about every object: when it changes, all have to be looked at again.
fn evaluation_rules(
    configuration: &Configuration,
) -> (&Scope, u8, &Mappings, &BTreeMap<ObjectKind, ObjectFlow>) {
    (
        &configuration.scope,
        configuration.nested_group_depth,
        &configuration.mappings,
        &configuration.object_flows,
    )
}

fn scope_difference(before: &Configuration, after: &Configuration) -> Option<String> {
    let mut changes = Vec::new();
    if after.scope != before.scope {
        let (old, new) = (before.scope.summary(), after.scope.summary());
        changes.push(format!("Scope: {old} to {new}."));
    }
    if after.nested_group_depth != before.nested_group_depth {
        let (old, new) = (before.nested_group_depth, after.nested_group_depth);
        changes.push(format!("Levels of nested groups: {old} to {new}."));
    }
    for kind in ObjectKind::ALL {
        let filter = |of: &Configuration| of.object_flow(kind).scoping_filter;
        let (old, new) = (filter(before), filter(after));
        if old != new {
            let count = |filter: &ScopingFilter| filter.groups.iter().map(Vec::len).sum::<usize>();
            let (old, new) = (count(&old), count(&new));
            changes.push(format!("Attribute clauses for {kind}s: {old} to {new}."));
        }
    }
    (!changes.is_empty()).then(|| changes.join(" "))
}

fn settings_difference(before: &Configuration, after: &Configuration) -> Option<String> {
    let mut changes = Vec::new();
    if before.notification_emails != after.notification_emails {
        changes.push(format!(
            "Notification email: \"{}\" to \"{}\".",
            before.notification_emails.join("; "),
            after.notification_emails.join("; ")
        ));
    }
    let describe = |protection: &DeletionProtection| match protection.prevent_accidental_deletion {
        true => format!("on, threshold {}", protection.threshold),
        false => "off".to_owned(),
    };
    if before.deletion_protection != after.deletion_protection {
        changes.push(format!(
            "Prevent accidental deletion: {} to {}.",
            describe(&before.deletion_protection),
            describe(&after.deletion_protection)
        ));
    }
    if before.password_hash_sync != after.password_hash_sync {
        let word = |on: bool| if on { "on" } else { "off" };
        changes.push(format!(
            "Password hash sync: {}.",
            word(after.password_hash_sync)
        ));
    }
    (!changes.is_empty()).then(|| changes.join(" "))
}

/// Stores a whole configuration, for example from a file; the caller validated it. `seen_revision`
/// is the one that the change starts from.
pub async fn replace(
    backend: &Backend,
    actor: &Actor,
    after: Configuration,
    seen_revision: i64,
) -> Result<()> {
    actor.may_change()?;
    let before = store::row(backend, after.id).await?.configuration;
    let mut write = backend.db.write().await?;
    store::update(backend, &mut write, &after, seen_revision).await?;
    note_consequences(backend, &mut write, actor, &before, &after).await?;
    write.commit().await?;
    backend.wake_worker();
    Ok(())
}

/// The next cycle reads and evaluates every object. Part of running a plan that a person saw.
pub(crate) async fn evaluate_everything(backend: &Backend, id: ConfigurationId) -> Result<()> {
    let mut write = backend.db.write().await?;
    store::request_restart(&mut write, id, backend.now()).await?;
    write.commit().await
}

/// Makes the next cycle do what a preview shows: it evaluates every object when a saved change asks
/// for it.
pub async fn follow_recommendation(backend: &Backend, id: ConfigurationId) -> Result<()> {
    if state(backend, id).await?.restart_recommended {
        evaluate_everything(backend, id).await?;
    }
    Ok(())
}

/// The configuration that a draft stands for, validated and not saved.
pub async fn drafted(
    backend: &Backend,
    id: ConfigurationId,
    draft: &ConfigurationDraft,
) -> Result<Configuration> {
    let before = store::row(backend, id).await?.configuration;
    let (settings, scope) = validated(&before, draft)?;
    Ok(changed(&before, settings, scope))
}

/// Whether a scope could be saved; every mistake with its field. Stores nothing.
pub async fn check_scope(backend: &Backend, id: ConfigurationId, draft: &ScopeDraft) -> Result<()> {
    let base = store::row(backend, id).await?.configuration.base_dn;
    draft.validate(&base).map(drop).map_err(Error::Invalid)
}

/// Removes the configuration without a question. What it synchronized stays in the tenant; for
/// [`UNDO_WINDOW`] the configuration can be brought back.
pub async fn delete(backend: &Backend, actor: &Actor, id: ConfigurationId) -> Result<()> {
    actor.may_change()?;
    let configuration = store::row(backend, id).await?.configuration;
    let mut write = backend.db.write().await?;
    store::mark_deleted(&mut write, id, backend.now()).await?;
    let activity = Activity::DeleteProvisioningConfiguration;
    let detail = "The synchronized objects stay in the tenant.";
    audit::record(
        backend,
        &mut write,
        actor,
        activity,
        configuration.domain.as_str(),
        detail,
    )
    .await?;
    write.commit().await?;
    backend.wake_worker();
    Ok(())
}

/// Brings a deleted configuration back, with its links and its state.
pub async fn undo_delete(backend: &Backend, actor: &Actor, id: ConfigurationId) -> Result<()> {
    actor.may_change()?;
    let mut write = backend.db.write().await?;
    let domain = store::restore(&mut write, id).await?;
    audit::record(
        backend,
        &mut write,
        actor,
        Activity::UndoDeletion,
        domain.as_str(),
        "",
    )
    .await?;
    write.commit().await?;
    backend.wake_worker();
    Ok(())
}

/// Removes for good what was deleted longer than [`UNDO_WINDOW`] ago.
pub(crate) async fn purge_deleted(backend: &Backend) -> Result<()> {
    let before = backend.now().minus(UNDO_WINDOW);
    let expired = store::deleted_before(backend, before).await?;
    for id in expired {
        let mut write = backend.db.write().await?;
        purge(&mut write, id).await?;
        write.commit().await?;
    }
    Ok(())
}

/// Removes for good what was deleted of a domain and could still be brought back.
pub(crate) async fn purge_deleted_of(write: &mut Write, domain: &DomainName) -> Result<()> {
    for deleted in store::deleted_for_domain(write, domain).await? {
        purge(write, deleted).await?;
    }
    Ok(())
}

async fn purge(write: &mut Write, id: ConfigurationId) -> Result<()> {
    crate::runs::forget(write, id).await?;
    crate::tenant::release(write, id).await?;
    store::remove(write, id).await
}

/// How many there are.
pub(crate) async fn count(backend: &Backend) -> Result<u64> {
    store::count_all(backend).await
}

/// What a cycle begins with.
pub(crate) async fn state_row_within(
    backend: &Backend,
    write: &mut Write,
    id: ConfigurationId,
) -> Result<StateRow> {
    store::state_row(backend, write.connection(), id).await
}

/// Whether deletions waited for a person already.
pub(crate) fn is_holding(health: &Health) -> bool {
    matches!(health, Health::DeletionsHeld { .. })
}

/// Frees what a server held that is gone. Only for a database that nobody else uses.
pub async fn release_all_leases(backend: &Backend) -> Result<()> {
    store::release_all_leases(backend).await
}

/// Enabled configurations whose time has come, those that waited longest first.
pub(crate) async fn due(backend: &Backend) -> Result<Vec<ConfigurationId>> {
    store::due(backend).await
}

/// Whether a cycle or a preview is under way.
pub(crate) async fn somebody_is_at_work(backend: &Backend) -> Result<bool> {
    store::somebody_is_at_work(backend).await
}

/// Makes an enabled configuration due at once, as if its time had come.
pub(crate) async fn run_soon(backend: &Backend, id: ConfigurationId) -> Result<()> {
    let mut write = backend.db.write().await?;
    store::make_due(&mut write, id, backend.now()).await?;
    write.commit().await?;
    backend.wake_worker();
    Ok(())
}

/// When the next configuration is due; none while nothing is enabled.
pub(crate) async fn next_due(backend: &Backend) -> Result<Option<engine::timestamp::Timestamp>> {
    store::next_due(backend).await
}

/// The health after a cycle; part of the cycle's last transaction. `restarts_seen` counts the
/// restarts that the cycle knew of and did not carry out.
pub(crate) async fn settle_health(
    backend: &Backend,
    write: &mut Write,
    id: ConfigurationId,
    holder: &str,
    health: &Health,
    restarts_seen: i64,
) -> Result<()> {
    let next_run = health.next_run(backend.now(), backend.settings.cycle_interval);
    store::set_health(write, id, holder, health, next_run, restarts_seen).await
}

pub(crate) mod lease {
    //! One server works on a configuration at a time; the right to do so expires by itself.

    pub(crate) use super::store::{
        extend_lease as extend, release_lease as release, take_lease as take,
    };
}
