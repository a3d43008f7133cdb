//! Passwords: what is accepted, how they are stored, how they are compared.

use std::sync::LazyLock;

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use engine::configuration::draft::FieldError;
use secrecy::{ExposeSecret, SecretString};
use tokio::{sync::Semaphore, task::spawn_blocking};
use unicode_normalization::UnicodeNormalization;

use crate::{Error, Result};

pub(super) const PASSWORD: &str = "password";

const MIN_CHARACTERS: usize = 12;
/// Enough for any pass phrase, and too little to keep the hash function busy.
const MAX_CHARACTERS: usize = 256;

/// Each hash takes 19 MiB for a while; more than these at a time wait for their turn.
static TURNS: Semaphore = Semaphore::const_new(2);

/// Argon2id with 19 MiB, two passes, one lane: the OWASP password storage cheat sheet.
static ARGON2: LazyLock<Argon2<'static>> = LazyLock::new(|| {
    let params = Params::new(19 * 1024, 2, 1, Some(32)).expect("these parameters are allowed");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
});

/// The hash of a password that nobody knows, with the parameters of [`ARGON2`]: compared with when
/// there is no such person, so that the answer takes as long.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LWhhcy10aGlz$\
                      NVhCXSDIc42E8p3VpLUvXS/YQhlyBsdbSGlVJzFwgSY";

/// What is wrong with a new password, if anything is.
pub(super) fn check(password: &SecretString, email: &str) -> Result<(), FieldError> {
    let refuse = |message: String| Err(FieldError::new(PASSWORD, message));
    let password = normalized(password);
    let length = password.chars().count();
    if length < MIN_CHARACTERS {
        return refuse(format!(
            "Choose a password of at least {MIN_CHARACTERS} characters."
        ));
    }
    if length > MAX_CHARACTERS {
        return refuse(format!(
            "Choose a password of at most {MAX_CHARACTERS} characters."
        ));
    }
    let local_part = email.split('@').next().unwrap_or_default().to_lowercase();
    let without_name = password.to_lowercase().replace(&local_part, "");
    if !local_part.is_empty() && without_name.chars().count() < MIN_CHARACTERS / 2 {
        return refuse("Choose a password that is not made of your email address.".to_owned());
    }
    let first = password.chars().next();
    if password.chars().all(|character| Some(character) == first) {
        return refuse("Choose a password of more than one character repeated.".to_owned());
    }
    Ok(())
}

/// The PHC string to store.
pub(super) async fn hash(password: SecretString) -> Result<String> {
    in_turn(move || {
        let hash = ARGON2.hash_password(normalized(&password).as_bytes());
        hash.map(|hash| hash.to_string()).map_err(Error::internal)
    })
    .await
}

/// Whether it is the password that was hashed. Without a hash nobody's is compared, and the answer
/// is no.
pub(super) async fn verify(password: SecretString, hash: Option<String>) -> Result<bool> {
    in_turn(move || {
        let stored = hash.as_deref().unwrap_or(NOBODY);
        let stored = PasswordHash::new(stored).map_err(Error::internal)?;
        let is_equal = ARGON2
            .verify_password(normalized(&password).as_bytes(), &stored)
            .is_ok();
        Ok(is_equal && hash.is_some())
    })
    .await
}

async fn in_turn<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let _turn = TURNS.acquire().await.map_err(Error::internal)?;
    spawn_blocking(work).await.map_err(Error::internal)?
}

/// One password typed on two keyboards is one password (NIST SP 800-63B, 5.1.1.2).
fn normalized(password: &SecretString) -> String {
    let characters = password.expose_secret().chars().take(MAX_CHARACTERS * 4);
    characters.nfkc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_recognized_by_its_hash_however_its_accents_were_typed() {
        let hash = hash("Brücke über die Spree".into()).await.unwrap();
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        let decomposed = "Bru\u{308}cke u\u{308}ber die Spree";
        assert!(verify(decomposed.into(), Some(hash.clone())).await.unwrap());
        assert!(
            !verify("Brücke über die Havel".into(), Some(hash))
                .await
                .unwrap()
        );
    }

    #[tokio::test]
    async fn nobody_has_no_password() {
        for guess in ["", "nobody", "password"] {
            assert!(!verify(guess.into(), None).await.unwrap());
        }
    }

    #[test]
    fn nobody_is_compared_with_the_same_effort_as_somebody() {
        let nobody = PasswordHash::new(NOBODY).unwrap();
        assert_eq!(&Params::try_from(&nobody).unwrap(), ARGON2.params());
    }

    #[test]
    fn weak_passwords_are_refused_with_a_reason() {
        let reason = |password: &str| {
            let checked = check(&password.into(), "iris.okafor@contoso.test");
            checked.map_err(|error| error.message)
        };
        for (password, start) in [
            ("", "Choose a password of at least 12"),
            ("elevenchars", "Choose a password of at least 12"),
            (
                "Iris.Okafor123",
                "Choose a password that is not made of your email",
            ),
            ("aaaaaaaaaaaaaaaa", "Choose a password of more than one"),
        ] {
            let message = reason(password).unwrap_err();
            assert!(message.starts_with(start), "{password}: {message}");
        }
        let long = "ab".repeat(129);
        assert!(
            reason(&long)
                .unwrap_err()
                .starts_with("Choose a password of at most 256")
        );
        assert_eq!(reason("four small grey clouds"), Ok(()));
    }
}
