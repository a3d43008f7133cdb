//! Which mappings are refused, and with which sentence.

use super::*;
use crate::configuration::{ExtensionName, defaults::Dialect};

const EXTENSION: &str = "extension_0123456789abcdef0123456789abcdef_Level";

fn extensions() -> Vec<DirectoryExtension> {
    vec![DirectoryExtension {
        name: ExtensionName::parse(EXTENSION).unwrap(),
        attribute_type: AttributeType::Integer,
        kinds: [ObjectKind::User].into(),
    }]
}

fn user(target: &str) -> MappingDraft {
    MappingDraft {
        target: target.to_owned(),
        source_attribute: "department".to_owned(),
        ..MappingDraft::new(ObjectKind::User)
    }
}

fn expression(text: &str) -> MappingDraft {
    MappingDraft {
        mapping_type: MappingType::Expression,
        expression: text.to_owned(),
        ..user("Department")
    }
}

fn constant(target: &str, value: &str) -> MappingDraft {
    MappingDraft {
        mapping_type: MappingType::Constant,
        constant_value: value.to_owned(),
        ..user(target)
    }
}

/// The sentences of the refusal, each behind its field; nothing where the draft is good.
fn refusal(draft: &MappingDraft) -> String {
    let errors = draft.validate(&extensions()).err().unwrap_or_default();
    let lines = errors
        .iter()
        .map(|error| format!("{}: {}", error.field, error.message));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_mapping_fills_an_attribute_that_exists() {
    assert_eq!(refusal(&user("department")), "");
    let extension = MappingDraft {
        source_attribute: "level".to_owned(),
        ..user(EXTENSION)
    };
    assert_eq!(refusal(&extension), "");
    insta::assert_snapshot!(refusal(&user(" ")), @"target: Choose a target attribute.");
    insta::assert_snapshot!(
        refusal(&user("Shoesize")),
        @"target: The tenant's users have no attribute Shoesize."
    );
    let of_groups = MappingDraft {
        kind: ObjectKind::Group,
        ..user(EXTENSION)
    };
    assert!(refusal(&of_groups).starts_with("target: The tenant's groups have no attribute"));
}

#[test]
fn a_direct_mapping_names_an_attribute_that_a_directory_could_have() {
    let from = |source: &str| {
        refusal(&MappingDraft {
            source_attribute: source.to_owned(),
            ..user("Department")
        })
    };
    insta::assert_snapshot!(from(""), @"source_attribute: Choose a source attribute.");
    insta::assert_snapshot!(
        from("[department]"),
        @r#"source_attribute: "[department]" cannot be the name of an attribute."#
    );
    insta::assert_snapshot!(
        from("userPassword"),
        @"source_attribute: userPassword holds a password. It cannot be mapped."
    );
    insta::assert_snapshot!(
        from("manager"),
        @"source_attribute: manager holds the names of other objects and can fill a reference only."
    );
}

#[test]
fn a_reference_is_filled_by_a_reference_and_always() {
    let manager = |draft: MappingDraft| {
        refusal(&MappingDraft {
            target: "Manager".to_owned(),
            ..draft
        })
    };
    let good = MappingDraft {
        source_attribute: "manager".to_owned(),
        ..user("Manager")
    };
    assert_eq!(refusal(&good), "");
    assert!(manager(user("")).starts_with(
        "source_attribute: Manager refers to other objects. Choose one of member, manager,"
    ));
    insta::assert_snapshot!(
        manager(constant("", "CN=Anna")),
        @"mapping_type: Manager refers to other objects: its mapping must be direct."
    );
    insta::assert_snapshot!(
        manager(MappingDraft {
            apply: Apply::OnlyDuringCreation,
            default_value: "CN=Anna".to_owned(),
            ..good
        }),
        @r"
    default_value: Manager refers to other objects and has no default.
    apply: Manager refers to other objects: its mapping must apply always.
    "
    );
}

#[test]
fn constants_and_defaults_fit_their_target() {
    assert_eq!(refusal(&constant("UserType", "guest")), "");
    assert_eq!(refusal(&constant("AccountEnabled", "true")), "");
    insta::assert_snapshot!(
        refusal(&constant("UserType", "Admin")),
        @"constant_value: UserType takes Member or Guest."
    );
    insta::assert_snapshot!(
        refusal(&constant(EXTENSION, "many")),
        @"constant_value: extension_0123456789abcdef0123456789abcdef_Level takes a whole number."
    );
    insta::assert_snapshot!(
        refusal(&constant("ThumbnailPhoto", "x")),
        @"constant_value: ThumbnailPhoto takes bytes, which cannot be typed."
    );
    insta::assert_snapshot!(
        refusal(&constant("UserPrincipalName", "a@b.test")),
        @"constant_value: Every user needs a user principal name of its own."
    );
    insta::assert_snapshot!(
        refusal(&MappingDraft {
            default_value: "yes".to_owned(),
            ..user("AccountEnabled")
        }),
        @"default_value: AccountEnabled takes True or False."
    );
}

#[test]
fn an_expression_is_read_before_it_is_stored() {
    assert_eq!(refusal(&expression("Trim([department])")), "");
    insta::assert_snapshot!(refusal(&expression(" ")), @"expression: Enter an expression.");
    insta::assert_snapshot!(
        refusal(&expression("Trim([department]")),
        @"expression: The expression ends where a comma or a closing parenthesis is expected. (character 18)"
    );
    insta::assert_snapshot!(
        refusal(&expression("%Forest%")),
        @"expression: There is no parameter %Forest%. Use one of %DomainFQDN%, %DomainNetBios%, %ForestFQDN%, %ForestNetBios%."
    );
    insta::assert_snapshot!(
        refusal(&expression("Join(\"\", [unicodePwd], [member])")),
        @"expression: unicodePwd holds a password. It cannot be mapped."
    );
    let too_long = format!("\"{}\"", "x".repeat(Expression::MAX_CHARACTERS));
    assert!(refusal(&expression(&too_long)).contains("10000"));
}

#[test]
fn a_unique_value_is_selected_once_and_not_to_find_objects() {
    let unique = expression("SelectUniqueValue([uid], [mail])");
    assert!(refusal(&unique).contains("works only during creation"));
    let once = MappingDraft {
        apply: Apply::OnlyDuringCreation,
        ..unique
    };
    assert_eq!(refusal(&once), "");
    let name = MappingDraft {
        target: "UserPrincipalName".to_owned(),
        ..once
    };
    assert!(refusal(&name).contains("is compared to find objects"));
}

#[test]
fn values_are_added_where_there_can_be_several() {
    let adding = |target| MappingDraft {
        apply: Apply::MultiValueAddOnly,
        ..user(target)
    };
    assert_eq!(refusal(&adding("OtherMobile")), "");
    insta::assert_snapshot!(
        refusal(&adding("Department")),
        @"apply: Department takes one value: nothing can be added to it."
    );
    insta::assert_snapshot!(
        refusal(&MappingDraft {
            apply: Apply::ValueAddOnly,
            ..user("UserPrincipalName")
        }),
        @"apply: UserPrincipalName applies always or only during creation."
    );
}

#[test]
fn the_source_anchor_stays_as_it_is() {
    let all = restore_defaults(Dialect::Any);
    let row = &all[&ObjectKind::User][0];
    let draft = MappingDraft::of(ObjectKind::User, row);
    assert_eq!(draft.validate(&[]).as_ref(), Ok(row));
    let changed = MappingDraft {
        source_attribute: "uid".to_owned(),
        ..draft
    };
    assert_eq!(refusal(&changed), format!("target: {SOURCE_ANCHOR_STAYS}"));
}

#[test]
fn a_row_survives_being_drafted_and_the_defaults_have_no_problems() {
    for dialect in [Dialect::ActiveDirectory, Dialect::Any] {
        let mappings = restore_defaults(dialect);
        assert_eq!(validated(&mappings, &[]).as_ref(), Ok(&mappings));
        for (kind, rows) in &mappings {
            for row in rows {
                let draft = MappingDraft::of(*kind, row);
                assert_eq!(draft.validate(&[]).as_ref(), Ok(row));
            }
        }
    }
}

#[test]
fn a_target_has_one_mapping() {
    let mappings = restore_defaults(Dialect::Any);
    let second = add(&mappings, &[], &user("DEPARTMENT")).unwrap_err();
    assert_eq!(
        second[0].message,
        "Department has a mapping already. Edit that one."
    );
    let without = delete(&mappings, ObjectKind::User, &"department".into()).unwrap();
    let with = add(&without, &[], &user("Department")).unwrap();
    assert_eq!(with[&ObjectKind::User].last().unwrap().apply, Apply::Always);
    let moved = edit(&with, &[], &"Department".into(), &user("JobTitle")).unwrap_err();
    assert_eq!(
        moved[0].message,
        "JobTitle has a mapping already. Edit that one."
    );
    let edited = edit(
        &with,
        &[],
        &"Department".into(),
        &constant("Department", "x"),
    )
    .unwrap();
    assert_eq!(
        edited[&ObjectKind::User].len(),
        with[&ObjectKind::User].len()
    );
}

#[test]
fn a_required_target_keeps_a_mapping_with_a_source() {
    let mappings = restore_defaults(Dialect::Any);
    let name = AttributeName::from("UserPrincipalName");
    let refused = delete(&mappings, ObjectKind::User, &name).unwrap_err();
    assert_eq!(
        refused.message,
        "UserPrincipalName is required: its mapping cannot be deleted."
    );
    let none = MappingDraft {
        mapping_type: MappingType::None,
        ..user("UserPrincipalName")
    };
    let refused = edit(&mappings, &[], &name, &none).unwrap_err();
    assert_eq!(
        refused[0].message,
        "UserPrincipalName is required: choose where its value comes from."
    );
    let renamed = edit(&mappings, &[], &name, &user("UserType")).unwrap_err();
    assert_eq!(
        renamed[0].message,
        "UserPrincipalName is required: its mapping cannot be deleted."
    );
}

#[test]
fn all_problems_of_a_schema_are_told_with_their_place() {
    let mut mappings = restore_defaults(Dialect::Any);
    let rows = mappings.get_mut(&ObjectKind::User).unwrap();
    rows.retain(|row| row.target != "UserPrincipalName".into());
    let found = rows.iter().find(|row| row.target == "Mail".into());
    let mail = found.unwrap().clone();
    rows.push(mail.clone());
    rows.push(AttributeMapping {
        target: "Shoesize".into(),
        ..mail.clone()
    });
    let [one] = extensions().try_into().unwrap();
    let found = validated(&mappings, &[one.clone(), one]).unwrap_err();
    let lines: Vec<_> = found
        .iter()
        .map(|e| format!("{}: {}", e.field, e.message))
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    extension.extension_0123456789abcdef0123456789abcdef_Level: extension_0123456789abcdef0123456789abcdef_Level is defined twice, or differs from another one in case only.
    user.Mail.target: Mail is mapped twice.
    user.Shoesize.target: The tenant's users have no attribute Shoesize.
    user.UserPrincipalName.target: UserPrincipalName is required and has no mapping.
    ");
}
