//! The plan without its execution: the same reading, the same decisions, the same verdict.
//!
//! What was read is kept, because it is true; what was planned goes to the person who asked, and
//! nothing is written to the target.

use engine::{
    configuration::{Configuration, ConfigurationId},
    cycle::deletion_guard::{self, Verdict},
    preview::{PlanCounts, PlannedReferences, PreviewLine, PreviewSummary},
    records::CycleKind,
};
use sha2::{Digest, Sha256};
use sqlx::Row;

use super::{Cycle, PAGE, Purpose, Stop, Stopped, membership::Reach, scope_names, store};
use crate::{
    Actor, Backend, Error, Result,
    configurations::{self, lease},
    database::{Write, assembled, columns},
    directories, previews,
};

/// Plans what the next cycle would do, or with a `draft` what would follow from it, and stores the
/// plan for looking at.
pub(crate) async fn preview(
    backend: &Backend,
    actor: &Actor,
    id: ConfigurationId,
    draft: Option<Configuration>,
    stop: tokio_util::sync::CancellationToken,
) -> Result<PreviewSummary> {
    let stop = Stop::new(backend, stop).await;
    let mut cycle = Cycle::begin_preview(backend, id, draft.is_some(), stop).await?;
    let made = cycle.make_preview(actor, draft).await;
    let (holder, mut write) = (cycle.id.to_string(), backend.db.write().await?);
    store::discard_plan(&mut write, id).await?;
    lease::release(&mut write, id, &holder).await?;
    write.commit().await?;
    backend.wake_worker();
    made.map_err(as_error)
}

fn as_error(stopped: Stopped) -> Error {
    match stopped {
        Stopped::Error(error) => error,
        Stopped::Source { message, .. } => Error::Outside(message),
        other => Error::Conflict(other.to_string()),
    }
}

impl<'a> Cycle<'a> {
    async fn begin_preview(
        backend: &'a Backend,
        id: ConfigurationId,
        is_draft: bool,
        stop: Stop,
    ) -> Result<Self> {
        let configuration = configurations::get(backend, id).await?;
        let preview_id = backend.new_id();
        let now = backend.now();
        let mut write = backend.db.write().await?;
        let holder = preview_id.to_string();
        if !lease::take(backend, &mut write, id, &holder, now.plus(super::LEASE)).await? {
            return Err(Error::Conflict(
                "A cycle is under way. Try again when it has ended.".to_owned(),
            ));
        }
        let before = configurations::state_row_within(backend, &mut write, id).await?;
        store::discard_plan(&mut write, id).await?;
        store::clear_preview_scope(&mut write, id).await?;
        store::mark_due_escrows(&mut write, id, now).await?;
        store::mark_held_back(&mut write, id).await?;
        write.commit().await?;
        let directory = directories::connected_or_unusable(backend, &configuration.domain).await;
        let evaluates_everything = is_draft
            || before.restarts_requested > 0
            || before.restart_recommended
            || before.cursor.is_none();
        let purpose = match evaluates_everything {
            true => Purpose::PreviewOfEverything,
            false => Purpose::PreviewOfNextCycle,
        };
        Ok(Self::new(
            backend,
            preview_id,
            configuration,
            directory,
            before,
            CycleKind::Preview,
            purpose,
            stop,
        ))
    }

    async fn make_preview(
        &mut self,
        actor: &Actor,
        draft: Option<Configuration>,
    ) -> Result<PreviewSummary, Stopped> {
        if let Some(draft) = &draft {
            self.directory = directories::connected_for(self.backend, draft).await?;
        }
        self.observe().await?;
        let is_draft = draft.is_some();
        if let Some(draft) = draft {
            let source = &*self.directory.source;
            (self.configuration, self.scope_doubt) =
                scope_names::followed(self.backend, source, &draft).await?;
        }
        let mut write = self.write().await?;
        let reach = Reach::load(&mut write, &self.configuration).await?;
        let added_by_nesting = reach
            .added_by_nesting(&mut write, self.configuration.id)
            .await?;
        self.commit(write).await?;
        self.reach = Some(reach);
        let rules = self.rules().await?;
        let deletions = self.plan(&rules).await?;
        let verdict = deletion_guard::judge(deletions, self.configuration.deletion_protection);
        let mut summary = PreviewSummary {
            id: self.id,
            configuration: self.configuration.id,
            made_at: self.backend.now(),
            made_by: actor.name().to_owned(),
            is_draft,
            covers_everything: self.purpose == Purpose::PreviewOfEverything,
            counts: PlanCounts::default(),
            held_because: match verdict {
                Verdict::Approved(_) => None,
                Verdict::Held(held) => Some(held.limit.to_string()),
            },
            added_by_nesting,
            digest: self.digest().await?,
        };
        self.store_preview(&mut summary).await?;
        Ok(summary)
    }

