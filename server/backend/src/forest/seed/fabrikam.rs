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

/// Something of somebody in contoso.test that somebody here has too.
struct Collision {
    /// Which of the people here.
    position: usize,
    shows: Shows,
    /// What they have instead of their own.
    attributes: Attributes,
}

fn collide(directory: &mut Directory, people: &[Dn], seed: u64) {
    let contoso = contoso::entries(seed);
    let own = directory.entry(&people[ALIAS_AT]).attributes.text("mail");
    let own = own.unwrap_or_default().to_owned();
    for collision in collisions(&contoso, &own) {
        let entry = directory.entry(&people[collision.position]);
        for (name, values) in collision.attributes.iter() {
            entry.attributes.set(name.clone(), values.clone());
        }
        let text = texts(&[collision.shows.expect]);
        entry.attributes.set("description", text);
        entry.shows = Some(collision.shows);
    }
}

const ALIAS_AT: usize = 11;

fn collisions(contoso: &[SeedObject], own_mail: &str) -> [Collision; 5] {
    let engineers = || {
        let in_engineering =
            |entry: &&SeedObject| entry.attributes.text("department") == Some("Engineering");
        contoso.iter().filter(in_engineering).step_by(7)
    };
    let copied = |position: usize, names: &[&str]| {
        let engineer = engineers().nth(position).map(|entry| &entry.attributes);
        let values = |name: &&str| Some(((*name).into(), engineer?.values(name).to_vec()));
        names.iter().filter_map(values).collect::<Attributes>()
    };
    let text = |position: usize, name: &str| {
        let attributes = copied(position, &[name]);
        attributes.text(name).unwrap_or_default().to_owned()
    };
    let mail = text(1, "mail").to_uppercase();
    let mut addresses = Attributes::new();
    let alias = format!("smtp:{}", text(2, "userPrincipalName"));
    addresses.set(
        "proxyAddresses",
        texts(&[&format!("SMTP:{own_mail}"), &alias]),
    );
    let person = [
        "displayName",
        "givenName",
        "sn",
        "mail",
        "userPrincipalName",
    ];
    [
        (2, SAME_USER_NAME, copied(0, &["userPrincipalName"])),
        (
            5,
            SAME_MAIL,
            Attributes::new()
                .with("proxyAddresses", format!("SMTP:{mail}"))
                .with("mail", mail),
        ),
        (ALIAS_AT, ALIAS, addresses),
        (14, SAME_PERSON, copied(3, &person)),
        (20, SAME_ANCHOR, anchor_of(contoso)),
    ]
    .map(|(position, (case, expect), attributes)| Collision {
        position,
        shows: Shows { case, expect },
        attributes,
    })
}

fn anchor_of(contoso: &[SeedObject]) -> Attributes {
    let is_wanted =
        |entry: &&SeedObject| entry.shows.is_some_and(|shows| shows.case == ANCHOR_CASE);
    let values = contoso.iter().find(is_wanted);
    let values = values.map(|entry| entry.attributes.values(CONSISTENCY_GUID).to_vec());
    let mut attributes = Attributes::new();
    attributes.set(CONSISTENCY_GUID, values.unwrap_or_default());
    attributes
}

const CONSISTENCY_GUID: &str = "mS-DS-ConsistencyGuid";

/// Case, and what it shows.
type Case = (&'static str, &'static str);
const SAME_USER_NAME: Case = (
    "forest.sameUserName",
    "Has the user name of somebody in contoso.test.",
);
const SAME_MAIL: Case = (
    "forest.sameMail",
    "Has the mail address of somebody in contoso.test, in capitals.",
);
const ALIAS: Case = (
    "forest.alias",
    "Has a second address that is the user name of somebody in contoso.test.",
);
const SAME_PERSON: Case = (
    "forest.samePerson",
    "Is the same person as somebody in contoso.test: name and address agree.",
);
const SAME_ANCHOR: Case = (
    "forest.sameAnchor",
    "Has the source anchor of somebody in contoso.test.",
);
