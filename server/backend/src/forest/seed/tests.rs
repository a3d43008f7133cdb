//! What the demo forests promise.

use std::collections::{BTreeMap, BTreeSet};

use super::*;

fn contoso() -> Vec<SeedObject> {
    seed(Forest::Contoso, DEFAULT_SEED)
}

fn fabrikam() -> Vec<SeedObject> {
    seed(Forest::Fabrikam, DEFAULT_SEED)
}

/// People have a name of their own or say so; services and built-in accounts are no people.
fn people(entries: &[SeedObject]) -> Vec<&SeedObject> {
    entries
        .iter()
        .filter(|entry| entry.class == EntryClass::User)
        .filter(|entry| !entry.attributes.values("employeeID").is_empty())
        .collect()
}

fn below<'a>(entries: &'a [SeedObject], parent: &str) -> Vec<&'a SeedObject> {
    let parent = Dn::parse(parent).unwrap();
    people(entries)
        .into_iter()
        .filter(|entry| entry.dn.is_under(&parent))
        .collect()
}

fn case<'a>(entries: &'a [SeedObject], case: &str) -> &'a SeedObject {
    entries
        .iter()
        .find(|entry| entry.shows.is_some_and(|shows| shows.case == case))
        .unwrap_or_else(|| panic!("nobody shows {case}"))
}

#[test]
fn the_same_number_gives_the_same_forest() {
    for forest in Forest::ALL {
        assert_eq!(seed(forest, 1), seed(forest, 1));
        assert_ne!(seed(forest, 1), seed(forest, 2));
    }
}

#[test]
fn the_forests_have_their_people_where_the_demonstration_expects_them() {
    let contoso = contoso();
    for (unit, count) in [
        ("OU=Corp,DC=contoso,DC=test", 200),
        ("OU=Users,OU=Corp,DC=contoso,DC=test", 144),
        ("OU=Sales,OU=Users,OU=Corp,DC=contoso,DC=test", 40),
        ("OU=Engineering,OU=Users,OU=Corp,DC=contoso,DC=test", 40),
        ("OU=Operations,OU=Users,OU=Corp,DC=contoso,DC=test", 60),
        ("OU=Disabled Users,OU=Corp,DC=contoso,DC=test", 6),
        ("OU=Out Of Scope,OU=Corp,DC=contoso,DC=test", 4),
        ("OU=Odd Cases,OU=Corp,DC=contoso,DC=test", 46),
    ] {
        assert_eq!(below(&contoso, unit).len(), count, "{unit}");
    }
    assert_eq!(people(&fabrikam()).len(), 25);
    let of = |class| contoso.iter().filter(|entry| entry.class == class).count();
    assert_eq!(of(EntryClass::Contact), 8);
    assert_eq!(of(EntryClass::Computer), 10);
}

#[test]
fn every_entry_comes_after_its_parent_and_names_and_identifiers_are_unique() {
    for forest in Forest::ALL {
        let (mut names, mut guids) = (BTreeSet::new(), BTreeSet::new());
        for entry in seed(forest, DEFAULT_SEED) {
            if entry.class != EntryClass::Domain {
                let parent = entry.dn.parent().unwrap();
                assert!(names.contains(&parent), "{} has no parent", entry.dn);
            }
            assert!(
                names.insert(entry.dn.clone()),
                "{} is there twice",
                entry.dn
            );
            assert!(guids.insert(entry.guid.as_uuid()));
        }
    }
}

#[test]
fn account_names_and_user_names_are_unique_within_a_forest() {
    for forest in Forest::ALL {
        let entries = seed(forest, DEFAULT_SEED);
        for attribute in ["sAMAccountName", "userPrincipalName"] {
            let mut seen = BTreeSet::new();
            for value in entries
                .iter()
                .filter_map(|entry| entry.attributes.text(attribute))
            {
                assert!(
                    seen.insert(value.to_lowercase()),
                    "{attribute} {value} is there twice"
                );
            }
        }
    }
}