    /// Copies the staged plan to where people look at it.
    async fn store_preview(&mut self, summary: &mut PreviewSummary) -> Result<(), Stopped> {
        let (id, mut after, mut position) = (self.configuration.id, 0, 0);
        loop {
            let mut write = self.write().await?;
            let page = store::staged_after(&mut write, id, after, PAGE).await?;
            let Some((last, _)) = page.last() else { break };
            after = *last;
            let mut lines = Vec::with_capacity(page.len());
            for (_, planned) in page {
                summary.counts.count(&planned);
                lines.push(PreviewLine::Object(Box::new(planned.without_attributes())));
            }
            previews::insert_lines(&mut write, self.id, position, &lines).await?;
            position += lines.len();
            self.commit(write).await?;
        }
        let mut write = self.write().await?;
        let references = planned_references(&mut write, id).await?;
        for line in &references {
            summary.counts.references_added += line.added;
            summary.counts.references_removed += line.removed;
        }
        let lines: Vec<PreviewLine> = references
            .into_iter()
            .map(PreviewLine::References)
            .collect();
        previews::insert_lines(&mut write, self.id, position, &lines).await?;
        previews::insert(&mut write, summary, &self.configuration).await?;
        self.commit(write).await
    }

    /// Stands for the whole staged plan: equal plans have equal digests, whoever made them.
    pub(super) async fn digest(&mut self) -> Result<String, Stopped> {
        let mut digest = Sha256::new();
        let (id, mut after) = (self.configuration.id, 0);
        let mut write = self.write().await?;
        loop {
            let page = store::staged_after(&mut write, id, after, PAGE).await?;
            let Some((last, _)) = page.last() else { break };
            after = *last;
            for (_, planned) in &page {
                if !matches!(planned.change, engine::cycle::plan::Change::Skip(_)) {
                    digest.update(planned.anchor.as_str());
                    digest.update(serde_json::to_vec(&planned.change)?);
                }
            }
        }
        let references = sqlx::query(
            "SELECT owner_anchor, attribute, target_anchor, is_addition FROM planned_references
             WHERE configuration_id = $1
             ORDER BY owner_anchor, attribute, target_anchor",
        )
        .bind(id.to_string())
        .fetch_all(write.connection())
        .await?;
        for row in &references {
            for column in ["owner_anchor", "attribute", "target_anchor"] {
                digest.update(row.try_get::<String, _>(column)?);
            }
            digest.update(row.try_get::<i64, _>("is_addition")?.to_be_bytes());
        }
        self.commit(write).await?;
        let bytes = digest.finalize();
        Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

/// The staged references, a line for each owner and attribute.
async fn planned_references(
    write: &mut Write,
    configuration: ConfigurationId,
) -> Result<Vec<PlannedReferences>> {
    // What fails or is left alone is not there to refer to, and refers to nobody.
    let is_there = |anchor: &str| {
        format!(
            "(EXISTS (SELECT 1 FROM links l
                      WHERE l.configuration_id = p.configuration_id AND l.anchor = {anchor})
              OR EXISTS (SELECT 1 FROM planned_changes c
                         WHERE c.configuration_id = p.configuration_id AND c.anchor = {anchor}
                             AND c.action IN ('create', 'update')))"
        )
    };
    let rows = assembled(format!(
        "SELECT p.owner_anchor, p.attribute, o.kind, o.dn, o.reference_key, o.attributes,
             CAST(SUM(p.is_addition) AS BIGINT) AS added,
             CAST(SUM(1 - p.is_addition) AS BIGINT) AS removed
         FROM planned_references p
         JOIN source_objects o
             ON o.configuration_id = p.configuration_id AND o.anchor = p.owner_anchor
         WHERE p.configuration_id = $1 AND {} AND (p.is_addition = 0 OR {})
         GROUP BY p.owner_anchor, p.attribute, o.kind, o.dn, o.reference_key, o.attributes
         ORDER BY p.owner_anchor, p.attribute",
        is_there("p.owner_anchor"),
        is_there("p.target_anchor")
    ))
    .bind(configuration.to_string())
    .fetch_all(write.connection())
    .await?;
    rows.iter()
        .map(|row| {
            let anchor = columns::anchor(row, "owner_anchor")?;
            let object = store::object_of(row, anchor.clone())?;
            Ok(PlannedReferences {
                anchor,
                kind: object.kind,
                display_name: engine::cycle::plan::source_display_name(&object),
                dn: object.dn.to_string(),
                attribute: row.try_get("attribute")?,
                added: columns::count(row, "added")?,
                removed: columns::count(row, "removed")?,
            })
        })
        .collect()
}
