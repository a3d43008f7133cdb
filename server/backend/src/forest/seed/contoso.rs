//! contoso.test: a company of two hundred people in Seattle and Berlin.
//!
//! 144 people at work (4 leaders, 40 in Sales, 40 in Engineering, 60 in Operations), 6 disabled, 4
//! out of scope, 46 odd cases. The mail addresses of other companies end in `.example`.

use engine::{
    directory::{Attributes, Dn},
    forest::{EntryClass, Forest},
};
use time::{Duration, OffsetDateTime};

use super::{
    SeedObject, Shows,
    directory::{Directory, PICTURED_AT, texts},
    groups,
    names::{BERLIN, DEPARTMENTS, Department, Office, SEATTLE, Team, ascii},
    odd_cases,
    people::{Job, Register},
};
use crate::forest::formats::{DISABLED, NEVER, PASSWORD_NEVER_EXPIRES, file_time};

pub(super) const COMPANY: &str = "Contoso";

/// The entries that others are hung on.
pub(super) struct Plan {
    pub(super) directory: Directory,
    pub(super) register: Register,
    pub(super) corporation: Dn,
    users: Dn,
    pub(super) out_of_scope: Dn,
    pub(super) leaders: Vec<Dn>,
    /// One for each department, in the order of [`DEPARTMENTS`].
    pub(super) departments: Vec<StaffedDepartment>,
    pub(super) outsiders: Vec<Dn>,
}

pub(super) struct StaffedDepartment {
    pub(super) department: &'static Department,
    pub(super) teams: Vec<StaffedTeam>,
}

pub(super) struct StaffedTeam {
    pub(super) team: &'static Team,
    /// The lead comes first.
    pub(super) people: Vec<Dn>,
}

pub(super) fn entries(seed: u64) -> Vec<SeedObject> {
    let mut plan = Plan::new(seed);
    plan.add_leaders();
    for department in &DEPARTMENTS {
        plan.add_department(department);
    }
    plan.add_leavers();
    plan.add_outsiders();
    plan.add_service_accounts();
    plan.add_contacts();
    plan.add_workstations();
    odd_cases::add_to(&mut plan);
    groups::add_to(&mut plan);
    plan.directory.entries
}

impl Plan {
    fn new(seed: u64) -> Self {
        let mut directory = Directory::new(Forest::Contoso, seed);
        groups::add_built_in(&mut directory);
        let head = directory.head();
        let corporation = directory.organizational_unit(&head, "Corp", "Everything of Contoso");
        let users =
            directory.organizational_unit(&corporation, "Users", "Everybody who works here");
        let text = "Left out of synchronization when only other units are chosen";
        let out_of_scope = directory.organizational_unit(&corporation, "Out Of Scope", text);
        Self {
            directory,
            register: Register::default(),
            corporation,
            users,
            out_of_scope,
            leaders: Vec::new(),
            departments: Vec::new(),
            outsiders: Vec::new(),
        }
    }

    pub(super) fn unit(&mut self, name: &str, text: &str) -> Dn {
        self.directory
            .organizational_unit(&self.corporation, name, text)
    }

    /// Everybody who works in a department or leads the company.
    pub(super) fn staff(&self) -> impl Iterator<Item = &Dn> {
        let teams = self.departments.iter().flat_map(|staffed| &staffed.teams);
        self.leaders
            .iter()
            .chain(teams.flat_map(|team| &team.people))
    }

    fn add_employee(&mut self, parent: &Dn, job: &Job<'_>) -> Dn {
        let person = self.register.person(self.directory.seed);
        let mut attributes = person.attributes(&self.directory, job);
        if person.number % 12 == 5 {
            make_contractor(&mut attributes);
        }
        self.directory
            .add(EntryClass::User, parent, &person.full_name(), attributes)
    }

    fn add_leaders(&mut self) {
        let text = "Those who lead the company";
        let parent = self
            .directory
            .organizational_unit(&self.users, "Leadership", text);
        let titles = ["Chief Executive Officer"].into_iter();
        for title in titles.chain(DEPARTMENTS.iter().map(|department| department.head)) {
            let office = office(self.leaders.len());
            let chief = self.leaders.first().cloned();
            let leader = self.add_employee(
                &parent,
                &Job {
                    office,
                    company: COMPANY,
                    department: "Leadership",
                    title,
                    cost_centre: "1000",
                    manager: chief.as_ref(),
                },
            );
            self.leaders.push(leader);
        }
    }

