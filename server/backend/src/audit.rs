//! What administrators did, one row per act, written in the act's own transaction.

use engine::{
    records::{AuditEntry, AuditFilter, AuditValues, Page, PageKey},
    timestamp::Timestamp,
};
use sqlx::Row;

use crate::{
    Actor, Backend, Result,
    database::{Write, assembled, columns},
};

/// The documented activities of the audit log (category *ProvisioningManagement*), and ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activity {
    AddProvisioningConfiguration,
    DeleteProvisioningConfiguration,
    UndoDeletion,
    EnableProvisioningConfiguration,
    RestartProvisioningConfiguration,
    DisableProvisioningConfiguration,
    UpdateAttributeMappingsOrScope,
    UpdateProvisioningSetting,
    Quarantine,
    AllowDeletes,
    ConnectDirectory,
    ChangeDirectory,
    TestConnection,
    ChangeDemoForest,
    SignIn,
    CheckSignIn,
    ManagePeople,
    ManageAccessTokens,
    SendTestMail,
    RestoreUser,
}

impl Activity {
    pub fn label(self) -> &'static str {
        match self {
            Self::AddProvisioningConfiguration => "Add provisioning configuration",
            Self::DeleteProvisioningConfiguration => "Delete provisioning configuration",
            Self::UndoDeletion => "Undo deletion of provisioning configuration",
            Self::EnableProvisioningConfiguration => "Enable/start provisioning configuration",
            Self::RestartProvisioningConfiguration => "Enable/restart provisioning configuration",
            Self::DisableProvisioningConfiguration => "Disable/pause provisioning configuration",
            Self::UpdateAttributeMappingsOrScope => "Update attribute mappings or scope",
            Self::UpdateProvisioningSetting => "Update provisioning setting or credentials",
            Self::Quarantine => "Quarantine",
            Self::AllowDeletes => "Allow deletes",
            Self::ConnectDirectory => "Connect directory",
            Self::ChangeDirectory => "Change directory connection",
            Self::TestConnection => "Test directory connection",
            Self::ChangeDemoForest => "Change demo forest",
            Self::SignIn => "Sign in",
            Self::CheckSignIn => "Check sign-in",
            Self::ManagePeople => "Manage people and roles",
            Self::ManageAccessTokens => "Manage access tokens",
            Self::SendTestMail => "Send test mail",
            Self::RestoreUser => "Restore user",
        }
    }
}

/// How an act ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Succeeded,
    Failed,
}

/// Records one act of `actor` upon `target`; `detail` says in a sentence what changed.
pub async fn record(
    backend: &Backend,
    write: &mut Write,
    actor: &Actor,
    activity: Activity,
    target: &str,
    detail: &str,
) -> Result<()> {
    let outcome = Outcome::Succeeded;
    record_attempt(backend, write, actor, activity, target, detail, outcome).await
}

/// As [`record`], of an act that may have failed.
pub(crate) async fn record_attempt(
    backend: &Backend,
    write: &mut Write,
    actor: &Actor,
    activity: Activity,
    target: &str,
    detail: &str,
    outcome: Outcome,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO audit_log (id, at, activity, succeeded, initiated_by, target, detail)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(backend.new_id().to_string())
    .bind(backend.now().0)
    .bind(activity.label())
    .bind(i64::from(outcome == Outcome::Succeeded))
    .bind(actor.name().to_owned())
    .bind(target.to_owned())
    .bind(detail.to_owned())
    .execute(write.connection())
    .await?;
    Ok(())
}

/// Newest first.
pub async fn list(
    backend: &Backend,
    after: Option<PageKey>,
    limit: u32,
) -> Result<Page<AuditEntry>> {
    search(backend, &AuditFilter::default(), after, limit).await
}

/// As [`list`], narrowed.
pub async fn search(
    backend: &Backend,
    filter: &AuditFilter,
    after: Option<PageKey>,
    limit: u32,
) -> Result<Page<AuditEntry>> {
    let (conditions, values) = conditions(filter, after);
    let sql = format!(
        "SELECT id, at, activity, succeeded, initiated_by, target, detail FROM audit_log
         WHERE {} ORDER BY id DESC LIMIT {}",
        conditions.join(" AND "),
        u64::from(limit) + 1
    );
    let mut query = assembled(sql);
    for value in values {
        query = query.bind(value);
    }
    let rows = query.fetch_all(backend.db.read()).await?;
    let mut items = rows.iter().map(entry).collect::<Result<Vec<_>>>()?;
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let next = items
        .last()
        .filter(|_| more)
        .map(|last| PageKey(last.id.to_string()));
    Ok(Page {
        items,
        next,
        total: None,
    })
}

