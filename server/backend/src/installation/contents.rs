//! What lies in a database, and what may be done with it.

use std::path::Path;

use sqlx::{Any, AnyConnection, Connection, Executor, Row};

use super::{DatabaseUse, InstallationKind, InstallationRefusal, StoredMark, stored_mark};
use crate::{
    Result,
    database::{self, DatabaseKind, SCHEMA, assembled},
    directories,
    secrets::{Secrets, SecretsError},
};

/// What lies in a database.
#[derive(Debug)]
pub enum DatabaseContents {
    /// No table, or ours and nothing in them: a start that was cut off leaves that.
    Nothing,
    AnotherProgram,
    Installation(StoredInstallation),
}

/// An installation as a database holds it.
#[derive(Debug)]
pub struct StoredInstallation {
    kind: InstallationKind,
    age: SchemaAge,
    /// Databases from before there was a mark have none.
    mark: Option<StoredMark>,
    /// A bind password and the directory that it belongs to, for databases without a mark.
    sealed: Option<(uuid::Uuid, String)>,
}

/// How the tables of a database are, compared with those that this program knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaAge {
    Older,
    Same,
    Newer,
}

impl DatabaseContents {
    /// Looks without changing anything: no file is made, no table, no mark.
    pub async fn look(url: &str) -> Result<Self> {
        if !database::exists(url).await? {
            return Ok(Self::Nothing);
        }
        let mut connection = database::connect_once(url).await?;
        let contents = Self::read(&mut connection, DatabaseKind::of(url)?).await;
        connection.close().await?;
        contents
    }

    async fn read(connection: &mut AnyConnection, kind: DatabaseKind) -> Result<Self> {
        let tables = tables(connection, kind).await?;
        let has = |table: &str| tables.iter().any(|name| name == table);
        if tables.is_empty() {
            return Ok(Self::Nothing);
        }
        if !has("_sqlx_migrations") {
            return Ok(Self::AnotherProgram);
        }
        // The first table of the first migration: without it the migrations are somebody else's.
        if !has("configurations") {
            return Ok(match tables.len() {
                1 if applied(connection).await?.is_empty() => Self::Nothing,
                _ => Self::AnotherProgram,
            });
        }
        let mark = match has("installation") {
            true => stored_mark(&mut *connection).await?,
            false => None,
        };
        let kind = match &mark {
            Some(mark) => Some(mark.kind),
            None => kind_without_mark(connection, &tables).await?,
        };
        let Some(kind) = kind else {
            return Ok(Self::Nothing);
        };
        Ok(Self::Installation(StoredInstallation {
            kind,
            age: age(&applied(connection).await?),
            mark,
            sealed: a_sealed_password(connection).await?,
        }))
    }

    /// The kind of installation to go on with, or why nothing may be done here.
    pub fn judge(&self, wanted: DatabaseUse) -> Result<InstallationKind, InstallationRefusal> {
        use InstallationKind::{Demo, Production};
        let found = match (self, wanted) {
            (Self::AnotherProgram, _) => return Err(InstallationRefusal::AnotherProgram),
            (Self::Nothing, DatabaseUse::Serve(kind)) => return Ok(kind),
            (Self::Nothing, DatabaseUse::Command(_)) => {
                return Err(InstallationRefusal::NothingThere);
            }
            (Self::Installation(found), _) => found,
        };
        let wanted_kind = match wanted {
            DatabaseUse::Serve(kind) => Some(kind),
            DatabaseUse::Command(kind) => kind,
        };
        match (found.kind, wanted_kind) {
            (Production, Some(Demo)) => return Err(InstallationRefusal::DemoOnRealData),
            (Demo, Some(Production)) => return Err(InstallationRefusal::RealStartOnDemo),
            (Production | Demo, _) => {}
        }
        match (found.age, wanted) {
            (SchemaAge::Newer, _) => Err(InstallationRefusal::NewerSchema),
            (SchemaAge::Older, DatabaseUse::Command(_)) => Err(InstallationRefusal::OlderSchema),
            (SchemaAge::Older | SchemaAge::Same, _) => Ok(found.kind),
        }
    }

