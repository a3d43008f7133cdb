//! The groups of the demo forests, and what every Active Directory domain comes with.

use std::collections::BTreeSet;

use engine::{
    directory::{Attributes, Dn},
    forest::EntryClass,
};

use super::{
    Shows,
    contoso::Plan,
    directory::{Directory, references, texts},
};
use crate::forest::formats::{DISABLED, ENABLED, NEVER};

/// `groupType` (MS-ADTS 2.2.12). The sign bit marks a security group.
#[derive(Clone, Copy)]
pub(super) enum GroupType {
    Global,
    DomainLocal,
    Universal,
    UniversalDistribution,
}

impl GroupType {
    fn as_text(self) -> &'static str {
        match self {
            Self::Global => "-2147483646",
            Self::DomainLocal => "-2147483644",
            Self::Universal => "-2147483640",
            Self::UniversalDistribution => "8",
        }
    }
}

pub(super) struct Group<'a> {
    pub(super) parent: &'a Dn,
    pub(super) name: &'a str,
    /// Account name, and what stands before the @ where the group has an address.
    pub(super) account: &'a str,
    pub(super) text: &'a str,
    pub(super) group_type: GroupType,
    pub(super) has_mail: bool,
    pub(super) managed_by: Option<&'a Dn>,
}

pub(super) fn add_group(directory: &mut Directory, group: &Group<'_>, members: &[Dn]) -> Dn {
    let mut attributes = Attributes::new()
        .with("displayName", group.name)
        .with("sAMAccountName", group.account)
        .with("description", group.text)
        .with("groupType", group.group_type.as_text());
    attributes.set("member", references(members));
    if let Some(manager) = group.managed_by {
        attributes.set("managedBy", texts(&[manager.as_str()]));
    }
    if group.has_mail {
        let mail = directory.address(group.account);
        attributes.set("mailNickname", texts(&[group.account]));
        attributes.set("proxyAddresses", texts(&[&format!("SMTP:{mail}")]));
        attributes.set("mail", vec![mail.into()]);
    }
    directory.add(EntryClass::Group, group.parent, group.name, attributes)
}

/// The containers, accounts and groups that a domain is born with. The directory marks the accounts
/// and groups as critical, which keeps them from being synchronized.
pub(super) fn add_built_in(directory: &mut Directory) {
    let head = directory.head();
    let text = "Default container for upgraded user accounts";
    let described = |text: &str| Attributes::new().with("description", text);
    let users = directory.add_built_in(EntryClass::Container, &head, "Users", described(text));
    let text = "Default container for upgraded computer accounts";
    directory.add_built_in(EntryClass::Container, &head, "Computers", described(text));
    let mut members = add_built_in_accounts(directory, &users);
    for (name, relative_identifier, text) in BUILT_IN_GROUPS {
        let sid = directory.security_identifier(relative_identifier);
        let mut attributes = critical(name, text)
            .with("objectSid", sid)
            .with("groupType", GroupType::Global.as_text());
        // The first group has the first account, the others have nobody who is named.
        attributes.set("member", references(&members));
        members.clear();
        directory.add_built_in(EntryClass::Group, &users, name, attributes);
    }
}

const BUILT_IN_GROUPS: [(&str, u32, &str); 3] = [
    (
        "Domain Admins",
        512,
        "Designated administrators of the domain",
    ),
    ("Domain Users", 513, "All domain users"),
    ("Domain Guests", 514, "All domain guests"),
];

const BUILT_IN_ACCOUNTS: [(&str, u32, &str, &str); 3] = [
    (
        "Administrator",
        500,
        ENABLED,
        "Built-in account for administering the domain",
    ),
    (
        "Guest",
        501,
        DISABLED,
        "Built-in account for guest access to the domain",
    ),
    (
        "krbtgt",
        502,
        DISABLED,
        "Key distribution centre service account",
    ),
];