    fn add_department(&mut self, department: &'static Department) {
        let text = format!("{} in Seattle and Berlin", department.name);
        let parent = self
            .directory
            .organizational_unit(&self.users, department.name, &text);
        for office in [&SEATTLE, &BERLIN] {
            self.directory
                .organizational_unit(&parent, office.city, office.building);
        }
        let head = self.leaders[1 + self.departments.len()].clone();
        let teams = department
            .teams
            .iter()
            .map(|team| self.staff_team(&parent, department, team, &head))
            .collect();
        self.departments
            .push(StaffedDepartment { department, teams });
    }

    fn staff_team(
        &mut self,
        parent: &Dn,
        department: &Department,
        team: &'static Team,
        head: &Dn,
    ) -> StaffedTeam {
        let city = parent
            .child("OU", team.office.city)
            .expect("a city is a plain word");
        let mut people: Vec<Dn> = Vec::new();
        for position in 0..department.people_per_team {
            let lead = people.first();
            let job = Job {
                office: team.office,
                company: COMPANY,
                department: department.name,
                title: lead.map_or(team.lead, |_| team.titles[position % team.titles.len()]),
                cost_centre: team.cost_centre,
                manager: Some(lead.unwrap_or(head)),
            };
            let person = self.add_employee(&city, &job);
            people.push(person);
        }
        StaffedTeam { team, people }
    }

    fn add_leavers(&mut self) {
        let parent = self.unit("Disabled Users", "Accounts of people who left");
        let manager = self.departments[2].teams[0].people[0].clone();
        for position in 0..6 {
            let person = self.register.person(self.directory.seed);
            let job = Job {
                office: office(position),
                company: COMPANY,
                department: "Operations",
                title: "Dispatcher",
                cost_centre: "6110",
                manager: Some(&manager),
            };
            let mut attributes = person.attributes(&self.directory, &job);
            retire(
                &mut attributes,
                PICTURED_AT - Duration::days(20 + 31 * position as i64),
            );
            let name = person.full_name();
            self.directory
                .add(EntryClass::User, &parent, &name, attributes);
            self.directory.note(Shows {
                case: "account.left",
                expect: "A disabled account: it is synchronized and cannot sign in.",
            });
        }
    }

    fn add_outsiders(&mut self) {
        for _ in 0..4 {
            let person = self.register.person(self.directory.seed);
            let job = Job {
                office: &BERLIN,
                company: "Brightwater Audit",
                department: "External",
                title: "Auditor",
                cost_centre: "9900",
                manager: None,
            };
            let mut attributes = person.attributes(&self.directory, &job);
            attributes.set("employeeType", texts(&["External"]));
            attributes.set(
                "pwdLastSet",
                texts(&[&file_time(PICTURED_AT - Duration::days(12))]),
            );
            let (parent, name) = (self.out_of_scope.clone(), person.full_name());
            let outsider = self
                .directory
                .add(EntryClass::User, &parent, &name, attributes);
            self.directory.note(Shows {
                case: "scope.outside",
                expect: "Lies outside of the units that a scoping filter usually chooses.",
            });
            self.outsiders.push(outsider);
        }
    }

    fn add_service_accounts(&mut self) {
        let parent = self.unit("Service Accounts", "Accounts of programs, not of people");
        for (name, text, service) in SERVICE_ACCOUNTS {
            let attributes = Attributes::new()
                .with("displayName", text)
                .with("description", text)
                .with("sAMAccountName", name)
                .with("userPrincipalName", self.directory.address(name))
                .with("userAccountControl", PASSWORD_NEVER_EXPIRES)
                .with("accountExpires", NEVER)
                .with("pwdLastSet", file_time(PICTURED_AT - Duration::days(700)))
                .with("employeeType", "Service")
                .with("primaryGroupID", "513")
                .with("servicePrincipalName", format!("{service}.contoso.test"));
            self.directory
                .add(EntryClass::User, &parent, name, attributes);
        }
    }

