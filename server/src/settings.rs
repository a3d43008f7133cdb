//! What a person chose: the only reader of the command line and of the environment.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use backend::demo::Wish;
use backend::exchange::PASSWORD_VARIABLES;
use backend::installation::InstallationKind;
use clap::Parser;
use engine::configuration::DomainName;
use secrecy::SecretString;

use crate::cli::{
    Command, CommandLine, DemoArguments, ServeArguments, StorageArguments, VectorCommand,
};

/// Everything that is fixed for as long as the server runs.
#[derive(Debug)]
pub struct Settings {
    pub address: SocketAddr,
    pub data: PathBuf,
    /// May contain a password.
    pub database_url: SecretString,
    pub demo: bool,
    /// Which world a demo is to have.
    pub wish: Wish,
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
    TestExpressions {
        file: PathBuf,
    },
    TestScopingFilters {
        file: PathBuf,
    },
    Export {
        storage: Storage,
        output: Option<PathBuf>,
    },
    Import {
        storage: Storage,
        file: PathBuf,
        dry_run: bool,
        passwords: Passwords,
    },
    Plan {
        storage: Storage,
        configuration: String,
        json: bool,
    },
    Run {
        storage: Storage,
        configuration: String,
    },
    ReplaceKey {
        storage: Storage,
        is_sure: bool,
    },
}

/// Where everything is kept.
#[derive(Debug)]
pub struct Storage {
    pub data: PathBuf,
    /// May contain a password.
    pub database_url: SecretString,
    pub demo: bool,
    /// Whether the database is the file in the data folder, because no other one was named.
    pub is_file_in_data: bool,
}

/// Where the passwords of bind accounts are.
#[derive(Debug)]
pub struct Passwords {
    pub files: Vec<(DomainName, PathBuf)>,
    /// Variables of the environment by name.
    pub variables: BTreeMap<String, SecretString>,
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
            Some(Command::Demo(arguments)) => Self::Serve(Box::new(arguments.into())),
            Some(Command::Expression(VectorCommand::Test { file })) => {
                Self::TestExpressions { file }
            }
            Some(Command::Scope(VectorCommand::Test { file })) => Self::TestScopingFilters { file },
            Some(Command::Export(arguments)) => Self::Export {
                storage: arguments.storage.into(),
                output: arguments.output,
            },
            Some(Command::Import(arguments)) => Self::Import {
                storage: arguments.storage.into(),
                file: arguments.file,
                dry_run: arguments.dry_run,
                passwords: Passwords {
                    files: arguments.bind_password_file,
                    variables: password_variables(),
                },
            },
            Some(Command::Plan(arguments)) => Self::Plan {
                storage: arguments.storage.into(),
                configuration: arguments.configuration,
                json: arguments.json,
            },
            Some(Command::Run(arguments)) => Self::Run {
                storage: arguments.storage.into(),
                configuration: arguments.configuration,
            },
            Some(Command::ReplaceKey(arguments)) => Self::ReplaceKey {
                storage: arguments.storage.into(),
                is_sure: arguments.yes,
            },
        }
    }
}

impl From<StorageArguments> for Storage {
    fn from(arguments: StorageArguments) -> Self {
        let StorageArguments {
            data,
            database_url,
            demo,
        } = arguments;
        let data = data.unwrap_or_else(|| default_folder(demo).into());
        Self {
            is_file_in_data: database_url.is_none(),
            database_url: database_url.unwrap_or_else(|| database_url_in(&data)),
            data,
            demo,
        }
    }
}

impl Storage {
    /// The file of the database, where no other database was named.
    pub fn database_file(&self) -> PathBuf {
        database_file(&self.data)
    }

    /// The kind of installation that a person named; without a word, each one is meant.
    pub fn named_kind(&self) -> Option<InstallationKind> {
        self.demo.then_some(InstallationKind::Demo)
    }
}

/// A demo and real data do not even share a folder by accident.
fn default_folder(demo: bool) -> &'static str {
    match demo {
        true => "demo-data",
        false => "data",
    }
}

fn password_variables() -> BTreeMap<String, SecretString> {
    let texts = std::env::vars_os().filter_map(|(name, value)| {
        let name = name.into_string().ok()?;
        Some((name, SecretString::from(value.into_string().ok()?)))
    });
    texts
        .filter(|(name, _)| name.starts_with(PASSWORD_VARIABLES))
        .collect()
}

impl From<ServeArguments> for Settings {
    fn from(arguments: ServeArguments) -> Self {
        let ServeArguments {
            address,
            storage,
            behind_https,
            portal_url,
            smtp_url,
            mail_from,
            cycle_seconds,
            absence_seconds,
            log,
            site,
        } = arguments;
        let Storage {
            data,
            database_url,
            demo,
            is_file_in_data: _,
        } = storage.into();
        Self {
            address,
            data,
            database_url,
            demo,
            wish: Wish::default(),
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

impl From<DemoArguments> for Settings {
    fn from(arguments: DemoArguments) -> Self {
        let DemoArguments {
            seed,
            clock,
            mut serve,
        } = arguments;
        serve.storage.demo = true;
        Self {
            wish: Wish { seed, clock },
            ..serve.into()
        }
    }
}

fn database_file(data: &Path) -> PathBuf {
    data.join("cloud-sync.db")
}

fn database_url_in(data: &Path) -> SecretString {
    format!("sqlite:{}?mode=rwc", database_file(data).display()).into()
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
