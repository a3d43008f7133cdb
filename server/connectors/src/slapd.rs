//! A real OpenLDAP server for tests, started on loopback in a folder of its own and stopped when
//! dropped. `end2end/ldap/start-slapd.sh` does the work and says what it makes.

use std::{
    fs,
    io::Write,
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use engine::directory::Dn;
use tempfile::TempDir;

use crate::ldap::{LdapSettings, LdapSettingsDraft};

/// Who signs in. The password of all is `secret`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Account {
    Admin,
    /// Reads everything, without limits.
    Reader,
    /// Reads password hashes, too.
    HashReader,
    /// Reads everything, but no more than 500 entries.
    Limited,
    /// Cannot see what identifies entries, nor when they changed.
    Blind,
}

impl Account {
    fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Reader => "reader",
            Self::HashReader => "hashreader",
            Self::Limited => "limited",
            Self::Blind => "blind",
        }
    }
}

/// A running server.
#[derive(Debug)]
pub struct Slapd {
    folder: TempDir,
    port: u16,
}

const BASE: &str = "dc=contoso,dc=test";
const ATTEMPTS: usize = 5;

impl Slapd {
    /// With so many generated people, in groups and containers.
    pub fn start(people: usize) -> Self {
        Self::start_with(people, &[])
    }

    /// With further variables for the script, for example `("ODD", "1")`.
    ///
    /// # Panics
    ///
    /// When no server can be started, with what is missing: a test that needs one must not pass
    /// without.
    pub fn start_with(people: usize, variables: &[(&str, &str)]) -> Self {
        require_programs();
        let folder = TempDir::new().expect("a temporary folder can be made");
        let mut said = String::new();
        // Between finding a free port and taking it, another test may have been faster.
        for _ in 0..ATTEMPTS {
            let port = free_port();
            let mut command = script(folder.path(), port);
            command
                .arg(people.to_string())
                .envs(variables.iter().copied());
            let output = command.output().expect("the script can be run");
            if output.status.success() {
                return Self { folder, port };
            }
            said = everything_said(&output);
        }
        panic!("slapd could not be started:\n{said}");
    }

    pub fn url(&self) -> String {
        format!("ldap://127.0.0.1:{}", self.port)
    }

    pub fn ldaps_url(&self) -> String {
        format!("ldaps://127.0.0.1:{}", self.port + 1)
    }

    pub fn base(&self) -> Dn {
        Dn::parse(BASE).expect("the base is a name")
    }

    /// The certificate of the authority that issued the server's.
    pub fn ca_certificate_pem(&self) -> String {
        fs::read_to_string(self.folder.path().join("tls/ca.pem")).expect("the script made it")
    }

    pub fn draft(&self, account: Account) -> LdapSettingsDraft {
        LdapSettingsDraft {
            url: self.url(),
            start_tls: false,
            ca_certificate_pem: None,
            bind_dn: format!("cn={},{BASE}", account.name()),
            bind_password: "secret".into(),
            base_dn: BASE.to_owned(),
        }
    }

    pub fn settings(&self, account: Account) -> LdapSettings {
        LdapSettings::check(self.draft(account)).expect("these settings are good")
    }

    /// What the generator says that it made, odd cases by name.
    pub fn manifest(&self) -> serde_json::Value {
        let file = self.folder.path().join("data.ldif.manifest.json");
        let text = fs::read_to_string(file).expect("the generator wrote it");
        serde_json::from_str(&text).expect("it is JSON")
    }

    /// Applies changes in LDIF, as the administrator.
    pub fn modify(&self, ldif: &str) {
        apply(&mut self.client("ldapmodify"), ldif);
    }

    /// What `ldapsearch` prints for these arguments, as the administrator, unwrapped.
    pub fn search(&self, arguments: &[&str]) -> String {
        let mut command = self.client("ldapsearch");
        command
            .args(["-LLL", "-o", "ldif-wrap=no", "-b", BASE])
            .args(arguments);
        let output = command.output().expect("ldapsearch can be run");
        assert!(output.status.success(), "{}", everything_said(&output));
        String::from_utf8(output.stdout).expect("LDIF is text")
    }

