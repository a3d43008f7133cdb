//! A real Active Directory domain controller (Samba) for tests, on loopback, in a folder of its own.
//! `end2end/ldap/start-samba-ad.sh` does the work and says what it makes and what it needs.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Output},
    sync::{Arc, Mutex, Weak},
};

use tempfile::TempDir;

use crate::{
    ldap::{LdapSettings, LdapSettingsDraft},
    slapd::{apply, everything_said, free_port, script_path},
};

/// Who signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Account {
    Administrator,
    /// May replicate changes and secrets, and sees deleted objects.
    Sync,
    /// A plain domain user.
    Reader,
}

impl Account {
    fn name(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Sync => "svc-sync",
            Self::Reader => "svc-read",
        }
    }
}

const PASSWORD: &str = "Passw0rd!Demo";
const DOMAIN: &str = "contoso.test";
const BASE: &str = "DC=contoso,DC=test";

/// A running domain controller whose domain has the accounts that every domain has, and those of
/// [`Account`].
#[derive(Debug)]
pub struct Samba {
    folder: TempDir,
    port: u16,
}

impl Samba {
    /// One for all tests of the process that run meanwhile: each works in a unit of its own.
    ///
    /// # Panics
    ///
    /// When none can be started, with what is missing.
    pub fn shared() -> Arc<Self> {
        static SHARED: Mutex<Weak<Samba>> = Mutex::new(Weak::new());
        let mut shared = SHARED.lock().expect("no test panics while it starts one");
        if let Some(running) = shared.upgrade() {
            return running;
        }
        let started = Arc::new(Self::start());
        *shared = Arc::downgrade(&started);
        started
    }

    /// One that a test may change as a whole.
    ///
    /// # Panics
    ///
    /// When none can be started, with what is missing.
    pub fn start() -> Self {
        let folder = TempDir::new().expect("a temporary folder can be made");
        let empty = folder.path().join("nobody.ldif");
        fs::write(&empty, "").expect("the folder can be written to");
        let port = free_port();
        let started = Command::new(script_path("start-samba-ad.sh"))
            .arg(folder.path().join("controller"))
            .arg(port.to_string())
            .env("LDIF", &empty)
            .env("RECYCLE", "1")
            .env("SERVICES", "ldap")
            .env("EXTRA", "ldap server require strong auth = no")
            .output()
            .expect("the script can be run");
        assert!(
            started.status.success(),
            "No domain controller could be started. It needs root and Debian's packages samba, \
             samba-ad-dc, samba-ad-provision, samba-dsdb-modules, samba-vfs-modules, \
             python3-samba and ldb-tools.\n{}",
            everything_said(&started)
        );
        Self { folder, port }
    }

    pub fn draft(&self, account: Account, base_dn: &str) -> LdapSettingsDraft {
        let certificate = self.folder.path().join("controller/tls/ca.pem");
        LdapSettingsDraft {
            url: format!("ldaps://127.0.0.1:{}", self.port + 1),
            start_tls: false,
            ca_certificate_pem: Some(
                fs::read_to_string(certificate).expect("the script made a certificate"),
            ),
            bind_dn: format!("{}@{DOMAIN}", account.name()),
            bind_password: PASSWORD.into(),
            base_dn: base_dn.to_owned(),
        }
    }

    pub fn settings(&self, account: Account, base_dn: &str) -> LdapSettings {
        LdapSettings::check(self.draft(account, base_dn)).expect("these settings are good")
    }

    pub fn base(&self) -> &'static str {
        BASE
    }

    /// Applies changes in LDIF, as the administrator.
    ///
    /// # Panics
    ///
    /// When one of them is refused.
    pub fn modify(&self, ldif: &str) {
        apply(&mut self.client("ldapmodify"), ldif);
    }

    /// What `ldapsearch` prints for these arguments, as the administrator, unwrapped.
    ///
    /// # Panics
    ///
    /// When the search fails.
    pub fn search(&self, arguments: &[&str]) -> String {
        let mut command = self.client("ldapsearch");
        command.args(["-LLL", "-o", "ldif-wrap=no"]).args(arguments);
        let output = command.output().expect("ldapsearch can be run");
        assert!(output.status.success(), "{}", everything_said(&output));
        String::from_utf8(output.stdout).expect("LDIF is text")
    }

    fn client(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        let url = format!("ldap://127.0.0.1:{}", self.port);
        let administrator = format!("{}@{DOMAIN}", Account::Administrator.name());
        command.args(["-x", "-H", &url, "-D", &administrator, "-w", PASSWORD]);
        command
    }

    fn stop(&self) -> std::io::Result<Output> {
        Command::new(script_path("start-samba-ad.sh"))
            .arg(self.controller())
            .arg(self.port.to_string())
            .arg("stop")
            .output()
    }

    fn controller(&self) -> PathBuf {
        self.folder.path().join("controller")
    }
}

impl Drop for Samba {
    fn drop(&mut self) {
        // What it holds is thrown away with its folder.
        let _ = self.stop();
    }
}
