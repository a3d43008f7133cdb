//! The SQL of directories.

use engine::{
    configuration::DomainName,
    directory::Dn,
    forest::Forest,
    records::{Contact, DirectoryId, DirectoryKind, DirectorySummary, LdapConnection},
    timestamp::Timestamp,
};
use sqlx::{Row, any::AnyRow};

use crate::{
    Backend, Error, Result,
    database::{Write, assembled, columns},
};

pub(super) struct DirectoryRow {
    pub(super) summary: DirectorySummary,
    pub(super) connection: Option<LdapConnection>,
    pub(super) sealed_password: Option<String>,
}

const SELECT: &str = "SELECT d.id, d.kind, d.domain, d.base_dn, d.connection, d.sealed_password,
        d.last_contact_at, d.last_contact_error, d.delivers_password_hashes,
        c.id AS configuration_id
    FROM directories d
    LEFT JOIN configurations c ON c.directory_id = d.id AND c.deleted_at IS NULL";

fn directory_row(row: &AnyRow) -> Result<DirectoryRow> {
    let connection: Option<String> = row.try_get("connection")?;
    let connection: Option<LdapConnection> = connection
        .map(|json| serde_json::from_str(&json))
        .transpose()?;
    let configuration: Option<String> = row.try_get("configuration_id")?;
    let kind = match row.try_get::<String, _>("kind")?.as_str() {
        "forest" => DirectoryKind::Forest,
        _ => DirectoryKind::Ldap,
    };
    let error: Option<String> = row.try_get("last_contact_error")?;
    let contact_at: Option<i64> = row.try_get("last_contact_at")?;
    Ok(DirectoryRow {
        summary: DirectorySummary {
            id: row
                .try_get::<String, _>("id")?
                .parse()
                .map_err(Error::internal)?,
            kind,
            domain: DomainName::parse(row.try_get("domain")?).map_err(Error::internal)?,
            base_dn: Dn::parse(row.try_get("base_dn")?).map_err(Error::internal)?,
            address: connection.as_ref().map_or_else(
                || "embedded".to_owned(),
                |connection| connection.url.clone(),
            ),
            configuration: configuration
                .map(|id| id.parse())
                .transpose()
                .map_err(Error::internal)?,
            last_contact: contact_at.map(|at| Contact {
                at: Timestamp(at),
                error,
            }),
            delivers_password_hashes: kind == DirectoryKind::Forest
                || columns::flag(row, "delivers_password_hashes")?,
        },
        connection,
        sealed_password: row.try_get("sealed_password")?,
    })
}

pub(super) async fn all(backend: &Backend) -> Result<Vec<DirectoryRow>> {
    let sql = format!("{SELECT} ORDER BY d.domain");
    let rows = assembled(sql).fetch_all(backend.db.read()).await?;
    rows.iter().map(directory_row).collect()
}

pub(super) async fn row(backend: &Backend, id: DirectoryId) -> Result<DirectoryRow> {
    one(backend, "d.id = $1", id.to_string()).await
}

pub(super) async fn row_of_domain(backend: &Backend, domain: &DomainName) -> Result<DirectoryRow> {
    one(backend, "d.domain = $1", domain.as_str().to_owned()).await
}

async fn one(backend: &Backend, condition: &'static str, value: String) -> Result<DirectoryRow> {
    let row = assembled(format!("{SELECT} WHERE {condition}"))
        .bind(value)
        .fetch_optional(backend.db.read())
        .await?
        .ok_or(Error::NotFound("directory"))?;
    directory_row(&row)
}

/// What is stored of a directory.
pub(super) struct NewRow<'a> {
    pub(super) id: DirectoryId,
    pub(super) kind: &'static str,
    pub(super) domain: &'a DomainName,
    pub(super) base_dn: &'a Dn,
    pub(super) connection: Option<&'a LdapConnection>,
    pub(super) sealed_password: Option<String>,
}

/// False when a directory with this domain is there already.
pub(super) async fn insert(backend: &Backend, write: &mut Write, new: NewRow<'_>) -> Result<bool> {
    let inserted = sqlx::query(
        "INSERT INTO directories
             (id, kind, domain, base_dn, connection, sealed_password, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
    )
    .bind(new.id.to_string())
    .bind(new.kind)
    .bind(new.domain.as_str().to_owned())
    .bind(new.base_dn.as_str().to_owned())
    .bind(new.connection.map(serde_json::to_string).transpose()?)
    .bind(new.sealed_password)
    .bind(backend.now().0)
    .execute(write.connection())
    .await?;
    Ok(inserted.rows_affected() == 1)
}

pub(super) async fn update(
    write: &mut Write,
    id: DirectoryId,
    base_dn: &Dn,
    connection: &LdapConnection,
    sealed_password: Option<String>,
) -> Result<()> {
    sqlx::query(
        "UPDATE directories SET base_dn = $1, connection = $2, sealed_password = $3 WHERE id = $4",
    )
    .bind(base_dn.as_str().to_owned())
    .bind(serde_json::to_string(connection)?)
    .bind(sealed_password)
    .bind(id.to_string())
    .execute(write.connection())
    .await?;
    Ok(())
}

pub(super) async fn remove(write: &mut Write, id: DirectoryId) -> Result<()> {
    sqlx::query("DELETE FROM directories WHERE id = $1")
        .bind(id.to_string())
        .execute(write.connection())
        .await?;
    Ok(())
}

pub(super) async fn ensure_forest(
    backend: &Backend,
    write: &mut Write,
    forest: Forest,
) -> Result<()> {
    let domain = DomainName::parse(forest.domain()).map_err(Error::internal)?;
    let base_dn = domain.dn().map_err(Error::internal)?;
    let new = NewRow {
        id: super::id_of_forest(forest),
        kind: "forest",
        domain: &domain,
        base_dn: &base_dn,
        connection: None,
        sealed_password: None,
    };
    insert(backend, write, new).await?;
    Ok(())
}

/// Keeps whether the directory gives out password hashes.
pub(super) async fn note_password_hashes(
    write: &mut Write,
    id: DirectoryId,
    delivers: bool,
) -> Result<()> {
    sqlx::query("UPDATE directories SET delivers_password_hashes = $1 WHERE id = $2")
        .bind(i64::from(delivers))
        .bind(id.to_string())
        .execute(write.connection())
        .await?;
    Ok(())
}

/// Keeps the directory's last word.
pub(crate) async fn note_contact(
    backend: &Backend,
    write: &mut Write,
    id: DirectoryId,
    error: Option<&str>,
) -> Result<()> {
    sqlx::query(
        "UPDATE directories SET last_contact_at = $1, last_contact_error = $2 WHERE id = $3",
    )
    .bind(backend.now().0)
    .bind(error.map(str::to_owned))
    .bind(id.to_string())
    .execute(write.connection())
    .await?;
    Ok(())
}
