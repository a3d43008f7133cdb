//! `cargo xtask prove`: the convergence stories of `server/backend/tests/convergence`, by the
//! thousand. A test does the work; here it is built and told which seeds it should try.

use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::program::{cargo, succeed};
use crate::workspace::Workspace;

/// Which seeds are tried, and with which build.
#[derive(PartialEq, Eq, Debug)]
struct Selection {
    first: u64,
    seeds: u64,
    is_release: bool,
}

const DEFAULT_SEEDS: u64 = 10_000;

/// Tries what the words select: `--seeds N`, `--seed FIRST`, `--dev` for the debug build, which is
/// there sooner and works more slowly.
pub(crate) fn run(workspace: &Workspace, words: &[&str]) -> Result<ExitCode> {
    let selection = Selection::read(words)?;
    let mut command = cargo(workspace);
    command.args(["test", "--package=backend", "--test=convergence"]);
    if selection.is_release {
        command.arg("--release");
    }
    command
        .args(["--", "--ignored", "--nocapture"])
        .env("PROVE_FIRST_SEED", selection.first.to_string())
        .env("PROVE_SEEDS", selection.seeds.to_string());
    succeed(&mut command)?;
    Ok(ExitCode::SUCCESS)
}

impl Selection {
    fn read(words: &[&str]) -> Result<Self> {
        let mut selection = Self {
            first: 1,
            seeds: DEFAULT_SEEDS,
            is_release: true,
        };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let mut number = || {
                let text = words
                    .next()
                    .with_context(|| format!("{word} needs a number"))?;
                text.parse::<u64>()
                    .with_context(|| format!("{text} is no number"))
            };
            match *word {
                "--seeds" => selection.seeds = number()?,
                "--seed" => selection.first = number()?,
                "--dev" => selection.is_release = false,
                other => anyhow::bail!("{other} is not known to `cargo xtask prove`"),
            }
        }
        Ok(selection)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_thousand_seeds_are_tried_unless_others_are_named() {
        let selection = Selection::read(&[]).unwrap();
        assert_eq!((selection.first, selection.seeds), (1, 10_000));
        let one = Selection::read(&["--seed", "81", "--seeds", "1", "--dev"]).unwrap();
        assert_eq!((one.first, one.seeds, one.is_release), (81, 1, false));
    }

    #[test]
    fn what_is_not_understood_is_said() {
        for words in [&["--seeds"][..], &["--seeds", "many"], &["81"]] {
            assert!(Selection::read(words).is_err(), "{words:?}");
        }
    }
}
