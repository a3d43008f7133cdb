//! Which licences the dependencies have and where they come from, judged by cargo-deny with the
//! rules of `.deny.toml`.
//!
//! Known vulnerabilities are not part of it: their list lives on a server that not every machine
//! reaches. `cargo deny check advisories` asks it.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::program::{cargo, succeed};
use crate::steps::Steps;
use crate::test::check as count_one;
use crate::test::counts::Counts;
use crate::workspace::Workspace;

const VERSION: &str = "0.20.2";

/// Checks them, with a cargo-deny of our own in the target folder.
pub(crate) fn check(workspace: &Workspace, steps: &mut Steps) -> Result<Counts> {
    let folder = workspace
        .target
        .join("tools")
        .join(format!("cargo-deny-{VERSION}"));
    let program = folder.join("bin").join("cargo-deny");
    if !program.is_file() {
        steps.step("Installing cargo-deny", || install(workspace, &folder))?;
    }
    count_one(steps, "Licences and origins", || judge(workspace, program))
}

/// Without optimisation it is built three times as fast and answers in three seconds all the same.
fn install(workspace: &Workspace, folder: &Path) -> Result<()> {
    succeed(
        cargo(workspace)
            .args([
                "install",
                "cargo-deny",
                "--version",
                VERSION,
                "--locked",
                "--debug",
                "--root",
            ])
            .arg(folder)
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .env_remove("CARGO_TARGET_DIR"),
    )
}

fn judge(workspace: &Workspace, program: PathBuf) -> Result<()> {
    succeed(
        std::process::Command::new(program)
            .args([
                "--workspace",
                "check",
                "--hide-inclusion-graph",
                "licenses",
                "bans",
                "sources",
            ])
            .current_dir(&workspace.root),
    )
}
