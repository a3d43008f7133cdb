//! The words that people, offices and teams of the demo forests are made of. Nobody in it is real.

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

pub(super) static GIVEN: LazyLock<Vec<&str>> = LazyLock::new(|| {
    "Ada Amir Ana Anja Anouk Arjun Aroha Astrid Aya Bao Beatriz Bence Bogdan Carlos Chiara Chidi \
     Chloé Daan Dalia Dariusz Diego Dmitri Ebba Efua Elif Emeka Emil Esther Eva Fatima Femi Finn \
     Freya Gabriela Giulia Gunnar Hana Hans Hélène Hiro Imran Inés Ingrid Ivan Jamal Jana João \
     Jonas Jürgen Kaito Karim Katarína Kenji Khadija Kofi Lars Leila Liam Linh Lucía Łukasz Maeve \
     Malik Maria Marek Mateo Mei Mihai Mina Mohamed Nadia Naoko Ngozi Nikos Noor Olga Omar Oskar \
     Pablo Petra Priya Quinn Rafael Raj Renée Rohan Rosa Ruth Salma Samuel Saša Sven Søren Tamar \
     Tariq Thandiwe Tomás Ulrike Uma Vera Viktor Wanjiru Wei Xenia Yara Yusuf Zainab Zoë Željka"
        .split(' ')
        .collect()
});

pub(super) static FAMILY: LazyLock<Vec<&str>> = LazyLock::new(|| {
    "Abe Adeyemi Ahmed Almeida Andersson Antonov Aziz Bakker Banerjee Becker Bianchi Blanc Brandt \
     Byrne Castillo Çelik Chen Cohen Costa Cruz Dąbrowski Dang Diallo Dimitrov Dubois Ekström \
     Evans Fernández Ferrari Fischer Fofanah García Gómez Grünwald Gupta Haddad Hansen Haugen \
     Hernández Hoang Horvat Ibrahim Ionescu Ito Ivanova Jansen Jensen Johansen Joshi Kamau Kaplan \
     Karlsson Kaya Khan Kim Kovač Kowalska Kumar Laurent Lefèvre Levy Lindgren López Lund Martín \
     Meyer Mensah Molnár Moreau Müller Muñoz Nagy Nakamura Nguyen Nielsen Novák Nowak Obi Okafor \
     Oliveira Olsen Ortiz Park Patel Peña Petrov Pham Popescu Quispe Rahman Ramos Reyes Ricci \
     Rossi Ruiz Saito Salazar Santos Schäfer Schröder Sharma Silva Singh Sørensen Souza Strøm \
     Suzuki Szabó Takahashi Tanaka Tkachenko Torres Tran Uzun Vargas Vega Virtanen Vos Weber \
     Wójcik Wong Yamada Yilmaz Young Zając Zhang Zimmermann Živković"
        .split(' ')
        .collect()
});

/// A place where people work. The telephone numbers are from ranges set aside for fiction.
pub(super) struct Office {
    pub(super) code: &'static str,
    pub(super) city: &'static str,
    pub(super) state: Option<&'static str>,
    pub(super) country: &'static str,
    pub(super) country_letters: &'static str,
    pub(super) country_code: &'static str,
    pub(super) postal_code: &'static str,
    pub(super) street: &'static str,
    pub(super) building: &'static str,
    pub(super) language: &'static str,
    pub(super) telephone: &'static str,
    /// The last digits run from here.
    pub(super) first_extension: usize,
}

pub(super) static SEATTLE: Office = Office {
    code: "SEA",
    city: "Seattle",
    state: Some("WA"),
    country: "United States",
    country_letters: "US",
    country_code: "840",
    postal_code: "98101",
    street: "1200 Harborlight Way",
    building: "Harborlight 4",
    language: "en-US",
    telephone: "+1 206 555 0",
    first_extension: 100,
};

pub(super) static BERLIN: Office = Office {
    code: "BER",
    city: "Berlin",
    state: Some("Berlin"),
    country: "Germany",
    country_letters: "DE",
    country_code: "276",
    postal_code: "10115",
    street: "Am Alten Speicher 12",
    building: "Speicher Nord",
    language: "de-DE",
    telephone: "+49 30 23125 ",
    first_extension: 100,
};

pub(super) static LONDON: Office = Office {
    code: "LON",
    city: "London",
    state: None,
    country: "United Kingdom",
    country_letters: "GB",
    country_code: "826",
    postal_code: "SE1 7XY",
    street: "18 Old Foundry Lane",
    building: "Foundry",
    language: "en-GB",
    telephone: "+44 20 7946 0",
    first_extension: 500,
};

