//! What the attribute mappings let flow, and how it meets what the target has.

#![expect(clippy::unwrap_used, reason = "the helpers are part of the tests, too")]

use std::collections::BTreeMap;

use engine::{
    configuration::{
        Apply, AttributeMapping, Configuration, ConfigurationId, DeletionProtection, Deployment,
        DirectoryExtension, DomainName, ExtensionName, FlowBehavior, MappingSource,
        QuarantineLimits, Scope, defaults, schema::AttributeType,
    },
    cycle::{
        difference,
        mapped::{CompiledMappings, Mapped, Occasion, Surroundings},
        taken_values::TakenValues,
    },
    directory::{AttributeValue, Attributes, Dn, ObjectKind, SourceAnchor, SourceObject, Values},
};
use uuid::Uuid;

const EXTENSION: &str = "extension_0123456789abcdef0123456789abcdef_costCentre";

fn configuration(rows: Vec<AttributeMapping>) -> Configuration {
    Configuration {
        id: ConfigurationId(Uuid::nil()),
        domain: DomainName::parse("contoso.test").unwrap(),
        base_dn: Dn::parse("DC=contoso,DC=test").unwrap(),
        password_hash_sync: false,
        scope: Scope::All,
        nested_group_depth: 0,
        mappings: BTreeMap::from([(ObjectKind::User, rows)]),
        extensions: vec![DirectoryExtension {
            name: ExtensionName::parse(EXTENSION).unwrap(),
            attribute_type: AttributeType::Text,
            kinds: [ObjectKind::User].into(),
        }],
        object_flows: BTreeMap::new(),
        skip_out_of_scope_deletions: false,
        notification_emails: Vec::new(),
        deletion_protection: DeletionProtection::default(),
        quarantine_limits: QuarantineLimits::default(),
        deployment: Deployment::Disabled,
        revision: 1,
    }
}

fn direct(target: &str) -> AttributeMapping {
    AttributeMapping {
        target: target.into(),
        source: MappingSource::Direct {
            attribute: "x".into(),
        },
        apply: Apply::Always,
        flow_behavior: FlowBehavior::default(),
        default_value: None,
    }
}

fn applied(target: &str, apply: Apply) -> AttributeMapping {
    AttributeMapping {
        apply,
        ..direct(target)
    }
}

fn with_default(row: AttributeMapping, default: &str) -> AttributeMapping {
    AttributeMapping {
        default_value: Some(default.to_owned()),
        ..row
    }
}

fn values(texts: &[&str]) -> Values {
    texts
        .iter()
        .map(|text| AttributeValue::from(*text))
        .collect()
}

fn mapped(
    configuration: &Configuration,
    source: Attributes,
    creating: bool,
) -> Result<Mapped, String> {
    let object = SourceObject {
        anchor: SourceAnchor::from_bytes(b"anna"),
        dn: Dn::parse("CN=Anna,DC=contoso,DC=test").unwrap(),
        guid: None,
        kind: ObjectKind::User,
        attributes: source,
    };
    let surroundings = Surroundings {
        now: time::macros::datetime!(2026-01-31 12:00 UTC),
        parameters: engine::expression::PARAMETERS
            .map(|name| (name.to_owned(), "contoso.test".to_owned()))
            .into(),
        default_domain: "contoso.test".to_owned(),
        seed: Uuid::nil(),
    };
    let nothing_is_taken = TakenValues::default();
    let occasion = if creating {
        Occasion::Creation(&nothing_is_taken)
    } else {
        Occasion::Update
    };
    CompiledMappings::compile(configuration)
        .unwrap()
        .apply(&object, occasion, &surroundings)
        .map_err(|error| error.to_string())
}

/// What a linked target that has `current` holds after `x` came with `source`.
#[track_caller]
fn check(row: &AttributeMapping, source: &[&str], current: &[&str], expected: &[&str]) {
    check_when(false, row, source, current, expected);
}

#[track_caller]
fn check_when(
    creating: bool,
    row: &AttributeMapping,
    source: &[&str],
    current: &[&str],
    expected: &[&str],
) {
    let target = row.target.clone();
    let mut attributes = Attributes::new();
    attributes.set("x", values(source));
    let mapped = mapped(&configuration(vec![row.clone()]), attributes, creating).unwrap();
    let mut before = Attributes::new();
    before.set(target.clone(), values(current));
    let differences = difference::differences(&before, &mapped);
    let after = difference::applied(&before, &differences);
    assert_eq!(after.get(&target), values(expected), "{row:?}");
    assert!(
        difference::differences(&after, &mapped).is_empty(),
        "a second look changes nothing: {row:?}"
    );
}

#[test]
fn always_makes_the_target_equal_to_the_source() {
    let row = direct("Department");
    check(&row, &["Sales"], &["Marketing"], &["Sales"]);
    check(&row, &[], &["Marketing"], &[]);
}

#[test]
fn a_value_that_is_given_during_creation_only_is_not_given_again() {
    let row = applied("Department", Apply::OnlyDuringCreation);
    check_when(true, &row, &["Sales"], &[], &["Sales"]);
    check(&row, &["Sales"], &["Marketing"], &["Marketing"]);
    check(&row, &["Sales"], &[], &[]);
}

