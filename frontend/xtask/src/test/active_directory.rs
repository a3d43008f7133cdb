//! The stories on a real Active Directory: Samba, where the machine can run a domain controller.

use anyhow::Result;

use crate::{
    steps::Steps,
    test::{ALL_CRATES, DATABASE_VARIABLE, cargo_test, counts::Counts, machine, rust_tests},
    workspace::Workspace,
};

/// Runs them, or says why not: a person without root still has every other check.
pub(crate) fn test(workspace: &Workspace, names: &[&str], steps: &mut Steps) -> Result<Counts> {
    if let Some(reason) = machine::why_no_domain_controller(steps) {
        println!("The stories on Active Directory are left out: {reason}.");
        return Ok(Counts::default());
    }
    let mut command = cargo_test(workspace);
    command
        .args(ALL_CRATES)
        .args(["--test=active_directory", "--", "--ignored"])
        .args(names)
        .env_remove(DATABASE_VARIABLE);
    steps.step("Stories on Active Directory", || rust_tests(&mut command))
}
