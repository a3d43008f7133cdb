//! `cloud-sync import`: configurations from a file, with what they change.

use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use backend::exchange::{self, BindPasswords, DomainChange, Import, ImportError, Problem};
use backend::{Actor, Backend};
use secrecy::SecretString;

use super::read_text;
use crate::settings::{Passwords, Storage};
use crate::{startup, telemetry};

/// A password is a line.
const LARGEST_PASSWORD: u64 = 64 * 1024;

/// Compares the file with what is live, and stores it unless only a look was asked for.
pub async fn import(
    storage: &Storage,
    file: &Path,
    dry_run: bool,
    passwords: Passwords,
) -> Result<ExitCode> {
    let largest = u64::try_from(exchange::LARGEST_FILE).unwrap_or(u64::MAX);
    let text = read_text(file, largest).with_context(|| format!("reading {}", file.display()))?;
    let passwords = bind_passwords(passwords)?;
    telemetry::start("warn")?;
    // Before anything is begun for it.
    if let Err(problems) = exchange::check(&text) {
        return Ok(refused(file, &problems));
    }
    let backend = match dry_run {
        true => startup::open_backend_beside(storage).await?,
        false => startup::open_or_begin_backend_beside(storage).await?,
    };
    match exchange::prepare(&backend, &text, &passwords).await {
        Ok(import) => {
            print!("{}", told(import.changes()));
            finish(&backend, import, dry_run).await
        }
        Err(ImportError::Refused(problems)) => Ok(refused(file, &problems)),
        Err(ImportError::Backend(error)) => Err(error.into()),
    }
}

fn refused(file: &Path, problems: &[Problem]) -> ExitCode {
    for problem in problems {
        eprintln!("{}: {problem}", file.display());
    }
    eprintln!("Nothing was changed.");
    ExitCode::FAILURE
}

async fn finish(backend: &Backend, import: Import, dry_run: bool) -> Result<ExitCode> {
    if dry_run {
        println!("Nothing was changed: this was a dry run.");
        return Ok(ExitCode::SUCCESS);
    }
    let stored = import.store(backend, &Actor::CommandLine).await;
    let stored = stored.context("nothing was changed")?;
    println!("Stored: {} configurations.", stored.len());
    Ok(ExitCode::SUCCESS)
}

fn bind_passwords(passwords: Passwords) -> Result<BindPasswords> {
    let mut by_domain = std::collections::BTreeMap::new();
    for (domain, file) in passwords.files {
        let text = read_text(&file, LARGEST_PASSWORD)
            .with_context(|| format!("reading the password in {}", file.display()))?;
        let password = text.trim_end_matches(['\r', '\n']).to_owned();
        by_domain.insert(domain, SecretString::from(password));
    }
    Ok(BindPasswords {
        by_domain,
        by_variable: passwords.variables,
    })
}

/// Domain by domain, setting by setting.
fn told<'a>(changes: impl Iterator<Item = &'a DomainChange>) -> String {
    let mut text = String::new();
    for change in changes {
        let _ = writeln!(text, "{}: {}", change.domain, headline(change));
        for setting in &change.settings {
            let _ = writeln!(text, "  {setting}");
        }
    }
    text
}

fn headline(change: &DomainChange) -> String {
    let directory = match &change.connects {
        Some(address) => format!(", connects {address}"),
        None => String::new(),
    };
    match (change.is_new, change.settings.len()) {
        (true, 0) => format!("new configuration{directory}, with the defaults"),
        (true, _) => format!("new configuration{directory}; beside the defaults:"),
        (false, 0) => "as in the file".to_owned(),
        (false, 1) => "1 setting changes".to_owned(),
        (false, count) => format!("{count} settings change"),
    }
}

#[cfg(test)]
mod tests {
    use backend::exchange::SettingChange;
    use engine::configuration::DomainName;

    use super::*;

    #[test]
    fn changes_are_told_domain_by_domain() {
        let change = |domain, is_new, settings| DomainChange {
            domain: DomainName::parse(domain).unwrap(),
            connects: (domain == "b.test").then(|| "ldaps://dc1.b.test".to_owned()),
            is_new,
            settings,
        };
        let threshold = SettingChange {
            setting: "deletion_protection.threshold".to_owned(),
            old: Some("500".to_owned()),
            new: Some("3".to_owned()),
        };
        let department = SettingChange {
            setting: "mappings.user.Department".to_owned(),
            old: None,
            new: Some("{ constant = \"x\" }".to_owned()),
        };
        let changes = [
            change("a.test", false, vec![threshold]),
            change("b.test", true, vec![department]),
            change("c.test", false, vec![]),
        ];
        insta::assert_snapshot!(told(changes.iter()), @r#"
        a.test: 1 setting changes
          deletion_protection.threshold: 500 → 3
        b.test: new configuration, connects ldaps://dc1.b.test; beside the defaults:
          mappings.user.Department: default → { constant = "x" }
        c.test: as in the file
        "#);
    }
}