#[test]
fn an_object_that_is_taken_over_is_given_only_what_it_lacks() {
    let row = applied("Department", Apply::OnlyDuringCreation);
    check_when(true, &row, &["Sales"], &["Marketing"], &["Marketing"]);
    let row = with_default(direct("Department"), "None");
    check_when(true, &row, &[], &["Marketing"], &["Marketing"]);
}

#[test]
fn value_add_only_lets_values_flow_and_not_their_removal() {
    let row = applied("Department", Apply::ValueAddOnly);
    check(&row, &["Sales"], &["Marketing"], &["Sales"]);
    check(&row, &[], &["Marketing"], &["Marketing"]);
    let row = applied("OtherMobile", Apply::ValueAddOnly);
    check(&row, &["1", "2"], &["2", "3"], &["2", "3", "1"]);
}

#[test]
fn multi_value_add_only_adds_to_what_is_there() {
    let row = applied("OtherMobile", Apply::MultiValueAddOnly);
    check(&row, &["1", "2"], &["2", "3"], &["2", "3", "1"]);
    check(&row, &[], &["2", "3"], &["2", "3"]);
    check(&row, &["1"], &[], &["1"]);
}

#[test]
fn attribute_add_only_fills_what_is_empty() {
    let row = applied("Department", Apply::AttributeAddOnly);
    check(&row, &["Sales"], &[], &["Sales"]);
    check(&row, &["Sales"], &["Marketing"], &["Marketing"]);
    check(&row, &[], &["Marketing"], &["Marketing"]);
}

#[test]
fn a_mapping_without_a_source_gives_the_default_whenever_the_target_is_empty() {
    let row = AttributeMapping {
        source: MappingSource::None,
        ..direct("Department")
    };
    check(&row, &["Sales"], &["Marketing"], &["Marketing"]);
    check(&row, &["Sales"], &[], &[]);
    let row = with_default(row, "Unknown");
    check_when(true, &row, &[], &[], &["Unknown"]);
    check(&row, &["Sales"], &[], &["Unknown"]);
    check(&row, &["Sales"], &["Marketing"], &["Marketing"]);
}

#[test]
fn a_default_is_given_on_creation_only_and_stays_until_a_value_comes() {
    let row = with_default(direct("Department"), "Unknown");
    check_when(true, &row, &[], &[], &["Unknown"]);
    check(&row, &[], &["Unknown"], &["Unknown"]);
    check(&row, &["Sales"], &["Unknown"], &["Sales"]);
    check(&row, &[], &["Sales"], &[]);
    check(&row, &[], &[], &[]);
}

#[test]
fn a_required_attribute_falls_back_to_its_default_at_any_time() {
    let row = with_default(direct("UserPrincipalName"), "nobody@contoso.test");
    let mapped = mapped(&configuration(vec![row]), Attributes::new(), false).unwrap();
    assert_eq!(
        mapped.text("UserPrincipalName"),
        Some("nobody@contoso.test")
    );
}

#[test]
fn what_flows_always_is_written_although_nothing_changed() {
    let row = AttributeMapping {
        flow_behavior: FlowBehavior::FlowAlways,
        ..direct("Department")
    };
    let source = Attributes::new().with("x", "Sales");
    let current = Attributes::new().with("Department", "Sales");
    let again = |row| {
        let mapped = mapped(&configuration(vec![row]), source.clone(), false).unwrap();
        difference::differences(&current, &mapped).len()
    };
    assert_eq!(again(row), 1);
    assert_eq!(again(direct("Department")), 0);
}

#[test]
fn what_an_expression_redacts_is_not_shown() {
    let redacting = |target: &str| AttributeMapping {
        source: MappingSource::Expression {
            expression: "Trim(Redact([x]))".to_owned(),
        },
        ..direct(target)
    };
    let source = Attributes::new().with("x", "salary");
    let mapped_to = |target| {
        mapped(
            &configuration(vec![redacting(target)]),
            source.clone(),
            true,
        )
    };
    let mapped = mapped_to("Department").unwrap();
    let differences = difference::differences(&Attributes::new(), &mapped);
    assert_eq!(differences[0].new, values(&["salary"]));
    let shown = differences[0].modified_property();
    assert_eq!(
        (shown.old_value, shown.new_value.as_deref()),
        (None, Some("[Redact]"))
    );
    assert_eq!(
        mapped_to("CountryCode").unwrap().left_as_they_are(),
        ["CountryCode takes a whole number, but its mapping gives \"[Redact]\"."]
    );
}

/// What comes of one value, or the sentence that says why the target is left as it is.
fn converted(target: &str, source: impl Into<AttributeValue>) -> String {
    let source = Attributes::new().with("x", source);
    let mapped = mapped(&configuration(vec![direct(target)]), source, true).unwrap();
    match mapped.values(target) {
        [] => mapped.left_as_they_are().concat(),
        values => values[0].to_string(),
    }
}