    /// How many entries match.
    pub fn count(&self, filter: &str) -> usize {
        let printed = self.search(&[filter, "1.1"]);
        printed
            .lines()
            .filter(|line| line.starts_with("dn:"))
            .count()
    }

    /// Ends the server at once, as a failure would, and comes back when nothing listens any more.
    ///
    /// # Panics
    ///
    /// When it does not run.
    pub fn kill(&self) {
        assert!(self.end(), "slapd runs");
        while TcpStream::connect(("127.0.0.1", self.port)).is_ok() {}
    }

    /// Whether there was a server to end. Ending it in good order would take a second, and what it
    /// holds is thrown away.
    fn end(&self) -> bool {
        let pid_file = self.folder.path().join("run/slapd.pid");
        let Ok(pid) = fs::read_to_string(&pid_file) else {
            return false;
        };
        let kill = Command::new("kill").args(["-KILL", pid.trim()]).status();
        let forget = fs::remove_file(pid_file);
        kill.is_ok_and(|status| status.success()) && forget.is_ok()
    }

    /// Starts the server again, with what it held.
    pub fn restart(&self) {
        let output = script(self.folder.path(), self.port).output();
        let output = output.expect("the script can be run");
        assert!(output.status.success(), "{}", everything_said(&output));
    }

    fn client(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        let admin = format!("cn=admin,{BASE}");
        command.args(["-x", "-H", &self.url(), "-D", &admin, "-w", "secret"]);
        command
    }
}

impl Drop for Slapd {
    fn drop(&mut self) {
        self.end();
    }
}

fn require_programs() {
    let is_there = |program: &str| {
        let path = "$PATH:/usr/sbin:/usr/local/sbin";
        let find = format!("PATH={path} command -v {program}");
        let found = Command::new("sh").args(["-c", &find]).output();
        found.is_ok_and(|output| output.status.success())
    };
    let needed = [
        "slapd",
        "slapadd",
        "ldapsearch",
        "ldapmodify",
        "openssl",
        "python3",
    ];
    let missing: Vec<_> = needed
        .into_iter()
        .filter(|program| !is_there(program))
        .collect();
    assert!(
        missing.is_empty(),
        "This test needs a real directory server, and {} is missing. Install the packages slapd, \
         ldap-utils, openssl and python3.",
        missing.join(", ")
    );
}

fn script(folder: &Path, port: u16) -> Command {
    let mut command = Command::new(script_path("start-slapd.sh"));
    command.arg(folder).arg(port.to_string());
    command
}

/// Tests run in the folder of their package, somewhere below the root.
pub(crate) fn script_path(name: &str) -> PathBuf {
    let here = std::env::current_dir().expect("there is a current folder");
    here.ancestors()
        .map(|folder| folder.join("end2end/ldap").join(name))
        .find(|script| script.is_file())
        .unwrap_or_else(|| panic!("end2end/ldap/{name} lies in the project"))
}

/// Hands LDIF to `ldapmodify`, which must take all of it.
pub(crate) fn apply(ldapmodify: &mut Command, ldif: &str) {
    let mut child = ldapmodify
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("ldapmodify can be run");
    let mut stdin = child.stdin.take().expect("it is piped");
    stdin.write_all(ldif.as_bytes()).expect("it listens");
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{}", everything_said(&output));
}

/// A port that is free together with the next one, which takes TLS.
pub(crate) fn free_port() -> u16 {
    loop {
        let first = TcpListener::bind(("127.0.0.1", 0)).expect("some port is free");
        let port = first.local_addr().expect("it is bound").port();
        if port < u16::MAX && TcpListener::bind(("127.0.0.1", port + 1)).is_ok() {
            return port;
        }
    }
}

pub(crate) fn everything_said(output: &Output) -> String {
    let out = String::from_utf8_lossy(&output.stdout);
    let err = String::from_utf8_lossy(&output.stderr);
    format!("{out}{err}")
}