/// The administrator.
fn add_built_in_accounts(directory: &mut Directory, users: &Dn) -> Vec<Dn> {
    let accounts = BUILT_IN_ACCOUNTS.map(|(name, relative_identifier, control, text)| {
        let attributes = critical(name, text)
            .with(
                "objectSid",
                directory.security_identifier(relative_identifier),
            )
            .with("userAccountControl", control)
            .with("accountExpires", NEVER)
            .with("primaryGroupID", "513");
        directory.add_built_in(EntryClass::User, users, name, attributes)
    });
    accounts.into_iter().take(1).collect()
}

fn critical(name: &str, text: &str) -> Attributes {
    Attributes::new()
        .with("sAMAccountName", name)
        .with("description", text)
        .with("isCriticalSystemObject", "TRUE")
}

/// Adds the groups of contoso.test.
pub(super) fn add_to(plan: &mut Plan) {
    let parent = plan.unit("Groups", "Groups of people");
    add_departments_and_teams(plan, &parent);
    add_everyone(plan, &parent);
    add_access_chain(plan, &parent);
    add_projects(plan, &parent);
    add_special_groups(plan, &parent);
}

fn add_departments_and_teams(plan: &mut Plan, parent: &Dn) {
    let directory = &mut plan.directory;
    let departments = directory.organizational_unit(parent, "Departments", "One for each");
    let teams = directory.organizational_unit(parent, "Teams", "One for each");
    for (staffed, head) in plan.departments.iter().zip(&plan.leaders[1..]) {
        let department = staffed.department.name;
        let everybody = staffed.teams.iter().flat_map(|team| &team.people);
        let members: Vec<Dn> = [head].into_iter().chain(everybody).cloned().collect();
        let group = Group {
            parent: &departments,
            name: &format!("All {department}"),
            account: &department.to_lowercase(),
            text: &format!("Everybody in {department}"),
            group_type: GroupType::Global,
            has_mail: true,
            managed_by: Some(head),
        };
        add_group(directory, &group, &members);
        for team in &staffed.teams {
            let name = format!("Team {}", team.team.name);
            let group = Group {
                parent: &teams,
                name: &name,
                account: &name.to_lowercase().replace(' ', "-"),
                text: &format!("{department}, {}", team.team.office.city),
                group_type: GroupType::Global,
                has_mail: false,
                managed_by: team.people.first(),
            };
            add_group(directory, &group, &team.people);
        }
    }
}

/// Everybody who has a mailbox here: those at work, the odd cases, the disabled.
fn add_everyone(plan: &mut Plan, parent: &Dn) {
    let people: Vec<Dn> = plan
        .directory
        .entries
        .iter()
        .filter(|entry| entry.class == EntryClass::User)
        .filter(|entry| !entry.attributes.values("sn").is_empty())
        .map(|entry| entry.dn.clone())
        .collect();
    let group = Group {
        parent,
        name: "Everyone",
        account: "everyone",
        text: "All people of Contoso",
        group_type: GroupType::Universal,
        has_mail: true,
        managed_by: plan.leaders.first(),
    };
    add_group(&mut plan.directory, &group, &people);
}

/// Five groups, each a member of the next: who may enter a laboratory may enter its floor.
fn add_access_chain(plan: &mut Plan, parent: &Dn) {
    let text = "Who may go where; each level contains the one before it";
    let access = plan.directory.organizational_unit(parent, "Access", text);
    let laboratory = &plan.departments[1].teams[3].people;
    let mut members: Vec<Dn> = laboratory.iter().take(4).cloned().collect();
    for (position, place) in ["Laboratory", "Floor 3", "Building", "Campus", "Europe"]
        .into_iter()
        .enumerate()
    {
        let group = Group {
            parent: &access,
            name: &format!("Access {position} Berlin {place}"),
            account: &format!("access-{position}-berlin"),
            text: "Direct members only count for a scoping filter by group",
            group_type: GroupType::Universal,
            has_mail: false,
            managed_by: None,
        };
        members = vec![add_group(&mut plan.directory, &group, &members)];
        let expect = "Groups in groups, five levels: members are taken from the first level only.";
        plan.directory.note(Shows {
            case: "group.chain",
            expect,
        });
    }
}

