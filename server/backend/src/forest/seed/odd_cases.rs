//! The odd people of contoso.test: at least one object for everything that goes wrong in real
//! directories. Each says in its description what it is there to show.

use engine::{
    directory::{AttributeValue, Attributes, Dn, Values},
    forest::EntryClass,
};

use super::{
    Shows,
    contoso::{COMPANY, Plan},
    directory::texts,
    names::BERLIN,
    people::{Job, Person},
    random::{Random, Stream},
};

/// The one whose anchor somebody in fabrikam.test carries too.
pub(super) const ANCHOR_CASE: &str = "anchor.set";

struct OddCase {
    case: &'static str,
    /// The common name; also the display name unless `changes` says otherwise.
    name: &'static str,
    /// User name and address before the @.
    login: &'static str,
    expect: &'static str,
    /// Attributes that are not like those of other people; no values leaves the attribute out.
    changes: &'static [(&'static str, &'static [&'static str])],
}

/// Adds forty-six people: those of the table, and some that need more than texts.
pub(super) fn add_to(plan: &mut Plan) {
    let text = "One person for everything that can be odd; the descriptions say what";
    let parent = plan.unit("Odd Cases", text);
    for odd in CASES {
        add(plan, &parent, odd, |_| {});
    }
    add_anchors(plan, &parent);
    add_large_ones(plan, &parent);
    add_deep_ones(plan, &parent);
}

fn add(plan: &mut Plan, parent: &Dn, odd: &OddCase, change: impl FnOnce(&mut Attributes)) {
    let number = plan.directory.entries.len();
    let (given, family) = odd.name.split_once(' ').unwrap_or((odd.name, "Odd"));
    let person = Person {
        // Away from the multiples that give a new password or more addresses.
        number: number - number % 63 + 1,
        given: given.to_owned(),
        family: family.to_owned(),
        login: odd.login.to_owned(),
        account: odd.login.chars().take(20).collect(),
    };
    let job = Job {
        office: &BERLIN,
        company: COMPANY,
        department: "Special Cases",
        title: "Specialist",
        cost_centre: "7000",
        manager: None,
    };
    let mut attributes = person.attributes(&plan.directory, &job);
    attributes.set("displayName", texts(&[odd.name]));
    attributes.set("description", texts(&[odd.expect]));
    attributes.set("employeeID", vec![(90_000 + number).to_string().into()]);
    // Only those who are odd by their addresses have several.
    let mail = format!("SMTP:{}", plan.directory.address(odd.login));
    attributes.set("proxyAddresses", vec![mail.into()]);
    for (name, values) in odd.changes {
        attributes.set(*name, texts(values));
    }
    change(&mut attributes);
    plan.directory
        .add(EntryClass::User, parent, odd.name, attributes);
    let (case, expect) = (odd.case, odd.expect);
    plan.directory.note(Shows { case, expect });
}

const fn odd(
    case: &'static str,
    name: &'static str,
    login: &'static str,
    expect: &'static str,
    changes: &'static [(&'static str, &'static [&'static str])],
) -> OddCase {
    OddCase {
        case,
        name,
        login,
        expect,
        changes,
    }
}