    fn add_contacts(&mut self) {
        let parent = self.unit("Contacts", "People of other companies");
        for (given, family, company, domain) in CONTACTS {
            let mail = format!("{}.{}@{domain}", ascii(given), ascii(family));
            let name = format!("{given} {family} ({company})");
            let attributes = contact(given, family, company, &mail, &name);
            self.directory
                .add(EntryClass::Contact, &parent, &name, attributes);
        }
        let colleague = self.departments[0].teams[0].people[1].clone();
        let mail = self.directory.entry(&colleague).attributes.text("mail");
        let mail = mail.unwrap_or_default().to_owned();
        let name = format!("{} (private)", colleague.name());
        let attributes = contact(&colleague.name(), "", "Private", &mail, &name);
        self.directory
            .add(EntryClass::Contact, &parent, &name, attributes);
        self.directory.note(Shows {
            case: "contact.collides",
            expect: "A contact with the address of a user: the address can be had only once.",
        });
    }

    fn add_workstations(&mut self) {
        let parent = self.unit("Workstations", "Computers; they are not synchronized");
        for number in 1..=10 {
            let office = office(number);
            let name = format!("{}-WS-{number:03}", office.code);
            let attributes = Attributes::new()
                .with("sAMAccountName", format!("{name}$"))
                .with(
                    "dNSHostName",
                    format!("{}.contoso.test", name.to_lowercase()),
                )
                .with("operatingSystem", "Workstation 11 Enterprise")
                .with("userAccountControl", "4096")
                .with("primaryGroupID", "515")
                .with(
                    "description",
                    format!("Meeting room {number}, {}", office.building),
                );
            self.directory
                .add(EntryClass::Computer, &parent, &name, attributes);
        }
    }
}

/// Seattle and Berlin by turns.
fn office(position: usize) -> &'static Office {
    if position.is_multiple_of(2) {
        &SEATTLE
    } else {
        &BERLIN
    }
}

fn retire(attributes: &mut Attributes, last_day: OffsetDateTime) {
    let text = format!("Left the company on {}", last_day.date());
    attributes.set("userAccountControl", texts(&[DISABLED]));
    attributes.set("accountExpires", texts(&[&file_time(last_day)]));
    attributes.set(
        "pwdLastSet",
        texts(&[&file_time(last_day - Duration::days(40))]),
    );
    attributes.set("description", texts(&[&text]));
}

/// People on a contract: recognizable by `employeeType`, an agency and an end.
fn make_contractor(attributes: &mut Attributes) {
    let end = PICTURED_AT + Duration::days(240);
    attributes.set("employeeType", texts(&["Contractor"]));
    attributes.set("extensionAttribute3", texts(&["Larkfield Staffing"]));
    attributes.set("accountExpires", texts(&[&file_time(end)]));
}

fn contact(given: &str, family: &str, company: &str, mail: &str, name: &str) -> Attributes {
    let mut attributes = Attributes::new()
        .with("displayName", name)
        .with("givenName", given)
        .with("company", company)
        .with("mail", mail)
        .with("mailNickname", mail.replace('@', "_"))
        .with("targetAddress", format!("SMTP:{mail}"))
        .with("proxyAddresses", format!("SMTP:{mail}"));
    if !family.is_empty() {
        attributes.set("sn", texts(&[family]));
    }
    attributes
}

/// Name, purpose, and the beginning of the service principal name.
const SERVICE_ACCOUNTS: [(&str, &str, &str); 6] = [
    ("svc-backup", "Nightly backup", "BACKUP/backup"),
    ("svc-monitoring", "Monitoring probes", "HTTP/monitor"),
    ("svc-print", "Print server", "HTTP/print"),
    ("svc-erp", "Orders and invoices", "MSSQLSvc/erp"),
    ("svc-scanner", "Scan to mail", "SMTPSVC/scan"),
    (
        "svc-cloudsync",
        "Reads this directory for cloud sync",
        "HTTP/sync",
    ),
];

const CONTACTS: [(&str, &str, &str, &str); 7] = [
    (
        "Rosalind",
        "Achterberg",
        "Larkfield Staffing",
        "larkfield.example",
    ),
    (
        "Teo",
        "Marchetti",
        "Brightwater Audit",
        "brightwater.example",
    ),
    (
        "Ilse",
        "Vandamme",
        "Brightwater Audit",
        "brightwater.example",
    ),
    (
        "Oluwaseun",
        "Bankole",
        "Kestrel Freight",
        "kestrel-freight.example",
    ),
    (
        "Märta",
        "Söderlund",
        "Kestrel Freight",
        "kestrel-freight.example",
    ),
    ("Declan", "Whitmore", "Old Mill Catering", "oldmill.example"),
    ("Sunniva", "Aasen", "Nordlicht Legal", "nordlicht.example"),
];
