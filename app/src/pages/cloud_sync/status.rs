//! How a configuration's state looks and reads.

use engine::records::{
    ConfigurationState, CycleCounts, CycleKind, CycleOutcome, CyclePhase, CycleProgress,
    CycleSummary, ManagedCounts, Status,
};
use leptos::prelude::*;

use crate::{
    components::{
        icon::Glyph,
        moment::Moment,
        status_badge::{Badge, Tone},
        toast::Toast,
    },
    wording::{count, duration, number, percent},
};

/// Word, shape and colour of a status.
pub fn badge(status: Status) -> Badge {
    let (glyph, tone) = match status {
        Status::Disabled | Status::Paused => (Glyph::CircleOff, Tone::Off),
        Status::Waiting | Status::InitialCycleRunning => (Glyph::ArrowSync, Tone::Running),
        Status::Healthy => (Glyph::CheckmarkCircleFilled, Tone::Good),
        Status::Failing => (Glyph::WarningFilled, Tone::Warning),
        Status::Quarantined => (Glyph::ErrorCircleFilled, Tone::Bad),
        Status::DeleteThresholdExceeded => (Glyph::ShieldErrorFilled, Tone::Bad),
    };
    Badge::new(status.label(), glyph, tone)
}

/// Which of several statuses stands for all: the greatest.
pub fn urgency(status: Status) -> u8 {
    match status {
        Status::Disabled | Status::Paused => 0,
        Status::Healthy => 1,
        Status::Waiting => 2,
        Status::InitialCycleRunning => 3,
        Status::Failing => 4,
        Status::Quarantined => 5,
        Status::DeleteThresholdExceeded => 6,
    }
}

/// How far a cycle is, of how much; the whole only where it is known.
pub fn reached(progress: &CycleProgress) -> (u64, Option<u64>) {
    match progress.phase {
        CyclePhase::Reading | CyclePhase::Planning => {
            (progress.objects_read, progress.objects_expected)
        }
        CyclePhase::Writing | CyclePhase::References => {
            (progress.written, Some(progress.written + progress.to_write))
        }
    }
}

/// How far a cycle is, in one line.
pub fn progress_in_words(progress: &CycleProgress) -> String {
    let doing = match progress.phase {
        CyclePhase::Reading => "read",
        CyclePhase::Planning => "compared",
        CyclePhase::Writing => "written",
        CyclePhase::References => "linked",
    };
    match reached(progress) {
        (done, Some(total)) if total > 0 => {
            format!(
                "{}, {} of {} {doing}",
                percent(done, total),
                number(done),
                number(total)
            )
        }
        (done, _) => format!("{} {doing} so far", number(done)),
    }
}

/// `about 14 min left`, where it is known.
pub fn time_left(progress: &CycleProgress) -> Option<String> {
    let seconds = progress.seconds_left?;
    Some(match seconds {
        0..=59 => format!("about {} left", count(seconds.max(1), "second")),
        _ => format!("about {} min left", seconds.div_ceil(60)),
    })
}

/// `3 changes, no errors`
pub fn outcome_in_words(cycle: &CycleSummary) -> String {
    let changes = match cycle.counts.changes() {
        0 => "No changes".to_owned(),
        changes => count(changes, "change"),
    };
    match &cycle.outcome {
        CycleOutcome::Succeeded => changes,
        CycleOutcome::EntryLevelErrors => {
            format!("{changes}, {} failed", count(cycle.counts.failed, "object"))
        }
        CycleOutcome::Held => format!("{} held", count(cycle.counts.held, "deletion")),
        CycleOutcome::Failed(message) => message.clone(),
        CycleOutcome::PlanChanged => "The plan changed, nothing was done".to_owned(),
        CycleOutcome::Interrupted => "Interrupted".to_owned(),
    }
}

/// `Initial`, `Incremental`
pub fn kind_in_words(kind: CycleKind) -> &'static str {
    match kind {
        CycleKind::Preview => "Preview",
        CycleKind::Initial => "Initial",
        CycleKind::Incremental => "Incremental",
    }
}

/// When the next cycle runs. While deletions are held, cycles only look whether their cause was
/// repaired: nobody should wait for one to write anything.
pub fn next_run(state: &ConfigurationState) -> AnyView {
    match (state.status, state.next_run) {
        (Status::DeleteThresholdExceeded, _) => {
            view! { <span class="muted">"Waits for your decision"</span> }.into_any()
        }
        (_, Some(at)) => view! { <Moment at due=true/> }.into_any(),
        (_, None) => view! { <span class="muted">"None"</span> }.into_any(),
    }
}

/// How long a cycle took.
pub fn duration_in_words(cycle: &CycleSummary) -> String {
    duration(u64::try_from(cycle.ended_at.since(cycle.started_at).as_millis()).unwrap_or(u64::MAX))
}

/// What is said when a quarantine was lifted.
pub fn quarantine_cleared() -> Toast {
    Toast::success(
        "Quarantine cleared",
        "The next cycle goes on where the last good one ended.",
    )
}

/// `5 users and 1 group fail`; none when nothing does.
pub fn failures_in_words(failures: ManagedCounts) -> Option<String> {
    let kinds = [
        (failures.users, "user"),
        (failures.groups, "group"),
        (failures.contacts, "contact"),
    ];
    let counted = kinds.into_iter().filter(|(value, _)| *value > 0);
    let parts: Vec<String> = counted.map(|(value, kind)| count(value, kind)).collect();
    let verb = match failures.total() {
        0 => return None,
        1 => "fails",
        _ => "fail",
    };
    Some(format!("{} {verb}", parts.join(" and ")))
}

/// `200 created, 3 updated, 1 failed`; only what is not nothing.
pub fn counts_in_words(counts: &CycleCounts) -> String {
    let parts: Vec<String> = [
        (counts.created, "created"),
        (counts.updated, "updated"),
        (counts.restored, "restored"),
        (counts.deleted, "deleted"),
        (counts.failed, "failed"),
        (counts.held, "held"),
    ]
    .into_iter()
    .filter(|(value, _)| *value > 0)
    .map(|(value, word)| format!("{} {word}", number(value)))
    .collect();
    if parts.is_empty() {
        "No changes".to_owned()
    } else {
        parts.join(", ")
    }
}
