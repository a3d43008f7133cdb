//! What fields of the portal offer: objects by a part of a name.

use connectors::{Source, slapd::Slapd};
use engine::directory::ObjectKind;

use super::source;

async fn found(source: &dyn Source, kind: ObjectKind, part: &str) -> Vec<String> {
    let objects = source.search(kind, part, 10).await.unwrap();
    assert!(objects.iter().all(|object| object.kind == kind), "{part}");
    objects.into_iter().map(|object| object.dn.name()).collect()
}

#[tokio::test]
async fn a_part_of_a_name_finds_people_and_groups_whatever_its_case() {
    let slapd = Slapd::start(60);
    slapd.modify(
        "dn: ou=Pickers,dc=contoso,dc=test\nchangetype: add\nobjectClass: organizationalUnit\n\
         ou: Pickers\n\n\
         dn: cn=Zoë (Night*shift),ou=Pickers,dc=contoso,dc=test\nchangetype: add\n\
         objectClass: inetOrgPerson\nsn: Shift\nmail: zoe.night@contoso.test\n\n\
         dn: cn=Nightwatch,ou=Pickers,dc=contoso,dc=test\nchangetype: add\n\
         objectClass: groupOfNames\nmember: cn=Zoë (Night*shift),ou=Pickers,dc=contoso,dc=test\n",
    );
    let source = source(&slapd);
    let zoe = ["Zoë (Night*shift)"];
    for part in ["NIGHT", "(Night*", "oë", "zoe.night@"] {
        assert_eq!(found(&source, ObjectKind::User, part).await, zoe, "{part}");
    }
    assert_eq!(
        found(&source, ObjectKind::Group, "night").await,
        ["Nightwatch"]
    );
    // Whatever a filter means in its text form is only text here.
    for hostile in ["*", "*)(cn=*", "\\2a", "\0"] {
        let objects = found(&source, ObjectKind::Group, hostile).await;
        assert_eq!(objects, Vec::<String>::new(), "{hostile:?}");
    }
}

#[tokio::test]
async fn no_more_is_offered_than_was_asked_for() {
    let slapd = Slapd::start(60);
    let everybody = source(&slapd)
        .search(ObjectKind::User, "@", 7)
        .await
        .unwrap();
    assert_eq!(everybody.len(), 7);
}