const CASES: &[OddCase] = &[
    // Names and characters.
    odd(
        "name.comma",
        "Ashdown, Peter (External)",
        "peter.ashdown",
        "The name has a comma, which a distinguished name must escape.",
        &[("givenName", &["Peter"]), ("sn", &["Ashdown"])],
    ),
    odd(
        "name.specials",
        r#"Mia "DJ" Plus+Minus <mix>; a=b \ c"#,
        "mia.plus",
        "The name has every character that a distinguished name must escape.",
        &[("sn", &["Plus+Minus"])],
    ),
    odd(
        "name.hash",
        "#1 Support Desk",
        "support.desk",
        "The name begins with a number sign.",
        &[("givenName", &[]), ("sn", &["Desk"])],
    ),
    odd(
        "name.blank",
        "Bettina Blank ",
        "bettina.blank",
        "The name ends in a blank; surname and given name have blanks around them.",
        &[("givenName", &["  Bettina"]), ("sn", &["Blank  "])],
    ),
    odd(
        "name.cjk",
        "山田 太郎",
        "taro.yamada",
        "The name is written in kanji.",
        &[("givenName", &["太郎"]), ("sn", &["山田"])],
    ),
    odd(
        "name.arabic",
        "محمد علي",
        "mohammed.ali",
        "The name is written from right to left.",
        &[],
    ),
    odd(
        "name.override",
        "Roberta Gnp",
        "roberta.gnp",
        "The display name has a character that turns the reading direction round.",
        &[("displayName", &["Roberta \u{202e}gnp.exe"])],
    ),
    odd(
        "name.emoji",
        "Petra 🎉 Planner",
        "petra.planner",
        "The name has a character outside of the basic plane.",
        &[],
    ),
    odd(
        "name.composed",
        "Jos\u{e9} N\u{fa}\u{f1}ez",
        "jose.nunez",
        "The accents are one character with their letter; looks like the next one.",
        &[],
    ),
    odd(
        "name.decomposed",
        "Jose\u{301} Nu\u{301}n\u{303}ez II",
        "jose.nunez2",
        "The accents are characters of their own; looks like the one before.",
        &[("displayName", &["Jose\u{301} Nu\u{301}n\u{303}ez"])],
    ),
    odd(
        "name.long",
        "Wolfeschlegelsteinhausen Montgomery-Featherstonehaugh Constantia",
        "w.featherstonehaugh",
        "Common name and display name are as long as the directory allows.",
        &[("displayName", &[LONG_DISPLAY_NAME])],
    ),
    odd(
        "text.lines",
        "Lina Break",
        "lina.break",
        "The street address has several lines and a tab.",
        &[(
            "streetAddress",
            &["Am Alten Speicher 12\r\nHinterhaus\tTor 3\r\n"],
        )],
    ),
    odd(
        "text.script",
        "Skye Script",
        "skye.script",
        "Display name and title are markup; a page must show them as text.",
        &[
            ("displayName", &["<script>alert(\"contoso\")</script>"]),
            ("title", &["<img src=x onerror=alert(1)>"]),
        ],
    ),
    odd(
        "text.filter",
        "Fiona Filter",
        "fiona.filter",
        "Department and notes have the special characters of search filters.",
        &[
            ("department", &["(*)&|!\\2a%_"]),
            ("info", &["*)(objectClass=*))(|(cn=*"]),
        ],
    ),
    // Missing attributes.
    odd(
        "missing.userName",
        "Nadia Weiss",
        "nadia.weiss",
        "Has no user principal name: the account name and the first domain stand in.",
        &[("userPrincipalName", &[])],
    ),
    odd(
        "missing.mail",
        "Owen Marsh",
        "owen.marsh",
        "Has no mail address.",
        &[
            ("mail", &[]),
            ("proxyAddresses", &[]),
            ("mailNickname", &[]),
        ],
    ),
    odd(
        "missing.displayName",
        "Dora Falk",
        "dora.falk",
        "Has no display name: the common name stands in.",
        &[("displayName", &[])],
    ),
    odd(
        "missing.surname",
        "Madhavi",
        "madhavi",
        "Has no surname, as is usual in many places.",
        &[("sn", &[]), ("initials", &["M"])],
    ),
    // User names that the cloud does not take as they are.
    odd(
        "userName.local",
        "Lorenz Okal",
        "lorenz.okal",
        "The user name ends in a domain that nobody can verify.",
        &[("userPrincipalName", &["lorenz.okal@contoso.local"])],
    ),
    odd(
        "userName.blank",
        "Stella Space",
        "stella.space",
        "The user name has a blank: it is refused.",
        &[("userPrincipalName", &["stella space@contoso.test"])],
    ),
    odd(
        "userName.nonAscii",
        "Jürgen Groß",
        "juergen.gross",
        "The user name has letters outside of ASCII: it is refused.",
        &[("userPrincipalName", &["jürgen.groß@contoso.test"])],
    ),
    odd(
        "userName.dot",
        "Dorothea Dott",
        "dorothea.dott",
        "The user name has a dot before the @: it is refused.",
        &[("userPrincipalName", &["dorothea.@contoso.test"])],
    ),
    odd(
        "userName.long",
        "Leopold Lang",
        "leopold.lang",
        "The user name has more than 64 characters before the @: it is refused.",
        &[("userPrincipalName", &[LONG_USER_NAME])],
    ),
    odd(
        "userName.apostrophe",
        "Sinéad O'Brien",
        "sinead.obrien",
        "The user name has an apostrophe, which is allowed.",
        &[
            ("userPrincipalName", &["sinead.o'brien@contoso.test"]),
            ("mail", &["sinead.o'brien@contoso.test"]),
            ("proxyAddresses", &["SMTP:sinead.o'brien@contoso.test"]),
        ],
    ),
    odd(
        "userName.noAt",
        "Nora Attwood",
        "nora.attwood",
        "The user name has no @: it is refused.",
        &[("userPrincipalName", &["nora.attwood"])],
    ),
    odd(
        "mail.malformed",
        "Malte Former",
        "malte.former",
        "The mail address is none.",
        &[("mail", &["ask reception"])],
    ),
    // Duplicates within the forest; the directory lets these through.
    odd(
        "duplicate.mail1",
        "Frida Sandberg",
        "frida.sandberg",
        "Shares a mail address with the next one: only one of them can have it.",
        &[
            ("mail", &["reception@contoso.test"]),
            ("proxyAddresses", &["SMTP:reception@contoso.test"]),
        ],
    ),
    odd(
        "duplicate.mail2",
        "Gustav Sandberg",
        "gustav.sandberg",
        "Shares a mail address with the one before, in capitals.",
        &[
            ("mail", &["Reception@Contoso.test"]),
            ("proxyAddresses", &["SMTP:Reception@Contoso.test"]),
        ],
    ),
    odd(
        "duplicate.alias1",
        "Cora Shared",
        "cora.shared",
        "Has a second address that somebody else has too.",
        &[(
            "proxyAddresses",
            &["SMTP:cora.shared@contoso.test", "smtp:orders@contoso.test"],
        )],
    ),
    odd(
        "duplicate.alias2",
        "Cem Shared",
        "cem.shared",
        "Has a second address that somebody else has too, in capitals.",
        &[(
            "proxyAddresses",
            &["SMTP:cem.shared@contoso.test", "smtp:Orders@contoso.test"],
        )],
    ),
    odd(
        "duplicate.holder",
        "Tilda Taken",
        "tilda.taken",
        "Somebody else has this user name as an address.",
        &[],
    ),
    odd(
        "duplicate.userNameAsAlias",
        "Alma Alias",
        "alma.alias",
        "Has the user name of somebody else as an address.",
        &[(
            "proxyAddresses",
            &[
                "SMTP:alma.alias@contoso.test",
                "smtp:tilda.taken@contoso.test",
            ],
        )],
    ),
    odd(
        "duplicate.displayName1",
        "Alex Same 1",
        "alex.same",
        "Two people have this display name, which is allowed.",
        &[("displayName", &["Alex Same"])],
    ),
    odd(
        "duplicate.displayName2",
        "Alex Same 2",
        "alex.same2",
        "Two people have this display name, which is allowed.",
        &[("displayName", &["Alex Same"])],
    ),
    // The state of the account.
    odd(
        "account.expired",
        "Edgar Past",
        "edgar.past",
        "The account expired in 2019; by default that is not synchronized.",
        &[("accountExpires", &["132000000000000000"])],
    ),
    odd(
        "account.smartCard",
        "Carla Chip",
        "carla.chip",
        "Signs in with a smart card only.",
        &[("userAccountControl", &["262656"])],
    ),
    odd(
        "excluded.mark",
        "Agnes Hidden",
        "agnes.hidden",
        "Carries the mark by which the default rules leave somebody out.",
        &[("adminDescription", &["User_NoSync"])],
    ),
];

