//! What the provisioning log adds up to. Rows were counted by the hour when they were written
//! (`provisioning_logs`), so that no chart reads a hundred thousand of them.

use std::collections::{BTreeMap, HashMap};

use engine::{
    configuration::{ConfigurationId, DomainName},
    insights::{
        ConfigurationRows, DateRange, Insights, InsightsQuery, InsightsStep, RecentError, RowCounts,
    },
    records::{ProvisioningAction, ProvisioningFilter, ProvisioningResult},
    timestamp::Timestamp,
};
use sqlx::{Row, any::AnyRow};

use crate::{
    Backend, Error, Result, configurations,
    database::{assembled, columns},
    provisioning_logs,
};

/// How many different errors are told.
const ERRORS: usize = 10;

/// Counts what there is at this moment.
pub async fn count(backend: &Backend, query: &InsightsQuery) -> Result<Insights> {
    let now = backend.now();
    let (range, since) = (query.range, query.range.start(now));
    let before = since.minus(range.step() * range.steps());
    let counted = counted(backend, query, before).await?;
    let (present, past): (Vec<_>, Vec<_>) = counted.iter().partition(|rows| rows.step >= since);
    let domains = domains(backend).await?;
    Ok(Insights {
        counted_at: now,
        since,
        total: total(&present),
        before: range.has_range_before().then(|| total(&past)),
        steps: steps(range, since, &present),
        configurations: by_configuration(&present, &domains),
        errors: errors(&present, &domains),
        objects: provisioning_logs::objects_by_result(backend, &as_filter(query, since)).await?,
    })
}

/// The rows of the log that are counted.
fn as_filter(query: &InsightsQuery, since: Timestamp) -> ProvisioningFilter {
    ProvisioningFilter {
        configuration: query.configuration,
        action: query.action,
        result: query.result,
        sync_type: query.sync_type,
        since: Some(since),
        ..ProvisioningFilter::default()
    }
}

/// Rows of one kind within one step.
struct Counted {
    step: Timestamp,
    configuration: ConfigurationId,
    action: ProvisioningAction,
    result: ProvisioningResult,
    error_code: String,
    rows: u64,
    latest_at: Timestamp,
}

async fn counted(
    backend: &Backend,
    query: &InsightsQuery,
    since: Timestamp,
) -> Result<Vec<Counted>> {
    let step = i64::try_from(query.range.step().as_micros()).map_err(Error::internal)?;
    let narrowed = [
        (
            "configuration_id",
            query.configuration.map(|id| id.to_string()),
        ),
        ("action", query.action.map(|word| word.as_str().to_owned())),
        ("result", query.result.map(|word| word.as_str().to_owned())),
        (
            "sync_type",
            query.sync_type.map(|word| word.as_str().to_owned()),
        ),
    ];
    let (mut conditions, mut values) = (format!("hour >= {}", since.0), Vec::new());
    for (column, value) in narrowed {
        if let Some(value) = value {
            values.push(value);
            conditions.push_str(&format!(" AND {column} = ${}", values.len()));
        }
    }
    let sql = format!(
        "SELECT hour - hour % {step} AS step, configuration_id, action, result, error_code,
             CAST(SUM(log_rows) AS BIGINT) AS log_rows, MAX(latest_at) AS latest_at
         FROM provisioning_counts WHERE {conditions}
         GROUP BY hour - hour % {step}, configuration_id, action, result, error_code"
    );
    let mut query = assembled(sql);
    for value in values {
        query = query.bind(value);
    }
    let rows = query.fetch_all(backend.db.read()).await?;
    rows.iter().map(counted_row).collect()
}

fn counted_row(row: &AnyRow) -> Result<Counted> {
    let text = |name: &str| row.try_get::<String, _>(name);
    let unknown = |what: &'static str| Error::internal(format!("unknown {what} in the counts"));
    Ok(Counted {
        step: Timestamp(row.try_get("step")?),
        configuration: text("configuration_id")?.parse().map_err(Error::internal)?,
        action: ProvisioningAction::parse(&text("action")?).ok_or_else(|| unknown("action"))?,
        result: ProvisioningResult::parse(&text("result")?).ok_or_else(|| unknown("result"))?,
        error_code: text("error_code")?,
        rows: columns::count(row, "log_rows")?,
        latest_at: Timestamp(row.try_get("latest_at")?),
    })
}

/// What configurations are called; deleted ones have no name, and are not told of by name.
async fn domains(backend: &Backend) -> Result<HashMap<ConfigurationId, DomainName>> {
    let configurations = configurations::list(backend).await?.into_iter();
    Ok(configurations.map(|one| (one.id, one.domain)).collect())
}

fn total(counted: &[&Counted]) -> RowCounts {
    let mut total = RowCounts::default();
    for rows in counted {
        total.add(rows.action, rows.result, rows.rows);
    }
    total
}

fn steps(range: DateRange, since: Timestamp, counted: &[&Counted]) -> Vec<InsightsStep> {
    let starts = (0..range.steps()).map(|step| since.plus(range.step() * step));
    let step = |start: Timestamp| {
        let own: Vec<&Counted> = counted
            .iter()
            .copied()
            .filter(|rows| rows.step == start)
            .collect();
        InsightsStep {
            start,
            counts: total(&own),
        }
    };
    starts.map(step).collect()
}

fn by_configuration(
    counted: &[&Counted],
    domains: &HashMap<ConfigurationId, DomainName>,
) -> Vec<ConfigurationRows> {
    let mut rows: BTreeMap<ConfigurationId, u64> = BTreeMap::new();
    for counted in counted {
        *rows.entry(counted.configuration).or_default() += counted.rows;
    }
    let named = rows.into_iter().filter_map(|(id, rows)| {
        let domain = domains.get(&id)?.clone();
        Some(ConfigurationRows { id, domain, rows })
    });
    let mut named: Vec<_> = named.collect();
    named.sort_by_key(|one| std::cmp::Reverse(one.rows));
    named
}

fn errors(
    counted: &[&Counted],
    domains: &HashMap<ConfigurationId, DomainName>,
) -> Vec<RecentError> {
    let mut errors: BTreeMap<(&str, ConfigurationId), (u64, Timestamp)> = BTreeMap::new();
    for counted in counted.iter().filter(|rows| !rows.error_code.is_empty()) {
        let kind = (counted.error_code.as_str(), counted.configuration);
        let (rows, latest_at) = errors.entry(kind).or_default();
        *rows += counted.rows;
        *latest_at = counted.latest_at.max(*latest_at);
    }
    let named = errors
        .into_iter()
        .filter_map(|((code, configuration), (rows, latest_at))| {
            Some(RecentError {
                code: code.to_owned(),
                configuration,
                domain: domains.get(&configuration)?.clone(),
                rows,
                latest_at,
            })
        });
    let mut named: Vec<_> = named.collect();
    named.sort_by_key(|error| std::cmp::Reverse(error.latest_at));
    named.truncate(ERRORS);
    named
}
