//! Every check the product has, in one command: prepares the machine, runs the phases one after
//! the other, and closes with their times and their counts.
//!
//! A phase that fails does not stop the next one: one run tells everything.

mod active_directory;
mod browser;
mod counts;
mod features;
mod licences;
mod machine;
mod postgres;

use std::process::{Command, ExitCode};

use anyhow::{Result, bail};

use crate::program::{cargo, succeed, watched};
use crate::server::Profile;
use crate::site::{WASM_TARGET, add_wasm_target};
use crate::steps::Steps;
use crate::test::counts::Counts;
use crate::workspace::Workspace;

/// One kind of check, called by its name on the command line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Phase {
    Format,
    Lint,
    Licences,
    /// Each feature of the product has its test.
    Features,
    /// The words and decisions, compiled for the browser on their own: they stay pure.
    Engine,
    /// All Rust tests.
    Sqlite,
    /// The stories on a domain controller, where the machine can run one.
    ActiveDirectory,
    /// Once more, with another database below those that have one.
    Postgres,
    /// The release build as a person uses it.
    Browser,
}

const DEV_FLAG: &str = "--dev";
const PHASES: [(&str, Phase); 9] = [
    ("format", Phase::Format),
    ("lint", Phase::Lint),
    ("licences", Phase::Licences),
    ("features", Phase::Features),
    ("engine", Phase::Engine),
    ("sqlite", Phase::Sqlite),
    ("active-directory", Phase::ActiveDirectory),
    ("postgres", Phase::Postgres),
    ("browser", Phase::Browser),
];

/// Tests that need a database make one for themselves on the server it names, or else use SQLite.
const DATABASE_VARIABLE: &str = "TEST_DATABASE_URL";

/// What the command line asks for.
struct Selection<'a> {
    phases: Vec<Phase>,
    /// Only tests whose name contains one of these; none means all.
    names: Vec<&'a str>,
    /// The build that the browser tests use.
    profile: Profile,
}