pub(super) struct Team {
    pub(super) name: &'static str,
    pub(super) office: &'static Office,
    pub(super) cost_centre: &'static str,
    pub(super) lead: &'static str,
    pub(super) titles: [&'static str; 3],
}

pub(super) struct Department {
    pub(super) name: &'static str,
    /// Who leads the department, from the leadership of the company.
    pub(super) head: &'static str,
    pub(super) people_per_team: usize,
    pub(super) teams: [Team; 4],
}

pub(super) static DEPARTMENTS: [Department; 3] = [
    Department {
        name: "Sales",
        head: "Chief Revenue Officer",
        people_per_team: 10,
        teams: [
            Team {
                name: "Key Accounts",
                office: &SEATTLE,
                cost_centre: "4110",
                lead: "Head of Key Accounts",
                titles: ["Key Account Manager", "Account Executive", "Sales Analyst"],
            },
            Team {
                name: "Partner Sales",
                office: &BERLIN,
                cost_centre: "4120",
                lead: "Partner Sales Director",
                titles: [
                    "Partner Manager",
                    "Channel Specialist",
                    "Partner Coordinator",
                ],
            },
            Team {
                name: "Inside Sales",
                office: &SEATTLE,
                cost_centre: "4130",
                lead: "Inside Sales Manager",
                titles: [
                    "Sales Representative",
                    "Renewals Specialist",
                    "Sales Trainee",
                ],
            },
            Team {
                name: "Solution Consulting",
                office: &BERLIN,
                cost_centre: "4140",
                lead: "Head of Solution Consulting",
                titles: ["Solution Consultant", "Bid Manager", "Demo Engineer"],
            },
        ],
    },
    Department {
        name: "Engineering",
        head: "Chief Technology Officer",
        people_per_team: 10,
        teams: [
            Team {
                name: "Platform",
                office: &SEATTLE,
                cost_centre: "5110",
                lead: "Engineering Manager, Platform",
                titles: [
                    "Senior Software Engineer",
                    "Site Reliability Engineer",
                    "Software Engineer",
                ],
            },
            Team {
                name: "Mobile",
                office: &BERLIN,
                cost_centre: "5120",
                lead: "Engineering Manager, Mobile",
                titles: ["Mobile Engineer", "Product Designer", "Software Engineer"],
            },
            Team {
                name: "Data",
                office: &SEATTLE,
                cost_centre: "5130",
                lead: "Engineering Manager, Data",
                titles: ["Data Engineer", "Data Scientist", "Analytics Engineer"],
            },
            Team {
                name: "Quality",
                office: &BERLIN,
                cost_centre: "5140",
                lead: "Head of Quality",
                titles: ["Test Engineer", "Release Engineer", "Technical Writer"],
            },
        ],
    },
    Department {
        name: "Operations",
        head: "Chief Operating Officer",
        people_per_team: 15,
        teams: [
            Team {
                name: "Logistics",
                office: &SEATTLE,
                cost_centre: "6110",
                lead: "Logistics Manager",
                titles: ["Logistics Planner", "Dispatcher", "Warehouse Coordinator"],
            },
            Team {
                name: "Purchasing",
                office: &BERLIN,
                cost_centre: "6120",
                lead: "Head of Purchasing",
                titles: ["Buyer", "Supplier Manager", "Contract Specialist"],
            },
            Team {
                name: "Customer Care",
                office: &SEATTLE,
                cost_centre: "6130",
                lead: "Customer Care Manager",
                titles: [
                    "Support Specialist",
                    "Support Engineer",
                    "Customer Success Manager",
                ],
            },
            Team {
                name: "Workplace",
                office: &BERLIN,
                cost_centre: "6140",
                lead: "Workplace Manager",
                titles: ["Facilities Coordinator", "IT Technician", "Receptionist"],
            },
        ],
    },
];

/// The name in plain small letters, as account names and addresses want it: `Łukasz` → `lukasz`.
pub(super) fn ascii(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    for letter in name.nfkd().flat_map(char::to_lowercase) {
        match letter {
            // Letters that Unicode does not take apart.
            'ł' => plain.push('l'),
            'ø' => plain.push('o'),
            'đ' => plain.push('d'),
            'ı' => plain.push('i'),
            'ß' => plain.push_str("ss"),
            'æ' => plain.push_str("ae"),
            _ if letter.is_ascii_alphanumeric() || letter == '-' => plain.push(letter),
            _ => {}
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn account_names_are_plain_ascii() {
        for (name, plain) in [
            ("Łukasz", "lukasz"),
            ("Søren", "soren"),
            ("Grünwald", "grunwald"),
            ("Çelik", "celik"),
            ("Živković", "zivkovic"),
        ] {
            assert_eq!(ascii(name), plain);
        }
        assert!(
            GIVEN
                .iter()
                .chain(FAMILY.iter())
                .all(|name| ascii(name).len() >= 2)
        );
    }
}
