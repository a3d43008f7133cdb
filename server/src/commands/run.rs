//! `cloud-sync run`: one cycle at once.

use std::process::ExitCode;

use anyhow::{Result, bail};
use backend::{configurations, runs};
use engine::configuration::Deployment;
use engine::cycle::deletion_guard::PAUSED;
use engine::records::{CycleCounts, CycleOutcome, CycleSummary};

use super::{configuration_named, open_existing};
use crate::settings::Storage;
use crate::shutdown;

/// Runs the cycle that `plan` shows, whatever the schedule says, and tells how it went.
pub async fn run(storage: &Storage, name: &str) -> Result<ExitCode> {
    let backend = open_existing(storage).await?;
    let configuration = configuration_named(&backend, name).await?;
    if configuration.deployment != Deployment::Enabled {
        eprintln!("The configuration is not enabled: this is one cycle by hand.");
    }
    configurations::follow_recommendation(&backend, configuration.id).await?;
    let stop = shutdown::on_signal();
    match runs::run_cycle(&backend, configuration.id, stop).await? {
        Some(summary) => {
            println!("{}", told(&summary));
            Ok(status(&summary.outcome))
        }
        None => bail!("a cycle is under way; try again when it has ended"),
    }
}

fn status(outcome: &CycleOutcome) -> ExitCode {
    match outcome {
        CycleOutcome::Succeeded | CycleOutcome::EntryLevelErrors => ExitCode::SUCCESS,
        CycleOutcome::Held => ExitCode::from(2),
        CycleOutcome::Failed(_) | CycleOutcome::PlanChanged | CycleOutcome::Interrupted => {
            ExitCode::FAILURE
        }
    }
}

fn told(summary: &CycleSummary) -> String {
    let outcome = match &summary.outcome {
        CycleOutcome::Succeeded => "Succeeded".to_owned(),
        CycleOutcome::EntryLevelErrors => "Finished, but some objects failed".to_owned(),
        CycleOutcome::Held => format!("Held: the deletions wait for approval. {PAUSED}"),
        CycleOutcome::Failed(reason) => format!("Failed: {reason}"),
        CycleOutcome::PlanChanged => "Stopped: the plan changed".to_owned(),
        CycleOutcome::Interrupted => "Interrupted".to_owned(),
    };
    let CycleCounts {
        read,
        created,
        updated,
        restored,
        deleted,
        failed,
        skipped,
        held,
        references_added,
        references_removed,
    } = summary.counts;
    format!(
        "{outcome}\n\
         read {read}, created {created}, updated {updated}, restored {restored}, deleted {deleted}, \
         held {held}, failed {failed}, skipped {skipped}\n\
         references: {references_added} added, {references_removed} removed"
    )
}
