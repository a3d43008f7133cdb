//! Reading everything, compared with what `ldapsearch` prints.

use std::collections::BTreeMap;

use base64::{Engine, prelude::BASE64_STANDARD};
use connectors::{
    Lookup, ReadRequest, Source,
    conformance::{Collected, collect},
    ldap::{LdapSettings, LdapSource},
    slapd::{Account, Slapd},
};
use engine::directory::{AttributeName, AttributeValue, Dn, ObjectKind, SourceObject};

use super::{in_small_pages, source, source_as};

async fn everything(source: &dyn Source) -> Collected {
    collect(source, ReadRequest::Everything).await.unwrap()
}

fn count(all: &Collected, kind: ObjectKind) -> usize {
    all.present
        .values()
        .filter(|object| object.kind == kind)
        .count()
}

#[tokio::test]
async fn everything_is_counted_as_ldapsearch_counts_it() {
    let slapd = Slapd::start(700);
    let all = everything(&in_small_pages(&slapd)).await;
    let people = slapd.count("(objectClass=person)");
    assert_eq!(count(&all, ObjectKind::User), people);
    assert_eq!(
        people,
        700 + 10,
        "generated people and contacts; service accounts are no people"
    );
    let groups = slapd.count("(objectClass=groupOfNames)");
    assert_eq!(count(&all, ObjectKind::Group), groups);
    assert_eq!(count(&all, ObjectKind::Contact), 0);
    assert_eq!(all.end.skipped.count, 0);
}

/// What `ldapsearch` prints of the entries with these names: values as bytes, in order.
type Printed = BTreeMap<Dn, BTreeMap<String, Vec<Vec<u8>>>>;

fn printed(ldif: &str) -> Printed {
    let mut entries = Printed::new();
    for record in ldif.split("\n\n") {
        let mut lines = record.lines().map(value_of);
        let Some((_, dn)) = lines.next() else {
            continue;
        };
        let dn = Dn::parse(&String::from_utf8(dn).unwrap()).unwrap();
        let attributes = entries.entry(dn).or_default();
        for (name, value) in lines {
            attributes
                .entry(name.to_lowercase())
                .or_default()
                .push(value);
        }
    }
    entries
}

fn value_of(line: &str) -> (&str, Vec<u8>) {
    if let Some((name, encoded)) = line.split_once(":: ") {
        (name, BASE64_STANDARD.decode(encoded).unwrap())
    } else {
        let (name, value) = line.split_once(": ").unwrap();
        (name, value.as_bytes().to_vec())
    }
}

fn bytes(value: &AttributeValue) -> Vec<u8> {
    match value {
        AttributeValue::Text(text) => text.as_bytes().to_vec(),
        AttributeValue::Binary(bytes) => bytes.clone(),
        other => panic!("{other:?} did not come from a directory"),
    }
}

fn compare(object: &SourceObject, printed: &BTreeMap<String, Vec<Vec<u8>>>) {
    let read: BTreeMap<_, Vec<_>> = object
        .attributes
        .iter()
        .map(|(name, values)| {
            let values = values.iter().map(bytes).collect();
            (name.as_str().to_lowercase(), values)
        })
        .collect();
    for (name, values) in printed {
        assert_eq!(read.get(name), Some(values), "{name} of {}", object.dn);
    }
}

#[tokio::test]
async fn every_value_is_read_as_ldapsearch_prints_it() {
    let slapd = Slapd::start_with(150, &[("ODD", "1")]);
    let all = everything(&source(&slapd)).await;
    let names = [
        "objectClass",
        "entryUUID",
        "cn",
        "sn",
        "givenName",
        "displayName",
        "uid",
        "mail",
        "title",
        "description",
        "departmentNumber",
        "employeeNumber",
        "employeeType",
        "o",
        "l",
        "manager",
        "member",
        "telephoneNumber",
        "jpegPhoto",
    ];
    let filter = "(|(objectClass=person)(objectClass=groupOfNames))";
    let ldif = slapd.search(&[&[filter][..], &names].concat());
    let entries = printed(&ldif);
    assert!(entries.len() > 200);
    for (dn, attributes) in &entries {
        compare(
            all.at(dn).unwrap_or_else(|| panic!("{dn} is missing")),
            attributes,
        );
    }
}

#[tokio::test]
async fn every_odd_object_is_read_and_can_be_fetched_by_its_odd_name() {
    let slapd = Slapd::start_with(20, &[("ODD", "1")]);
    let source = source(&slapd);
    let all = everything(&source).await;
    let manifest = slapd.manifest();
    let odd = manifest["odd"].as_array().unwrap();
    assert!(odd.len() > 40);
    for case in odd {
        let dn = Dn::parse(case["dn"].as_str().unwrap()).unwrap();
        assert!(all.at(&dn).is_some(), "{case}");
        let fetched = source.fetch(&Lookup::Dn(dn.clone())).await.unwrap();
        assert_eq!(fetched.as_ref(), all.at(&dn), "{case}");
    }
}

