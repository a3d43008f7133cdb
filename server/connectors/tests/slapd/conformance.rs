//! OpenLDAP keeps the word of every source, with each way of asking what changed.

use async_trait::async_trait;
use connectors::{
    Source,
    conformance::{Playground, every_source_passes},
    ldap::LdapSource,
    slapd::Slapd,
};
use engine::directory::Dn;

use super::in_small_pages;

struct OpenLdap {
    slapd: Slapd,
    source: LdapSource,
}

impl OpenLdap {
    fn new(variables: &[(&str, &str)]) -> Self {
        let slapd = Slapd::start_with(120, variables);
        slapd.modify(
            "dn: ou=Top,dc=contoso,dc=test\n\
             changetype: add\n\
             objectClass: organizationalUnit\n\
             ou: Top\n\
             \n\
             dn: ou=Home,ou=Top,dc=contoso,dc=test\n\
             changetype: add\n\
             objectClass: organizationalUnit\n\
             ou: Home\n\
             \n\
             dn: ou=Elsewhere,ou=Top,dc=contoso,dc=test\n\
             changetype: add\n\
             objectClass: organizationalUnit\n\
             ou: Elsewhere\n",
        );
        let source = in_small_pages(&slapd);
        Self { slapd, source }
    }
}

#[async_trait]
impl Playground for OpenLdap {
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
        let dn = self.home().child("uid", name).unwrap();
        self.slapd.modify(&format!(
            "dn: {dn}\nchangetype: add\nobjectClass: inetOrgPerson\nuid: {name}\ncn: {name}\n\
             sn: {name}\nmail: {name}@contoso.test\n"
        ));
        dn
    }

    async fn add_group(&self, name: &str, members: &[Dn]) -> Dn {
        let dn = self.home().child("cn", name).unwrap();
        let members: String = members.iter().map(|dn| format!("member: {dn}\n")).collect();
        self.slapd.modify(&format!(
            "dn: {dn}\nchangetype: add\nobjectClass: groupOfNames\ncn: {name}\n{members}"
        ));
        dn
    }

    async fn set_title(&self, user: &Dn, title: &str) {
        self.slapd.modify(&format!(
            "dn: {user}\nchangetype: modify\nreplace: title\ntitle: {title}\n"
        ));
    }

    async fn add_member(&self, group: &Dn, member: &Dn) {
        self.slapd.modify(&format!(
            "dn: {group}\nchangetype: modify\nadd: member\nmember: {member}\n"
        ));
    }

    async fn move_elsewhere(&self, object: &Dn) -> Dn {
        let (rdn, to) = (object.rdn(), self.elsewhere());
        self.slapd.modify(&format!(
            "dn: {object}\nchangetype: moddn\nnewrdn: {rdn}\ndeleteoldrdn: 0\nnewsuperior: {to}\n"
        ));
        self.elsewhere().child("uid", &object.name()).unwrap()
    }

    async fn rename_elsewhere(&self, name: &str) -> Dn {
        self.slapd.modify(&format!(
            "dn: {}\nchangetype: moddn\nnewrdn: ou={name}\ndeleteoldrdn: 1\n",
            self.elsewhere()
        ));
        self.top().child("OU", name).unwrap()
    }

    async fn delete(&self, object: &Dn) {
        self.slapd
            .modify(&format!("dn: {object}\nchangetype: delete\n"));
    }
}

#[tokio::test]
async fn a_directory_with_change_sequence_numbers_passes() {
    every_source_passes(&OpenLdap::new(&[])).await;
}

#[tokio::test]
async fn a_directory_with_nothing_but_time_stamps_passes() {
    every_source_passes(&OpenLdap::new(&[("SYNCPROV", "0")])).await;
}
