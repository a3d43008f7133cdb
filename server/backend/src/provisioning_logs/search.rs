//! Finding rows of the provisioning log: what it is narrowed to as SQL, walked by key.

use engine::{
    directory::ObjectKind,
    records::{
        Page, PageKey, ProvisioningAction, ProvisioningEntry, ProvisioningEntrySummary,
        ProvisioningFilter, ProvisioningResult, SyncType,
    },
    timestamp::Timestamp,
};
use sqlx::{Row, any::AnyRow};

use super::store::{ENTRY, SUMMARY, entry, summary};
use crate::{Backend, Result, database::assembled};

/// Newest first.
pub(super) async fn list(
    backend: &Backend,
    filter: &ProvisioningFilter,
    after: Option<PageKey>,
    limit: u32,
) -> Result<Page<ProvisioningEntrySummary>> {
    let rows = rows(backend, SUMMARY, filter, after, limit).await?;
    let target_system = &backend.settings.tenant_name;
    page(&rows, limit, |row| summary(row, target_system))
}

/// As [`list`], with everything that is kept of each row.
pub(super) async fn entries(
    backend: &Backend,
    filter: &ProvisioningFilter,
    after: Option<PageKey>,
    limit: u32,
) -> Result<Page<ProvisioningEntry>> {
    let rows = rows(backend, ENTRY, filter, after, limit).await?;
    let target_system = &backend.settings.tenant_name;
    page(&rows, limit, |row| entry(row, target_system))
}

fn page<T>(rows: &[AnyRow], limit: u32, item: impl Fn(&AnyRow) -> Result<T>) -> Result<Page<T>> {
    let limit = limit as usize;
    let items: Vec<T> = rows.iter().take(limit).map(item).collect::<Result<_>>()?;
    let last = (rows.len() > limit).then(|| &rows[limit - 1]);
    Ok(Page {
        items,
        next: last.map(|row| row.try_get("id").map(PageKey)).transpose()?,
        total: None,
    })
}

/// One row more than `limit`, where there is one.
async fn rows(
    backend: &Backend,
    columns: &str,
    filter: &ProvisioningFilter,
    after: Option<PageKey>,
    limit: u32,
) -> Result<Vec<AnyRow>> {
    let narrowed = Conditions::of(filter, after);
    let sql = format!(
        "SELECT {columns} FROM provisioning_log WHERE {} ORDER BY id DESC LIMIT {}",
        narrowed.conditions.join(" AND "),
        u64::from(limit) + 1
    );
    let mut query = assembled(sql);
    for value in narrowed.values {
        query = query.bind(value);
    }
    Ok(query.fetch_all(backend.db.read()).await?)
}

/// Each object once, by the result of its latest row.
pub(super) async fn objects_by_result(
    backend: &Backend,
    filter: &ProvisioningFilter,
) -> Result<Vec<(ProvisioningResult, u64)>> {
    let narrowed = Conditions::of(filter, None);
    let sql = format!(
        "WITH latest AS (SELECT MAX(id) AS id FROM provisioning_log WHERE {}
             GROUP BY configuration_id, source_anchor)
         SELECT l.result, COUNT(*) AS objects FROM latest
         JOIN provisioning_log l ON l.id = latest.id GROUP BY l.result",
        narrowed.conditions.join(" AND ")
    );
    let mut query = assembled(sql);
    for value in narrowed.values {
        query = query.bind(value);
    }
    let rows = query.fetch_all(backend.db.read()).await?;
    let mut counts = Vec::new();
    for result in ProvisioningResult::ALL {
        let of_result = rows.iter().find(|row| {
            let word: Option<String> = row.try_get("result").ok();
            word.as_deref() == Some(result.as_str())
        });
        if let Some(row) = of_result {
            let objects: i64 = row.try_get("objects")?;
            counts.push((result, u64::try_from(objects).unwrap_or(0)));
        }
    }
    Ok(counts)
}

/// Conditions with placeholders, and the values for them.
pub(super) struct Conditions {
    pub(super) conditions: Vec<String>,
    pub(super) values: Vec<String>,
}

impl Conditions {
    pub(super) fn of(filter: &ProvisioningFilter, after: Option<PageKey>) -> Self {
        let mut narrowed = Self {
            conditions: Vec::new(),
            values: Vec::new(),
        };
        // "~" sorts after every identifier.
        let before = after.map_or_else(|| "~".to_owned(), |key| key.0);
        narrowed.add("id <", Some(before));
        let text = |value: Option<&str>| value.map(str::to_owned);
        narrowed.add(
            "configuration_id =",
            filter.configuration.map(|id| id.to_string()),
        );
        narrowed.add("cycle_id =", filter.cycle.map(|id| id.to_string()));
        narrowed.add(
            "action =",
            text(filter.action.map(ProvisioningAction::as_str)),
        );
        narrowed.add(
            "result =",
            text(filter.result.map(ProvisioningResult::as_str)),
        );
        narrowed.add("kind =", text(filter.kind.map(ObjectKind::as_str)));
        narrowed.add("error_code =", filter.error_code.clone());
        narrowed.add("sync_type =", text(filter.sync_type.map(SyncType::as_str)));
        narrowed.search(filter.identity.as_deref());
        narrowed.between(filter.since, filter.until);
        narrowed
    }

    fn add(&mut self, comparison: &str, value: Option<String>) {
        if let Some(value) = value {
            self.values.push(value);
            self.conditions
                .push(format!("{comparison} ${}", self.values.len()));
        }
    }

    fn search(&mut self, text: Option<&str>) {
        let text = text.map(str::trim).filter(|text| !text.is_empty());
        if let Some(text) = text {
            let escaped = text
                .to_lowercase()
                .replace('\\', "\\\\")
                .replace('%', "\\%")
                .replace('_', "\\_");
            self.values.push(format!("%{escaped}%"));
            let place = self.values.len();
            self.conditions
                .push(format!("search_text LIKE ${place} ESCAPE '\\'"));
        }
    }

    /// Identifiers begin with their time, so the key narrows by time, and nothing else is read.
    fn between(&mut self, since: Option<Timestamp>, until: Option<Timestamp>) {
        if let Some(since) = since {
            self.add("id >=", Some(first_id_at(since)));
            self.conditions.push(format!("at >= {}", since.0));
        }
        if let Some(until) = until {
            self.conditions.push(format!("at < {}", until.0));
        }
    }
}

/// The smallest identifier (UUID, version 7) that is made in this millisecond.
fn first_id_at(at: Timestamp) -> String {
    let milliseconds = u64::try_from(at.0 / 1_000).unwrap_or(0);
    let (high, low) = (milliseconds >> 16, milliseconds & 0xffff);
    format!("{high:08x}-{low:04x}-7000-8000-000000000000")
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn identifiers_of_an_instant_are_not_before_its_first_one() {
        let at = Timestamp(1_763_900_000_123_456);
        let made = uuid::Timestamp::from_unix(uuid::NoContext, 1_763_900_000, 123_456_000);
        let id = Uuid::new_v7(made).to_string();
        assert!(first_id_at(at) <= id, "{} {id}", first_id_at(at));
        let later = Timestamp(at.0 + 1_000);
        assert!(first_id_at(later) > id);
    }
}
