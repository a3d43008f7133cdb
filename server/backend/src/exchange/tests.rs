//! Configurations leave as text and come back the same.

use connectors::slapd::{Account, Slapd};
use engine::{
    configuration::{
        Deployment, ExtensionName, ObjectFlow, Scope, ScopingFilter,
        draft::{
            NewConfiguration,
            mapping::{MappingDraft, MappingType, MappingsDraft, add, delete, edit},
        },
        schema::AttributeType,
        scoping_filter::{Clause, Operator},
    },
    directory::{Dn, ObjectKind},
};

use super::*;
use crate::{audit, testing::TestBackend};

const ACTOR: Actor = Actor::CommandLine;
const EXTENSION: &str = "extension_0123456789abcdef0123456789abcdef_room";

async fn with_forests() -> TestBackend {
    let backend = TestBackend::new().await;
    directories::ensure_forests(&backend).await.unwrap();
    backend
}

fn none() -> BindPasswords {
    BindPasswords::default()
}

fn draft(target: &str, mapping_type: MappingType, text: &str) -> MappingDraft {
    MappingDraft {
        target: target.to_owned(),
        mapping_type,
        source_attribute: text.to_owned(),
        constant_value: text.to_owned(),
        expression: text.to_owned(),
        ..MappingDraft::new(ObjectKind::User)
    }
}

/// Everything that can be chosen, chosen differently from its default.
async fn elaborate(backend: &TestBackend) -> ConfigurationId {
    let new = NewConfiguration {
        domain: "contoso.test".to_owned(),
        password_hash_sync: true,
    };
    let id = configurations::create(backend, &ACTOR, new).await.unwrap();
    let before = configurations::get(backend, id).await.unwrap();
    let extensions = vec![engine::configuration::DirectoryExtension {
        name: ExtensionName::parse(EXTENSION).unwrap(),
        attribute_type: AttributeType::Text,
        kinds: [ObjectKind::User].into(),
    }];
    let text = "IIF(IsPresent([title]),\n  \"T'''\\\"x\\\"\", [department])";
    let expression = draft("Department", MappingType::Expression, text);
    let room = draft(EXTENSION, MappingType::Direct, "roomNumber");
    let department = "Department".into();
    let mappings = edit(&before.mappings, &extensions, &department, &expression).unwrap();
    let mappings = add(&mappings, &extensions, &room).unwrap();
    let mappings = delete(&mappings, ObjectKind::Group, &"Mail".into()).unwrap();
    let schema = MappingsDraft {
        revision: before.revision,
        mappings,
        extensions: Some(extensions),
    };
    configurations::save_mappings(backend, &ACTOR, id, schema)
        .await
        .unwrap();
    let before = configurations::get(backend, id).await.unwrap();
    let clause = Clause {
        attribute: "mail".into(),
        operator: Operator::RegexMatch,
        value: Some(r"@contoso\.test$".to_owned()),
    };
    let after = Configuration {
        scope: Scope::Groups(vec![Dn::parse("CN=\"A\\, B\",DC=contoso,DC=test").unwrap()]),
        nested_group_depth: 3,
        object_flows: [(
            ObjectKind::Contact,
            ObjectFlow {
                delete: false,
                scoping_filter: ScopingFilter {
                    groups: vec![vec![clause]],
                },
                ..ObjectFlow::default()
            },
        )]
        .into(),
        skip_out_of_scope_deletions: true,
        notification_emails: vec!["ops@contoso.test".to_owned()],
        deletion_protection: document::DeletionProtectionDocument {
            threshold: 3.try_into().unwrap(),
            threshold_of_groups: 7.try_into().ok(),
            ..document::DeletionProtectionDocument::default()
        }
        .into(),
        deployment: Deployment::Paused,
        revision: before.revision + 1,
        ..before.clone()
    };
    configurations::replace(backend, &ACTOR, after, before.revision)
        .await
        .unwrap();
    id
}

async fn import(backend: &Backend, text: &str) -> Vec<DomainChange> {
    let import = prepare(backend, text, &none()).await.unwrap();
    let changes = import.changes().cloned().collect();
    import.store(backend, &ACTOR).await.unwrap();
    changes
}