#[test]
fn every_reference_names_an_entry_of_the_forest() {
    for forest in Forest::ALL {
        let entries = seed(forest, DEFAULT_SEED);
        let names: BTreeSet<_> = entries.iter().map(|entry| entry.dn.clone()).collect();
        for entry in &entries {
            for attribute in ["member", "manager", "managedBy"] {
                for value in entry.attributes.values(attribute) {
                    let target = Dn::parse(value.as_text().unwrap()).unwrap();
                    assert!(names.contains(&target), "{} {attribute} {target}", entry.dn);
                    assert_ne!(target, entry.dn);
                }
            }
        }
    }
}

#[test]
fn values_stay_within_the_limits_of_a_real_directory() {
    let limits = BTreeMap::from([
        ("cn", 64),
        ("ou", 64),
        ("displayName", 256),
        ("description", 1024),
        ("info", 1024),
        ("title", 128),
        ("givenName", 64),
        ("sn", 64),
        ("department", 64),
        ("telephoneNumber", 64),
        ("physicalDeliveryOfficeName", 128),
    ]);
    for entry in [contoso(), fabrikam()].concat() {
        for (attribute, limit) in &limits {
            let length = entry
                .attributes
                .text(attribute)
                .map_or(0, |text| text.chars().count());
            assert!(length <= *limit, "{} {attribute} has {length}", entry.dn);
        }
        let account = entry.attributes.text("sAMAccountName").unwrap_or_default();
        let limit = if entry.class == EntryClass::Group {
            256
        } else {
            20
        };
        assert!(account.len() <= limit, "{account}");
    }
}

#[test]
fn twenty_people_at_work_must_choose_a_new_password() {
    let contoso = contoso();
    let waiting = people(&contoso)
        .into_iter()
        .filter(|entry| entry.attributes.text("pwdLastSet") == Some("0"));
    assert_eq!(waiting.count(), 20);
}

#[test]
fn odd_people_are_odd_in_the_way_they_say() {
    let contoso = contoso();
    let text = |name, attribute| case(&contoso, name).attributes.text(attribute);
    assert_eq!(
        case(&contoso, "name.comma").dn.as_str(),
        r"CN=Ashdown\, Peter (External),OU=Odd Cases,OU=Corp,DC=contoso,DC=test"
    );
    assert_eq!(text("missing.userName", "userPrincipalName"), None);
    assert_eq!(
        text("userName.blank", "userPrincipalName"),
        Some("stella space@contoso.test")
    );
    let long = text("userName.long", "userPrincipalName").unwrap();
    assert!(long.split('@').next().unwrap().len() > 64);
    assert_eq!(
        text("name.long", "displayName").unwrap().chars().count(),
        256
    );
    assert_eq!(text("name.long", "cn").unwrap().chars().count(), 64);
    let anchor = |name| {
        case(&contoso, name)
            .attributes
            .values("mS-DS-ConsistencyGuid")
            .to_vec()
    };
    assert_eq!(anchor("anchor.duplicate1"), anchor("anchor.duplicate2"));
    assert_ne!(anchor("anchor.duplicate1"), anchor("anchor.set"));
    let addresses = case(&contoso, "large.addresses")
        .attributes
        .values("proxyAddresses");
    assert_eq!(addresses.len(), 300);
    let deep = case(&contoso, "unit.deep").dn.as_str();
    assert_eq!(deep.matches("OU=Level").count(), 10);
}

