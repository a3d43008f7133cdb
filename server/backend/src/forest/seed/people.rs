//! What a person of a demo forest is like: names that nobody else has, and a full set of
//! attributes.

use std::collections::BTreeSet;

use engine::directory::{Attributes, Dn};
use time::Duration;

use super::{
    directory::{Directory, PICTURED_AT, texts},
    names::{FAMILY, GIVEN, Office, ascii},
    random::{Random, Stream},
};
use crate::forest::formats::{ENABLED, NEVER, file_time};

/// Accounts and addresses that were given away already.
#[derive(Default)]
pub(super) struct Register {
    taken: BTreeSet<String>,
    people: usize,
}

/// Who somebody is, and under which names the directory knows them.
pub(super) struct Person {
    /// Counts the people of the forest.
    pub(super) number: usize,
    pub(super) given: String,
    pub(super) family: String,
    /// `iris.okafor`: what stands before the @ of user name and address.
    pub(super) login: String,
    /// `iokafor`: at most twenty characters.
    pub(super) account: String,
}

/// What somebody does, and where.
pub(super) struct Job<'a> {
    pub(super) office: &'static Office,
    pub(super) company: &'a str,
    pub(super) department: &'a str,
    pub(super) title: &'a str,
    pub(super) cost_centre: &'a str,
    pub(super) manager: Option<&'a Dn>,
}

impl Register {
    /// Somebody new. Draws until it finds names that are still free.
    pub(super) fn person(&mut self, seed: u64) -> Person {
        let mut random = Random::new(seed, Stream::Names, self.people as u64);
        loop {
            let (given, family) = (*random.pick(&GIVEN), *random.pick(&FAMILY));
            if let Some(person) = self.named(given, family) {
                return person;
            }
        }
    }

    /// Somebody of this name; none where it is taken.
    pub(super) fn named(&mut self, given: &str, family: &str) -> Option<Person> {
        let login = format!("{}.{}", ascii(given), ascii(family));
        let initial: String = ascii(given).chars().take(1).collect();
        let account: String = format!("{initial}{}", ascii(family))
            .chars()
            .take(20)
            .collect();
        if self.taken.contains(&login) || self.taken.contains(&account) {
            return None;
        }
        self.taken.extend([login.clone(), account.clone()]);
        self.people += 1;
        Some(Person {
            number: self.people,
            given: given.to_owned(),
            family: family.to_owned(),
            login,
            account,
        })
    }
}

impl Person {
    pub(super) fn full_name(&self) -> String {
        format!("{} {}", self.given, self.family)
    }

    /// Everything the directory says of an ordinary person.
    pub(super) fn attributes(&self, directory: &Directory, job: &Job<'_>) -> Attributes {
        let mut attributes = self.account_attributes(directory);
        self.add_mail(directory, &mut attributes);
        self.add_job(job, &mut attributes);
        self.add_place(job.office, &mut attributes);
        attributes
    }

    fn account_attributes(&self, directory: &Directory) -> Attributes {
        let initials: String = [&self.given, &self.family]
            .into_iter()
            .filter_map(|name| name.chars().next())
            .collect();
        Attributes::new()
            .with("displayName", self.full_name())
            .with("givenName", self.given.as_str())
            .with("sn", self.family.as_str())
            .with("initials", initials)
            .with("sAMAccountName", self.account.as_str())
            .with("userPrincipalName", directory.address(&self.login))
            .with("userAccountControl", ENABLED)
            .with("accountExpires", NEVER)
            .with("primaryGroupID", "513")
            .with("pwdLastSet", self.password_last_set(directory.seed))
    }

    /// One in seven must choose a password at the next sign-in, which 0 means.
    fn password_last_set(&self, seed: u64) -> String {
        if self.number.is_multiple_of(7) {
            return "0".to_owned();
        }
        let mut random = Random::new(seed, Stream::Details, self.number as u64);
        let age = Duration::minutes(random.below(90 * 24 * 60) as i64);
        file_time(PICTURED_AT - age)
    }

    fn add_mail(&self, directory: &Directory, attributes: &mut Attributes) {
        let mail = directory.address(&self.login);
        let mut addresses = vec![
            format!("SMTP:{mail}"),
            format!("smtp:{}", directory.address(&self.account)),
        ];
        if self.number.is_multiple_of(9) {
            addresses.push(format!("SIP:{mail}"));
            addresses.push(format!(
                "X500:/o=Mail/ou=Site One/cn=Recipients/cn={}",
                self.login
            ));
        }
        let addresses = addresses.into_iter().map(Into::into).collect();
        attributes.set("proxyAddresses", addresses);
        attributes.set("mailNickname", texts(&[&self.login]));
        attributes.set("mail", vec![mail.into()]);
    }

    fn add_job(&self, job: &Job<'_>, attributes: &mut Attributes) {
        for (name, value) in [
            ("company", job.company),
            ("department", job.department),
            ("title", job.title),
            ("employeeType", "Employee"),
        ] {
            attributes.set(name, texts(&[value]));
        }
        let number = 10_000 + self.number * 7;
        attributes.set("employeeID", vec![number.to_string().into()]);
        attributes.set("employeeNumber", vec![format!("E{number}").into()]);
        attributes.set(
            "extensionAttribute1",
            vec![format!("CC-{}", job.cost_centre).into()],
        );
        if let Some(manager) = job.manager {
            attributes.set("manager", texts(&[manager.as_str()]));
        }
    }

    fn add_place(&self, office: &Office, attributes: &mut Attributes) {
        let floor = 1 + self.number % 5;
        let extension = office.first_extension + self.number % 100;
        let telephone = format!("{}{extension}", office.telephone);
        for (name, value) in [
            ("l", office.city),
            ("co", office.country),
            ("c", office.country_letters),
            ("countryCode", office.country_code),
            ("postalCode", office.postal_code),
            ("streetAddress", office.street),
            ("preferredLanguage", office.language),
            ("extensionAttribute2", office.code),
            ("telephoneNumber", &telephone),
        ] {
            attributes.set(name, texts(&[value]));
        }
        attributes.set("st", texts(office.state.as_slice()));
        let room = format!("{}, floor {floor}", office.building);
        attributes.set("physicalDeliveryOfficeName", vec![room.into()]);
    }
}
