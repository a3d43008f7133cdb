//! Plans that people look at before they run: made, browsed, exported, and run exactly as seen.

use engine::{
    configuration::{Configuration, ConfigurationId},
    preview::{PreviewId, PreviewLine, PreviewSummary},
    records::{CycleOutcome, CycleSummary, Page, PageKey},
};
use sqlx::{Row, any::AnyRow};
use tokio_util::sync::CancellationToken;

use crate::{
    Actor, Backend, Error, Result, configurations,
    database::{Write, assembled, rows_per_statement, value_rows},
    runs,
};

/// How many previews of one configuration are kept.
const KEPT: i64 = 10;

/// Reads the directory and plans; writes nothing to the target. With a `draft`, what would follow
/// from saving it and evaluating everything.
pub async fn make(
    backend: &Backend,
    actor: &Actor,
    id: ConfigurationId,
    draft: Option<Configuration>,
) -> Result<PreviewSummary> {
    actor.may_change()?;
    let (backend, actor) = (backend.clone(), actor.clone());
    to_its_end(
        async move { runs::preview(&backend, &actor, id, draft, CancellationToken::new()).await },
    )
    .await
}

/// Goes on even when whoever asked goes away: what is begun is brought to its end.
async fn to_its_end<T: Send + 'static>(
    work: impl Future<Output = Result<T>> + Send + 'static,
) -> Result<T> {
    tokio::spawn(work).await.map_err(Error::internal)?
}

/// Latest first.
pub async fn list(backend: &Backend, id: ConfigurationId) -> Result<Vec<PreviewSummary>> {
    let rows =
        sqlx::query("SELECT summary FROM previews WHERE configuration_id = $1 ORDER BY id DESC")
            .bind(id.to_string())
            .fetch_all(backend.db.read())
            .await?;
    rows.iter().map(summary).collect()
}

pub async fn get(backend: &Backend, id: PreviewId) -> Result<PreviewSummary> {
    let row = sqlx::query("SELECT summary FROM previews WHERE id = $1")
        .bind(id.to_string())
        .fetch_optional(backend.db.read())
        .await?
        .ok_or(Error::NotFound("preview"))?;
    summary(&row)
}

fn summary(row: &AnyRow) -> Result<PreviewSummary> {
    Ok(serde_json::from_str(row.try_get("summary")?)?)
}

/// Lines in the order in which they would be carried out. `action` is one of the words of
/// [`PreviewLine::action`].
pub async fn lines(
    backend: &Backend,
    id: PreviewId,
    action: Option<&str>,
    after: Option<PageKey>,
    limit: u32,
) -> Result<Page<PreviewLine>> {
    let after = after.map_or(Ok(-1), |key| key.0.parse::<i64>());
    let after = after.map_err(|_| Error::NotFound("page of the preview"))?;
    let rows = sqlx::query(
        "SELECT position, document FROM preview_changes
         WHERE preview_id = $1 AND position > $2 AND ($3 = '' OR action = $3)
         ORDER BY position LIMIT $4",
    )
    .bind(id.to_string())
    .bind(after)
    .bind(action.unwrap_or_default().to_owned())
    .bind(i64::from(limit) + 1)
    .fetch_all(backend.db.read())
    .await?;
    let has_more = rows.len() > limit as usize;
    let rows = &rows[..rows.len().min(limit as usize)];
    let next = match rows.last().filter(|_| has_more) {
        Some(last) => Some(PageKey(last.try_get::<i64, _>("position")?.to_string())),
        None => None,
    };
    let items = rows
        .iter()
        .map(|row| Ok(serde_json::from_str(row.try_get("document")?)?))
        .collect::<Result<_>>()?;
    Ok(Page {
        items,
        next,
        total: None,
    })
}