const LONG_DISPLAY_NAME: &str = "Wolfeschlegelsteinhausen Montgomery-Featherstonehaugh Constantina \
    Philippa Anastasia Theodora Bartholomea von und zu Hohenstaufen-Sonnenberg of the Upper and \
    the Lower River Valley, sometime Custodian of the Old Speicher and of all its many rooms and yards";

const LONG_USER_NAME: &str =
    "leopold.ferdinand.maximilian.alexander.konstantin.theodor.friedrich.lang@contoso.test";

/// People who bring an anchor of their own.
fn add_anchors(plan: &mut Plan, parent: &Dn) {
    let seed = plan.directory.seed;
    let drawn = |index| AttributeValue::Binary(Random::new(seed, Stream::Anchors, index).bytes(16));
    let readable = AttributeValue::Binary(b"looks-like-text!".to_vec());
    let cases = [
        (
            ANCHOR_CASE,
            "Anton Anker",
            "anton.anker",
            ANCHOR_SET,
            drawn(0),
        ),
        (
            "anchor.duplicate1",
            "Twyla Twain",
            "twyla.twain",
            ANCHOR_SHARED,
            drawn(1),
        ),
        (
            "anchor.duplicate2",
            "Tyler Twain",
            "tyler.twain",
            ANCHOR_SHARED,
            drawn(1),
        ),
        (
            "anchor.readable",
            "Texas Tomlin",
            "texas.tomlin",
            ANCHOR_READABLE,
            readable,
        ),
    ];
    for (case, name, login, expect, anchor) in cases {
        add(
            plan,
            parent,
            &odd(case, name, login, expect, &[]),
            |attributes| {
                attributes.set("mS-DS-ConsistencyGuid", vec![anchor]);
            },
        );
    }
}

