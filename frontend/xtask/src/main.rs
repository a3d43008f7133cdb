//! `cargo xtask`: builds, starts and tests the product.
//!
//! In reading order: [`site`] (what a browser downloads), [`server`] (the binary), [`test`] (every
//! check, and the machine prepared for them), [`prove`] (what goes wrong, ten thousand times),
//! [`fuzz`] (made-up texts, millions of times); below them [`workspace`] (where things lie),
//! [`program`] (other people's programs) and [`steps`] (what a person sees meanwhile).

mod fuzz;
mod program;
mod prove;
mod server;
mod site;
mod steps;
mod test;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;

use crate::server::Profile;
use crate::steps::Steps;
use crate::workspace::Workspace;

const USAGE: &str = "\
cargo xtask run [--dev] [--without-demo] [ARGUMENTS…]
                                       builds the portal and starts it; ARGUMENTS go to cloud-sync
cargo xtask build [--release]          builds it only
cargo xtask test [PHASE…] [NAME…]      installs what is missing, then runs every check;
                                       PHASE: format lint licences features engine sqlite
                                       postgres browser
                                       NAME: only tests whose name (or spec file) contains it
                                       --dev: browser tests on the debug build, which is there
                                       sooner
cargo xtask prove [--seeds N] [--seed FIRST] [--dev]
                                       tells N stories (10,000) in which everything goes wrong, and
                                       checks that the tenant ends as it should
cargo xtask fuzz [--seconds N] [TARGET…]
                                       feeds made-up texts to what reads texts, ten minutes each;
                                       TARGET: expression dn scoping_filter import_file";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match perform(&arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn perform(arguments: &[String]) -> Result<ExitCode> {
    let workspace = Workspace::locate()?;
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["run", "--dev", rest @ ..] => run(&workspace, Profile::Debug, rest),
        ["run", rest @ ..] => run(&workspace, Profile::Release, rest),
        ["build"] => build(&workspace, Profile::Debug),
        ["build", "--release"] => build(&workspace, Profile::Release),
        ["test", rest @ ..] => test::run(&workspace, rest),
        ["prove", rest @ ..] => prove::run(&workspace, rest),
        ["fuzz", rest @ ..] => fuzz::run(&workspace, rest),
        _ => {
            eprintln!("{USAGE}");
            Ok(ExitCode::from(2))
        }
    }
}

fn run(workspace: &Workspace, profile: Profile, arguments: &[&str]) -> Result<ExitCode> {
    let mut steps = Steps::default();
    let server = server::build(workspace, profile, &mut steps)?;
    steps.print_times();
    // What a newcomer starts is a demo, with something to synchronise and nobody to ask for a
    // password.
    let (without_demo, mut arguments): (Vec<&str>, Vec<&str>) = arguments
        .iter()
        .partition(|&&argument| argument == "--without-demo");
    if without_demo.is_empty() && !arguments.contains(&"--demo") {
        arguments.push("--demo");
    }
    Err(server.become_it(workspace, &arguments))
}

fn build(workspace: &Workspace, profile: Profile) -> Result<ExitCode> {
    let mut steps = Steps::default();
    let server = server::build(workspace, profile, &mut steps)?;
    steps.print_times();
    println!("{}", server.binary.display());
    Ok(ExitCode::SUCCESS)
}
