//! Saved changes: what a form may change, what follows from it, and what the audit log says of it.

use std::collections::BTreeMap;

use engine::{
    configuration::{
        Configuration, ConfigurationId, DeletionProtection, Deployment, Mappings, ObjectFlow,
        Scope, ScopingFilter,
        draft::{ConfigurationDraft, FieldError, ScopeDraft, Settings},
    },
    directory::{Dn, ObjectKind},
};

use super::store;
use crate::{
    Actor, Backend, Error, Result,
    audit::{self, Activity},
    database::Write,
    directories,
};

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

/// Stores the names that the groups and organizational units of the scope have now, and says so in
/// the audit log. The choice is the same, so nothing has to be evaluated again.
pub(crate) async fn follow_renamed_scope(
    backend: &Backend,
    write: &mut Write,
    id: ConfigurationId,
    names_now: &BTreeMap<Dn, Dn>,
) -> Result<()> {
    let after = store::rename_scope(backend, write, id, names_now).await?;
    let renamings: Vec<String> = names_now
        .iter()
        .map(|(before, now)| format!("{before} is called {now} in the directory now."))
        .collect();
    audit::record(
        backend,
        write,
        &Actor::System,
        Activity::UpdateAttributeMappingsOrScope,
        after.domain.as_str(),
        &format!("Scope followed: {}", renamings.join(" ")),
    )
    .await
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