/// A pilot group to choose as scope, and two groups that contain each other.
fn add_projects(plan: &mut Plan, parent: &Dn) {
    let text = "Groups that come and go";
    let projects = plan.directory.organizational_unit(parent, "Projects", text);
    let pilots = plan.departments.iter().flat_map(|staffed| &staffed.teams);
    let pilots: Vec<Dn> = pilots
        .filter_map(|team| team.people.get(2))
        .cloned()
        .collect();
    let pilot = project(&projects, "Cloud Sync Pilot", "cloud-sync-pilot");
    add_group(&mut plan.directory, &pilot, &pilots);
    let expect = "Twelve people, one of each team: a good scope for a first try.";
    plan.directory.note(Shows {
        case: "group.pilot",
        expect,
    });

    let atlas = project(&projects, "Project Atlas", "project-atlas");
    let atlas = add_group(&mut plan.directory, &atlas, &pilots[..3]);
    let reviewers = project(
        &projects,
        "Project Atlas Reviewers",
        "project-atlas-reviewers",
    );
    let reviewers = add_group(
        &mut plan.directory,
        &reviewers,
        std::slice::from_ref(&atlas),
    );
    let expect = "Contains a group that contains it: a walk through the members must end.";
    plan.directory.note(Shows {
        case: "group.circle",
        expect,
    });
    let members = [&pilots[..3], &[reviewers]].concat();
    plan.directory
        .entry(&atlas)
        .attributes
        .set("member", references(&members));
}

fn project<'a>(parent: &'a Dn, name: &'a str, account: &'a str) -> Group<'a> {
    Group {
        parent,
        name,
        account,
        text: "Project group",
        group_type: GroupType::Global,
        has_mail: false,
        managed_by: None,
    }
}

fn add_special_groups(plan: &mut Plan, parent: &Dn) {
    let mut berlin: BTreeSet<Dn> = plan.staff().cloned().collect();
    berlin.retain(|dn| dn.as_str().contains("OU=Berlin,"));
    let berlin: Vec<Dn> = berlin.into_iter().collect();
    let buyers = plan.departments[2].teams[1].people.clone();
    let outsiders = plan.outsiders.clone();
    let members: [&[Dn]; 5] = [&[], &outsiders, &berlin, &buyers, &buyers[..2]];
    for ((name, account, group_type, shows), members) in SPECIAL_GROUPS.iter().zip(members) {
        let group = Group {
            parent,
            name,
            account,
            text: shows.expect,
            group_type: *group_type,
            has_mail: matches!(group_type, GroupType::UniversalDistribution),
            managed_by: None,
        };
        add_group(&mut plan.directory, &group, members);
        plan.directory.note(*shows);
    }
}

const SPECIAL_GROUPS: [(&str, &str, GroupType, Shows); 5] = [
    (
        "Board Room Displays",
        "board-room-displays",
        GroupType::Global,
        Shows {
            case: "group.empty",
            expect: "A group without members.",
        },
    ),
    (
        "External Auditors",
        "external-auditors",
        GroupType::Global,
        Shows {
            case: "group.outsiders",
            expect: "All members are out of scope: the group is written without them.",
        },
    ),
    (
        "News Berlin",
        "news-berlin",
        GroupType::UniversalDistribution,
        Shows {
            case: "group.distribution",
            expect: "A distribution group: it has an address and gives no rights.",
        },
    ),
    (
        "Files Contracts Read Write",
        "files-contracts-rw",
        GroupType::DomainLocal,
        Shows {
            case: "group.domainLocal",
            expect: "A domain local security group becomes a security group.",
        },
    ),
    (
        r#"R&D, "quoted" + <more>"#,
        "rnd-quoted",
        GroupType::Global,
        Shows {
            case: "group.characters",
            expect: "The name needs escaping in a distinguished name and on a page.",
        },
    ),
];
