//! The binary: builds it around the site, and starts it.

use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Error, Result};

use crate::program::{cargo, succeed};
use crate::site;
use crate::steps::Steps;
use crate::workspace::Workspace;

/// How a build is meant to be used.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Quick to build; the site stays a folder on disk.
    Debug,
    /// As it ships: one file, with the site in it.
    Release,
}

impl Profile {
    pub(crate) fn folder(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Release => "release",
        }
    }
}

/// A built server.
pub(crate) struct Server {
    pub(crate) binary: PathBuf,
    site: PathBuf,
    profile: Profile,
}

/// Builds the site and then the binary.
pub(crate) fn build(workspace: &Workspace, profile: Profile, steps: &mut Steps) -> Result<Server> {
    let site = site::build(workspace, profile, steps)?;
    let mut command = cargo(workspace);
    command.args(["build", "--package", "server"]);
    if profile == Profile::Release {
        command
            .args(["--release", "--features", "embed"])
            .env("CLOUD_SYNC_SITE", &site);
    }
    steps.step("Building the server", || succeed(&mut command))?;
    let binary = workspace.target.join(profile.folder()).join("cloud-sync");
    Ok(Server {
        binary,
        site,
        profile,
    })
}

impl Server {
    /// Turns this process into the server, so that signals and the exit status are its own.
    /// Comes back only with the reason why it could not be started.
    pub(crate) fn become_it(&self, workspace: &Workspace, arguments: &[&str]) -> Error {
        let mut command = Command::new(&self.binary);
        command.args(arguments).current_dir(&workspace.root);
        if self.profile == Profile::Debug {
            command.env("CLOUD_SYNC_SITE", &self.site);
        }
        Error::new(command.exec()).context(format!("starting {}", self.binary.display()))
    }
}
