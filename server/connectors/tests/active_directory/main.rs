//! A domain controller (Samba) keeps the word of every source. Asked for by
//! `cargo xtask test active-directory`, because it needs root.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

use std::sync::Arc;

use async_trait::async_trait;
use connectors::{
    Source,
    conformance::{Playground, every_source_passes},
    ldap::{LdapSettings, LdapSource},
    samba::{Account, Samba},
};
use engine::directory::Dn;

struct ActiveDirectory {
    samba: Arc<Samba>,
    source: LdapSource,
}

impl ActiveDirectory {
    fn new() -> Self {
        let samba = Samba::shared();
        for unit in ["OU=Top", "OU=Home,OU=Top", "OU=Elsewhere,OU=Top"] {
            samba.modify(&format!(
                "dn: {unit},{}\nchangetype: add\nobjectClass: organizationalUnit\n",
                samba.base()
            ));
        }
        let source = LdapSource::new(LdapSettings {
            page_size: 50,
            ..samba.settings(Account::Sync, samba.base())
        });
        Self { samba, source }
    }
}

#[async_trait]
impl Playground for ActiveDirectory {
    fn source(&self) -> &dyn Source {
        &self.source
    }

    fn top(&self) -> Dn {
        Dn::parse("OU=Top,DC=contoso,DC=test").unwrap()
    }

    fn home(&self) -> Dn {
        self.top().child("OU", "Home").unwrap()
    }

    fn elsewhere(&self) -> Dn {
        self.top().child("OU", "Elsewhere").unwrap()
    }

    async fn add_user(&self, name: &str) -> Dn {
        let dn = self.home().child("CN", name).unwrap();
        self.samba.modify(&format!(
            "dn: {dn}\nchangetype: add\nobjectClass: user\nmail: {name}@contoso.test\n\
             userPrincipalName: {name}@contoso.test\n"
        ));
        dn
    }

    async fn add_group(&self, name: &str, members: &[Dn]) -> Dn {
        let dn = self.home().child("CN", name).unwrap();
        let members: String = members.iter().map(|dn| format!("member: {dn}\n")).collect();
        self.samba.modify(&format!(
            "dn: {dn}\nchangetype: add\nobjectClass: group\n{members}"
        ));
        dn
    }

    async fn set_title(&self, user: &Dn, title: &str) {
        self.samba.modify(&format!(
            "dn: {user}\nchangetype: modify\nreplace: title\ntitle: {title}\n"
        ));
    }

    async fn add_member(&self, group: &Dn, member: &Dn) {
        self.samba.modify(&format!(
            "dn: {group}\nchangetype: modify\nadd: member\nmember: {member}\n"
        ));
    }

    async fn move_elsewhere(&self, object: &Dn) -> Dn {
        let (rdn, to) = (object.rdn(), self.elsewhere());
        self.samba.modify(&format!(
            "dn: {object}\nchangetype: moddn\nnewrdn: {rdn}\ndeleteoldrdn: 1\nnewsuperior: {to}\n"
        ));
        self.elsewhere().child("CN", &object.name()).unwrap()
    }

    async fn rename_elsewhere(&self, name: &str) -> Dn {
        self.samba.modify(&format!(
            "dn: {}\nchangetype: moddn\nnewrdn: OU={name}\ndeleteoldrdn: 1\n",
            self.elsewhere()
        ));
        self.top().child("OU", name).unwrap()
    }

    async fn delete(&self, object: &Dn) {
        self.samba
            .modify(&format!("dn: {object}\nchangetype: delete\n"));
    }
}

#[tokio::test]
#[ignore = "needs a domain controller: cargo xtask test active-directory"]
async fn a_domain_controller_passes() {
    every_source_passes(&ActiveDirectory::new()).await;
}
