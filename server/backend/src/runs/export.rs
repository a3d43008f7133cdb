//! Carries out an approved plan: the change, its link, its log row and the end of its mark are one
//! transaction per page.

use engine::{
    cycle::{
        deletion_guard::{ApprovedPlan, Limit},
        plan::{Change, PlannedChange, Rules},
    },
    directory::SourceAnchor,
    records::{CyclePhase, ManagedCounts, ProvisioningAction, ProvisioningResult},
};

use super::{Cycle, PAGE, Stopped, held, refuse_uncovered, store};
use crate::{
    audit::{self, Activity},
    configurations,
    database::Write,
    notifications::{self, Notice},
    provisioning_logs::{self, NewEntry},
    tenant,
};

impl Cycle<'_> {
    /// Carries out the staged plan, deletions first.
    pub(super) async fn export(
        &mut self,
        rules: &Rules,
        approved: &ApprovedPlan,
    ) -> Result<(), Stopped> {
        self.enter(CyclePhase::Writing);
        self.check_target().await?;
        let id = self.configuration.id;
        loop {
            let mut write = self.write().await?;
            let page = store::staged_page(&mut write, id, PAGE).await?;
            let Some((last, _)) = page.last() else { break };
            let last = *last;
            let changes: Vec<PlannedChange> =
                page.into_iter().map(|(_, planned)| planned).collect();
            self.export_page(&mut write, approved, &changes).await?;
            store::unstage(&mut write, id, last).await?;
            self.progress.to_write = store::count_planned(&mut write, id).await?;
            self.commit(write).await?;
        }
        self.export_references(rules).await
    }

    /// Whether the tenant takes writes at all.
    pub(super) async fn check_target(&self) -> Result<(), Stopped> {
        match tenant::refusal(self.backend).await? {
            None => Ok(()),
            Some(refusal) => Err(Stopped::Target(refusal.code, refusal.message)),
        }
    }

    /// Of a plan that waits: the deletions that a person allowed, and nothing else.
    pub(super) async fn export_allowed(&mut self, approved: &ApprovedPlan) -> Result<(), Stopped> {
        self.enter(CyclePhase::Writing);
        let id = self.configuration.id;
        let mut after = 0;
        loop {
            let mut write = self.write().await?;
            let page = held::allowed_page(&mut write, id, after, PAGE).await?;
            let Some((last, _)) = page.last() else { break };
            after = *last;
            self.check_target().await?;
            let changes: Vec<PlannedChange> =
                page.into_iter().map(|(_, planned)| planned).collect();
            refuse_uncovered(approved, &changes, true)?;
            self.write_page(&mut write, &changes).await?;
            let anchors: Vec<&SourceAnchor> =
                changes.iter().map(|planned| &planned.anchor).collect();
            held::settle_allowed(&mut write, id, &anchors).await?;
            self.commit(write).await?;
        }
        Ok(())
    }

    pub(super) async fn export_page(
        &mut self,
        write: &mut Write,
        approved: &ApprovedPlan,
        changes: &[PlannedChange],
    ) -> Result<(), Stopped> {
        refuse_uncovered(approved, changes, false)?;
        self.write_page(write, changes).await
    }

    async fn write_page(
        &mut self,
        write: &mut Write,
        changes: &[PlannedChange],
    ) -> Result<(), Stopped> {
        let id = self.configuration.id;
        let mut written = tenant::apply(self.backend, write, id, changes).await?;
        let changes: Vec<PlannedChange> = changes
            .iter()
            .map(|planned| match written.refusal_of(planned) {
                None => planned.clone(),
                Some(failure) => planned.clone().refused(failure),
            })
            .collect();
        let changes = changes.as_slice();
        let entries = changes.iter().map(|planned| NewEntry {
            action: planned.change.action().unwrap_or(ProvisioningAction::Other),
            result: planned.result(),
            target_id: written.target_of(planned),
            planned,
        });
        let entries: Vec<_> = entries.collect();
        let source = self.configuration.domain.as_str();
        provisioning_logs::record(self.backend, write, id, self.id, source, &entries).await?;
        self.settle_marks(write, changes).await?;
        self.count(changes);
        self.progress.written += changes.len() as u64;
        Ok(())
    }

    async fn settle_marks(
        &self,
        write: &mut Write,
        changes: &[PlannedChange],
    ) -> Result<(), Stopped> {
        let id = self.configuration.id;
        let all: Vec<&SourceAnchor> = changes.iter().map(|planned| &planned.anchor).collect();
        store::unmark(write, id, &all).await?;
        let (mut failures, mut successes, mut new_keys) = (Vec::new(), Vec::new(), Vec::new());
        for planned in changes {
            match &planned.change {
                Change::Fail(failure) => {
                    failures.push((&planned.anchor, failure));
                }
                change => {
                    successes.push(&planned.anchor);
                    if matches!(
                        change,
                        Change::Create { .. } | Change::TakeOver { .. } | Change::Restore { .. }
                    ) {
                        new_keys.push(planned.dn.key().to_owned());
                    }
                }
            }
        }
        store::forget_failures(write, id, &successes).await?;
        store::keep_failures(write, id, self.backend.now(), &failures).await?;
        if self.before.initial_cycle_done {
            // Whoever waited for these objects can refer to them now.
            store::mark_owners(write, id, &new_keys.into_iter().collect()).await?;
        }
        Ok(())
    }

    fn count(&mut self, changes: &[PlannedChange]) {
        for planned in changes {
            match planned.change {
                Change::Create { .. } => self.counts.created += 1,
                Change::Update { .. } | Change::TakeOver { .. } => self.counts.updated += 1,
                Change::Restore { .. } => self.counts.restored += 1,
                Change::Delete { .. } => self.counts.deleted += 1,
                Change::Fail(_) => self.counts.failed += 1,
                Change::Nothing | Change::Skip(_) => {}
            }
        }
    }

    /// Keeps the deletions for a person, tells so once, and leaves everything else as it is.
    pub(super) async fn hold(&mut self, limit: Limit) -> Result<(), Stopped> {
        let id = self.configuration.id;
        let mut write = self.write().await?;
        held::release_not_planned(&mut write, id).await?;
        let mut counts = ManagedCounts::default();
        let mut after = 0;
        loop {
            let page = held::waiting_page(&mut write, id, after, PAGE).await?;
            let Some((last, _)) = page.last() else { break };
            after = *last;
            let deletions: Vec<PlannedChange> =
                page.into_iter().map(|(_, planned)| planned).collect();
            let now = self.backend.now();
            let new = held::hold(&mut write, id, self.id, now, &deletions).await?;
            let entries: Vec<_> = deletions
                .iter()
                .filter(|planned| new.contains(&planned.anchor))
                .map(|planned| NewEntry {
                    action: ProvisioningAction::StagedDelete,
                    result: ProvisioningResult::Skipped,
                    target_id: planned.change.target_id(),
                    planned,
                })
                .collect();
            let source = self.configuration.domain.as_str();
            provisioning_logs::record(self.backend, &mut write, id, self.id, source, &entries)
                .await?;
            self.counts.held += deletions.len() as u64;
            for planned in &deletions {
                counts.count(planned.kind);
            }
        }
        self.hold_lost_members(&mut write).await?;
        if !configurations::is_holding(&self.before.health) {
            self.announce_hold(&mut write, counts, limit).await?;
        }
        store::discard_plan(&mut write, id).await?;
        self.commit(write).await
    }

    async fn hold_lost_members(&mut self, write: &mut Write) -> Result<(), Stopped> {
        let id = self.configuration.id;
        let limits = self.configuration.deletion_protection.lost_members;
        let groups = held::groups_losing_members(write, id, limits).await?;
        let now = self.backend.now();
        held::hold_losing(write, id, self.id, now, groups).await?;
        Ok(())
    }

    async fn announce_hold(
        &self,
        write: &mut Write,
        held: ManagedCounts,
        limit: Limit,
    ) -> Result<(), Stopped> {
        let domain = self.configuration.domain.as_str();
        let detail = format!("{} deletions are held back: {limit}.", self.counts.held);
        let actor = crate::Actor::System;
        let activity = Activity::Quarantine;
        audit::record(self.backend, write, &actor, activity, domain, &detail).await?;
        let notice = Notice::DeletionsHeld {
            cycle_started_at: self.started_at,
            held,
            limit,
        };
        notifications::enqueue(self.backend, write, &self.configuration, &notice).await?;
        Ok(())
    }
}
