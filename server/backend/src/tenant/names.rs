//! User principal names while they change hands: only one live object has each, at any instant.

use std::collections::HashMap;

use engine::{
    configuration::schema::USER_PRINCIPAL_NAME,
    cycle::{conflicts, error_code::ErrorCode, plan::Failure},
    directory::{Attributes, SourceAnchor},
    tenant::TenantObjectId,
};
use sqlx::Row;

use super::{apply::Row as ObjectRow, store};
use crate::{
    Backend, Error, Result,
    database::{Write, assembled, rows_per_statement, value_list},
};

/// Placeholders that are tried before the object is given up for this cycle.
const PLACEHOLDERS: u16 = 50;

/// Makes room for the names of `rows`. A holder that gives its name up in the same plan is put
/// aside under a placeholder first; who gives nothing up keeps its name, and the row that wanted
/// it is refused.
pub(super) async fn make_room<'a>(
    backend: &Backend,
    write: &mut Write,
    rows: Vec<ObjectRow<'a>>,
) -> Result<(Vec<ObjectRow<'a>>, HashMap<SourceAnchor, Failure>)> {
    let holders = holders(write, &rows).await?;
    let mut refused = HashMap::new();
    let mut accepted = Vec::with_capacity(rows.len());
    let in_page: HashMap<TenantObjectId, Option<String>> = rows
        .iter()
        .map(|row| (row.id, row.names.user_principal_name.clone()))
        .collect();
    for mut row in rows {
        let key = row.names.user_principal_name.clone();
        let holder = key.as_ref().and_then(|key| holders.get(key)).copied();
        match holder.filter(|holder| *holder != row.id) {
            None => accepted.push(row),
            Some(holder)
                if row.planned.takes_names_from.contains(&holder)
                    || in_page.get(&holder).is_some_and(|theirs| *theirs != key) =>
            {
                put_aside(backend, write, holder).await?;
                accepted.push(row);
            }
            Some(_) if row.has_placeholder() => {
                let name = free_placeholder(backend, write, &row.placeholder_prefix()).await?;
                row.rename(&name)?;
                accepted.push(row);
            }
            Some(_) => {
                let name = key.unwrap_or_default();
                refused.insert(row.planned.anchor.clone(), taken(&name));
            }
        }
    }
    Ok((accepted, refused))
}

fn taken(name: &str) -> Failure {
    Failure::new(
        ErrorCode::AttributeValueMustBeUnique,
        format!("Another user of the tenant got the user principal name {name} meanwhile."),
    )
}

async fn holders(
    write: &mut Write,
    rows: &[ObjectRow<'_>],
) -> Result<HashMap<String, TenantObjectId>> {
    let keys: Vec<&String> = rows
        .iter()
        .filter_map(|row| row.names.user_principal_name.as_ref())
        .collect();
    let mut holders = HashMap::new();
    for keys in keys.chunks(rows_per_statement(1)) {
        let sql = format!(
            "SELECT id, user_principal_name_key FROM tenant_objects
             WHERE deleted_at IS NULL AND user_principal_name_key IN ({})",
            value_list(1, keys.len())
        );
        let mut query = assembled(sql);
        for key in keys {
            query = query.bind((*key).clone());
        }
        for row in query.fetch_all(write.connection()).await? {
            let id: String = row.try_get("id")?;
            let key = row.try_get("user_principal_name_key")?;
            holders.insert(key, id.parse().map_err(Error::internal)?);
        }
    }
    Ok(holders)
}

/// The first of two steps: whatever happens before the second, both objects have a name that is
/// their own, and the next plan sees what is still to be done.
async fn put_aside(backend: &Backend, write: &mut Write, id: TenantObjectId) -> Result<()> {
    let row = sqlx::query("SELECT attributes FROM tenant_objects WHERE id = $1")
        .bind(id.to_string())
        .fetch_one(write.connection())
        .await?;
    let mut attributes: Attributes = serde_json::from_str(row.try_get("attributes")?)?;
    let current = attributes
        .text(USER_PRINCIPAL_NAME)
        .unwrap_or_default()
        .to_owned();
    let name = free_placeholder(backend, write, &current).await?;
    attributes.set(USER_PRINCIPAL_NAME, vec![name.clone().into()]);
    sqlx::query(
        "UPDATE tenant_objects SET attributes = $1, user_principal_name_key = $2 WHERE id = $3",
    )
    .bind(serde_json::to_string(&attributes)?)
    .bind(name.to_lowercase())
    .bind(id.to_string())
    .execute(write.connection())
    .await?;
    Ok(())
}

async fn free_placeholder(backend: &Backend, write: &mut Write, wanted: &str) -> Result<String> {
    let domain = backend.settings.initial_domain.as_str();
    let first = conflicts::number_of(&SourceAnchor::from_stored(wanted));
    for number in first..first + PLACEHOLDERS {
        let name = conflicts::placeholder(wanted, domain, number);
        if !store::is_name_taken(write, &name.to_lowercase()).await? {
            return Ok(name);
        }
    }
    Err(Error::internal(format!(
        "no placeholder is free for {wanted}"
    )))
}
