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
    // Servers lie where only administrators look.
    let mut folders = vec![PathBuf::from("/usr/sbin"), PathBuf::from("/sbin")];
    folders.extend(postgres::program_folders());
    need.programs
        .iter()
        .any(|program| find(program, &folders).is_some())
}

/// The words that may be put before `apt-get`'s own: nothing for root, `sudo` where it asks for no
/// password; none where neither works.
fn installer() -> Option<&'static [&'static str]> {
    find("apt-get", &[])?;
    let is_root = answer(Command::new("id").arg("-u")).is_ok_and(|id| id == "0");
    if is_root {
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
    apt(&["update", "--quiet"])?;
    apt(&[
        &["install", "--yes", "--quiet", "--no-install-recommends"],
        packages,
    ]
    .concat())
}