const ANCHOR_SET: &str = "The source anchor comes from mS-DS-ConsistencyGuid.";
const ANCHOR_SHARED: &str = "Two people carry one source anchor: only one can be synchronized.";
const ANCHOR_READABLE: &str = "The anchor's bytes happen to be readable text; they stay bytes.";

/// People with much of something.
fn add_large_ones(plan: &mut Plan, parent: &Dn) {
    let mut photo = vec![0xFF, 0xD8, 0xFF, 0xE0];
    photo.extend(Random::new(plan.directory.seed, Stream::Photos, 0).bytes(20_000));
    let expect = "Has a photo of 20 kilobytes that no picture viewer can read.";
    let case = odd("large.photo", "Phoebe Frame", "phoebe.frame", expect, &[]);
    add(plan, parent, &case, |attributes| {
        attributes.set("thumbnailPhoto", vec![AttributeValue::Binary(photo)]);
    });

    let expect = "Has 300 addresses, one of them SIP and one X500.";
    let case = odd(
        "large.addresses",
        "Manny Mailer",
        "manny.mailer",
        expect,
        &[],
    );
    let addresses = three_hundred_addresses();
    add(plan, parent, &case, |attributes| {
        attributes.set("proxyAddresses", addresses);
    });

    let case = odd(
        "large.notes",
        "Verity Verbose",
        "verity.verbose",
        "Has very long notes.",
        &[],
    );
    add(plan, parent, &case, |attributes| {
        attributes.set("info", vec!["All work and no play. ".repeat(46).into()]);
    });
}

fn three_hundred_addresses() -> Values {
    let first = [
        "SMTP:manny.mailer@contoso.test",
        "SIP:manny.mailer@contoso.test",
        "X500:/o=Mail/ou=Site One/cn=Recipients/cn=manny.mailer",
    ];
    let others = (1..=297).map(|number| format!("smtp:mailer{number:03}@contoso.test"));
    first
        .into_iter()
        .map(str::to_owned)
        .chain(others)
        .map(Into::into)
        .collect()
}

/// People in units that are deep, or oddly named.
fn add_deep_ones(plan: &mut Plan, parent: &Dn) {
    let mut deep = parent.clone();
    for level in 1..=10 {
        let name = format!("Level {level}");
        deep = plan
            .directory
            .organizational_unit(&deep, &name, "Deeper and deeper");
    }
    let expect = "Lies ten units deep.";
    add(
        plan,
        &deep,
        &odd("unit.deep", "Deepa Shah", "deepa.shah", expect, &[]),
        |_| {},
    );

    let name = r#"R&D, "quoted" + more"#;
    let unit = plan
        .directory
        .organizational_unit(parent, name, "Its name needs escaping");
    let expect = "Lies in a unit whose name needs escaping.";
    add(
        plan,
        &unit,
        &odd(
            "unit.characters",
            "Quentin Rand",
            "quentin.rand",
            expect,
            &[],
        ),
        |_| {},
    );
}