#[test]
fn groups_nest_five_deep_and_two_contain_each_other() {
    let contoso = contoso();
    let group = |name: &str| {
        let wanted = |entry: &&SeedObject| {
            entry.class == EntryClass::Group && entry.attributes.text("cn") == Some(name)
        };
        contoso
            .iter()
            .find(wanted)
            .unwrap_or_else(|| panic!("no group {name}"))
    };
    let contains = |outer: &str, inner: &str| {
        let members = group(outer).attributes.values("member");
        members.contains(&group(inner).dn.as_str().into())
    };
    assert!(contains("Access 4 Berlin Europe", "Access 3 Berlin Campus"));
    assert!(contains(
        "Access 1 Berlin Floor 3",
        "Access 0 Berlin Laboratory"
    ));
    assert!(contains("Project Atlas", "Project Atlas Reviewers"));
    assert!(contains("Project Atlas Reviewers", "Project Atlas"));
    assert_eq!(group("Everyone").attributes.values("member").len(), 199);
    assert_eq!(
        group("Cloud Sync Pilot").attributes.values("member").len(),
        12
    );
    assert_eq!(group("News Berlin").attributes.values("member").len(), 70);
    assert_eq!(
        group("Board Room Displays")
            .attributes
            .values("member")
            .len(),
        0
    );
}

#[test]
fn five_people_of_fabrikam_collide_with_people_of_contoso() {
    let (contoso, fabrikam) = (contoso(), fabrikam());
    let shared = |name: &str, attribute: &str| {
        let value = case(&fabrikam, name).attributes.values(attribute).to_vec();
        let same = |entry: &&SeedObject| {
            let of_other = entry.attributes.values(attribute);
            let fold = |values: &[_]| format!("{values:?}").to_lowercase();
            !value.is_empty() && fold(of_other) == fold(&value)
        };
        contoso.iter().find(same).is_some()
    };
    assert!(shared("forest.sameUserName", "userPrincipalName"));
    assert!(shared("forest.sameMail", "mail"));
    assert!(shared("forest.samePerson", "userPrincipalName"));
    assert!(shared("forest.samePerson", "displayName"));
    assert!(shared("forest.sameAnchor", "mS-DS-ConsistencyGuid"));
    let aliases = case(&fabrikam, "forest.alias")
        .attributes
        .values("proxyAddresses");
    assert!(aliases[1].as_text().unwrap().ends_with("@contoso.test"));
}

#[test]
fn the_first_person_of_contoso_is_complete() {
    let contoso = contoso();
    let chief = people(&contoso)[0];
    insta::assert_snapshot!(
        serde_json::to_string_pretty(&chief.attributes).unwrap(),
        @r#"
        {
          "accountExpires": "9223372036854775807",
          "c": "US",
          "cn": "Carlos Hernández",
          "co": "United States",
          "company": "Contoso",
          "countryCode": "840",
          "department": "Leadership",
          "displayName": "Carlos Hernández",
          "employeeID": "10007",
          "employeeNumber": "E10007",
          "employeeType": "Employee",
          "extensionAttribute1": "CC-1000",
          "extensionAttribute2": "SEA",
          "givenName": "Carlos",
          "initials": "CH",
          "l": "Seattle",
          "mail": "carlos.hernandez@contoso.test",
          "mailNickname": "carlos.hernandez",
          "name": "Carlos Hernández",
          "objectSid": {
            "$bin": "AQUAAAAAAAUVAAAAgKPO38Y0C78aXvtNUAQAAA=="
          },
          "physicalDeliveryOfficeName": "Harborlight 4, floor 2",
          "postalCode": "98101",
          "preferredLanguage": "en-US",
          "primaryGroupID": "513",
          "proxyAddresses": [
            "SMTP:carlos.hernandez@contoso.test",
            "smtp:chernandez@contoso.test"
          ],
          "pwdLastSet": "134313488400000000",
          "sAMAccountName": "chernandez",
          "sn": "Hernández",
          "st": "WA",
          "streetAddress": "1200 Harborlight Way",
          "telephoneNumber": "+1 206 555 0101",
          "title": "Chief Executive Officer",
          "userAccountControl": "512",
          "userPrincipalName": "carlos.hernandez@contoso.test",
          "whenCreated": "20220725030100.0Z"
        }
        "#
    );
}