/// Runs a cycle that does exactly what the preview shows, or nothing: when directory, tenant or
/// configuration changed meanwhile, it is refused.
pub async fn run(backend: &Backend, actor: &Actor, id: PreviewId) -> Result<CycleSummary> {
    actor.may_change()?;
    let preview = get(backend, id).await?;
    let changed = || {
        Error::Conflict(
            "Something changed since the preview was made, so nothing was done. Make a new preview \
             and look at it."
                .to_owned(),
        )
    };
    let saved = configurations::get(backend, preview.configuration).await?;
    if planned_with(backend, id).await? != comparable(saved) {
        return Err(changed());
    }
    if preview.covers_everything {
        configurations::evaluate_everything(backend, preview.configuration).await?;
    }
    let stop = CancellationToken::new();
    let configuration = preview.configuration;
    let backend = backend.clone();
    let cycle = to_its_end(async move {
        runs::run_cycle_as_planned(&backend, configuration, preview.digest, stop).await
    });
    match cycle.await? {
        None => Err(Error::Conflict(
            "A cycle is under way. Try again when it has ended.".to_owned(),
        )),
        Some(cycle) if cycle.outcome == CycleOutcome::PlanChanged => Err(changed()),
        Some(cycle) => Ok(cycle),
    }
}

async fn planned_with(backend: &Backend, id: PreviewId) -> Result<Configuration> {
    let row = sqlx::query("SELECT document FROM previews WHERE id = $1")
        .bind(id.to_string())
        .fetch_one(backend.db.read())
        .await?;
    let configuration: Configuration = serde_json::from_str(row.try_get("document")?)?;
    Ok(comparable(configuration))
}

/// Without what does not change a plan.
fn comparable(configuration: Configuration) -> Configuration {
    Configuration {
        revision: 0,
        deployment: engine::configuration::Deployment::Enabled,
        notification_emails: Vec::new(),
        ..configuration
    }
}

pub(crate) async fn insert(
    write: &mut Write,
    summary: &PreviewSummary,
    configuration: &Configuration,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO previews
             (id, configuration_id, made_at, made_by, document, is_draft, summary)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(summary.id.to_string())
    .bind(summary.configuration.to_string())
    .bind(summary.made_at.0)
    .bind(summary.made_by.clone())
    .bind(serde_json::to_string(configuration)?)
    .bind(i64::from(summary.is_draft))
    .bind(serde_json::to_string(summary)?)
    .execute(write.connection())
    .await?;
    forget_old(write, summary.configuration).await
}

async fn forget_old(write: &mut Write, configuration: ConfigurationId) -> Result<()> {
    let old = "SELECT id FROM previews WHERE configuration_id = $1 AND id NOT IN
         (SELECT id FROM previews WHERE configuration_id = $1 ORDER BY id DESC LIMIT $2)";
    for sql in [
        format!("DELETE FROM preview_changes WHERE preview_id IN ({old})"),
        format!("DELETE FROM previews WHERE id IN ({old})"),
    ] {
        assembled(sql)
            .bind(configuration.to_string())
            .bind(KEPT)
            .execute(write.connection())
            .await?;
    }
    Ok(())
}

pub(crate) async fn insert_lines(
    write: &mut Write,
    preview: PreviewId,
    first_position: usize,
    lines: &[PreviewLine],
) -> Result<()> {
    const COLUMNS: usize = 8;
    let mut positions = first_position..;
    for rows in lines.chunks(rows_per_statement(COLUMNS)) {
        let sql = format!(
            "INSERT INTO preview_changes
                 (preview_id, position, anchor, kind, action, display_name, dn, document)
             VALUES {}",
            value_rows(1, rows.len(), COLUMNS)
        );
        let mut query = assembled(sql);
        for (line, position) in rows.iter().zip(&mut positions) {
            let (anchor, kind, name, dn) = match line {
                PreviewLine::Object(planned) => (
                    &planned.anchor,
                    planned.kind,
                    &planned.display_name,
                    planned.dn.to_string(),
                ),
                PreviewLine::References(references) => (
                    &references.anchor,
                    references.kind,
                    &references.display_name,
                    references.dn.clone(),
                ),
            };
            query = query
                .bind(preview.to_string())
                .bind(i64::try_from(position).unwrap_or(i64::MAX))
                .bind(anchor.as_str().to_owned())
                .bind(kind.as_str())
                .bind(line.action())
                .bind(name.clone())
                .bind(dn)
                .bind(serde_json::to_string(line)?);
        }
        query.execute(write.connection()).await?;
    }
    Ok(())
}