/// Runs what the words select: names of phases, names of tests, nothing for everything; `--dev` for
/// browser tests on the debug build.
pub(crate) fn run(workspace: &Workspace, words: &[&str]) -> Result<ExitCode> {
    let selection = Selection::read(words);
    let mut steps = Steps::default();
    let mut total = Counts::default();
    match machine::prepare(&selection.phases, &mut steps) {
        Ok(()) => {
            for phase in &selection.phases {
                total += perform(*phase, workspace, &selection, &mut steps);
            }
        }
        Err(error) => total += failure(&error),
    }
    steps.print_times();
    println!("{total}");
    Ok(if total.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

impl<'a> Selection<'a> {
    fn read(words: &[&'a str]) -> Self {
        let (flags, words): (Vec<&str>, Vec<&str>) =
            words.iter().partition(|word| **word == DEV_FLAG);
        let phase_called = |word: &str| PHASES.iter().find(|(name, _)| *name == word);
        let names: Vec<&str> = words
            .iter()
            .copied()
            .filter(|word| phase_called(word).is_none())
            .collect();
        let named: Vec<Phase> = words
            .iter()
            .filter_map(|word| phase_called(word))
            .map(|(_, phase)| *phase)
            .collect();
        let phases = if !named.is_empty() {
            named
        } else if names.is_empty() {
            PHASES.iter().map(|(_, phase)| *phase).collect()
        } else {
            vec![Phase::Sqlite, Phase::Postgres, Phase::Browser]
        };
        let profile = if flags.is_empty() {
            Profile::Release
        } else {
            Profile::Debug
        };
        Self {
            phases,
            names,
            profile,
        }
    }
}

fn perform(
    phase: Phase,
    workspace: &Workspace,
    selection: &Selection<'_>,
    steps: &mut Steps,
) -> Counts {
    let names = &selection.names;
    let outcome = match phase {
        Phase::Format => check(steps, "Formatting", || format(workspace)),
        Phase::Lint => lint(workspace, steps),
        Phase::Licences => licences::check(workspace, steps),
        Phase::Features => check(steps, "Features and their tests", || {
            features::check(workspace)
        }),
        Phase::Engine => engine_for_the_browser(workspace, steps),
        Phase::Sqlite => tests_on_sqlite(workspace, names, steps),
        Phase::ActiveDirectory => active_directory::test(workspace, names, steps),
        Phase::Postgres => tests_on_postgres(workspace, names, steps),
        Phase::Browser => browser::test(workspace, selection.profile, names, steps),
    };
    outcome.unwrap_or_else(|error| failure(&error))
}

/// A check without counts of its own counts as one.
fn check(
    steps: &mut Steps,
    title: &'static str,
    work: impl FnOnce() -> Result<()>,
) -> Result<Counts> {
    steps.step(title, work).map(|()| Counts {
        passed: 1,
        failed: 0,
    })
}

fn failure(error: &anyhow::Error) -> Counts {
    eprintln!("error: {error:#}");
    Counts {
        passed: 0,
        failed: 1,
    }
}

fn format(workspace: &Workspace) -> Result<()> {
    succeed(cargo(workspace).args(["fmt", "--all", "--check"]))
}

/// Server and browser are linted apart: together they would unify features that exclude each
/// other.
fn lint(workspace: &Workspace, steps: &mut Steps) -> Result<Counts> {
    add_wasm_target(steps)?;
    let server = check(steps, "Lints for the server", || {
        let selection = ["--workspace", "--exclude=frontend", "--all-targets"];
        succeed(
            cargo(workspace)
                .arg("clippy")
                .args(selection)
                .args(["--", "-Dwarnings"]),
        )
    });
    let browser = check(steps, "Lints for the browser", || {
        let selection = ["--package=frontend", "--target", WASM_TARGET];
        succeed(
            cargo(workspace)
                .arg("clippy")
                .args(selection)
                .args(["--", "-Dwarnings"]),
        )
    });
    let mut counts = Counts::default();
    for outcome in [server, browser] {
        counts += outcome.unwrap_or_else(|error| failure(&error));
    }
    Ok(counts)
}

fn engine_for_the_browser(workspace: &Workspace, steps: &mut Steps) -> Result<Counts> {
    add_wasm_target(steps)?;
    check(steps, "The engine alone for the browser", || {
        succeed(cargo(workspace).args(["build", "--package=engine", "--target", WASM_TARGET]))
    })
}

/// All Rust tests but the xtask's, which stands alone: together with it the other crates would be
/// built with more features. One selection for every database, so that they are built once.
const ALL_CRATES: [&str; 3] = ["--workspace", "--exclude=frontend", "--exclude=xtask"];

fn tests_on_sqlite(workspace: &Workspace, names: &[&str], steps: &mut Steps) -> Result<Counts> {
    let selections: [&[&str]; 2] = [&["--package=xtask"], &ALL_CRATES];
    steps.step("Rust tests on SQLite", || {
        let mut counts = Counts::default();
        for selection in selections {
            let mut command = cargo_test(workspace);
            command.args(selection).env_remove(DATABASE_VARIABLE);
            counts +=
                rust_tests(command.arg("--").args(names)).unwrap_or_else(|error| failure(&error));
        }
        Ok(counts)
    })
}

fn tests_on_postgres(workspace: &Workspace, names: &[&str], steps: &mut Steps) -> Result<Counts> {
    let cluster = steps.step("Starting a PostgreSQL of our own", postgres::Cluster::start)?;
    let mut command = cargo_test(workspace);
    command
        .args(ALL_CRATES)
        .env(DATABASE_VARIABLE, &cluster.url);
    steps.step("Rust tests on PostgreSQL", || {
        rust_tests(command.arg("--").args(names))
    })
}

fn cargo_test(workspace: &Workspace) -> Command {
    let mut command = cargo(workspace);
    command.args(["test", "--no-fail-fast"]);
    command
}

fn rust_tests(command: &mut Command) -> Result<Counts> {
    let mut counts = Counts::default();
    let success = watched(command, |line| {
        counts += Counts::in_line_of_cargo_test(line).unwrap_or_default();
    })?;
    if !success && counts.failed == 0 {
        bail!("the tests could not be built or did not finish");
    }
    Ok(counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_words_select_everything() {
        let selection = Selection::read(&[]);
        assert_eq!(selection.phases.len(), PHASES.len());
    }

    #[test]
    fn a_test_name_alone_selects_the_phases_that_have_tests() {
        let selection = Selection::read(&["a_moved_user"]);
        assert_eq!(
            selection.phases,
            [Phase::Sqlite, Phase::Postgres, Phase::Browser]
        );
        assert_eq!(selection.names, ["a_moved_user"]);
    }

    #[test]
    fn browser_tests_use_the_release_build_unless_they_are_in_a_hurry() {
        assert!(Selection::read(&["browser"]).profile == Profile::Release);
        assert!(Selection::read(&["--dev", "browser"]).profile == Profile::Debug);
        assert_eq!(
            Selection::read(&["--dev", "browser"]).phases,
            [Phase::Browser]
        );
    }

    #[test]
    fn a_phase_and_a_test_name_narrow_each_other() {
        let selection = Selection::read(&["postgres", "a_moved_user"]);
        assert_eq!(selection.phases, [Phase::Postgres]);
        assert_eq!(selection.names, ["a_moved_user"]);
    }
}