fn lines(change: &DomainChange) -> String {
    let lines: Vec<_> = change.settings.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

/// The mistakes of a file, one a line.
async fn refusal(backend: &Backend, text: &str) -> String {
    match prepare(backend, text, &none()).await {
        Ok(_) => "accepted".to_owned(),
        Err(error) => error.to_string(),
    }
}

#[tokio::test]
async fn what_is_taken_out_and_brought_into_an_empty_database_is_the_same() {
    let (first, second) = (with_forests().await, with_forests().await);
    let id = elaborate(&first).await;
    let text = export(&first).await.unwrap();
    let changes = import(&second, &text).await;
    assert!(changes[0].is_new && changes[0].connects.is_none());
    assert_eq!(export(&second).await.unwrap(), text);
    let there = configurations::list(&second).await.unwrap()[0].id;
    let original = configurations::get(&first, id).await.unwrap();
    let copy = configurations::get(&second, there).await.unwrap();
    let sorted = |configuration: Configuration| {
        let mut mappings = configuration.mappings;
        for rows in mappings.values_mut() {
            rows.sort_by(|a, b| a.target.cmp(&b.target));
        }
        Configuration {
            id,
            revision: 0,
            mappings,
            ..configuration
        }
    };
    assert_eq!(sorted(copy), sorted(original));
}

#[tokio::test]
async fn the_file_reads_like_the_pages() {
    let backend = with_forests().await;
    elaborate(&backend).await;
    insta::assert_snapshot!(export(&backend).await.unwrap(), @r#"
    # Configurations of Cloud sync. Settings that are left out have their defaults, and so do mappings.
    # Passwords are never here.
    format = 1

    [configuration."contoso.test"]
    state = "paused"
    password_hash_sync = true
    notification_emails = ["ops@contoso.test"]
    skip_out_of_scope_deletions = true

    [configuration."contoso.test".directory]
    kind = "demo_forest"

    [configuration."contoso.test".scope]
    groups = ['CN="A\, B",DC=contoso,DC=test']
    nested_group_depth = 3

    [configuration."contoso.test".deletion_protection]
    prevent_accidental_deletion = true
    threshold = 3
    threshold_of_groups = 7

    [configuration."contoso.test".quarantine_limits]
    minimum = 5000
    percentage = 40
    failures = 40000
    failures_with_references = 60000

    [configuration."contoso.test".flows]
    contact = { add = true, update = true, delete = false, filter = [[{ attribute = "mail", operator = "REGEX MATCH", value = '@contoso\.test$' }]] }

    [configuration."contoso.test".extensions]
    extension_0123456789abcdef0123456789abcdef_room = { type = "text", kinds = ["user"] }

    [configuration."contoso.test".mappings.user]
    Department = { expression = """
    IIF(IsPresent([title]),
      "T'''\\"x\\"", [department])""" }
    extension_0123456789abcdef0123456789abcdef_room = { direct = "roomNumber" }

    [configuration."contoso.test".mappings.group]
    Mail = { removed = true }
    "#);
}

#[tokio::test]
async fn a_difference_names_each_setting_and_nothing_is_changed_by_looking() {
    let backend = with_forests().await;
    let id = elaborate(&backend).await;
    let before = configurations::get(&backend, id).await.unwrap();
    let text = export(&backend).await.unwrap();
    let text = text
        .replace("threshold = 3", "threshold = 500")
        .replace("Mail = { removed = true }", "Info = { removed = true }")
        .replace("state = \"paused\"", "state = \"enabled\"");
    let look = prepare(&backend, &text, &none()).await.unwrap();
    insta::assert_snapshot!(lines(look.changes().next().unwrap()), @r#"
    deletion_protection.threshold: 3 → 500
    mappings.group.Info: default → { removed = true }
    mappings.group.Mail: { removed = true } → default
    state: "paused" → "enabled"
    "#);
    assert_eq!(configurations::get(&backend, id).await.unwrap(), before);

    look.store(&backend, &ACTOR).await.unwrap();
    let after = configurations::get(&backend, id).await.unwrap();
    assert_eq!(after.deletion_protection.threshold.get(), 500);
    assert_eq!(after.deployment, Deployment::Enabled);
    assert_eq!(after.revision, before.revision + 1);
    assert_eq!(lines(&import(&backend, &text).await[0]), "");
    assert_eq!(configurations::get(&backend, id).await.unwrap(), after);
    let log = audit::list(&backend, None, 3).await.unwrap().items;
    assert_eq!(log[0].activity, "Enable/start provisioning configuration");
    assert_eq!(log[1].initiated_by, "Command line");
    assert!(
        log[1]
            .detail
            .contains("deletion_protection.threshold: 3 → 500")
    );
}

#[tokio::test]
async fn every_mistake_is_told_with_its_place() {
    let backend = with_forests().await;
    let text = r#"format = 1
[configuration."contoso.test"]
directory = { kind = "demo_forest" }
notification_emails = ["ops"]
[configuration."contoso.test".scope]
organizational_units = ["OU=Sales,DC=fabrikam,DC=test", "OU=Sales"]
groups = ["CN=a,DC=contoso,DC=test"]
[configuration."contoso.test".flows]
user = { filter = [[{ attribute = "mail", operator = "REGEX MATCH", value = "(" }]] }
group = { filter = [[{ attribute = "mail", operator = "PRESENT" }]] }
[configuration."contoso.test".extensions]
extension_x = { type = "text", kinds = ["user"] }
[configuration."contoso.test".mappings.user]
Shoesize = { direct = "a" }
Department = { expression = "Trim(" }
UserPrincipalName = { removed = true }
Mail = { direct = "mail", none = true }
[configuration."fabrikam.test".directory]
kind = "ldap"
url = "http://x"
bind_dn = ""
base_dn = "dc=fabrikam"
[configuration."Nowhere.test"]
directory = { kind = "demo_forest" }
[configuration."nowhere.test".directory]
kind = "ldap"
url = "ldap://127.0.0.1"
bind_dn = "cn=a"
base_dn = "dc=nowhere,dc=test"
"#;
    insta::assert_snapshot!(refusal(&backend, text).await, @r#"
    line 4, configuration."contoso.test".notification_emails: "ops" is not an email address. Enter one such as name@example.com, or several with a semicolon between them.
    line 6, configuration."contoso.test".scope.organizational_units: OU=Sales,DC=fabrikam,DC=test is outside the domain. Names of this configuration end with DC=contoso,DC=test.
    line 6, configuration."contoso.test".scope.organizational_units: OU=Sales is outside the domain. Names of this configuration end with DC=contoso,DC=test.
    line 9, configuration."contoso.test".flows.user.filter: Group 1, clause 1: This group is not closed. (character 1 of the pattern)
    line 10, configuration."contoso.test".flows.group.filter: PRESENT is not an operator of scoping filters.
    line 12, configuration."contoso.test".extensions.extension_x: "extension_x" is not the name of a directory extension. It reads extension_, the 32 hexadecimal digits of the application, _ and a name of letters, digits and underscores.
    line 14, configuration."contoso.test".mappings.user.Shoesize: The tenant's users have no attribute Shoesize.
    line 15, configuration."contoso.test".mappings.user.Department: The expression ends where a value is expected. (character 6)
    line 16, configuration."contoso.test".mappings.user.UserPrincipalName: UserPrincipalName is required and has no mapping.
    line 17, configuration."contoso.test".mappings.user.Mail: Give one of direct, constant, expression, none = true, removed = true.
    line 19, configuration."fabrikam.test".directory.kind: The domain is that of a demo forest here.
    line 23, configuration."Nowhere.test": Write the domain as nowhere.test.
    line 25, configuration."nowhere.test".directory: Connecting needs the password of the bind account: give --bind-password-file nowhere.test=FILE or the variable CLOUD_SYNC_BIND_PASSWORD_NOWHERE_TEST.
    "#);
    assert!(configurations::list(&backend).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_file_that_is_not_of_this_kind_is_refused_at_once() {
    let backend = TestBackend::new().await;
    let head = "format = 1\n[configuration.\"a.test\"]\n";
    for (text, expected) in [
        ("", "line 1, missing field `format`"),
        (
            "format = 2",
            "line 1, format: This program reads files of format 1 only.",
        ),
        ("format = 1\nformat = 1", "line 2, duplicate key"),
        (
            "format = 1\n[configuratoin]",
            "line 2, unknown field `configuratoin`",
        ),
        (
            &format!("{head}directory = {{ kind = \"demo_forest\", url = \"x\" }}"),
            "line 3, unknown field `url`",
        ),
        (
            &format!("{head}directory = {{ kind = \"ldap\", password = \"x\" }}"),
            "line 3, unknown field `password`",
        ),
        (
            &format!(
                "{head}directory = {{ kind = \"demo_forest\" }}\n[configuration.\"a.test\".scope]\nall = 1"
            ),
            "line 5, unknown field `all`",
        ),
        (
            &format!("{head}directory = {{ kind = \"demo_forest\" }}"),
            "line 3, configuration.\"a.test\".directory.kind: Only a demo has this demo forest, and this is none.",
        ),
    ] {
        let refused = refusal(&backend, text).await;
        assert!(refused.starts_with(expected), "{text}\n{refused}");
    }
    let deep = format!("format = {}1", "[".repeat(100_000));
    assert!(refusal(&backend, &deep).await.starts_with("line 1, "));
    let large = " ".repeat(LARGEST_FILE + 1);
    assert_eq!(
        refusal(&backend, &large).await,
        "The file is larger than 16 MB."
    );
}

#[tokio::test]
async fn a_mistake_in_one_domain_keeps_all_others_as_they_are() {
    let backend = with_forests().await;
    let good = "format = 1\n[configuration.\"contoso.test\"]\n\
                directory = { kind = \"demo_forest\" }\n";
    let bad = format!(
        "{good}[configuration.\"fabrikam.test\"]\ndirectory = {{ kind = \"demo_forest\" }}\n\
         notification_emails = [\"x\"]\n"
    );
    assert!(refusal(&backend, &bad).await.starts_with("line 6, "));
    assert!(configurations::list(&backend).await.unwrap().is_empty());
    let changes = import(&backend, good).await;
    assert_eq!(
        (changes[0].is_new, lines(&changes[0])),
        (true, String::new())
    );
}

#[tokio::test]
async fn somebody_who_saves_meanwhile_is_not_overwritten() {
    let backend = with_forests().await;
    let id = elaborate(&backend).await;
    let text = export(&backend).await.unwrap();
    let text = text.replace("threshold = 3", "threshold = 4");
    let import = prepare(&backend, &text, &none()).await.unwrap();
    let before = configurations::get(&backend, id).await.unwrap();
    configurations::restore_default_mappings(&backend, &ACTOR, id, before.revision)
        .await
        .unwrap();
    let refused = import.store(&backend, &ACTOR).await;
    assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_that_is_missing_is_connected_with_a_password_from_beside_the_file() {
    let slapd = Slapd::start(0);
    let connection = slapd.draft(Account::Reader);
    let text = format!(
        "format = 1\n[configuration.\"contoso.test\".directory]\nkind = \"ldap\"\n\
         url = \"{}\"\nstart_tls = {}\nbind_dn = \"{}\"\nbase_dn = \"{}\"\n\
         ca_certificate_pem = '''{}'''\n",
        connection.url,
        connection.start_tls,
        connection.bind_dn,
        connection.base_dn,
        connection.ca_certificate_pem.unwrap_or_default()
    );
    let backend = TestBackend::new().await;
    assert!(
        refusal(&backend, &text)
            .await
            .contains("--bind-password-file contoso.test=FILE")
    );
    let domain = DomainName::parse("contoso.test").unwrap();
    let with = |password: &str| BindPasswords {
        by_domain: [(domain.clone(), password.into())].into(),
        ..none()
    };

    let wrong = prepare(&backend, &text, &with("wrong")).await.unwrap();
    assert!(wrong.store(&backend, &ACTOR).await.is_err());
    assert!(directories::list(&backend).await.unwrap().is_empty());
    assert!(configurations::list(&backend).await.unwrap().is_empty());

    let variable = BindPasswords {
        by_variable: [(password_variable(&domain), "secret".into())].into(),
        ..none()
    };
    let right = prepare(&backend, &text, &variable).await.unwrap();
    let change = right.changes().next().unwrap().clone();
    assert_eq!(change.connects, Some(connection.url));
    right.store(&backend, &ACTOR).await.unwrap();
    let exported = export(&backend).await.unwrap();
    assert!(!exported.contains("secret"));
    assert_eq!(lines(&import(&backend, &exported).await[0]), "");
    assert_eq!(directories::list(&backend).await.unwrap().len(), 1);
}
