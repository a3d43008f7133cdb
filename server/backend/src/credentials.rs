//! What the tenant keeps of passwords, and the check whether a password is the right one.
//!
//! A credential is the result of a one-way derivation (`engine::password_hash`). Nothing shows it,
//! exports it or logs it; the check answers in one word.

mod attempts;
mod store;

use engine::{password_hash::Credential, sign_in::SignInCheck, tenant::TenantObjectId};
use secrecy::{ExposeSecret, SecretString};
use tokio::task::spawn_blocking;

pub(crate) use store::{NewCredential, forget_deleted, put};

use crate::{
    Actor, Backend, Error, Result,
    audit::{self, Activity},
    tenant,
};

/// Whether a user of the tenant could sign in with this password: the proof that the password of
/// the directory works. Tried passwords are counted, so that nobody finds one out this way.
pub async fn check_sign_in(
    backend: &Backend,
    actor: &Actor,
    id: TenantObjectId,
    password: SecretString,
) -> Result<SignInCheck> {
    actor.may_change()?;
    let user = tenant::get(backend, id).await?.summary;
    let Some(is_enabled) = user.account_enabled.filter(|_| user.deleted_at.is_none()) else {
        return Err(Error::NotFound("user of the tenant"));
    };
    let Some(credential) = store::get(backend, id).await? else {
        return Ok(SignInCheck::NothingSynchronized);
    };
    if !attempts::count(backend, id).await? {
        return Ok(SignInCheck::TooManyAttempts);
    }
    let check = match (accepts(credential, password).await?, is_enabled) {
        (false, _) => SignInCheck::Wrong,
        (true, true) => SignInCheck::Accepted,
        (true, false) => SignInCheck::AcceptedButDisabled,
    };
    note(backend, actor, id, &user.display_name, check).await?;
    Ok(check)
}

/// A thousand rounds take a moment in which nothing else should have to wait.
async fn accepts(credential: Credential, password: SecretString) -> Result<bool> {
    spawn_blocking(move || credential.accepts(password.expose_secret()))
        .await
        .map_err(Error::internal)
}

async fn note(
    backend: &Backend,
    actor: &Actor,
    id: TenantObjectId,
    name: &str,
    check: SignInCheck,
) -> Result<()> {
    let mut write = backend.db.write().await?;
    let detail = match check {
        SignInCheck::Wrong => "The password was not accepted.",
        _ => {
            attempts::forget(&mut write, id).await?;
            "The password was accepted."
        }
    };
    let activity = Activity::CheckSignIn;
    audit::record(backend, &mut write, actor, activity, name, detail).await?;
    write.commit().await
}
