//! From what the directory said of a user's password to what is done about it. Hashes live in this
//! file only, from the answer of the directory to the derivation.

use std::collections::HashMap;

use connectors::{PasswordState, SourcePassword};
use engine::{
    directory::SourceAnchor,
    password_hash::{Credential, Fingerprint, Salt},
    records::{ProvisioningError, ProvisioningResult},
    timestamp::Timestamp,
};
use tokio::task::spawn_blocking;

use super::store::{Candidate, KnownState};
use crate::{Backend, Error, Result, provisioning_logs::PasswordEntry};

/// One user, and what is done about the password.
#[derive(Debug)]
pub(super) struct Derived {
    pub(super) candidate: Candidate,
    pub(super) set_at: Option<Timestamp>,
    pub(super) outcome: Outcome,
}

#[derive(Debug)]
pub(super) enum Outcome {
    /// It is another one.
    Set {
        credential: Credential,
        fingerprint: Fingerprint,
    },
    /// It is the one that the tenant has.
    Same,
    MustChange,
    /// The directory has none.
    Nothing,
    Failed(String),
}

/// Decides for some users. Takes the processor for a while, so it happens beside the others.
pub(super) async fn all(
    backend: &Backend,
    candidates: Vec<Candidate>,
    mut passwords: HashMap<SourceAnchor, Vec<SourcePassword>>,
) -> Result<Vec<Derived>> {
    let secrets = backend.secrets.clone();
    spawn_blocking(move || {
        let derive = |candidate: Candidate| {
            let of = passwords.remove(&candidate.anchor).unwrap_or_default();
            one(candidate, of, secrets.fingerprint_key())
        };
        candidates.into_iter().map(derive).collect()
    })
    .await
    .map_err(Error::internal)
}

fn one(candidate: Candidate, mut of: Vec<SourcePassword>, key: &[u8; 32]) -> Derived {
    if of.len() > 1 {
        return Derived {
            candidate,
            set_at: None,
            outcome: Outcome::Failed(CLAIMED_TWICE.to_owned()),
        };
    }
    let Some(password) = of.pop() else {
        return Derived {
            candidate,
            set_at: None,
            outcome: Outcome::Nothing,
        };
    };
    let outcome = match password.state {
        PasswordState::MustChange => Outcome::MustChange,
        PasswordState::Unusable(reason) => Outcome::Failed(reason),
        PasswordState::Usable(hash) => {
            let fingerprint = hash.fingerprint(key);
            if candidate.has(fingerprint) {
                Outcome::Same
            } else {
                let salt: Salt = rand::random();
                Outcome::Set {
                    credential: hash.credential(salt),
                    fingerprint,
                }
            }
        }
    };
    Derived {
        candidate,
        set_at: password.set_at,
        outcome,
    }
}

const CLAIMED_TWICE: &str = "Two entries of the directory claim this identity, so nobody can say \
                             whose password it is. Give each an identifier of its own.";

impl Derived {
    /// Its row of the log; none where nothing happened that was not told before. A password has no
    /// value there.
    pub(super) fn entry(&self) -> Option<PasswordEntry<'_>> {
        let was = self.candidate.known;
        let (result, description, error) = match &self.outcome {
            Outcome::Set { .. } => (ProvisioningResult::Success, SET, None),
            Outcome::MustChange if was != Some(KnownState::MustChange) => {
                (ProvisioningResult::Skipped, MUST_CHANGE, None)
            }
            Outcome::Failed(reason) => {
                let error = ProvisioningError {
                    code: "PasswordHashUnusable".to_owned(),
                    reason: reason.clone(),
                    advice: "It is tried again by itself.".to_owned(),
                };
                (ProvisioningResult::Failure, NOT_SET, Some(error))
            }
            Outcome::Same | Outcome::MustChange | Outcome::Nothing => return None,
        };
        Some(PasswordEntry {
            result,
            target: self.candidate.target,
            display_name: &self.candidate.display_name,
            anchor: &self.candidate.anchor,
            dn: &self.candidate.dn,
            description,
            error,
        })
    }
}

const SET: &str = "The password of the directory was taken over.";
const MUST_CHANGE: &str = "The password must be changed at the next sign-in. Until then it is not \
                           taken over; an earlier one stays.";
const NOT_SET: &str = "The password of the directory could not be taken over.";
