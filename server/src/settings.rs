//! What a person chose: the only reader of the command line and of the environment.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Parser;
use secrecy::SecretString;

use crate::cli::{Command, CommandLine, ServeArguments, VectorCommand};

/// Everything that is fixed for as long as the server runs.
#[derive(Debug)]
pub struct Settings {
    pub address: SocketAddr,
    pub data: PathBuf,
    /// May contain a password.
    pub database_url: SecretString,
    pub demo: bool,
    pub behind_https: bool,
    /// Where people find the portal.
    pub portal_url: String,
    /// May contain a password.
    pub smtp_url: Option<SecretString>,
    pub mail_from: String,
    /// The pause between two cycles of a configuration.
    pub cycle_interval: Duration,
    /// How often deletions are looked for in a directory that does not report them.
    pub absence_interval: Duration,
    /// In the words of tracing-subscriber's `EnvFilter`.
    pub log: String,
    /// The folder of the built site, where the binary does not carry it inside.
    pub site: Option<PathBuf>,
}

/// What the program is to do.
#[derive(Debug)]
pub enum Task {
    Serve(Box<Settings>),
    TestExpressions { file: PathBuf },
    TestScopingFilters { file: PathBuf },
}

impl Task {
    /// Reads it; a mistake in it ends the program with an explanation.
    pub fn read() -> Self {
        CommandLine::parse().into()
    }
}

impl From<CommandLine> for Task {
    fn from(line: CommandLine) -> Self {
        match line.command {
            None => Self::Serve(Box::new(line.serve.into())),
            Some(Command::Serve(arguments)) => Self::Serve(Box::new(arguments.into())),
            Some(Command::Expression(VectorCommand::Test { file })) => {
                Self::TestExpressions { file }
            }
            Some(Command::Scope(VectorCommand::Test { file })) => Self::TestScopingFilters { file },
        }
    }
}

impl From<ServeArguments> for Settings {
    fn from(arguments: ServeArguments) -> Self {
        let ServeArguments {
            address,
            data,
            database_url,
            demo,
            behind_https,
            portal_url,
            smtp_url,
            mail_from,
            cycle_seconds,
            absence_seconds,
            log,
            site,
        } = arguments;
        let database_url = database_url.unwrap_or_else(|| database_file(&data));
        Self {
            address,
            data,
            database_url,
            demo,
            behind_https,
            portal_url: portal_url.unwrap_or_else(|| format!("http://{address}")),
            smtp_url,
            mail_from,
            cycle_interval: Duration::from_secs(cycle_seconds),
            absence_interval: Duration::from_secs(absence_seconds),
            log,
            site,
        }
    }
}

fn database_file(data: &Path) -> SecretString {
    format!("sqlite:{}?mode=rwc", data.join("cloud-sync.db").display()).into()
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn settings(words: &[&str]) -> Settings {
        let words = [&["cloud-sync"], words].concat();
        CommandLine::parse_from(words).serve.into()
    }

    #[test]
    fn the_database_is_a_file_in_the_data_folder_unless_another_one_is_named() {
        let settings_of_file = settings(&["--data", "/srv/sync"]);
        assert_eq!(
            settings_of_file.database_url.expose_secret(),
            "sqlite:/srv/sync/cloud-sync.db?mode=rwc"
        );
        let settings_of_server = settings(&["--database-url", "postgres://sync@db/sync"]);
        assert_eq!(
            settings_of_server.database_url.expose_secret(),
            "postgres://sync@db/sync"
        );
    }

    #[test]
    fn a_password_in_the_database_address_is_not_printed() {
        let settings = settings(&["--database-url", "postgres://sync:hunter2@db/sync"]);
        assert!(!format!("{settings:?}").contains("hunter2"));
    }
}
