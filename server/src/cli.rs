//! The command line: its words, and the variables that may stand in for them.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use engine::configuration::DomainName;
use engine::timestamp::Timestamp;
use secrecy::SecretString;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Synchronises directories into a cloud tenant, with a portal to look after it.
#[derive(Debug, Parser)]
#[command(name = "cloud-sync", version, args_conflicts_with_subcommands = true)]
pub struct CommandLine {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub serve: ServeArguments,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the portal and run the synchronisation (the default).
    Serve(ServeArguments),
    /// Serve a demo: two made-up forests, every browser signed in, and a world that can be put back.
    Demo(DemoArguments),
    /// Work on the expressions of attribute mappings.
    #[command(subcommand)]
    Expression(VectorCommand),
    /// Work on the attribute clauses of scoping filters.
    #[command(subcommand)]
    Scope(VectorCommand),
    /// Write all configurations as one file, without passwords.
    Export(ExportArguments),
    /// Bring configurations in from a file, all of them or none, and tell what changes.
    Import(ImportArguments),
    /// Show what the next cycle of a configuration would do, without doing it.
    ///
    /// Exit status: 0 when the plan would run, 1 when it cannot be made, 2 when the deletion guard
    /// would hold it.
    Plan(PlanArguments),
    /// Run one cycle of a configuration at once.
    ///
    /// Exit status: 0 when it succeeded, 1 when it failed, 2 when the deletion guard held it.
    Run(RunArguments),
    /// Make a new key for stored credentials where `secrets.key` is lost for good.
    ///
    /// The bind passwords of all directories are forgotten and have to be entered again. Refuses
    /// while the key fits.
    ReplaceKey(ReplaceKeyArguments),
}

#[derive(Debug, Args)]
pub struct ReplaceKeyArguments {
    /// Do it. Without this, the command only tells what would be forgotten.
    #[arg(long)]
    pub yes: bool,
    #[command(flatten)]
    pub storage: StorageArguments,
}

#[derive(Debug, Args)]
pub struct DemoArguments {
    /// The number that the world is made from: the same one makes the same world. Another one than
    /// that of the stored world begins a new world.
    #[arg(long, env = "CLOUD_SYNC_SEED", value_name = "NUMBER")]
    pub seed: Option<u64>,
    /// Lets the clock begin at this moment, for example 2026-11-02T08:00:00Z, and stand still until
    /// somebody moves it.
    #[arg(long, env = "CLOUD_SYNC_CLOCK", value_name = "MOMENT", value_parser = moment)]
    pub clock: Option<Timestamp>,
    #[command(flatten)]
    pub serve: ServeArguments,
}

/// A moment as people and programs write it (RFC 3339).
pub(crate) fn moment(text: &str) -> Result<Timestamp, String> {
    OffsetDateTime::parse(text, &Rfc3339)
        .map(Timestamp::from)
        .map_err(|_| "write a moment like 2026-11-02T08:00:00Z".to_owned())
}

/// Where everything is kept.
#[derive(Debug, Args)]
pub struct StorageArguments {
    /// The folder for everything that is kept: `data`, or `demo-data` for a demo, when left off.
    #[arg(long, env = "CLOUD_SYNC_DATA", value_name = "FOLDER")]
    pub data: Option<PathBuf>,
    /// `sqlite:FILE` or `postgres://…`; without it a SQLite file in the data folder.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub database_url: Option<SecretString>,
    /// A demo: two made-up forests, and every browser is signed in as the demo administrator. Never
    /// begins on the database of a real installation.
    #[arg(long, env = "CLOUD_SYNC_DEMO")]
    pub demo: bool,
}

#[derive(Debug, Args)]
pub struct ExportArguments {
    /// Without it, the file goes to standard output.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub storage: StorageArguments,
}

#[derive(Debug, Args)]
pub struct ImportArguments {
    /// As `export` writes it; `-` reads standard input.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Only tell what would change.
    #[arg(long)]
    pub dry_run: bool,
    /// The password of the account that reads a domain's directory, for each directory that is to
    /// be connected; or the variable CLOUD_SYNC_BIND_PASSWORD_CONTOSO_TEST for contoso.test.
    #[arg(long, value_name = "DOMAIN=FILE", value_parser = domain_and_file)]
    pub bind_password_file: Vec<(DomainName, PathBuf)>,
    #[command(flatten)]
    pub storage: StorageArguments,
}

