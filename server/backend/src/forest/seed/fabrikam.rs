//! fabrikam.test: twenty-five people in London, five of whom collide with people of contoso.test.

use engine::{
    directory::{Attributes, Dn},
    forest::{EntryClass, Forest},
};

use super::{
    SeedObject, Shows, contoso,
    directory::{Directory, texts},
    groups::{self, Group, GroupType, add_group},
    names::LONDON,
    odd_cases::ANCHOR_CASE,
    people::{Job, Register},
};

const COMPANY: &str = "Fabrikam";
/// Keeps the people of this forest from being those of the other one.
const SEED_DISTANCE: u64 = 0xFAB;

pub(super) fn entries(seed: u64) -> Vec<SeedObject> {
    let mut directory = Directory::new(Forest::Fabrikam, seed);
    groups::add_built_in(&mut directory);
    let head = directory.head();
    let top = directory.organizational_unit(&head, "Fabrikam", "Everything of Fabrikam");
    let staff = directory.organizational_unit(&top, "Staff", "Everybody who works here");
    let people = add_people(&mut directory, &staff);
    add_groups(&mut directory, &top, &people);
    collide(&mut directory, &people, seed);
    directory.entries
}

fn add_people(directory: &mut Directory, staff: &Dn) -> Vec<Dn> {
    let mut register = Register::default();
    let design = directory.organizational_unit(staff, "Design", "Studio");
    let production = directory.organizational_unit(staff, "Production", "Works");
    let mut people: Vec<Dn> = Vec::new();
    for position in 0..25 {
        let person = register.person(directory.seed ^ SEED_DISTANCE);
        let (parent, department, title, cost_centre) = match position {
            0 => (staff, "Management", "Managing Director", "100"),
            1..=9 => (&design, "Design", "Industrial Designer", "210"),
            _ => (&production, "Production", "Production Planner", "320"),
        };
        let job = Job {
            office: &LONDON,
            company: COMPANY,
            department,
            title,
            cost_centre,
            manager: people.first(),
        };
        let attributes = person.attributes(directory, &job);
        people.push(directory.add(EntryClass::User, parent, &person.full_name(), attributes));
    }
    people
}

fn add_groups(directory: &mut Directory, top: &Dn, people: &[Dn]) {
    let parent = directory.organizational_unit(top, "Groups", "Groups of people");
    for (name, account, text, members) in [
        ("Fabrikam Staff", "staff", "Everybody at Fabrikam", people),
        (
            "Design Studio",
            "design",
            "Everybody in Design",
            &people[1..10],
        ),
        (
            "Production Works",
            "production",
            "Everybody in Production",
            &people[10..],
        ),
    ] {
        let group = Group {
            parent: &parent,
            name,
            account,
            text,
            group_type: GroupType::Global,
            has_mail: true,
            managed_by: people.first(),
        };
        add_group(directory, &group, members);
    }
}

/// Gives five people something that belongs to somebody in contoso.test.
fn collide(directory: &mut Directory, people: &[Dn], seed: u64) {
    let others: Vec<SeedObject> = contoso::entries(seed)
        .into_iter()
        .filter(|entry| entry.attributes.text("department") == Some("Engineering"))
        .collect();
    let of = |position: usize, name: &str| {
        let other: &SeedObject = &others[position * 7];
        other.attributes.text(name).unwrap_or_default().to_owned()
    };
    collision(
        directory,
        &people[2],
        "forest.sameUserName",
        SAME_USER_NAME,
        |attributes| {
            attributes.set("userPrincipalName", vec![of(0, "userPrincipalName").into()]);
        },
    );
    collision(
        directory,
        &people[5],
        "forest.sameMail",
        SAME_MAIL,
        |attributes| {
            let mail = of(1, "mail").to_uppercase();
            attributes.set("proxyAddresses", vec![format!("SMTP:{mail}").into()]);
            attributes.set("mail", vec![mail.into()]);
        },
    );
    collision(
        directory,
        &people[11],
        "forest.alias",
        ALIAS,
        |attributes| {
            let own = attributes.text("mail").unwrap_or_default().to_owned();
            let addresses = [
                format!("SMTP:{own}"),
                format!("smtp:{}", of(2, "userPrincipalName")),
            ];
            attributes.set("proxyAddresses", addresses.map(Into::into).to_vec());
        },
    );
    collision(
        directory,
        &people[14],
        "forest.samePerson",
        SAME_PERSON,
        |attributes| {
            for name in [
                "displayName",
                "givenName",
                "sn",
                "mail",
                "userPrincipalName",
            ] {
                attributes.set(name, vec![of(3, name).into()]);
            }
        },
    );
    let anchor = contoso::entries(seed)
        .into_iter()
        .find(|entry| entry.shows.is_some_and(|shows| shows.case == ANCHOR_CASE))
        .map(|entry| entry.attributes.values(CONSISTENCY_GUID).to_vec());
    collision(
        directory,
        &people[20],
        "forest.sameAnchor",
        SAME_ANCHOR,
        |attributes| {
            attributes.set(CONSISTENCY_GUID, anchor.unwrap_or_default());
        },
    );
}

fn collision(
    directory: &mut Directory,
    person: &Dn,
    case: &'static str,
    expect: &'static str,
    change: impl FnOnce(&mut Attributes),
) {
    let entry = directory.entry(person);
    change(&mut entry.attributes);
    entry.attributes.set("description", texts(&[expect]));
    entry.shows = Some(Shows { case, expect });
}

const CONSISTENCY_GUID: &str = "mS-DS-ConsistencyGuid";
const SAME_USER_NAME: &str = "Has the user name of somebody in contoso.test.";
const SAME_MAIL: &str = "Has the mail address of somebody in contoso.test, in capitals.";
const ALIAS: &str = "Has a second address that is the user name of somebody in contoso.test.";
const SAME_PERSON: &str = "Is the same person as somebody in contoso.test: name and address agree.";
const SAME_ANCHOR: &str = "Has the source anchor of somebody in contoso.test.";