#[test]
fn values_take_the_type_of_their_target() {
    assert_eq!(converted("AccountEnabled", "FALSE"), "False");
    assert_eq!(converted("CountryCode", " 276 "), "276");
    assert_eq!(
        converted("CountryCode", "DE"),
        "CountryCode takes a whole number, but its mapping gives \"DE\"."
    );
    assert_eq!(
        converted("MSExchLitigationHoldDate", "20260131120000.0Z"),
        "2026-01-31T12:00:00Z"
    );
    assert_eq!(
        converted("MSExchLitigationHoldDate", "1/31/2026 1:00:00 PM"),
        "2026-01-31T13:00:00Z"
    );
    assert_eq!(
        converted("MSExchLitigationHoldDate", "20261331120000Z"),
        "MSExchLitigationHoldDate takes a date and time, but its mapping gives \
         \"20261331120000Z\"."
    );
    assert_eq!(converted("UserType", "guest"), "Guest");
    assert_eq!(
        converted("UserType", "Admin"),
        "UserType takes Member or Guest, but its mapping gives \"Admin\"."
    );
}

#[test]
fn an_object_carries_fifteen_certificates_at_most() {
    let with = |count: u8| {
        let mut source = Attributes::new();
        source.set(
            "x",
            (0..count)
                .map(|n| AttributeValue::Binary(vec![n]))
                .collect(),
        );
        mapped(
            &configuration(vec![direct("UserCertificate")]),
            source,
            true,
        )
    };
    assert_eq!(with(15).unwrap().values("UserCertificate").len(), 15);
    assert_eq!(
        with(16).unwrap().left_as_they_are(),
        ["UserCertificate takes at most 15 values, but its mapping gives 16."]
    );
}

#[test]
fn a_directory_extension_is_a_target_with_limits_of_its_own() {
    assert_eq!(converted(EXTENSION, "4711"), "4711");
    assert_eq!(
        converted(EXTENSION, "ä".repeat(251)),
        format!("{EXTENSION} takes at most 250 characters, but its mapping gives 251.")
    );
    assert_eq!(converted(EXTENSION, "ä".repeat(250)), "ä".repeat(250));
}

#[test]
fn an_object_has_a_hundred_values_of_extensions_at_most() {
    let with = |count: usize| {
        let name = |n| format!("{EXTENSION}{n}");
        let mut configuration = configuration((0..count).map(|n| direct(&name(n))).collect());
        configuration.extensions = (0..count)
            .map(|n| DirectoryExtension {
                name: ExtensionName::parse(&name(n)).unwrap(),
                attribute_type: AttributeType::Text,
                kinds: [ObjectKind::User].into(),
            })
            .collect();
        mapped(&configuration, Attributes::new().with("x", "y"), true)
    };
    assert!(with(100).unwrap().left_as_they_are().is_empty());
    let too_many = with(101).unwrap();
    assert_eq!(too_many.flows().count(), 0);
    assert_eq!(
        too_many.left_as_they_are(),
        ["Directory extensions hold at most 100 values of an object, and here are 101."]
    );
}

#[test]
fn what_exchange_left_flows_only_with_a_mail_nickname() {
    let all = defaults::mappings(defaults::Dialect::ActiveDirectory);
    let configuration = configuration(all[&ObjectKind::User].clone());
    let recipient = Attributes::new()
        .with("userPrincipalName", "anna@contoso.test")
        .with("msExchHideFromAddressLists", "TRUE")
        .with("msExchMailboxGuid", AttributeValue::Binary(vec![1, 2]));
    let of = |source: Attributes| mapped(&configuration, source, true).unwrap();
    let without = of(recipient.clone());
    assert_eq!(without.values("MSExchHideFromAddressLists"), []);
    let with = of(recipient.with("mailNickname", "anna"));
    assert_eq!(
        with.values("MSExchHideFromAddressLists"),
        [AttributeValue::Boolean(true)]
    );
    assert_eq!(
        with.values("MSExchMailboxGuid"),
        [AttributeValue::Binary(vec![1, 2])]
    );
}

#[test]
fn mappings_that_were_stored_before_still_load() {
    let stored =
        r#"{"target":"Department","mappingType":"direct","attribute":"x","apply":"always"}"#;
    let row: AttributeMapping = serde_json::from_str(stored).unwrap();
    assert_eq!(row, direct("Department"));
    assert_eq!(serde_json::to_string(&row).unwrap(), stored);
}

#[test]
fn what_an_object_cannot_exist_without_fails_it_when_it_is_created_and_never_later() {
    let broken = |target: &str| AttributeMapping {
        source: MappingSource::Expression {
            expression: "Error(\"no value\")".to_owned(),
        },
        ..direct(target)
    };
    for target in ["UserPrincipalName", "AccountEnabled"] {
        let configuration = configuration(vec![broken(target)]);
        assert!(
            mapped(&configuration, Attributes::new(), true).is_err(),
            "{target}"
        );
        let later = mapped(&configuration, Attributes::new(), false).unwrap();
        assert_eq!(later.left_as_they_are().len(), 1, "{target}");
    }
}
