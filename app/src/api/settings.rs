//! What administrators choose for the tenant as a whole.

use engine::{
    records::{MailSetup, MailSummary},
    tenant::TenantFeatures,
};
use leptos::prelude::*;

use super::ApiError;

#[server(endpoint = "settings/features")]
pub async fn features() -> Result<TenantFeatures, ApiError> {
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    Ok(backend::tenant::features(&backend).await?)
}

/// Stores what the form says: a box that is not checked says nothing.
#[server(endpoint = "settings/set-features")]
pub async fn set_features(
    #[server(default)] soft_match_on_user_principal_name: bool,
    #[server(default)] block_soft_match: bool,
    #[server(default)] block_cloud_object_takeover_through_hard_match: bool,
    #[server(default)] quarantine_user_principal_name_on_conflict: bool,
    #[server(default)] quarantine_proxy_addresses_on_conflict: bool,
) -> Result<(), ApiError> {
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    let features = TenantFeatures {
        soft_match_on_user_principal_name,
        block_soft_match,
        block_cloud_object_takeover_through_hard_match,
        quarantine_user_principal_name_on_conflict,
        quarantine_proxy_addresses_on_conflict,
        ..backend::tenant::features(&backend).await?
    };
    backend::tenant::set_features(&backend, &actor, features).await?;
    super::caller::go_on_without_script(
        &crate::routes::Route::TenantFeatures.with("notice", "saved"),
    );
    Ok(())
}

/// Makes the account by which the service writes to the tenant work again.
#[server(endpoint = "settings/repair-account")]
pub async fn repair_account() -> Result<(), ApiError> {
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    backend::tenant::repair_synchronization_account(&backend, &actor).await?;
    super::caller::go_on_without_script(&crate::routes::Route::TenantFeatures.to_string());
    Ok(())
}

/// How mails leave this server, and whom the configurations tell.
#[server(endpoint = "settings/mail")]
pub async fn mail() -> Result<MailSetup, ApiError> {
    let super::caller::Caller { backend, .. } = super::caller::caller().await?;
    Ok(backend::notifications::setup(&backend).await?)
}

/// Sends a mail to one address at once and says how that went.
#[server(endpoint = "settings/send-test-mail")]
pub async fn send_test_mail(recipient: String) -> Result<MailSummary, ApiError> {
    let super::caller::Caller { backend, actor } = super::caller::caller().await?;
    let sent = backend::notifications::send_test(&backend, &actor, &recipient).await?;
    super::caller::go_on_without_script(
        &crate::routes::Route::NotificationSettings.with("notice", "test-mail"),
    );
    Ok(sent)
}
