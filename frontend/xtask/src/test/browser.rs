//! The product as a person uses it: Playwright clicks through it in Chromium.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::program::{succeed, watched};
use crate::server::{self, Profile};
use crate::steps::Steps;
use crate::test::counts::Counts;
use crate::workspace::Workspace;

/// Builds the product, installs Playwright and runs its tests.
pub(crate) fn test(
    workspace: &Workspace,
    profile: Profile,
    names: &[&str],
    steps: &mut Steps,
) -> Result<Counts> {
    let server = server::build(workspace, profile, steps)?;
    let folder = workspace.root.join("end2end");
    if !is_installed(&folder) {
        steps.step("Installing npm packages", || install(&folder))?;
    }
    steps.step("Browser tests", || {
        playwright(&folder, &server.binary, names)
    })
}

/// npm writes its own lock file last, when everything else is in place.
fn is_installed(folder: &Path) -> bool {
    let written = |file: &str| {
        folder
            .join(file)
            .metadata()
            .and_then(|file| file.modified())
    };
    match (
        written("node_modules/.package-lock.json"),
        written("package-lock.json"),
    ) {
        (Ok(installed), Ok(wanted)) => installed >= wanted,
        _ => false,
    }
}

/// Without Playwright's own browsers: the machine's Chromium is used.
fn install(folder: &Path) -> Result<()> {
    succeed(
        Command::new("npm")
            .args(["ci", "--no-audit", "--no-fund"])
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
            .current_dir(folder),
    )
}

fn playwright(folder: &Path, server: &Path, names: &[&str]) -> Result<Counts> {
    let report = folder.join("test-results").join("report.json");
    if report.exists() {
        std::fs::remove_file(&report)?;
    }
    let mut command = Command::new(folder.join("node_modules/.bin/playwright"));
    command
        .arg("test")
        .args(names)
        .current_dir(folder)
        .env("CLOUD_SYNC_BINARY", server);
    if !names.is_empty() {
        // A name may belong to a Rust test.
        command.arg("--pass-with-no-tests");
    }
    let success = watched(&mut command, |_| ())?;
    let report = std::fs::read_to_string(&report).context("Playwright left no report")?;
    let counts = Counts::in_report_of_playwright(&report)?;
    if !success && counts.failed == 0 {
        bail!("Playwright failed without naming a test");
    }
    Ok(counts)
}