/// Conditions with placeholders, and the values for them.
fn conditions(filter: &AuditFilter, after: Option<PageKey>) -> (Vec<String>, Vec<String>) {
    let target = filter.target.as_deref().map(str::trim);
    let target = target.filter(|text| !text.is_empty()).map(str::to_owned);
    // SQLite's LIKE takes no notice of case.
    let begins_with = "substr(target, 1, length(?)) = ?";
    let narrowed = [
        (
            "id < ?",
            Some(after.map_or_else(|| "~".to_owned(), |key| key.0)),
        ),
        ("activity = ?", filter.activity.clone()),
        ("initiated_by = ?", filter.initiated_by.clone()),
        (begins_with, target),
    ];
    let (mut conditions, mut values) = (Vec::new(), Vec::new());
    for (comparison, value) in narrowed {
        if let Some(value) = value {
            values.push(value);
            let place = format!("${}", values.len());
            conditions.push(comparison.replace('?', &place));
        }
    }
    if let Some(succeeded) = filter.succeeded {
        conditions.push(format!("succeeded = {}", i64::from(succeeded)));
    }
    if let Some(since) = filter.since {
        conditions.push(format!("at >= {}", since.0));
    }
    (conditions, values)
}

/// The activities and people that occur.
pub async fn values(backend: &Backend) -> Result<AuditValues> {
    Ok(AuditValues {
        activities: occurring(backend, "activity").await?,
        initiators: occurring(backend, "initiated_by").await?,
    })
}

/// The different values of a column that has an index, in their order: from each to the next one,
/// however many rows have it.
async fn occurring(backend: &Backend, column: &'static str) -> Result<Vec<String>> {
    let sql = format!(
        "WITH RECURSIVE found (value) AS (
             SELECT MIN({column}) FROM audit_log
             UNION ALL
             SELECT (SELECT MIN({column}) FROM audit_log WHERE {column} > found.value)
             FROM found WHERE found.value IS NOT NULL
         )
         SELECT value FROM found WHERE value IS NOT NULL"
    );
    let rows = assembled(sql).fetch_all(backend.db.read()).await?;
    rows.iter().map(|row| Ok(row.try_get("value")?)).collect()
}

fn entry(row: &sqlx::any::AnyRow) -> Result<AuditEntry> {
    Ok(AuditEntry {
        id: row
            .try_get::<String, _>("id")?
            .parse()
            .map_err(crate::Error::internal)?,
        at: Timestamp(row.try_get("at")?),
        activity: row.try_get("activity")?,
        succeeded: columns::flag(row, "succeeded")?,
        initiated_by: row.try_get("initiated_by")?,
        target: row.try_get("target")?,
        detail: row.try_get("detail")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::TestBackend;

    #[tokio::test]
    async fn filters_offer_each_value_once_and_in_order() {
        let backend = TestBackend::new().await;
        assert_eq!(values(&backend).await.unwrap(), AuditValues::default());
        for activity in [Activity::SignIn, Activity::AllowDeletes, Activity::SignIn] {
            for actor in [Actor::System, Actor::CommandLine] {
                let mut write = backend.db.write().await.unwrap();
                let recorded = record(&backend, &mut write, &actor, activity, "contoso.test", "");
                recorded.await.unwrap();
                write.commit().await.unwrap();
            }
        }
        let found = values(&backend).await.unwrap();
        assert_eq!(found.activities, ["Allow deletes", "Sign in"]);
        assert_eq!(found.initiators, ["Cloud sync", "Command line"]);
    }

    #[tokio::test]
    async fn a_target_is_found_by_how_its_name_begins_and_case_counts() {
        let backend = TestBackend::new().await;
        let mut write = backend.db.write().await.unwrap();
        for target in ["contoso.test", "Contoso Ltd", "50%_off"] {
            record(
                &backend,
                &mut write,
                &Actor::System,
                Activity::SignIn,
                target,
                "",
            )
            .await
            .unwrap();
        }
        write.commit().await.unwrap();
        for (typed, expected) in [
            ("contoso", &["contoso.test"][..]),
            ("Contoso", &["Contoso Ltd"]),
            ("toso", &[]),
            ("50%_", &["50%_off"]),
            ("50%o", &[]),
            (" ", &["50%_off", "Contoso Ltd", "contoso.test"]),
        ] {
            let filter = AuditFilter {
                target: Some(typed.to_owned()),
                ..AuditFilter::default()
            };
            let found = search(&backend, &filter, None, 10).await.unwrap();
            let targets: Vec<&str> = found.items.iter().map(|entry| &*entry.target).collect();
            assert_eq!(targets, expected, "{typed}");
        }
    }
}
