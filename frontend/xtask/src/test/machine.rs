//! What the tests need from the machine, and how it gets there: Debian's packages where the
//! machine is a Debian that lets us install, otherwise a message that names them.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::program::{answer, find, succeed};
use crate::steps::Steps;
use crate::test::{Phase, postgres};

/// A package, the programs of which any one shows that it is there, and who needs it.
struct Need {
    package: &'static str,
    programs: &'static [&'static str],
    phases: &'static [Phase],
}

/// What Playwright asks for.
const OLDEST_NODE: u32 = 20;

const RUST_TESTS: &[Phase] = &[Phase::Sqlite, Phase::Postgres];
const ALL_TESTS: &[Phase] = &[Phase::Sqlite, Phase::Postgres, Phase::Browser];
const BROWSER: &[Phase] = &[Phase::Browser];

const NEEDS: [Need; 6] = [
    Need {
        package: "slapd",
        programs: &["slapd"],
        phases: ALL_TESTS,
    },
    Need {
        package: "ldap-utils",
        programs: &["ldapsearch"],
        phases: ALL_TESTS,
    },
    Need {
        package: "openssl",
        programs: &["openssl"],
        phases: ALL_TESTS,
    },
    Need {
        package: "python3",
        programs: &["python3"],
        phases: ALL_TESTS,
    },
    Need {
        package: "postgresql",
        programs: &["initdb"],
        phases: RUST_TESTS,
    },
    Need {
        package: "chromium",
        programs: &["chromium", "chromium-browser", "google-chrome"],
        phases: BROWSER,
    },
];

/// Makes sure that the machine has what the phases need.
pub(crate) fn prepare(phases: &[Phase], steps: &mut Steps) -> Result<()> {
    if phases.contains(&Phase::Browser) {
        check_node()?;
    }
    let missing = missing_packages(phases);
    if missing.is_empty() {
        return Ok(());
    }
    let Some(installer) = installer() else {
        bail!(
            "the tests need these programs, here by the names of Debian's packages: {}. Install \
             them, or run this as somebody who may use apt-get.",
            missing.join(" ")
        );
    };
    steps.step("Installing Debian packages", || {
        install(installer, &missing)
    })
}

/// Why this machine runs no domain controller; none where it does. What is missing is installed,
/// as far as it may be.
pub(crate) fn why_no_domain_controller(steps: &mut Steps) -> Option<&'static str> {
    const PACKAGES: [&str; 9] = [
        "samba",
        "samba-ad-dc",
        "samba-ad-provision",
        "samba-dsdb-modules",
        "samba-vfs-modules",
        "python3-samba",
        "ldb-tools",
        "ldap-utils",
        "openssl",
    ];
    if !is_root() {
        return Some("a domain controller listens on ports below 1024, so it needs root");
    }
    let can_provision = || {
        let mut provision = Command::new("samba-tool");
        provision.args(["domain", "provision", "--help"]);
        let is_there = |program: &str| find(program, &server_folders()).is_some();
        ["samba", "ldbadd", "ldapmodify", "openssl"]
            .iter()
            .all(|program| is_there(program))
            && answer(&mut provision).is_ok()
    };
    if can_provision() {
        return None;
    }
    let installed = installer().is_some_and(|installer| {
        let step = steps.step("Installing a domain controller", || {
            install(installer, &PACKAGES)
        });
        step.is_ok()
    });
    (!installed || !can_provision())
        .then_some("Samba's packages for domain controllers cannot be installed here")
}

/// Debian's own is too old for Playwright, so it is not ours to install.
fn check_node() -> Result<()> {
    let version = match find("npm", &[]) {
        Some(_) => answer(Command::new("node").arg("--version")).unwrap_or_default(),
        None => String::new(),
    };
    let major = version
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|major| major.parse().ok());
    if major.is_none_or(|major: u32| major < OLDEST_NODE) {
        bail!("the browser tests need Node {OLDEST_NODE} or newer, with npm (found: `{version}`)");
    }
    Ok(())
}

fn missing_packages(phases: &[Phase]) -> Vec<&'static str> {
    NEEDS
        .iter()
        .filter(|need| phases.iter().any(|phase| need.phases.contains(phase)))
        .filter(|need| !is_there(need))
        .map(|need| need.package)
        .collect()
}

fn is_there(need: &Need) -> bool {
    if need.package == "chromium" && std::env::var_os("CHROMIUM").is_some() {
        return true;
    }
    let mut folders = server_folders();
    folders.extend(postgres::program_folders());
    need.programs
        .iter()
        .any(|program| find(program, &folders).is_some())
}

/// Servers lie where only administrators look.
fn server_folders() -> Vec<PathBuf> {
    vec![PathBuf::from("/usr/sbin"), PathBuf::from("/sbin")]
}

fn is_root() -> bool {
    answer(Command::new("id").arg("-u")).is_ok_and(|id| id == "0")
}

/// The words that may be put before `apt-get`'s own: nothing for root, `sudo` where it asks for no
/// password; none where neither works.
fn installer() -> Option<&'static [&'static str]> {
    find("apt-get", &[])?;
    if is_root() {
        return Some(&[]);
    }
    let mut sudo = Command::new("sudo");
    sudo.args(["--non-interactive", "true"])
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    sudo.status()
        .is_ok_and(|status| status.success())
        .then_some(&["sudo", "--non-interactive"])
}

fn install(installer: &[&str], packages: &[&str]) -> Result<()> {
    let apt = |arguments: &[&str]| {
        let words = [
            installer,
            &["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"],
            arguments,
        ];
        let words = words.concat();
        succeed(Command::new(words[0]).args(&words[1..]))
    };
    let quiet = Quiet::begin(installer)?;
    let words = ["install", "--yes", "--quiet", "--no-install-recommends"];
    let installed =
        apt(&["update", "--quiet"]).and_then(|()| apt(&[&words[..], packages].concat()));
    quiet.end()?;
    installed
}

/// While it lasts, packages start no servers of their own: the tests start theirs, on loopback.
struct Quiet<'a> {
    installer: &'a [&'a str],
    /// A machine that has a rule of its own keeps it.
    is_ours: bool,
}

impl<'a> Quiet<'a> {
    /// Asked by Debian's packages before they start something; 101 forbids it.
    const RULE: &'static str = "/usr/sbin/policy-rc.d";

    fn begin(installer: &'a [&'a str]) -> Result<Self> {
        let is_ours = !std::path::Path::new(Self::RULE).exists();
        let quiet = Self { installer, is_ours };
        let rule = Self::RULE;
        quiet.shell(&format!(
            "printf '#!/bin/sh\\nexit 101\\n' > {rule} && chmod +x {rule}"
        ))?;
        Ok(quiet)
    }

    fn end(self) -> Result<()> {
        self.shell(&format!("rm {}", Self::RULE))
    }

    fn shell(&self, line: &str) -> Result<()> {
        if !self.is_ours {
            return Ok(());
        }
        let words = [self.installer, &["sh", "-c", line]].concat();
        succeed(Command::new(words[0]).args(&words[1..]))
    }
}