#[derive(Debug, Args)]
pub struct PlanArguments {
    /// The domain of the configuration, or its identifier.
    #[arg(value_name = "CONFIG")]
    pub configuration: String,
    /// As JSON: the summary, and each line with its old and new values.
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub storage: StorageArguments,
}

#[derive(Debug, Args)]
pub struct RunArguments {
    /// The domain of the configuration, or its identifier.
    #[arg(value_name = "CONFIG")]
    pub configuration: String,
    #[command(flatten)]
    pub storage: StorageArguments,
}

fn domain_and_file(text: &str) -> Result<(DomainName, PathBuf), String> {
    let (domain, file) = text
        .split_once('=')
        .ok_or("write the domain, an equals sign and the file")?;
    let domain = DomainName::parse(domain).map_err(|error| error.to_string())?;
    Ok((domain, file.into()))
}

/// Opens no database and no folder.
#[derive(Debug, Subcommand)]
pub enum VectorCommand {
    /// Run the test vectors of a file and tell which fail.
    ///
    /// Exit status: 0 when all hold, 1 when one fails, 2 when the file cannot be read.
    Test {
        /// One JSON object a line; `-` reads standard input.
        #[arg(value_name = "FILE.jsonl")]
        file: PathBuf,
    },
}

#[derive(Debug, Args)]
pub struct ServeArguments {
    /// Where the portal listens.
    #[arg(long, env = "CLOUD_SYNC_ADDRESS", default_value = "127.0.0.1:3000")]
    pub address: SocketAddr,
    #[command(flatten)]
    pub storage: StorageArguments,
    /// Browsers reach the portal over HTTPS only, through a proxy: cookies are marked for it.
    #[arg(long, env = "CLOUD_SYNC_BEHIND_HTTPS")]
    pub behind_https: bool,
    /// Where people find the portal, for links in mails; without it, where it listens.
    #[arg(long, env = "CLOUD_SYNC_PORTAL_URL", value_name = "URL")]
    pub portal_url: Option<String>,
    /// Sends mails through this server: `smtp://user:password@host:port`, `smtps://…`. Without it
    /// they stay in the outbox.
    #[arg(
        long,
        env = "CLOUD_SYNC_SMTP_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub smtp_url: Option<SecretString>,
    /// The sender of mails.
    #[arg(
        long,
        env = "CLOUD_SYNC_MAIL_FROM",
        default_value = "Cloud sync <cloud-sync@localhost>",
        value_name = "ADDRESS"
    )]
    pub mail_from: String,
    /// Seconds between two cycles of a configuration.
    #[arg(long, env = "CLOUD_SYNC_CYCLE_SECONDS", default_value_t = 120, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    pub cycle_seconds: u64,
    /// Seconds between two looks for deletions in a directory that does not report them.
    #[arg(
        long,
        env = "CLOUD_SYNC_ABSENCE_SECONDS",
        default_value_t = 600,
        value_name = "SECONDS"
    )]
    pub absence_seconds: u64,
    /// What is logged: a level, or levels for parts such as `info,backend=debug`.
    #[arg(
        long,
        env = "CLOUD_SYNC_LOG",
        default_value = "info",
        value_name = "FILTER"
    )]
    pub log: String,
    /// The folder of the built site, for builds that do not carry it inside.
    #[arg(long, env = "CLOUD_SYNC_SITE", value_name = "FOLDER")]
    pub site: Option<PathBuf>,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        CommandLine::command().debug_assert();
    }

    #[test]
    fn serving_is_what_happens_without_a_command() {
        let line = CommandLine::parse_from(["cloud-sync", "--demo", "--address", "127.0.0.1:0"]);
        assert!(line.command.is_none());
        assert!(line.serve.storage.demo);
        assert_eq!(line.serve.address.port(), 0);
    }

    #[test]
    fn a_demo_has_a_number_and_a_clock() {
        let line = CommandLine::parse_from([
            "cloud-sync",
            "demo",
            "--seed",
            "7",
            "--clock",
            "1970-01-01T00:00:01Z",
        ]);
        let Some(Command::Demo(demo)) = line.command else {
            panic!("it is a demo");
        };
        assert_eq!(demo.seed, Some(7));
        assert_eq!(demo.clock, Some(Timestamp(1_000_000)));
        assert!(CommandLine::try_parse_from(["cloud-sync", "demo", "--clock", "noon"]).is_err());
    }
}
