//! The passwords of the demo forests. Like a directory, a forest keeps NT hashes; unlike one, it
//! keeps them sealed, because they lie in the service's own database.
//!
//! On their first day all people have a password that anybody can work out ([`engine::forest::first_password`]).
//! Service accounts, and what a domain comes with, have none that could be synchronized.

use std::collections::HashMap;

use connectors::{ChangedPasswords, Cursor, PasswordState, SourceError, SourcePassword};
use engine::{
    configuration::draft::FieldError,
    directory::{ObjectGuid, SourceAnchor},
    forest::{EntryClass, draft},
    password_hash::NtHash,
    timestamp::Timestamp,
};
use secrecy::{ExposeSecret, SecretString};
use sqlx::Row;

use super::{
    formats,
    source::{ForestSource, change_at, cursor_at, failed},
    store::{self, Condition, Entry},
};
use crate::{
    Backend, Result,
    database::{Database, Write, assembled, rows_per_statement, value_list, value_rows},
    secrets::Secrets,
};

/// The least that directories ask for by default, and the most that they take.
const CHARACTERS: std::ops::RangeInclusive<usize> = 7..=127;

/// Whether an entry has a password that is worth synchronizing on the first day.
fn has_first_password(entry: &Entry) -> bool {
    entry.class == EntryClass::User
        && !entry.is_critical()
        && entry.attributes.text("employeeType") != Some("Service")
}

/// Gives the people of a new forest their first passwords.
pub(super) async fn put_first(
    backend: &Backend,
    write: &mut Write,
    entries: &[Entry],
) -> Result<()> {
    let people = entries.iter().filter(|entry| has_first_password(entry));
    let sealed = people
        .filter_map(|entry| Some((entry.id, entry.attributes.text("sAMAccountName")?)))
        .map(|(id, account)| {
            let hash = NtHash::of_password(&engine::forest::first_password(account));
            Ok((id, seal(backend, id, &hash)?))
        })
        .collect::<Result<Vec<_>>>()?;
    put(write, &sealed).await
}

/// Stores another password of one entry.
pub(super) async fn put_one(
    backend: &Backend,
    write: &mut Write,
    id: ObjectGuid,
    password: &SecretString,
) -> Result<()> {
    let hash = NtHash::of_password(password.expose_secret());
    put(write, &[(id, seal(backend, id, &hash)?)]).await
}

/// What is wrong with a new password, if anything is.
pub(super) fn check(password: &SecretString) -> Result<(), FieldError> {
    let length = password.expose_secret().chars().count();
    if CHARACTERS.contains(&length) {
        return Ok(());
    }
    let message = format!(
        "A password has {} to {} characters.",
        CHARACTERS.start(),
        CHARACTERS.end()
    );
    Err(FieldError::new(draft::PASSWORD, message))
}

async fn put(write: &mut Write, sealed: &[(ObjectGuid, String)]) -> Result<()> {
    for chunk in sealed.chunks(rows_per_statement(2)) {
        let mut query = assembled(format!(
            "INSERT INTO forest_passwords (entry_id, sealed_hash) VALUES {}
             ON CONFLICT (entry_id) DO UPDATE SET sealed_hash = excluded.sealed_hash",
            value_rows(1, chunk.len(), 2)
        ));
        for (id, sealed) in chunk {
            query = query.bind(id.to_string()).bind(sealed.clone());
        }
        query.execute(write.connection()).await?;
    }
    Ok(())
}

/// Bound to its entry, so that it cannot be put in another one's place.
fn purpose(id: ObjectGuid) -> String {
    format!("password of forest entry {id}")
}

fn seal(backend: &Backend, id: ObjectGuid, hash: &NtHash) -> Result<String> {
    let digits = SecretString::from(hash.to_hex().as_str());
    Ok(backend.secrets.seal(&purpose(id), &digits)?)
}

/// A hash that was sealed with another key is lost, like a password that nobody remembers.
fn open(secrets: &Secrets, id: ObjectGuid, sealed: &str) -> Option<NtHash> {
    let digits = secrets.open(&purpose(id), sealed).ok()?;
    NtHash::from_hex(digits.expose_secret())
}

/// People with a password, in the order of their identifiers.
const WITH_PASSWORD: &str =
    "e.class = 'user' AND EXISTS (SELECT 1 FROM forest_passwords p WHERE p.entry_id = e.id)";

impl ForestSource {
    pub(super) async fn changed(
        &self,
        since: Option<&Cursor>,
    ) -> Result<ChangedPasswords, SourceError> {
        let state = self.state().await?;
        let everybody = Condition::of(self.forest).and_sql(WITH_PASSWORD);
        let condition = match since {
            Some(since) => everybody.and("e.change > ", change_at(since, &state)?),
            None => everybody,
        };
        let of = store::anchors(self.db.read(), condition);
        Ok(ChangedPasswords {
            of: of.await.map_err(failed)?,
            cursor: cursor_at(&state),
        })
    }

    pub(super) async fn passwords_of(
        &self,
        of: &[SourceAnchor],
    ) -> Result<Vec<SourcePassword>, SourceError> {
        let anchors: Vec<&str> = of.iter().map(SourceAnchor::as_str).collect();
        let condition = Condition::of(self.forest)
            .and_sql(WITH_PASSWORD)
            .and_texts_in("e.anchor", &anchors);
        let entries = store::entries(self.db.read(), condition, "ORDER BY e.id");
        let entries = entries.await.map_err(failed)?;
        let sealed = sealed_hashes(&self.db, &entries).await.map_err(failed)?;
        let password_of = |entry: &Entry| {
            let sealed = sealed.get(&entry.id.to_string())?;
            Some(password(entry, open(&self.secrets, entry.id, sealed)))
        };
        Ok(entries.iter().filter_map(password_of).collect())
    }
}

/// By the identifier of the entry.
async fn sealed_hashes(db: &Database, of: &[Entry]) -> Result<HashMap<String, String>> {
    let mut hashes = HashMap::new();
    for chunk in of.chunks(rows_per_statement(1)) {
        let list = value_list(1, chunk.len());
        let mut query = assembled(format!(
            "SELECT entry_id, sealed_hash FROM forest_passwords WHERE entry_id IN ({list})"
        ));
        for entry in chunk {
            query = query.bind(entry.id.to_string());
        }
        for row in query.fetch_all(db.read()).await? {
            hashes.insert(row.try_get("entry_id")?, row.try_get("sealed_hash")?);
        }
    }
    Ok(hashes)
}

fn password(entry: &Entry, hash: Option<NtHash>) -> SourcePassword {
    let set = entry.attributes.text("pwdLastSet");
    let state = match hash {
        _ if set == Some(formats::MUST_CHANGE) => PasswordState::MustChange,
        Some(hash) => PasswordState::Usable(hash),
        None => PasswordState::Unusable(
            "The forest's password was sealed with another key. Set it again.".to_owned(),
        ),
    };
    SourcePassword {
        anchor: entry.anchor(),
        set_at: set.and_then(formats::from_file_time).map(Timestamp::from),
        state,
    }
}
