//! Other people's programs: finds them, starts them, reads what they say.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::workspace::Workspace;

/// Cargo as a person would start it at the root of the workspace.
///
/// `cargo run` describes the xtask package to the xtask in variables. Build scripts that watch
/// them (ring's does) would build again whenever a person and the xtask take turns.
pub(crate) fn cargo(workspace: &Workspace) -> Command {
    let mut command = Command::new("cargo");
    command
        .current_dir(&workspace.root)
        .env("CARGO_TARGET_DIR", &workspace.target);
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(describes_the_xtask) {
            command.env_remove(name);
        }
    }
    command
}

fn describes_the_xtask(variable: &str) -> bool {
    variable.starts_with("CARGO_PKG_") || variable.starts_with("CARGO_MANIFEST_")
}

/// Runs it to its end; anything but success is an error that names the command.
pub(crate) fn succeed(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("starting {}", name(command)))?;
    if !status.success() {
        bail!("`{}` failed ({status})", line(command));
    }
    Ok(())
}

/// What it writes to standard output; anything but success is an error.
pub(crate) fn answer(command: &mut Command) -> Result<String> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("starting {}", name(command)))?;
    if !output.status.success() {
        bail!("`{}` failed ({})", line(command), output.status);
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

/// Runs it to its end and shows each line of its standard output as it comes, to `watch` too.
/// Says whether it succeeded.
pub(crate) fn watched(command: &mut Command, mut watch: impl FnMut(&str)) -> Result<bool> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("starting {}", name(command)))?;
    let output = child.stdout.take().context("the output was asked for")?;
    for line in BufReader::new(output).lines() {
        let line = line?;
        println!("{line}");
        watch(&line);
    }
    Ok(child.wait()?.success())
}

/// The program's file, looked for on PATH and then in `other_folders`.
pub(crate) fn find(name: &str, other_folders: &[PathBuf]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(other_folders.iter().cloned())
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

fn name(command: &Command) -> String {
    Path::new(command.get_program()).display().to_string()
}

fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words
        .map(OsStr::to_string_lossy)
        .collect::<Vec<_>>()
        .join(" ")
}
