//! A PostgreSQL of our own for one run of the tests: made in a temporary folder, on a free port of
//! this machine, gone with the run whatever way that ends.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::program::{answer, find};

/// Makes and starts the cluster, says so, and waits for its standard input to end: that happens
/// when the tests are done and also when they are killed, so that no server is left behind.
/// Durability is off, since nobody will ask for these data again. The C collation orders text by
/// its bytes, as SQLite does.
const KEEPER: &str = r#"
    trap '' INT
    folder=$(mktemp -d) && cd "$folder" && {
        initdb --pgdata=data --username=postgres --auth=trust --encoding=UTF8 --locale=C \
            --no-sync >log 2>&1 &&
        pg_ctl --pgdata=data --wait --log=log start --options="-p $PORT -k $folder \
            -c listen_addresses=127.0.0.1 -c max_connections=200 -c timezone=UTC \
            -c fsync=off -c synchronous_commit=off -c full_page_writes=off" >>log 2>&1 &&
        echo ready &&
        cat >/dev/null ||
        cat log >&2
        pg_ctl --pgdata=data --mode=immediate stop >/dev/null 2>&1
        cd / && rm -rf "$folder"
    }
"#;

/// A running cluster; dropping it stops it.
pub(crate) struct Cluster {
    keeper: Child,
    /// For a superuser who may make databases.
    pub(crate) url: String,
}

impl Cluster {
    pub(crate) fn start() -> Result<Self> {
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let mut keeper = keeper(port)?.spawn().context("starting sh")?;
        let answers = keeper
            .stdout
            .take()
            .context("the keeper's answers were asked for")?;
        let cluster = Self {
            keeper,
            url: format!("postgres://postgres@127.0.0.1:{port}/postgres"),
        };
        let mut first_line = String::new();
        BufReader::new(answers).read_line(&mut first_line)?;
        if first_line.trim() != "ready" {
            bail!("PostgreSQL did not start");
        }
        Ok(cluster)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        if let Err(error) = self.keeper.wait() {
            eprintln!("PostgreSQL may still be running: {error}");
        }
    }
}

/// Where the programs of a PostgreSQL server may lie beside PATH, the newest version first.
pub(crate) fn program_folders() -> Vec<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let mut folders: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
    folders.sort();
    folders.reverse();
    folders
}

fn keeper(port: u16) -> Result<Command> {
    let initdb = find("initdb", &program_folders()).context("PostgreSQL's initdb is not there")?;
    let programs = initdb.parent().unwrap_or(Path::new("/"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(programs.to_owned()).chain(std::env::split_paths(&path));
    let mut keeper = Command::new("sh");
    keeper
        .args(["-c", KEEPER])
        .env("PATH", std::env::join_paths(folders)?)
        .env("PORT", port.to_string())
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    if answer(Command::new("id").arg("-u"))? == "0" {
        // PostgreSQL refuses to run as root.
        keeper.uid(id("-u")?).gid(id("-g")?);
    }
    Ok(keeper)
}

/// A number of the account that Debian's package brings.
fn id(which: &str) -> Result<u32> {
    let number = answer(Command::new("id").args([which, "postgres"]))
        .context("asking for the account postgres, since PostgreSQL does not run as root")?;
    Ok(number.parse()?)
}