    /// The key in this file, if it opens what the database holds. Made on the first start, and
    /// never for a database that needs one which is not there.
    pub fn key(&self, path: &Path) -> Result<Secrets> {
        let found = match self {
            Self::Installation(found) if found.needs_its_key() => found,
            Self::Installation(_) | Self::Nothing | Self::AnotherProgram => {
                return Ok(Secrets::open_or_create(path)?);
            }
        };
        let path = path.to_owned();
        match Secrets::open_file(&path) {
            Ok(None) => Err(InstallationRefusal::KeyMissing { path }.into()),
            Ok(Some(secrets)) if found.is_sealed_with(&secrets) => Ok(secrets),
            Ok(Some(_)) => Err(InstallationRefusal::WrongKey { path }.into()),
            Err(SecretsError::NotAKey) => Err(InstallationRefusal::DamagedKey { path }.into()),
            Err(error) => Err(error.into()),
        }
    }
}

impl DatabaseContents {
    /// Whether the key in this file opens what the database holds.
    pub fn is_opened_by(&self, path: &Path) -> bool {
        let Ok(Some(secrets)) = Secrets::open_file(path) else {
            return false;
        };
        match self {
            Self::Installation(found) => found.is_sealed_with(&secrets),
            Self::Nothing | Self::AnotherProgram => true,
        }
    }
}

impl StoredInstallation {
    fn needs_its_key(&self) -> bool {
        self.mark.is_some() || self.sealed.is_some()
    }

    fn is_sealed_with(&self, secrets: &Secrets) -> bool {
        match (&self.mark, &self.sealed) {
            (Some(mark), _) => mark.is_sealed_with(secrets),
            (None, Some((directory, sealed))) => {
                directories::opens_password(secrets, *directory, sealed)
            }
            (None, None) => true,
        }
    }
}

async fn tables(connection: &mut AnyConnection, kind: DatabaseKind) -> Result<Vec<String>> {
    let sql = match kind {
        DatabaseKind::Sqlite => {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' \
             ESCAPE '\\'"
        }
        DatabaseKind::Postgres => {
            "SELECT CAST(tablename AS TEXT) AS name FROM pg_tables \
             WHERE schemaname = current_schema()"
        }
    };
    let rows = sqlx::query(sql).fetch_all(connection).await?;
    rows.iter().map(|row| Ok(row.try_get("name")?)).collect()
}

/// The numbers of the migrations that were applied.
async fn applied(connection: &mut AnyConnection) -> Result<Vec<i64>> {
    let rows = sqlx::query("SELECT version FROM _sqlx_migrations ORDER BY version")
        .fetch_all(connection)
        .await?;
    rows.iter().map(|row| Ok(row.try_get("version")?)).collect()
}

fn age(applied: &[i64]) -> SchemaAge {
    if applied
        .iter()
        .any(|version| !SCHEMA.version_exists(*version))
    {
        return SchemaAge::Newer;
    }
    let is_missing = |version: i64| !applied.contains(&version);
    match SCHEMA.iter().any(|known| is_missing(known.version)) {
        true => SchemaAge::Older,
        false => SchemaAge::Same,
    }
}

/// What an earlier version left: a demo where there is a world, real data where there is anything
/// else that somebody made.
async fn kind_without_mark(
    connection: &mut AnyConnection,
    tables: &[String],
) -> Result<Option<InstallationKind>> {
    const MADE_BY_SOMEBODY: [&str; 4] = [
        "configurations",
        "directories",
        "admins",
        "admin_invitations",
    ];
    let is_there = |table: &&str| tables.iter().any(|name| name == table);
    for table in ["demo_world"].iter().filter(|table| is_there(table)) {
        if has_rows(&mut *connection, table).await? {
            return Ok(Some(InstallationKind::Demo));
        }
    }
    for table in MADE_BY_SOMEBODY.iter().filter(|table| is_there(table)) {
        if has_rows(&mut *connection, table).await? {
            return Ok(Some(InstallationKind::Production));
        }
    }
    Ok(None)
}

async fn has_rows<'e>(executor: impl Executor<'e, Database = Any>, table: &str) -> Result<bool> {
    let row = assembled(format!("SELECT 1 AS one FROM {table} LIMIT 1"))
        .fetch_optional(executor)
        .await?;
    Ok(row.is_some())
}

async fn a_sealed_password(connection: &mut AnyConnection) -> Result<Option<(uuid::Uuid, String)>> {
    let row = sqlx::query(
        "SELECT id, sealed_password FROM directories WHERE sealed_password IS NOT NULL LIMIT 1",
    )
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        let id = database::columns::uuid(&row, "id")?;
        Ok((id, row.try_get("sealed_password")?))
    })
    .transpose()
}