#[tokio::test]
async fn thousands_of_members_are_read_whole() {
    let slapd = Slapd::start_with(3000, &[("BIG", "3000")]);
    let all = everything(&source(&slapd)).await;
    let name = "cn=Everyone Big,ou=Groups,ou=Corp,dc=contoso,dc=test";
    let group = all.at(&Dn::parse(name).unwrap()).unwrap();
    assert_eq!(group.attributes.values("member").len(), 3000);
}

#[tokio::test]
async fn members_of_a_group_of_unique_names_are_members() {
    let slapd = Slapd::start(5);
    slapd.modify(
        "dn: cn=unique,dc=contoso,dc=test\n\
         changetype: add\n\
         objectClass: groupOfUniqueNames\n\
         cn: unique\n\
         uniqueMember: cn=reader,dc=contoso,dc=test\n\
         uniqueMember: cn=admin,dc=contoso,dc=test#'0101'B\n\
         \n\
         dn: cn=posix,dc=contoso,dc=test\n\
         changetype: add\n\
         objectClass: posixGroup\n\
         cn: posix\n\
         gidNumber: 1000\n\
         memberUid: anna\n",
    );
    let source = source(&slapd);
    let unique = source
        .fetch(&lookup("cn=unique,dc=contoso,dc=test"))
        .await
        .unwrap()
        .unwrap();
    let members: Vec<_> = unique
        .attributes
        .values("member")
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        members,
        [
            "cn=reader,dc=contoso,dc=test",
            "cn=admin,dc=contoso,dc=test"
        ]
    );
    let posix = source
        .fetch(&lookup("cn=posix,dc=contoso,dc=test"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(posix.kind, ObjectKind::Group);
    assert_eq!(posix.attributes.text("memberUid"), Some("anna"));
}

fn lookup(dn: &str) -> Lookup {
    Lookup::Dn(Dn::parse(dn).unwrap())
}

#[tokio::test]
async fn service_entries_and_containers_are_nobody() {
    let slapd = Slapd::start(5);
    let source = source(&slapd);
    for dn in [
        "cn=reader,dc=contoso,dc=test",
        "ou=Corp,dc=contoso,dc=test",
        "dc=contoso,dc=test",
    ] {
        assert_eq!(source.fetch(&lookup(dn)).await.unwrap(), None, "{dn}");
    }
    assert_eq!(
        source
            .fetch(&lookup("uid=x,dc=fabrikam,dc=test"))
            .await
            .unwrap(),
        None
    );
}

#[tokio::test]
async fn the_report_says_what_is_there() {
    let slapd = Slapd::start(30);
    let report = source(&slapd).check().await.unwrap();
    assert_eq!(report.product, "OpenLDAP");
    let seen: Vec<_> = report
        .seen
        .iter()
        .map(|seen| (seen.kind, seen.count, seen.more))
        .collect();
    assert_eq!(
        seen,
        [
            (ObjectKind::User, 40, false),
            (ObjectKind::Group, 65, false),
            (ObjectKind::Contact, 0, false),
        ]
    );
    assert_eq!(report.warnings, Vec::<String>::new());
}

#[tokio::test]
async fn an_account_that_may_not_see_identifiers_is_told_so() {
    let slapd = Slapd::start(30);
    let blind = source_as(&slapd, Account::Blind);
    let report = blind.check().await.unwrap();
    assert_eq!(report.warnings.len(), 2, "{:?}", report.warnings);
    assert!(report.warnings[0].starts_with("105 of 105 objects show no identifier"));
    assert!(report.warnings[1].starts_with("The account may not see when objects changed"));

    let all = everything(&blind).await;
    assert!(all.present.is_empty());
    assert_eq!(all.end.skipped.count, 105);
    assert_eq!(all.end.skipped.examples.len(), 10);
    assert!(
        !all.end.absence_means_deletion(),
        "nobody may be deleted by this"
    );
}

#[tokio::test]
async fn whatever_attributes_are_chosen_every_object_is_still_told_what_and_who_it_is() {
    let slapd = Slapd::start(30);
    let settings = LdapSettings {
        attributes: vec!["title".to_owned(), "noSuchAttribute".to_owned()],
        ..slapd.settings(Account::Reader)
    };
    let all = everything(&LdapSource::new(settings)).await;
    assert_eq!(all.present.len(), 105);
    let titles = all
        .present
        .values()
        .filter(|object| object.attributes.text("title").is_some());
    assert_eq!(titles.count(), 30);
}

#[tokio::test]
async fn the_schema_names_what_people_can_have_and_nothing_of_the_server() {
    let slapd = Slapd::start(1);
    let names = source(&slapd).attribute_names().await.unwrap();
    let spelled: Vec<&str> = names.iter().map(AttributeName::as_str).collect();
    for known in ["employeeNumber", "carLicense", "displayName"] {
        assert!(spelled.contains(&known), "{known} among {spelled:?}");
    }
    for hidden in ["entryCSN", "modifyTimestamp", "commonName"] {
        assert!(!spelled.contains(&hidden), "{hidden}");
    }
}
