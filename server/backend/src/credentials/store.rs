//! The SQL of credentials.

use base64::{Engine, prelude::BASE64_STANDARD};
use engine::{password_hash::Credential, tenant::TenantObjectId, timestamp::Timestamp};
use sqlx::{Row, any::AnyRow};

use crate::{
    Backend, Error, Result,
    database::{Write, assembled, rows_per_statement, value_rows},
};

/// What a user's password becomes.
#[derive(Debug)]
pub(crate) struct NewCredential {
    pub(crate) of: TenantObjectId,
    pub(crate) credential: Credential,
    /// When the password was set, where the directory says so.
    pub(crate) set_at: Option<Timestamp>,
}

/// Gives users these credentials, in place of those that they had.
pub(crate) async fn put(
    backend: &Backend,
    write: &mut Write,
    credentials: &[NewCredential],
) -> Result<()> {
    const COLUMNS: usize = 6;
    for rows in credentials.chunks(rows_per_statement(COLUMNS)) {
        let mut query = assembled(format!(
            "INSERT INTO tenant_credentials
                 (object_id, salt, rounds, derived, set_at, changed_at)
             VALUES {}
             ON CONFLICT (object_id) DO UPDATE SET salt = excluded.salt,
                 rounds = excluded.rounds, derived = excluded.derived,
                 set_at = excluded.set_at, changed_at = excluded.changed_at",
            value_rows(1, rows.len(), COLUMNS)
        ));
        for row in rows {
            query = query
                .bind(row.of.to_string())
                .bind(BASE64_STANDARD.encode(row.credential.salt))
                .bind(i64::from(row.credential.rounds))
                .bind(BASE64_STANDARD.encode(row.credential.derived))
                .bind(row.set_at.map(|at| at.0))
                .bind(backend.now().0);
        }
        query.execute(write.connection()).await?;
    }
    Ok(())
}

/// A deleted user has no password any more; one that is restored gets it from the directory again.
pub(crate) async fn forget_deleted(backend: &Backend) -> Result<()> {
    const OF_DELETED: &str = "object_id IN (SELECT id FROM tenant_objects
                                            WHERE deleted_at IS NOT NULL)";
    let any = assembled(format!(
        "SELECT 1 AS one FROM tenant_credentials WHERE {OF_DELETED} LIMIT 1"
    ));
    if any.fetch_optional(backend.db.read()).await?.is_none() {
        return Ok(());
    }
    let mut write = backend.db.write().await?;
    assembled(format!("DELETE FROM tenant_credentials WHERE {OF_DELETED}"))
        .execute(write.connection())
        .await?;
    write.commit().await
}

pub(super) async fn get(backend: &Backend, id: TenantObjectId) -> Result<Option<Credential>> {
    let row =
        sqlx::query("SELECT salt, rounds, derived FROM tenant_credentials WHERE object_id = $1")
            .bind(id.to_string())
            .fetch_optional(backend.db.read())
            .await?;
    row.as_ref().map(credential).transpose()
}

fn credential(row: &AnyRow) -> Result<Credential> {
    let rounds: i64 = row.try_get("rounds")?;
    Ok(Credential {
        salt: bytes(row, "salt")?,
        rounds: u32::try_from(rounds).map_err(Error::internal)?,
        derived: bytes(row, "derived")?,
    })
}

fn bytes<const LENGTH: usize>(row: &AnyRow, column: &str) -> Result<[u8; LENGTH]> {
    let text: String = row.try_get(column)?;
    let bytes = BASE64_STANDARD.decode(text).map_err(Error::internal)?;
    let wrong_size = |_| Error::internal(format!("{column} of a credential has another size"));
    bytes.try_into().map_err(wrong_size)
}
