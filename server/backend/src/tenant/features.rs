//! What an administrator of the tenant chose for all of its objects.

use engine::tenant::{Refusal, SynchronizationAccount, TenantFeatures};
use sqlx::Row;

use crate::{
    Actor, Backend, Result,
    audit::{self, Activity},
};

pub async fn features(backend: &Backend) -> Result<TenantFeatures> {
    let row = sqlx::query("SELECT features FROM tenant_settings WHERE id = 1")
        .fetch_optional(backend.db.read())
        .await?;
    match row {
        Some(row) => Ok(serde_json::from_str(row.try_get("features")?)?),
        None => Ok(TenantFeatures::default()),
    }
}

/// Stores them; the next cycle goes by them.
pub async fn set_features(
    backend: &Backend,
    actor: &Actor,
    features: TenantFeatures,
) -> Result<()> {
    actor.may_change()?;
    let before = self::features(backend).await?;
    if before == features {
        return Ok(());
    }
    let mut write = backend.db.write().await?;
    sqlx::query(
        "INSERT INTO tenant_settings (id, features) VALUES (1, $1)
         ON CONFLICT (id) DO UPDATE SET features = excluded.features",
    )
    .bind(serde_json::to_string(&features)?)
    .execute(write.connection())
    .await?;
    let detail = format!(
        "Tenant features: {} to {}.",
        serde_json::to_string(&before)?,
        serde_json::to_string(&features)?
    );
    let tenant = &backend.settings.tenant_name;
    let activity = Activity::UpdateProvisioningSetting;
    audit::record(backend, &mut write, actor, activity, tenant, &detail).await?;
    write.commit().await?;
    backend.announce_change();
    Ok(())
}

/// Makes the account by which the service writes to the tenant work again.
pub async fn repair_synchronization_account(backend: &Backend, actor: &Actor) -> Result<()> {
    let features = TenantFeatures {
        synchronization_account: SynchronizationAccount::Working,
        ..features(backend).await?
    };
    set_features(backend, actor, features).await
}

/// Why the tenant takes no writes; none when it does.
pub(crate) async fn refusal(backend: &Backend) -> Result<Option<Refusal>> {
    Ok(features(backend).await?.synchronization_account.refusal())
}
