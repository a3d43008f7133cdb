//! `cloud-sync plan`: what the next cycle would do. Nothing is written to the tenant.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Result;
use backend::{Actor, Backend, previews};
use engine::cycle::plan::{Change, PlannedChange};
use engine::preview::{PlanCounts, PreviewLine, PreviewSummary};
use engine::records::ManagedCounts;

use super::{configuration_named, open_existing};
use crate::settings::Storage;

/// Lines that are held in memory at a time.
const PAGE: u32 = 500;

/// Makes the plan and prints it.
pub async fn plan(storage: &Storage, name: &str, json: bool) -> Result<ExitCode> {
    let backend = open_existing(storage).await?;
    let configuration = configuration_named(&backend, name).await?;
    let summary = previews::make(&backend, &Actor::CommandLine, configuration.id, None).await?;
    let printed = if json {
        print_json(&backend, &summary).await
    } else {
        print_text(&backend, &summary).await
    };
    match printed {
        // Nobody is left to be told when the output was closed, as `head` does it.
        Err(error) if is_closed_output(&error) => {}
        other => other?,
    }
    Ok(match summary.held_because {
        Some(_) => ExitCode::from(2),
        None => ExitCode::SUCCESS,
    })
}

fn is_closed_output(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<io::Error>()
        .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

async fn print_text(backend: &Backend, summary: &PreviewSummary) -> Result<()> {
    let mut after = None;
    loop {
        let page = previews::lines(backend, summary.id, None, after, PAGE).await?;
        let text: String = page.items.iter().filter_map(line_text).collect();
        io::stdout().write_all(text.as_bytes())?;
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    io::stdout().write_all(summary_text(summary).as_bytes())?;
    Ok(())
}

/// One document, written piece by piece.
async fn print_json(backend: &Backend, summary: &PreviewSummary) -> Result<()> {
    let mut output = io::stdout();
    write!(
        output,
        "{{\"summary\":{},\"lines\":[",
        serde_json::to_string(summary)?
    )?;
    let (mut after, mut separator) = (None, "\n");
    loop {
        let page = previews::lines(backend, summary.id, None, after, PAGE).await?;
        for line in &page.items {
            write!(output, "{separator}{}", line_json(line)?)?;
            separator = ",\n";
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    writeln!(output, "\n]}}")?;
    Ok(())
}

/// Without the attributes that the object would have: what changes of them stands beside, and what
/// an expression redacts is not shown.
fn line_json(line: &PreviewLine) -> Result<String> {
    let mut line = serde_json::to_value(line)?;
    if let Some(change) = line
        .get_mut("change")
        .and_then(|change| change.as_object_mut())
    {
        change.remove("attributes");
    }
    Ok(line.to_string())
}

/// None for what is left as it is: that would hide what is not. It is counted, and JSON has it.
fn line_text(line: &PreviewLine) -> Option<String> {
    match line {
        PreviewLine::References(_) => Some(format!("{line}\n")),
        PreviewLine::Object(planned) if matches!(planned.change, Change::Skip(_)) => None,
        PreviewLine::Object(planned) => Some(object_text(planned)),
    }
}

/// The object, and below it each attribute that changes.
fn object_text(planned: &PlannedChange) -> String {
    let verb = match &planned.change {
        Change::Create { .. } => "create",
        Change::Update { .. } => "update",
        Change::TakeOver { .. } => "take over",
        Change::Restore { .. } => "restore",
        Change::Delete { .. } | Change::Fail(_) | Change::Skip(_) | Change::Nothing => {
            return format!("{planned} [{}, {}]\n", planned.kind, planned.dn);
        }
    };
    let mut text = format!(
        "{verb} {} [{}, {}]\n",
        planned.display_name, planned.kind, planned.dn
    );
    for property in &planned.detail.modified_properties {
        let shown = |value: &Option<String>| match value {
            Some(value) => shortened(&value.replace('\n', ", ")),
            None => "∅".to_owned(),
        };
        let (old, new) = (shown(&property.old_value), shown(&property.new_value));
        text.push_str(&format!("  {}: {old} → {new}\n", property.name));
    }
    text
}

/// A photograph would fill the screen.
fn shortened(value: &str) -> String {
    const LONGEST: usize = 200;
    match value.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}

fn summary_text(summary: &PreviewSummary) -> String {
    let PlanCounts {
        creates,
        updates,
        take_overs,
        restores,
        deletes,
        failures,
        conflicts,
        skips,
        references_added,
        references_removed,
    } = summary.counts;
    let mut text = String::new();
    for (name, counts) in [
        ("create", creates),
        ("update", updates),
        ("take over", take_overs),
        ("restore", restores),
        ("delete", deletes),
        ("fail", failures),
        ("conflict", conflicts),
        ("skip", skips),
    ] {
        let ManagedCounts {
            users,
            groups,
            contacts,
        } = counts;
        text.push_str(&format!(
            "{name:<10} {users} users, {groups} groups, {contacts} contacts\n"
        ));
    }
    text.push_str(&format!(
        "references {references_added} added, {references_removed} removed\n"
    ));
    if summary.added_by_nesting > 0 {
        let nested = summary.added_by_nesting;
        text.push_str(&format!("In scope only by nested groups: {nested}\n"));
    }
    match &summary.held_because {
        Some(reason) => text.push_str(&format!(
            "Deletions would be held: {reason}. No other change would be written either.\n"
        )),
        None if summary.counts.changes_nothing() => {
            text.push_str(match summary.counts.failures.total() {
                0 => "Nothing would change.\n",
                _ => "Nothing would change, but not every object could be synchronized.\n",
            });
        }
        None => {}
    }
    text
}
