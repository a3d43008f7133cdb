//! Feeds what people and machines send in with millions of made-up texts, and keeps the ones that
//! break something.
//!
//! The targets are those of `server/fuzz`, for libFuzzer. They are built with the toolchain of the
//! workspace: the coverage that libFuzzer follows is measured by code that stable Rust can insert,
//! and without unsafe code no sanitizer is needed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::program::{answer, cargo, succeed};
use crate::steps::Steps;
use crate::workspace::{Workspace, empty_folder, files_below};

/// A target of `server/fuzz`, and the longest text that is worth trying.
const TARGETS: [(&str, usize); 4] = [
    ("expression", 2_000),
    ("dn", 500),
    ("scoping_filter", 4_000),
    ("import_file", 8_000),
];

const DEFAULT_SECONDS: u64 = 600;

/// What `cargo fuzz` gives the compiler for coverage.
const COVERAGE: &str = "-Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares \
    -Ccodegen-units=1 --cfg fuzzing";

/// Runs the named target, or one after the other; `--seconds N` for each.
pub(crate) fn run(workspace: &Workspace, words: &[&str]) -> Result<ExitCode> {
    let (seconds, names) = read(words)?;
    let is_wanted = |target: &str| names.is_empty() || names.contains(&target);
    let wanted = TARGETS.into_iter().filter(|(target, _)| is_wanted(target));
    let wanted: Vec<_> = wanted.collect();
    let mut steps = Steps::default();
    let binaries = steps.step("Build the targets", || build(workspace, &wanted))?;
    let mut broken = Vec::new();
    for (target, longest) in wanted {
        println!("\n==> Fuzz {target} for {seconds} s");
        let home = workspace.target.join("fuzz").join(target);
        seed(workspace, target, &home.join("seeds"))?;
        if fuzz(&binaries.join(target), &home, seconds, longest).is_err() {
            broken.push(target);
        }
    }
    steps.print_times();
    if broken.is_empty() {
        println!("Nothing broke.");
        return Ok(ExitCode::SUCCESS);
    }
    let folder = workspace.target.join("fuzz");
    println!(
        "Broken: {}. The texts lie below {}/*/finds.",
        broken.join(", "),
        folder.display()
    );
    Ok(ExitCode::FAILURE)
}

fn read<'a>(words: &[&'a str]) -> Result<(u64, Vec<&'a str>)> {
    let (seconds, names) = match words {
        ["--seconds", number, names @ ..] => (number.parse().context("reading --seconds")?, names),
        names => (DEFAULT_SECONDS, names),
    };
    for name in names {
        if !TARGETS.iter().any(|(target, _)| target == name) {
            let known = TARGETS.map(|(target, _)| target).join(", ");
            bail!("there is no fuzz target {name}; there are {known}");
        }
    }
    Ok((seconds, names.to_vec()))
}

/// The folder of the built targets. Naming the machine keeps the coverage out of build scripts.
fn build(workspace: &Workspace, targets: &[(&str, usize)]) -> Result<PathBuf> {
    let version = answer(Command::new("rustc").arg("-vV"))?;
    let machine = version
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .context("rustc does not name this machine")?;
    let built = workspace.target.join("fuzz").join("build");
    let binaries = targets.iter().flat_map(|(target, _)| ["--bin", target]);
    succeed(
        cargo(workspace)
            .args(["build", "--release", "--target", machine])
            .args(binaries)
            .args(["--manifest-path", "server/fuzz/Cargo.toml"])
            .env("CARGO_TARGET_DIR", &built)
            .env("RUSTFLAGS", COVERAGE),
    )?;
    Ok(built.join(machine).join("release"))
}

/// What was interesting stays in `corpus` for the next time, what broke lies in `finds`.
fn fuzz(binary: &Path, home: &Path, seconds: u64, longest: usize) -> Result<()> {
    let (corpus, finds) = (home.join("corpus"), home.join("finds"));
    for folder in [&corpus, &finds] {
        fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    }
    succeed(
        Command::new(binary)
            .arg(&corpus)
            .arg(home.join("seeds"))
            .arg(format!("-artifact_prefix={}/", finds.display()))
            .arg(format!("-max_total_time={seconds}"))
            .arg(format!("-max_len={longest}"))
            // One text may take so long and so much: what costs more is a find.
            .args(["-timeout=30", "-rss_limit_mb=2048"])
            .args(["-verbosity=0", "-print_funcs=0", "-print_final_stats=1"]),
    )
}

/// Good texts to begin with: those beside the targets, and the test vectors.
fn seed(workspace: &Workspace, target: &str, seeds: &Path) -> Result<()> {
    empty_folder(seeds)?;
    let own = workspace.root.join("server/fuzz/seeds").join(target);
    let mut texts = Vec::new();
    if own.exists() {
        for file in files_below(&own)? {
            texts.push(fs::read_to_string(file)?);
        }
    }
    let vectors = workspace.root.join("server/engine/tests/vectors");
    let file = match target {
        "expression" => Some("expressions.jsonl"),
        "scoping_filter" => Some("scoping-filters.jsonl"),
        _ => None,
    };
    if let Some(file) = file {
        for line in fs::read_to_string(vectors.join(file))?.lines() {
            texts.extend(of_vector(target, line)?);
        }
    }
    for (number, text) in texts.iter().enumerate() {
        fs::write(seeds.join(number.to_string()), text)?;
    }
    Ok(())
}

fn of_vector(target: &str, line: &str) -> Result<Vec<String>> {
    let vector: Value = serde_json::from_str(line)?;
    Ok(match target {
        "expression" => vec![vector["expression"].as_str().unwrap_or_default().to_owned()],
        _ => vec![
            line.to_owned(),
            format!("{}\n{}", vector["filter"], vector["attributes"]),
        ],
    })
}
